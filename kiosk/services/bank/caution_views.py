"""What the customer sees of the shield: its questions, a stop, a pause, the officer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from devices.banking import Block
from kiosk.flow import Line, Situation, View
from kiosk.services.bank import caution
from kiosk.services.bank.case import Action, Finding
from kiosk.services.bank.draft import Step
from kiosk.services.bank.views import Builder, Counter, Office, ear, product, screen

BLOCK = ("bank.step.block", (0, 0))
#: Reasons of a stop that name a sum of this customer's own, not one of the rule.
OWN_SUMS = ("shield.F1", "shield.F6.day")


def _ask_first(at: Counter, now: Situation, office: Office) -> View:
    """Why, and how much is asked; a leaflet on paper for whoever wants one."""
    why, printer = _asked_why(at, office), now.devices.get("receipt_printer")
    values = {"n": len(caution.assessment(at, office.desk).questions), "reason": why, "slip": at.draft.leaflet}
    leaflet = ("slip",) if printer and printer.usable and at.draft.leaflet == "" else ()
    told = (Line(f"bank.leaflet.{at.draft.leaflet}"),) if at.draft.leaflet else (Line(why),) if why else ()
    return screen("AskFirst", "bank.step.pause", (1, 2), values, "begin", *leaflet, "cancel", idle_s=office.idle_s * 2,
                  speech=(*told, Line("bank.askFirst.speech")))  # fmt: skip


def _asked_why(at: Counter, office: Office) -> str:
    """The sentence of what is asked about; what nobody knows comes first."""
    asked = [each.text for each in caution.assessment(at, office.desk).findings if each.action == Action.ASK]
    return next((each for each in asked if each.endswith(".unknown")), asked[0] if asked else "")


def _ask(at: Counter, now: Situation, office: Office) -> View:
    left, done = caution.assessment(at, office.desk).questions, len(at.draft.answers)
    values = {"question": left[0], "at": done + 1, "of": done + len(left)}
    script = Line(f"bank.ask.{left[0]}.speech")
    return screen("Ask", "bank.step.pause", (2, 2), values, "answer", "cancel", idle_s=office.idle_s * 2,
                  speech=(script,))  # fmt: skip


def _reasons(at: Counter, office: Office) -> list[Finding]:
    """What stands against it, the strongest first."""
    found = [each for each in caution.assessment(at, office.desk).findings if each.action >= Action.HOLD]
    return sorted(found, key=lambda each: -each.action)


def _stop(at: Counter, now: Situation, office: Office) -> View:
    """Two steps: what the rule is and that the money is where it was; then what to do now."""
    reason, part = _reasons(at, office)[0], 1 if at.step == Step.STOP_WHY else 2
    said = caution.assessment(at, office.desk)
    lifted = caution.may_call(at.draft, said) and "officer" in now.devices
    follows = f"{reason.text}.next" if reason.action == Action.STOP else ""
    values = {
        "part": part, "reason": reason.text, "next": follows, "won": reason.won, "from": _later(now, reason.seconds),
        "money": at.draft.business == "account", "bank": _telephone(at, office),
    }  # fmt: skip
    why = (*(("officer",) if lifted else ()), *(("back",) if caution.other_sum(at.draft, said) else ()))
    offers = ("confirm", *(why if part == 1 else _block(at)))
    script = Line("bank.stop.now.speech" if part == 2 else f"{reason.text}.speech", {"won": reason.won})
    own = [ear(reason.text, won=reason.won, since=values["from"])] if reason.text in OWN_SUMS else []
    if part == 2:
        step = own or [Line(follows, {"won": reason.won})] if follows else []
        own = [*step, ear("bank", telephone=values["bank"])]
    return screen("Stop", "bank.step.pause", (part, 2), values, *offers, idle_s=office.idle_s * 3,
                  speech=(script, *own))  # fmt: skip


def _block(at: Counter) -> tuple[str, ...]:
    """A safety block can be set where card and PIN were given."""
    return ("block",) if at.draft.card else ()


def texts(at: Counter, now: Situation, office: Office) -> list[Line]:
    """What the customer has read of the shield, with its values."""
    said, known, lines = caution.assessment(at, office.desk), at.draft, list[Line]()
    asked = [answer.question for answer in known.answers] + list(said.questions[:1] if known.since_ms >= 0 else ())
    if asked and (why := _asked_why(at, office)):
        lines.append(Line(why))
    lines += [Line(f"bank.ask.{question}.{part}") for question in asked for part in ("question", "hint")]
    for reason in _reasons(at, office)[:1]:
        values = {"won": reason.won, "from": _later(now, reason.seconds)}
        detail = [Line(f"{reason.text}.detail", values)] if reason.action == Action.STOP else []
        lines += [Line(reason.text, values), *detail]
    if said.moves or known.override is not None:
        lines += [Line("bank.confirm.delay")] if said.asks(Action.OFFER) else []
        lines += [Line("shield.F9")] if said.asks(Action.NOTIFY) else []
    return lines


def _later(now: Situation, seconds: int) -> str:
    """The branch's own time after so many seconds, to the minute and never early; empty for none."""
    return (now.local + timedelta(seconds=seconds + 59)).strftime("%H:%M") if seconds else ""


