"""Sending a parcel: where each fact leads. Pure; the whole journey from the table to the hatch.

Until the terminal is asked, leaving costs nothing. Once it is asked, only the terminal can say how it went. Once it is
paid, a label or the money back is owed. After a restart nothing moves until someone present confirms.
"""

from __future__ import annotations

from typing import TypeAlias

from kiosk import facts as f
from kiosk.flow import At, changed
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel import rules
from kiosk.services.send_parcel.draft import Draft, Step
from kiosk.services.send_parcel.money import money, take
from kiosk.services.send_parcel.parcel import handed_over

Parcel: TypeAlias = At[Step, Draft]

#: The devices that must answer before money is asked for; `numbers` is the leased block.
BEFORE_MONEY = ("scale", "payment", "label_printer", "scanner", "hatch", "numbers")
PREPARING = (
    Step.SIZE, Step.CHOOSE_SIZE, Step.TO_ADDRESS, Step.TO_DETAIL, Step.TO_NAME, Step.TO_PHONE, Step.FROM_ADDRESS,
    Step.FROM_DETAIL, Step.FROM_NAME, Step.FROM_PHONE, Step.CONTENTS, Step.PLEDGE, Step.SPEED, Step.INSURE, Step.REVIEW,
)  # fmt: skip
UNPAID = (Step.PLACE, Step.MEASURE, *PREPARING, Step.READY)
EDITS = {
    "receiver": (Step.TO_NAME, "receiver", {"phone": None}),
    "receiver_address": (Step.TO_ADDRESS, "receiver", {"detail": None}),
    "sender": (Step.FROM_NAME, "sender", {"phone": None}),
    "sender_address": (Step.FROM_ADDRESS, "sender", {"detail": None}),
}


def begin(started: f.VisitStarted, same_weight_g: int = 20) -> Parcel:
    """The first place of a visit: nothing known yet."""
    return At(Step.PLACE, Draft(visit=started.visit, same_weight_g=same_weight_g))


def step(at: Parcel, fact: f.Fact, book: rules.TariffBook) -> Parcel:
    """Where this fact leads; a fact that means nothing here leads nowhere."""
    at = At(at.step, changed(at.draft, notice="") if at.draft.notice else at.draft)
    after = (
        money(at, fact) or handed_over(at, fact) or _leave(at, fact) or _table(at, fact, book)
        or _people(at, fact) or _choices(at, fact) or _review(at, fact)
    )  # fmt: skip
    if after is None and isinstance(fact, f.Resumed):
        return at.stay(resumed=True)  # nothing here to enquire; what comes later knows that nobody has spoken yet
    return after or at


def _leave(at: Parcel, fact: f.Fact) -> Parcel | None:
    """Cancel, idle and lifting while nothing has been asked of the terminal."""
    match at.step, fact:
        case Step.TAKE_BACK, (f.Lifted() | f.IdledOut()):
            return at.to(Step.OVER, outcome=at.draft.why)
        case Step.REFUSED, f.Confirmed():
            return at.to(Step.TAKE_BACK, why="refused")
        case Step.REFUSED, (f.Lifted() | f.IdledOut()):
            return at.to(Step.OVER, outcome="refused")
        case step_, f.IdledOut() if step_ in UNPAID:
            return at.to(Step.OVER, outcome="idle")
        case step_, f.Cancelled() if step_ in UNPAID:
            on_table = at.draft.grams is not None or at.step == Step.MEASURE
            return at.to(Step.TAKE_BACK, why="cancelled") if on_table else at.to(Step.OVER, outcome="cancelled")
        case step_, f.Lifted() if step_ in (Step.MEASURE, Step.READY, *PREPARING):
            return at.to(Step.PLACE, lifted_from=True, notice="notice.lifted", **_UNMEASURED)
    return None


_UNMEASURED: dict[str, object] = {
    "grams": None,
    "measured": None,
    "sum_mm": None,
    "size_agreed": False,
    "box": None,
    "price": None,
}


