"""Showing a document: where each fact leads, shared by every service that has to know who stands there. Pure.

Consent, document, fields (read by the camera as a proposal, or typed), masked confirmation, check, result. A checked
document proves no holder: an officer's live comparison does, or card and PIN of an account in the same name.
Whatever is secret lives in the draft alone. A journal tells that a field was given, not what it said: a fold goes the
same way with empty fields, so that tries, calls and denials of a visit outlive a stop, which begins the showing again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from devices.counter import OfficerAnswer
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.identification import facts as i
from kiosk.identification.fields import ASKED, CHIPS, birth
from kiosk.officer import facts as o
from kiosk.proof import Document, Factor, Holder, Proof

MOST_TRIES = 3
PURPOSES = ("check", "intake", "contract", "commission")


class Step(StrEnum):
    """Where the customer stands."""

    CONSENT = "consent"
    CHOOSE = "choose"
    GLASS = "glass"
    READING = "reading"
    FIELD = "field"
    CONFIRM = "confirm"
    COUNTING = "counting"
    LAY = "lay"
    CHECKING = "checking"
    RESULT = "result"
    OFFICER = "officer"
    CARD = "card"
    COMPARING = "comparing"
    SEALING = "sealing"
    DONE = "done"
    LEFT = "left"


#: A machine is at work: its own word ends it.
AT_WORK = frozenset({Step.READING, Step.COUNTING, Step.CHECKING, Step.COMPARING, Step.SEALING})
OVER = frozenset({Step.DONE, Step.LEFT})


@dataclass(frozen=True)
class Draft:
    """What is known; the five fields never leave memory. `left`: why the visit was left (cancelled, idle, ended)."""

    visit: str = ""
    service: str = "identity"
    purpose: str = "check"
    authority: str = ""
    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict, repr=False)
    read: tuple[str, ...] = ()
    asking: str = ""
    tries: int = 0
    proof: Proof = field(default_factory=Proof)
    refused: i.AttemptRefused | None = None
    calls: int = 0
    said: o.OfficerSaid | None = None
    doubted: str = ""
    cards: int = 0
    card: str = ""
    sealed: str = ""
    notice: str = ""
    held: bool = False
    agreed: tuple[str, ...] = ()
    left: str = ""

    @property
    def confirmed_name(self) -> str:
        """The name on a checked document, '' otherwise."""
        return self.fields.get("name", "") if self.proof.checked else ""

    @property
    def request(self) -> str:
        """The id of the call for an officer that is open, or was last."""
        return f"{self.visit}-o{self.calls}"


At_: TypeAlias = At[Step, Draft]


def begin(
    visit: str, purpose: str = "check", service: str = "identity", calls: int = 0, authority: str = ""
) -> At_:  # fmt: skip
    """At the consent; `calls`: officers that this visit has called already, so that no call's id is used twice;
    `authority`: for whom a commissioned check is sealed."""
    return At(Step.CONSENT, Draft(visit, service, purpose, calls=calls, authority=authority))


def place(at: At_) -> str:
    """What the embedding flow gives as At.within: the step, the field that is asked for, the try and the call."""
    known = at.draft
    return f"{at.step}/{known.asking}/{known.tries}/{known.calls}"


def result(at: At_) -> Proof | None:
    """The proof once it stands, else None."""
    return at.draft.proof if at.step is Step.DONE else None


def step(at: At_, fact: f.Fact) -> At_:
    """Where this fact leads; one that means nothing here leads nowhere."""
    at = At(at.step, at.draft)
    if at.step in OVER:
        return at
    match fact:
        case f.Resumed():
            return _again(at, Step.CONSENT, *_uncalled(at), notice="id.notice.restart")
        case f.Cancelled() if at.step not in AT_WORK:
            return _leave(at, "cancelled")
        case f.IdledOut() if at.step not in AT_WORK:
            return _leave(at, "idle")
    if at.step in (Step.CONSENT, Step.CHOOSE, Step.GLASS, Step.READING, Step.FIELD, Step.CONFIRM):
        return _fields(at, fact)
    if at.step in (Step.COUNTING, Step.LAY, Step.CHECKING):
        return _check(at, fact)
    return _holder(at, fact)


def _again(at: At_, to: Step, *todo: f.Command, **changes: object) -> At_:
    """Nothing of the document is kept; tries, calls and what spoke against the holder are."""
    denied = at.draft.proof.denied
    return at.to(
        to, *todo, kind="", fields={}, read=(), asking="", refused=None, said=None, doubted="", card="",
        proof=Proof(denied=denied), **{"notice": "", **changes},
    )  # fmt: skip


def again(at: At_, calls: int = 0, purpose: str = "") -> At_:
    """The same visit shows a document once more, from the consent on, for this purpose; `calls` as for `begin`."""
    kept = {"held": at.draft.held, "calls": max(at.draft.calls, calls), "purpose": purpose or at.draft.purpose}
    return _again(at, Step.CONSENT, left="", agreed=(), **kept)


def _leave(at: At_, why: str) -> At_:
    """Away; whoever was called is told, and the card forgotten."""
    return at.to(Step.LEFT, *_uncalled(at), b.ForgetCard(), fields={}, left=why)


def _uncalled(at: At_) -> tuple[f.Command, ...]:
    """Whoever was called for this customer waits for nobody."""
    return (o.WithdrawCall(at.draft.request),) if at.step is Step.OFFICER else ()


# The fields


def _fields(at: At_, fact: f.Fact) -> At_:
    match at.step, fact:
        case Step.CONSENT, i.ConsentGiven(optional=optional):
            return at.to(Step.CHOOSE, notice="", agreed=optional)
        case Step.CHOOSE, i.DocumentChosen(kind) if kind in ASKED:
            return at.to(Step.GLASS, kind=kind, fields={}, read=(), notice="")
        case Step.GLASS, i.ReadAsked(True):
            return at.to(Step.READING, i.ProposeFields(at.draft.kind), notice="")
        case Step.GLASS, i.ReadAsked(False):
            return _next_field(at)
        case Step.READING, i.FieldsProposed(read):
            said = _proposed(fact)
            taken = {name: said[name] for name in ASKED[at.draft.kind] if name in read}
            return _next_field(at.stay(fields={**at.draft.fields, **taken}, read=read))
        case Step.READING, (i.NothingRead() | f.Faulted()):
            return at.to(Step.GLASS, notice="id.notice.not_read")
        case Step.FIELD, i.FieldGiven(name, text) if name == at.draft.asking:
            return _next_field(at.stay(fields={**at.draft.fields, name: text}, asking=""))
        case Step.CONFIRM, i.FieldAsked(name) if name in ASKED[at.draft.kind]:
            return at.to(Step.FIELD, asking=name)
        case Step.CONFIRM, f.Confirmed() if at.draft.tries >= MOST_TRIES:
            spent = Proof(at.draft.kind, denied=at.draft.proof.denied)
            return at.to(Step.RESULT, refused=i.AttemptRefused("visit"), proof=spent, fields={})
        case Step.CONFIRM, f.Confirmed():
            number = at.draft.fields.get("number", "")
            return at.to(Step.COUNTING, i.CountAttempt(at.draft.kind, number))
        case _, f.Back():
            return _back(at)
    return at


def _proposed(fact: i.FieldsProposed) -> dict[str, str]:
    """What the camera read, by field."""
    return {
        "name": fact.name, "number": fact.number, "issued": fact.issued, "birth": fact.birth, "expiry": fact.expiry,
    }  # fmt: skip


def _next_field(at: At_) -> At_:
    """The first field that was not given yet, or the confirmation."""
    lacking = [name for name in ASKED[at.draft.kind] if name not in at.draft.fields]
    return at.to(Step.FIELD, asking=lacking[0]) if lacking else at.to(Step.CONFIRM, asking="")


def _back(at: At_) -> At_:
    match at.step:
        case Step.CONSENT:
            return _leave(at, "cancelled")
        case Step.CHOOSE:
            return at.to(Step.CONSENT)
        case Step.GLASS:
            return _again(at, Step.CHOOSE)
        case Step.FIELD:
            asked = ASKED[at.draft.kind]
            before = asked.index(at.draft.asking) - 1
            return at.to(Step.FIELD, asking=asked[before]) if before >= 0 else at.to(Step.GLASS, asking="", fields={})
        case Step.CONFIRM:
            return at.to(Step.FIELD, asking=ASKED[at.draft.kind][-1])
    return at


# The check


def _check(at: At_, fact: f.Fact) -> At_:
    match at.step, fact:
        case Step.COUNTING, i.AttemptCounted():
            spoke = frozenset({Factor.OFFICER_LIVE}) if fact.denied else frozenset[Factor]()
            against = Proof(at.draft.kind, denied=at.draft.proof.denied | spoke)
            counted = at.stay(tries=at.draft.tries + 1, proof=against)
            if at.draft.kind in CHIPS:
                return counted.to(Step.LAY, i.WatchDocument())
            return counted.to(Step.CHECKING, _asked(at))
        case Step.COUNTING, i.AttemptRefused():
            spent = Proof(at.draft.kind, denied=at.draft.proof.denied)
            return at.to(Step.RESULT, refused=fact, proof=spent, fields={})
        case Step.COUNTING, f.Faulted():
            return at.to(Step.CONFIRM, notice="id.notice.not_now")
        case Step.LAY, i.DocumentSeen("present"):
            return at.to(Step.CHECKING, _asked(at))
        case Step.LAY, i.DocumentSeen(state):
            notice = {"collision": "id.notice.two_cards", "mute": "id.notice.mute"}.get(state, "")
            return at.stay(i.WatchDocument(state), notice=notice)
        case Step.LAY, f.Back():
            return at.to(Step.CONFIRM, notice="")
        case Step.CHECKING, i.DocumentChecked(kind, document):
            return _checked(at, fact, kind, Document(document))
        case Step.CHECKING, f.Faulted():
            return _checked(at, i.DocumentChecked(at.draft.kind, Document.NOT_CHECKED), at.draft.kind,
                            Document.NOT_CHECKED)  # fmt: skip
    return at


def _asked(at: At_) -> i.CheckDocument:
    known = at.draft.fields
    return i.CheckDocument(
        at.draft.kind, known.get("name", ""), known.get("number", ""), known.get("issued", ""), known.get("birth", ""),
        known.get("expiry", ""),
    )  # fmt: skip


def _checked(at: At_, fact: i.DocumentChecked, kind: str, document: Document) -> At_:
    """The result. Names and day of birth are kept for the comparison with an account; of the rest nothing is needed."""
    proof = Proof(kind, document, denied=at.draft.proof.denied)
    name = fact.name or at.draft.fields.get("name", "")
    holder = {"name": name, "latin": fact.latin, "birth": birth(kind, at.draft.fields)}
    keep = holder if document is Document.VERIFIED else {}
    if at.draft.purpose == "commission" and document is Document.VERIFIED:
        known = at.draft.fields
        seal = i.SealIdentity(at.draft.authority, kind, name, known.get("number", ""), known.get("issued", ""))
        return at.to(Step.SEALING, seal, proof=proof, fields=keep, notice="")
    return at.to(Step.RESULT, proof=proof, fields=keep, notice="")


# The holder


def _holder(at: At_, fact: f.Fact) -> At_:
    match at.step, fact:
        case Step.SEALING, i.IdentitySealed(_, sealed):
            return at.to(Step.RESULT, sealed=sealed)
        case Step.SEALING, f.Faulted():
            return at.to(Step.RESULT, notice="id.notice.not_sent")
        case Step.RESULT, _:
            return _from_result(at, fact)
        case Step.OFFICER, _:
            return _officer(at, fact)
        case Step.CARD, b.CardGiven(_, card):
            known = at.draft.fields
            names = tuple(known[each] for each in ("name", "latin") if known.get(each))
            asked = b.CompareName(f"{at.draft.visit}-c{at.draft.cards}", names, known.get("birth", ""))
            return at.to(Step.COMPARING, asked, card=card)
        case Step.CARD, b.CardTrouble():
            return at.to(Step.RESULT, notice="id.notice.no_card")
        case Step.CARD, f.Back():
            return at.to(Step.RESULT)
        case Step.COMPARING, b.NameCompared(unclear=True):
            return at.to(Step.RESULT, b.ForgetCard(), notice="id.notice.names_unclear", card="")
        case Step.COMPARING, b.NameCompared(matches):
            return _proven(at, Factor.ACCOUNT, matches)
        case Step.COMPARING, b.BankDeclined():
            return at.to(Step.RESULT, b.ForgetCard(), notice="id.notice.card_refused", card="")
        case Step.COMPARING, f.Faulted():
            return at.to(Step.RESULT, b.ForgetCard(), notice="id.notice.no_account", card="")
    return at


def _proven(at: At_, factor: Factor, matches: bool) -> At_:
    proof = at.draft.proof.compared(factor, matches)
    forget = () if matches else (b.ForgetCard(),)
    return at.to(Step.RESULT, *forget, proof=proof, notice="" if matches else "id.notice.other_holder")


def may_try(known: Draft) -> bool:
    """Whether another try is offered: the document was not checked, tries are left, nothing holds."""
    return not known.proof.checked and known.tries < MOST_TRIES and known.refused is None and not known.held


def may_prove(known: Draft) -> bool:
    """Whether the holder can still be proven: a checked document, nothing that spoke against, nothing that holds."""
    return known.proof.checked and known.proof.holder is Holder.NOT_PROVEN and not known.held


def _from_result(at: At_, fact: f.Fact) -> At_:
    match fact:
        case f.Confirmed():
            return at.to(Step.DONE, notice="")
        case f.Retried() if may_try(at.draft):
            return _again(at, Step.CHOOSE)
        case i.HolderAsked("officer") if not at.draft.held:
            called = at.stay(calls=at.draft.calls + 1, said=None, doubted="")
            known = called.draft
            asked = "holder" if known.proof.checked else "help"
            notes = (f"document:{known.proof.document.value}", f"kind:{known.proof.kind}", f"tries:{known.tries}")
            return called.to(
                Step.OFFICER, o.CallOfficer(known.request, known.service, asked, 0, notes), notice=""
            )
        case i.HolderAsked("card") if may_prove(at.draft):
            cards = at.draft.cards + 1
            return at.to(Step.CARD, b.AskCard(f"{at.draft.visit}-c{cards}"), cards=cards, notice="")
    return at


def _officer(at: At_, fact: f.Fact) -> At_:
    """Waiting for an officer; only a believed answer to this very call changes anything."""
    request = at.draft.request
    match fact:
        case o.OfficerSaid(about) if about == request:
            return at.stay(o.WatchOfficer(request, fact.seen), said=fact)
        case o.OfficerAnswered(about, answer) if about == request:
            return _answered(at, OfficerAnswer(answer))
        case o.AnswerDoubted(about, why) if about == request:
            return at.to(Step.RESULT, o.WithdrawCall(request), doubted=why, notice="id.notice.no_officer")
        case f.Faulted("officer"):
            return at.to(Step.RESULT, notice="id.notice.no_officer")
        case f.Back():
            return at.to(Step.RESULT, o.WithdrawCall(request))
    return at


def _answered(at: At_, answer: OfficerAnswer) -> At_:
    match answer:
        case OfficerAnswer.HOLDER_MATCHES if at.draft.proof.checked:
            return _proven(at, Factor.OFFICER_LIVE, True)
        case OfficerAnswer.HOLDER_DIFFERS:
            return _proven(at, Factor.OFFICER_LIVE, False)
        case OfficerAnswer.END_VISIT:
            return _leave(at, "ended")
        case OfficerAnswer.HOLD:
            return at.to(Step.RESULT, held=True, notice="id.notice.held")
    return at.to(Step.RESULT, notice="id.notice.officer_seen")

