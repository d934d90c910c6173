"""The banks' switch over ISO 8583: signs on, answers, books, and misbehaves to order. Everything in it is made up.

It books before it answers. What it does wrong on the line it does to one message after another, as long as the fault
is on; its books stay right, so that a test can hold the branch's against them to the won.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Mapping
from pathlib import Path

from devices import iso8583 as m
from devices.banking import NO_BLOCKS, Decline
from devices.bench.bank import Bank, Holder, Said
from devices.bench.peer import Held, Peer
from devices.bench.web import hang_up
from devices.ports import DeviceFault
from devices.serving import listen_no_more

KIND_OF = {m.TRANSFER: "TO", m.DELAYED: "DL", m.BILL: "BP"}
#: Fields that a reply repeats.
SAME = ("3", "4", "7", "11", "32", "37", "41", "49", "70")
#: How much more than asked a reply speaks of when `wrong_amount` is ordered.
TOO_MUCH_WON = 1000


class SwitchPeer(Peer):
    """Listens on 127.0.0.1; `mac_key` is what the branch shares with it."""

    FAULTS = (
        "mute_before", "mute_after", "slow", "unplug", "garbage", "half_frame", "duplicate_reply", "out_of_order",
        "late_reply", "late_request", "foreign_reply", "wrong_code", "wrong_amount", "no_bank", "dies_mid_transfer",
        "enquiry_down",
    )  # fmt: skip

    def __init__(
        self, bank: Bank, mac_key: bytes, seed: int = 0, slow_s: float = 1.0, late_s: float = 3.0, port: int = 0
    ) -> None:
        super().__init__()
        self.bank, self.heard, self.held = bank, list[str](), Held()
        self._key, self._dice = mac_key, random.Random(seed)
        self._slow_s, self._late_s, self._port = slow_s, late_s, port
        self._server: asyncio.Server | None = None
        self._writers: dict[asyncio.StreamWriter, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last = b""

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])
        return self._port

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        self._cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug or put it back."""
        if fault == "unplug" and on:
            self._cut()
        elif fault == "unplug":
            self._later(self._restart())

    async def _restart(self) -> None:
        await self.start()

    def _cut(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            listen_no_more(server)
        for writer in tuple(self._writers):
            writer.transport.abort()

    def _later(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]  # a coroutine that ends in nothing
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers[writer] = None
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                await self._hear(await reader.readexactly(size), writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the branch hung up, or the bench is closing
        finally:
            self._writers.pop(writer, None)
            with contextlib.suppress(asyncio.CancelledError):  # the bench is closing
                await hang_up(writer)

    async def _hear(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        """One request: booked, then answered, or whatever is ordered instead. One with a wrong code is not heard."""
        try:
            fields = m.unpack(message, self._key)
        except DeviceFault:
            return
        self.heard.append(fields["t"])
        if "mute_before" in self.ordered:
            return
        if "late_request" in self.ordered and fields.get("3") in KIND_OF:
            return self._later(self._book_late(fields))
        if "slow" in self.ordered:
            await self.held.wait(self._slow_s)
        reply = self.reply(fields)
        if "dies_mid_transfer" in self.ordered and fields.get("3") in KIND_OF:
            return writer.transport.abort()
        await self._say(reply, fields, writer)

    async def _book_late(self, fields: m.Fields) -> None:
        await self.held.wait(self._late_s)
        self.reply(fields)

    async def _say(self, reply: m.Fields, fields: m.Fields, writer: asyncio.StreamWriter) -> None:
        """Send a reply, as the ordered faults have it."""
        data = m.pack(reply, self._key if "wrong_code" not in self.ordered else bytes(32))
        if "mute_after" in self.ordered:
            return
        if "late_reply" in self.ordered:
            return self._later(self._say_late(data))
        if "garbage" in self.ordered:
            data = self._dice.randbytes(len(data))
        if "half_frame" in self.ordered:
            data = data[: len(data) // 2]
        if "foreign_reply" in self.ordered:
            data = m.pack({**reply, "11": f"{(int(fields['11']) + 7) % 10**6:06d}"}, self._key)
        if "out_of_order" in self.ordered and self._last:
            data = self._last + data
        self._last = m.pack(reply, self._key)
        with contextlib.suppress(OSError):
            writer.write(data * 2 if "duplicate_reply" in self.ordered else data)
            await writer.drain()

    async def _say_late(self, data: bytes) -> None:
        """After a while, on whatever line there is then."""
        await self.held.wait(self._late_s)
        for writer in reversed(tuple(self._writers)):
            with contextlib.suppress(OSError):
                writer.write(data)
                await writer.drain()
            return

    # What it says

    def reply(self, fields: m.Fields) -> m.Fields:
        """The reply to one request."""
        kind = f"{fields['t'][:2]}{int(fields['t'][2]) + 1}0"
        same = {field: fields[field] for field in SAME if field in fields}
        if "wrong_amount" in self.ordered and "4" in same:
            same["4"] = f"{int(same['4']) + TOO_MUCH_WON:012d}"
        code, private, more = self._answer(fields)
        return {**same, "t": kind, "39": code, **({"48": m.tagged(private)} if private else {}), **more}

    def _answer(self, fields: m.Fields) -> tuple[str, dict[str, str], dict[str, str]]:
        """Response code, field 48, and other fields."""
        if fields["t"] == "0800":
            return m.APPROVED, {}, {}
        if "no_bank" in self.ordered or ("enquiry_down" in self.ordered and fields.get("3") == m.RESULT):
            return "91", {}, {}
        said = m.tags(fields.get("48", ""))
        if fields["t"] in ("0420", "0421"):
            back = self.bank.reverse(said.get("OR", ""), int(fields["4"]))
            return (m.APPROVED, {"RF": back.reference}, {}) if back else (m.NOT_FOUND, {}, {})
        if fields["3"] == m.RESULT:
            return self._result(said.get("OR", ""))
        block, sealed = (bytes.fromhex(fields.get(each, "")) for each in ("52", "62"))
        holder = self.bank.opened(sealed, block, fields.get("53", ""))
        if isinstance(holder, Decline):
            return m.CODES[holder], {}, {}
        if fields["3"] in KIND_OF:
            return self._order(fields, holder)
        return self._question(fields, said, holder)

    def _order(self, fields: m.Fields, holder: Holder) -> tuple[str, dict[str, str], dict[str, str]]:
        kind, won = KIND_OF[fields["3"]], int(fields["4"])
        said = self.bank.order(fields["37"], holder, fields.get("103", ""), won, kind)
        if said.state == "D":
            limit = {"LM": str(said.limit_won)} if said.limit_won is not None else {}
            return m.CODES.get(said.why or Decline.OTHER, "05"), limit, {}
        return m.APPROVED, _outcome(said), {}

    def _result(self, number: str) -> tuple[str, dict[str, str], dict[str, str]]:
        said = self.bank.find(number)
        if said is None:
            return m.NOT_FOUND, {}, {}
        return m.APPROVED, _outcome(said), {"4": f"{said.won:012d}", "49": m.KRW}

    def _question(
        self, fields: m.Fields, said: Mapping[str, str], holder: Holder
    ) -> tuple[str, dict[str, str], dict[str, str]]:
        number, won = holder.number, self.bank.balance(holder.number)
        tables: Mapping[str, Callable[[], dict[str, str]]] = {
            m.BALANCE: lambda: {"BA": str(won), "AV": str(max(0, min(won, holder.limit_won)))},
            m.PROFILE: lambda: self.profile(holder),
            m.NAME: lambda: self._name(said, holder),
        }
        match fields["3"]:
            case m.STATEMENT:
                lines = self.bank.statement(number, int(said.get("CN", "5")), int(said.get("SK", "0")))
                return m.APPROVED, {}, {"120": "\n".join(lines) or "\n"}
            case m.PAYEE:
                return self._payee(fields.get("103", ""), holder)
            case m.BLOCK:
                self.bank.set_block(number, said.get("BL", ""))
            case m.TRUSTED:
                self.bank.notices.append((number, said.get("WH", "")))
            case code if code in tables:
                return m.APPROVED, tables[code](), {}
            case _:
                return "12", {}, {}
        return m.APPROVED, {}, {}

    def _name(self, said: Mapping[str, str], holder: Holder) -> dict[str, str]:
        birth = said.get("BD", "")
        day = f"{birth[:4]}-{birth[4:6]}-{birth[6:]}" if birth else ""
        found = self.bank.compared(holder, said.get("NM", ""), day)
        letter = {word: code for code, word in m.FOUND.items()}
        return {"MT": letter[found.name], "BM": letter[found.birth]}

    def _payee(self, number: str, holder: Holder) -> tuple[str, dict[str, str], dict[str, str]]:
        found = self.bank.holders.get(number)
        if found is None:
            return m.CODES[Decline.NO_SUCH_ACCOUNT], {}, {}
        yes = {
            "RP": found.reported, "RG": number in holder.registered, "FD": found.suspected, "BI": found.biller,
            "PB": self.bank.paid_before(holder.number, number),
        }  # fmt: skip
        return m.APPROVED, {"NM": found.name, **{tag: "Y" if on else "N" for tag, on in yes.items()}}, {}

    def profile(self, holder: Holder) -> dict[str, str]:
        """What the bank tells of its customer."""
        yes = {"DT": holder.delayed, "DP": holder.designated, "TP": holder.trusted}
        return {
            "AG": str(holder.age), "SW": str(self.bank.scheduled(holder.number)), "TL": str(holder.limit_won),
            "DL": str(max(0, holder.day_won - self.bank.today(holder.number))),
            "BL": ",".join(self.bank.blocks(holder.number)) or NO_BLOCKS, "LT": holder.last_machine,
            **{tag: "Y" if on else "N" for tag, on in yes.items()},
        }  # fmt: skip


def _outcome(said: Said) -> dict[str, str]:
    """Field 48 of an order that is on the books."""
    code = m.CODES.get(said.why, "05") if said.why else ""
    limit = str(said.limit_won) if said.limit_won is not None else ""
    return {"ST": said.state, "RF": said.reference, "DU": said.due, "OC": code, "LM": limit}


def made_up_key(folder: Path, seed: int = 0) -> tuple[bytes, Path]:
    """A message key of the bench, and the file in which the branch finds it."""
    key, path = random.Random(f"switch {seed}").randbytes(32), folder / "bank-switch.key"
    path.touch(mode=0o600)
    path.write_bytes(key)
    return key, path
