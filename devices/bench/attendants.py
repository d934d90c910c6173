"""Hands for the contract suite (devices/certify): each starts a peer, makes it misbehave, and does what people do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from devices.bench.attendant import HOST, Attendant, Options
from devices.bench.bank import CARDS, HOLDERS, Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.bench.bank_web import CLIENT, ORGANISATION, BankWebPeer, secret_file
from devices.bench.call_desk import CallDeskPeer
from devices.bench.counter_attendants import GlassAttendant, IntakeAttendant, OfficerAttendant, PinPadAttendant
from devices.bench.epp import pin_block, seal_card
from devices.bench.escpos import EscPosPeer
from devices.bench.guard import GuardPeer
from devices.bench.hatch import HatchPeer
from devices.bench.locker import CuLockerPeer, Wall
from devices.bench.locker_board import LockerBoardPeer
from devices.bench.printer import PrinterPeer
from devices.bench.scale import ScalePeer
from devices.bench.scale_stream import StreamScalePeer
from devices.bench.scanner import ANSWER, ENQUIRY, ScannerPeer
from devices.bench.signal_tower import SignalTowerPeer
from devices.bench.terminal import TerminalPeer
from devices.bench.verification import VerificationPeer
from devices.bench.worker import WorkerPeer
from devices.bench.world import Parcel, World
from devices.bench.zpl import ZplPeer
from devices.certify.terms import Act, Question, Trouble
from devices.ports import CallState, Lamp


class ScaleAttendant(Attendant):
    """Either scale, on a table of its own."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.MOVING: "moving",
        Trouble.OVERLOAD: "overload",
        Trouble.UNDERLOAD: "underload",
    }

    def __init__(self, folder: Path, word: str) -> None:
        self._world = World(seed=1)
        make: type[ScalePeer | StreamScalePeer] = StreamScalePeer if word == "ad_stream" else ScalePeer
        self._pan = make(self._world, folder / "scale.tty", seed=1)
        self._more: Options = {"serial_number": "B000000002"} if word == "ad_stream" else {}
        super().__init__(self._pan)

    async def start(self) -> Options:
        """A pty."""
        return {"port": await self._pan.start(), "reply_s": 0.8, **self._more}

    async def do(self, act: Act, value: str = "") -> None:
        """Load and unload the pan."""
        if act is Act.PUT_LOAD:
            self._world.put(Parcel(300, 200, 100, int(value)))
        elif self._world.parcel is not None:
            self._world.take()

    async def tidy(self) -> None:
        """The pan is empty and still."""
        await super().tidy()
        await self.do(Act.TAKE_LOAD)


class PrinterAttendant(Attendant):
    """Either printer; nobody but the paper tells how many pages came out."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.PAPER_LOW: "paper_low", Trouble.PAPER_OUT: "paper_out", Trouble.COVER_OPEN: "cover_open",
        Trouble.PAPER_OUT_MID_JOB: "paper_out_mid_job", Trouble.MUTE_MID_JOB: "mute_mid_job",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._printer: PrinterPeer = ZplPeer(seed=1) if word == "zpl" else EscPosPeer(seed=1)
        super().__init__(self._printer)

    async def start(self) -> Options:
        """A TCP port."""
        return {"host": HOST, "port": await self._printer.start()}

    async def tell(self, question: Question) -> str:
        """Pages, and the dots of the last one."""
        pages = self._printer.pages
        if question is Question.PAGES:
            return str(len(pages))
        if question is Question.PAGE and pages:
            last = pages[-1].picture
            return f"{last.width} {last.height} {last.rows.hex()}"
        return await super().tell(question)


class TerminalAttendant(Attendant):
    """A terminal, its customer, and its book."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.MUTE_AFTER: "mute_after", Trouble.WRONG_AMOUNT: "wrong_amount",
        Trouble.OTHER_CURRENCY: "other_currency", Trouble.CARD_IN_WORDS: "card_in_words",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._terminal = TerminalPeer(folder / "book.jsonl", seed=1)
        super().__init__(self._terminal)

    async def start(self) -> Options:
        """A URL."""
        return {"url": f"http://{HOST}:{await self._terminal.start()}", "reply_s": 0.8}

    async def do(self, act: Act, value: str = "") -> None:
        """The customer's act."""
        self._terminal.act(act is Act.APPROVE)

    async def tell(self, question: Question) -> str:
        """What the book holds, reversals taken off."""
        if question is not Question.TAKEN_WON:
            return await super().tell(question)
        return str(self._terminal.book.taken())


