"""One session of every transport with a bench peer, recorded: `python -m tests.devices.takes` writes the fixtures."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from devices.bench.call_desk import CallDeskPeer
from devices.bench.escpos import EscPosPeer
from devices.bench.guard import GuardPeer
from devices.bench.hatch import HatchPeer
from devices.bench.locker import CuLockerPeer, Wall
from devices.bench.locker_board import LockerBoardPeer
from devices.bench.replay import HttpReplay, PushedReplay, SerialReplay, Session, TcpReplay, UnixReplay
from devices.bench.scale import ScalePeer
from devices.bench.scale_stream import StreamScalePeer
from devices.bench.scanner import ANSWER, ENQUIRY, ScannerPeer
from devices.bench.signal_tower import SignalTowerPeer
from devices.bench.terminal import TerminalPeer
from devices.bench.verification import VerificationPeer
from devices.bench.worker import WorkerPeer
from devices.bench.world import Parcel, World
from devices.bench.zpl import ZplPeer
from devices.emrtd.session import Chip
from devices.guard import WorkerGuard
from devices.guarding import BEGINNING
from devices.hatch import ModbusHatch
from devices.identity import AccessKey
from devices.label_printer import LabelPrinter
from devices.locker_cu import CuLocker
from devices.locker_modbus import ModbusLocker
from devices.measurer import WorkerMeasurer
from devices.payment import NexoTerminal
from devices.ports import DeviceFault, Lamp, Picture
from devices.receipt_printer import ReceiptPrinter
from devices.record import Tap, overheard, recorded
from devices.scale import MtSicsScale
from devices.scale_stream import StreamScale
from devices.scanner import GlanceScanner, TableScanner
from devices.serial_scanner import SerialScanner
from devices.signal_tower import ModbusTower
from devices.staff_call import CallDesk
from devices.verification import VerificationDesk

FOLDER = Path(__file__).parent / "recordings"
#: Words of a made-up person; none of them may stand in a recording.
SECRETS = ("홍길동", "HONG", "GILDONG", "L898902C3", "900815", "01012345678", "세종대로", "6899900000001", "1234-56",
           "홍새벽", "9000002000001", "2021-03-04")  # fmt: skip
KEY = "c0ffee000001-1"
TASK = "010-1234-5678"


@dataclass(frozen=True)
class Take:
    """A transport's session: the peer, the replay in its place, the driver, and what is done with it."""

    driver: str
    peer: Callable[[Path], Any]
    replay: Callable[[Session, Path], Any]
    make: Callable[[Any], Any]
    act: Callable[[Any], Awaitable[list[Any]]]


def drawn() -> Picture:
    """A slip with a name on it, as a printer gets it."""
    image = Image.new("1", (384, 64), 1)
    ImageDraw.Draw(image).text((8, 8), "HONG GILDONG 6899900000001", fill=0)
    return Picture(384, 64, 203, bytes(byte ^ 0xFF for byte in image.tobytes()))


async def weigh(scale: Any) -> list[Any]:
    """A stable weight and what the monitor shows."""
    weight = await scale.stable_weight(3)
    values = dict((await scale.probe()).values)
    return [weight.grams, weight.decimal, weight.raw, values["load"], values["still"]]


async def print_slip(printer: Any) -> list[Any]:
    """A look, a page, a look."""
    seen = await printer.probe()
    printed = await printer.print(f"{TASK}/HONG", drawn(), 5)
    return [seen.faults, seen.values, printed.paper, (await printer.probe()).faults]


async def pay(terminal: Any) -> list[Any]:
    """A charge, an enquiry, a reversal."""
    paid, found = await terminal.pay(KEY, 4500, 5), await terminal.enquire(KEY, 5)
    back = await terminal.reverse(KEY, 4500, 5)
    return [(each.state, each.won) for each in (paid, found, back)]


async def call(desk: Any) -> list[Any]:
    """A call for staff, and what became of it."""
    return [await desk.call(TASK, "홍길동 세종대로 HONG", 2), await desk.state(TASK, 2)]


async def open_hatch(hatch: Any) -> list[Any]:
    """The hatch seen shut, and opened."""
    seen, opened = await hatch.probe(), await hatch.unlock(3)
    return [seen.values, opened.closed, opened.locked, opened.bin_percent]


async def open_door(locker: Any) -> list[Any]:
    """A door opened, and the wall looked at."""
    opened = await locker.open_door(3, 3)
    return [opened.locked, opened.closed, (await locker.probe()).values]


