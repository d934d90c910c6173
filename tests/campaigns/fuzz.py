"""Random intents and random facts in random order against the pure flow, its views and the link's parser.

One example is one visit until it is over, or `LONGEST` events. Half of the events are such as the step waits for; the
others are anything at all. Half of the visits begin with every question answered, so that examples get deep.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import facts as f
from kiosk.config import load
from kiosk.flow import Intent, Refusal, Situation
from kiosk.link import parse
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel.draft import Step
from kiosk.services.send_parcel.flow import PREPARING as QUESTIONS
from kiosk.services.send_parcel.flow import Parcel
from kiosk.services.send_parcel.service import SendParcel, open_service
from tests.branch import HOUSE
from tests.campaigns.results import Results

Json = dict[str, Any]
LONGEST = 60
PART = 2_000
SEOUL = ZoneInfo("Asia/Seoul")
DEVICES = (
    "scale", "measurer", "payment", "label_printer", "receipt_printer", "scanner", "hatch", "numbers", "staff_call",
)  # fmt: skip
CODES = ("jam", "disconnected", "outcome_unknown", "door_open", "door_stuck", "bin_full", "unstable", "consumable_out")
PREPARING = (Step.PLACE, Step.MEASURE, *QUESTIONS)
NUMBER = "6899900000001"
#: How a paid visit may end without a call of its own; `settled` is a person's word.
SETTLED = ("accepted", "reversed", "not_paid", "label_owed", "settled")
#: Commands by which a machine moves, or money.
ACTUATING = (f.Charge, f.PrintLabel, f.PrintReceipt, f.OpenHatch)
#: What only someone present can do.
PRESENT: tuple[type[f.Fact], ...] = (f.Confirmed, f.Retried, f.Cancelled, f.Back, *d.FACTS)
TEXTS = (
    "홍길동", "Kim", "", " ", "a" * 300, "\u202e홍", "x\x00y", "01012345678", "0" * 40, "<b>", "'; DROP", "\ud7a3" * 21,
    "서울 101호", "sejong-209", "next_day", "ordinary", "book", "receiver", "speed",
)  # fmt: skip
VALUES: tuple[object, ...] = (*TEXTS, None, True, False, 0, 1, -1, 3, 10**30, 4000, 300_000, 0.5, [], {}, ["a"])
KEYS = ("id", "text", "digits", "code", "speed", "won", "what", "tier", "paper", "tag", "")
NAMES = (
    "confirm", "back", "cancel", "retry", "other", "choose_size", "choose_address", "set_detail", "set_name",
    "set_phone", "choose_contents", "choose_speed", "set_insured", "edit", "agree", "leave", "reverse", "came_out",
    "receipt", "inside", "", "start",
)  # fmt: skip


class Broken(AssertionError):
    """Something that must always hold did not; the text tells the way there."""


class Walker:
    """Walks examples through one service."""

    def __init__(self) -> None:
        self._branch = load(HOUSE / "config" / "branch.toml")
        self.service: SendParcel = open_service(self._branch, False)
        self.steps: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def example(self, seed: int) -> None:
        """One visit; Broken with its trace when something did not hold."""
        chance, trace = random.Random(seed), list[str]()
        now = _situation(chance)
        at, quiet = self._begin(chance), False
        try:
            for _ in range(LONGEST):
                fact = self._event(chance, at, now)
                if fact is None or (quiet and isinstance(fact, f.LabelPrinted)):
                    continue  # a job's end is not heard after a restart: nobody listens to it any more
                trace.append(f"{at.step} + {fact!r}"[:160])
                after = self.service.step(at, fact)
                quiet = (quiet or isinstance(fact, f.Resumed)) and not isinstance(fact, PRESENT)
                check(at, fact, after, quiet)
                json.dumps(vars(self.service.view(after, now)), default=vars)
                self.steps[after.step] += 1
                at = after
                if at.step == Step.OVER:
                    break
            _line(chance)
        except Exception as error:
            way = " | ".join(trace[-12:])
            raise Broken(f"example {seed}: {type(error).__name__}: {error}; the way: {way}") from error
        self.outcomes[self.service.ended(at) or "open"] += 1

    def _begin(self, chance: random.Random) -> Parcel:
        at: Parcel = self.service.begin(f.VisitStarted("send_parcel", "ko", "v1"))
        while at.step != Step.REVIEW and chance.random() < 0.97:
            at = self.service.step(at, wanted(at)[0])
        return at

    def _event(self, chance: random.Random, at: Parcel, now: Situation) -> f.Fact | None:
        if chance.random() < 0.5:
            return chance.choice(wanted(at))
        if chance.random() < 0.4:
            return anything(chance, at)
        return self._said(chance, at, now)

    def _said(self, chance: random.Random, at: Parcel, now: Situation) -> f.Fact | None:
        """An intent as the desk takes it: offered, its content believed by nobody yet."""
        offers = self.service.view(at, now).offers
        name = chance.choice(NAMES)
        if name not in offers:
            return None
        args = {chance.choice(KEYS): chance.choice(VALUES) for _ in range(chance.randint(0, 3))}
        try:
            return self.service.hear(at, Intent(name, args), now)
        except Refusal:
            return None


def _situation(chance: random.Random) -> Situation:
    moment = datetime(2026, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), 30, tzinfo=UTC)
    return Situation(moment, moment.astimezone(SEOUL), "ko", {}, "v1", "00" * 32)


def wanted(at: Parcel) -> tuple[f.Fact, ...]:
    """What this step waits for."""
    return _prepared(at) if at.step in PREPARING else _paid(at)


def _prepared(at: Parcel) -> tuple[f.Fact, ...]:
    """Answers to the questions before the money."""
    grams, who = at.draft.grams or 0, "receiver" if at.step.startswith("to_") else "sender"
    table: dict[str, tuple[f.Fact, ...]] = {
        "place": (f.Placed(2400),), "size": (d.SizeAccepted(), d.SizeDisputed()),
        "choose_size": (d.SizeChosen(3, 1000),), "contents": (d.ContentsDeclared("book"),), "pledge": (d.Pledged(),),
        "measure": (f.Measured(341.0, 251.0, 181.0, (3.0, 3.0, 3.0)) if grams else f.Weighed(2400, "2.400"),),
        "speed": (d.SpeedChosen("next_day"),), "insure": (d.InsuredFor(0),), "review": (d.PriceAgreed(4000, 4000),),
        "address": (d.Addressed(who, "a", "r", "g", "b", "03171"),), "detail": (d.Detailed(who, ""),),
        "name": (d.Named(who, "홍길동"),), "phone": (d.Phoned(who, "01012345678"),),
    }  # fmt: skip
    return table[at.step.removeprefix("to_").removeprefix("from_")]


def _paid(at: Parcel) -> tuple[f.Fact, ...]:
    """What devices, and the customer, say from the money on."""
    key, won, grams = at.draft.paid_key, at.draft.paid_won, at.draft.grams or 0
    paid, unknown, back = f.Paid(key, won, "A1"), f.PaymentUnknown(key), f.Reversed(key, won)
    printed = (f.LabelPrinted("L"), f.Faulted("label_printer", "jam"))
    table: dict[Step, tuple[f.Fact, ...]] = {
        Step.READY: (f.ProvenReady(),), Step.PAY: (paid, paid, unknown), Step.UNSURE: (unknown, paid, back),
        Step.LABEL: printed if at.draft.number else (f.NumberIssued(NUMBER),), Step.REOPEN: (f.Retried(),),
        Step.STUCK: (f.Retried(), d.CameOut(), d.ReversalAsked()), Step.STICK: (f.LabelScanned(NUMBER, grams + 3),),
        Step.OPEN: (f.HatchOpened(), f.Faulted("hatch", "door_stuck")), Step.DROP_AWAY: (f.HatchClosed(True, 10, 0),),
        Step.DROP: (f.HatchClosed(True, 10, 0), f.HatchClosed(False, 10, 0)), Step.DONE: (d.ReceiptWanted(True),),
        Step.RECEIPT: (f.ReceiptPrinted("P"),), Step.REVERSING: (back, unknown), Step.REVERSING_AWAY: (back,),
        Step.UNSURE_AWAY: (f.NotPaid(key), paid), Step.TAKE_BACK: (f.Lifted(),),
    }  # fmt: skip
    return table.get(at.step, (f.Confirmed(),))


def anything(chance: random.Random, at: Parcel) -> f.Fact:
    """Any fact at all; the terminal's word under this charge's key, an older one, or a stranger's."""
    key = chance.choice((at.draft.paid_key or "v1-0", at.draft.paid_key or "v1-0", "v1-0", "v2-1"))
    grams = chance.choice((0, 30, 2400, 2403, 31_000))
    won = at.draft.paid_won or 4000
    not_paid, said_ = chance.choice(("declined", "cancelled", "not_found")), chance.choice((NUMBER, "1" * 13))
    return chance.choice((
        f.Back(), f.Cancelled(), f.Confirmed(), f.Retried(), f.IdledOut(), f.Resumed(), f.Placed(2400), f.Lifted(),
        f.Weighed(grams, "1"), f.Measured(chance.choice((300.0, 1500.0)), 250.0, 100.0, (5.0, 5.0, 5.0)),
        f.MeasureRefused("dark"), f.ProvenReady(), f.NotReady(chance.choice(DEVICES), "jam"), f.Paid(key, won, "A2"),
        f.NotPaid(key, not_paid), f.PaymentUnknown(key), f.Reversed(key, won), f.NumberIssued(NUMBER),
        f.LabelPrinted("L"), f.LabelScanned(said_, grams), f.LabelAside(said_), f.ReceiptPrinted("P"),
        f.HatchOpened(grams != 30),
        f.HatchClosed(chance.random() < 0.5, 10, chance.choice((None, 0, grams))),
        f.Faulted(chance.choice(DEVICES), chance.choice(CODES)), f.IdledOut(), f.Resumed(),
        f.StaffSettled(chance.choice(("reversal_unsure", "payment_unsure")), key),
    ))  # fmt: skip


