"""The register of staff: how a line is made, and which lines a branch refuses to start with."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from devices.bench import badge
from devices.bench.badge import Badge
from devices.bench.process import overlay
from kiosk import staffbook
from kiosk.config import ConfigError, load
from tests.kiosk.maintenance.site import PIN, hashed, member

HOUSE = Path(__file__).parents[3]
SHIPPED = HOUSE / "config" / "branch.toml"
CARD = Badge("somebody").card


def table(id: str, card: str, *more: str) -> str:
    lines = [f'id = "{id}"', 'role = "officer"', f'card = "{card}"', f'pin = "{hashed(PIN)}"', *more]
    return "\n".join(["[[staff]]", *lines, ""])


def complaint(tmp_path: Path, text: str) -> str:
    (tmp_path / "local.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(SHIPPED, [tmp_path / "local.toml"])
    assert "\n" not in str(raised.value)
    assert hashed(PIN)[:40] not in str(raised.value)
    return str(raised.value)


def test_a_printed_entry_is_what_the_branch_reads(tmp_path: Path) -> None:
    printed = staffbook.entry("T-07", "technician", CARD, "482915")
    (tmp_path / "local.toml").write_text(printed, encoding="utf-8")
    (kept,) = load(SHIPPED, [tmp_path / "local.toml"]).staff
    assert (kept.id, kept.role, kept.card, kept.demonstration) == ("T-07", "technician", CARD, False)
    assert "482915" not in printed
    assert PasswordHasher().verify(kept.pin, "482915")
    assert extract_parameters(kept.pin) == extract_parameters(PasswordHasher().hash("x"))
    assert extract_parameters(kept.pin).type is Type.ID


@pytest.mark.parametrize("pin", [
    "", "12345", "1234567890123", "12345a", "１２３４５６", "000000", "111111", "123456", "654321", "012345",
    "98765432", "121212", "123123", "19800101", "800101", "20261231", "901231",
])  # fmt: skip
def test_a_pin_that_a_stranger_would_try_is_refused_without_being_told(pin: str) -> None:
    with pytest.raises(ValueError, match=r"^PIN: .*; choose another$") as raised:
        staffbook.pin_twice(lambda _: pin)
    assert not pin or pin not in str(raised.value)


@given(st.text("0123456789", min_size=6, max_size=12))
def test_a_pin_is_taken_or_refused_in_one_sentence(pin: str) -> None:
    why = staffbook.weakness(pin)
    assert "\n" not in why
    assert pin not in why
    assert (not why) or staffbook.weakness(pin) == why


def test_most_pins_will_do() -> None:
    refused = [pin for pin in range(0, 1_000_000, 37) if staffbook.weakness(f"{pin:06}")]
    assert 0 < len(refused) < 0.05 * 1_000_000 / 37


def test_the_two_times_must_be_alike() -> None:
    answers = iter(["482915", "482916"])
    with pytest.raises(ValueError, match="begin again"):
        staffbook.pin_twice(lambda _: next(answers))


@pytest.mark.parametrize(
    ("id", "role", "card", "why"),
    [
        ("x y", "officer", CARD, "--id"), ("", "officer", CARD, "--id"),
        ("T-07", "boss", CARD, "technician or officer"),
        ("T-07", "officer", "abc", "64 hexadecimal"), ("T-07", "officer", "", "--reader"),
        ("T-01", "officer", CARD, "has this id already"), ("T-07", "officer", Badge().card, "T-01's already"),
    ],
)  # fmt: skip
def test_what_cannot_be_entered_is_told_in_one_sentence(id: str, role: str, card: str, why: str) -> None:
    known = [member(Badge(), id="T-01")]

    def enter() -> None:
        staffbook.person(id, role, known)
        staffbook.badge(card, known)

    with pytest.raises(ValueError, match=re.escape(why)):
        enter()


def test_production_takes_nobody_whose_pin_is_in_the_handbook(tmp_path: Path) -> None:
    real = '[branch]\nenvironment = "production"\n[[numbers.lease]]\nid = "a"\nfirst = "4092000000001"\n'
    real += 'last = "4092000000009"\nexpires = 2030-12-31\ndemonstration = false\n'
    told = complaint(tmp_path, real + table("T-07", CARD) + table("bench", Badge().card, "demonstration = true"))
    assert "local.toml:19: staff.1.demonstration = true" in told
    assert "main.py staff add" in told


def test_an_id_or_a_badge_stands_for_one_person(tmp_path: Path) -> None:
    for second in (table("T-07", Badge().card), table("T-08", CARD)):
        assert "share an id or a badge" in complaint(tmp_path, table("T-07", CARD) + second)


def test_a_pin_in_the_clear_is_refused(tmp_path: Path) -> None:
    assert "staff.0.pin" in complaint(tmp_path, table("T-07", CARD).replace(hashed(PIN), PIN))


def test_the_bench_brings_its_own_badge_and_says_that_it_is_a_demonstration(tmp_path: Path) -> None:
    (tmp_path / "bench.toml").write_text(overlay({"feed": {"port": 0}}, badge.staff()), encoding="utf-8")
    kept = load(SHIPPED, [tmp_path / "bench.toml"]).staff
    cards = [(Badge().card, "technician", True), (Badge("officer").card, "officer", True)]
    assert [(each.card, each.role, each.demonstration) for each in kept] == cards
    assert all(PasswordHasher().verify(each.pin, badge.PIN) for each in kept)


def typed(*answers: str) -> tuple[int, str]:
    """`main.py staff add` on a terminal of its own; exit code and all that stood there."""
    ours, theirs = pty.openpty()
    words = ["main.py", "staff", "add", "--id", "T-07", "--role", "officer", "--card", CARD]
    started = [sys.executable, *words]
    with subprocess.Popen(
        started, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=HOUSE
    ) as made:
        os.close(theirs)
        seen = "".join(answered(ours, each) for each in answers) + rest(ours)
        code = made.wait(30)
    os.close(ours)
    return code, seen


def answered(terminal: int, text: str) -> str:
    """Wait for the question, then type."""
    seen = ""
    while not seen.rstrip("\r\n").endswith(": "):
        seen += os.read(terminal, 1024).decode()
    os.write(terminal, text.encode() + b"\n")
    return seen


def rest(terminal: int) -> str:
    """Everything until the other side has gone."""
    seen = b""
    try:
        while piece := os.read(terminal, 1024):
            seen += piece
    except OSError:  # a terminal nobody holds any more
        pass
    return seen.decode()


@pytest.mark.parametrize("answers", [("482915", "482915"), ("123456",), ("482915", "482916")])
def test_the_pin_is_asked_without_echo_and_never_printed(answers: Sequence[str]) -> None:
    code, seen = typed(*answers)
    assert not [pin for pin in answers if pin in seen]
    assert "Traceback" not in seen
    if len(set(answers)) == 1 and len(answers) == 2:
        entry = tomllib.loads(seen[seen.index("[[staff]]") :].replace("\r", ""))["staff"][0]
        assert (code, entry["card"]) == (0, CARD)
        assert PasswordHasher().verify(entry["pin"], answers[0])
    else:
        assert code == 2
        assert seen.count("PIN: ") == 1