class HatchAttendant(Attendant):
    """A hatch with its door."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.JAMMED: "bolt_stuck",
        Trouble.LEAF_STUCK: "door_stuck",
        Trouble.BIN_FULL: "bin_full",
    }

    def __init__(self, folder: Path, word: str) -> None:
        self._world = World(seed=1)
        self._hatch = HatchPeer(self._world)
        super().__init__(self._hatch)

    async def start(self) -> Options:
        """A TCP port."""
        return {"host": HOST, "port": await self._hatch.start(), "reply_s": 0.5}

    async def do(self, act: Act, value: str = "") -> None:
        """Push the door shut."""
        self._world.close_door()

    async def tidy(self) -> None:
        """Shut and bolted."""
        await super().tidy()
        self._world.close_door()
        self._world.throw_bolt()


class LockerAttendant(Attendant):
    """Either locker wall."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.JAMMED: "jammed",
        Trouble.LEAF_STUCK: "leaf_stuck",
        Trouble.WRONG_DOOR: "wrong_door",
        Trouble.FORCED: "door_left_open",
    }

    def __init__(self, folder: Path, word: str) -> None:
        self._wall, boards = Wall(), word == "modbus_locker"
        self._board: LockerBoardPeer | CuLockerPeer = (
            LockerBoardPeer(self._wall) if boards else CuLockerPeer(self._wall, folder / "locker.tty", seed=1)
        )
        self._leads, self._more = ("at", {"doors": 16}) if boards else ("port", dict[str, int]())
        super().__init__(self._board)

    async def start(self) -> Options:
        """A TCP port or a pty."""
        return {self._leads: await self._board.start(), "door_sensors": True, **self._more}

    async def do(self, act: Act, value: str = "") -> None:
        """Push a leaf shut."""
        self._wall.close(int(value))

    async def tidy(self) -> None:
        """Every door shut."""
        await super().tidy()
        await asyncio.sleep(0.2)  # a lock that was told to move has moved
        for door, locked in enumerate(self._wall.locked, 1):
            if not locked:
                self._wall.close(door)


class WorkerAttendant(Attendant):
    """The table's measurer and both its scanners."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.DARK: "dark", Trouble.ONE_CAMERA_LOST: "left_lost", Trouble.NONSENSE: "nonsense",
        Trouble.CONTROL_CHARS: "control_chars",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._worker = WorkerPeer(folder / "worker.sock")
        super().__init__(self._worker)

    async def start(self) -> Options:
        """A Unix socket."""
        return {"socket": await self._worker.start(), "reply_s": 0.8}

    async def do(self, act: Act, value: str = "") -> None:
        """Parcel and code."""
        self._worker.parcel = act is Act.PUT_LOAD
        self._worker.code = value if act is Act.SHOW_CODE else ""


class GuardAttendant(Attendant):
    """A guard whose cameras see what is declared."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.DARK: "dark", Trouble.COVERED: "covered", Trouble.ONE_CAMERA_LOST: "dock_lost",
        Trouble.NONSENSE: "nonsense", Trouble.CONTROL_CHARS: "control_chars", Trouble.RESTARTED: "restarted",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._guard = GuardPeer(folder / "guard.sock")
        super().__init__(self._guard)

    async def start(self) -> Options:
        """A Unix socket."""
        return {"socket": await self._guard.start(), "reply_s": 0.8}

    async def do(self, act: Act, value: str = "") -> None:
        """Something happens on the floor."""
        self._guard.alarm("collision", "WARNING", separation_m=1.4, ttc_s=1.9, probability=0.8, zone=value or None)


class ScannerAttendant(Attendant):
    """A hand scanner and whoever holds a code before it."""

    troubles: ClassVar[Mapping[Trouble, str]] = {Trouble.CONTROL_CHARS: "control_chars"}

    def __init__(self, folder: Path, word: str) -> None:
        self._scanner = ScannerPeer(folder / "scanner.tty", seed=1)
        super().__init__(self._scanner)

    async def start(self) -> Options:
        """A pty."""
        return {"port": await self._scanner.start(), "enquiry": ENQUIRY, "answer": ANSWER}

    async def do(self, act: Act, value: str = "") -> None:
        """Hold up a code; a scanner keeps none that is taken away."""
        if act is Act.SHOW_CODE:
            self._scanner.show(value)


class TowerAttendant(Attendant):
    """Somebody in the street, and the guard company."""

    troubles: ClassVar[Mapping[Trouble, str]] = {Trouble.RELAY_STUCK: "relay_stuck", Trouble.NO_POWER: "no_power"}

    def __init__(self, folder: Path, word: str) -> None:
        self._tower = SignalTowerPeer(watchdog_s=4.0)
        super().__init__(self._tower)

    async def start(self) -> Options:
        """A TCP port."""
        return {"at": await self._tower.start(), "supply_sensor": True}

    async def tell(self, question: Question) -> str:
        """What can be seen and heard."""
        if question is Question.ALARM:
            return "yes" if self._tower.alarm else "no"
        if question is not Question.LIT:
            return await super().tell(question)
        return " ".join(lamp for lamp, on in zip(Lamp, self._tower.lit, strict=True) if on) or "none"