async def show_lamps(tower: Any) -> list[Any]:
    """Green, and all is well."""
    await tower.show(frozenset({Lamp.GREEN}), False, 2)
    return [(await tower.probe()).values]


async def measure(measurer: Any) -> list[Any]:
    """A size, and what the cameras say of themselves."""
    size = await measurer.measure(2)
    return [size.answered, size.length_mm, size.uncertainty_mm, size.kind, (await measurer.probe()).values]


async def scan(scanner: Any) -> list[Any]:
    """A code, but for what it says."""
    seen = await scanner.probe()
    return [seen.values, *((len(code.text), code.symbology, code.on_parcel) for code in await scanner.scan(2))]


async def hear(guard: Any) -> list[Any]:
    """An alarm and what stands, and the cameras."""
    news = await guard.news(BEGINNING, 0.5)
    told = [(each.camera, each.kind, each.urgency, each.separation_m) for each in news.alarms]
    return [told, news.standing, (await guard.probe()).values]


async def verify(desk: Any) -> list[Any]:
    """A card that the register holds, and one that it does not."""
    asked = ("resident_card", "홍새벽", "9000002000001")
    days = (date(2021, 3, 4), date(2021, 3, 5))
    return [await desk.verify(*asked, day, 2) for day in days]


class RtuBoard(LockerBoardPeer):
    """The wall's board on a serial line."""

    def __init__(self, link: Path) -> None:
        super().__init__(Wall(24))
        self._link = link

    async def start(self) -> str:
        return await self.start_rtu(self._link)


class Shown(ScannerPeer):
    """A code is held before it half a second after it was plugged in."""

    async def start(self) -> str:
        async def later() -> None:
            await asyncio.sleep(0.5)
            self.show("6899900000001")

        self.spawn(later())
        return await super().start()


def eyes(folder: Path) -> WorkerPeer:
    """A parcel with its number lies on the table."""
    peer = WorkerPeer(folder / "eyes.sock")
    peer.parcel, peer.code = True, "6899900000001"
    return peer


def alarmed(folder: Path) -> GuardPeer:
    """A near miss at the dock."""
    peer = GuardPeer(folder / "guard.sock")
    peer.alarm("collision", "CRITICAL", separation_m=1.4, zone="HONG")
    return peer


def board(at: Any) -> str:
    """The address of a Modbus board: a replay tells its port alone."""
    return at if isinstance(at, str) else f"tcp://127.0.0.1:{at}"


def loaded() -> World:
    """A parcel of 2400 g on the table."""
    world = World(seed=1)
    world.put(Parcel(340, 250, 180, 2400))
    return world


def url(port: int) -> str:
    """The address of a peer."""
    return f"http://127.0.0.1:{port}"


