"""What the project stands on: locked, explained, and free of the defect that sets PySide6's upper bound."""

import re
import subprocess
import sys
import tomllib

import pytest

from tests.house.tree import ROOT

PROBE = """
import sys
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rung = Signal(bool)
bell = Bell()
before = sys.getrefcount(True)
for _ in range(100):
    bell.rung.emit(True)
print(before - sys.getrefcount(True))
"""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=~!;\[ ]", name)[0]).lower()


def declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [plain(name) for name in project["dependencies"] + project["optional-dependencies"]["dev"]]


def locked(lock: str) -> dict[str, int]:
    blocks = re.split(r"\n(?=\S)", (ROOT / "locks" / lock).read_text().strip())
    return {plain(block): block.count("--hash=sha256:") for block in blocks}


def test_every_dependency_is_locked() -> None:
    assert set(declared()) <= set(locked("runtime-dev.txt"))


LOCKS = ("runtime-dev.txt", "id.txt", "train.txt", "train-cpu.txt", "train-cuda.txt", "render.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_file_has_its_hash(lock: str) -> None:
    assert [name for name, hashes in locked(lock).items() if not hashes] == []


def test_train_and_runtime_agree_on_what_they_share() -> None:
    versions = [
        set(re.findall(r"^(\S+==\S+)", (ROOT / "locks" / lock).read_text(), re.M))
        for lock in ("runtime-dev.txt", "train.txt")
    ]
    names = [{line.split("==")[0] for line in lock} for lock in versions]
    assert {line for line in versions[0] ^ versions[1] if line.split("==")[0] in names[0] & names[1]} == set()


def test_every_dependency_says_why() -> None:
    adr = (ROOT / "docs" / "adr" / "0006-dependencies.md").read_text().lower()
    assert [name for name in declared() if f"`{name}`" not in adr] == []


def test_emitting_a_signal_costs_python_no_reference() -> None:
    run = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert abs(int(run.stdout)) < 10
