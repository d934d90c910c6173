"""What atheris is given: bytes that stand for messages. Its own runs are `python -m tests.campaigns guided`."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from devices.ports import DeviceFault, FaultCode
from tests.campaigns import guided
from tests.campaigns.parser_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_the_seeds_stand_for_the_right_messages_and_noise_for_others(case: Case[object]) -> None:
    seeds = guided.seeds(case)
    assert case.outcome(guided.message(case, seeds[0])) == case.outcome(case.right[0])
    one = guided.target(case)
    for noise in (b"", b"\xff" * 9, seeds[-1][:-1], seeds[-1] + b"\0"):
        one(noise)


def test_an_exception_that_a_parser_does_not_document_comes_out() -> None:
    def breaks(data: bytes) -> str:
        raise DeviceFault(FaultCode.PROTOCOL) if data else KeyError("nobody caught it")

    one = guided.target(Case("broken", [b"1"], lambda chance: b"", breaks, (DeviceFault,)))
    one(b"1")
    with pytest.raises(KeyError):
        one(b"")


def test_what_was_found_is_told_in_a_line() -> None:
    assert guided.found("INFO: x\nKeyError: 'a'\n  at y") == "KeyError: 'a'"
    assert guided.found("==7== ERROR: libFuzzer: timeout after 5 seconds\nmore").startswith("==7== ERROR")


def test_without_atheris_it_is_said_and_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert guided.evidence(tmp_path, ["tlv"], 1, said.append)
    assert said == [guided.MISSING]
    assert not list(tmp_path.iterdir())
