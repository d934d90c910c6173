"""Made-up visitors of the counter: ordinary customers and people being led, each walked through the branch's own flow.

A visitor brings what the branch really has: the bank's word on age, entries and payee, no sex, no cash, no lobby camera
(off as shipped). The shield is the one behind the screens, with its waits, its sums of a day and its notices.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from kiosk.banking import facts as b
from kiosk.services.bank import caution
from kiosk.services.bank.case import APP, CALL, FAMILY, PREPAY, SECRET, TOLD, Action
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Step
from tests.campaigns.cases import MOVES_OUT, SEED, Ending, maybe, pace, won
from tests.kiosk.bank.customer import BY_CARD, DAY, Customer, World

LOAN = "hanbit-living"
#: Made-up accounts: somebody paid before, somebody new, another who is new, the customer's own, a biller.
OLD, NEW, OTHER, OWN, BILLER = (f"9990000000000{n}" for n in range(1, 6))


@dataclass(frozen=True)
class Order:
    """Money to be moved: to whom, won, and by which business (transfer, delayed, bill)."""

    payee: str
    won: int
    what: str = "transfer"


@dataclass(frozen=True)
class Visitor:
    """Somebody at the counter: what they want (no order: a loan), what is true of them, and how they answer."""

    name: str
    led: bool
    age: int
    orders: tuple[Order, ...]
    truth: frozenset[str]  # questions to which yes would be true
    lies: bool  # told to say no to everything
    ms: int  # how long one answer takes, in the middle
    came_won: int = 0  # by a transfer, so many seconds ago; what else is there is plenty unless money came
    came_s: int = 0
    sent_won: int = 0  # earlier within the day
    profile: b.ProfileTold = field(default_factory=b.ProfileTold)
    payees: tuple[tuple[str, b.PayeeTold], ...] = ()

    def world(self) -> World:
        """The bank as it knows this customer."""
        place = World(profile=self.profile, payees=dict(self.payees), balance_won=MOVES_OUT)
        if self.sent_won:
            place.books(-self.sent_won, "transfer_out", ago_s=DAY / 3)
        if self.came_won:
            place.balance_won = self.came_won + 300_000
            place.books(self.came_won, "transfer_in", ago_s=self.came_s)
        return place

    def says(self, question: str, turn: int) -> tuple[bool, int]:
        """What they press, and after how long; answers of one person differ by up to a fifth."""
        spread = 0.8 + 0.4 * random.Random(f"{self.ms}-{turn}").random()
        return question in self.truth and not self.lies, round(self.ms * spread)


def visit(visitor: Visitor, desk: Desk) -> Ending:
    """Through the flow to the end: all is sent, or something stands against it."""
    place, asked = visitor.world(), 0
    by, spoke = set[str](), set[str]()

    def says(question: str) -> tuple[bool, int]:
        nonlocal asked
        asked += 1
        return visitor.says(question, asked - 1)

    for order in visitor.orders or (None,):
        guest = Customer(place, desk)
        if order is None:
            step = guest.applies(LOAN, BY_CARD, says)
        else:
            step = guest.pays(order.payee, order.won, order.what, says)
        findings = caution.assessment(guest.at, desk).findings
        spoke |= {each.rule for each in findings}
        if step not in (Step.CONFIRM, Step.WISH):
            by |= {each.rule for each in findings if each.action >= Action.HOLD}
            break
        if order is not None:
            guest.agrees()
            assert guest.at.step == Step.SENT, (visitor, guest.at.step)
    return Ending(visitor, bool(by), frozenset(by), frozenset(spoke), asked)


def comes_again(visitor: Visitor, desk: Desk, after_s: int) -> bool:
    """Whether somebody who was told to wait gets the same order through by coming again so much later, denying all."""
    place = visitor.world()
    order = visitor.orders[0]
    first = Customer(place, desk)
    first.pays(order.payee, order.won, order.what, lambda question: visitor.says(question, 0))
    place.passes(after_s)
    return Customer(place, desk).pays(order.payee, order.won, order.what) == Step.CONFIRM


Made = tuple[dict[str, object], frozenset[str]]
Story = Callable[[random.Random], Made]


def _plain(what: str, payee: str, low: int, high: int) -> Story:
    """One order of an ordinary customer."""
    return lambda rng: ({"orders": (Order(payee, won(rng, low, high), what),)}, frozenset())


def _bill(rng: random.Random) -> Made:
    """Four of five issuers are confirmed by the bank."""
    payee = BILLER if rng.random() < 0.8 else NEW
    return {"orders": (Order(payee, won(rng, 10_000, 400_000), "bill"),)}, frozenset()


def _salary(rng: random.Random) -> Made:
    """Wages have just come in by transfer, and some are passed on."""
    came = won(rng, 2_000_000, 4_000_000)
    order = Order(OLD, min(came, won(rng, 300_000, 3_000_000)))
    return {"orders": (order,), "came_won": came, "came_s": rng.randint(0, 7200)}, frozenset()


def _loan(rng: random.Random) -> Made:
    return {"orders": ()}, frozenset()


#: Ordinary business, and its share in per cent.
HONEST: tuple[tuple[str, int, Story], ...] = (
    ("rent", 19, _plain("transfer", OLD, 300_000, 900_000)),
    ("family gift", 21, _plain("transfer", OLD, 50_000, 3_000_000)),
    ("purchase", 17, _plain("transfer", NEW, 20_000, 900_000)),
    ("craftsman", 6, _plain("transfer", NEW, 1_000_000, 6_000_000)),
    ("own account", 12, _plain("transfer", OWN, 100_000, 9_000_000)), ("bill", 16, _bill),
    ("sent later", 2, _plain("delayed", OLD, 100_000, 3_000_000)),
    ("lease", 1, _plain("transfer", NEW, 10_000_000, 90_000_000)), ("salary", 3, _salary), ("borrowing", 3, _loan),
)  # fmt: skip


def _authority(rng: random.Random) -> Made:
    """'This is the prosecutor': move everything to a safe account, tell nobody, stay on the line."""
    truth = frozenset({TOLD, SECRET} | maybe(rng, 0.8, CALL) | maybe(rng, 0.5, APP))
    return {"orders": (Order(NEW, won(rng, 3_000_000, 60_000_000)),)}, truth


def _cheap_loan(rng: random.Random) -> Made:
    """'Pay the old loan back first, then the cheap one comes.'"""
    truth = frozenset({TOLD, PREPAY} | maybe(rng, 0.4, CALL) | maybe(rng, 0.5, APP))
    return {"orders": (Order(NEW, won(rng, 1_000_000, 15_000_000)),)}, truth


def _messenger(rng: random.Random) -> Made:
    """'Mum, my telephone is broken.'"""
    truth = frozenset({TOLD, FAMILY} | maybe(rng, 0.1, CALL) | maybe(rng, 0.6, APP))
    return {"orders": (Order(NEW, won(rng, 400_000, 6_000_000)),)}, truth


def _investment(rng: random.Random) -> Made:
    """A platform with wonderful gains; nobody seems to have told the victim anything."""
    payee = OLD if rng.random() < 0.4 else NEW
    return {"orders": (Order(payee, won(rng, 500_000, 40_000_000)),)}, frozenset(maybe(rng, 0.25, APP))


def _loaned(rng: random.Random) -> Made:
    """Made to borrow, and to pass the loan on while it is fresh."""
    came = won(rng, 3_000_000, 30_000_000)
    known = {"orders": (Order(NEW, came - 10_000),), "came_won": came, "came_s": rng.randint(60, 5400)}
    return known, frozenset({TOLD} | maybe(rng, 0.6, CALL) | maybe(rng, 0.4, APP))


def _made_to_borrow(rng: random.Random) -> Made:
    return {"orders": ()}, frozenset({TOLD})


def _in_parts(rng: random.Random) -> Made:
    """As the prosecutor's, but told to stay below the sums at which somebody looks."""
    parts = tuple(Order(rng.choice((NEW, OTHER)), won(rng, 1_000_000, 9_900_000)) for _ in range(rng.randint(2, 4)))
    return {"orders": parts}, frozenset({TOLD, SECRET} | maybe(rng, 0.8, CALL))


