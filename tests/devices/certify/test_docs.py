"""docs/drivers.md tells the truth: its code is the code, its files exist, its commands run; and drivers stay small."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from devices.certify.suite import KINDS
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "drivers.md").read_text(encoding="utf-8")
QUOTES = re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\.venv/bin/python (main\.py .+)$", PAGE, re.MULTILINE)
DRIVER_LINES = 150
#: Files of drivers that are longer, and why.
LONGER = {
    "bank_iso.py": "every message of a bank's switch, with orders that must never be in doubt twice",
    "bank_rest.py": "the same over a REST interface, with tokens",
    "id_reader.py": "watches a daemon that dies and cards that come and go, reads documents and staff badges",
    "measurer.py": "sizes, refusals, calibrations and the overhead camera, each word of them judged before it counts",
    "serial_scanner.py": "listens without being asked, proves that it lives, refuses what is no code",
}


@pytest.mark.parametrize(("file", "code"), QUOTES)
def test_what_is_quoted_stands_in_the_file(file: str, code: str) -> None:
    assert code in (ROOT / file).read_text(encoding="utf-8")


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:devices|tests)/[\w/]+(?:\.py)?)`", PAGE)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.branch
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one(tmp_path: Path, command: str) -> None:
    """With one rule, for the others are tried elsewhere; nothing is missing but a port, or a branch."""
    words = command.split()
    words += ["--rule", "general.opens"] if "certify" in words else ["--run-dir", str(tmp_path)]
    argv = [sys.executable, *words]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    missing = re.match(r"/dev/ttyUSB0 cannot be opened|scale: no device of this branch; it has none", done.stderr)
    assert done.returncode == 0 or missing, done.stderr


def test_the_commands_are_found() -> None:
    assert len(COMMANDS) == 5
    assert len(QUOTES) == 5


def test_a_driver_is_one_file_of_150_lines_or_has_a_reason() -> None:
    modules = {driver.__module__ for kind in KINDS.values() for driver in kind.drivers.values()}
    files = {Path(*module.split(".")).with_suffix(".py") for module in modules}
    counts = {file.name: len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in files}
    assert len(counts) > 10
    assert {file for file, lines in counts.items() if lines > DRIVER_LINES} == set(LONGER)
