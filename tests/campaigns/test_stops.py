"""Stops that a campaign meets only by luck, set up on purpose: between a fact and what it asks for."""

from __future__ import annotations

from pathlib import Path

from kiosk import facts as f
from kiosk.services.send_parcel import draft as d
from tests.kiosk.crew import BOX, House
from tests.kiosk.feed_branch import until
from tests.kiosk.test_desk import at_table, play

WON = 4000
NUMBER = "6899900000001"


PEOPLE: tuple[f.Fact, ...] = tuple(
    fact
    for who in ("receiver", "sender")
    for fact in (d.Addressed(who, "a", "r", "g", "b", "1"), d.Detailed(who), d.Named(who, "홍"), d.Phoned(who, "02"))
)
ANSWERED: tuple[f.Fact, ...] = (
    d.SizeAccepted(), *PEOPLE, d.ContentsDeclared("book"), d.Pledged(), d.SpeedChosen("next_day"), d.InsuredFor(0),
    d.PriceAgreed(WON, WON),
)  # fmt: skip


def paid(visit: str) -> tuple[f.Fact, ...]:
    """What is written of a visit until its label came out."""
    return (
        f.Placed(2400), f.Weighed(2400, "2.400"), f.Measured(340.0, 250.0, 180.0, (3.0, 3.0, 3.0)),
        *ANSWERED, f.ProvenReady(), f.Paid(f"{visit}-1", WON, "A1"), f.NumberIssued(NUMBER), f.LabelPrinted("L"),
    )  # fmt: skip


def test_a_task_for_staff_that_a_stop_cut_off_is_raised_after_it(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await at_table(one)
        visit = next(iter(one.core._desk.visits))
        for fact in (*paid(visit), f.IdledOut()):
            await one.core._clerk.append(visit, fact)

    async def after(one: House) -> None:
        await until(lambda: "paid_parcel_left" in [task.reason for task in one.core._desk.calls.tasks.values()])
        await until(lambda: one.peers.desk.calls)
        closed = [entry.fact for entry in await one.written() if isinstance(entry.fact, f.VisitClosed)]
        assert closed == [f.VisitClosed("left_paid")]

    play(tmp_path, before, after)


def reasons(one: House) -> list[tuple[str, str]]:
    """Why no parcel is taken now."""
    return [(reason.device, reason.code) for reason in one.core._desk.available()["send_parcel"].reasons]


def test_what_lies_on_the_table_at_the_start_is_nobodys_who_comes_now(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await one.guest.rests()
        one.peers.world.put(BOX)
        await until(lambda: one.core._desk.table.grams)

    async def after(one: House) -> None:
        await until(lambda: one.core._desk.table.grams)
        await until(lambda: one.guest.view and ("table", "parcel_left_behind") in reasons(one))
        assert not one.guest.offers("send_parcel")
        one.peers.world.take()
        await one.guest.rests()

    play(tmp_path, before, after)


def test_after_a_stop_a_paid_label_prints_only_once_someone_says_so(tmp_path: Path) -> None:
    async def before(one: House) -> None:
        await at_table(one)
        visit = next(iter(one.core._desk.visits))
        for fact in paid(visit)[:-2]:
            await one.core._clerk.append(visit, fact)

    async def after(one: House) -> None:
        await one.guest.sees("Stuck")
        assert one.peers.labels.pages == []
        one.guest.does("retry")
        await one.guest.sees("Stick")
        assert len(one.peers.labels.pages) == 1

    play(tmp_path, before, after)
