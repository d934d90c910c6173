"""What a bank's host says late, twice, out of turn, broken or wrongly signed moves nothing and is one event each; real
drivers, real wires, whole visits over the link, by either interface."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.bank_rest import RestBankHost
from devices.bench.bank import Bank
from devices.bench.bank_switch import KIND_OF, SwitchPeer
from devices.bench.bank_web import CLIENT, ORDER, ORGANISATION, BankWebPeer, secret_file
from devices.bench.web import Request
from devices.ports import DeviceFault, FaultCode
from devices.trace_book import TraceBook
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.banking.teller import Times
from kiosk.services.bank import flow, orders
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from tests.branch import until
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import Hands, hands
from tests.kiosk.bank.stage import Standing
from tests.kiosk.bank.test_flow import DESK
from tests.kiosk.bank.walk import KNOWN, ME

WON = 10_000
#: Why the one event is raised, by what the host does to its answer to an order.
OVER_ISO = {
    "duplicate_reply": "not_asked_for", "out_of_order": "not_asked_for", "late_reply": "not_asked_for",
    "foreign_reply": "not_asked_for", "garbage": "malformed", "half_frame": "malformed", "wrong_code": "wrong_code",
}  # fmt: skip
OVER_REST = {
    "foreign_reply": "not_asked_for", "garbage": "malformed", "half_frame": "malformed", "http_500": "malformed",
}  # fmt: skip
HASTY = Times(ask=2.0, order=0.6, back_off=0.05)


class Switch(SwitchPeer):
    """Whatever is ordered of it is done to answers to orders alone."""

    async def _say(self, reply: Mapping[str, str], fields: Mapping[str, str], writer: Any) -> None:
        if fields.get("3") in KIND_OF:
            return await super()._say(dict(reply), dict(fields), writer)
        ordered, self.ordered = self.ordered, set()
        try:
            await super()._say(dict(reply), dict(fields), writer)
        finally:
            self.ordered = ordered


class Web(BankWebPeer):
    """The same of the other interface."""

    async def _serve(self, request: Request, writer: Any) -> None:
        if request.path == ORDER:
            return await super()._serve(request, writer)
        ordered, self.ordered = self.ordered, set()
        try:
            await super()._serve(request, writer)
        finally:
            self.ordered = ordered


@contextmanager
def over_rest(folder: Path) -> Iterator[tuple[Standing, BankWebPeer, RestBankHost]]:
    """A counter whose bank is reached over the open-banking interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host = RestBankHost("bank_host", f"http://127.0.0.1:{port}", ORGANISATION, CLIENT, str(secret_file(folder)),
                        str(folder / "ids.jsonl"), simulated=True)  # fmt: skip
    with Standing(folder, bank_host=host) as stands:
        peer = stands.act(lambda: Web(Bank(folder / "web.jsonl")))
        peer._web.port = port
        stands._wait(peer.start())
        try:
            stands._running.core._teller._wait = HASTY
            until(lambda: stands._place.crew.supervisor.statuses()["bank_host"].usable, 10, "the bank answers")
            yield stands, peer, host
        finally:
            stands._wait(peer.stop())


def sends(stands: Standing, guest: Hands, meanwhile: Callable[[], object]) -> None:
    """A transfer of WON to an account chosen beforehand, up to the bank's word."""
    walk.begins_transfer(stands, guest, KNOWN, WON)
    guest.sees("Confirm")
    meanwhile()
    guest.does("agree", won=WON, delayed=False)


def one_event_each(stands: Standing, guest: Hands, peer: Any, bank: Bank, faults: Mapping[str, str]) -> None:
    """One transfer with each fault; what lies on the line after the last is found and told though nobody asks."""
    for fault in faults:
        sends(stands, guest, lambda: stands.act(peer.order, fault))  # noqa: B023  # called at once
        guest.sees("Sent")
        stands.act(peer.order, fault, False)
        stands._wait(peer.held.release())
        guest.does("confirm")
    until(lambda: len(stands.facts(b.HostDoubted)) >= len(faults), 10, "the last one is told")
    assert [each.why for each in stands.facts(b.HostDoubted)] == list(faults.values())
    assert [each.won for each in stands.facts(b.OrderDone)] == [WON] * len(faults)
    assert stands.facts(b.OrderDeclined, b.OrderReversed) == []
    assert bank.balance(ME) == 3_000_000 - WON * len(faults)


