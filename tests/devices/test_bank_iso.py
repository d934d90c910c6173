"""The ISO 8583 link against the switch of the bench: whatever goes wrong on the line, both books agree in the end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from devices import iso8583 as m
from devices.bank_iso import IsoBankHost
from devices.banking import Block, Decline, Declined, EntryKind, Found, HostState, NameCheck, OrderKind
from devices.ports import DeviceFault, FaultCode
from devices.trace_book import AHEAD, TraceBook
from tests.devices.banks import NAMES, PAYEE, PAYER, WAIT_S, Line, card, order, signed_on, switch

T = TypeVar("T")
OPENED = 3_000_000


#: Seconds for which what is slow or late is held back: it comes when the test lets it.
HELD_S = 60.0


def run(folder: Path, play: Callable[[Line, IsoBankHost], Awaitable[T]]) -> T:
    async def whole() -> T:
        async with switch(folder, HELD_S, HELD_S) as line, signed_on(line) as host:
            before = line.bank.total()
            found = await play(line, host)
            assert line.bank.total() == before
            return found

    return asyncio.run(whole())


async def settled(line: Line, key: str, won: int) -> HostState:
    """As the teller does it: ask with a fresh line until somebody knows, then call off what nobody knows."""
    for fault in line.peer.faults:
        line.peer.order(fault, False)
    for _ in range(20):
        host = line.host()
        try:
            await host.open()
            found = await host.enquire(key, WAIT_S)
            if found.state is HostState.NOT_FOUND:
                found = await host.reverse(key, won, WAIT_S)
            return found.state
        except DeviceFault:
            await asyncio.sleep(0.05)
        finally:
            await host.close()
    raise AssertionError("never known")


def test_questions_are_answered(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        balance = await host.balance("v-1", card(), WAIT_S)
        assert (balance.won, balance.available_won) == (OPENED, OPENED)
        payee = await host.payee("v-1", card(), order().payee, WAIT_S)
        assert (payee.name, payee.registered, payee.reported, payee.paid_before) == ("김가상", True, False, False)
        for name, birth, found in NAMES:
            assert await host.real_name("v-1", card(), name, birth, WAIT_S) == found, (name, birth)
        assert await host.real_name("v-1", card(1), "HONGSAEBYEOK", "1990-08-15", WAIT_S) == NameCheck(Found.UNKNOWN)
        assert await host.entries("v-1", card(), 5, WAIT_S) == ()
        await host.set_block("v-1", card(), Block.LENDING, WAIT_S)
        profile = await host.profile("v-1", card(), WAIT_S)
        assert (profile.age, profile.blocks) == (36, frozenset({Block.LENDING}))
        await host.tell_trusted("v-1", card(1), "loan", WAIT_S)
        assert line.bank.notices == [("99900300000003", "loan")]

    run(tmp_path, play)


def test_a_transfer_is_booked_once_under_its_key(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        done = await host.transfer("v-1", card(), order(), WAIT_S)
        again = await host.transfer("v-1", card(), order(), WAIT_S)
        assert done.state is HostState.APPROVED
        assert again == done
        assert (line.bank.balance(PAYER), line.bank.balance(PAYEE)) == (OPENED - 50_000, 550_000)
        assert (await host.enquire("v-1", WAIT_S)).reference == done.reference
        (entry,) = await host.entries("v-2", card(), 5, WAIT_S)
        assert (entry.kind, entry.won, entry.balance_won) == (EntryKind.TRANSFER_OUT, -50_000, OPENED - 50_000)

    run(tmp_path, play)


def test_taking_back_twice_is_one_reversal(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        await host.transfer("v-1", card(), order(), WAIT_S)
        for _ in range(2):
            assert (await host.reverse("v-1", 50_000, WAIT_S)).state is HostState.REVERSED
        assert (await host.enquire("v-1", WAIT_S)).state is HostState.REVERSED
        assert line.bank.balance(PAYER) == OPENED
        assert [row["entry"] for row in line.bank.book.entries] == ["order", "reversal"]

    run(tmp_path, play)


def test_a_delayed_transfer_moves_nothing_yet(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        taken_on = await host.transfer("v-1", card(), order(kind=OrderKind.DELAYED), WAIT_S)
        assert taken_on.state is HostState.SCHEDULED
        assert taken_on.due is not None
        assert line.bank.balance(PAYER) == OPENED
        assert (await host.reverse("v-1", 50_000, WAIT_S)).state is HostState.REVERSED

    run(tmp_path, play)


@pytest.mark.parametrize(
    ("won", "to", "pin", "why", "limit"),
    [
        (5_000_001, PAYEE, None, Decline.OVER_LIMIT, 5_000_000),
        (3_000_001, PAYEE, None, Decline.INSUFFICIENT_FUNDS, OPENED),
        (1, "11111111", None, Decline.NO_SUCH_ACCOUNT, None),
        (1, "99900400000004", None, Decline.REPORTED_ACCOUNT, None),
        (1, PAYEE, "000000", Decline.WRONG_PIN, None),
    ],
)  # fmt: skip
def test_a_no_names_its_reason_and_limit(
    tmp_path: Path, won: int, to: str, pin: str | None, why: Decline, limit: int | None
) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        said = await host.transfer("v-1", card(pin=pin), order(won, to), WAIT_S)
        assert (said.state, said.why, said.limit_won) == (HostState.DECLINED, why, limit)
        assert line.bank.balance(PAYER) == OPENED

    run(tmp_path, play)


def test_the_third_wrong_pin_locks_the_card(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> list[Decline]:
        seen = []
        for pin in ("000000", "111111", "222222", None):
            with pytest.raises(Declined) as told:
                await host.balance("v-1", card(pin=pin), WAIT_S)
            seen.append(told.value.why)
        return seen

    assert run(tmp_path, play) == [Decline.WRONG_PIN] * 3 + [Decline.PIN_TRIES_EXCEEDED]


@pytest.mark.parametrize(
    ("fault", "booked"),
    [
        ("mute_before", False), ("mute_after", True), ("garbage", True), ("half_frame", True), ("late_reply", True),
        ("foreign_reply", True), ("wrong_code", True), ("wrong_amount", True), ("dies_mid_transfer", True),
        ("slow", False), ("late_request", False),
    ],
)  # fmt: skip
def test_after_any_silence_the_outcome_is_unknown_and_then_found(tmp_path: Path, fault: str, booked: bool) -> None:
    """What is slow or late comes when the branch has already settled it, and is declined."""

    async def play(line: Line, host: IsoBankHost) -> None:
        line.peer.order(fault)
        with pytest.raises(DeviceFault) as told:
            await host.transfer("v-1", card(), order(), 0.2)
        assert told.value.code is FaultCode.OUTCOME_UNKNOWN
        state = await settled(line, "v-1", 50_000)
        await line.peer.held.release()  # what comes late now is declined
        assert state is (HostState.APPROVED if booked else HostState.NOT_FOUND)
        orders = [row["state"] for row in line.bank.book.entries if row["entry"] == "order"]
        assert orders == ["A" if booked else "D"]
        assert line.bank.balance(PAYER) == OPENED - (50_000 if booked else 0)

    run(tmp_path, play)


@pytest.mark.parametrize("code", ["68", "22", "06", "12", "91", "92", "96", "99"])
def test_a_code_that_is_no_listed_no_leaves_the_outcome_unknown(tmp_path: Path, code: str) -> None:
    """Late reply, failure, bank not reached: the bank has booked all the same, and the enquiry finds it."""

    async def play(line: Line, host: IsoBankHost) -> None:
        honest = line.peer.reply
        line.peer.reply = lambda fields: {**honest(fields), "39": code}  # type: ignore[method-assign]  # its answer
        with pytest.raises(DeviceFault) as told:
            await host.transfer("v-1", card(), order(), WAIT_S)
        assert told.value.code is FaultCode.OUTCOME_UNKNOWN
        line.peer.reply = honest  # type: ignore[method-assign]  # honest again
        assert await settled(line, "v-1", 50_000) is HostState.APPROVED
        assert line.bank.balance(PAYER) == OPENED - 50_000

    run(tmp_path, play)


@pytest.mark.parametrize("fault", ["duplicate_reply", "out_of_order"])
def test_replies_that_nobody_asked_for_are_put_aside_and_told(tmp_path: Path, fault: str) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        line.peer.order(fault)
        for number in range(3):
            assert (await host.transfer(f"v-{number}", card(), order(), WAIT_S)).state is HostState.APPROVED
        assert line.bank.balance(PAYER) == OPENED - 150_000
        assert set(host.doubts()) == {"not_asked_for"}
        assert host.doubts() == ()

    run(tmp_path, play)


def test_a_reply_that_comes_late_is_put_aside_and_told(tmp_path: Path) -> None:
    """To the next question it is no answer, whatever it says."""

    async def play(line: Line, host: IsoBankHost) -> None:
        line.peer.order("late_reply")
        with pytest.raises(DeviceFault):
            await host.transfer("v-1", card(), order(), 0.2)
        line.peer.order("late_reply", False)
        await host.open()
        await line.peer.held.release()
        assert (await host.enquire("v-1", WAIT_S)).state is HostState.APPROVED
        assert host.doubts() == ("not_asked_for",)

    run(tmp_path, play)


def test_a_wrong_code_is_told_as_such(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> tuple[str, ...]:
        line.peer.order("wrong_code")
        with pytest.raises(DeviceFault):
            await host.balance("v-1", card(), 0.3)
        return host.doubts()

    assert run(tmp_path, play) == ("wrong_code",)


def test_a_reversal_is_repeated_as_0421(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        await host.transfer("v-1", card(), order(), WAIT_S)
        line.peer.order("mute_after")
        with pytest.raises(DeviceFault) as told:
            await host.reverse("v-1", 50_000, 0.4)
        assert told.value.code is FaultCode.OUTCOME_UNKNOWN
        assert line.peer.heard[-2:] == ["0420", "0421"]
        assert await settled(line, "v-1", 50_000) is HostState.REVERSED
        assert line.bank.balance(PAYER) == OPENED

    run(tmp_path, play)


def test_nothing_is_sent_without_a_line_or_a_number(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        await host.close()
        line.peer.order("unplug")
        with pytest.raises(DeviceFault) as told:
            await host.transfer("v-1", card(), order(), WAIT_S)
        assert told.value.code is FaultCode.DISCONNECTED
        (tmp_path / "trace.jsonl").unlink()
        (tmp_path / "trace.jsonl").mkdir()
        with pytest.raises(DeviceFault) as told:
            await line.host().transfer("v-2", card(), order(), WAIT_S)
        assert told.value.code is FaultCode.INTERNAL

    run(tmp_path, play)


def test_what_never_came_and_is_taken_back_is_declined_when_it_comes(tmp_path: Path) -> None:
    async def play(line: Line, host: IsoBankHost) -> None:
        assert (await host.reverse("v-1", 50_000, WAIT_S)).state is HostState.NOT_FOUND
        assert (await host.transfer("v-1", card(), order(), WAIT_S)).state is HostState.DECLINED
        assert line.bank.balance(PAYER) == OPENED

    run(tmp_path, play)


def test_no_number_is_given_twice_across_restarts(tmp_path: Path) -> None:
    dice, seen = random.Random(3), list[int]()
    for start in range(6):
        book = TraceBook(tmp_path / "trace.jsonl")  # one process after another
        for each in range(dice.randrange(1, 2 * AHEAD)):
            seen.append((book.order(f"{start}-{each}") if dice.random() < 0.05 else book.question()).serial)
    assert len(seen) == len(set(seen))
    assert TraceBook(tmp_path / "trace.jsonl").find("5-9999") is None


def test_a_torn_line_was_never_sent(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    first = TraceBook(path).order("v-1")
    path.write_bytes(path.read_bytes() + b'{"key": "v-2", "ser')
    book = TraceBook(path)
    assert (book.find("v-1"), book.find("v-2")) == (first, None)
    assert book.order("v-2").serial != first.serial


def test_field_48_holds_what_it_was_given() -> None:
    said = {"NM": "홍새벽", "RF": "B00000000001", "EM": ""}
    assert m.tags(m.tagged(said)) == {"NM": "홍새벽", "RF": "B00000000001"}
