"""Every shipped driver with a peer on the bench is certified, every rule tried; the ID reader in test_id_reader.py."""

import pytest

from devices.certify.terms import Grade, Report, Verdict
from tests.devices.certify.bench import DRIVERS, against_bench, together


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, str], Report]:
    found = together(against_bench(kind, word) for kind, word in DRIVERS)
    return {(report.kind, report.driver): report for report in found}


@pytest.mark.parametrize(("kind", "word"), DRIVERS)
def test_a_shipped_driver_is_certified(reports: dict[tuple[str, str], Report], kind: str, word: str) -> None:
    report = reports[kind, word]
    assert {each.rule: each.seen for each in report.results if each.verdict is not Verdict.PASS} == {}
    assert report.grade is Grade.CERTIFIED
    assert report.simulated
