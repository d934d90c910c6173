"""The household of a tour: nobody starts its processes again, so the first that ends is the end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kiosk.processes import Child, Household, Refused

LIVES = [sys.executable, "-c", "import time; time.sleep(600)"]


def ends(code: int) -> Child:
    return Child("measurer", [sys.executable, "-c", f"import sys; sys.exit({code})"])


@pytest.mark.parametrize("code", [2, 1])
def test_a_process_that_has_ended_is_not_waited_for(tmp_path: Path, code: int) -> None:
    household = Household([Child("core", LIVES), ends(code)])
    with pytest.raises(SystemExit) as stopped, household:
        household.wait_for(tmp_path / "never", 60)
    assert stopped.value.code == code
    assert [process.poll() is None for process in household._running] == [False, False]


def test_nothing_is_left_running_when_a_need_is_never_met(tmp_path: Path) -> None:
    household = Household([Child("bench", LIVES), ends(2), Child("core", LIVES, needs=tmp_path / "never")])
    with pytest.raises(SystemExit), household:
        pytest.fail("the household is complete without what it needs")
    assert [process.poll() is None for process in household._running] == [False, False]


def test_a_file_that_does_not_come_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"never: did not appear within 0 s"), Household([Child("core", LIVES)]) as house:
        house.wait_for(tmp_path / "never", 0.1)