@pytest.mark.timeout(120)
def test_each_reply_of_the_switch_that_is_none_is_one_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.kiosk.bank.site.SwitchPeer", Switch)
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        stands._running.core._teller._wait = HASTY
        one_event_each(stands, guest, stands.counter.switch, stands.counter.bank, OVER_ISO)


@pytest.mark.timeout(120)
def test_each_reply_of_the_open_interface_that_is_none_is_one_event(tmp_path: Path) -> None:
    with over_rest(tmp_path) as (stands, peer, _), hands("link", stands.link) as guest:
        one_event_each(stands, guest, peer, peer.bank, OVER_REST)


@pytest.mark.timeout(120)
def test_an_order_whose_book_of_ids_was_lost_is_for_a_person_and_never_called_unsent(tmp_path: Path) -> None:
    """Booked, answered with nothing that can be read; before the next start the book goes away."""
    with over_rest(tmp_path) as (stands, peer, host), hands("link", stands.link) as guest:
        sends(stands, guest, lambda: stands.act(peer.order, "http_500"))
        guest.sees("Unsure")

        def lost() -> None:
            (tmp_path / "ids.jsonl").unlink()
            host._book = TraceBook(tmp_path / "ids.jsonl")  # as a new process has it
            peer.order("http_500", False)

        asked = len(stands.facts(b.OrderUnknown))
        stands.restart(lost)
        guest.again()
        until(lambda: len(stands.facts(b.OrderUnknown)) > asked + 1, 20, "it was asked for after the start")
        assert [each.reason for each in stands.facts(f.StaffTaskRaised)] == ["order_unsure"]
        assert stands.facts(b.OrderDone, b.OrderDeclined, b.OrderReversed) == []
        assert peer.bank.balance(ME) == 3_000_000 - WON


@pytest.mark.timeout(120)
def test_an_order_that_never_got_an_id_was_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The book is older than the visit and has no line of it: as after a power cut just before the order went out."""

    async def cut(*_: object) -> None:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN)

    with over_rest(tmp_path) as (stands, peer, host), hands("link", stands.link) as guest:
        monkeypatch.setattr(host, "transfer", cut)
        sends(stands, guest, lambda: None)
        until(lambda: bool(stands.facts(b.OrderDeclined)), 20, "it is known that nothing was sent")
        assert [each.why for each in stands.facts(b.OrderDeclined)] == ["not_found"]
        assert peer.bank.book.entries == []


def test_a_bank_that_booked_another_sum_and_then_knows_of_nothing_is_not_believed() -> None:
    """It said that it has booked: its *not found* is no *not sent*. It is asked on, and a person called."""
    at = orders.send(Counter(Step.READY, Draft(visit="v1", payee_bank="990", payee_number=KNOWN, won=WON)))
    at = flow.step(at, b.OrderDone("v1-1", WON + 1, "B1"), DESK)
    assert at.todo == (b.ReverseOrder("v1-1", WON + 1, 0), f.CallStaff("bank_differs", "v1-1", WON + 1))
    for said in (b.OrderDeclined("v1-1", "not_found"), b.OrderDone("v1-1", WON + 1, "B1")) * 3:
        at = flow.step(at, said, DESK)
        assert (at.step, at.draft.settled) == (Step.UNSURE, ())
    assert isinstance(at.todo[0], b.EnquireOrder)
    assert at.todo[0].tries > 1


@pytest.mark.timeout(120)
def test_whoever_leaves_while_an_application_is_in_doubt_has_its_number_on_paper(tmp_path: Path) -> None:
    """Nobody knows the person: without the number nobody could tell them what became of it."""
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        walk.enters(guest, "loan")
        guest.sees("Products")
        guest.does("choose_product", id="hanbit-living")
        guest.sees("Product")
        guest.does("appoint")
        guest.sees("How")
        guest.does("choose_how", how="phone")
        guest.does("choose_when", when=guest.sees("When")["values"]["slots"][0])
        guest.sees("Phone")
        stands.act(stands.counter.intake.order, "http_500", True)
        guest.does("set_phone", digits=walk.PHONE)
        number = guest.sees("Doubt")["values"]["key"]
        guest.does("leave")
        guest.sees("Attract")
        until(lambda: len(stands._place.peers.receipts.pages) == 1, 20, "the slip is printed")
        assert [(task.reason, task.number) for task in stands.facts(f.StaffTaskRaised)] == [("intake_unsure", number)]
