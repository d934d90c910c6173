"""A fixed sample of the parser campaign, and proof that it can fail."""

from __future__ import annotations

from random import Random

import pytest

from devices.ports import DeviceFault, FaultCode
from tests.campaigns.parser_cases import CASES, Case
from tests.campaigns.parsers import part

SAMPLE = 1_500


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_noise_brings_out_nothing_but_the_named_faults(case: Case[object]) -> None:
    row = part(case, 0, SAMPLE)
    assert row["problems"] == []
    assert sum(row["outcomes"].values()) == SAMPLE


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_some_noise_is_refused_or_means_something_else(case: Case[object]) -> None:
    outcomes = {case.outcome(case.noise(Random(f"{case.name} {number}"))) for number in range(300)}
    assert outcomes - {case.outcome(case.right[0])}


def test_another_exception_a_warning_and_a_memory_are_found() -> None:
    kept: list[int] = []

    def breaks(number: int) -> str:
        kept.append(number)
        if number == 1:
            raise DeviceFault(FaultCode.PROTOCOL)
        if number == 2:
            raise KeyError(number)
        return str(len(kept))

    row = part(Case("broken", [0], lambda chance: chance.randrange(3), breaks, (DeviceFault,)), 0, 30)
    assert row["outcomes"][FaultCode.PROTOCOL]
    assert "KeyError: 2" in row["problems"][0]
    assert row["problems"][-1] == "the right messages are read otherwise"
