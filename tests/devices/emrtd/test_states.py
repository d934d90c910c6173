"""Which country may have signed for which state."""

import pytest

from devices.emrtd.mrz import from_dg1
from devices.emrtd.states import STATES, same_state
from devices.emrtd.tlv import build


@pytest.mark.parametrize(
    ("country", "state", "same"),
    [
        ("KR", "KOR", True), ("kr", "KOR", True), ("KP", "KOR", False), ("DE", "D", True), ("DE", "DEU", True),
        ("GB", "GBD", True), ("HK", "CHN", True), ("CN", "HKG", False), ("EU", "EUE", True), ("UN", "UNO", True),
        ("KS", "RKS", True), ("XPO", "XPO", True), ("FR", "XPO", False), ("", "KOR", False), ("", "", False),
        ("KR", "", False),
    ],
)  # fmt: skip
def test_two_letters_and_three(country: str, state: str, same: bool) -> None:
    assert same_state(country, state) is same


def test_no_two_states_of_the_list_share_their_letters_but_those_that_9303_writes_twice() -> None:
    shared = {
        country: {state for state, found in STATES.items() if country in found}
        for found in STATES.values() for country in found
    }  # fmt: skip
    assert {country: states for country, states in shared.items() if len(states) > 1} == {
        "DE": {"D", "DEU"}, "GB": {"GBR", "GBD", "GBN", "GBO", "GBP", "GBS"}, "UN": {"UNO", "UNA", "UNK"},
        "HK": {"HKG", "CHN"}, "MO": {"MAC", "CHN"},
    }  # fmt: skip


def test_fillers_of_a_short_state_are_no_part_of_it() -> None:
    zone = "P<D<<MUSTERMANN<<ERIKA".ljust(44, "<") + "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert from_dg1(build(0x61, build(0x5F1F, zone.encode()))).issuer == "D"
