"""A fixed sample of the camera battery: what is done to a drawn dock's camera is told in time, by its name."""

import pytest

from tests.benchmarks.guarding.clips import TAMPERINGS, clip
from tests.benchmarks.guarding.health import table, tampered


@pytest.mark.parametrize("mode", ["paper bag", "defocus", "pushed 3°", "lost"])
def test_a_tampering_is_told_in_time_and_nothing_before_it(mode: str) -> None:
    quiet, busy = clip(0)
    outcome = tampered(mode, "drawn 0", quiet, busy, 0)
    assert outcome.found, outcome
    assert outcome.before == ()
    assert len(table([outcome])) == 3


def test_the_battery_has_twelve_ways() -> None:
    assert len(TAMPERINGS) == 12
