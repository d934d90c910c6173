"""The examples of docs/link.md are what the branch really sends and takes."""

from __future__ import annotations

import json

from kiosk.flow import Asked, Said
from kiosk.link import parse
from kiosk.services.send_parcel.draft import Step
from kiosk.ui.messages import View
from tests.kiosk.link_docs import FILE, INTENTS, lines, views


def test_the_examples_are_those_of_today() -> None:
    assert FILE.read_text(encoding="utf-8").splitlines() == lines()


def test_there_is_one_of_every_view_and_every_offered_intent() -> None:
    offered = {name for view in views().values() for name in view.offers}
    assert offered <= {name for name, _ in INTENTS}
    assert len(views()) >= len({"Place", "Working"}) + len(set(Step)) // 2


def test_a_screen_can_read_every_view_and_the_core_every_intent() -> None:
    for line in FILE.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        if message["type"] == "view":
            assert View.model_validate(message).screen == message["screen"]
        else:
            assert isinstance(parse(line.encode(), print), Said | Asked)
