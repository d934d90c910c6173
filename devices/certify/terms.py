"""The words of the contract suite: what can be done to the other end of a wire, and how a rule can come out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Trouble(StrEnum):
    """What the other end can be made to do wrong. The first three are troubles of the line, whoever is behind it."""

    MUTE = "mute"
    GARBAGE = "garbage"
    UNPLUG = "unplug"
    MOVING = "moving"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    PAPER_OUT_MID_JOB = "paper_out_mid_job"
    COVER_OPEN = "cover_open"
    MUTE_MID_JOB = "mute_mid_job"
    MUTE_AFTER = "mute_after"
    WRONG_AMOUNT = "wrong_amount"
    OTHER_CURRENCY = "other_currency"
    CARD_IN_WORDS = "card_in_words"
    JAMMED = "jammed"
    LEAF_STUCK = "leaf_stuck"
    WRONG_DOOR = "wrong_door"
    FORCED = "forced"
    BIN_FULL = "bin_full"
    CONTROL_CHARS = "control_chars"
    DARK = "dark"
    COVERED = "covered"
    RESTARTED = "restarted"
    ONE_CAMERA_LOST = "one_camera_lost"
    NONSENSE = "nonsense"
    RELAY_STUCK = "relay_stuck"
    NO_POWER = "no_power"
    TWO_CARDS = "two_cards"
    PULLED = "pulled"
    CLOSED = "closed"
    FOREIGN_REPLY = "foreign_reply"
    MOVING_PAPER = "moving_paper"
    UNSURE = "unsure"
    TAMPERED = "tampered"
    WRONG_CARD = "wrong_card"
    ALTERED_CARD = "altered_card"
    COPIED_CARD = "copied_card"
    UNPROVEN_CARD = "unproven_card"
    STRANGE_CARD = "strange_card"


class Act(StrEnum):
    """What a customer, or staff, does at the other end; some take a value."""

    PUT_LOAD = "put_load"
    TAKE_LOAD = "take_load"
    APPROVE = "approve"
    DECLINE = "decline"
    CLOSE_DOOR = "close_door"
    SHOW_CODE = "show_code"
    HIDE_CODE = "hide_code"
    ANSWER_CALL = "answer_call"
    LAY_CARD = "lay_card"
    TAKE_CARD = "take_card"
    RAISE_ALARM = "raise_alarm"
    DECIDE = "decide"
    OFFER = "offer"
    OFFICER_ANSWERS = "officer_answers"
    LAY_DOCUMENT = "lay_document"
    LIFT_DOCUMENT = "lift_document"
    INSERT_CARD = "insert_card"
    PRESS_PIN = "press_pin"
    PRESS_CANCEL = "press_cancel"


class Question(StrEnum):
    """What only somebody at the other end can tell; the answer is text."""

    PAGES = "pages"
    PAGE = "page"
    TAKEN_WON = "taken_won"
    LIT = "lit"
    ALARM = "alarm"
    REGISTERED = "registered"
    CARD_KEY = "card_key"
    BANK_CARD = "bank_card"
    HANDED_IN = "handed_in"
    BANK_SIGNS = "bank_signs"
    OFFICER_SIGNS = "officer_signs"
    PRINTED = "printed"
    TEST_CARD = "test_card"


class Tormentor(Protocol):
    """Makes the other end misbehave on purpose."""

    async def order(self, fault: Trouble, on: bool) -> None:
        """Begin or end a trouble; NeedsPerson or NotApplicable where it cannot be had."""


class Hands(Tormentor, Protocol):
    """Whoever stands at the other end: a person, a command, or the bench."""

    async def do(self, act: Act, value: str = "") -> None:
        """Carry out one act; NeedsPerson where nobody is there."""

    async def tell(self, question: Question) -> str:
        """Answer a question; NeedsPerson where nobody is there."""

    async def tidy(self) -> None:
        """After each rule: everything as it was in the beginning."""


class Violation(Exception):
    """A rule is broken; the text says what was seen instead."""


class NotApplicable(Exception):
    """A rule says nothing about this device. `limits`: it would, but nobody can bring the trouble about."""

    def __init__(self, why: str, limits: bool = False) -> None:
        super().__init__(why)
        self.limits = limits


class NeedsPerson(Exception):
    """Somebody must stand at the device for this rule, and nobody does."""


class Verdict(StrEnum):
    """How a rule came out."""

    PASS = "PASS"  # noqa: S105  # a verdict, no password
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT APPLICABLE"
    NEEDS_PERSON = "NEEDS A PERSON"


class Grade(StrEnum):
    """What the rules add up to."""

    CERTIFIED = "certified"
    LIMITS = "certified with limits"
    NOT = "not certified"


@dataclass(frozen=True)
class Result:
    """One rule: its id and sentence, how it came out, what was seen, seconds."""

    rule: str
    sentence: str
    verdict: Verdict
    seen: str = ""
    seconds: float = 0.0
    limits: bool = False


@dataclass(frozen=True)
class Report:
    """All rules of one run; `driver` is the catalogue's word, `at` what was at the other end."""

    kind: str
    driver: str
    at: str
    simulated: bool
    results: tuple[Result, ...]
    seconds: float

    @property
    def grade(self) -> Grade:
        """Not certified after any failure; with limits where a rule could not be tried."""
        verdicts = {result.verdict for result in self.results}
        if Verdict.FAIL in verdicts or Verdict.PASS not in verdicts:
            return Grade.NOT
        limited = Verdict.NEEDS_PERSON in verdicts or any(result.limits for result in self.results)
        return Grade.LIMITS if limited else Grade.CERTIFIED
