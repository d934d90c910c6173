"""Every word of the service is said somewhere: one that nobody says is a screen that was forgotten, or dead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product

from devices.ports import DeviceState, Status
from kiosk.config import load
from kiosk.flow import Situation
from kiosk.services.send_parcel.service import open_service
from kiosk.words import LOCALE
from tests.kiosk.link_docs import HOUSE, NOW
from tests.kiosk.send_parcel.test_flow import walked

CODE = [path for kind in ("py", "qml") for path in sorted((HOUSE / "kiosk").rglob(f"*.{kind}"))]
#: "head" + value, perhaps + ".tail": a head without a dot stands for an id of which the value is one more part.
JOINED = re.compile(r'"([a-z][\w.]*)" \+ (?:[^"\n]*"(\.[\w.]+)")?')


def said_in_python(text: str) -> Iterator[str]:
    """Patterns of the ids that a module writes, whole or with values in them."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.JoinedStr([ast.Constant(str(head)), *_]) if "." in head:
                parts = (re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"\w+" for v in node.values)
                yield "".join(parts)
            case ast.Constant(str(whole)) if re.fullmatch(r"[\w.]+", whole):
                yield re.escape(whole)


def said_in_qml(text: str) -> Iterator[str]:
    """Patterns of the ids that a screen writes, whole or put together."""
    yield from (re.escape(whole) for whole in re.findall(r'"([\w.]+)"', text))
    for head, tail in JOINED.findall(text):
        if head.endswith("."):
            yield re.escape(head) + r"\w+" + re.escape(tail)
        elif tail:
            yield re.escape(head) + r"(\.\w+)?" + re.escape(tail)


def spoken() -> set[str]:
    """The scripts of every view that a walk through every state of the flow meets."""
    service, found = open_service(load(HOUSE / "config" / "branch.toml"), approved=False), set()
    for state, now in product((DeviceState.ONLINE, DeviceState.OFFLINE), (NOW, NOW.replace(hour=23))):
        printer = {"receipt_printer": Status(state, NOW, NOW)}
        views = [service.view(at, Situation(now, now, "ko", printer, "v1")) for at in walked().states.values()]
        found |= {line.id for view in views for line in view.speech}
    return found


def test_every_word_of_the_service_is_said() -> None:
    patterns = set[str]()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        patterns |= set(said_in_python(text) if path.suffix == ".py" else said_in_qml(text))
    catalogue = (LOCALE / "ko" / "send_parcel.po").read_text(encoding="utf-8")
    written = re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE)
    shown = re.compile("|".join(sorted(patterns)))
    assert {id for id in written if not shown.fullmatch(id)} - spoken() == set()


def test_the_scripts_are_written() -> None:
    catalogue = (LOCALE / "ko" / "send_parcel.po").read_text(encoding="utf-8")
    assert {id for id in spoken() if f'msgid "{id}"' not in catalogue} == set()
