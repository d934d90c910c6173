"""The search over the shipped addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import Refusal
from kiosk.paper import undrawable
from kiosk.services.send_parcel.addresses import QUERY_MAX, initials, province, search
from kiosk.services.send_parcel.books import read_addresses

PATH = Path("config/addresses/sample.toml")
BOOK = read_addresses(PATH)


def test_there_are_enough_places_in_every_province() -> None:
    assert 40 <= len(BOOK.addresses) <= 60
    assert len({province(each.postcode) for each in BOOK.addresses}) == 17


@pytest.mark.parametrize("each", BOOK.addresses, ids=lambda each: each.id)
def test_every_address_agrees_with_itself(each: object) -> None:
    address = BOOK.find(str(each.id))  # type: ignore[attr-defined]  # pytest hands the address over as an object
    assert re.fullmatch(r"[a-z0-9-]+", address.id)
    assert province(address.postcode) == address.area.split()[0]
    assert re.fullmatch(r"[가-힣0-9]*(로|길) \d+(-\d+)?", address.road)
    assert address.latin.isascii()
    assert address.latin.split(",")[0].split()[-1] == address.road.split()[-1]
    assert search(f"{address.area} {address.road}", BOOK)[0] == address
    assert address in search(address.building, BOOK)
    assert address in search(initials(address.road.replace(" ", "")), BOOK, limit=60)


def test_every_address_can_be_drawn_on_paper() -> None:
    assert undrawable("".join(each.area + each.road + each.building for each in BOOK.addresses)) == ""


def test_no_place_stands_twice() -> None:
    assert len({(each.area, each.road) for each in BOOK.addresses}) == len(BOOK.addresses)
    assert len({each.building for each in BOOK.addresses}) == len(BOOK.addresses)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("세종대로 209", "sejong-209"),
        ("세종대로209", "sejong-209"),
        ("세종대로 2", "sejong-209"),
        ("ㅅㅈㄷㄹ", "sejong-110"),
        ("ㅅㅈㄷㄹ2", "sejong-209"),
        ("정부서울청사", "sejong-209"),
        ("서울특별시 종로구 세종대로 209", "sejong-209"),
        ("서울 종로구 세종대로", "sejong-209"),
        ("중앙대로 부산", "busan-jungang-1001"),
        ("광주광역시 시청", "naebang-111"),
        ("광주시청", "naebang-111"),
        ("전라북도", "hyoja-225"),
        ("제주도청", "munyeon-6"),
        ("여수 시청로", "yeosu-sicheong-1"),
        ("209", "sejong-209"),
        ("sejong-daero 209", "sejong-209"),
        ("Sejongdaero 2", "sejong-209"),
        ("busan city hall", "busan-jungang-1001"),
        ("post office", "sogong-70"),
    ],
)
def test_people_find_what_they_mean(query: str, first: str) -> None:
    assert search(query, BOOK)[0].id == first


def test_a_road_begins_the_list_before_a_building_of_that_name() -> None:
    assert [each.road.split()[0] for each in search("세종대로", BOOK)] == ["세종대로", "세종대로"]
    assert len(search("청", BOOK)) == 9
    assert len(search("청", BOOK, limit=3)) == 3


@pytest.mark.parametrize("query", ["", "   ", "-", "어디에도없는길"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    assert search(query, BOOK) == ()


@pytest.mark.parametrize("query", ["가" * (QUERY_MAX + 1), "세종\x00대로", "세종\u202e대로", "세종\n대로", "\ud800"])
def test_what_cannot_be_searched_is_refused(query: str) -> None:
    with pytest.raises(Refusal) as refused:
        search(query, BOOK)
    assert refused.value.line.id == "error.search"


@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(query: str) -> None:
    try:
        found = search(query, BOOK)
    except Refusal:
        return
    assert len(found) <= 9
    assert len(set(found)) == len(found)


def test_an_unknown_address_is_refused() -> None:
    with pytest.raises(Refusal):
        BOOK.find("nowhere-1")
