"""A customer at the counter's own flow, before a bank that is told what to say and a clock that is told when to go.

What the flow asks for is answered as teller, scribe and bell answer it; holds are kept and found by the scribe's own
rule. Nothing of the shield is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.identification import facts as n
from kiosk.intake import facts as i
from kiosk.intake import holds
from kiosk.officer import facts as o
from kiosk.services.bank import caution, flow
from kiosk.services.bank import draft as d
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Draft, Step

Reply = Callable[[str], tuple[bool, int]]
CARD, BANK, NAME = "9999-99**-****-0018", "990", "홍새벽"
DAY = 86_400.0
VISITS = count(1)
PROFILE = b.ProfileTold(45, blocks=(), last_machine_transfer="2026-07-01")
SAME, TOLD = b.NameCompared(True), b.TrustedTold("loan")
#: What a bank is asked under card and PIN alone.
UNDER_A_CARD = (b.AskProfile, b.AskBalance, b.AskEntries, b.AskPayee, b.CompareName, b.TellTrusted, b.SetBlock)
#: One entry of an account as EntriesTold has it.
Row = tuple[str, str, int, int, str]


def slowly_no(question: str) -> tuple[bool, int]:
    """No, as an honest reader says it."""
    return False, 6000


@dataclass
class World:
    """What stands behind the wires: the bank's words, the branch's memory, the officers' desk, and what time it is."""

    now: datetime = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
    profile: b.ProfileTold = PROFILE
    balance_won: int = 10**9
    rows: list[Row] = field(default_factory=list)  # newest first
    whole: bool = True
    cards: int = 99  # how often a card is put in by itself
    payees: dict[str, b.PayeeTold] = field(default_factory=dict)
    same_name: f.Fact = SAME
    told: f.Fact = TOLD
    officer: tuple[f.Fact, ...] = ()  # what comes of a call, one word after another; `{request}` is filled in
    holds: list[i.HoldKept] = field(default_factory=list)
    sent: list[b.SendOrder] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    asked: list[f.Command] = field(default_factory=list)
    given: set[str] = field(default_factory=set)  # visits whose card and PIN are kept

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.now += timedelta(seconds=seconds)

    @property
    def iso(self) -> str:
        """Now, as facts have it."""
        return self.now.isoformat(timespec="seconds")

    def books(self, won: int, kind: str, note: str = "", ago_s: float = 0) -> None:
        """An entry of the account; more is negative where it goes out."""
        self.rows.insert(0, ((self.now - timedelta(seconds=ago_s)).isoformat(), kind, won, self.balance_won, note))

    def hears(self, command: f.Command, visit: str = "") -> f.Fact | None:
        """What comes of a command; as the teller has it, the bank is asked nothing without the visit's card."""
        self.asked.append(command)
        match command:
            case b.ForgetCard():
                self.given.discard(visit)
            case b.AskCard() if self.cards:
                self.cards -= 1
                return b.CardGiven(BANK, CARD)
            case b.SendOrder(key) if visit not in self.given:
                return b.OrderDeclined(key, "no_card")
            case _ if type(command) in UNDER_A_CARD and visit not in self.given:
                return b.BankDeclined(type(command).__name__, "no_card")
        return self._bank(command) or self._memory(command) or self._branch(command)

    def _bank(self, command: f.Command) -> f.Fact | None:
        match command:
            case b.AskProfile():
                return self.profile
            case b.AskBalance():
                return b.BalanceTold(self.balance_won, self.balance_won)
            case b.AskEntries():
                return b.EntriesTold(tuple(self.rows), self.whole)
            case b.AskPayee(_, account):
                return self.payee(account.bank, account.number)
            case b.CompareName():
                return self.same_name
            case b.TellTrusted():
                return self.told
            case b.SetBlock(_, block):
                return b.BlockSet(block.value)
            case b.SendOrder():
                return self._sends(command)
        return None

    def _memory(self, command: f.Command) -> f.Fact | None:
        match command:
            case i.LookHold():
                return holds.known(command, self.holds, b"k" * 32, self.now, DAY)
            case i.KeepHold():
                self.holds.append(holds.kept(command, b"k" * 32, self.now))
                return self.holds[-1]
            case i.NoteJudgement(record):
                self.judged.append(record)
                return i.Judged(record)
        return None

    def _branch(self, command: f.Command) -> f.Fact | None:
        match command:
            case f.CheckReady():
                return f.ProvenReady()
            case n.CountAttempt():
                return n.AttemptCounted("m")
            case n.CheckDocument(kind, name):
                return n.DocumentChecked(kind, "verified", name=name)
            case o.CallOfficer(request) | o.WatchOfficer(request) if self.officer:
                said, *rest = self.officer
                self.officer = tuple(rest)
                return replace(said, request=request)  # type: ignore[call-arg]  # each of them is about a request
        return None

    def payee(self, bank: str, number: str) -> b.PayeeTold:
        """Somebody new whom nobody has reported, unless told otherwise."""
        known = self.payees.get(number, b.PayeeTold("", "", "마바사", False, paid_before=False, suspected=False))
        return replace(known, bank=bank, number=number)

    def _sends(self, command: b.SendOrder) -> f.Fact:
        self.sent.append(command)
        won, kind = command.order.won, command.order.kind
        if kind == "delayed":
            self.profile = replace(self.profile, scheduled_won=(self.profile.scheduled_won or 0) + won)
            return b.OrderScheduled(command.key, won, "R1", self.iso)
        self.balance_won -= won
        self.books(-won, "bill" if kind == "bill" else "transfer_out", command.order.payee_name)
        return b.OrderDone(command.key, won, "R1")


