"""The nexo driver against its peer: what the terminal's book says is what the branch may believe."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from devices import nexo
from devices.bench.terminal import TerminalPeer
from devices.payment import NexoTerminal
from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState
from devices.supervisor import Pace, Supervisor
from tests.kiosk.feed_branch import until

KEY = "0192f3a1c0de4b6f-1"


@asynccontextmanager
async def till(tmp_path: Path, auto_s: float | None = 0.0) -> AsyncIterator[tuple[TerminalPeer, NexoTerminal]]:
    peer = TerminalPeer(tmp_path / "book.jsonl", seed=1, auto_s=auto_s, customer_s=0.5, slow_s=0.2)
    terminal = NexoTerminal("payment", f"http://127.0.0.1:{await peer.start()}", reply_s=0.5, simulated=True)
    await terminal.open()
    try:
        yield peer, terminal
    finally:
        await terminal.close()
        await peer.stop()


def book(tmp_path: Path) -> list[tuple[str, str, int]]:
    """Entry, state and won of every line on the disk."""
    path = tmp_path / "book.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [json.loads(line) for line in lines]
    return [(row["entry"], row.get("state", ""), row["won"]) for row in rows]


def test_a_charge_is_taken_once_however_often_its_key_is_sent(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (_, terminal):
            first = await terminal.pay(KEY, 4500, 2)
            assert (first.state, first.won, first.card) == (PaymentState.APPROVED, 4500, "Test card ****0018")
            assert first.approval
            assert await terminal.pay(KEY, 4500, 2) == first
            assert await terminal.enquire(KEY, 2) == first
            both = await asyncio.gather(terminal.pay(KEY[:-1] + "2", 900, 2), terminal.pay(KEY[:-1] + "2", 900, 2))
            assert both[0] == both[1]

    asyncio.run(story())
    assert book(tmp_path) == [("payment", "approved", 4500), ("payment", "approved", 900)]


def test_the_outcome_survives_a_restart_of_the_terminal(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (_, terminal):
            first = await terminal.pay(KEY, 4500, 2)
        async with till(tmp_path, auto_s=None) as (_, terminal):
            assert await terminal.pay(KEY, 4500, 2) == first

    asyncio.run(story())
    assert book(tmp_path) == [("payment", "approved", 4500)]


def test_a_reversal_asked_twice_is_one_reversal(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            await terminal.pay(KEY, 4500, 2)
            back = await terminal.reverse(KEY, 4500, 2)
            assert (back.state, back.won) == (PaymentState.REVERSED, 4500)
            assert (await terminal.reverse(KEY, 4500, 2)).state is PaymentState.REVERSED
            assert (await terminal.enquire(KEY, 2)).state is PaymentState.REVERSED
            assert peer.book.taken() == 0

    asyncio.run(story())
    assert book(tmp_path) == [("payment", "approved", 4500), ("reversal", "", 4500)]


@pytest.mark.parametrize(
    ("approve", "state"),
    [(True, PaymentState.APPROVED), (False, PaymentState.CANCELLED), (None, PaymentState.CANCELLED)],
)
def test_the_customer_decides(tmp_path: Path, approve: bool | None, state: PaymentState) -> None:
    async def story() -> None:
        async with till(tmp_path, auto_s=None) as (peer, terminal):
            paying = asyncio.create_task(terminal.pay(KEY, 4500, 2))
            await asyncio.sleep(0.15)
            assert (await terminal.enquire(KEY, 2)).state is PaymentState.IN_PROGRESS
            assert dict((await terminal.probe()).values)["terminal"] == "Busy"
            if approve is not None:
                assert peer.act(approve)
            assert (await paying).state is state
            assert not peer.act(True)

    asyncio.run(story())


def test_an_aborted_charge_takes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path, auto_s=None) as (peer, terminal):
            paying = asyncio.create_task(terminal.pay(KEY, 4500, 2))
            await asyncio.sleep(0.15)
            await terminal.abort(KEY, 2)
            assert (await paying).state is PaymentState.CANCELLED
            assert (await terminal.reverse(KEY, 4500, 2)).state is PaymentState.CANCELLED
            assert peer.book.taken() == 0

    asyncio.run(story())


def test_a_charge_goes_on_in_the_terminal_when_the_branch_hangs_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path, auto_s=0.3) as (_, terminal):
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.pay(KEY, 4500, 0.1)
            await asyncio.sleep(0.4)
            assert (await terminal.enquire(KEY, 2)).state is PaymentState.APPROVED

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code", "after"),
    [
        ("mute_before", FaultCode.OUTCOME_UNKNOWN, PaymentState.NOT_FOUND),
        ("mute_after", FaultCode.OUTCOME_UNKNOWN, PaymentState.APPROVED),
        ("garbage", FaultCode.OUTCOME_UNKNOWN, PaymentState.APPROVED),
        ("unplug", FaultCode.DISCONNECTED, PaymentState.NOT_FOUND),
    ],
)
def test_silence_is_unknown_until_the_enquiry(tmp_path: Path, fault: str, code: FaultCode, after: PaymentState) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order(fault)
            begun = time.monotonic()
            with pytest.raises(DeviceFault) as caught:
                await terminal.pay(KEY, 4500, 0.5)
            assert caught.value.code is code
            assert time.monotonic() - begun < 1.0
            peer.order(fault, on=False)
            await asyncio.sleep(0.05)
            assert (await terminal.enquire(KEY, 2)).state is after

    asyncio.run(story())


def test_an_enquiry_that_is_not_answered_leaves_the_outcome_unknown(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            await terminal.pay(KEY, 4500, 2)
            for fault in ("enquiry_down", "unplug"):
                peer.order(fault)
                with pytest.raises(DeviceFault, match="outcome_unknown"):
                    await terminal.enquire(KEY, 0.3)
                with pytest.raises(DeviceFault, match="outcome_unknown"):
                    await terminal.reverse(KEY, 4500, 0.3)
                peer.order(fault, on=False)
                await asyncio.sleep(0.05)
            assert peer.book.taken() == 4500

    asyncio.run(story())


def test_a_reversal_without_answer_is_found_by_the_next_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            await terminal.pay(KEY, 4500, 2)
            peer.order("mute_after")
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.reverse(KEY, 4500, 0.5)
            peer.order("mute_after", on=False)
            assert (await terminal.enquire(KEY, 2)).state is PaymentState.REVERSED
            assert (await terminal.reverse(KEY, 4500, 2)).state is PaymentState.REVERSED

    asyncio.run(story())
    assert book(tmp_path) == [("payment", "approved", 4500), ("reversal", "", 4500)]


def test_whatever_fails_in_between_the_book_and_the_enquiry_agree(tmp_path: Path) -> None:
    """Thirty charges under random faults, some reversed: each key is taken at most once, and found as it was booked."""
    chance, codes = random.Random(20), set[FaultCode]()
    faults = (None, "mute_before", "mute_after", "garbage", "unplug", "enquiry_down", "decline")

    async def attempt(peer: TerminalPeer, call: Callable[[], Awaitable[PaymentOutcome]]) -> PaymentOutcome | None:
        fault = chance.choice(faults)
        if fault:
            peer.order(fault)
        try:
            return await call()
        except DeviceFault as caught:
            codes.add(caught.code)
            return None
        finally:
            if fault:
                peer.order(fault, on=False)
            await asyncio.sleep(0.03)

    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            for visit in range(30):
                key, won = f"visit{visit}-1", 1000 + visit
                paid = await attempt(peer, partial(terminal.pay, key, won, 0.2))
                found = await terminal.enquire(key, 2)
                assert paid is None or paid == found
                back = None
                if found.state is PaymentState.APPROVED and chance.random() < 0.5:
                    back = await attempt(peer, partial(terminal.reverse, key, won, 0.2))
                last = await terminal.enquire(key, 2)
                assert back is None or back == last
                rows = [row for row in peer.book.entries if row["key"] == key]
                taken = sum(row["won"] for row in rows if row.get("state") == "approved")
                returned = sum(row["won"] for row in rows if row["entry"] == "reversal")
                assert taken in (0, won)
                assert taken - returned == (won if last.state is PaymentState.APPROVED else 0)

    asyncio.run(story())
    assert codes == {FaultCode.OUTCOME_UNKNOWN, FaultCode.DISCONNECTED}


def test_a_refused_card_is_declined_and_a_slow_terminal_waited_for(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order("decline")
            assert (await terminal.pay(KEY, 4500, 2)).state is PaymentState.DECLINED
            peer.order("decline", on=False)
            peer.order("slow")
            assert (await terminal.pay(KEY[:-1] + "2", 4500, 2)).state is PaymentState.APPROVED

    asyncio.run(story())


def test_a_terminal_that_cannot_serve_has_not_declined_the_card(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            assert (await terminal.pay(KEY, 0, 2)).state is PaymentState.UNAVAILABLE  # MessageFormat
            peer.order("no_acquirer")
            refused = await terminal.pay(KEY, 4500, 2)
            assert (refused.state, refused.reason) == (PaymentState.UNAVAILABLE, "UnreachableHost")
            assert (await terminal.probe()).faults == {FaultCode.NO_ACQUIRER}
            peer.order("no_acquirer", on=False)
            assert not (await terminal.probe()).faults

    asyncio.run(story())
    assert book(tmp_path) == []


def test_a_terminal_that_has_forgotten_the_login_takes_nothing_until_it_is_opened_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            await terminal.pay(KEY, 4500, 2)
            peer.order("logged_out")
            assert (await terminal.pay(KEY[:-1] + "2", 900, 2)).state is PaymentState.UNAVAILABLE
            for ask in (terminal.enquire(KEY, 2), terminal.reverse(KEY, 4500, 2)):
                with pytest.raises(DeviceFault, match="outcome_unknown"):
                    await ask
            with pytest.raises(DeviceFault, match="not_logged_in"):
                await terminal.probe()
            await terminal.open()
            assert not (await terminal.probe()).faults
            assert (await terminal.enquire(KEY, 2)).state is PaymentState.APPROVED

    asyncio.run(story())
    assert book(tmp_path) == [("payment", "approved", 4500)]


def test_the_supervisor_logs_in_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            supervisor = Supervisor([terminal], Pace(period_s=0.05, first_pause_s=0.05), seed=1)
            await supervisor.start()
            await until(lambda: supervisor.status("payment").usable)
            peer.order("logged_out")
            assert not peer.logged_in
            await until(lambda: peer.logged_in and supervisor.status("payment").usable)
            assert (await terminal.pay(KEY, 4500, 2)).state is PaymentState.APPROVED
            await supervisor.stop()
            assert not peer.logged_in

    asyncio.run(story())


def test_only_one_charge_at_a_time(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path, auto_s=None) as (peer, terminal):
            paying = asyncio.create_task(terminal.pay(KEY, 4500, 2))
            await asyncio.sleep(0.15)
            other = await terminal.pay(KEY[:-1] + "2", 900, 2)
            assert (other.state, other.reason) == (PaymentState.CANCELLED, "Busy")
            peer.act(True)
            assert (await paying).state is PaymentState.APPROVED

    asyncio.run(story())
    assert book(tmp_path) == [("payment", "approved", 4500)]


def test_another_amount_than_asked_is_not_taken_for_this_charge(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (_, terminal):
            await terminal.pay(KEY, 4500, 2)
            with pytest.raises(DeviceFault, match="outcome_unknown: asked for 9000, authorised 4500"):
                await terminal.pay(KEY, 9000, 2)

    asyncio.run(story())


def test_short_service_ids_are_derived_from_the_key_and_stay_apart() -> None:
    short = NexoTerminal("payment", "http://127.0.0.1:1", service_id_limit=10)
    ids = {short.service_id(f"visit-{visit:04}-{attempt}", suffix) for visit in range(500) for attempt in (1, 2)
           for suffix in ("", "R")}  # fmt: skip
    assert len(ids) == 2000
    assert {len(each) for each in ids} == {10}
    assert short.service_id(KEY) == short.service_id(KEY)
    assert NexoTerminal("payment", "http://127.0.0.1:1").service_id(KEY) == KEY


@pytest.mark.parametrize("pan", ["999999******0018", "9999990000000018", "0018"])
def test_no_more_of_a_card_than_its_last_four_digits_comes_through(pan: str) -> None:
    paid = {"PaymentInstrumentData": {"CardData": {"MaskedPan": pan, "PaymentBrand": "Test"}}}
    assert nexo.card(paid) == "Test ****0018"