def _table(at: Parcel, fact: f.Fact, book: rules.TariffBook) -> Parcel | None:
    """Weight and size."""
    match at.step, fact:
        case Step.PLACE, (f.Placed() | f.Confirmed()):
            return at.to(Step.MEASURE, f.Weigh())
        case Step.MEASURE, f.Weighed(grams, decimal):
            if grams > book.limits.grams:
                return at.to(Step.REFUSED, grams=grams, refusal="E_WEIGHT")
            return at.stay(f.Measure(), grams=grams, decimal=decimal)
        case Step.MEASURE, f.Measured() if at.draft.grams is not None:
            return _measured(at, fact, book)
        case Step.MEASURE, f.MeasureRefused("moved" | "distrusted") if at.draft.grams is not None:
            return at.to(Step.CHOOSE_SIZE, size_reason="care")  # nothing that a customer can mend
        case Step.MEASURE, f.MeasureRefused(reason) if at.draft.grams is not None:
            return at.to(Step.CHOOSE_SIZE, size_reason="refused", notice=f"notice.measure_refused.{reason}")
        case Step.MEASURE, f.Faulted("measurer") if at.draft.grams is not None:
            return at.to(Step.CHOOSE_SIZE, size_reason="fault")
        case Step.MEASURE, f.Faulted("scale"):
            return at.to(Step.PLACE, notice="notice.scale_fault", **_UNMEASURED)
        case ((Step.SIZE | Step.CHOOSE_SIZE), f.Retried()):
            return at.to(Step.MEASURE, f.Weigh(), **_UNMEASURED)
        case Step.SIZE, d.SizeAccepted():
            return onward(at, size_agreed=True)
        case Step.SIZE, d.SizeDisputed():
            return at.to(Step.CHOOSE_SIZE, size_reason="customer")
        case Step.CHOOSE_SIZE, d.SizeChosen(_, sum_mm):
            return onward(at, size_by="customer", sum_mm=sum_mm, box=None, size_agreed=True)
        case Step.MEASURE, f.Resumed():
            return at.stay(f.Weigh())
    return None


def _measured(at: Parcel, fact: f.Measured, book: rules.TariffBook) -> Parcel:
    """A measured size: refused by a limit, or shown to the customer."""
    size = (fact.length_mm, fact.width_mm, fact.height_mm)
    code = rules.limits(*size, at.draft.grams or 0, book)
    if code:
        return at.to(Step.REFUSED, measured=size, uncertainty=fact.uncertainty_mm, refusal=code)
    charged = rules.settle(*size, fact.uncertainty_mm, book)
    return at.to(
        Step.SIZE,
        measured=size,
        uncertainty=fact.uncertainty_mm,
        sum_mm=charged.sum_mm,
        box=charged.box,
        size_by="camera",
    )


def missing(draft: Draft) -> Step:
    """The first question that has no answer yet; the review when there is none."""
    asked = (
        (Step.SIZE, draft.size_agreed or None),
        (Step.TO_ADDRESS, draft.receiver.id), (Step.TO_DETAIL, draft.receiver.detail),
        (Step.TO_NAME, draft.receiver.name), (Step.TO_PHONE, draft.receiver.phone),
        (Step.FROM_ADDRESS, draft.sender.id), (Step.FROM_DETAIL, draft.sender.detail),
        (Step.FROM_NAME, draft.sender.name), (Step.FROM_PHONE, draft.sender.phone),
        (Step.CONTENTS, draft.contents), (Step.PLEDGE, draft.pledged or None),
        (Step.SPEED, draft.speed), (Step.INSURE, draft.insured_won),
    )  # fmt: skip
    return next((step_ for step_, answer in asked if answer is None), Step.REVIEW)


def onward(at: Parcel, **changes: object) -> Parcel:
    """The next question that has no answer yet."""
    draft = changed(at.draft, **changes)
    return At(missing(draft), draft)


