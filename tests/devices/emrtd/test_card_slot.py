"""The card slot against a socket that speaks as vpcd does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from devices.bench.card import ATR, Card
from devices.bench.card_slot import CardSlot
from tests.devices.emrtd.documents import document

SELECT = bytes.fromhex("00A4040C07A0000002471001")


class Reader:
    """vpcd's side of the wire, one connection at a time."""

    def __init__(self) -> None:
        self.port = 0
        self.lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.lines.put((reader, writer))

    async def card(self) -> "Line":
        return Line(*await asyncio.wait_for(self.lines.get(), 2))


class Line:
    """One card on the reader."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def tell(self, payload: bytes) -> None:
        self.writer.write(len(payload).to_bytes(2, "big") + payload)

    async def ask(self, payload: bytes, within: float = 2) -> bytes:
        self.tell(payload)
        async with asyncio.timeout(within):
            size = int.from_bytes(await self.reader.readexactly(2), "big")
            return await self.reader.readexactly(size)

    async def gone(self) -> bool:
        async with asyncio.timeout(2):
            return await self.reader.read() == b""


@asynccontextmanager
async def slot() -> AsyncIterator[tuple[Reader, CardSlot]]:
    reader = Reader()
    server = await asyncio.start_server(reader.accept, "127.0.0.1", 0)
    reader.port = server.sockets[0].getsockname()[1]
    peer = CardSlot("127.0.0.1", reader.port, slow_s=0.2, pulled_after=2)
    try:
        yield reader, peer
    finally:
        await peer.remove()
        server.close()


def run(story: Callable[[Reader, CardSlot], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with slot() as (reader, peer):
            await story(reader, peer)

    asyncio.run(whole())


def test_a_card_is_laid_down_answers_and_is_taken_away() -> None:
    async def story(reader: Reader, peer: CardSlot) -> None:
        await peer.insert(Card(document()))
        line = await reader.card()
        line.tell(b"\x01")
        assert await line.ask(b"\x04") == ATR
        assert await line.ask(SELECT) == b"\x90\x00"
        await peer.remove()
        assert await line.gone()
        line.writer.close()

    run(story)


def test_a_card_that_still_lies_there_comes_back_after_the_daemon() -> None:
    async def story(reader: Reader, peer: CardSlot) -> None:
        await peer.insert(Card(document()))
        line = await reader.card()
        line.writer.close()
        again = await reader.card()
        assert await again.ask(b"\x04") == ATR
        again.writer.close()

    run(story)


def test_a_mute_card_says_nothing_and_a_slow_one_says_it_late() -> None:
    async def story(reader: Reader, peer: CardSlot) -> None:
        peer.order("mute")
        await peer.insert(Card(document()))
        line = await reader.card()
        assert await line.ask(b"\x04") == ATR
        with pytest.raises(TimeoutError):
            await line.ask(SELECT, within=0.1)
        peer.order("mute", on=False)
        peer.order("slow")
        begun = asyncio.get_running_loop().time()
        assert await line.ask(SELECT) == b"\x90\x00"
        assert asyncio.get_running_loop().time() - begun > 0.19
        line.writer.close()

    run(story)


def test_a_pulled_card_is_gone_after_so_many_commands_and_stays_away() -> None:
    async def story(reader: Reader, peer: CardSlot) -> None:
        await peer.insert(Card(document()))
        line = await reader.card()
        peer.order("pulled")
        assert await line.ask(SELECT) == await line.ask(SELECT) == b"\x90\x00"
        line.tell(SELECT)
        assert await line.gone()
        assert peer.card is None
        line.writer.close()
        await asyncio.sleep(0.5)
        assert reader.lines.empty()

    run(story)


def test_faults_of_the_chip_are_ordered_of_the_slot_before_or_after_the_card_comes() -> None:
    async def story(reader: Reader, peer: CardSlot) -> None:
        peer.order("wrong_card")
        await peer.insert(Card(document()))
        line = await reader.card()
        assert await line.ask(SELECT) == b"\x6a\x82"
        peer.order("wrong_card", on=False)
        assert await line.ask(SELECT) == b"\x90\x00"
        peer.order("half_frame")
        assert await line.ask(SELECT) == b"\x90"
        with pytest.raises(ValueError, match="knows mute, slow"):
            peer.order("on fire")
        line.writer.close()

    run(story)
