"""Money across a stop of the core, with the real driver and the terminal's own book."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kiosk import facts as f
from kiosk.flow import Posted
from kiosk.services.send_parcel import draft as d
from tests.campaigns.test_stops import WON, paid
from tests.kiosk.crew import House
from tests.kiosk.feed_branch import until
from tests.kiosk.test_desk import at_table, play, to_review


async def charged(one: House, *more: f.Fact, answered: bool = True) -> str:
    """A visit whose charge was with the terminal when the core stopped; `answered`: a card was held to it."""
    await at_table(one)
    visit = next(iter(one.core._desk.visits))
    for fact in (*paid(visit)[:-3], *(f.PaymentUnknown(f"{visit}-1") for _ in more)):
        await one.core._clerk.append(visit, fact)
    one.peers.terminal.auto_s = 0.01
    if answered:
        await one.core._crew.payment.pay(f"{visit}-1", WON, 2)
    return f"{visit}-1"


def reasons(one: House) -> list[str]:
    """What is open for staff."""
    return [task.reason for task in one.core._desk.calls.tasks.values()]


def booked(one: House) -> list[tuple[str, int]]:
    """The lines of the terminal's book."""
    return [(row["entry"], row["won"]) for row in one.peers.terminal.book.entries]


def test_a_charge_that_was_approved_while_the_core_was_down_is_found_at_the_start(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await charged(one)

    async def after(one: House) -> None:
        await one.guest.sees("Stuck")  # paid: a label is owed, and moves only once someone says so
        assert [fact.won for fact in await told(one) if isinstance(fact, f.Paid)] == [WON]
        assert booked(one) == [("payment", WON)]

    play(tmp_path, before, after)


async def told(one: House) -> list[f.Fact]:
    """Every fact on disk."""
    return [entry.fact for entry in await one.written() if entry.fact is not None]


def test_a_customer_who_left_the_doubt_stays_away_and_gets_the_money_back(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        key = await charged(one, f.Resumed())
        for fact in (d.LeaveAsked(), f.Confirmed()):
            await one.core._clerk.append(key.rpartition("-")[0], fact)

    async def after(one: House) -> None:
        await until(lambda: booked(one) == [("payment", WON), ("reversal", WON)], 30)
        await until(lambda: not one.core._desk.visits, 30)
        closed = [fact.outcome for fact in await told(one) if isinstance(fact, f.VisitClosed)]
        assert closed == ["reversed"]

    play(tmp_path, before, after)


def test_a_charge_that_was_never_sent_is_found_unpaid_at_the_start(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await charged(one, answered=False)

    async def after(one: House) -> None:
        await one.guest.sees("Review")
        assert [fact.reason for fact in await told(one) if isinstance(fact, f.NotPaid)] == ["not_found"]
        assert booked(one) == []

    play(tmp_path, before, after)


def test_a_charge_that_no_enquiry_finds_at_the_start_is_given_back_when_the_terminal_is_back(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await charged(one)
        one.peers.terminal.order("unplug")

    async def after(one: House) -> None:
        await until(lambda: "reversal_unsure" in reasons(one))
        one.peers.terminal.order("unplug", on=False)
        await one.guest.sees("Reversed")
        assert booked(one) == [("payment", WON), ("reversal", WON)]

    play(tmp_path, before, after)


def test_a_reversal_that_a_stop_cut_off_is_found_and_not_repeated(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        key = await charged(one, *(f.PaymentUnknown("") for _ in range(5)))
        await one.core._crew.payment.reverse(key, WON, 2)

    async def after(one: House) -> None:
        await one.guest.sees("Reversed")
        assert booked(one) == [("payment", WON), ("reversal", WON)]

    play(tmp_path, before, after)


def test_a_reversal_that_a_person_settled_is_asked_about_no_more(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await charged(one)
        one.peers.terminal.order("unplug")

    async def after(one: House) -> None:
        await until(lambda: "reversal_unsure" in reasons(one))
        task = next(task for task, raised in one.core._desk.calls.tasks.items() if raised.reason == "reversal_unsure")
        one.core.post(Posted("", f.StaffTaskClosed(task)))
        await until(lambda: not one.core._desk.visits)
        assert f.VisitClosed("settled") in await told(one)
        assert "reversal_unsure" not in reasons(one)
        await asyncio.sleep(0.5)  # what was under way ends
        said = len([fact for fact in await told(one) if isinstance(fact, f.PaymentUnknown)])
        await asyncio.sleep(1.0)
        assert len([fact for fact in await told(one) if isinstance(fact, f.PaymentUnknown)]) == said
        assert "reversal_unsure" not in reasons(one)

    play(tmp_path, before, after)


def test_the_terminal_is_asked_only_after_the_intent_is_on_disk(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await to_review(one)
        clerk, when = one.core._clerk, "BEFORE INSERT ON event WHEN NEW.kind = 'ProvenReady'"
        full = f"CREATE TEMP TRIGGER full {when} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        await clerk.ask(clerk.journal._engine.raw_connection().execute, full)
        one.guest.does("agree", won=one.guest.view["values"]["total_won"])
        await until(one.task.done)
        assert one.peers.terminal.waiting is None
        assert booked(one) == []

    play(tmp_path, story)
