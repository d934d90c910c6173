"""Every command against real drivers and their peers: an outcome or a fault comes back, never silence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from devices.ports import CallState, DeviceFault, PaymentState, Picture
from devices.supervisor import Pace
from kiosk import facts as f
from kiosk.core import Crew
from kiosk.flow import Item, Posted
from kiosk.hands import Hands
from tests.kiosk.crew import BOX, PATIENCE, Peers, bench
from tests.kiosk.feed_branch import until

PAPER = Picture(64, 64, 203, bytes(8 * 64))
NUMBER = "6899900000001"


class Block:
    """A leased block with so many numbers."""

    def __init__(self, count: int = 1) -> None:
        self.count = count

    async def left(self) -> int:
        return self.count

    async def issue(self, visit: str) -> str | None:
        return NUMBER if self.count else None


class Desk:
    """Whoever hears what the hands post."""

    def __init__(self, crew: Crew, numbers: Block) -> None:
        self.heard: list[Item] = []
        self.crew = crew
        self.numbers = numbers
        self.hands = Hands(crew, numbers, self.heard.append, PATIENCE)

    async def told(self, command: f.Command) -> f.Fact:
        """The fact that a command leads to."""
        before = len(self.heard)
        self.hands.do("v", command)
        await until(lambda: len(self.heard) > before, 30)
        posted = self.heard[before]
        assert isinstance(posted, Posted)
        assert posted.visit == "v"
        return posted.fact


Story = Callable[[Peers, Desk], Awaitable[None]]


def play(folder: Path, story: Story) -> None:
    async def run() -> None:
        async with bench(folder) as (peers, crew):
            desk = Desk(crew, Block())
            try:
                await story(peers, desk)
            finally:
                await desk.hands.close()

    asyncio.run(run())


def test_table_commands(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.world.put(BOX)
        weighed = await desk.told(f.Weigh())
        assert isinstance(weighed, f.Weighed)
        assert (weighed.grams, weighed.decimal, weighed.serial) == (2400, "2.400", "B000000001")
        measured = await desk.told(f.Measure())
        assert measured == f.Measured(340, 250, 180, (4.0, 4.0, 4.0))
        peers.measurer.refusal = "occluded"
        assert await desk.told(f.Measure()) == f.MeasureRefused("occluded")
        peers.measurer.defect = True
        assert await desk.told(f.Measure()) == f.Faulted("measurer", "internal", "Measure")
        peers.scale.order("mute")
        fault = await desk.told(f.Weigh())
        assert isinstance(fault, f.Faulted)
        assert (fault.device, fault.doing) == ("scale", "Weigh")

    play(tmp_path, story)


def test_ready_names_the_first_that_is_not(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        ask = f.CheckReady(("scale", "payment", "label_printer", "scanner", "hatch", "numbers"))
        assert await desk.told(ask) == f.ProvenReady()
        peers.labels.order("paper_low")
        assert await desk.told(ask) == f.ProvenReady()
        desk.numbers.count = 0
        assert await desk.told(ask) == f.NotReady("numbers", "consumable_out")
        peers.labels.order("paper_out")
        assert await desk.told(ask) == f.NotReady("label_printer", "consumable_out")
        peers.terminal.order("unplug")
        assert await desk.told(ask) == f.NotReady("payment", "disconnected")

    play(tmp_path, story)


def test_a_printer_that_the_job_before_still_holds_is_not_ready_for_the_next_customer(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        desk.hands._wait, desk.crew.supervisor._pace = replace(PATIENCE, print=30), Pace(deadline_s=0.8)
        peers.receipts.page_s = 0.3
        desk.hands.do("before", f.PrintReceipt("r-1", "receipt", PAPER))
        await asyncio.sleep(0.15)
        peers.receipts.order("offline")
        assert await desk.told(f.CheckReady(("receipt_printer",))) == f.NotReady("receipt_printer", "busy")
        peers.receipts.order("offline", on=False)
        await until(lambda: len(desk.heard) > 1, 5)
        assert await desk.told(f.CheckReady(("receipt_printer",))) == f.ProvenReady()

    play(tmp_path, story)


def test_a_hatch_that_failed_one_customer_is_not_ready_for_the_next(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.hatch.order("bolt_stuck")
        assert await desk.told(f.OpenHatch()) == f.Faulted("hatch", "door_stuck", "OpenHatch")
        assert await desk.told(f.CheckReady(("payment", "hatch"))) == f.NotReady("hatch", "door_stuck")
        assert not desk.crew.supervisor.status("hatch").usable
        peers.hatch.order("bolt_stuck", on=False)
        assert await desk.told(f.CheckReady(("payment", "hatch"))) == f.NotReady("hatch", "door_stuck")
        assert isinstance(await desk.told(f.OpenHatch()), f.HatchOpened)  # a retry of whoever is there still passes
        assert await desk.told(f.CheckReady(("payment", "hatch"))) == f.ProvenReady()

    play(tmp_path, story)


def test_money_is_taken_declined_asked_about_and_given_back(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.terminal.auto_s = 0.05
        paid = await desk.told(f.Charge("v-1", 5000))
        assert isinstance(paid, f.Paid)
        assert (paid.key, paid.won, bool(paid.approval)) == ("v-1", 5000, True)
        assert await desk.told(f.EnquirePayment("v-1", 5000)) == paid
        given = await desk.told(f.ReversePayment("v-1", 5000))
        assert isinstance(given, f.Reversed)
        assert (given.key, given.won) == ("v-1", 5000)
        assert isinstance(await desk.told(f.EnquirePayment("v-1", 5000)), f.Reversed)
        peers.terminal.order("decline")
        assert await desk.told(f.Charge("v-2", 5000)) == f.NotPaid("v-2", "declined")
        assert await desk.told(f.EnquirePayment("v-9", 5000)) == f.NotPaid("v-9", "not_found")
        assert peers.terminal.book.taken() == 0

    play(tmp_path, story)


@pytest.mark.parametrize("command", [f.Charge("v-1", 5000), f.EnquirePayment("v-1", 1), f.ReversePayment("v-1", 1)])
def test_a_terminal_that_cannot_be_asked_leaves_the_outcome_unknown(tmp_path: Path, command: f.Command) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.terminal.order("unplug")
        unknown = await desk.told(command)
        assert isinstance(unknown, f.PaymentUnknown | f.NotPaid)
        assert unknown.key == "v-1"
        assert isinstance(unknown, f.PaymentUnknown) or isinstance(command, f.Charge)

    play(tmp_path, story)


def test_an_approval_that_was_not_heard_is_found_by_asking(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.terminal.auto_s = 0.05
        peers.terminal.order("mute_after")
        assert await desk.told(f.Charge("v-1", 5000)) == f.PaymentUnknown("v-1")
        peers.terminal.order("mute_after", on=False)
        paid = await desk.told(f.EnquirePayment("v-1", 5000))
        assert isinstance(paid, f.Paid)
        assert peers.terminal.book.taken() == 5000

    play(tmp_path, story)


@pytest.mark.parametrize("kind", [f.EnquirePayment, f.ReversePayment])
def test_a_terminal_known_to_be_silent_is_asked_again_only_after_the_pause(
    tmp_path: Path, kind: type[f.EnquirePayment] | type[f.ReversePayment]
) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        desk.hands._wait = replace(PATIENCE, back_off=0.3, back_off_most=0.6)
        peers.terminal.order("garbage", True)
        await until(lambda: refused(desk.crew), 20)
        for tries in (3, 5000):  # far beyond what a power of two can hold
            begun = time.monotonic()
            assert isinstance(await desk.told(kind("v-1", 5000, tries)), f.PaymentUnknown)
            assert time.monotonic() - begun > 0.5

    play(tmp_path, story)


def refused(crew: Crew) -> bool:
    """Whether the circuit breaker of the terminal is open."""
    try:
        crew.check("payment")
    except DeviceFault:
        return True
    return False


def test_paper_is_evidence_or_a_fault(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        assert await desk.told(f.PrintLabel("v-L", NUMBER, PAPER)) == f.LabelPrinted("v-L", "full")
        assert await desk.told(f.PrintReceipt("v-R", "receipt", PAPER)) == f.ReceiptPrinted("v-R", "full")
        peers.receipts.order("jam")
        jam = await desk.told(f.PrintReceipt("v-R2", "receipt", PAPER))
        assert jam == f.Faulted("receipt_printer", "jam", "PrintReceipt")
        assert await desk.told(f.PrintLabel("v-L", NUMBER)) == f.Faulted("label_printer", "internal", "PrintLabel")
        assert await desk.told(f.IssueNumber()) == f.NumberIssued(NUMBER)
        desk.numbers.count = 0
        assert await desk.told(f.IssueNumber()) == f.Faulted("numbers", "consumable_out", "IssueNumber")
        assert (len(peers.labels.pages), len(peers.receipts.pages)) == (1, 1)

    play(tmp_path, story)


def test_the_label_is_looked_for_until_it_is_seen(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.world.put(BOX)
        peers.scanner.codes = ("https://not.a.number", "123")
        desk.hands.do("v", f.WatchLabel(NUMBER))
        await asyncio.sleep(0.3)
        assert desk.heard == []
        peers.scanner.codes = ("6899900000009", NUMBER)
        await until(lambda: desk.heard, 30)
        assert desk.heard == [Posted("v", f.LabelScanned(NUMBER, 2400))]
        peers.scanner.codes = ("6899900000009",)
        assert await desk.told(f.WatchLabel(NUMBER)) == f.LabelScanned("6899900000009", 2400)

    play(tmp_path, story)


def test_a_label_that_is_seen_aside_is_told_after_a_while_and_never_taken_for_one_on_the_parcel(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.world.put(BOX)
        peers.scanner.codes, peers.scanner.aside = (NUMBER,), True
        assert await desk.told(f.WatchLabel(NUMBER)) == f.LabelAside(NUMBER)
        desk.heard.clear()
        desk.hands.do("v", f.WatchLabel(NUMBER))
        await asyncio.sleep(0.15)
        peers.scanner.codes = ()  # it is on its way to the parcel
        await asyncio.sleep(0.3)
        assert desk.heard == []
        peers.scanner.codes, peers.scanner.aside = (NUMBER,), False
        await until(lambda: desk.heard, 30)
        assert desk.heard == [Posted("v", f.LabelScanned(NUMBER, 2400))]

    play(tmp_path, story)


def test_a_watch_of_a_step_that_is_over_is_dropped_and_says_nothing(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        desk.hands.do("v", f.WatchLabel(NUMBER))
        desk.hands.do("w", f.WatchLabel(NUMBER))
        await asyncio.sleep(0.1)
        desk.hands.drop_passive("v")
        peers.world.put(BOX)
        peers.scanner.codes = (NUMBER,)
        await until(lambda: desk.heard, 30)
        await asyncio.sleep(0.3)
        assert [item.visit for item in desk.heard if isinstance(item, Posted)] == ["w"]

    play(tmp_path, story)


@pytest.mark.parametrize("pays", [True, False])
def test_a_charge_that_reaches_the_terminal_after_the_first_enquiry_is_found(tmp_path: Path, pays: bool) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        desk.hands = Hands(desk.crew, desk.numbers, desk.heard.append, replace(PATIENCE, pay=0.2, late=1.5))
        peers.terminal.auto_s = 0.05 if pays else None
        peers.terminal.order("late_request")
        assert await desk.told(f.Charge("v-1", 5000)) == f.PaymentUnknown("v-1")
        assert (await desk.crew.payment.enquire("v-1", 2)).state is PaymentState.NOT_FOUND
        found = await desk.told(f.EnquirePayment("v-1", 5000))
        assert peers.terminal.book.taken() == (5000 if pays else 0)
        if pays:
            assert isinstance(found, f.Paid)
        else:  # the terminal waits for a card: not unpaid yet
            assert found == f.PaymentUnknown("v-1")
            desk.hands.do("v", f.AbortPayment("v-1"))
            assert await desk.told(f.EnquirePayment("v-1", 5000)) == f.NotPaid("v-1", "cancelled")

    play(tmp_path, story)


def test_a_terminal_that_cannot_serve_is_not_a_declined_card(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.terminal.order("no_acquirer")
        assert await desk.told(f.Charge("v-1", 5000)) == f.NotPaid("v-1", "unavailable")
        assert await desk.told(f.CheckReady(("payment",))) == f.NotReady("payment", "no_acquirer")

    play(tmp_path, story)


def test_the_hatch_opens_closes_and_is_looked_into(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.world.put(BOX)
        await desk.told(f.Weigh())
        assert await desk.told(f.LookHatch()) == f.HatchClosed(False, 10, 2400)
        assert await desk.told(f.OpenHatch()) == f.HatchOpened()
        assert await desk.told(f.LookHatch()) == f.HatchOpened()
        desk.hands.do("v", f.WatchHatch())
        await asyncio.sleep(0.2)
        peers.world.drop()
        await until(lambda: len(desk.heard) == 5, 30)
        closed = desk.heard[-1]
        assert isinstance(closed, Posted)
        assert isinstance(closed.fact, f.HatchClosed)
        assert closed.fact.present
        assert peers.world.locked

    play(tmp_path, story)


def test_a_chamber_that_was_not_empty_when_the_door_opened_is_told(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.hatch.order("parcel_stuck")
        assert await desk.told(f.OpenHatch()) == f.HatchOpened(empty=False)
        assert await desk.told(f.LookHatch()) == f.HatchOpened(empty=False)
        peers.hatch.order("parcel_stuck", on=False)
        assert await desk.told(f.LookHatch()) == f.HatchOpened(empty=True)

    play(tmp_path, story)


def test_a_hatch_that_stays_shut_or_open_is_a_fault(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.hatch.order("door_stuck")
        assert await desk.told(f.OpenHatch()) == f.Faulted("hatch", "door_stuck", "OpenHatch")
        peers.hatch.order("door_stuck", on=False)
        assert await desk.told(f.OpenHatch()) == f.HatchOpened()
        assert await desk.told(f.WatchHatch()) == f.Faulted("hatch", "door_open", "WatchHatch")

    play(tmp_path, story)


def test_a_call_says_what_the_desk_has_recorded(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        async def next_said() -> Item:
            await until(lambda: desk.heard, 30)
            return desk.heard.pop()

        desk.hands.call("t1", "jam")
        assert await next_said() == Posted("", f.StaffAnswered("t1", "calling"))
        for state, fact in (
            (CallState.ON_THE_WAY, f.StaffAnswered("t1", "on_the_way")), (CallState.CLOSED, f.StaffTaskClosed("t1")),
        ):  # fmt: skip
            peers.desk.answer("t1", state)
            desk.hands.enquire_call("t1", "jam")
            assert await next_said() == Posted("", fact)
        peers.desk.order("unplug")
        desk.hands.call("t2", "jam")
        assert await next_said() == Posted("", f.StaffAnswered("t2", "no_answer"))
        assert "t2" not in peers.desk.calls

    play(tmp_path, story)


def test_what_is_in_flight_at_the_end_says_nothing(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        for command in (f.Weigh(), f.WatchHatch(), f.Charge("v-1", 1), f.WatchLabel(NUMBER)):
            desk.hands.do("v", command)
        await asyncio.sleep(0.05)
        await desk.hands.close()
        heard = list(desk.heard)
        await asyncio.sleep(0.3)
        assert desk.heard == heard
        assert not any(isinstance(item, Posted) and isinstance(item.fact, f.Paid) for item in heard)

    play(tmp_path, story)
