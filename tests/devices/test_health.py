"""The table of faults, the strikes and the breaker, without any device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.health import FAULTS, STRIKES, Answer, Breaker, Strikes, judge, state_of
from devices.ports import TOLERABLE, DeviceFault, DeviceState, FaultCode, Observation

GOOD, SOFT, FACT, LINK = Answer.GOOD, Answer.SOFT, Answer.FACT, Answer.LINK
WORDS = {"g": GOOD, "s": SOFT, "f": FACT, "l": LINK}


def told(history: str) -> str:
    """After each answer: u = counts as serving, d = does not; a capital where that answer is what is shown."""
    record, found = Strikes(), ""
    for letter in history:
        record = record.after(WORDS[letter])
        word = "u" if record.up else "d"
        found += word.upper() if record.tells(WORDS[letter]) else word
    return found


@pytest.mark.parametrize(
    ("history", "shown"),
    [
        ("g", "U"),  # the first answer of a device is believed
        ("s", "D"),  # and so is its first silence: it never served
        ("gs", "Uu"),
        ("gss", "Uuu"),
        ("gsss", "UuuD"),
        ("gssgss", "UuuUuu"),  # a good answer forgives
        ("gsssg", "UuuDd"),
        ("gsssgg", "UuuDdd"),
        ("gsssggg", "UuuDddU"),
        ("gsssggsggg", "UuuDddDddU"),  # one failure on the way back, and it owes all three again
        ("gl", "UD"),  # a lost link is told at once
        ("glggg", "UDddU"),
        ("gf", "UD"),  # what a device reports is told at once
        ("gfg", "UDU"),  # and over at once
        ("gsf", "UuD"),
        ("glfg", "UDDd"),  # a cover opened on the way back hides no debt
        ("glfgg", "UDDdU"),
        ("gfs", "UDD"),
        ("gfsggg", "UDDddU"),
    ],
)
def test_the_strikes(history: str, shown: str) -> None:
    assert told(history) == shown


@given(st.text("gsfl", min_size=1, max_size=40))
def test_what_counts_as_serving_is_never_more_than_two_soft_failures_from_a_good_answer(history: str) -> None:
    if told(history)[-1] in "uU":
        assert history.rstrip("s").endswith("g")
        assert len(history) - len(history.rstrip("s")) < STRIKES


@given(st.text("gsfl", max_size=40))
def test_three_failures_take_out_and_three_good_answers_bring_back_whatever_was_before(history: str) -> None:
    assert told(history + "sss")[-1] == "D"
    assert told(history + "ggg")[-1] == "U"


@given(st.text("gsfl", min_size=1, max_size=40))
def test_an_open_question_is_asked_again_soon(history: str) -> None:
    record = Strikes()
    for letter in history:
        record = record.after(WORDS[letter])
    assert record.unsettled == (history.endswith("s") if record.up else record.owed > 0)


def test_every_fault_that_takes_a_device_out_has_its_line() -> None:
    assert set(FAULTS) == set(FaultCode) - TOLERABLE - {FaultCode.BUSY}


@pytest.mark.parametrize("code", list(FaultCode))
def test_no_fault_is_online_unless_it_can_be_lived_with(code: FaultCode) -> None:
    state, faults = state_of(Observation(frozenset({code})))
    assert faults == {code} - {FaultCode.BUSY}
    assert (state is DeviceState.ONLINE) == (code in TOLERABLE)
    assert (judge(frozenset({code})) is GOOD) == (code in TOLERABLE | {FaultCode.BUSY})


def test_the_gravest_of_several_faults_decides() -> None:
    both = Observation(frozenset({FaultCode.COVER_OPEN, FaultCode.NO_RESPONSE, FaultCode.CONSUMABLE_LOW}))
    assert state_of(both)[0] is DeviceState.OFFLINE
    assert judge(both.faults) is FACT
    assert judge(both.faults | {FaultCode.DISCONNECTED}) is LINK


def test_the_breaker_opens_at_the_third_failure_and_names_the_last() -> None:
    breaker = Breaker()
    for code in (FaultCode.PROTOCOL, FaultCode.NO_RESPONSE):
        breaker = breaker.failed(DeviceFault(code, "x"))
        assert breaker.refusal is None
    refusal = breaker.failed(DeviceFault(FaultCode.DISCONNECTED, "pulled")).refusal
    assert refusal is not None
    assert (refusal.code, refusal.detail) == (FaultCode.DISCONNECTED, "not tried, the last 3 probes failed: pulled")
