"""The open-banking link against the bench's interface: one outcome for each order, whatever the line does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from devices.bank_rest import RestBankHost
from devices.banking import Block, Decline, EntryKind, HostState, OrderKind
from devices.bench.bank import Bank
from devices.bench.bank_web import CLIENT, ORGANISATION, BankWebPeer, secret_file
from devices.ports import DeviceFault, FaultCode
from tests.devices.banks import NAMES, PAYEE, PAYER, WAIT_S, card, order

T = TypeVar("T")
OPENED = 3_000_000
#: Seconds for which what is slow or late is held back: it comes when the test lets it.
HELD_S = 60.0
Play = Callable[[BankWebPeer, RestBankHost, Callable[[], RestBankHost]], Awaitable[T]]


def run(folder: Path, play: Play[T]) -> T:
    async def whole() -> T:
        bank = Bank(folder / "bank.jsonl")
        peer = BankWebPeer(bank, seed=1, slow_s=HELD_S, late_s=HELD_S)
        url = f"http://127.0.0.1:{await peer.start()}"

        def another() -> RestBankHost:
            return RestBankHost("bank_host", url, ORGANISATION, CLIENT, str(secret_file(folder)),
                                str(folder / "trace.jsonl"), reply_s=0.5, simulated=True)  # fmt: skip

        host, before = another(), bank.total()
        await host.open()
        try:
            found = await play(peer, host, another)
            assert bank.total() == before
            return found
        finally:
            await host.close()
            await peer.stop()

    return asyncio.run(whole())


def test_questions_are_answered(tmp_path: Path) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, _: object) -> None:
        assert (await host.balance("v-1", card(), WAIT_S)).won == OPENED
        payee = await host.payee("v-1", card(), order().payee, WAIT_S)
        assert (payee.name, payee.registered, payee.reported, payee.paid_before) == ("김가상", True, False, False)
        for name, birth, found in NAMES:
            assert await host.real_name("v-1", card(), name, birth, WAIT_S) == found, (name, birth)
        await host.set_block("v-1", card(), Block.LENDING, WAIT_S)
        assert (await host.profile("v-1", card(), WAIT_S)).blocks == frozenset({Block.LENDING})
        await host.transfer("v-1", card(), order(), WAIT_S)
        (entry,) = await host.entries("v-2", card(), 5, WAIT_S)
        assert (entry.kind, entry.won, entry.balance_won) == (EntryKind.TRANSFER_OUT, -50_000, OPENED - 50_000)

    run(tmp_path, play)


def test_an_order_has_one_outcome_and_one_reversal(tmp_path: Path) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, _: object) -> None:
        done = await host.transfer("v-1", card(), order(), WAIT_S)
        assert await host.transfer("v-1", card(), order(), WAIT_S) == done
        assert (await host.enquire("v-1", WAIT_S)).reference == done.reference
        for _ in range(2):
            assert (await host.reverse("v-1", 50_000, WAIT_S)).state is HostState.REVERSED
        assert peer.bank.balance(PAYER) == OPENED
        delayed = await host.transfer("v-2", card(), order(kind=OrderKind.DELAYED), WAIT_S)
        assert (delayed.state, delayed.due is not None) == (HostState.SCHEDULED, True)

    run(tmp_path, play)


@pytest.mark.parametrize(
    ("won", "to", "why", "limit"),
    [
        (5_000_001, PAYEE, Decline.OVER_LIMIT, 5_000_000),
        (3_000_001, PAYEE, Decline.INSUFFICIENT_FUNDS, OPENED),
        (1, "11111111", Decline.NO_SUCH_ACCOUNT, None),
    ],
)
def test_a_no_names_its_reason_and_limit(tmp_path: Path, won: int, to: str, why: Decline, limit: int | None) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, _: object) -> None:
        said = await host.transfer("v-1", card(), order(won, to), WAIT_S)
        assert (said.state, said.why, said.limit_won) == (HostState.DECLINED, why, limit)

    run(tmp_path, play)


@pytest.mark.parametrize(
    ("fault", "booked"),
    [
        ("mute_before", False), ("mute_after", True), ("garbage", True), ("half_frame", True), ("slow", False),
        ("foreign_reply", True), ("wrong_amount", True), ("late_request", False), ("http_500", True),
    ],
)  # fmt: skip
def test_after_any_silence_the_outcome_is_unknown_and_then_found(tmp_path: Path, fault: str, booked: bool) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, another: Callable[[], RestBankHost]) -> None:
        restarted = another()
        peer.order(fault)
        with pytest.raises(DeviceFault) as told:
            await host.transfer("v-1", card(), order(), 0.2)
        assert told.value.code is FaultCode.OUTCOME_UNKNOWN
        peer.order(fault, False)
        found = await restarted.enquire("v-1", WAIT_S)
        if found.state is HostState.NOT_FOUND:
            found = await restarted.reverse("v-1", 50_000, WAIT_S)
        await peer.held.release()  # what comes late now is declined
        assert found.state is (HostState.APPROVED if booked else HostState.NOT_FOUND)
        assert peer.bank.balance(PAYER) == OPENED - (50_000 if booked else 0)

    run(tmp_path, play)


@pytest.mark.parametrize(
    "said",
    [
        {"rsp_code": "A0001"}, {"rsp_code": "A0002"}, {"rsp_code": "A0007"}, {"bank_rsp_code": "804"},
        {"bank_rsp_code": "400"}, {"bank_rsp_code": "400", "result": "declined", "why": "strange"},
        {"bank_rsp_code": "400", "result": "declined", "why": ["other"]},
    ],
)  # fmt: skip
def test_a_word_that_is_no_listed_no_leaves_the_outcome_unknown(tmp_path: Path, said: dict[str, object]) -> None:
    """Whatever the interface says of an order that its bank has booked all the same, the enquiry finds it."""

    async def play(peer: BankWebPeer, host: RestBankHost, _: object) -> None:
        honest = peer.reply
        peer.reply = lambda request: {**honest(request), **said}  # type: ignore[method-assign]  # its answer
        with pytest.raises(DeviceFault) as told:
            await host.transfer("v-1", card(), order(), WAIT_S)
        assert told.value.code is FaultCode.OUTCOME_UNKNOWN
        peer.reply = honest  # type: ignore[method-assign]  # honest again
        assert (await host.enquire("v-1", WAIT_S)).state is HostState.APPROVED
        assert peer.bank.balance(PAYER) == OPENED - 50_000

    run(tmp_path, play)


def test_an_order_whose_book_is_lost_is_not_called_unsent(tmp_path: Path) -> None:
    """The bank has booked; the book of ids goes away before the next start: nobody here knows, and nobody says so."""

    async def play(peer: BankWebPeer, host: RestBankHost, another: Callable[[], RestBankHost]) -> None:
        visit = datetime.now(UTC)
        peer.order("mute_after")
        with pytest.raises(DeviceFault):
            await host.transfer("v-1", card(), order(), 0.2)
        peer.order("mute_after", False)
        (tmp_path / "trace.jsonl").unlink()
        for _ in ("the first start", "the one after it"):
            restarted = another()
            await restarted.open()
            for since in (visit, None):
                for ask in (restarted.enquire("v-1", WAIT_S, since), restarted.reverse("v-1", 50_000, WAIT_S, since)):
                    with pytest.raises(DeviceFault) as told:
                        await ask
                    assert told.value.code is FaultCode.OUTCOME_UNKNOWN
        assert (await restarted.enquire("v-2", WAIT_S, datetime.now(UTC))).state is HostState.NOT_FOUND
        assert peer.bank.balance(PAYER) == OPENED - 50_000

    run(tmp_path, play)


def test_a_book_that_is_taken_away_under_way_is_written_again(tmp_path: Path) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, another: Callable[[], RestBankHost]) -> None:
        done = await host.transfer("v-1", card(), order(), WAIT_S)
        (tmp_path / "trace.jsonl").unlink()
        await host.transfer("v-2", card(), order(), WAIT_S)
        assert (await another().enquire("v-1", WAIT_S)).reference == done.reference

    run(tmp_path, play)


def test_ids_of_a_day_never_repeat_though_the_book_is_lost(tmp_path: Path) -> None:
    """The interface refuses an id that it has seen: each start has a book of its own, and is answered."""

    async def play(peer: BankWebPeer, host: RestBankHost, another: Callable[[], RestBankHost]) -> None:
        for start in range(20):
            (tmp_path / "trace.jsonl").unlink(missing_ok=True)
            assert (await another().balance(f"v-{start}", card(), WAIT_S)).won == OPENED
        assert len(peer.seen) == 20

    run(tmp_path, play)


def test_a_lost_token_is_fetched_anew_and_the_order_booked_once(tmp_path: Path) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, _: object) -> None:
        peer.order("token_lost")
        assert (await host.transfer("v-1", card(), order(), WAIT_S)).state is HostState.APPROVED
        peer.order("token_lost", False)
        peer.order("token_lost")
        peer.order("no_token")
        with pytest.raises(DeviceFault) as told:
            await host.transfer("v-2", card(), order(), WAIT_S)
        assert told.value.code is FaultCode.NOT_LOGGED_IN
        assert peer.bank.balance(PAYER) == OPENED - 50_000

    run(tmp_path, play)


def test_replies_to_something_else_are_told(tmp_path: Path) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, _: object) -> tuple[str, ...]:
        peer.order("foreign_reply")
        with pytest.raises(DeviceFault):
            await host.balance("v-1", card(), WAIT_S)
        return host.doubts()

    assert run(tmp_path, play) == ("not_asked_for",)


def test_every_message_has_an_id_of_its_own(tmp_path: Path) -> None:
    async def play(peer: BankWebPeer, host: RestBankHost, another: Callable[[], RestBankHost]) -> int:
        for start in range(3):
            for each in range(4):
                await (host if not start else another()).balance(f"v-{each}", card(), WAIT_S)
        return len(peer.seen)

    assert run(tmp_path, play) == 12
