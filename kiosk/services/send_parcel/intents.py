"""What an intent of the screen means at each step: a fact, or a refusal that tells the customer what to do."""

from __future__ import annotations

from typing import Any

from kiosk import facts as f
from kiosk.flow import Intent, Refusal, Situation
from kiosk.services.send_parcel import checks, rules, views
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel.addresses import AddressBook
from kiosk.services.send_parcel.draft import Step
from kiosk.services.send_parcel.views import Office, Parcel

PLAIN: dict[str, type[f.Fact]] = {
    "back": f.Back, "cancel": f.Cancelled, "retry": f.Retried, "other": d.SizeDisputed, "leave": d.LeaveAsked,
    "reverse": d.ReversalAsked, "came_out": d.CameOut, "inside": d.ForbiddenInside,
}  # fmt: skip


def meaning(at: Parcel, intent: Intent, now: Situation, office: Office, places: AddressBook) -> f.Fact:
    """The fact that this intent means here; Refusal when its content cannot be accepted."""
    if intent.name in PLAIN:
        return PLAIN[intent.name]()
    if intent.name == "confirm":
        return _confirmed(at)
    return _entered(at, intent, places) or _chosen(at, intent, now, office)


def _confirmed(at: Parcel) -> f.Fact:
    match at.step:
        case Step.SIZE:
            return d.SizeAccepted()
        case Step.PLEDGE:
            return d.Pledged()
        case _:
            return f.Confirmed()


def _who(at: Parcel) -> str:
    return "receiver" if at.step.startswith("to_") else "sender"


def _entered(at: Parcel, intent: Intent, places: AddressBook) -> f.Fact | None:
    """Addresses, names, telephone numbers."""
    match intent.name, intent.args:
        case "choose_address", {"id": str(id_)}:
            place = places.find(id_)
            return d.Addressed(_who(at), place.id, place.road, place.area, place.building, place.postcode)
        case "set_detail", {"text": str(text)}:
            return d.Detailed(_who(at), checks.check_detail(text))
        case "set_name", {"text": str(text)}:
            return d.Named(_who(at), checks.check_name(text))
        case "set_phone", {"digits": str(digits)}:
            return d.Phoned(_who(at), checks.check_phone(digits))
    return None


def _chosen(at: Parcel, intent: Intent, now: Situation, office: Office) -> f.Fact:
    """Everything that is picked from what the screen offered."""
    match intent.name, intent.args:
        case "choose_size", {"tier": int(tier)} if tier is not True:
            return _size(at, tier, office)
        case "choose_contents", {"code": str(code)} if code in views.CONTENTS:
            return d.ContentsDeclared(code)
        case "choose_speed", {"speed": str(speed)}:
            return _speed(at, speed, now, office)
        case "set_insured", {"won": int(won)} if won is not True:
            return _insured(at, won, office)
        case "edit", {"what": str(what)} if what in views.EDITABLE:
            return d.EditAsked(what)
        case "agree", {"won": int(won)}:
            return _agreed(at, won, now, office)
        case "receipt", {"paper": bool(paper)}:
            return d.ReceiptWanted(paper)
    raise Refusal("malformed")


def _size(at: Parcel, tier: int, office: Office) -> f.Fact:
    found = next((t for t in rules.tiers_for(at.draft.grams or 0, office.book) if t.id == tier), None)
    if found is None:
        raise Refusal("error.size")
    return d.SizeChosen(found.id, found.sum_mm)


def _speed(at: Parcel, speed: str, now: Situation, office: Office) -> f.Fact:
    choice: dict[str, Any] | None = next((c for c in views.speeds(at, now, office) if c["speed"] == speed), None)
    if choice is None:
        raise Refusal("malformed")
    if not choice["available"]:
        raise Refusal("notice.after_cut_off", cut_off=office.cut_off.isoformat("minutes"))
    return d.SpeedChosen(speed, choice["arrives"] or "", rules.may_insure(speed, office.book))


def _insured(at: Parcel, won: int, office: Office) -> f.Fact:
    if won < 0:
        raise Refusal("error.insured")
    if won and not rules.may_insure(at.draft.speed or rules.NEXT_DAY, office.book):
        raise Refusal("error.insured")
    rules.insurance_fee(won, office.book)
    return d.InsuredFor(won)


def _agreed(at: Parcel, won: int, now: Situation, office: Office) -> f.Fact:
    """The price is worked out once more at the moment of agreement; it must be the one on the screen."""
    quote = views.price(at.draft, office.book)
    if quote.total_won != won:
        raise Refusal("notice.price_changed")
    if quote.speed == rules.NEXT_DAY and not rules.next_day_available(now.local, office.cut_off, office.holidays):
        raise Refusal("notice.after_cut_off", cut_off=office.cut_off.isoformat("minutes"))
    return d.PriceAgreed(
        quote.total_won,
        quote.base_won,
        quote.insurance_won,
        quote.island_won,
        quote.tier,
        quote.date.isoformat(),
        quote.verified,
    )
