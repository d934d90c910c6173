"""What an answer of the terminal is believed to say: no card data, no half amounts, totals to the won."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from devices import nexo
from devices.bench import terminal as bench
from devices.bench.terminal import PAN, TOO_MUCH_WON, TerminalPeer
from devices.payment import NexoTerminal
from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState, Totals
from devices.record import Tap, recorded

KEY = "0192f3a1c0de4b6f-1"


@asynccontextmanager
async def till(folder: Path) -> AsyncIterator[tuple[TerminalPeer, NexoTerminal]]:
    peer = TerminalPeer(folder / "book.jsonl", seed=1, auto_s=0.01, customer_s=0.5, slow_s=0.2, late_s=0.6)
    terminal = NexoTerminal("payment", f"http://127.0.0.1:{await peer.start()}", reply_s=0.5)
    await terminal.open()
    try:
        yield peer, terminal
    finally:
        await terminal.close()
        await peer.stop()


def test_no_card_data_is_kept_told_logged_or_recorded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The terminal offers the whole number, the expiry date and a track with every answer."""
    caplog.set_level(logging.DEBUG)
    kept: list[str] = []

    async def story() -> None:
        with recorded(Tap("payment", "nexo", tmp_path / "tap.jsonl")):
            async with till(tmp_path) as (peer, terminal):
                kept.append(repr(await terminal.pay(KEY, 4500, 2)))
                kept.append(repr(await terminal.enquire(KEY, 2)))
                kept.append(repr(await terminal.reverse(KEY, 4500, 2)))
                peer.order("decline")
                refused = await terminal.pay("v-2", 900, 2)
                kept.extend((repr(refused), refused.reason, repr(vars(terminal))))

    asyncio.run(story())
    kept.append((tmp_path / "tap.jsonl").read_text(encoding="utf-8"))
    assert "Test card ****0018" in kept[0]
    for text in (*kept, caplog.text):
        assert PAN not in text
        assert PAN[:12] not in text
        assert "3012" not in text
    assert kept[4] == "Refusal: card #"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"card {PAN}", "card #"), ("card 9999 9900 0000 0018 refused", "card # refused"),
        ("9999-9900-0000-0018", "#"), ("reason 51", "reason 51"), ("device 000000", "device 000000"),
    ],
)  # fmt: skip
def test_no_run_of_digits_that_could_be_a_card_stays_in_a_text(said: str, kept: str) -> None:
    assert nexo.scrubbed(said) == kept


@pytest.mark.parametrize("code", [PAN, "99999900000", 12345678, None])
def test_an_approval_code_is_shorter_than_any_card_number(code: object) -> None:
    body = {
        "Response": {"Result": "Success"},
        "PaymentResult": {"AmountsResp": {"AuthorizedAmount": 100}, "PaymentAcquirerData": {"ApprovalCode": code}},
    }
    assert nexo.charge(KEY, body).approval == ("99999900000" if code == "99999900000" else "")


def test_a_terminal_that_answers_with_its_last_transaction_makes_no_unpaid_charge_a_paid_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order("decline")
            await terminal.pay("v-1", 4500, 2)
            peer.order("decline", on=False)
            await terminal.pay("v-2", 4500, 2)
            peer.order("last_transaction")
            for enquired in ("v-1", "v-0"):
                with pytest.raises(DeviceFault, match="outcome_unknown"):
                    await terminal.enquire(enquired, 2)
            assert (await terminal.enquire("v-2", 2)).state is PaymentState.APPROVED
            await terminal.reverse("v-2", 4500, 2)
            peer.order("last_transaction", on=False)
            await terminal.pay("v-3", 4500, 2)
            peer.order("last_transaction")
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.enquire("v-3", 2)  # the charge is ours, the reversal is another's
            peer.order("last_transaction", on=False)
            assert (await terminal.enquire("v-1", 2)).state is PaymentState.DECLINED

    asyncio.run(story())


ABOUT = {"MessageCategory": "Payment", "ServiceID": "s-1", "SaleID": "branch"}
PAID_ROW = {"entry": "payment", "reference": "P1", "at": "", "state": "approved", "won": 4500, "approval": "1",
            "service_id": "s-1", "key": KEY}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"ServiceID": "s-2"}, {"SaleID": "another"}, {"MessageCategory": "Reversal"}, {"ServiceID": None},
        {"ServiceID": "s-1", "SaleID": ""},
    ],
)  # fmt: skip
def test_a_repeated_answer_is_ours_only_with_our_header(change: dict[str, Any]) -> None:
    body = bench.repeated(ABOUT, PAID_ROW)
    header = body["RepeatedMessageResponse"]["MessageHeader"]
    told = {key: value for key, value in header.items() if key in ("ServiceID", "MessageCategory")}
    body["RepeatedMessageResponse"]["MessageHeader"] = told
    assert nexo.status(KEY, "Payment", "s-1", "branch", body).state is PaymentState.APPROVED
    for result in ("Success", "Failure", None):
        body["Response"]["Result"] = result
        body["RepeatedMessageResponse"]["MessageHeader"] = {**header, **change}
        with pytest.raises(DeviceFault, match="outcome_unknown"):
            nexo.status(KEY, "Payment", "s-1", "branch", body)


