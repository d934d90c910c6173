"""Every rule can fail: for each there is a driver that breaks it and is found out."""

from functools import partial
from typing import cast

import pytest

from devices.certify.suite import KINDS
from devices.certify.terms import Grade, Result, Verdict
from devices.ports import Device
from tests.devices.certify.bench import against_bench, together
from tests.devices.certify.breakers import BREAKERS
from tests.devices.certify.spoil import Breaker, Spoilt

#: Found out with a real pcscd, in test_id_reader.py.
WITH_PCSC = {rule.id for rule in KINDS["id_reader"].own}
#: Short, so that what hangs is found out soon.
DEADLINE_S = 3.0
RULES = sorted({rule.id for kind in KINDS.values() for rule in kind.rules})


def spoilt(breaker: Breaker, device: Device) -> Device:
    return cast(Device, Spoilt(device, breaker.methods))


async def broken(rule: str, breaker: Breaker) -> tuple[str, Result]:
    word = KINDS[breaker.kind].word
    report = await against_bench(breaker.kind, word, (rule,), partial(spoilt, breaker), DEADLINE_S)
    assert report.grade is Grade.NOT
    return rule, report.results[0]


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return dict(together(broken(rule, breaker) for rule, breaker in BREAKERS.items()))


def test_no_rule_lacks_its_breaker() -> None:
    assert sorted(BREAKERS.keys() | WITH_PCSC) == RULES


@pytest.mark.parametrize("rule", BREAKERS)
def test_what_breaks_a_rule_is_found_out(results: dict[str, Result], rule: str) -> None:
    assert results[rule].rule == rule
    assert results[rule].verdict is Verdict.FAIL, results[rule].seen
    assert results[rule].seen