def check(before: Parcel, fact: f.Fact, after: Parcel, quiet: bool) -> None:
    """What test_flow holds over all states, held here over whole visits, and what a restart may not do."""
    said = dict(_rules(before, fact, after, quiet))
    broken = [name for name, holds in said.items() if not holds]
    if broken:
        raise Broken("; ".join(broken))


def _rules(before: Parcel, fact: f.Fact, after: Parcel, quiet: bool) -> Iterator[tuple[str, bool]]:
    todo, old, new = after.todo, before.draft, after.draft
    if any(isinstance(c, f.Charge) for c in todo):
        yield "a charge only from proof of readiness", (before.step, type(fact)) == (Step.READY, f.ProvenReady)
        yield "no charge while one is open", not old.paid_won
    if old.approval and old.paid_won and not new.paid_won:
        yield "money is not forgotten", isinstance(fact, f.Reversed | f.NotPaid)
    if isinstance(fact, f.Paid) and fact.key == old.paid_key and before.step != Step.OVER:
        yield "an approval is heard", bool(new.approval or new.reversing or new.outcome == "reversed")
    if after.step == Step.OVER and before.step != Step.OVER and new.paid_won:
        called = any(isinstance(c, f.CallStaff) for c in todo)
        yield "paid and over is settled", called or new.outcome in SETTLED
    if after.step == Step.DONE and before.step not in (Step.DONE, Step.RECEIPT):
        yield "done only on the hatch's evidence", isinstance(fact, f.HatchClosed) and fact.present
    if any(isinstance(c, f.OpenHatch) for c in todo):
        yield "the hatch opens on a scan or a retry", isinstance(fact, f.LabelScanned | f.Retried)
    if any(isinstance(c, f.PrintLabel) and c.number != new.number for c in todo):
        yield "one number", False
    moves = any(isinstance(c, ACTUATING) for c in todo)
    yield "nothing moves after a restart before someone speaks", not (quiet and moves)


