"""What the customer sees while a document is shown, and what the screen's intents mean. Values, never sentences. Pure.

The customer learns *checked* or *not checked* and what to do next; which of the five it was, the officer alone learns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from devices.counter import DocumentKind
from kiosk import facts as f
from kiosk.flow import Intent, Json, Line, Refusal, Situation, View
from kiosk.identification import facts as i
from kiosk.identification.fields import ASKED, CHIPS, DIGITS, MOST, checked, masked, odd_tail
from kiosk.identification.flow import MOST_TRIES, At_, Draft, Step, may_prove, may_try
from kiosk.proof import Holder

IDLE_S, TYPING_S, OFFICER_S = 60, 120, 600
POSITION = {
    Step.CONSENT: 1, Step.CHOOSE: 2, Step.GLASS: 3, Step.READING: 3, Step.FIELD: 3, Step.CONFIRM: 4, Step.COUNTING: 4,
    Step.LAY: 4, Step.CHECKING: 4,
}  # fmt: skip
#: Purposes for which a holder has to be proven.
BY_HOLDER = ("intake", "contract")
#: Devices without which a kind of document cannot be checked, and a way to prove the holder not offered.
READ_BY = {kind: "id_reader" if kind in CHIPS else "id_check" for kind in DocumentKind}
PROVEN_BY: Mapping[str, tuple[str, ...]] = {"officer": ("officer",), "card": ("pin_pad", "bank_host")}
PLAIN: Mapping[str, type[f.Fact]] = {
    "back": f.Back, "cancel": f.Cancelled, "confirm": f.Confirmed, "retry": f.Retried,
}  # fmt: skip


@dataclass(frozen=True)
class Consent:
    """The wording of one consent: id, version, language, SHA-256 of what is shown in it, its required and optional
    parts (ids), and the authority that it names, where it names one."""

    id: str
    version: str
    language: str
    sha256: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    authority: str = ""


#: By language and purpose.
Wording: TypeAlias = Mapping[str, Mapping[str, Consent]]


def view(at: At_, now: Situation, wording: Wording) -> View:
    """The view of this step."""
    known = at.draft
    match at.step:
        case Step.CONSENT:
            return _consent(at, _shown(at, now, wording))
        case Step.CHOOSE:
            kinds = [kind.value for kind in DocumentKind if usable(now, READ_BY[kind])]
            return _view(at, "Choose", {"kinds": kinds}, ("choose_document", "back", "cancel"))
        case Step.GLASS:
            values = {"kind": known.kind, "camera": usable(now, "document_camera")}
            return _view(at, "Glass", values, (*(("read",) if values["camera"] else ()), "type", "back", "cancel"))
        case Step.FIELD:
            return _field(at)
        case Step.CONFIRM:
            return _confirm(at)
        case Step.LAY:
            laid = _view(at, "Lay", {"kind": known.kind}, ("back", "cancel"))
            lost = laid.notice is None and not usable(now, "id_reader")  # what lies there makes it unusable, too
            return replace(laid, notice=Line("id.notice.reader_lost")) if lost else laid
        case Step.RESULT:
            return _result(at, now)
        case Step.OFFICER:
            said = known.said
            values = {"state": said.state if said else "calling", "place": said.place if said else 0,
                      "text": said.text if said else ""}  # fmt: skip
            called = _view(at, "Officer", values, ("back", "cancel"), idle_s=OFFICER_S,
                           script=f"id.officer.{said.state}" if said else "")  # fmt: skip
            return replace(called, speech=(*called.speech, *_of_the_call(values)))
        case Step.CARD:
            return _view(at, "Card", {}, ("back", "cancel"), idle_s=TYPING_S)
    return _view(at, "Working", {"what": at.step.value, "kind": known.kind}, (), idle_s=None)


def _of_the_call(values: Json) -> tuple[Line, ...]:
    """How many are before this one; what the officer writes is for this customer's ear."""
    waits = values["state"] == "waiting" and values["place"]
    place = (Line("id.officer.place", {"n": values["place"]}),) if waits else ()
    return *place, *((ear("officer", text=values["text"]),) if values["text"] else ())