#: The recordings that are kept, one of each transport; the others are made when they are wanted.
KEPT = ("serial", "tcp_receipt", "http_call")
TAKES: dict[str, Take] = {
    "serial": Take(
        "mt_sics", lambda folder: ScalePeer(loaded(), folder / "scale.tty", 1),
        lambda session, folder: SerialReplay(session, folder / "scale.tty"),
        lambda port: MtSicsScale("scale", port), weigh,
    ),
    "tcp_receipt": Take(
        "escpos", lambda _: EscPosPeer(seed=1, page_s=0.02), lambda session, _: TcpReplay(session),
        lambda port: ReceiptPrinter("receipt_printer", "127.0.0.1", port), print_slip,
    ),
    "tcp_label": Take(
        "zpl", lambda _: ZplPeer(seed=1, page_s=0.02), lambda session, _: TcpReplay(session),
        lambda port: LabelPrinter("label_printer", "127.0.0.1", port), print_slip,
    ),
    "http_payment": Take(
        "nexo", lambda folder: TerminalPeer(folder / "book.jsonl", 1, auto_s=0.0),
        lambda session, _: HttpReplay(session), lambda port: NexoTerminal("payment", url(port)), pay,
    ),
    "http_call": Take(
        "call_desk", lambda _: CallDeskPeer(), lambda session, _: HttpReplay(session),
        lambda port: CallDesk("staff_call", url(port), "K-0001"), call,
    ),
    "serial_stream": Take(
        "ad_stream", lambda folder: StreamScalePeer(loaded(), folder / "stream.tty", 1),
        lambda session, folder: PushedReplay(session, folder / "stream.tty"),
        lambda port: StreamScale("scale", port, "B000000002"), weigh,
    ),
    "serial_scanner": Take(
        "serial_scanner", lambda folder: Shown(folder / "scanner.tty", 1),
        lambda session, folder: SerialReplay(session, folder / "scanner.tty", b""),
        lambda port: SerialScanner("code_reader", port, enquiry=ENQUIRY, answer=ANSWER), scan,
    ),
    "serial_locker": Take(
        "kr_cu", lambda folder: CuLockerPeer(Wall(), folder / "wall.tty"),
        lambda session, folder: SerialReplay(session, folder / "wall.tty", b""),
        lambda port: CuLocker("locker", port, door_sensors=True), open_door,
    ),
    "tcp_hatch": Take(
        "modbus_hatch", lambda _: HatchPeer(World()), lambda session, _: TcpReplay(session),
        lambda port: ModbusHatch("hatch", "127.0.0.1", port), open_hatch,
    ),
    "tcp_locker": Take(
        "modbus_locker", lambda _: LockerBoardPeer(Wall(24)), lambda session, _: TcpReplay(session),
        lambda at: ModbusLocker("locker", board(at), 24, door_sensors=True), open_door,
    ),
    "rtu_locker": Take(
        "modbus_locker", lambda folder: RtuBoard(folder / "rtu.tty"),
        lambda session, folder: SerialReplay(session, folder / "replay.tty", b""),
        lambda at: ModbusLocker("locker", at, 24, door_sensors=True), open_door,
    ),
    "tcp_tower": Take(
        "modbus_tower", lambda _: SignalTowerPeer(), lambda session, _: TcpReplay(session),
        lambda at: ModbusTower("signal_tower", board(at), supply_sensor=True), show_lamps,
    ),
    "unix_measurer": Take(
        "measurer", eyes, lambda session, folder: UnixReplay(session, folder / "replay.sock"),
        lambda at: WorkerMeasurer("measurer", at), measure,
    ),
    "unix_scanner": Take(
        "table_scanner", eyes, lambda session, folder: UnixReplay(session, folder / "replay.sock"),
        lambda at: TableScanner("scanner", at), scan,
    ),
    "unix_glance": Take(
        "table_glance", eyes, lambda session, folder: UnixReplay(session, folder / "replay.sock"),
        lambda at: GlanceScanner("code_reader", at), scan,
    ),
    "unix_guard": Take(
        "guard", alarmed, lambda session, folder: UnixReplay(session, folder / "replay.sock"),
        lambda at: WorkerGuard("guard", at), hear,
    ),
    "http_verification": Take(
        "verification_desk", lambda _: VerificationPeer(), lambda session, _: HttpReplay(session),
        lambda port: VerificationDesk("id_check", url(port)), verify,
    ),
}  # fmt: skip


async def played(take: Take, peer: Any, tap: Tap | None = None) -> list[Any]:
    """What the driver makes of this peer."""
    address = await peer.start()
    with recorded(tap):
        driver = take.make(address)
    try:
        await driver.open()
        return await take.act(driver)
    finally:
        await driver.close()
        await peer.stop()


def closed_chip(apdu: bytes) -> bytes:
    """A chip that has the application, gives out a challenge, and does not believe the key it is shown."""
    match apdu[1], apdu[2]:
        case 0xA4, 4:
            return bytes.fromhex("9000")
        case 0x84, _:
            return b"900815HO" + bytes.fromhex("9000")
        case 0x82, _:
            return bytes.fromhex("6300")
    return bytes.fromhex("6A82")


def opened(transmit: Callable[[bytes], bytes]) -> str:
    """How an attempt to open this chip with a wrong key ends."""
    try:
        return Chip(transmit).open_access(AccessKey("L898902C3", "900815", "340415"))
    except DeviceFault as fault:
        return fault.code


def record_chip(file: Path) -> str:
    """The chip's session into a file."""
    return opened(overheard(closed_chip, Tap("id_reader", "pcsc", file)))


def record(name: str, file: Path, scratch: Path) -> list[Any]:
    """One session into a file; what the driver made of it."""
    take = TAKES[name]
    return asyncio.run(played(take, take.peer(scratch), Tap(name, take.driver, file)))


def write(folder: Path) -> None:
    """Every recording anew."""
    with tempfile.TemporaryDirectory(prefix="take-") as scratch:
        for name in KEPT:
            record(name, folder / f"{name}.jsonl", Path(scratch))
    record_chip(folder / "chip.jsonl")


if __name__ == "__main__":
    write(FOLDER)
    sys.stdout.write(f"{FOLDER}: written\n")
