"""Hands for the contract suite at a bank counter: the banks' intake, officers, a customer with papers and a card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from devices.agency import Word
from devices.bench.attendant import HOST, Attendant, Options
from devices.bench.bank import CARDS
from devices.bench.counter_web import GlassPeer, IntakePeer, Lying, OfficerPeer, key_of
from devices.bench.pin_pad import PinPadPeer
from devices.certify.terms import Act, Question, Trouble
from devices.counter import OfficerAnswer

BANK, PRODUCT, BRANCH, OFFICER = "990", "certify", "K-0001", "officer-1"
#: A licence that nobody holds.
DOCUMENT = ("licence", "홍새벽", "990000000001", "2018-07-15")


class IntakeAttendant(Attendant):
    """The banks' intake with its examiner."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.MUTE_AFTER: "mute_after", Trouble.CLOSED: "closed", Trouble.FOREIGN_REPLY: "foreign_reply",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._intake = IntakePeer(folder / "intake.jsonl", seed=1)
        super().__init__(self._intake)

    async def start(self) -> Options:
        """A URL."""
        return {"url": f"http://{HOST}:{await self._intake.start()}", "reply_s": 2.5}

    async def do(self, act: Act, value: str = "") -> None:
        """The examiner decides, or offers a contract."""
        if act is Act.DECIDE:
            return self._intake.decide(value, Word.EXAMINING)
        if act is Act.OFFER:
            return self._intake.contracts.issue(value, DOCUMENT[1], "1990-08-15")
        return await super().do(act, value)

    async def tell(self, question: Question) -> str:
        """The book, and the bank's key."""
        if question is Question.HANDED_IN:
            return str(sum(row["entry"] == "hand_in" for row in self._intake.book.entries))
        if question is Question.BANK_SIGNS:
            return f"{BANK};{PRODUCT};{key_of(f'bank {BANK}').public_key().public_bytes_raw().hex()}"
        return await super().tell(question)


class OfficerAttendant(Attendant):
    """Officers who answer the newest call."""

    def __init__(self, folder: Path, word: str) -> None:
        self._queue = OfficerPeer(BRANCH, seed=1)
        super().__init__(self._queue)

    async def start(self) -> Options:
        """A URL."""
        return {"url": f"http://{HOST}:{await self._queue.start()}", "reply_s": 2.5}

    async def order(self, fault: Trouble, on: bool) -> None:
        """Whoever waits is told something that moves the cursor; all else is of the line."""
        if fault is not Trouble.CONTROL_CHARS:
            return await super().order(fault, on)
        self._queue.greeting = "one moment\x1b[2J" if on else ""
        return None

    async def do(self, act: Act, value: str = "") -> None:
        """An officer says to hold."""
        if act is not Act.OFFICER_ANSWERS:
            return await super().do(act, value)
        self._queue.answer(OfficerAnswer.HOLD)
        return None

    async def tell(self, question: Question) -> str:
        """Whose key signs."""
        if question is not Question.OFFICER_SIGNS:
            return await super().tell(question)
        return f"{OFFICER};{key_of(OFFICER).public_key().public_bytes_raw().hex()};{BRANCH}"


class GlassAttendant(Attendant):
    """Somebody with a test document at the counter's glass."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.DARK: "dark", Trouble.ONE_CAMERA_LOST: "lost", Trouble.MOVING_PAPER: "moving",
        Trouble.UNSURE: "unsure", Trouble.CONTROL_CHARS: "control_chars",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._glass = GlassPeer(seed=1)
        super().__init__(self._glass)

    async def start(self) -> Options:
        """A URL."""
        return {"url": f"http://{HOST}:{await self._glass.start()}", "reply_s": 2.5}

    async def do(self, act: Act, value: str = "") -> None:
        """Lay it down, take it away."""
        printed = tuple(zip(("name", "number", "issued"), DOCUMENT[1:], strict=True))
        self._glass.lay(Lying(DOCUMENT[0], printed) if act is Act.LAY_DOCUMENT else None)

    async def tell(self, question: Question) -> str:
        """What is printed on it."""
        return ";".join(DOCUMENT) if question is Question.PRINTED else await super().tell(question)

    async def tidy(self) -> None:
        """Nothing lies there."""
        await super().tidy()
        self._glass.lay(None)


class PinPadAttendant(Attendant):
    """A customer with a made-up card."""

    troubles: ClassVar[Mapping[Trouble, str]] = {
        Trouble.TAMPERED: "tampered", Trouble.WRONG_CARD: "unknown_card",
    }  # fmt: skip

    def __init__(self, folder: Path, word: str) -> None:
        self._pad = PinPadPeer(seed=1)
        super().__init__(self._pad)

    async def start(self) -> Options:
        """A TCP port."""
        return {"host": HOST, "port": await self._pad.start(), "reply_s": 2.5}

    async def do(self, act: Act, value: str = "") -> None:
        """Card, PIN, cancel."""
        match act:
            case Act.INSERT_CARD:
                self._pad.lay(0)
            case Act.PRESS_PIN:
                self._pad.press(CARDS[0].pin + "#")
            case Act.PRESS_CANCEL:
                self._pad.press("*")
            case _:
                await super().do(act, value)

    async def tell(self, question: Question) -> str:
        """The made-up card."""
        return f"{CARDS[0].pan};{CARDS[0].pin}" if question is Question.TEST_CARD else await super().tell(question)
