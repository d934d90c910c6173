"""Every rule can fail: for each a driver that breaks it is found out, and a peer wherever a peer can break it."""

from functools import partial
from typing import cast

import pytest

from devices.certify.suite import KINDS
from devices.certify.terms import Grade, Report, Result, Verdict
from devices.ports import Device
from tests.devices.certify.bench import against_bench, together
from tests.devices.certify.breakers import BREAKERS
from tests.devices.certify.liars import LIARS, Liar
from tests.devices.certify.spoil import Breaker, Spoilt

#: Found out with a real pcscd, in test_id_reader.py.
WITH_PCSC = {rule.id for rule in KINDS["id_reader"].own}
#: Short, so that what hangs is found out soon.
DEADLINE_S = 3.0
#: What no peer can bring about: the driver alone, the line between, or a setting decides.
NO_PEER = {
    "general.silence-is-a-fault", "general.deadline-is-kept", "general.noise-is-a-fault", "general.loss-is-seen",
    "general.close-is-quiet", "general.closed-is-no-defect", "general.one-at-a-time", "general.simulation-is-told",
    "general.values-are-plain", "scale.grams-are-the-decimal", "scale.raw-is-kept", "scale.serial-is-kept",
    "scale.weight-is-fresh", "printer.once", "printer.done-after-evidence", "printer.doubt-asks", "printer.too-wide",
    "payment.no-card", "payment.words-hold-nothing", "payment.cut-before", "bank_host.cut-before",
    "hatch.silence-is-unknown", "hatch.stuck-is-remembered", "locker.no-such-door",
    "locker.silence-is-unknown", "codes.no-controls", "codes.not-too-long", "guard.no-controls", "tower.silence",
    "tower.closing-keeps", "id_check.other-kinds", "id_check.faults-hold-nothing", "staff_call.unreachable",
    "bank_desk.cut-before", "officer.plain-text", "officer.unreachable", "document_camera.no-controls",
    "document_camera.faults-hold-nothing", "pin_pad.called-off", "pin_pad.cut-within",
}  # fmt: skip
RULES = sorted({rule.id for kind in KINDS.values() for rule in kind.rules})


def spoilt(breaker: Breaker, device: Device) -> Device:
    return cast(Device, Spoilt(device, breaker.methods))


async def broken(rule: str, breaker: Breaker) -> tuple[str, Report]:
    word = KINDS[breaker.kind].word
    return rule, await against_bench(breaker.kind, word, (rule,), partial(spoilt, breaker), DEADLINE_S)


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return dict(together(broken(rule, breaker) for rule, breaker in BREAKERS.items()))


async def belied(rule: str, liar: Liar) -> tuple[str, Result]:
    word = liar.word or KINDS[liar.kind].word
    report = await against_bench(liar.kind, word, (rule,), None, DEADLINE_S, liar.change)
    return rule, report.results[0]


@pytest.fixture(scope="module")
def lies() -> dict[str, Result]:
    return dict(together(belied(rule, liar) for rule, liar in LIARS.items()))


def test_no_rule_lacks_its_breaker_nor_its_liar() -> None:
    own = {rule for rule in RULES if rule in BREAKERS or rule in WITH_PCSC}
    assert sorted(own) == RULES
    assert sorted(LIARS.keys() | NO_PEER | WITH_PCSC) == RULES
    assert not LIARS.keys() & NO_PEER


@pytest.mark.parametrize("rule", LIARS)
def test_a_peer_that_breaks_a_rule_is_found_out_by_the_shipped_driver(lies: dict[str, Result], rule: str) -> None:
    assert lies[rule].verdict is Verdict.FAIL, lies[rule].seen
    assert lies[rule].seen


@pytest.mark.parametrize("rule", BREAKERS)
def test_what_breaks_a_rule_is_found_out(reports: dict[str, Report], rule: str) -> None:
    result = reports[rule].results[0]
    assert result.rule == rule
    assert result.verdict is Verdict.FAIL, result.seen
    assert result.seen
    assert reports[rule].grade is Grade.NOT