def ear(id: str, **args: Any) -> Line:
    """What a seeing customer reads on these screens, for earphones alone."""
    return Line(f"id.ear.{id}", args, private=True)


def _view(
    at: At_, screen: str, values: Json, offers: tuple[str, ...], speech: str = "", idle_s: int | None = IDLE_S,
    script: str = "",
) -> View:  # fmt: skip
    position = POSITION.get(at.step, 5)
    said = Line(script or f"id.{speech or screen.lower()}.speech", {key: value for key, value in values.items()
                                                         if isinstance(value, str | int)})  # fmt: skip
    notice = Line(at.draft.notice) if at.draft.notice else None
    return View(f"identity/{screen}", values, offers, (said,), "id.title", (position, 5), notice, idle_s)


def usable(now: Situation, device: str) -> bool:
    """Whether a device may be relied on now."""
    return device in now.devices and now.devices[device].usable


def _shown(at: At_, now: Situation, wording: Wording) -> Consent:
    """The consent in the language of the screen; a language without words of its own shows the Korean ones."""
    return wording.get(now.language, wording["ko"])[at.draft.purpose]


def _consent(at: At_, consent: Consent) -> View:
    """Whole on the screen, and said word by word: nobody agrees to what they were not told."""
    values = {
        "consent": consent.id, "version": consent.version, "required": list(consent.required),
        "optional": list(consent.optional), "authority": consent.authority,
    }  # fmt: skip
    shown = _view(at, "Consent", values, ("consent", "cancel"), idle_s=TYPING_S, script="id.consent.question")
    said = tuple(Line(id_, {"authority": consent.authority}) for id_ in consent_words(consent))
    return replace(shown, speech=(*shown.speech, *said), private=False)


def consent_words(consent: Consent) -> tuple[str, ...]:
    """The ids of everything that is shown of a consent, in its order."""
    name = f"id.consent.{consent.id}."
    required = [each for part in consent.required for each in (f"{name}{part}", f"{name}{part}.detail")]
    optional = ["id.consent.optional", *(name + part for part in consent.optional)] if consent.optional else []
    return "id.consent.hint", *required, *optional


def _field(at: At_) -> View:
    """One field to type; what was typed before is not shown again."""
    known, name = at.draft, at.draft.asking
    letters = name == "name" or (name == "number" and known.kind in CHIPS)
    most = DIGITS.get(DocumentKind(known.kind), 9) if name == "number" else MOST[name]
    values = {
        "kind": known.kind, "field": name, "letters": letters, "max": most, "hidden": name == "number" and not letters,
        "date": name in ("issued", "birth", "expiry"),
    }  # fmt: skip
    return _view(at, "Field", values, ("set_field", "back", "cancel"), f"field.{name}", TYPING_S)


def _confirm(at: At_) -> View:
    """Every field masked; `doubt` asks to look again where a resident number's last digit is unusual."""
    known = at.draft
    rows = [{"field": name, "text": masked(known.kind, name, known.fields.get(name, ""))} for name in ASKED[known.kind]]
    values = {
        "kind": known.kind, "rows": rows, "read": list(known.read),
        "doubt": odd_tail(known.kind, known.fields.get("number", "")),
    }  # fmt: skip
    shown = _view(at, "Confirm", values, ("confirm", "edit", "back", "cancel"))
    read = (Line("id.confirm.read"),) if known.read else ()
    doubt = (Line("id.confirm.doubt"),) if values["doubt"] else ()
    rows_said = tuple(_said(known.kind, row["field"], row["text"]) for row in rows if row["text"])
    return replace(shown, speech=(*read, *rows_said, *doubt, *shown.speech))


def _said(kind: str, name: str, text: str) -> Line:
    """One masked field as the ear has it: as much of it as the screen shows."""
    match name:
        case "name":
            return ear("name", text=text)
        case "number":
            begins = kind == DocumentKind.RESIDENT_CARD
            return ear("number.begins" if begins else "number.ends", text=text.strip("*"))
        case "issued":
            return ear("issued", day=text)
    return ear(name, year=text[:4])


