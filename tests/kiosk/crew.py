"""Real drivers over real wires to bench peers in this process, and a core around them.

Only what looks through a camera is hand-written here: its wire is a process of its own, which the stories start.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from devices.bench.call_desk import CallDeskPeer
from devices.bench.escpos import EscPosPeer
from devices.bench.hatch import HatchPeer
from devices.bench.scale import ScalePeer
from devices.bench.terminal import TerminalPeer
from devices.bench.world import Parcel, World
from devices.bench.zpl import ZplPeer
from devices.hatch import ModbusHatch
from devices.label_printer import LabelPrinter
from devices.payment import NexoTerminal
from devices.ports import Code, Device, Observation
from devices.receipt_printer import ReceiptPrinter
from devices.scale import MtSicsScale
from devices.sizing import Calibration, Guidance, Size
from devices.staff_call import CallDesk
from devices.supervisor import Pace, Supervisor
from kiosk.config import Branch, load
from kiosk.core import Core, Crew, Places
from kiosk.flow import Service
from kiosk.hands import Patience
from kiosk.journal import Entry
from kiosk.menu import services
from kiosk.vault import Vault
from tests.kiosk.feed_branch import until

HOST = "127.0.0.1"
BOX = Parcel(340, 250, 180, 2400)
#: Short enough for a test, long enough for a slow machine.
PATIENCE = Patience(
    weigh=4, measure=2, pay=4, enquire=2, print=5, hatch=2, drop=3, aside=0.3, late=0.4, look_again=0.05, back_off=0.05,
    back_off_most=0.2,
)


@dataclass
class Eye:
    """Measurer and scanner as one who looks at the bench's table."""

    name: str
    world: World
    codes: tuple[str, ...] = ()
    aside: bool = False
    refusal: str = ""
    knocked: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    settled: int = 0
    views: int = 0
    defect: bool = False

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def probe(self) -> Observation:
        """Always there."""
        return Observation(simulated=True)

    async def measure(self, timeout_s: float) -> Size:
        """The true size of what lies there."""
        if self.defect:
            raise KeyError("a defect of the driver")
        parcel = self.world.parcel
        if self.refusal or parcel is None:
            return Size(False, reason=self.refusal or "no_object")
        size = Size(True, parcel.length_mm, parcel.width_mm, parcel.height_mm, (4.0, 4.0, 4.0), "box")
        return replace(size, knocked=self.knocked, cameras=2 - len(self.blind), blind=self.blind)

    async def preview(self, on: bool) -> None:
        """Nobody looks."""

    async def guide(self, camera: str, begin: bool, timeout_s: float) -> Guidance:
        """One view more while the bench holds a board, up to twelve."""
        self.views = 0 if begin else min(12, self.views + (self.world.board is not None))
        return Guidance(self.views, (self.views,) * 40, "ready" if self.views == 12 else "move", self.views == 12)

    async def calibrate(self, camera: str, timeout_s: float) -> Calibration:
        """Solved with twelve views."""
        return Calibration(self.views == 12, 0.2 * (self.views == 12), self.views, "" if self.views == 12 else "few")

    async def settle(self, timeout_s: float) -> None:
        """Counted."""
        self.settled += 1

    async def scan(self, timeout_s: float) -> tuple[Code, ...]:
        """The codes that a test has put there: on the parcel, or aside."""
        return tuple(Code(code, "Code128", "left", on_parcel=not self.aside) for code in self.codes)


@dataclass
class Peers:
    """The other end of every wire."""

    world: World
    scale: ScalePeer
    terminal: TerminalPeer
    hatch: HatchPeer
    desk: CallDeskPeer
    labels: ZplPeer
    receipts: EscPosPeer
    measurer: Eye
    scanner: Eye


@asynccontextmanager
async def bench(folder: Path, start: bool = True) -> AsyncIterator[tuple[Peers, Crew]]:
    """Every peer listening; every driver opened by its supervisor, unless a core is to start it."""
    world = World(seed=1)
    peers = Peers(
        world, ScalePeer(world, folder / "scale.tty", 1), TerminalPeer(folder / "book.jsonl", 1, late_s=1.0),
        HatchPeer(world), CallDeskPeer(ring_s=0.2), ZplPeer(seed=1, page_s=0.05), EscPosPeer(seed=1, page_s=0.05),
        Eye("measurer", world), Eye("scanner", world),
    )  # fmt: skip
    crew = await drivers(peers)
    try:
        if start:
            await crew.supervisor.start()
            await until(lambda: all(status.usable for status in crew.supervisor.statuses().values()), 20)
        yield peers, crew
    finally:
        await crew.supervisor.stop()
        for peer in (peers.scale, peers.terminal, peers.hatch, peers.desk, peers.labels, peers.receipts):
            await peer.stop()