class Customer:
    """One visit. `does` brings facts; whatever the flow asks for is answered until it waits for the customer again."""

    def __init__(self, world: World, desk: Desk) -> None:
        self.world, self._desk = world, desk
        self.at: At[Step, Draft] = flow.begin(f.VisitStarted("bank", "ko", f"v{next(VISITS)}"))

    def does(self, *facts: f.Fact) -> Step:
        """One after another."""
        for each in facts:
            waiting = [each]
            while waiting:
                fact, visit = waiting.pop(0), self.at.draft.visit
                if isinstance(fact, b.CardGiven):
                    self.world.given.add(visit)
                self.at = flow.step(self.at, fact, self._desk)
                said = (self.world.hears(command, visit) for command in self.at.todo)
                waiting += [told for told in said if told is not None]
        return self.at.step

    def pays(
        self, number: str, won: int, what: str = "transfer", says: Reply = slowly_no, signs: str = "",
    ) -> Step:  # fmt: skip
        """An order to its last screen before it is sent, or to whatever stands against it."""
        if self.at.step == Step.START:
            self.does(d.KindChosen("account"))
        self.does(d.BusinessChosen(what))
        if what == "bill":
            self.does(i.BillRead("991", won, number, "202607001"))
        else:
            self.does(d.PayeeBankChosen("991"), d.PayeeNumberGiven(number))
        self.does(d.AmountGiven(won, self.world.iso, signs))
        return self.replies(says)

    def replies(self, says: Reply) -> Step:
        """Every question, each after the time that it takes."""
        if self.at.step == Step.ASK_FIRST:
            self.does(d.Begun(self._ms))
        while self.at.step == Step.ASK:
            question = caution.assessment(self.at, self._desk).questions[0]
            yes, ms = says(question)
            self.world.passes(ms / 1000)
            self.does(d.Answered(question, yes, self._ms))
        return self.at.step

    def agrees(self, delayed: bool = False) -> Step:
        """The order as it stands is sent."""
        return self.does(d.OrderAgreed(self.at.draft.won, delayed, self.world.iso))

    def applies(self, product: str, ask: Iterable[f.Fact], says: Reply = slowly_no) -> Step:
        """For a product, from the shelf on, its holder proven by these; to the form or to what stands against it."""
        found = self._desk.shelf.find(product)
        assert found is not None
        self.does(d.KindChosen(found.kind), d.ProductChosen(product), d.ApplyAsked())
        self.does(*(d.Understood(each.id, "ko", "0" * 64) for each in found.disclosures))
        self.does(*(d.Replied(each.id, each.hoped) for each in found.questions), f.Confirmed())
        self.does(*ask)
        return self.replies(says)

    @property
    def rules(self) -> set[str]:
        """Which rules say anything now."""
        return {each.rule for each in caution.assessment(self.at, self._desk).findings}

    @property
    def _ms(self) -> int:
        return round(self.world.now.timestamp() * 1000)


def shows(name: str = NAME) -> tuple[f.Fact, ...]:
    """A resident card, typed, and checked."""
    fields = (("name", name), ("number", "9000002000001"), ("issued", "20210304"))
    given: tuple[Any, ...] = tuple(n.FieldGiven(each, text) for each, text in fields)
    begun = (n.ConsentGiven("intake", "1", "0" * 64), n.DocumentChosen("resident_card"), n.ReadAsked(False))
    return (*begun, *given, f.Confirmed())


#: Card and PIN of an account in the document's name prove its holder.
BY_CARD = (*shows(), n.HolderAsked("card"), f.Confirmed())
#: A live officer proves the holder; card and PIN are asked for afterwards.
BY_OFFICER = (*shows(), n.HolderAsked("officer"), f.Confirmed())