def test_an_answer_that_names_another_sale_or_another_message_is_not_believed() -> None:
    body = bench.repeated({**ABOUT, "ServiceID": "s-2"}, PAID_ROW)
    with pytest.raises(DeviceFault, match="about another message"):
        nexo.status(KEY, "Payment", "s-1", "branch", body)
    with pytest.raises(DeviceFault, match="another sale"):
        nexo.charge("v-2", bench.payment_response(PAID_ROW))
    with pytest.raises(DeviceFault, match="another sale"):
        nexo.charge("v-2", bench.payment_response({**PAID_ROW, "state": "declined", "condition": "Refusal"}))


def test_dollars_are_no_won(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order("other_currency")
            with pytest.raises(DeviceFault, match="another currency"):
                await terminal.pay(KEY, 4500, 2)
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.enquire(KEY, 2)
            peer.order("other_currency", on=False)
            assert (await terminal.enquire(KEY, 2)).won == 4500

    asyncio.run(story())


@pytest.mark.parametrize("status", [302, 401, 500])
def test_an_answer_with_another_http_status_than_success_is_none(
    tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            real = terminal._http.ask

            async def with_status(*args: Any, **more: Any) -> tuple[int, Any]:
                return status, (await real(*args, **more))[1]

            monkeypatch.setattr(terminal._http, "ask", with_status)
            with pytest.raises(DeviceFault, match=f"outcome_unknown: .*HTTP status {status}"):
                await terminal.pay(KEY, 4500, 2)
            assert peer.book.taken() == 4500

    asyncio.run(story())


def test_a_card_number_in_place_of_a_word_goes_no_further(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> list[str]:
        said = list[str]()
        with recorded(Tap("payment", "nexo", tmp_path / "tap.jsonl")):
            async with till(tmp_path) as (peer, terminal):
                peer.order("decline")
                peer.order("card_in_words")
                for ask in (terminal.pay(KEY, 4500, 2), terminal.enquire(KEY, 2), terminal.reverse(KEY, 4500, 2)):
                    with pytest.raises(DeviceFault, match="outcome_unknown") as raised:
                        await ask
                    said.append(str(raised.value))
                peer.logged_in = False
                with pytest.raises(DeviceFault) as raised:
                    await terminal.probe()
                return [*said, str(raised.value)]

    for text in (*asyncio.run(story()), caplog.text, (tmp_path / "tap.jsonl").read_text(encoding="utf-8")):
        assert PAN[:8] not in text


def test_a_charge_of_another_amount_is_found_with_that_amount_and_given_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order("wrong_amount")
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.pay(KEY, 4500, 2)
            found = await terminal.enquire(KEY, 2)
            assert (found.state, found.won) == (PaymentState.APPROVED, 4500 + TOO_MUCH_WON)
            assert (await terminal.reverse(KEY, found.won, 2)).state is PaymentState.REVERSED
            assert peer.book.taken() == 0

    asyncio.run(story())


@pytest.mark.parametrize("fault", ["late_reply", "half_frame", "foreign_reply"])
def test_an_answer_that_is_late_torn_or_anothers_leaves_the_outcome_unknown(tmp_path: Path, fault: str) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order(fault)
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.pay(KEY, 4500, 0.4)
            peer.order(fault, on=False)
            assert (await terminal.enquire(KEY, 2)).state is PaymentState.APPROVED
            assert peer.book.taken() == 4500

    asyncio.run(story())


def test_an_answer_that_comes_twice_is_one_charge(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.order("duplicate_reply")
            assert (await terminal.pay(KEY, 4500, 2)).state is PaymentState.APPROVED
            assert (await terminal.pay("v-2", 900, 2)).key == "v-2"
            assert peer.book.taken() == 5400

    asyncio.run(story())


def test_a_period_is_closed_with_what_the_book_says(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (_, terminal):
            await terminal.pay("v-1", 4500, 2)
            await terminal.pay("v-2", 900, 2)
            await terminal.reverse("v-1", 4500, 2)
            assert await terminal.reconcile(2) == Totals(2, 5400, 1, 4500, "000001")
            assert await terminal.reconcile(2) == Totals(0, 0, 0, 0, "000002")
            await terminal.reverse("v-2", 900, 2)
            assert await terminal.reconcile(2) == Totals(0, 0, 1, 900, "000003")

    asyncio.run(story())


def test_the_totals_of_a_period_whose_answer_was_lost_come_with_the_next_call(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            await terminal.pay("v-1", 4500, 2)
            peer.order("mute_after")
            with pytest.raises(DeviceFault, match="outcome_unknown"):
                await terminal.reconcile(0.3)
            peer.order("mute_after", on=False)
            await terminal.pay("v-2", 900, 2)
            assert await terminal.reconcile(2) == Totals(1, 4500, 0, 0, "000001")
            assert await terminal.reconcile(2) == Totals(1, 900, 0, 0, "000002")

    asyncio.run(story())


def test_a_period_that_was_plainly_not_closed_is_asked_for_by_another_message(tmp_path: Path) -> None:
    """A terminal may answer a repeated ServiceID with what it said before."""
    asked: list[str] = []

    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            reply = peer.reply

            async def noted(category: str, service_id: str, body: Any) -> Any:
                asked.extend([service_id] * (category == "Reconciliation"))
                return await reply(category, service_id, body)

            peer.reply = noted  # type: ignore[method-assign]  # the peer itself answers
            peer.logged_in = False
            with pytest.raises(DeviceFault, match="LoggedOut"):
                await terminal.reconcile(2)
            await terminal.open()
            assert await terminal.reconcile(2) == Totals(0, 0, 0, 0, "000001")

    asyncio.run(story())
    assert len(asked) == len(set(asked)) == 2


def line(**changes: object) -> dict[str, Any]:
    """A line of totals."""
    return {"TransactionType": "Debit", "TransactionCount": 1, "TransactionAmount": 100, **changes}


@pytest.mark.parametrize(
    "totals",
    [
        7, "KRW", [7], [{"PaymentCurrency": "EUR", "PaymentTotals": []}], [{"PaymentCurrency": "KRW"}],
        *([{"PaymentCurrency": "KRW", "PaymentTotals": [broken]}] for broken in (
            7, {}, line(TransactionCount=-1), line(TransactionAmount="100"), line(TransactionAmount=True),
            line(TransactionType="Credit"), line(TransactionType=None),
        )),
    ],
)  # fmt: skip
def test_totals_that_are_not_whole_are_unknown(totals: object) -> None:
    with pytest.raises(DeviceFault) as caught:
        nexo.totals({"Response": {"Result": "Success"}, "TransactionTotals": totals})
    assert caught.value.code is FaultCode.OUTCOME_UNKNOWN


def broken(chance: random.Random, value: Any) -> Any:
    """The value with one part of it anything at all."""
    if chance.random() < 0.2 or not value or not isinstance(value, dict | list):
        return chance.choice((None, 0, -1, 7, 10**30, 0.5, True, "", "x" * 300, "Success", "Failure", [], {}, [value]))
    if isinstance(value, list):
        return [broken(chance, value[0])]
    name = chance.choice(tuple(value))
    return {**value, name: broken(chance, value[name])} if chance.random() < 0.9 else {}


def test_no_broken_answer_is_an_approval_of_anything_but_won_or_another_exception() -> None:
    chance = random.Random(4)
    row = {"reference": "P1", "at": "now", "state": "approved", "won": 4500, "approval": "1", "condition": "Refusal",
           "entry": "payment", "service_id": "s-1", "key": KEY}  # fmt: skip
    paid = bench.payment_response(row)
    refused, back = bench.payment_response({**row, "state": "declined"}), bench.reversal_response(row)
    sums = {"charges": 1, "charged_won": 4500, "reversals": 0, "reversed_won": 0}
    closed = bench.reconciliation_response({**row, **sums})
    readers: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (paid, partial(nexo.charge, KEY)), (refused, partial(nexo.charge, KEY)), (back, partial(nexo.given_back, KEY)),
        (bench.repeated(ABOUT, row), partial(nexo.status, KEY, "Payment", "s-1", "branch")),
        (bench.repeated(ABOUT, {**row, "entry": "reversal"}), partial(nexo.status, KEY, "Reversal", "s-1", "branch")),
        ({"SaleToPOIResponse": {"MessageHeader": {"ServiceID": "1"}, "PaymentResponse": paid}},
         lambda answer: nexo.body_of(answer, "Payment", "1", "branch")), (closed, nexo.totals),
    )  # fmt: skip
    for _ in range(5000):
        whole, read = chance.choice(readers)
        with contextlib.suppress(DeviceFault):
            said = read(broken(chance, whole))
            if isinstance(said, PaymentOutcome) and said.won:
                assert type(said.won) is int
                assert said.won > 0


def test_a_closed_driver_has_logged_out_unless_money_is_under_way(tmp_path: Path) -> None:
    async def story() -> None:
        async with till(tmp_path) as (peer, terminal):
            peer.auto_s = 0.4
            paying = asyncio.create_task(terminal.pay(KEY, 4500, 2))
            await asyncio.sleep(0.1)
            await terminal.close()
            assert peer.logged_in
            assert (await paying).state is PaymentState.APPROVED
            await terminal.close()
            assert not peer.logged_in

    asyncio.run(story())
