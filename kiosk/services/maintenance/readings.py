"""What a device says of itself, as ids of words: the name of each value, and its text part by part. Pure.

Drivers say `("door", "closed")`, `("camera left", "ok")`, `("shows", "green, alarm")`. Figures, and whatever no list
here knows, stand as the driver wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.flow import Json

#: Under each name that a driver may use, the words that it may say there.
WORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "alarm": "yes no", "bin": "", "bolt": "locked released",
        "camera": "ok slow starting idle lost stalled vision_stalled dark covered sprayed defocused moved frozen "
        "misfit",
        "card": "absent present mute collision", "door": "closed open", "doors": "", "labels": "", "load": "",
        "model": "", "net": "", "open": "none unknown", "open_calls": "", "pad": "online busy",
        "paper": "full low out jammed unknown notSupported", "parcel": "yes no", "proof": "answer port_only",
        "refused": "", "rig_residual_px": "", "serial": "", "shows": "green amber red siren alarm nothing",
        "slip": "waiting none", "slots": "", "still": "yes no", "tare": "",
        "terminal": "OK Busy Maintenance Unreachable", "waiting": "",
    }.items()
}  # fmt: skip
#: Which of two; other names are the branch's own.
PLACES = frozenset({"left", "right"})


def rows(values: Iterable[tuple[str, str]]) -> list[Json]:
    """Each value: `name` (an id, or the driver's own), `of` (which one: id or own name), `parts` (ids or text)."""
    return [row(name, text) for name, text in values]


def row(name: str, text: str) -> Json:
    """One value."""
    kind, _, of = name.partition(" ")
    if kind not in WORDS:
        return {"name": name, "of": "", "parts": [text]}
    said = [(part, part.replace(" ", "_")) for part in text.split(", ")]
    parts = [f"reading.{kind}.{word}" if word in WORDS[kind] else part for part, word in said]
    return {"name": f"reading.{kind}", "of": f"reading.at.{of}" if of in PLACES else of, "parts": parts}
