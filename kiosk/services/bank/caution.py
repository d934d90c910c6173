"""The shield in the flow: the case it looks at, its questions, stops and pauses, the officer who may lift one. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from devices.counter import OfficerAnswer
from kiosk import facts as f
from kiosk.banking import contracts as c
from kiosk.banking import facts as b
from kiosk.flow import At, Intent, Line, Refusal, Situation, View
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.services.bank import draft as d
from kiosk.services.bank import looked, orders, records, shield
from kiosk.services.bank.case import Action, Answer, Assessment, Book
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.rules import Shelf, check_amount

Counter: TypeAlias = At[Step, Draft]
#: Waits that follow from a yes; no later answer takes them back.
ADMITTED = ("O3", "O4", "O6")
#: Where the bank offers no contract.
NOTHING = c.OfferRead("", "", "", "", (), "")


class Prover(Protocol):
    """The shared steps in which a document is shown and its holder proven (kiosk/identification)."""

    def begin(self, visit: str, before: Any = None, calls: int = 0, purpose: str = "intake") -> Any:
        """The first of them, under the consent for this purpose; what was tried, called and denied `before` in this
        visit still counts, and so do the officers called elsewhere in it."""

    def step(self, at: Any, fact: f.Fact) -> Any:
        """Where a fact leads; its `todo` is what is asked."""

    def result(self, at: Any) -> Any:
        """The Proof once it is there, why it was left (`cancelled`, `idle`, `ended`), else None."""

    def place(self, at: Any) -> str:
        """What tells its screens apart."""

    def name(self, at: Any) -> str:
        """The name on the checked document, in memory alone."""

    def holder(self, at: Any) -> tuple[tuple[str, ...], str]:
        """Names in every writing of the checked document, and the day of birth ('' unknown), in memory alone."""

    def agreed(self, at: Any) -> tuple[str, ...]:
        """The optional parts of its consent that were taken."""

    def calls(self, at: Any) -> int:
        """How many officers were called there."""

    def view(self, at: Any, now: Situation) -> View:
        """What is shown of it."""

    def hear(self, at: Any, intent: Intent, now: Situation) -> f.Fact:
        """What an intent means there."""


@dataclass(frozen=True)
class Desk:
    """What the flow stands on: products, rules of the shield, how a person is proven, whether contracts are signed."""

    shelf: Shelf
    book: Book
    prover: Prover | None = None
    contracts: bool = False


def judge(at: Counter, desk: Desk) -> Counter:
    """Ask the shield: go on, ask, pause or stop. Every word of it that is not a question is written down."""
    known = at.draft
    if above := too_much(known):
        return at.to(Step.AMOUNT, notice=above.id, notice_won=above.args.get("won"))
    seen = known.case or looked.case(known, known.kind)
    said = shield.assess(seen, known.answers, desk.book)
    keep = _kept(at.stay(case=seen), said)
    at = at.stay(case=seen, holding=known.holding or bool(keep), keeping=(*known.keeping, *keep))
    if said.questions and said.moves_by_officer:
        return at.to(Step.ASK_FIRST if known.since_ms < 0 else Step.ASK, *keep)
    note = i.NoteJudgement(record(at, desk, known.override))
    if known.override is None and said.stopped:
        return at.to(Step.STOP_WHY, note, *keep)
    if known.override is None and said.worst >= Action.HOLD:
        return at.to(Step.PAUSE, note, *keep)
    if said.asks(Action.NOTIFY):
        return at.to(Step.TELLING, note, b.TellTrusted(known.key, "loan"), asked=known.asked + 1)
    return onward(at, desk, note)


def too_much(known: Draft) -> Line | None:
    """The limit that the sum of an order is above, named, as soon as the bank has told it."""
    if known.business != "account" or known.balance is None or known.profile is None:
        return None
    limits = known.profile.transfer_limit_won, known.profile.day_left_won
    try:
        check_amount(known.won, known.balance.available_won, *limits)
    except Refusal as refusal:
        return refusal.line
    return None


def _kept(at: Counter, said: Assessment) -> tuple[i.KeepHold, ...]:
    """A hold is remembered for card and payee, so that coming again does not end it.

    What was admitted is remembered at once, also of somebody who then leaves the other questions unanswered.
    """
    holds = [each.seconds for each in said.findings
             if each.action == Action.HOLD and (not said.questions or each.rule in ADMITTED)]  # fmt: skip
    if not holds or at.draft.holding or (at.draft.case is not None and at.draft.case.held_s is not None):
        return ()
    return (i.KeepHold(max(holds), at.draft.card, about(at.draft), _for_all(at.draft)),)


def _for_all(known: Draft) -> bool:
    """Whether others who pay there wait too: not for a product, nor for an issuer of bills whom the bank knows."""
    return known.business == "account" and not (known.payee is not None and known.payee.biller)


def about(known: Draft) -> str:
    """Whom the hold is about; an application has its product."""
    return known.product if known.business != "account" else looked.account(known)


def onward(at: Counter, desk: Desk, *todo: f.Command) -> Counter:
    """Nothing speaks against it any more."""
    if at.draft.business == "contract":
        return at.to(Step.COMPARING, *todo, _signer(at, desk))
    if at.draft.business != "account":
        return at.to(Step.WISH, *todo)
    agreed = at.draft.profile is not None and at.draft.profile.delayed_transfers
    own = at.draft.payee is not None and at.draft.payee.registered
    kind = "delayed" if agreed and not own and at.draft.what == "transfer" else at.draft.what
    return at.to(Step.CONFIRM, *todo, order_kind=kind)


def _signer(at: Counter, desk: Desk) -> c.CompareSigner:
    """Is whoever was proven here the person whom the bank's offer names?"""
    offer, names, birth = at.draft.offer or NOTHING, tuple[str, ...](), ""
    if desk.prover is not None:
        names, birth = desk.prover.holder(at.draft.identity)
    return c.CompareSigner(at.draft.key, names, birth, offer.signer, offer.birth)


