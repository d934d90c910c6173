"""A fixed sample of the camera battery: what is done to a drawn dock's camera is told in time, by its name."""

import numpy as np
import pytest

from tests.benchmarks.guarding.clips import TAMPERINGS, clip, gained, noisy
from tests.benchmarks.guarding.health import table, tampered
from vision.guard.lens import Lens


@pytest.mark.parametrize("mode", ["paper bag", "defocus", "pushed 3°", "lost"])
def test_a_tampering_is_told_in_time_and_nothing_before_it(mode: str) -> None:
    quiet, busy = clip(0)
    outcome = tampered(mode, "drawn 0", quiet, busy, 0)
    assert outcome.found, outcome
    assert outcome.before == ()
    assert len(table([outcome])) == 3


def test_the_battery_has_thirteen_ways() -> None:
    assert len(TAMPERINGS) == 13


@pytest.mark.parametrize("seed", [2, 6])
def test_a_lens_turned_out_of_focus_is_told_as_that_through_the_sensors_noise(seed: int) -> None:
    """A few pixels of blur under noise that is as sharp as ever, on floors with strong edges and with hardly any."""
    quiet, busy = clip(seed)
    outcome = tampered("defocus, slight", f"drawn {seed}", quiet, busy, seed)
    assert outcome.told == "camera_defocused"
    assert outcome.found
    assert outcome.before == ()


@pytest.mark.parametrize("seed", [6, 7])
def test_sharpness_is_one_while_all_is_well_whatever_the_noise_and_the_light(seed: int) -> None:
    quiet, _ = clip(seed)
    rng, lens = np.random.default_rng(seed), Lens(10.0, 0.0)
    for n in range(100):
        lens.see(noisy(gained(quiet[n % 4], 1.0 if n < 50 else 0.4), rng), n / 10, n / 10)
        if n in (49, 99):
            assert lens._last is not None
            assert lens._last.sharpness == pytest.approx(1.0, abs=0.25)
    assert lens.faults() == ()
