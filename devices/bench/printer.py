"""What both printer peers are made of: a TCP server on 127.0.0.1, ordered faults, and the pages that came out."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from devices.ports import PaperState, Picture
from devices.serving import listen_no_more

#: jam, cutter_jam and *_mid_job strike in the middle of the next page; the others stand until taken back. keeps_jobs: a
#: cancel is not known, so that what was taken in comes out once the printer is able again.
FAULTS = (
    "paper_out", "paper_low", "paper_out_mid_job", "cover_open", "jam", "cutter_jam", "head_hot", "offline", "mute",
    "mute_mid_job", "garbage", "half_frame", "slow", "unplug", "unplug_mid_job",
    "keeps_jobs",
)  # fmt: skip
STRIKING = ("jam", "cutter_jam", "paper_out_mid_job", "mute_mid_job", "unplug_mid_job")


@dataclass(frozen=True)
class Page:
    """One finished page and the bytes that made it."""

    picture: Picture
    job: bytes = field(repr=False)

    @property
    def image(self) -> Image.Image:
        """Black on white, mode "1"."""
        white = bytes(byte ^ 0xFF for byte in self.picture.rows)
        return Image.frombytes("1", (self.picture.width, self.picture.height), white)

    @property
    def pixels(self) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        """height × width, 0 black, 255 white."""
        return np.asarray(self.image.convert("L"))

    @property
    def png(self) -> bytes:
        """PNG file with its dots per inch."""
        file = io.BytesIO()
        self.image.save(file, "PNG", dpi=(self.picture.dpi, self.picture.dpi))
        return file.getvalue()


class PrinterPeer:
    """A printer at the other end of the wire. `page_s` is the time one page takes; `seed` makes garbage repeatable."""

    FAULTS: tuple[str, ...] = FAULTS

    def __init__(
        self, dpi: int, *, port: int = 0, seed: int = 0, page_s: float = 0.0, slow_s: float = 0.2,
        on_page: Callable[[Page], None] | None = None,
    ) -> None:  # fmt: skip
        self.dpi = dpi
        self.port = port
        self.page_s = page_s
        self.slow_s = slow_s
        self.on_page = on_page
        self.pages: list[Page] = []
        self.errors: list[str] = []
        self.connections = 0
        self._random = random.Random(seed)
        self._ordered: set[str] = set()
        self._struck: set[str] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Future[None]] = set()
        self._news = asyncio.Event()

    async def start(self) -> int:
        """Listen on 127.0.0.1 and answer with the port."""
        await self._listen()
        self._spawn(self._work())
        return self.port

    async def stop(self) -> None:
        """Close everything; an error of the peer's own is raised here."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        self._unplug()
        await asyncio.gather(*self._serving)
        for each in ended:
            if isinstance(each, Exception):
                raise each

    def order(self, fault: str, on: bool = True) -> None:
        """Order a fault of FAULTS, or take it back; ValueError for another word. Call it in the peer's event loop."""
        if fault not in self.FAULTS:
            raise ValueError(f"{fault!r} is no fault of this printer; it knows {', '.join(self.FAULTS)}")
        if on:
            self._ordered.add(fault)
        else:
            self._ordered.discard(fault)
            self._struck.discard(fault)
        if fault == "unplug" and on:
            self._unplug()
        elif fault in ("unplug", "unplug_mid_job") and not on and self._server is None:
            self._spawn(self._listen())
        self._news.set()

    @property
    def faults(self) -> tuple[str, ...]:
        """What is ordered or has struck."""
        return tuple(fault for fault in self.FAULTS if fault in self._ordered | self._struck)

    @property
    def paper(self) -> PaperState:
        """The paper as it really lies in the printer."""
        if self.out:
            return PaperState.OUT
        if self.jammed:
            return PaperState.JAMMED
        return PaperState.LOW if "paper_low" in self._ordered else PaperState.FULL

    @property
    def out(self) -> bool:
        """No paper."""
        return "paper_out" in self._ordered or bool(self._struck & {"paper_out_mid_job", "paper_out_at_cut"})

    @property
    def cover(self) -> bool:
        """The cover is open."""
        return "cover_open" in self._ordered

    @property
    def jammed(self) -> bool:
        """Paper is stuck."""
        return "jam" in self._struck

    @property
    def cutter(self) -> bool:
        """The knife is stuck."""
        return "cutter_jam" in self._struck

    @property
    def hot(self) -> bool:
        """The head is too hot; it goes on once it has cooled down."""
        return "head_hot" in self._ordered

    @property
    def offline(self) -> bool:
        """Set offline, or paused, at its own key."""
        return "offline" in self._ordered

    @property
    def mute(self) -> bool:
        """Says nothing, though it still prints."""
        return "mute" in self._ordered or "mute_mid_job" in self._struck

    @property
    def stopped(self) -> bool:
        """Cannot print now."""
        return self.out or self.cover or self.jammed or self.cutter or self.hot or self.offline

    async def reply(self, writer: asyncio.StreamWriter, data: bytes, half: bytes) -> None:
        """Answer, as far as the ordered faults let it; `half` is what half an answer is."""
        if "slow" in self._ordered:
            await asyncio.sleep(self.slow_s)
        if self.mute:
            return
        if "garbage" in self._ordered:
            data = self._random.randbytes(max(4, len(data)))
        elif "half_frame" in self._ordered:
            data = half
        with suppress(OSError):
            writer.write(data)
            await writer.drain()

    def strike(self, faults: tuple[str, ...] = STRIKING) -> None:
        """Called in the middle of a page (or at another moment): what was ordered for it happens."""
        for fault in faults:
            if fault in self._ordered:
                self._ordered.discard(fault)
                self._struck.add(fault)
                if fault == "unplug_mid_job":
                    self._unplug()

    def finish(self, page: Page) -> None:
        """Keep a page that came out and tell whoever watches."""
        self.pages.append(page)
        if self.on_page:
            self.on_page(page)

    async def until_able(self) -> None:
        """Wait until nothing stops the printer."""
        while self.stopped:
            await self.news()

    async def news(self) -> None:
        """Wait until something was ordered or heard."""
        self._news.clear()
        await self._news.wait()

    async def hear(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Take in bytes and answer what must be answered at once."""
        raise NotImplementedError

    async def work(self) -> None:
        """Work off one thing that was taken in, or wait for news."""
        raise NotImplementedError

    def forget(self) -> None:
        """Lose what was taken in (power gone, connection gone)."""
        raise NotImplementedError

    async def _work(self) -> None:
        while True:
            await self.work()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._serving.add(over)
        self._writers.add(writer)
        self.connections += 1
        try:
            while data := await reader.read(65536):
                await self.hear(data, writer)
                self._news.set()
        except OSError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            over.set_result(None)
            self._serving.discard(over)

    def _unplug(self) -> None:
        if self._server is not None:
            listen_no_more(self._server)
        self._server = None
        for writer in self._writers:
            writer.transport.abort()
        self.forget()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
