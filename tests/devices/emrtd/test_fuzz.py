"""Whatever comes over the wire, only the named error comes out; fixed examples, the same on every run."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.devices.emrtd.noise import CASES

SAMPLE = settings(
    derandomize=True, max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("case", CASES)
def test_only_the_named_error_comes_out(case: str) -> None:
    strategies, check = CASES[case]
    SAMPLE(given(*strategies)(check))()