def _sent_a_bill(rng: random.Random) -> Made:
    """A code to be held under the reader, in which the scammer's own account stands."""
    return {"orders": (Order(NEW, won(rng, 300_000, 20_000_000), "bill"),)}, frozenset({TOLD} | maybe(rng, 0.4, CALL))


def _sent_later(rng: random.Random) -> Made:
    """Told to choose the delayed transfer, because less is asked there."""
    truth = frozenset({TOLD, SECRET} | maybe(rng, 0.8, CALL) | maybe(rng, 0.5, APP))
    return {"orders": (Order(NEW, won(rng, 3_000_000, 60_000_000), "delayed"),)}, truth


#: Fraud, and its share in per cent.
LED: tuple[tuple[str, int, Story], ...] = (
    ("authority", 27, _authority), ("cheap loan", 16, _cheap_loan), ("messenger", 17, _messenger),
    ("investment", 13, _investment), ("loaned", 8, _loaned), ("made to borrow", 5, _made_to_borrow),
    ("in parts", 6, _in_parts), ("sent a bill", 5, _sent_a_bill), ("sent later", 3, _sent_later),
)  # fmt: skip


def _pick(rng: random.Random, stories: Sequence[tuple[str, int, Story]]) -> tuple[str, Story]:
    name, _, story = rng.choices(stories, [share for _, share, _ in stories])[0]
    return name, story


