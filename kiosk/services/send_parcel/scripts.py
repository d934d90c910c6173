"""What is said aloud at each step: the ids of its script, chosen by what the view shows and offers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.flow import Line, View

SPOKEN_BY = {"Working": "what", "Address": "who", "Name": "who", "Phone": "who"}


def spoken(screen: View) -> tuple[Line, ...]:
    """One script per screen, or per kind of it, with the screen's plain values; before it what only some have."""
    name = screen.screen.split("/")[1]
    kind = screen.values[SPOKEN_BY[name]] if name in SPOKEN_BY else KINDS[name](screen) if name in KINDS else ""
    plain = {k: v for k, v in screen.values.items() if isinstance(v, int | str) and not isinstance(v, bool)}
    script = Line(".".join(part for part in (f"{name[0].lower()}{name[1:]}", kind, "speech") if part), plain)
    if name == "Size" and screen.values["box"]:
        return Line("size.box.proposal" if screen.values["proposal"] else "size.box", plain), script
    return (Line(f"claim.{screen.values['parcel']}.speech"), script) if name == "Claim" else (script,)


def _size_kind(screen: View) -> str:
    """A lowest price is not said to be the price."""
    return "from" if screen.values["from"] else ""


def _speed_kind(screen: View) -> str:
    """Only what can be had is named."""
    return "" if sum(choice["available"] for choice in screen.values["choices"]) > 1 else "one"


def _stuck_kind(screen: View) -> str:
    """Only what is offered is said; what nobody knows is asked."""
    return "again" if screen.values["again"] else "" if "reverse" in screen.offers else "once"


def _refused_kind(screen: View) -> str:
    """What may not be inside is another matter than limits."""
    return "inside" if screen.values["code"] == "E_PROHIBITED" else ""


def _done_kind(screen: View) -> str:
    """A receipt is spoken of only where one can be printed."""
    return "" if screen.values["receipt"] else "bare"


KINDS: Mapping[str, Callable[[View], str]] = {
    "Size": _size_kind, "Speed": _speed_kind, "Stuck": _stuck_kind, "Refused": _refused_kind, "Done": _done_kind,
}  # fmt: skip