def _person(at: Parcel, who: str, **changes: object) -> Parcel:
    """One more thing known about the receiver or the sender."""
    person = at.draft.receiver if who == "receiver" else at.draft.sender
    return onward(at, **{who: changed(person, **changes)})


def _people(at: Parcel, fact: f.Fact) -> Parcel | None:
    """Receiver, then sender: address, rest of it, name, telephone."""
    match at.step, fact:
        case ((Step.TO_ADDRESS | Step.FROM_ADDRESS), d.Addressed(who, id_, road, area, building, postcode)):
            at = at.stay(speed=None) if who == "receiver" else at  # price and day depend on where it goes
            return _person(at, who, id=id_, road=road, area=area, building=building, postcode=postcode, detail=None)
        case ((Step.TO_DETAIL | Step.FROM_DETAIL), d.Detailed(who, text)):
            return _person(at, who, detail=text)
        case ((Step.TO_NAME | Step.FROM_NAME), d.Named(who, name)):
            return _person(at, who, name=name)
        case ((Step.TO_PHONE | Step.FROM_PHONE), d.Phoned(who, digits)):
            return _person(at, who, phone=digits)
    return None


def _choices(at: Parcel, fact: f.Fact) -> Parcel | None:
    """Contents, pledge, speed, insurance, and the way back."""
    match at.step, fact:
        case Step.CONTENTS, d.ContentsDeclared(code):
            return onward(at, contents=code, pledged=False)
        case Step.PLEDGE, d.Pledged():
            return onward(at, pledged=True)
        case Step.PLEDGE, d.ForbiddenInside():
            return at.to(Step.REFUSED, refusal="E_PROHIBITED")
        case Step.SPEED, d.SpeedChosen(speed, arrives, insurable):
            kept = None if insurable and speed != at.draft.speed else at.draft.insured_won
            kept = kept if insurable else 0
            return onward(at, speed=speed, arrives=arrives, insured_won=kept)
        case Step.INSURE, d.InsuredFor(won):
            return onward(at, insured_won=won)
        case step_, f.Back() if step_ in PREPARING:
            return _previous(at)
        case Step.READY, f.Back():
            return at.to(Step.REVIEW)
    return None


def _previous(at: Parcel) -> Parcel:
    """One question back; from the size back to an empty draft of the table."""
    if at.step == Step.TO_ADDRESS:
        return at.to(Step.SIZE if at.draft.size_by == "camera" else Step.CHOOSE_SIZE, size_agreed=False)
    if at.step == Step.CHOOSE_SIZE and at.draft.measured:
        return at.to(Step.SIZE)
    if at.step in (Step.SIZE, Step.CHOOSE_SIZE):
        return at.to(Step.PLACE, **_UNMEASURED)
    return at.to(PREPARING[PREPARING.index(at.step) - 1])


def _review(at: Parcel, fact: f.Fact) -> Parcel | None:
    """The review, the agreement on the price, and the proof that everything needed answers."""
    match at.step, fact:
        case Step.REVIEW, d.EditAsked(what) if what in EDITS:
            step_, who, cleared = EDITS[what]
            person = at.draft.receiver if who == "receiver" else at.draft.sender
            return at.to(step_, **{who: changed(person, **cleared)})
        case Step.REVIEW, d.EditAsked("contents"):
            return at.to(Step.CONTENTS)
        case Step.REVIEW, d.EditAsked("speed"):
            return at.to(Step.SPEED)
        case Step.REVIEW, d.EditAsked("insured"):
            return at.to(Step.INSURE)
        case Step.REVIEW, d.PriceAgreed():
            return at.to(Step.READY, f.CheckReady(BEFORE_MONEY), price=fact)
        case Step.READY, f.NotReady(device):
            return at.to(Step.REVIEW, notice=f"notice.not_ready.{device}")
        case Step.READY, f.Resumed():
            return at.to(Step.REVIEW)
        case Step.READY, f.ProvenReady():
            return take(at)
    return None
