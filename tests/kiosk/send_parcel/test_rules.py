"""Prices, limits and dates of a parcel, with the shipped tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import Refusal
from kiosk.services.send_parcel import rules
from kiosk.services.send_parcel.books import read_tariff

BOOK = read_tariff(Path("config/tariffs/domestic_parcel.toml"))
SURE = (0.0, 0.0, 0.0)
CUT_OFF = time(16)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=timezone(timedelta(hours=9)))


@pytest.mark.parametrize(
    ("sum_cm", "grams", "won"),
    [
        (80.0, 3000, 4000),
        (80.1, 3000, 4500),
        (80.0, 3010, 4500),
        (70.0, 6000, 5000),  # the weight wins
        (100.0, 5000, 4500),
        (100.1, 1000, 6000),
        (120.0, 25000, 11000),
        (150.0, 10000, 13000),
        (160.0, 30000, 13000),
    ],
)
def test_the_higher_of_size_and_weight_prices_the_parcel(sum_cm: float, grams: int, won: int) -> None:
    assert rules.quote(round(sum_cm * 10), grams, "next_day", BOOK).total_won == won


@pytest.mark.parametrize(
    ("size", "grams", "code"),
    [
        ((600.0, 500.0, 500.0), 30000, None),
        ((600.0, 500.0, 501.0), 1000, "E_SIZE_SUM"),
        ((1000.0, 300.0, 300.0), 1000, None),
        ((1001.0, 300.0, 200.0), 1000, "E_SIZE_SIDE"),
        ((200.0, 1001.0, 300.0), 1000, "E_SIZE_SIDE"),
        ((200.0, 200.0, 200.0), 30010, "E_WEIGHT"),
    ],
)
def test_limits_stand_where_the_tariff_puts_them(size: rules.Size, grams: int, code: str | None) -> None:
    exact = replace(BOOK, allowance_mm=0)
    assert rules.limits(*size, grams, exact) == code
    wider = (size[0] + BOOK.allowance_mm, size[1], size[2]) if max(size) == size[0] else size
    assert code is not None or rules.limits(*wider, grams, BOOK) is None


def test_the_declared_uncertainty_falls_in_the_customers_favour() -> None:
    assert rules.settle(300.0, 300.0, 209.9, SURE, BOOK).sum_mm == 800
    assert rules.settle(300.0, 300.0, 210.1, SURE, BOOK).sum_mm == 801
    assert rules.settle(300.0, 300.0, 215.0, (10.0, 10.0, 10.0), BOOK).sum_mm == 798
    assert rules.limits(500.0, 500.0, 609.9, 1000, BOOK) is None
    assert rules.limits(500.0, 500.0, 610.1, 1000, BOOK) == "E_SIZE_SUM"


@pytest.mark.parametrize("box", BOOK.boxes, ids=lambda box: box.name)
def test_a_standard_box_is_charged_as_itself_any_way_up(box: rules.StandardBox) -> None:
    for a, b, c in permutations(box.sides_mm):
        charged = rules.settle(a + 5.9, b - 5.9, c + 5.9, SURE, BOOK)
        assert (charged.box, charged.sum_mm) == (box.name, sum(box.sides_mm))
        assert (charged.length_mm, charged.width_mm, charged.height_mm) == (a, b, c)
        assert rules.settle(a + 6.1, b, c, SURE, BOOK).box is None


@given(st.tuples(*[st.floats(50, 520)] * 3), st.integers(100, 30000))
def test_settling_never_costs_more_than_the_size_as_measured(size: rules.Size, grams: int) -> None:
    charged = rules.settle(*size, SURE, BOOK)
    as_measured = rules.tier(int(sum(size)) + 1, grams, BOOK)
    assert as_measured is None or rules.quote(charged.sum_mm, grams, "next_day", BOOK).base_won <= max(
        as_measured.won["next_day"], 0 if charged.box is None else 7000
    )
    assert charged.box is not None or charged.sum_mm <= sum(size) - BOOK.allowance_mm + 1


@given(
    st.tuples(*[st.floats(60, 500)] * 3),
    st.tuples(*[st.floats(0, 20)] * 3),
    st.tuples(*[st.floats(-1, 1)] * 3),
    st.integers(100, 30000),
)
def test_same_price_is_said_only_when_true(
    size: rules.Size, spread: rules.Size, where: tuple[float, float, float], grams: int
) -> None:
    if not rules.same_price(size, spread, grams, "next_day", BOOK):
        return
    other = tuple(s + u * k for s, u, k in zip(size, spread, where, strict=True))
    assert rules.limits(other[0], other[1], other[2], grams, BOOK) is None
    prices = {
        rules.quote(rules.settle(a, b, c, spread, BOOK).sum_mm, grams, "next_day", BOOK).total_won
        for a, b, c in (size, (other[0], other[1], other[2]))
    }
    assert len(prices) == 1


def test_same_price_knows_certain_and_doubtful_sizes() -> None:
    assert rules.same_price((300.0, 200.0, 200.0), (5.0, 5.0, 5.0), 1000, "next_day", BOOK)
    assert not rules.same_price((300.0, 300.0, 205.0), (5.0, 5.0, 5.0), 1000, "next_day", BOOK)
    assert rules.same_price((300.0, 300.0, 205.0), (5.0, 5.0, 5.0), 6000, "next_day", BOOK)  # the weight decides
    beside = (346.5, 256.5, 216.5)  # within the uncertainty lies box 3, which is cheaper
    assert not rules.same_price(beside, (1.0, 1.0, 1.0), 1000, "next_day", BOOK)
    assert rules.same_price(beside, (0.4, 0.4, 0.4), 1000, "next_day", BOOK)
    assert not rules.same_price((980.0, 200.0, 200.0), (40.0, 5.0, 5.0), 1000, "next_day", BOOK)


def test_choosing_by_hand_offers_one_tier_per_size_sum() -> None:
    assert [(each.id, each.sum_cm) for each in rules.tiers_for(1000, BOOK)] == [(1, 80), (2, 100), (4, 120), (8, 160)]
    assert [each.id for each in rules.tiers_for(12000, BOOK)] == [5, 8]
    assert rules.tiers_for(30001, BOOK) == ()


# Price parts


def test_the_parts_of_a_price_add_up_and_free_ones_are_not_listed() -> None:
    quote = rules.quote(800, 3000, "next_day", BOOK, postcode="63122", insured_won=1_000_000)
    assert quote.lines == (("price.base", 4000), ("price.insurance", 3500), ("price.island", 2500))
    assert quote.total_won == 10000
    assert rules.quote(800, 3000, "ordinary", BOOK, postcode="04524").lines == (("price.base", 2700),)
    assert all(type(won) is int for _, won in quote.lines)


@pytest.mark.parametrize(
    ("declared", "fee"),
    [(0, 0), (500_000, 0), (500_001, 1500), (600_000, 1500), (600_001, 2000), (3_000_000, 13500)],
)
def test_insurance_costs_by_started_hundred_thousand(declared: int, fee: int) -> None:
    assert rules.insurance_fee(declared, BOOK) == fee


@pytest.mark.parametrize("declared", [-1, 3_000_001])
def test_insurance_ends_at_the_cap(declared: int) -> None:
    with pytest.raises(Refusal) as refused:
        rules.insurance_fee(declared, BOOK)
    assert refused.value.line.id == "error.insured_max"
    assert refused.value.line.args == {"cap_won": 3_000_000}


def test_only_registered_parcels_are_compensated_and_insured() -> None:
    assert rules.compensation("next_day", 0, BOOK) == 500_000
    assert rules.compensation("next_day", 2_000_000, BOOK) == 2_000_000
    assert rules.compensation("ordinary", 0, BOOK) == 0
    assert rules.may_insure("next_day", BOOK)
    assert not rules.may_insure("ordinary", BOOK)


# The tariff's own doubts: each stands here until a person has settled it


def _row(name: str) -> rules.Row:
    return next(row for row in BOOK.rows if row.id == name)


def test_conflict_tier_7_reaches_120_cm_and_memory_says_160() -> None:
    assert "160" in _row("tiers.7.sum").conflict
    assert rules.quote(1500, 10000, "next_day", BOOK).base_won == 13000
    seventh = replace(BOOK.tiers[6], sum_mm=1600)
    other = replace(BOOK, tiers=(*BOOK.tiers[:6], seventh, BOOK.tiers[7]))
    assert rules.quote(1500, 10000, "next_day", other).base_won == 11000


def test_conflict_ordinary_30_kg_is_11700_and_a_comparison_says_8200() -> None:
    assert "8,200" in _row("tiers.8.ordinary").conflict
    assert rules.quote(1600, 30000, "ordinary", BOOK).base_won == 11700


def test_no_other_row_is_in_conflict() -> None:
    assert {row.id for row in BOOK.rows if row.conflict} == {"tiers.7.sum", "tiers.8.ordinary"}


def test_the_tariff_is_a_demonstration_until_every_row_is_verified() -> None:
    assert not BOOK.verified
    assert not rules.quote(800, 1000, "next_day", BOOK).verified
    checked = replace(BOOK, rows=tuple(replace(row, verified_on=date(2026, 4, 1)) for row in BOOK.rows))
    assert checked.verified
    assert {row.trust for row in BOOK.rows} <= {"OFF", "COPY", "DER", "MEM", "BLOG", "SET"}


def test_ordinary_costs_1300_less_than_registered_in_every_tier() -> None:
    assert {tier.won["next_day"] - tier.won["ordinary"] for tier in BOOK.tiers} == {1300}


# Days


@pytest.mark.parametrize(
    ("local", "available", "arrival"),
    [
        (at(2026, 7, 2, 15, 59), True, date(2026, 7, 3)),  # Thursday
        (at(2026, 7, 2, 16, 0), False, date(2026, 7, 4)),
        (at(2026, 7, 3, 12, 0), True, date(2026, 7, 4)),  # Friday: delivered on Saturday
        (at(2026, 7, 3, 17, 0), False, date(2026, 7, 7)),  # leaves on Monday
        (at(2026, 7, 4, 10, 0), False, date(2026, 7, 7)),  # Saturday
        (at(2026, 7, 5, 10, 0), False, date(2026, 7, 7)),  # Sunday
    ],
)
def test_next_day_ends_at_the_cut_off(local: datetime, available: bool, arrival: date) -> None:
    assert rules.next_day_available(local, CUT_OFF) is available
    assert rules.arrives(local, "next_day", "04524", CUT_OFF, BOOK) == arrival


@pytest.mark.parametrize(
    ("collected", "agreed"),
    [(time(16), time(15, 50)), (time(0, 5), time(0)), (time(0, 10), time(0)), (time(0), time(0))],
)
def test_what_is_agreed_lies_in_the_bin_when_parcels_are_collected(collected: time, agreed: time) -> None:
    assert rules.agreed_until(collected) == agreed


def test_a_holiday_neither_collects_nor_delivers() -> None:
    eve, holidays = at(2026, 12, 24, 10), frozenset({date(2026, 12, 25)})
    assert rules.arrives(eve, "next_day", "04524", CUT_OFF, BOOK, holidays) == date(2026, 12, 26)
    assert not rules.next_day_available(at(2026, 12, 25, 10), CUT_OFF, holidays)


def test_ordinary_is_expected_on_the_third_day_without_a_sunday_and_not_promised() -> None:
    assert rules.arrives(at(2026, 7, 2, 10), "ordinary", "04524", CUT_OFF, BOOK) == date(2026, 7, 6)
    assert not BOOK.speeds["ordinary"].promised


def test_no_date_is_named_where_the_tariff_names_none() -> None:
    assert rules.arrives(at(2026, 7, 2, 10), "ordinary", "63122", CUT_OFF, BOOK) is None
    assert rules.arrives(at(2026, 7, 2, 10), "next_day", "63122", CUT_OFF, BOOK) == date(2026, 7, 3)
