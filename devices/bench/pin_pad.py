"""A certified encrypting PIN pad with its card slot, and the hands of a customer. Says that it is one of the bench.

One JSON object per line; the words are those of XFS4IoT. A card number and a PIN never leave it in the clear.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Any

from devices.bench import epp
from devices.bench.bank import CARDS, HOLDERS, Card
from devices.bench.peer import Peer
from devices.bench.web import hang_up
from devices.serving import listen_no_more
from devices.wire import dig


class PinPadPeer(Peer):
    """`lay(card)` and `press(keys)` are the customer's; `auto` does both by itself for the first made-up card."""

    FAULTS = ("mute", "garbage", "half_frame", "unplug", "tampered", "long_answer", "unknown_card")

    def __init__(self, seed: int = 0, auto: bool = False) -> None:
        super().__init__()
        self.auto, self.waiting = auto, False
        self._dice, self._serial = random.Random(seed), 0
        self._card: Card | None = None
        self._typed = asyncio.Queue[str]()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = 0

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])
        return self._port

    async def stop(self) -> None:
        """Stop listening and hang up."""
        server, self._server = self._server, None
        if server is not None:
            listen_no_more(server)
        for writer in tuple(self._writers):
            writer.transport.abort()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug or put it back."""
        if fault == "unplug":
            self._again = asyncio.ensure_future(self.stop() if on else self.start())

    def lay(self, number: int) -> None:
        """The customer puts in one of the made-up cards."""
        self._card = CARDS[number]

    def press(self, keys: str) -> None:
        """The customer presses digits, `*` for cancel, `#` for enter."""
        for key in keys:
            self._typed.put_nowait(key)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while line := await reader.readline():
                await self._hear(json.loads(line), reader, writer)
        except (OSError, ValueError, asyncio.CancelledError):
            pass  # the branch hung up
        finally:
            self._writers.discard(writer)
            with contextlib.suppress(asyncio.CancelledError):  # the bench is closing
                await hang_up(writer)

    async def _hear(self, asked: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, number = dig(asked, "header", "name"), dig(asked, "header", "requestId")
        if "mute" in self.ordered:
            return
        if name != "Keyboard.PinEntry":
            state = "fraudAttempt" if "tampered" in self.ordered else "online"
            return await self._say(writer, name, number, {"device": state, "ready": True})
        self.waiting, cancelled = True, asyncio.create_task(reader.readline())
        entry = asyncio.create_task(self._entry(writer, number))
        await asyncio.wait({entry, cancelled}, return_when=asyncio.FIRST_COMPLETED)
        self.waiting = False
        for task in (entry, cancelled):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if cancelled.done() and not cancelled.cancelled() and not entry.done():
            await self._say(writer, "Keyboard.PinEntry", number, {"completion": "canceled"})

    async def _entry(self, writer: asyncio.StreamWriter, number: Any) -> None:
        """Card and PIN, then one answer."""
        if self.auto:
            self.lay(0)
            self.press(CARDS[0].pin + "#")
        while self._card is None and "unknown_card" not in self.ordered:  # noqa: ASYNC110  # a slot is polled
            await asyncio.sleep(0.02)
        if "tampered" in self.ordered:
            return await self._say(writer, "Keyboard.PinEntry", number, {"completion": "fraudAttempt"})
        if "unknown_card" in self.ordered or self._card is None:
            return await self._say(writer, "Keyboard.PinEntry", number, {"completion": "invalidMedia"})
        pin = ""
        while (key := await self._typed.get()) != "#":
            if key == "*":
                self._card = None
                return await self._say(writer, "Keyboard.PinEntry", number, {"completion": "canceled"})
            pin += key
            await self._say(writer, "Keyboard.KeyEvent", number, {"digits": len(pin)}, "event")
        card, self._card = self._card, None
        await self._say(writer, "Keyboard.PinEntry", number, self._sealed(card, pin))
        return None

    def _sealed(self, card: Card, pin: str) -> dict[str, object]:
        self._serial += 1
        ksn = f"FFFF98765432{self._serial:08X}"
        bank = next(each.bank for each in HOLDERS if each.number == card.account)
        return {
            "completion": "success", "issuer": bank, "maskedCard": f"{card.pan[:6]}******{card.pan[-4:]}",
            "card": epp.seal_card(card.pan, ksn).hex(), "pinBlock": epp.pin_block(pin or "0000", card.pan, ksn).hex(),
            "keySerial": ksn,
        }  # fmt: skip

    async def _say(
        self, writer: asyncio.StreamWriter, name: Any, number: Any, payload: object, kind: str = "completion"
    ) -> None:
        line = json.dumps({"header": {"name": name, "requestId": number, "type": kind}, "payload": payload}).encode()
        if "garbage" in self.ordered:
            line = self._dice.randbytes(40).replace(b"\n", b"")
        if "long_answer" in self.ordered:
            line = b"[" * 100_000
        writer.write(line[: len(line) // 2] if "half_frame" in self.ordered else line + b"\n")
        await writer.drain()
