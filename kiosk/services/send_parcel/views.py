"""What the customer sees at each step: screen, values, offers, speech. Pure; docs/link.md is the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from devices.ports import FaultCode
from kiosk.flow import At, Json, Line, Situation, View
from kiosk.services.send_parcel import checks, rules, scripts
from kiosk.services.send_parcel.draft import Draft, Person, Step
from kiosk.services.send_parcel.rules import TariffBook

Parcel = At[Step, Draft]

CONTENTS = ("book", "clothes", "food", "cosmetics", "documents", "household", "electronics_small", "other")
PLEDGE = ("pledge.cash", "pledge.animals", "pledge.flammable", "pledge.battery", "pledge.glass", "pledge.heavy")
EDITABLE = ("receiver", "receiver_address", "sender", "sender_address", "contents", "speed", "insured")
WORKING = {
    Step.MEASURE: "measure", Step.READY: "ready", Step.LABEL: "print", Step.OPEN: "open", Step.RECEIPT: "receipt",
    Step.REVERSING: "reverse",
}  # fmt: skip
POSITION = {
    "step.place": 1, "step.size": 2, "step.address": 3, "step.contents": 3, "step.pay": 4, "step.label": 5,
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """What the views need of the branch: telephone, times, tariff, whether the camera's size is type-approved."""

    telephone: str
    hours: Mapping[str, str]
    cut_off: time
    holidays: frozenset[Any]
    book: TariffBook
    approved: bool = False
    idle_s: int = 60
    idle_typing_s: int = 120
    pay_waits_s: int = 90


def view(at: Parcel, now: Situation, office: Office) -> View:
    """The view of this step."""
    screen = BUILDERS[at.step](at, now, office)
    notice = Line(at.draft.notice) if at.draft.notice else None
    return View(
        screen.screen, screen.values, screen.offers, screen.speech or scripts.spoken(screen), screen.title,
        (POSITION.get(screen.title, 0), 5 if screen.title else 0), notice, screen.idle_s, screen.preview,
    )  # fmt: skip


def _screen(
    name: str, title: str, values: Mapping[str, Any], *offers: str, idle_s: int | None, preview: bool = False
) -> View:
    return View(f"send_parcel/{name}", values, offers, (), title, idle_s=idle_s, preview=preview)


# The parcel


def _place(at: Parcel, now: Situation, office: Office) -> View:
    values = {"again": at.draft.lifted_from}
    return _screen("Place", "step.place", values, "confirm", "cancel", idle_s=office.idle_s, preview=True)


def _working(at: Parcel, now: Situation, office: Office) -> View:
    what = WORKING[at.step]
    title = {"measure": "step.place", "ready": "step.pay", "reverse": "step.pay"}.get(what, "step.label")
    offers = ("cancel",) if what in ("measure", "ready") else ()
    idle_s = office.idle_s * 3 if what == "reverse" else None  # the terminal may be silent for ever
    return _screen("Working", title, {"what": what}, *offers, idle_s=idle_s, preview=what == "measure")


def _size(at: Parcel, now: Situation, office: Office) -> View:
    draft, grams = at.draft, at.draft.grams or 0
    size, there = draft.measured or (0.0, 0.0, 0.0), _to_be_had(at, now, office)
    charged = rules.settle(*size, draft.uncertainty, office.book)
    tier = rules.tier(draft.sum_mm or 0, grams, office.book)
    values = {
        "length_mm": charged.length_mm, "width_mm": charged.width_mm, "height_mm": charged.height_mm,
        "uncertainty_mm": round(max(draft.uncertainty)), "weight_g": grams, "tier": _tier(tier, there),
        "base_won": _lowest(tier, there) if tier else 0, "from": tier is not None and _differ(tier, there),
        "box": draft.box, "proposal": not office.approved,
        "same_price": all(rules.same_price(size, draft.uncertainty, grams, speed, office.book) for speed in there),
    }  # fmt: skip
    other = () if office.approved else ("other",)
    return _screen("Size", "step.size", values, "confirm", "retry", *other, "back", "cancel", idle_s=office.idle_s)


def _to_be_had(at: Parcel, now: Situation, office: Office) -> tuple[str, ...]:
    """The speeds whose price may be paid: the chosen one while it is to be had, else every one that is."""
    there = tuple(speed for speed in office.book.speeds if _leaves(speed, now, office))
    return (at.draft.speed,) if at.draft.speed in there else there


def _lowest(tier: rules.Tier, speeds: tuple[str, ...]) -> int:
    return min(tier.won[speed] for speed in speeds)


