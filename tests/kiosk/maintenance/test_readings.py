"""What devices say of themselves is shown in words, and what no list knows as it was said."""

from devices import guard
from devices.identity import CardState
from devices.ports import Lamp, PaperState
from kiosk.services.maintenance.readings import PLACES, WORDS, row, rows
from kiosk.words import catalogue


def test_a_value_becomes_ids_part_by_part() -> None:
    assert row("door", "closed") == {"name": "reading.door", "of": "", "parts": ["reading.door.closed"]}
    assert row("camera dock", "ok, 9.8 fps, idle") == {
        "name": "reading.camera", "of": "dock", "parts": ["reading.camera.ok", "9.8 fps", "reading.camera.idle"],
    }  # fmt: skip
    assert row("camera left", "lost")["of"] == "reading.at.left"
    assert row("proof", "port only")["parts"] == ["reading.proof.port_only"]


def test_what_no_list_knows_stands_as_it_is() -> None:
    assert rows([("colour", "closed, blue"), ("door", "ajar")]) == [
        {"name": "colour", "of": "", "parts": ["closed, blue"]}, {"name": "reading.door", "of": "", "parts": ["ajar"]},
    ]  # fmt: skip


def test_every_word_is_in_the_catalogue_and_none_is_there_for_nothing() -> None:
    ids = {f"reading.{name}" for name in WORDS} | {f"reading.{n}.{word}" for n, said in WORDS.items() for word in said}
    ids |= {f"reading.at.{place}" for place in PLACES}
    assert ids == {id for id in catalogue("ko") if id.startswith("reading.")}


def test_what_drivers_take_from_a_list_is_known_whole() -> None:
    assert set(PaperState) <= WORDS["paper"]
    assert set(CardState) <= WORDS["card"]
    assert set(Lamp) <= WORDS["shows"]
    assert {*guard.FAULTS, *guard.SEES} <= WORDS["camera"]
