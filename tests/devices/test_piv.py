"""The badge of staff, against the bench's PIV card."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import piv
from devices.bench.badge import Badge
from devices.ports import DeviceFault, FaultCode


def test_a_badge_proves_the_key_that_the_register_names() -> None:
    badge, other = Badge("one"), Badge("two")
    assert piv.badge(badge.respond) == badge.card != other.card
    assert piv.badge(badge.respond) == badge.card  # again, without a new power cycle


def test_the_certificate_is_longer_than_one_short_answer() -> None:
    badge = Badge()
    sent: list[bytes] = []
    piv.badge(lambda apdu: sent.append(apdu) or badge.respond(apdu))  # type: ignore[func-returns-value]  # append is None
    assert any(apdu[1] == 0xC0 for apdu in sent)


@pytest.mark.parametrize(
    ("fault", "code"),
    [("wrong_card", FaultCode.MEDIA_UNKNOWN), ("wrong_key", FaultCode.ACCESS_DENIED), ("garbage", FaultCode.PROTOCOL)],
)
def test_what_is_no_badge_or_a_copied_one_is_told_apart(fault: str, code: FaultCode) -> None:
    with pytest.raises(DeviceFault) as told:
        piv.badge(Badge(ordered={fault}).respond)
    assert told.value.code is code


@pytest.mark.parametrize(
    ("known", "strange"),
    [("06082a8648ce3d030107", "06082a8648ce3d03017f"), ("06072a8648ce3d0201", "06072a8648ce3d027f")],
    ids=["curve", "algorithm"],
)
def test_a_key_of_a_kind_that_nobody_knows_is_no_badge(known: str, strange: str) -> None:
    badge = Badge()
    badge._certificate = badge._certificate.replace(bytes.fromhex(known), bytes.fromhex(strange))
    with pytest.raises(DeviceFault) as told:
        piv.badge(badge.respond)
    assert told.value.code is FaultCode.MEDIA_UNKNOWN


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.binary(max_size=300), max_size=6))
def test_no_answer_of_a_card_breaks_the_reader(answers: list[bytes]) -> None:
    told = iter(answers)
    with pytest.raises(DeviceFault):
        piv.badge(lambda _: next(told, b""))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_command_breaks_the_badge(commands: list[bytes]) -> None:
    badge = Badge()
    assert all(len(badge.respond(apdu)) >= 2 for apdu in commands)
