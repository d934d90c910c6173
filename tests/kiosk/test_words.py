"""Every word exists in every language, with the same values, and is written as people write it."""

from __future__ import annotations

import ast
import logging
import re
from collections import Counter
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from devices.ports import DeviceState, FaultCode, PaperState
from kiosk import words
from kiosk.words import LOCALE, Words, catalogue, languages

KOREAN = catalogue("ko")
QML = sorted(Path("kiosk").rglob("*.qml"))
SERVICES = sorted(Path("kiosk/services").rglob("*.py")) + sorted(Path("kiosk").glob("*.py"))
#: What the first word of an id can be: so that a string in the code is known as an id.
HEADS = {id.split(".")[0] for id in KOREAN}
WORD = re.compile(r"[a-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
ID = re.compile(r"[a-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")


def placeholders(text: str) -> Counter[str]:
    return Counter({name: 1 for _, name, _, _ in Formatter().parse(text) if name})


def test_korean_and_english_are_complete() -> None:
    assert languages()[0] == "ko"
    assert "en" in languages()


@pytest.mark.parametrize("tag", sorted(path.name for path in LOCALE.iterdir() if path.is_dir()))
def test_every_language_has_the_same_ids_and_values(tag: str) -> None:
    other = catalogue(tag)
    assert set(other) ^ set(KOREAN) == set()
    assert {id for id in KOREAN if placeholders(KOREAN[id]) != placeholders(other[id])} == set()


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*/*.po")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_catalogue_is_sound(path: Path) -> None:
    with path.open("rb") as file:
        messages = [each for each in read_po(file, abort_invalid=True) if each.id]
    for each in messages:
        assert each.string, f"{each.id} is not translated"
        assert not each.fuzzy, f"{each.id} is fuzzy"
        assert WORD.fullmatch(str(each.id)), f"{each.id} is no id"
    ids = Counter(written(path))
    assert [id for id, count in ids.items() if count > 1] == []
    assert [id for other in path.parent.glob("*.po") if other != path for id in written(other) if id in ids] == []


def written(path: Path) -> list[str]:
    """The ids as they stand in the file; a reader of catalogues would merge doubles."""
    return re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_word_said_on_a_screen_exists() -> None:
    missing = set()
    for path in QML:
        with path.open("rb") as file:
            found = extract("javascript", file, keywords={"say": None})
            said = {str(id) for _, id, _, _ in found if WORD.fullmatch(str(id))}  # a computed id leaves only pieces
            missing |= {(str(path), id) for id in said if id not in KOREAN}
    assert missing == set()


def test_every_id_written_on_a_screen_exists() -> None:
    missing = set()
    for path in QML:
        for id in re.findall(r'"((?:[a-z][a-z0-9_]*)(?:\.[A-Za-z0-9_]+)+)"', path.read_text(encoding="utf-8")):
            if id.split(".")[0] in HEADS and id not in KOREAN:
                missing.add((str(path), id))
    assert missing == set()


def strings(path: Path) -> set[str]:
    """The strings of a module that are whole (no part of an f-string)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
    }


def test_every_id_written_in_the_code_exists() -> None:
    written = {(str(path), text) for path in SERVICES for text in strings(path) if ID.fullmatch(text)}
    known = {(path, id) for path, id in written if id.split(".")[0] in HEADS}
    assert {id for _, id in known} & set(KOREAN)
    files = (".key", ".db", ".sock", ".toml", ".po", ".json", ".png", ".html")
    assert {(path, id) for path, id in known if id not in KOREAN and not id.endswith(files)} == set()


def test_every_family_of_computed_ids_exists() -> None:
    families = set()
    for path in SERVICES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(head := node.values[0], ast.Constant):
                families.add(str(head.value))
    known = {start for start in families if start.endswith(".") and start.split(".")[0] in HEADS}
    assert known
    assert {start for start in known if not any(id.startswith(start) for id in KOREAN)} == set()


def test_every_state_and_fault_has_a_name_and_a_remedy() -> None:
    wanted = {f"state.{state}" for state in DeviceState} | {f"paper.{state}" for state in PaperState}
    wanted |= {f"{part}.{code}" for code in FaultCode for part in ("fault", "remedy")}
    assert wanted - set(KOREAN) == set()


def test_every_staff_task_of_the_code_has_a_name() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SERVICES)
    reasons = set(re.findall(r'(?:CallStaff|raise_task)\(\s*"([a-z_]+)"', source))
    assert {f"task.{reason}" for reason in reasons} - set(KOREAN) == set()


SAMPLES = {
    "won": 5000, "kg": 2340, "cm": 305, "date": "2026-07-03", "phone": "01012345678", "number": "4092007735160",
    "box": "2-1호",
}  # fmt: skip


@pytest.mark.parametrize("tag", ["ko", "en"])
def test_every_sentence_can_be_said(tag: str) -> None:
    said = Words(tag, strict=True)
    for id, text in catalogue(tag).items():
        args = {name: SAMPLES.get(spec or "", 1) for _, name, spec, _ in Formatter().parse(text) if name}
        assert "{" not in said.tell(id, args)


def test_english_is_english() -> None:
    own_names = {id for id in KOREAN if id.startswith(("language.", "keyboard."))}
    assert {id for id, text in catalogue("en").items() if re.search("[가-힣]", text)} - own_names == set()


# How a word behaves


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    for tag, body in (
        ("ko", 'msgid "a"\nmsgstr "가 {won:won}"\n\nmsgid "b"\nmsgstr "나"\n'),
        ("en", 'msgid "a"\nmsgstr "A {won:won}"\n\n#, fuzzy\nmsgid "b"\nmsgstr "B"\n'),
    ):
        (tmp_path / tag).mkdir()
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        (tmp_path / tag / "x.po").write_text(head + body, encoding="utf-8")
    return tmp_path


def test_a_half_language_is_not_offered(locale: Path) -> None:
    assert languages(locale) == ("ko",)
    (locale / "ko" / "x.po").write_text("", encoding="utf-8")
    assert languages(locale) == ("ko", "en")


def test_a_missing_word_fails_in_tests(locale: Path) -> None:
    with pytest.raises(KeyError):
        Words("en", strict=True, folder=locale).say("b")
    with pytest.raises(KeyError):
        Words("en", strict=True, folder=locale).say("a")


def test_a_missing_word_is_korean_then_the_id_and_logged_once(locale: Path, caplog: pytest.LogCaptureFixture) -> None:
    english = Words("en", folder=locale)
    with caplog.at_level(logging.WARNING):
        assert [english.say("b"), english.say("b"), english.say("c.{d}"), english.say("a")] == [
            "나",
            "나",
            "c.{d}",
            "A {won}",
        ]
    assert len(caplog.records) == 2


def test_a_value_is_never_read_as_a_sentence(locale: Path) -> None:
    assert Words("en", folder=locale).say("a", won="{0.__class__}") == "A {0.__class__}"


@pytest.mark.parametrize(
    ("kind", "value", "korean", "english"),
    [
        ("won", 5000, "5,000원", "5,000 won"),
        ("won", 1_234_567, "1,234,567원", "1,234,567 won"),
        ("kg", 2340, "2.3 kg", "2.3 kg"),
        ("kg", 2350, "2.4 kg", "2.4 kg"),
        ("kg", 3000, "3.0 kg", "3.0 kg"),
        ("kg", 3010, "3.01 kg", "3.01 kg"),
        ("kg", 2999, "2.999 kg", "2.999 kg"),
        ("kg", 0, "0.0 kg", "0.0 kg"),
        ("cm", 304.4, "30 cm", "30 cm"),
        ("cm", 305, "31 cm", "31 cm"),
        ("date", "2025-07-03", "7월 3일 목요일", "Thursday 3 July"),
        ("date", date(2026, 11, 22), "11월 22일 일요일", "Sunday 22 November"),
        ("phone", "01012345678", "010-1234-5678", "010-1234-5678"),
        ("phone", "021234567", "02-123-4567", "02-123-4567"),
        ("phone", "15881300", "1588-1300", "1588-1300"),
        ("phone", "050412345678", "0504-1234-5678", "0504-1234-5678"),
        ("number", "4092007735160", "40920 0773 5160", "40920 0773 5160"),
        ("box", "2-1호", "2-1호", "No. 2-1"),
        ("", "x", "x", "x"),
    ],
)
def test_values_are_written_as_people_write_them(kind: str, value: object, korean: str, english: str) -> None:
    assert words.write(value, kind, "ko") == korean
    assert words.write(value, kind, "en") == english


@given(st.integers(0, 40_000))
def test_a_mass_never_reads_as_another_whole_kilogram(grams: int) -> None:
    shown = words.kg(grams).removesuffix(" kg")
    whole, part = shown.split(".")
    assert (int(part) == 0) == (grams % 1000 == 0)
    assert abs(int(whole) * 1000 + int(part.ljust(3, "0")[:3]) - grams) <= 50