def _line(chance: random.Random) -> None:
    """A line of the link, sound or broken: an item or nothing, never an exception."""
    message = {
        "type": chance.choice(("intent", "ask", "x")), "name": chance.choice(NAMES), "seq": chance.choice(VALUES),
        "args": {"a": chance.choice(VALUES)}, "ask": "address", "n": 1, "text": chance.choice(TEXTS),
    }  # fmt: skip
    line = bytearray(json.dumps(message).encode())
    for _ in range(chance.randint(0, 3)):
        line[chance.randrange(len(line))] = chance.randrange(256)
    parse(bytes(line[: chance.randint(0, len(line))]), lambda message: None)


def part(first: int, count: int) -> Json:
    """Examples `first` to `first + count` as one result."""
    walker, started = Walker(), time.monotonic()
    problems: list[str] = []
    for seed in range(first, first + count):
        try:
            walker.example(seed)
        except Broken as broken:
            problems.append(str(broken))
    return {
        "case": f"fuzz-{first:07d}", "n": count, "outcome": sorted(walker.outcomes), "outcomes": dict(walker.outcomes),
        "steps": sorted(walker.steps), "problems": problems[:20], "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip


def evidence(folder: Path, examples: int, say: Callable[[str], object]) -> bool:
    """All examples in parts, resumed; True when nothing broke and every step was met."""
    results = Results(folder, "fuzz")
    for first in range(0, examples, PART):
        if f"fuzz-{first:07d}" not in results.rows:
            row = part(first, PART)
            results.add(row)
            say(f"{row['case']}: {'; '.join(row['problems']) or 'well'} ({row['seconds']:.0f} s)")
    outcomes: Counter[str] = sum((Counter(row["outcomes"]) for row in results.rows.values()), Counter())
    met = {step for row in results.rows.values() for step in row["steps"]}
    missed, n = sorted(set(Step) - met), sum(row["n"] for row in results.rows.values())
    say(f"fuzz: n = {n} visits, code {results.code}: {dict(outcomes.most_common())}")
    say(f"  steps never met: {', '.join(missed) or 'none'}; parts in which something broke: {len(results.bad)}")
    return not results.bad and not missed