async def drivers(peers: Peers) -> Crew:
    """The drivers of these peers."""
    scale = MtSicsScale("scale", await peers.scale.start(), simulated=True)
    terminal = NexoTerminal("payment", f"http://{HOST}:{await peers.terminal.start()}", simulated=True)
    hatch = ModbusHatch("hatch", HOST, await peers.hatch.start(), simulated=True)
    desk = CallDesk("staff_call", f"http://{HOST}:{await peers.desk.start()}", simulated=True)
    labels = LabelPrinter("label_printer", HOST, await peers.labels.start(), simulated=True)
    receipts = ReceiptPrinter("receipt_printer", HOST, await peers.receipts.start(), simulated=True)
    pace = Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3)
    devices: list[Device] = [scale, terminal, hatch, desk, labels, receipts, peers.measurer, peers.scanner]
    return Crew(
        scale, peers.measurer, peers.scanner, labels, receipts, terminal, hatch, desk, Supervisor(devices, pace, 1)
    )


@dataclass
class Guest:
    """A client of the link."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    view: dict[str, Any] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    async def listen(self) -> None:
        """Take in what comes, for ever."""
        while line := await self.reader.readline():
            message = json.loads(line)
            match message["type"]:
                case "view":
                    self.view = message
                case "refused":
                    self.refused.append(message)
                case _:
                    self.answers.append(message)

    @property
    def screen(self) -> str:
        """The screen's name without its service."""
        return str(self.view.get("screen", "")).rpartition("/")[2]

    async def sees(self, *screens: str) -> dict[str, Any]:
        """Wait for one of these screens."""
        await until(lambda: self.screen in screens, 40)
        return self.view

    async def rests(self, service: str = "send_parcel") -> dict[str, Any]:
        """Wait for the resting screen with this service among what it offers."""
        await until(lambda: self.screen == "Attract" and self.offers(service), 40)
        return self.view

    def offers(self, service: str) -> bool:
        """Whether the resting screen has this service."""
        return service in [each["name"] for each in self.view["values"].get("services", []) if each["available"]]

    def does(self, name: str, seq: int | None = None, **args: object) -> None:
        """Send an intent for the view that is on the screen."""
        self.sends({"type": "intent", "name": name, "seq": self.view["seq"] if seq is None else seq, "args": args})

    def sends(self, message: object) -> None:
        """Send any message."""
        self.writer.write(json.dumps(message).encode() + b"\n")

    async def refusal(self, n: int = 1) -> str:
        """Why the newest of n refusals was made."""
        await until(lambda: len(self.refused) >= n)
        return str(self.refused[n - 1]["reason"])


@dataclass
class House:
    """A core that runs, its peers, a guest at its link."""

    peers: Peers
    core: Core
    guest: Guest
    task: asyncio.Task[None]

    @property
    def head(self) -> int:
        """The last entry of the journal."""
        return self.core._clerk.journal.head.seq

    async def written(self) -> list[Entry]:
        """The whole journal."""
        return await self.core._clerk.ask(self.core._clerk.journal.entries)


def configured() -> Branch:
    """The shipped configuration, its feed on a free port."""
    return load(Path("config/branch.toml"), []).model_copy(update={"feed": feed_table()})


def feed_table() -> Any:
    """The feed's table with port 0."""
    return load(Path("config/branch.toml"), []).feed.model_copy(update={"port": 0})


@asynccontextmanager
async def house(
    folder: Path, crew: Crew, peers: Peers, branch: Branch | None = None, care: Service | None = None
) -> AsyncIterator[House]:
    """A core over these devices; the same folder again is the same branch after a stop. `care`: what a badge opens."""
    branch = branch or configured()
    places = Places(folder / "branch.db", folder / "link.sock", folder / "feed")
    core = Core(branch, crew, services(branch, False), Vault(b"m" * 32), places, PATIENCE, care)
    task = asyncio.create_task(core.run())
    await until(lambda: places.link.exists() or task.done(), 20)
    reader, writer = await asyncio.open_unix_connection(places.link, limit=1 << 20)
    guest = Guest(reader, writer)
    listening = asyncio.create_task(guest.listen())
    try:
        yield House(peers, core, guest, task)
    finally:
        writer.close()
        task.cancel()
        await asyncio.gather(task, listening, return_exceptions=True)