def _telephone(at: Counter, office: Office) -> str:
    bank = office.desk.shelf.banks.get(at.draft.card_bank)
    return bank.telephone if bank else product(at, office).bank.telephone


def _pause(at: Counter, now: Situation, office: Office) -> View:
    """Amber, calm: the question first; then the wait or who looks at it, and what to do now.

    After a wait an officer looks: where the branch has none, no time is promised.
    """
    said, staffed = caution.assessment(at, office.desk), "officer" in now.devices
    part, wait = 1 if at.step == Step.PAUSE else 2, said.wait_s
    after = "alone" if not staffed else "wait" if wait else "officer"
    reasons = [each.text for each in _reasons(at, office)]
    values = {
        "part": part, "reasons": reasons, "after": after, "minutes": -(-wait // 60),
        "from": _later(now, wait), "money": at.draft.business == "account", "bank": _telephone(at, office),
    }  # fmt: skip
    officer = ("officer",) if staffed and caution.may_call(at.draft, said) else ()
    talk = tuple(Line("bank.officer.offer.speech") for _ in officer)
    offers = (*officer, "insist", "cancel") if part == 1 else (*officer, *_block(at), "confirm", "back")
    if part == 1:
        script = (*(Line(each) for each in reasons[:1]), Line("bank.pause.1.speech"), *talk)
    else:
        waits = Line(f"bank.pause.{after}.speech", {"minutes": values["minutes"], "clock": values["from"]})
        script = (waits, *talk, Line("bank.stop.now.speech"), ear("bank", telephone=values["bank"]))
    return screen("Pause", "bank.step.pause", (part, 2), values, *offers, idle_s=office.idle_s * 3, speech=script)


def _officer(at: Counter, now: Situation, office: Office) -> View:
    said = at.draft.officer
    state, place = (said.state, said.place) if said else ("waiting", 0)
    told = state if state in ("taken", "no_answer") else "place" if state == "waiting" and place > 0 else "waiting"
    values = {"state": state, "place": place, "text": said.text if said else ""}
    script = Line("bank.officer.speech") if said is None else Line(f"bank.officer.{told}", {"place": place})
    words = (ear("officer", text=values["text"]),) if values["text"] else ()
    return screen("Officer", "bank.step.pause", (2, 2), values, "back", "cancel", idle_s=office.idle_s * 10,
                  speech=(script, *words))  # fmt: skip


# The safety block


def _choose_block(at: Counter, now: Situation, office: Office) -> View:
    values = {"blocks": [str(each) for each in Block], "chosen": at.draft.block or None}
    return screen("Block", *BLOCK, values, "choose_block", "back", "cancel", idle_s=office.idle_s * 2,
                  speech=(Line("bank.block.speech"),))  # fmt: skip


def _block_sure(at: Counter, now: Situation, office: Office) -> View:
    values = {"block": at.draft.block}
    script = Line(f"bank.block.{at.draft.block}.speech")
    return screen("BlockSure", *BLOCK, values, "confirm", "back", "cancel", idle_s=office.idle_s * 2, speech=(script,))


def _blocked(at: Counter, now: Situation, office: Office) -> View:
    values = {"block": at.draft.block, "bank": _telephone(at, office)}
    return screen("Blocked", *BLOCK, values, "confirm", idle_s=office.idle_s,
                  speech=(Line("bank.blocked.speech"), ear("bank", telephone=values["bank"])))  # fmt: skip


BUILDERS: Mapping[Step, Builder] = {
    Step.ASK_FIRST: _ask_first, Step.ASK: _ask, Step.STOP_WHY: _stop, Step.STOP_NOW: _stop, Step.PAUSE: _pause,
    Step.PAUSE_WAIT: _pause, Step.OFFICER: _officer, Step.BLOCK: _choose_block, Step.BLOCK_SURE: _block_sure,
    Step.BLOCKED: _blocked,
}  # fmt: skip