def assessment(at: Counter, desk: Desk) -> Assessment:
    """What the rules say here."""
    return shield.assess(at.draft.case or looked.case(at.draft, at.draft.kind), at.draft.answers, desk.book)


def telling(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """F9: on with the bank's word that the trusted person hears of it; without it, staff sees to it."""
    if at.step != Step.TELLING:
        return None
    match fact:
        case b.TrustedTold():
            return onward(at.stay(notice="shield.F9"), desk)
        case b.BankDeclined() | f.Faulted("bank_host" | "branch"):
            untold = f.CallStaff("trusted_untold", f"{at.draft.visit}-q{at.draft.asked}")
            return onward(at.stay(notice="bank.notice.trusted_untold"), desk, untold)
    return None


def looking(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """The bank is asked for what the shield wants to know; when all has come, it is asked itself."""
    if at.step != Step.LOOKING:
        return None
    match fact:
        case b.ProfileTold():
            idle = looked.idle_days(at.draft, fact) if at.draft.at else None
            at = at.stay(profile=fact, idle_days=idle)
        case b.BalanceTold():
            at = at.stay(balance=fact)
        case b.EntriesTold():
            at = at.stay(entries=fact)
        case i.HoldKnown():
            at = at.stay(hold=fact, looked=True)
        case b.BankDeclined(_, "no_card") if at.draft.business == "account":
            return orders.anew(at)
        case b.BankDeclined(_, why, limit):
            return _no_word(at, f"bank.declined.{why}", limit)
        case f.Faulted("bank_host" | "branch"):
            return _no_word(at, "bank.notice.no_bank", None)
        case _:
            return None
    return judge(at, desk) if _complete(at.draft) else at


def _complete(known: Draft) -> bool:
    """An application needs the profile and whether a hold stands; an order also balance and entries."""
    if known.profile is None or not known.looked:
        return False
    return known.business != "account" or (known.balance is not None and known.entries is not None)


def _no_word(at: Counter, notice: str, limit: int | None) -> Counter:
    """Without the bank's word nothing goes on."""
    if at.draft.business == "account":
        return at.to(Step.ACCOUNT, notice=notice, notice_won=limit)
    return at.to(Step.UNPROVEN, notice=notice)


def asking(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Plain questions, one by one, each with the time it took."""
    match at.step, fact:
        case Step.ASK_FIRST, d.Begun(at_ms):
            return at.to(Step.ASK, since_ms=at_ms)
        case Step.ASK_FIRST, d.SlipAsked() if at.draft.leaflet == "":
            return at.stay(f.PrintReceipt(f"{at.draft.visit}-F{at.draft.asked}", "leaflet"), leaflet="printing")
        case (Step.ASK_FIRST | Step.ASK), (f.ReceiptPrinted() | f.Faulted("receipt_printer")):
            return at.stay(leaflet="printed" if isinstance(fact, f.ReceiptPrinted) else "failed")
        case Step.ASK, d.Answered(question, yes, at_ms, signs):
            at = seen(at, signs)
            asked = assessment(at, desk).questions
            if question not in asked[:1]:
                return at.stay()
            given = Answer(question, yes, max(0, at_ms - at.draft.since_ms))
            return judge(at.stay(answers=(*at.draft.answers, given), since_ms=at_ms), desk)
    return None


def seen(at: Counter, signs: str) -> Counter:
    """What the lobby camera sees while the questions are asked counts for this decision too."""
    if not signs or at.draft.case is None or at.draft.business != "account":
        return at
    known = at.draft.case.signs | set(signs.split(","))
    return at.stay(signs=tuple(sorted(known)), case=replace(at.draft.case, signs=known))


def counted(at: Counter, fact: f.Fact) -> Counter:
    """No call's id is used twice, though a restart may fold past the call itself: what asked for it is not written."""
    if not isinstance(fact, o.OfficerSaid | o.OfficerAnswered | o.AnswerDoubted):
        return at
    visit, _, number = fact.request.rpartition("-o")
    known = int(number) if visit == at.draft.visit and number.isdigit() else 0
    return at.stay(officers=known) if known > at.draft.officers else at


def kept(at: Counter, fact: f.Fact) -> Counter:
    """A wait that was asked for is owed until it is written down; a restart asks for it once more."""
    return at.stay(keeping=at.draft.keeping[1:]) if isinstance(fact, i.HoldKept) else at


def record(at: Counter, desk: Desk, override: records.Override | None, choice: str = "") -> str:
    """A decision as it is written down: never with what the lobby camera saw.

    A sign by itself asks questions and decides nothing: it is left out. With the bank's alarm it fetches an officer, so
    that how many there were, and not which, is an input of the decision.
    """
    whole = at.draft.case or looked.case(at.draft, at.draft.kind)
    seen = replace(whole, signs=frozenset(f"sign {n}" for n, _ in enumerate(whole.signs, 1) if whole.alarm))
    return records.dump(records.Record(seen, at.draft.answers, desk.book, (), override, choice))


def paused(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Two steps each: why, then what to do now. An officer may be fetched where an officer may help."""
    said = assessment(at, desk) if at.step in (Step.STOP_WHY, Step.PAUSE, Step.PAUSE_WAIT, Step.OFFICER) else None
    match at.step, fact:
        case (Step.STOP_WHY | Step.PAUSE | Step.PAUSE_WAIT), d.OfficerAsked() if said and may_call(at.draft, said):
            return _call(at, said)
        case Step.STOP_WHY, f.Back() if said and other_sum(at.draft, said):
            return at.to(Step.AMOUNT)
        case Step.STOP_WHY, f.Confirmed():
            return at.to(Step.STOP_NOW)
        case Step.STOP_NOW, (f.Confirmed() | f.IdledOut() | f.Cancelled()):
            return end(at, "stopped")
        case Step.PAUSE, d.Insisted():
            return at.to(Step.PAUSE_WAIT)
        case Step.PAUSE_WAIT, f.Back():
            return at.to(Step.PAUSE)
        case Step.PAUSE_WAIT, f.Confirmed():
            return end(at, "held")
        case Step.OFFICER, _ if said:
            return _officer(at, fact, said, desk)
    return None


def other_sum(known: Draft, said: Assessment) -> bool:
    """Whether another sum may be chosen after a stop; that of a bill is the bill's own."""
    return said.most_won > 0 and known.business == "account" and known.bill is None


def may_call(known: Draft, said: Assessment) -> bool:
    """Whether an officer may lift it, and none has said in this visit that it waits."""
    return said.moves_by_officer and not known.officer_held


def _call(at: Counter, said: Assessment) -> Counter:
    """A call for an officer: which rules speak, and how much money, never whose."""
    known = at.stay(officers=at.draft.officers + 1).draft
    notes = tuple(f"rule:{finding.rule}" for finding in said.findings if finding.action >= Action.HOLD)
    call = o.CallOfficer(known.request, "bank", "purpose", known.won or known.wish_won, notes)
    return at.to(Step.OFFICER, call, o.WatchOfficer(known.request), officers=known.officers, officer=None)


def _officer(at: Counter, fact: f.Fact, said: Assessment, desk: Desk) -> Counter | None:
    """Waiting for an officer; only a believed answer to this very call counts."""
    match fact:
        case o.OfficerSaid(request) if request == at.draft.request:
            return at.stay(o.WatchOfficer(request, fact.seen), officer=fact)
        case o.AnswerDoubted(request) if request == at.draft.request:
            return at.to(_before(said), o.WithdrawCall(request), notice="bank.notice.doubted")
        case o.OfficerAnswered(request) if request == at.draft.request:
            return _answered(at, fact, said, desk)
        case f.Faulted("officer"):
            return at.to(_before(said), notice="bank.notice.no_officer")
        case f.Back():
            return at.to(_before(said), o.WithdrawCall(at.draft.request))
    return None


def _before(said: Assessment) -> Step:
    return Step.STOP_WHY if said.stopped else Step.PAUSE


def _answered(at: Counter, fact: o.OfficerAnswered, said: Assessment, desk: Desk) -> Counter:
    """A call takes one answer; one that does not fit what was asked changes nothing."""
    override = records.Override(fact.officer, fact.answer, at.draft.request)
    note = i.NoteJudgement(record(at, desk, override))
    match fact.answer:
        case OfficerAnswer.APPROVE_PURPOSE if said.moves_by_officer:
            return judge(at.stay(override=override, override_until=fact.expires), desk)
        case OfficerAnswer.HOLD:
            return _held(at, desk, note)
        case OfficerAnswer.END_VISIT:
            return at.to(Step.STOP_NOW, note)
    return at.to(_before(said), note, notice="bank.notice.other_answer")


def _held(at: Counter, desk: Desk, note: f.Command) -> Counter:
    """An officer lets it wait: that binds as any other wait does, and in this visit no other officer is asked."""
    hold_s, case = desk.book.hold_s, at.draft.case
    keep = i.KeepHold(hold_s, at.draft.card, about(at.draft), _for_all(at.draft))
    waits = case.with_hold(max(hold_s, case.held_s or 0)) if case else None
    return at.to(
        Step.PAUSE_WAIT, note, keep, case=waits, notice="bank.notice.officer_held", officer_held=True, holding=True,
        keeping=(*at.draft.keeping, keep),
    )  # fmt: skip


def expired(at: Counter, when: str, desk: Desk) -> Counter | None:
    """An officer's word is good until its end; after it, what it lifted stands again. `when`: ISO, UTC."""
    until = at.draft.override_until
    if at.draft.override is None or (when and datetime.fromisoformat(when) <= datetime.fromisoformat(until)):
        return None
    again = judge(at.stay(override=None, override_until=""), desk)
    return again.stay(*again.todo, notice="bank.notice.expired")


def unanswered(at: Counter, desk: Desk) -> tuple[f.Command, ...]:
    """Questions that somebody leaves instead of answering are written down as far as they came."""
    asked = at.step in (Step.ASK_FIRST, Step.ASK)
    return (i.NoteJudgement(record(at, desk, at.draft.override)),) if asked else ()


def end(at: Counter, outcome: str, *todo: f.Command) -> Counter:
    """Over, with nothing of it kept in memory."""
    return at.to(Step.OVER, *todo, *_uncalled(at), b.ForgetCard(), i.DropPapers(), outcome=outcome)


def _uncalled(at: Counter) -> tuple[f.Command, ...]:
    """Whoever was called for this customer waits for nobody."""
    return (o.WithdrawCall(at.draft.request),) if at.step == Step.OFFICER else ()


def left_open(at: Counter, desk: Desk) -> tuple[f.Command, ...]:
    """What a stop left open: a call in the officers' queue, a wait that is not written down yet."""
    calls = _uncalled(at)
    if at.step == Step.IDENTITY and desk.prover is not None:
        begun = desk.prover.step(at.draft.identity, f.Resumed())
        calls = tuple(each for each in begun.todo if isinstance(each, o.WithdrawCall))
    return *calls, *at.draft.keeping