def _payees(listed: bool) -> tuple[tuple[str, b.PayeeTold], ...]:
    """What the bank says of everybody; `listed`: the new one is on the shared list."""
    plain = b.PayeeTold("", "", "마바사", reported=False, paid_before=False, suspected=False)
    return (
        (OLD, replace(plain, name="김가상", paid_before=True)), (NEW, replace(plain, reported=listed)), (OTHER, plain),
        (OWN, replace(plain, name="홍새벽", registered=True)), (BILLER, replace(plain, name="한글전기", biller=True)),
    )  # fmt: skip


def _profile(rng: random.Random, blocked: float) -> b.ProfileTold:
    """Few have not moved money at a machine for a year, or have F7, F8, F9 or a block."""
    last = "2025-06-01" if rng.random() < 0.03 else f"2026-0{rng.randint(5, 6)}-{rng.randint(1, 28):02d}"
    return b.ProfileTold(
        rng.randint(19, 89), delayed_transfers=rng.random() < 0.03, designated_payees=rng.random() < 0.02,
        trusted_person=rng.random() < 0.1, blocks=("lending",) if rng.random() < blocked else (),
        last_machine_transfer=last,
    )  # fmt: skip


def honest(number: int) -> Visitor:
    """An ordinary customer: few are on the telephone (and say so), few press at once, some sent something before."""
    rng = random.Random(f"{SEED}-counter-honest-{number}")
    name, story = _pick(rng, HONEST)
    known, truth = story(rng)
    profile, earlier = _profile(rng, 0.02), won(rng, 50_000, 2_000_000) if rng.random() < 0.15 else 0
    quick = 2000 if rng.random() < 0.02 else 0
    return Visitor(
        name, False, profile.age or 0, truth=truth | maybe(rng, 0.02, CALL), lies=False, ms=quick or pace(rng),
        sent_won=earlier, profile=profile, payees=_payees(rng.random() < 0.0005), **known,  # type: ignore[arg-type]  # by name
    )  # fmt: skip


def led(number: int) -> Visitor:
    """A victim: a third answer truly, the others were told to say no; half of those press it at once."""
    rng = random.Random(f"{SEED}-counter-led-{number}")
    name, story = _pick(rng, LED)
    known, truth = story(rng)
    profile = _profile(rng, 0.2 if name == "made to borrow" else 0.02)
    lies = name != "investment" and rng.random() < 0.65
    rehearsed = lies and rng.random() < 0.5
    return Visitor(
        name, True, profile.age or 0, truth=truth, lies=lies, ms=1700 if rehearsed else pace(rng), profile=profile,
        payees=_payees(rng.random() < 0.15), **known,  # type: ignore[arg-type]  # by name
    )  # fmt: skip


def visitors(n: int) -> list[Visitor]:
    """n ordinary customers and n people being led."""
    return [*map(honest, range(n)), *map(led, range(n))]
