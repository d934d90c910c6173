"""One session of every transport with a bench peer, recorded: `python -m tests.devices.takes` writes the fixtures."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from devices.bench.call_desk import CallDeskPeer
from devices.bench.escpos import EscPosPeer
from devices.bench.replay import HttpReplay, SerialReplay, Session, TcpReplay
from devices.bench.scale import ScalePeer
from devices.bench.terminal import TerminalPeer
from devices.bench.world import Parcel, World
from devices.bench.zpl import ZplPeer
from devices.emrtd.session import Chip
from devices.identity import AccessKey
from devices.label_printer import LabelPrinter
from devices.payment import NexoTerminal
from devices.ports import DeviceFault, Picture
from devices.receipt_printer import ReceiptPrinter
from devices.record import Tap, overheard, recorded
from devices.scale import MtSicsScale
from devices.staff_call import CallDesk

FOLDER = Path(__file__).parent / "recordings"
#: Words of a made-up person; none of them may stand in a recording.
SECRETS = ("홍길동", "HONG", "GILDONG", "L898902C3", "900815", "01012345678", "세종대로", "6899900000001", "1234-56")
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
