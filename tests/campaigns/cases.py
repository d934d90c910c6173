"""Made-up cases for the rules alone: also what this branch cannot meet, because it hands out no cash and knows no sex.

What customers meet at the counter is in visits.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kiosk.services.bank.case import APP, CALL, FAMILY, PREPAY, SECRET, TOLD, Act, Action, Answer, Book, Case, Credit
from kiosk.services.bank.shield import assess

SEED = 6
MOVES_OUT = 10**9


@dataclass(frozen=True)
class Script:
    """One customer: what they want, what is true of them, and how they answer."""

    name: str
    led: bool
    case: Case
    truth: frozenset[str]  # questions to which yes would be true
    lies: bool  # told to say no to everything
    ms: int  # how long one answer takes, in the middle

    @property
    def age(self) -> int | None:
        """Years."""
        return self.case.age

    def answer(self, question: str, turn: int) -> Answer:
        """What they press, and when; answers of one person differ by up to a fifth."""
        spread = 0.8 + 0.4 * random.Random(f"{self.ms}-{turn}").random()
        return Answer(question, question in self.truth and not self.lies, round(self.ms * spread))


class Somebody(Protocol):
    """Whose dialogue it was."""

    @property
    def name(self) -> str:
        """The story."""

    @property
    def led(self) -> bool:
        """Whether somebody leads them."""

    @property
    def age(self) -> int | None:
        """Years."""


@dataclass(frozen=True)
class Ending:
    """How a dialogue ended: whether money moved at once, what stood against it, and how much was asked."""

    who: Somebody
    interrupted: bool
    by: frozenset[str]
    spoke: frozenset[str]  # rules that said anything at all
    asked: int


def talk(script: Script, book: Book) -> Ending:
    """The dialogue to its end: every question answered, then the last word of the rules."""
    answers: tuple[Answer, ...] = ()
    said = assess(script.case, answers, book)
    while said.questions and not said.stopped:
        answers = (*answers, script.answer(said.questions[0], len(answers)))
        said = assess(script.case, answers, book)
    by = frozenset(finding.rule for finding in said.findings if finding.action >= Action.HOLD)
    return Ending(script, bool(by), by, frozenset(finding.rule for finding in said.findings), len(answers))


def won(rng: random.Random, low: int, high: int) -> int:
    """A sum in ten thousands, small ones oftener."""
    return int(low * (high / low) ** rng.random()) // 10_000 * 10_000


def person(rng: random.Random) -> dict[str, object]:
    return {"age": rng.randint(19, 89), "sex": rng.choice("MF"), "balance_won": MOVES_OUT}


Story = Callable[[random.Random], tuple[Case, frozenset[str]]]


def _rent(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.TRANSFER, won(rng, 300_000, 900_000)), frozenset()


def _family_gift(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.TRANSFER, won(rng, 50_000, 3_000_000)), frozenset()


def _purchase(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.TRANSFER, won(rng, 20_000, 900_000), payee_known=False), frozenset()


def _craftsman(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.TRANSFER, won(rng, 1_000_000, 6_000_000), payee_known=False), frozenset()


def _own_account(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.TRANSFER, won(rng, 100_000, 9_000_000), payee_own=True), frozenset()


def _bill(rng: random.Random) -> tuple[Case, frozenset[str]]:
    biller = rng.random() < 0.8
    return _case(rng, Act.BILL, won(rng, 10_000, 400_000), payee_known=False, payee_biller=biller), frozenset()


def _lease(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.TRANSFER, won(rng, 10_000_000, 90_000_000), payee_known=False), frozenset()


def _salary(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """Wages have just come in by transfer, and some are passed on."""
    came = Credit(won(rng, 2_000_000, 4_000_000), rng.randint(0, 7200))
    case = _case(rng, Act.TRANSFER, won(rng, 300_000, 3_000_000))
    return replace(case, credits=(came,), balance_won=came.won + won(rng, 100_000, 3_000_000)), frozenset()


def _cash(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.CASH_OUT, won(rng, 20_000, 1_000_000), cash_outs_24h=rng.choice((0, 0, 0, 1, 2))), frozenset()


def _paying_in(rng: random.Random) -> tuple[Case, frozenset[str]]:
    return _case(rng, Act.DEPOSIT, won(rng, 50_000, 550_000)), frozenset()


def _borrowing(rng: random.Random) -> tuple[Case, frozenset[str]]:
    block = "set" if rng.random() < 0.02 else "clear"
    return _case(rng, Act.LOAN, trusted=rng.random() < 0.1, block=block), frozenset()


def _ending_a_deposit(rng: random.Random) -> tuple[Case, frozenset[str]]:
    case = _case(rng, Act.BREAKING, won(rng, 1_000_000, 30_000_000))
    return replace(case, wants_cash=rng.random() < 0.2, upset=rng.random() < 0.05), frozenset()


#: Ordinary business, and its share in per cent.
HONEST: tuple[tuple[str, int, Story], ...] = (
    ("rent", 17, _rent), ("family gift", 19, _family_gift), ("purchase", 15, _purchase),
    ("craftsman", 5, _craftsman), ("own account", 11, _own_account), ("bill", 14, _bill), ("lease", 1, _lease),
    ("salary", 3, _salary), ("cash", 9, _cash), ("paying in", 3, _paying_in), ("borrowing", 2, _borrowing),
    ("ending a deposit", 1, _ending_a_deposit),
)  # fmt: skip


def _authority(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """'This is the prosecutor': move everything to a safe account, tell nobody, stay on the line."""
    case = _case(rng, Act.TRANSFER, won(rng, 3_000_000, 60_000_000), payee_known=False)
    return case, frozenset({TOLD, SECRET} | maybe(rng, 0.8, CALL) | maybe(rng, 0.5, APP))


def _cheap_loan(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """'Pay the old loan back first, then the cheap one comes.'"""
    case = _case(rng, Act.TRANSFER, won(rng, 1_000_000, 15_000_000), payee_known=False)
    return case, frozenset({TOLD, PREPAY} | maybe(rng, 0.4, CALL) | maybe(rng, 0.5, APP))


def _messenger(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """'Mum, my telephone is broken.'"""
    case = _case(rng, Act.TRANSFER, won(rng, 400_000, 6_000_000), payee_known=False)
    return case, frozenset({TOLD, FAMILY} | maybe(rng, 0.1, CALL) | maybe(rng, 0.6, APP))


def _investment(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """A platform with wonderful gains; nobody seems to have told the victim anything."""
    case = _case(rng, Act.TRANSFER, won(rng, 500_000, 40_000_000), payee_known=rng.random() < 0.4)
    return case, frozenset(maybe(rng, 0.25, APP))


def _loaned(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """Made to borrow, and to pass the loan on while it is fresh."""
    came = Credit(won(rng, 3_000_000, 30_000_000), rng.randint(60, 5400))
    case = _case(rng, Act.TRANSFER, came.won - 10_000, payee_known=False)
    case = replace(case, credits=(came,), balance_won=came.won + 200_000)
    return case, frozenset({TOLD} | maybe(rng, 0.6, CALL) | maybe(rng, 0.4, APP))


def _made_to_borrow(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """Made to apply for a loan in the first place; one in five has set the safety block."""
    block = "set" if rng.random() < 0.2 else "clear"
    return _case(rng, Act.LOAN, trusted=rng.random() < 0.1, block=block), frozenset({TOLD})


def _made_to_cash(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """Made to end a deposit and to take cash home, where somebody fetches it."""
    case = _case(rng, Act.BREAKING, won(rng, 5_000_000, 50_000_000))
    return replace(case, wants_cash=True, no_reason=rng.random() < 0.8, upset=rng.random() < 0.7), frozenset({TOLD})


def _cash_and_cash(rng: random.Random) -> tuple[Case, frozenset[str]]:
    """Made to draw cash again and again."""
    case = _case(rng, Act.CASH_OUT, won(rng, 500_000, 6_000_000), cash_outs_24h=rng.randint(0, 4))
    return case, frozenset({TOLD} | maybe(rng, 0.6, CALL))


#: Fraud, and its share in per cent.
LED: tuple[tuple[str, int, Story], ...] = (
    ("authority", 30, _authority), ("cheap loan", 17, _cheap_loan), ("messenger", 18, _messenger),
    ("investment", 13, _investment), ("loaned", 8, _loaned), ("made to borrow", 5, _made_to_borrow),
    ("made to cash", 4, _made_to_cash), ("cash and cash", 5, _cash_and_cash),
)  # fmt: skip


def _case(rng: random.Random, act: Act, sum_won: int = 0, **known: object) -> Case:
    """A case of somebody; one in five is new here, few have not moved money at a machine for a year or have F7, F8."""
    agreed = {"delays": rng.random() < 0.03, "designates": rng.random() < 0.02}
    idle = 400 if rng.random() < 0.03 else rng.randint(0, 60)
    here = {"transfers_here": 0 if rng.random() < 0.2 else 3, "idle_days": idle, **agreed, **known}
    return Case(act, sum_won, **{**person(rng), **here})  # type: ignore[arg-type]  # fields by name


def maybe(rng: random.Random, share: float, question: str) -> set[str]:
    """This question, in so large a share of cases."""
    return {question} if rng.random() < share else set()


def _pick(rng: random.Random, stories: Sequence[tuple[str, int, Story]]) -> tuple[str, Story]:
    name, _, story = rng.choices(stories, [share for _, share, _ in stories])[0]
    return name, story


def honest(number: int) -> Script:
    """An ordinary customer: few are on the telephone (and say so), few press at once."""
    rng = random.Random(f"{SEED}-honest-{number}")
    name, story = _pick(rng, HONEST)
    case, truth = story(rng)
    signs = frozenset({"phone_at_ear"}) if rng.random() < 0.01 else frozenset[str]()
    case = replace(case, signs=signs, payee_listed=rng.random() < 0.0005)
    quick = 2000 if rng.random() < 0.02 else 0
    return Script(name, False, case, truth | maybe(rng, 0.02, CALL), False, quick or pace(rng))


def led(number: int) -> Script:
    """A victim: a third answer truly, the others were told to say no; half of those press it at once."""
    rng = random.Random(f"{SEED}-led-{number}")
    name, story = _pick(rng, LED)
    case, truth = story(rng)
    signs = frozenset({"phone_at_ear"}) if CALL in truth and rng.random() < 0.3 else frozenset[str]()
    alarm = bool(signs) and rng.random() < 0.3
    case = replace(case, signs=signs, alarm=alarm, payee_listed=rng.random() < 0.15)
    believes = name == "investment"
    lies = not believes and rng.random() < 0.65
    rehearsed = lies and rng.random() < 0.5
    return Script(name, True, case, truth, lies, 1700 if rehearsed else pace(rng))


def pace(rng: random.Random) -> int:
    """Milliseconds of one answer: six seconds in the middle, never under two and a half."""
    return max(2500, round(rng.lognormvariate(8.7, 0.35)))


def scripts(n: int) -> list[Script]:
    """n ordinary customers and n people being led."""
    return [*map(honest, range(n)), *map(led, range(n))]
