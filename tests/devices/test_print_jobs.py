"""A job prints once: what the drivers remember, when they repeat, what a presenter adds, and what a restart leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TypeAlias

import pytest

from devices import presenter, printing
from devices.bench.escpos import EscPosPeer
from devices.bench.zpl import CANCEL, COUNTER, ZplPeer
from devices.label_printer import LabelPrinter
from devices.ports import DeviceFault, FaultCode, Observation, PaperState, Printed
from devices.printing import Jobs
from devices.receipt_printer import ReceiptPrinter
from tests.devices.printers import Driver, Peer, attempt, noise, probe
from tests.kiosk.feed_branch import until

PICTURE = noise(256, 60)
DONE = Printed("job", PaperState.FULL)
Kind: TypeAlias = Callable[[], tuple[Peer, type[Driver]]]
KINDS: dict[str, Kind] = {
    "receipt": lambda: (EscPosPeer(), ReceiptPrinter),
    "label": lambda: (ZplPeer(), LabelPrinter),
}


@asynccontextmanager
async def pair(kind: str) -> AsyncIterator[tuple[Peer, Callable[[], Driver]]]:
    """A peer that listens, and a maker of drivers for it: each is a process of its own as far as jobs go."""
    peer, driver_of = KINDS[kind]()
    port, made = await peer.start(), list[Driver]()

    def drive() -> Driver:
        made.append(driver_of("printer", "127.0.0.1", port))
        return made[-1]

    try:
        yield peer, drive
    finally:
        for driver in made:
            await driver.close()
        await peer.stop()


async def each(story: Callable[[str, str], Coroutine[None, None, None]], faults: tuple[str, ...]) -> None:
    """The story of every fault at both printers, all at the same time."""
    await asyncio.gather(*(story(kind, fault) for kind in KINDS for fault in faults))


@pytest.mark.parametrize("kind", KINDS)
def test_a_finished_job_is_told_and_not_printed_again(kind: str) -> None:
    async def story() -> None:
        async with pair(kind) as (peer, drive):
            driver = drive()
            assert [await attempt(driver, "job", PICTURE) for _ in range(3)] == [DONE] * 3
            both = await asyncio.gather(*(driver.print("other", PICTURE, 5.0) for _ in range(2)))
            assert both == [Printed("other", PaperState.FULL)] * 2
            assert len(peer.pages) == 2
            peer.order("unplug")
            assert await attempt(driver, "job", PICTURE) == DONE
            peer.order("unplug", on=False)
            assert len(peer.pages) == 2

    asyncio.run(story())


@pytest.mark.parametrize("kind", KINDS)
def test_someone_present_may_have_a_finished_job_again(kind: str) -> None:
    async def story() -> None:
        async with pair(kind) as (peer, drive):
            driver = drive()
            await driver.print("job", PICTURE, 5.0)
            assert await driver.print("job", PICTURE, 5.0, again=True) == DONE
            assert len(peer.pages) == 2

    asyncio.run(story())


def test_a_job_of_unknown_outcome_is_not_repeated_unless_asked() -> None:
    async def story(kind: str, fault: str) -> None:
        async with pair(kind) as (peer, drive):
            driver = drive()
            peer.order(fault)
            assert await attempt(driver, "job", PICTURE, 1.0) is FaultCode.OUTCOME_UNKNOWN
            peer.order(fault, on=False)
            await asyncio.sleep(0.1)
            pages = len(peer.pages)
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB
            assert len(peer.pages) == pages
            assert await driver.print("job", PICTURE, 5.0, again=True) == DONE
            assert await attempt(driver, "job", PICTURE) == DONE
            assert len(peer.pages) == pages + 1

    asyncio.run(each(story, ("mute_mid_job", "unplug_mid_job")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_given_up_in_the_middle_leaves_the_job_in_doubt(kind: str) -> None:
    async def story() -> None:
        async with pair(kind) as (peer, drive):
            driver, peer.page_s = drive(), 0.5
            call = asyncio.create_task(driver.print("job", PICTURE, 5.0))
            await asyncio.sleep(0.25)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB

    asyncio.run(story())


def test_a_job_that_is_known_not_to_have_come_out_may_be_tried_again() -> None:
    async def story(kind: str, fault: str) -> None:
        async with pair(kind) as (peer, drive):
            driver = drive()
            peer.order(fault)
            assert await attempt(driver, "job", PICTURE, 2.5) not in (DONE, FaultCode.OUTCOME_UNKNOWN)
            peer.order(fault, on=False)
            end = asyncio.get_running_loop().time() + 10
            while (came_to := await attempt(driver, "job", PICTURE)) == FaultCode.DISCONNECTED:
                assert asyncio.get_running_loop().time() < end
                await asyncio.sleep(0.1)  # the plug takes its time
            assert came_to == DONE
            assert len(peer.pages) == 1

    asyncio.run(each(story, ("cover_open", "jam", "paper_out_mid_job", "cutter_jam", "head_hot", "mute", "unplug")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_cancel_that_a_printer_does_not_confirm_leaves_the_job_in_doubt(kind: str) -> None:
    async def story() -> None:
        async with pair(kind) as (peer, drive):
            driver = drive()
            peer.order("keeps_jobs")
            peer.order("paper_out_mid_job")
            assert await attempt(driver, "job", PICTURE) is FaultCode.OUTCOME_UNKNOWN
            peer.order("paper_out_mid_job", on=False)
            await until(lambda: len(peer.pages) == 1, 5)
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB
            assert len(peer.pages) == 1, "what came out by itself is not printed beside it"

    asyncio.run(story())


def test_a_slip_whose_rows_are_all_out_is_in_doubt_though_it_was_never_cut() -> None:
    async def story() -> None:
        async with pair("receipt") as (peer, drive):
            driver = drive()
            peer.order("paper_out_at_cut")
            assert await attempt(driver, "job", PICTURE) is FaultCode.OUTCOME_UNKNOWN
            peer.order("paper_out_at_cut", on=False)
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB
            assert peer.pages == []
            assert await driver.print("job", PICTURE, 5.0, again=True) == DONE
            assert (len(peer.pages), peer.errors) == (1, [])

    asyncio.run(story())


class AfterCancel(ZplPeer):
    """A printer whose counter, once it is told to forget a job without paper, says something else."""

    says = ""

    async def _obey(self, command: bytes, writer: asyncio.StreamWriter) -> None:
        if command == CANCEL and self.out:
            self.labels = int(self.says) if self.says.isdecimal() else self.labels
            self._formats += [b"^XA^XZ"] * (self.says == "one waits")
        if not (command == COUNTER and self.out and self.says == "nothing"):
            await super()._obey(command, writer)


@pytest.mark.parametrize(
    ("says", "end"),
    [
        ("4711", FaultCode.CONSUMABLE_OUT), ("4712", Printed("job", PaperState.OUT)),
        ("nothing", FaultCode.OUTCOME_UNKNOWN), ("one waits", FaultCode.OUTCOME_UNKNOWN),
    ],
)  # fmt: skip
def test_a_label_that_a_fault_stopped_is_judged_by_the_counter_after_the_cancel(says: str, end: object) -> None:
    async def story() -> None:
        peer = AfterCancel()
        peer.says = says
        driver = LabelPrinter("printer", "127.0.0.1", await peer.start())
        peer.order("paper_out_mid_job")
        assert await attempt(driver, "job", PICTURE) == end
        if says == "one waits":
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB
        await driver.close()
        await peer.stop()

    asyncio.run(story())


@pytest.mark.parametrize("kind", KINDS)
def test_a_reprint_that_is_refused_leaves_the_doubt(kind: str) -> None:
    async def story() -> None:
        async with pair(kind) as (peer, drive):
            driver = drive()
            peer.order("mute_mid_job")
            await attempt(driver, "job", PICTURE, 1.0)
            peer.order("mute_mid_job", on=False)
            peer.order("jam")
            with pytest.raises(DeviceFault) as raised:
                await driver.print("job", PICTURE, 3.0, again=True)
            assert raised.value.code is FaultCode.JAM
            peer.order("jam", on=False)
            assert await attempt(driver, "job", PICTURE) is FaultCode.DUPLICATE_JOB

    asyncio.run(story())


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_remembered_beyond_the_process(kind: str) -> None:
    """A new driver prints the id again: after a restart it is the flow that asks before anything moves."""

    async def story() -> None:
        async with pair(kind) as (peer, drive):
            first = drive()
            await first.print("job", PICTURE, 5.0)
            await first.close()
            assert await drive().print("job", PICTURE, 5.0) == DONE
            assert len(peer.pages) == 2

    asyncio.run(story())


@pytest.mark.parametrize("kind", KINDS)
def test_a_printer_that_is_paused_in_the_middle_goes_on_or_stays_unknown(kind: str) -> None:
    async def story() -> None:
        async with pair(kind) as (peer, drive):
            driver, peer.page_s = drive(), 0.3
            call = asyncio.create_task(attempt(driver, "job", PICTURE, 4.0))
            await asyncio.sleep(0.15)
            peer.order("offline")
            await asyncio.sleep(0.8)
            assert (call.done(), peer.pages) == (False, [])
            peer.order("offline", on=False)
            assert await call == DONE
            late = asyncio.create_task(attempt(driver, "late", PICTURE, 1.0))
            await asyncio.sleep(0.15)
            peer.order("offline")
            assert await late is FaultCode.OUTCOME_UNKNOWN
            peer.order("offline", on=False)
            await asyncio.sleep(0.6)
            assert len(peer.pages) == 1, "what was given up comes out later"

    asyncio.run(story())


def test_the_oldest_jobs_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "KEPT", 2)
    jobs = Jobs()
    for job in ("a", "b", "c"):
        with jobs.begun(job):
            jobs.finished(Printed(job, PaperState.FULL))
    assert [jobs.ended(job, again=False) is not None for job in ("a", "b", "c")] == [False, True, True]


# A presenter


@asynccontextmanager
async def kiosk_printer(presenter_s: float) -> AsyncIterator[tuple[EscPosPeer, ReceiptPrinter]]:
    """A printer with a presenter; a customer takes the slip after so many seconds."""
    peer = EscPosPeer(presenter_s=presenter_s)
    driver = ReceiptPrinter("receipt", "127.0.0.1", await peer.start(), presenter=True)
    try:
        yield peer, driver
    finally:
        await driver.close()
        await peer.stop()


def test_a_slip_that_is_taken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter, "POLL_S", 0.05)

    async def story() -> None:
        async with kiosk_printer(0.4) as (peer, driver):
            call = asyncio.create_task(driver.print("job", PICTURE, 5.0))
            await until(lambda: peer.slip)
            seen = await driver.probe()
            assert (seen.faults, dict(seen.values)["slip"]) == (frozenset(), "waiting")
            assert await call == Printed("job", PaperState.FULL, taken=True)
            assert dict((await driver.probe()).values) == {"paper": "full", "slip": "none"}

    asyncio.run(story())


def test_a_slip_that_nobody_takes_is_printed_but_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter, "TAKE_S", 0.5)
    monkeypatch.setattr(presenter, "POLL_S", 0.05)

    async def story() -> None:
        async with kiosk_printer(0.0) as (peer, driver):
            peer.order("not_taken")
            assert await driver.print("job", PICTURE, 5.0) == Printed("job", PaperState.FULL, taken=False)
            seen = await probe(driver)
            assert isinstance(seen, Observation)
            assert seen.faults == {FaultCode.NOT_TAKEN}
            assert await attempt(driver, "next", PICTURE) is FaultCode.NOT_TAKEN
            assert len(peer.pages) == 1
            peer.order("not_taken", on=False)
            assert await driver.print("next", PICTURE, 5.0) == Printed("next", PaperState.FULL, taken=True)

    asyncio.run(story())


def test_a_slip_of_a_job_that_ended_in_doubt_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter, "POLL_S", 0.05)

    async def story() -> None:
        async with kiosk_printer(0.0) as (peer, driver):
            peer.order("not_taken")
            peer.order("mute_mid_job")
            assert await attempt(driver, "job", PICTURE) is FaultCode.OUTCOME_UNKNOWN
            peer.order("mute_mid_job", on=False)
            peer.slip = True
            seen = await driver.probe()
            assert seen.faults == {FaultCode.NOT_TAKEN}
            assert await attempt(driver, "next", PICTURE) is FaultCode.NOT_TAKEN

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"), [("garbage", "protocol"), ("half_frame", "protocol"), ("mute", "no_response")]
)
def test_a_presenter_that_does_not_say_leaves_it_open(fault: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter, "POLL_S", 0.05)

    async def story() -> None:
        async with kiosk_printer(60.0) as (peer, driver):
            call = asyncio.create_task(driver.print("job", PICTURE, 5.0))
            await until(lambda: peer.slip)
            await asyncio.sleep(0.1)
            peer.order(fault)
            assert await call == Printed("job", PaperState.FULL, taken=None)
            assert await probe(driver) == code

    asyncio.run(story())


def test_a_printer_without_a_presenter_says_nothing_of_it() -> None:
    async def story() -> None:
        async with pair("receipt") as (peer, drive):
            driver = drive()
            assert (await driver.print("job", PICTURE, 5.0)).taken is None
            assert dict((await driver.probe()).values) == {"paper": "full"}
            with pytest.raises(ValueError, match="no fault of this printer"):
                peer.order("not_taken")

    asyncio.run(story())


def test_a_driver_that_expects_a_presenter_where_there_is_none_calls_nothing_ready() -> None:
    async def story() -> None:
        peer = EscPosPeer()
        driver = ReceiptPrinter("receipt", "127.0.0.1", await peer.start(), presenter=True)
        assert await probe(driver) is FaultCode.NO_RESPONSE
        await driver.close()
        await peer.stop()

    asyncio.run(story())
