"""What else a visit can come to: staff called, a parcel taken back, an edit, a customer who leaves without a word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest

from devices.bench.client import BenchClient
from tests.branch import BOX, Branch, Customer, pays, to_review, until
from tests.stories.stage import kinds, visits

Json = dict[str, Any]
HASTY = "[send_parcel]\nidle_s = 20\n"
pytestmark = pytest.mark.branch


@pytest.fixture(scope="module")
def hasty() -> Iterator[Branch]:
    """A branch that waits no longer than it must for someone who has gone."""
    with Branch(HASTY) as running:
        yield running


@pytest.fixture
def bench(hasty: Branch) -> Iterator[BenchClient]:
    with hasty.bench() as client:
        yield client


@pytest.fixture
def customer(hasty: Branch) -> Iterator[Customer]:
    someone = Customer(hasty.run / "link.sock")
    yield someone
    someone.close()


def staff(customer: Customer, state: str, within_s: float = 15) -> None:
    """Wait until the frame around the screen shows this state of the call."""

    def shown() -> bool:
        customer.read()
        return str(customer.view["chrome"]["staff"]["state"]) == state

    until(shown, within_s, f"the staff call is {state}", said=lambda: str(customer.view["chrome"]["staff"]))


def status(branch: Branch) -> Json:
    """The branch's own /status.json."""
    address = (branch.run / "feed").read_text(encoding="utf-8").strip()
    with urlopen(f"{address.rstrip('/')}/status.json", timeout=10) as answer:  # noqa: S310 - the branch's own http address
        told: Json = json.load(answer)
    return told


def tasks(branch: Branch) -> list[str]:
    """The reasons of every staff task of the journal, in order."""
    return [line["fact"]["reason"] for line in branch.journal() if line["kind"] == "StaffTaskRaised"]


@pytest.mark.timeout(240)
def test_edit_call_and_take_back(hasty: Branch, bench: BenchClient, customer: Customer) -> None:
    to_review(customer, bench)
    an_edit_comes_back_to_the_review(customer)
    a_call_shows_only_what_the_desk_recorded(customer, bench)
    a_stopped_payment_is_known_unpaid_and_cancel_gives_the_parcel_back(customer, bench)
    (visit,) = visits(hasty.journal())
    assert visit[-1]["fact"] == {"outcome": "cancelled"}
    assert [kind for kind in kinds(visit) if kind in ("Paid", "NotPaid", "NumberIssued", "HatchOpened")] == ["NotPaid"]
    assert hasty.book()[-1]["state"] == "declined"
    assert tasks(hasty) == ["customer_call"]


def an_edit_comes_back_to_the_review(customer: Customer) -> None:
    shown = customer.sees("Review")["values"]
    customer.does("edit", what="receiver")
    customer.sees("Name")
    customer.does("set_name", text="이영희")
    customer.sees("Phone")
    customer.does("set_phone", digits="01087654321")
    again = customer.sees("Review")["values"]
    assert again["receiver"]["name"] != shown["receiver"]["name"]
    assert {**again, "receiver": None} == {**shown, "receiver": None}


def a_call_shows_only_what_the_desk_recorded(customer: Customer, bench: BenchClient) -> None:
    assert customer.view["chrome"]["staff"]["state"] == "none"
    bench.do("fault", device="staff_call", name="no_answer", on=True)
    customer.does("call_staff")
    staff(customer, "calling")
    staff(customer, "no_answer")
    assert customer.view["chrome"]["staff"]["telephone"]
    bench.do("fault", device="staff_call", name="no_answer", on=False)
    customer.does("call_staff")
    staff(customer, "calling")
    bench.do("answer_call", state="answered")
    staff(customer, "answered")
    bench.do("answer_call", state="on_the_way")
    staff(customer, "on_the_way")


def a_stopped_payment_is_known_unpaid_and_cancel_gives_the_parcel_back(customer: Customer, bench: BenchClient) -> None:
    customer.does("agree", won=customer.view["values"]["total_won"])
    customer.sees("Pay")
    pays(bench, "decline")
    assert customer.sees("Review")["notice"]["id"] == "notice.cancelled_payment"
    customer.does("cancel")
    assert customer.sees("TakeBack")["values"]["why"] == "cancelled"
    bench.do("take")
    customer.sees("Attract", within_s=30)
    assert customer.view["chrome"]["staff"]["state"] == "none"  # the last customer's call is nobody's business


@pytest.mark.timeout(240)
def test_a_parcel_left_behind_suspends_intake_until_it_is_taken_away(
    hasty: Branch, bench: BenchClient, customer: Customer
) -> None:
    customer.rests()
    customer.does("start")
    customer.sees("Home")
    customer.does("choose", service="send_parcel")
    customer.sees("Place")
    bench.do("put", **BOX)
    assert customer.sees("Size", "ChooseSize", within_s=30)["chrome"]["idle"]["limit_s"] == 20
    rest = customer.sees("Attract", within_s=60)  # nobody answers the warning: the visit is wiped
    assert rest["chrome"]["privacy"] is False
    until(lambda: not customer.offers_now("send_parcel"), 20, "no more parcels are taken")
    until(lambda: "parcel_left_behind" in tasks(hasty), 40, "a person is called")
    shut = status(hasty)["services"]["send_parcel"]
    assert (shut["state"], [reason["code"] for reason in shut["reasons"]]) == ("unavailable", ["parcel_left_behind"])
    bench.do("take")
    customer.rests()
    assert status(hasty)["services"]["send_parcel"]["state"] != "unavailable"
    assert visits(hasty.journal())[-1][-1]["fact"] == {"outcome": "idle"}
