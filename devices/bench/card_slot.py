"""A card slot of the virtual reader: speaks to vpcd (vsmartcard) as a card does, over TCP.

Frames are a length of two bytes, big endian, and the payload. One byte 0, 1, 2 is power off, on, reset; 4 asks for the
ATR; anything longer is an APDU. A connection is a card on the reader; its end is the card taken away.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Protocol

from devices.bench.card import Card
from devices.bench.peer import Peer
from devices.emrtd.apdu import WRONG_LENGTH, is_extended

POWER_OFF, POWER_ON, RESET, GIVE_ATR = 0, 1, 2, 4
CONNECT_S, AGAIN_S = 3.0, 0.3


class Held(Protocol):
    """What can lie on a slot."""

    @property
    def FAULTS(self) -> tuple[str, ...]:
        """What can be ordered of it."""

    @property
    def atr(self) -> bytes:
        """The answer to reset."""

    def reset(self) -> None:
        """Power went."""

    def respond(self, apdu: bytes) -> bytes:
        """The answer to one command APDU."""

    def order(self, fault: str, on: bool = True) -> None:
        """Order a fault of FAULTS, or take it back."""


class CardSlot(Peer):
    """Holds at most one card against one port of vpcd; where the daemon is away, it keeps knocking."""

    FAULTS = ("mute", "slow", "pulled", "no_extended", *Card.FAULTS, "wrong_key")

    def __init__(self, host: str, port: int, slow_s: float = 0.6, pulled_after: int = 6) -> None:
        super().__init__()
        self._address, self._slow_s, self._pulled_after = (host, port), slow_s, pulled_after
        self.card: Held | None = None
        self._task: asyncio.Task[None] | None = None
        self._left = pulled_after
        self.connected = asyncio.Event()

    async def insert(self, card: Held) -> None:
        """Lay a card on the reader in place of any other; returns at once, `connected` tells when it is there."""
        await self.remove()
        self.card, self._left = card, self._pulled_after
        for fault in card.FAULTS:
            card.order(fault, fault in self.ordered)
        self._task = asyncio.create_task(self._hold(card))

    async def remove(self) -> None:
        """Take the card away."""
        task, self._task, self.card = self._task, None, None
        self.connected.clear()
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def ordered_changed(self, fault: str, on: bool) -> None:
        """What the chip itself does wrong is ordered of the chip; `pulled` counts its commands from now."""
        self._left = self._pulled_after
        if self.card is not None and fault in self.card.FAULTS:
            self.card.order(fault, on)

    async def _hold(self, card: Held) -> None:
        """Connect, converse, connect again, until the card is taken or pulled."""
        while self.card is card:
            with suppress(OSError, TimeoutError, EOFError):
                await self._converse(card)
            self.connected.clear()
            await asyncio.sleep(AGAIN_S)

    async def _converse(self, card: Held) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as line:
            line.setblocking(False)
            async with asyncio.timeout(CONNECT_S):
                await loop.sock_connect(line, self._address)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            card.reset()
            self.connected.set()
            while self.card is card:
                answer = await self._answer(card, await _frame(line))
                if answer is not None:
                    await loop.sock_sendall(line, len(answer).to_bytes(2, "big") + answer)

    async def _answer(self, card: Held, asked: bytes) -> bytes | None:
        """None where nothing is to be sent."""
        if len(asked) == 1:
            if asked[0] in (POWER_OFF, POWER_ON, RESET):
                card.reset()
            return card.atr if asked[0] == GIVE_ATR else None
        if "mute" in self.ordered:
            return None
        if "slow" in self.ordered:
            await asyncio.sleep(self._slow_s)
        self._count()
        if "no_extended" in self.ordered and is_extended(asked):
            return WRONG_LENGTH  # a reader whose firmware carries 256 bytes at most
        return card.respond(asked)

    def _count(self) -> None:
        """Where it is ordered, the card is gone after so many commands."""
        if "pulled" not in self.ordered:
            return
        self._left -= 1
        if self._left < 0:
            self.card = None
            raise EOFError


async def _frame(line: socket.socket) -> bytes:
    return await _exactly(line, int.from_bytes(await _exactly(line, 2), "big"))


async def _exactly(line: socket.socket, size: int) -> bytes:
    """Quick acknowledgements, asked for anew each time: vpcd writes length and body apart and waits 40 ms otherwise."""
    data = b""
    while len(data) < size:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = await asyncio.get_running_loop().sock_recv(line, size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
