"""An ID shown by touch, by keypad alone, and through the link without any screen: one journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from devices.bench.client import BenchClient
from kiosk.ui.guest import Guest
from tests.branch import Branch, Customer
from tests.stories.stage import kinds, screen_at, visits

FIELDS = {"name": "홍새벽", "number": "990000000001", "issued": "20180715"}
JOURNAL = [
    "VisitStarted", "ConsentGiven", "DocumentChosen", "ReadAsked", *["FieldGiven"] * 3, "Confirmed",
    "AttemptCounted", "DocumentChecked", "Confirmed", "VisitClosed",
]  # fmt: skip


class Shower(Guest):
    """Shows the licence of somebody made up, typing."""

    def _do(self, name: str, values: Mapping[str, Any]) -> None:
        match name:
            case "Home":
                self.press("service-identity")
            case "Choose":
                self.press("choice-licence")
            case "Glass":
                self.press("type")
            case "Field":
                self.type(FIELDS[values["field"]])
                self.press("primary")
            case "Attract" | "Consent" | "Confirm" | "Result":
                self.press("primary")


def through_the_link(branch: Branch) -> None:
    customer = Customer(branch.run / "link.sock")
    customer.sees("Attract")
    customer.does("start")
    customer.sees("Home")
    customer.does("choose", service="identity")
    customer.sees("Consent")
    customer.does("consent", optional=[])
    customer.sees("Choose")
    customer.does("choose_document", kind="licence")
    customer.sees("Glass")
    customer.does("type")
    for field, text in FIELDS.items():
        while customer.sees("Field")["values"]["field"] != field:
            customer.read()
        customer.does("set_field", text=text)
    customer.sees("Confirm")
    customer.does("confirm")
    assert customer.sees("Result")["values"]["state"] == "checked"
    customer.does("confirm")
    customer.sees("Attract")
    customer.close()


@pytest.mark.branch
@pytest.mark.timeout(300)
def test_touch_keypad_and_link_show_an_id_alike(branch: Branch, bench: BenchClient) -> None:
    before = len(visits(branch.journal()))
    walks = []
    for keypad in (False, True):
        with screen_at(branch) as screen:
            walks.append(Shower(screen, bench.do, keypad=keypad).send_a_parcel())
    through_the_link(branch)
    shown = visits(branch.journal())[before:]
    assert [kinds(visit) for visit in shown] == [JOURNAL] * 3
    seen = [[name.rpartition("/")[2] for name in walk if not name.endswith("Working")] for walk in walks]
    assert seen[0] == seen[1]
    told = [[line["fact"] for line in visit if line["kind"] == "DocumentChecked"] for visit in shown]
    assert told == [[{"kind": "licence", "document": "verified", "rests_on": "match"}]] * 3
