"""The same parcel by touch, by keypad alone, and through the link without any screen: one journal."""

from __future__ import annotations

import pytest

from devices.bench.client import BenchClient
from tests.branch import Branch, Customer, to_end, to_review
from tests.stories.stage import kinds, told, visit_by, visits

PERSON = ["Addressed", "Detailed", "Named", "Phoned"]
JOURNAL = [
    "VisitStarted", "Placed", "Weighed", "Measured", "SizeAccepted", *PERSON, *PERSON, "ContentsDeclared", "Pledged",
    "SpeedChosen", "InsuredFor", "PriceAgreed", "ProvenReady", "Paid", "NumberIssued", "LabelPrinted", "LabelScanned",
    "HatchOpened", "HatchClosed", "ReceiptWanted", "ReceiptPrinted", "Confirmed", "VisitClosed",
]  # fmt: skip
WALK = ["Address", "Detail", "Name", "Phone"]
SCREENS = [
    "Attract", "Home", "Place", "Size", *WALK, *WALK, "Contents", "Pledge", "Speed", "Insure", "Review", "Pay", "Stick",
    "Drop", "Done", "End", "Attract",
]  # fmt: skip


def through_the_link(branch: Branch, bench: BenchClient) -> None:
    customer = Customer(branch.run / "link.sock")
    to_review(customer, bench)
    to_end(customer, bench)
    customer.close()


@pytest.mark.branch
@pytest.mark.timeout(300)
def test_touch_keypad_and_link_end_with_the_same_journal(branch: Branch, bench: BenchClient) -> None:
    before, taken = len(visits(branch.journal())), bench.do("state")["terminal"]["taken"]
    by_touch = visit_by(branch, bench, keypad=False)
    by_keypad = visit_by(branch, bench, keypad=True)
    through_the_link(branch, bench)

    touched, keyed, linked = visits(branch.journal())[before:]
    insurable = next(line["fact"]["insurable"] for line in linked if line["kind"] == "SpeedChosen")
    assert asked(by_touch) == without("Insure", SCREENS, insurable)
    assert asked(by_keypad) == asked(by_touch)
    assert [kind for kind in kinds(linked) if kind != "Lifted"] == without("InsuredFor", JOURNAL, insurable)
    assert told(touched) == told(linked)
    assert told(keyed) == told(linked)
    assert [kinds(visit).count("Lifted") for visit in (touched, keyed, linked)] == [1, 1, 1]
    issued = [line for visit in (touched, keyed, linked) for line in visit if line["kind"] == "NumberIssued"]
    assert len({line["fact"]["number"] for line in issued}) == 3
    assert "chain whole" in branch.command("journal", "verify")
    assert bench.do("state")["terminal"]["taken"] - taken == sum(paid(visit) for visit in (touched, keyed, linked))


def without(word: str, words: list[str], kept: bool) -> list[str]:
    """The words; one of them only where it is kept. After the cut-off and on Sundays no parcel can be insured."""
    return [each for each in words if kept or each != word]


def asked(screens: list[str]) -> list[str]:
    """The screens that waited for the customer; one on which a machine works may be too quick to be seen."""
    return [name for name in (screen.rpartition("/")[2] for screen in screens) if name != "Working"]


def paid(visit: list[dict[str, object]]) -> int:
    """Won of the visit's one payment."""
    (won,) = [line["fact"]["won"] for line in visit if line["kind"] == "Paid"]  # type: ignore[index]  # a fact is a table
    return int(won)