def _differ(tier: rules.Tier, speeds: tuple[str, ...]) -> bool:
    return len({tier.won[speed] for speed in speeds}) > 1


def _tier(tier: rules.Tier | None, speeds: tuple[str, ...]) -> Json | None:
    """A tier with the lowest price of these speeds; `from`: another of them costs more."""
    if tier is None:
        return None
    won, several = _lowest(tier, speeds), _differ(tier, speeds)
    return {"id": tier.id, "sum_cm": tier.sum_cm, "kg": tier.kg, "base_won": won, "from": several}


def _choose_size(at: Parcel, now: Situation, office: Office) -> View:
    there = _to_be_had(at, now, office)
    tiers = [_tier(t, there) for t in rules.tiers_for(at.draft.grams or 0, office.book)]
    chosen = rules.tier(at.draft.sum_mm, at.draft.grams or 0, office.book) if at.draft.sum_mm else None
    values = {"tiers": tiers, "chosen": chosen.id if chosen else None, "reason": at.draft.size_reason}
    retry = () if at.draft.size_reason == "care" else ("retry",)
    return _screen("ChooseSize", "step.size", values, "choose_size", *retry, "back", "cancel", idle_s=office.idle_s)


def _refused(at: Parcel, now: Situation, office: Office) -> View:
    limits = office.book.limits
    allowed = {"sum_cm": limits.sum_mm // 10, "side_cm": limits.side_mm // 10, "kg": limits.grams // 1000}
    values = {"code": at.draft.refusal, "limits": allowed, **allowed}
    title = "step.contents" if at.draft.refusal == "E_PROHIBITED" else "step.size"
    return _screen("Refused", title, values, "confirm", idle_s=office.idle_s)


# Receiver and sender


def _who(at: Parcel) -> tuple[str, Person]:
    receiver = at.step in (Step.TO_ADDRESS, Step.TO_DETAIL, Step.TO_NAME, Step.TO_PHONE)
    return ("receiver", at.draft.receiver) if receiver else ("sender", at.draft.sender)


def _typing(name: str, at: Parcel, office: Office, values: Mapping[str, Any], offer: str) -> View:
    who, _ = _who(at)
    return _screen(name, "step.address", {"who": who, **values}, offer, "back", "cancel", idle_s=office.idle_typing_s)


def _address(at: Parcel, now: Situation, office: Office) -> View:
    _, person = _who(at)
    chosen = None
    if person.id is not None:
        keys = ("id", "road", "area", "building", "postcode")
        chosen = {key: vars(person)[key] for key in keys}
    return _typing("Address", at, office, {"chosen": chosen}, "choose_address")


def _detail(at: Parcel, now: Situation, office: Office) -> View:
    _, person = _who(at)
    values = {"road": person.road, "postcode": person.postcode, "text": person.detail or "", "max": checks.DETAIL_MAX}
    return _typing("Detail", at, office, values, "set_detail")


def _name(at: Parcel, now: Situation, office: Office) -> View:
    _, person = _who(at)
    return _typing("Name", at, office, {"text": person.name or "", "max": checks.NAME_MAX}, "set_name")


def _phone(at: Parcel, now: Situation, office: Office) -> View:
    _, person = _who(at)
    return _typing("Phone", at, office, {"digits": person.phone or ""}, "set_phone")


# Choices


def _contents(at: Parcel, now: Situation, office: Office) -> View:
    values = {"choices": list(CONTENTS), "chosen": at.draft.contents}
    return _screen("Contents", "step.contents", values, "choose_contents", "back", "cancel", idle_s=office.idle_s)


def _pledge(at: Parcel, now: Situation, office: Office) -> View:
    values, offers = {"items": list(PLEDGE)}, ("confirm", "inside", "back", "cancel")
    return _screen("Pledge", "step.contents", values, *offers, idle_s=office.idle_s)


def speeds(at: Parcel, now: Situation, office: Office) -> list[Json]:
    """Every speed with what it costs more than the cheapest, whether it is to be had now, and the day it arrives."""
    grams, sum_mm, postcode = at.draft.grams or 0, at.draft.sum_mm or 0, at.draft.receiver.postcode
    prices = {s: rules.quote(sum_mm, grams, s, office.book, postcode=postcode).total_won for s in office.book.speeds}
    return [
        {"speed": speed, "extra_won": won - min(prices.values()), "available": _leaves(speed, now, office),
         "arrives": _day(at, speed, now, office)}
        for speed, won in prices.items()
    ]  # fmt: skip


def _leaves(speed: str, now: Situation, office: Office) -> bool:
    return speed != rules.NEXT_DAY or rules.next_day_available(now.local, office.cut_off, office.holidays)


def _day(at: Parcel, speed: str, now: Situation, office: Office) -> str | None:
    day = rules.arrives(now.local, speed, at.draft.receiver.postcode, office.cut_off, office.book, office.holidays)
    return day.isoformat() if day else None


def _speed(at: Parcel, now: Situation, office: Office) -> View:
    cut_off = office.cut_off.isoformat("minutes")
    values = {"choices": speeds(at, now, office), "cut_off": cut_off, "chosen": at.draft.speed,
              "collects": rules.collects(now.local, office.holidays)}  # fmt: skip
    return _screen("Speed", "step.contents", values, "choose_speed", "back", "cancel", idle_s=office.idle_s)


def _insure(at: Parcel, now: Situation, office: Office) -> View:
    terms = office.book.insurance
    values = {
        "free_won": office.book.speeds[at.draft.speed or rules.NEXT_DAY].liability_won, "cap_won": terms.cap_won,
        "insured_won": at.draft.insured_won or 0,
        "fees": [{"insured_won": won, "fee_won": fee} for won, fee in rules.insurance_choices(office.book)
                 if rules.may_insure(at.draft.speed or rules.NEXT_DAY, office.book)],
    }  # fmt: skip
    return _screen("Insure", "step.contents", values, "set_insured", "back", "cancel", idle_s=office.idle_s)


def price(draft: Draft, book: TariffBook) -> rules.Quote:
    """The price of this draft, from the tariff of now."""
    return rules.quote(
        draft.sum_mm or 0, draft.grams or 0, draft.speed or rules.NEXT_DAY, book,
        postcode=draft.receiver.postcode, insured_won=draft.insured_won or 0,
    )  # fmt: skip


def _review(at: Parcel, now: Situation, office: Office) -> View:
    draft, quote = at.draft, price(at.draft, office.book)
    speed = draft.speed or rules.NEXT_DAY
    values = {
        "receiver": _masked(draft.receiver), "sender": _masked(draft.sender), "contents": draft.contents,
        "weight_g": draft.grams, "sum_cm": _sum_cm(draft, office.book), "speed": speed,
        "arrives": draft.arrives or None, "insured_won": draft.insured_won or 0,
        "lines": [{"id": id_, "won": won} for id_, won in quote.lines], "total_won": quote.total_won,
        "limit_won": rules.compensation(speed, draft.insured_won or 0, office.book),
        "edits": [what for what in EDITABLE if what != "insured" or rules.may_insure(speed, office.book)],
    }  # fmt: skip
    return _screen("Review", "step.pay", values, "agree", "edit", "back", "cancel", idle_s=office.idle_typing_s)


def charged(draft: Draft, book: TariffBook) -> rules.Charged | None:
    """The size that is charged, side by side; None where the customer chose a tier."""
    if draft.measured is None or draft.flagged:
        return None
    return rules.settle(*draft.measured, draft.uncertainty, book)


def _sum_cm(draft: Draft, book: TariffBook) -> int:
    """The sum of the sides as Size and label show them, whole cm; of a chosen tier its greatest."""
    size = charged(draft, book)
    return round((size.shown_sum_mm if size else draft.sum_mm or 0) / 10)


def _masked(person: Person) -> Json:
    return {
        "name": checks.mask_name(person.name or ""), "phone": checks.mask_phone(person.phone or ""),
        "road": person.road, "area": person.area, "postcode": person.postcode, "detail": person.detail or "",
    }  # fmt: skip


# Money


def _pay(at: Parcel, now: Situation, office: Office) -> View:
    offers = () if at.draft.leaving else ("cancel",)
    values = {"total_won": at.draft.paid_won, "waits_s": office.pay_waits_s, "stopping": bool(at.draft.leaving)}
    return _screen("Pay", "step.pay", values, *offers, idle_s=office.pay_waits_s + 30)


def _unsure(at: Parcel, now: Situation, office: Office) -> View:
    stage = "reversing" if at.draft.reversing else "enquiring"
    values = {"total_won": at.draft.paid_won, "stage": stage, **_desk(office, now)}
    return _screen("Unsure", "step.pay", values, "leave", idle_s=office.idle_s * 3)


def _desk(office: Office, now: Situation) -> Json:
    return {"telephone": office.telephone, "hours": office.hours.get(now.language, "")}


def _reversing(at: Parcel, now: Situation, office: Office) -> View:
    """The reversal of an approved charge that was not answered at once is in doubt; nobody need wait for it."""
    return _unsure(at, now, office) if at.draft.tries and at.draft.approval else _working(at, now, office)


def _reversed(at: Parcel, now: Situation, office: Office) -> View:
    values = {"total_won": at.draft.paid_won, "approval": at.draft.approval, "slip": at.draft.slip}
    return _screen("Reversed", "step.pay", values, "confirm", idle_s=office.idle_s)


def _claim(at: Parcel, now: Situation, office: Office) -> View:
    draft = at.draft
    values = {
        "number": draft.number,
        "key": draft.paid_key,
        "total_won": draft.paid_won,
        "slip": draft.slip,
        "parcel": "hatch" if draft.maybe_inside else "take",
        **_desk(office, now),
    }
    return _screen("Claim", "step.pay", values, "confirm", idle_s=office.idle_typing_s)


# Label, hatch, end


def _stuck(at: Parcel, now: Situation, office: Office) -> View:
    draft = at.draft
    doubt = draft.stuck_code in (FaultCode.OUTCOME_UNKNOWN, FaultCode.DUPLICATE_JOB)
    unknown = bool(draft.number) and (draft.resumed or doubt)
    values = {
        "number": draft.number, "tries": draft.label_tries, "code": draft.stuck_code, "again": unknown,
        "total_won": draft.paid_won, **_desk(office, now),
    }  # fmt: skip
    offers = ("retry", "leave", *(("came_out",) if unknown else ()), *(("reverse",) if draft.label_tries > 1 else ()))
    return _screen("Stuck", "step.label", values, *offers, idle_s=office.idle_s * 3)


def _stick(at: Parcel, now: Situation, office: Office) -> View:
    blind = at.draft.notice.startswith("notice.not_ready.")
    values, offers = {"number": at.draft.number, "blind": blind}, ("retry", "leave") if blind else ("retry",)
    return _screen("Stick", "step.label", values, *offers, idle_s=office.idle_s * 3, preview=True)


def _drop(at: Parcel, now: Situation, office: Office) -> View:
    return _screen("Drop", "step.label", {"number": at.draft.number}, idle_s=office.idle_s * 3)


def _reopen(at: Parcel, now: Situation, office: Office) -> View:
    values = {"number": at.draft.number, "code": at.draft.stuck_code, **_desk(office, now)}
    return _screen("Reopen", "step.label", values, "retry", "leave", idle_s=office.idle_s * 3)


def _done(at: Parcel, now: Situation, office: Office) -> View:
    printer = now.devices.get("receipt_printer")
    values = {
        "number": at.draft.number, "total_won": at.draft.paid_won, "arrives": at.draft.arrives or None,
        "receipt": bool(printer and printer.usable),
    }  # fmt: skip
    return _screen("Done", "step.label", values, "receipt", idle_s=office.idle_s)


def _end(at: Parcel, now: Situation, office: Office) -> View:
    values = {"number": at.draft.number, "receipt": at.draft.receipt}
    return _screen("End", "step.label", values, "confirm", idle_s=30)


def _take_back(at: Parcel, now: Situation, office: Office) -> View:
    return _screen("TakeBack", "", {"why": at.draft.why}, idle_s=office.idle_s)


Builder = Callable[[Parcel, Situation, Office], View]
BUILDERS: Mapping[Step, Builder] = {
    Step.PLACE: _place, Step.SIZE: _size, Step.CHOOSE_SIZE: _choose_size, Step.REFUSED: _refused,
    Step.TO_ADDRESS: _address, Step.TO_DETAIL: _detail, Step.TO_NAME: _name, Step.TO_PHONE: _phone,
    Step.FROM_ADDRESS: _address, Step.FROM_DETAIL: _detail, Step.FROM_NAME: _name, Step.FROM_PHONE: _phone,
    Step.CONTENTS: _contents, Step.PLEDGE: _pledge, Step.SPEED: _speed, Step.INSURE: _insure, Step.REVIEW: _review,
    Step.PAY: _pay, Step.UNSURE: _unsure, Step.REVERSED: _reversed, Step.CLAIM: _claim, Step.STUCK: _stuck,
    Step.STICK: _stick, Step.DROP: _drop, Step.REOPEN: _reopen, Step.DONE: _done, Step.END: _end,
    Step.TAKE_BACK: _take_back, Step.OVER: _take_back, Step.UNSURE_AWAY: _unsure, Step.REVERSING_AWAY: _unsure,
    Step.DROP_AWAY: _drop, **dict.fromkeys(WORKING, _working), Step.REVERSING: _reversing,
}  # fmt: skip