def _result(at: At_, now: Situation) -> View:
    """Checked or not checked, and the next steps that can be had."""
    known = at.draft
    ways = [way for way, devices in PROVEN_BY.items() if all(usable(now, each) for each in devices)]
    proving = [way for way in ways if may_prove(known) and known.purpose in BY_HOLDER]
    help_ = ["officer"] if "officer" in ways and not proving and not known.proof.checked and not known.held else []
    state = _state(known)
    values = {
        "state": state, "ways": proving or help_, "tries_left": max(0, MOST_TRIES - known.tries), "kind": known.kind,
        "until": local(known, now), "purpose": known.purpose, "sent": bool(known.sealed),
    }  # fmt: skip
    offers = (
        *(("retry",) if may_try(known) else ()), *(("prove",) if values["ways"] else ()), "confirm", "cancel",
    )  # fmt: skip
    if state == "not_checked":
        values["next"] = _next(may_try(known), bool(help_))
        said = (Line("id.result.not_checked"), Line(f"id.result.not_checked.{values['next']}"))
        return replace(_view(at, "Result", values, offers), speech=said)
    shown = _view(at, "Result", values, offers, f"result.{state}")
    more = [Line("id.result.holder"), Line("id.result.holder.detail")] if proving else []
    if state == "limited":
        again = Line("id.result.limited.hint", {"time": values["until"]})
        shown = replace(shown, speech=(Line("id.result.limited"),))
        more = [again if values["until"] else Line("id.result.limited.visit")]
    sent = [Line("id.result.sent")] if values["sent"] else []
    return replace(shown, speech=(*shown.speech, *sent, *more))


def _next(again: bool, officer: bool) -> str:
    """What there is to do for somebody whose document was not checked; only what can be had is promised."""
    if again:
        return "both" if officer else "again"
    return "officer" if officer else "neither"


def _state(known: Draft) -> str:
    """`checked`, `proven`, `not_checked`, `differs`, `held` or `limited`: all that the customer is told."""
    if known.held:
        return "held"
    if known.refused is not None:
        return "limited"
    if known.proof.holder is Holder.DIFFERS:
        return "differs"
    if known.proof.holder is Holder.PROVEN:
        return "proven"
    return "checked" if known.proof.checked else "not_checked"


def local(known: Draft, now: Situation) -> str:
    """Until when a limit holds, the branch's own time to the minute."""
    if known.refused is None or not known.refused.until:
        return ""
    until = datetime.fromisoformat(known.refused.until) + timedelta(seconds=59)
    return until.astimezone(now.local.tzinfo).strftime("%H:%M")


def hear(at: At_, intent: Intent, now: Situation, wording: Wording) -> f.Fact:
    """The fact that an offered intent means, or Refusal."""
    if intent.name in PLAIN:
        return PLAIN[intent.name]()
    match intent.name, intent.args:
        case "consent", {"optional": list(optional)}:
            return _agreed(_shown(at, now, wording), optional)
        case "choose_document", {"kind": str(kind)} if kind in ASKED and usable(now, READ_BY[DocumentKind(kind)]):
            return i.DocumentChosen(kind)
        case ("read" | "type") as way, _:
            return i.ReadAsked(way == "read")
        case "set_field", {"text": str(text)}:
            return _typed(at, text, now)
        case "edit", {"field": str(name)} if name in ASKED.get(at.draft.kind, ()):
            return i.FieldAsked(name)
        case "prove", {"way": str(way)} if way in PROVEN_BY:
            return i.HolderAsked(way)
    raise Refusal("malformed")


def _agreed(consent: Consent, optional: list[Any]) -> f.Fact:
    taken = tuple(part for part in consent.optional if part in optional)
    if len(optional) != len(taken):
        raise Refusal("malformed")
    return i.ConsentGiven(consent.id, consent.version, consent.sha256, taken, consent.language)


def _typed(at: At_, text: str, now: Situation) -> f.Fact:
    if len(text) > 60:
        raise Refusal("malformed")
    return i.FieldGiven(at.draft.asking, checked(at.draft.kind, at.draft.asking, text, now.local.date()))