class DeskAttendant(Attendant):
    """People at the call desk."""

    def __init__(self, folder: Path, word: str) -> None:
        self._desk = CallDeskPeer()
        super().__init__(self._desk)

    async def start(self) -> Options:
        """A URL."""
        return {"url": f"http://{HOST}:{await self._desk.start()}", "reply_s": 0.8}

    async def do(self, act: Act, value: str = "") -> None:
        """Pick up."""
        self._desk.answer(value, CallState.ANSWERED)


class RegisterAttendant(Attendant):
    """Knows one card of the made-up register."""

    def __init__(self, folder: Path, word: str) -> None:
        self._register = VerificationPeer(seed=1)
        super().__init__(self._register)

    async def start(self) -> Options:
        """A URL."""
        return {"url": f"http://{HOST}:{await self._register.start()}", "reply_s": 0.8}

    async def tell(self, question: Question) -> str:
        """A card that nobody holds."""
        if question is not Question.REGISTERED:
            return await super().tell(question)
        ((kind, number), entry) = next(card for card in self._register.register.items() if not card[1].lost)
        return f"{kind};{entry.name};{number};{entry.issued}"


class BankAttendant(Attendant):
    """Somebody at the bank, with a made-up customer's card and the bank's own book."""

    troubles: ClassVar[Mapping[Trouble, str]] = {Trouble.MUTE_AFTER: "mute_after", Trouble.WRONG_AMOUNT: "wrong_amount"}

    def __init__(self, folder: Path, word: str) -> None:
        self._folder, self._bank = folder, Bank(folder / "bank.jsonl")
        key, self._key_file = made_up_key(folder)
        self._host = BankWebPeer(self._bank, seed=1) if word == "open_banking" else SwitchPeer(self._bank, key, seed=1)
        super().__init__(self._host)

    async def start(self) -> Options:
        """A URL, or a TCP port."""
        port, traces = await self._host.start(), str(self._folder / "traces.jsonl")
        common: Options = {"trace_book": traces, "reply_s": 0.8}
        if isinstance(self._host, SwitchPeer):
            return {"host": HOST, "port": port, "mac_key_file": str(self._key_file), **common}
        secret = str(secret_file(self._folder))
        client: Options = {"organisation": ORGANISATION, "client_id": CLIENT, "secret_file": secret}
        return {"url": f"http://{HOST}:{port}", **client, **common}

    async def tell(self, question: Question) -> str:
        """The card as a PIN pad seals it, and whom to pay; or what has moved."""
        if question is Question.TAKEN_WON:
            return str(HOLDERS[0].opening_won - self._bank.balance(HOLDERS[0].number))
        if question is not Question.BANK_CARD:
            return await super().tell(question)
        ksn, card, to = "FFFF98765432000000AA", CARDS[0], HOLDERS[1]
        sealed, block = seal_card(card.pan, ksn).hex(), pin_block(card.pin, card.pan, ksn).hex()
        return f"990;999999******0018;{sealed};{block};{ksn};{to.bank};{to.number}"


ATTENDANTS: Mapping[str, Callable[[Path, str], Attendant]] = {
    "scale": ScaleAttendant, "measurer": WorkerAttendant, "scanner": WorkerAttendant,
    "table_glance": WorkerAttendant, "code_reader": ScannerAttendant, "label_printer": PrinterAttendant,
    "receipt_printer": PrinterAttendant, "payment": TerminalAttendant, "hatch": HatchAttendant,
    "locker": LockerAttendant, "signal_tower": TowerAttendant, "id_check": RegisterAttendant,
    "staff_call": DeskAttendant, "bank_host": BankAttendant, "guard": GuardAttendant,
    "bank_desk": IntakeAttendant, "officer": OfficerAttendant, "document_camera": GlassAttendant,
    "pin_pad": PinPadAttendant,
}  # fmt: skip


def attendant(kind: str, word: str, folder: Path) -> Attendant:
    """Whoever attends a device of this kind on the bench; ValueError where the bench has none."""
    make = ATTENDANTS.get(word) or ATTENDANTS.get(kind)
    if make is None:
        raise ValueError(f"the bench has no {kind} of its own; name one with --at (an ID reader: pcsc:READER)")
    return make(folder, word)
