"""The service map: every device alone, with every fault, against every service of the branch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import pytest

from devices.catalog import NAMES, OPTIONAL
from devices.health import state_of
from devices.ports import TOLERABLE, DeviceState, FaultCode, Observation, Status
from kiosk import front
from kiosk.feed import service as told
from kiosk.flow import Availability, Reason, Service, availability
from kiosk.menu import services
from kiosk.servicemap import NOTHING, every_thing, things, to_bring
from kiosk.words import catalogue
from tests.kiosk.crew import configured

NOW = datetime(2026, 6, 30, 1, 24, 7, tzinfo=UTC)
EVERY = (*NAMES, *OPTIONAL)
FAULTS = [code for code in FaultCode if code is not FaultCode.BUSY]


@cache
def menu() -> tuple[Service, ...]:
    """The services of the shipped branch."""
    return services(configured(), False)


def fit() -> dict[str, Status]:
    """Every device there and well."""
    return {name: Status(DeviceState.ONLINE, NOW, NOW) for name in EVERY}


def failing(name: str, code: FaultCode) -> dict[str, Status]:
    """Every device well but one."""
    state, faults = state_of(Observation(frozenset({code})))
    return fit() | {name: Status(state, NOW, NOW, faults)}


def expected(service: Service, name: str, code: FaultCode) -> Availability:
    """What needs and wants say of this service when one device has one fault."""
    reason = (Reason(name, code),)
    if name in service.needs:
        state = "available" if code in TOLERABLE else "unavailable"
    elif name in service.wants:
        state = "available" if code in TOLERABLE else "degraded"
    else:
        return Availability("available")
    return Availability(state, () if code in TOLERABLE else reason, things(name, code))


def anyone_can_ask(found: Mapping[str, Availability]) -> None:
    """Address, hours and a call for staff are on every screen, whatever is out of order."""
    branch = front.Branch("K-1", "우체국", "Post office", "02-0000-0000", {"ko": "평일", "en": "weekdays"})
    for view in (front.attract(found, branch.telephone), front.home(found, branch.telephone)):
        around = front.chrome(branch, front.Preferences("en"), front.Idle(), {}, {}, False)
        assert view.screen in ("home/Attract", "home/Home", "home/Closed")
        assert (around["staff"]["telephone"], around["staff"]["hours"]) == ("02-0000-0000", "weekdays")
        assert around["branch"]["name_ko"] == "우체국"


@pytest.mark.parametrize("name", EVERY)
def test_one_fault_of_one_device_takes_away_what_needs_it_and_nothing_else(name: str) -> None:
    untouched = [each.name for each in menu() if name not in each.needs]
    for code in FAULTS:
        devices = failing(name, code)
        found = {each.name: availability(each, devices, ()) for each in menu()}
        assert found == {each.name: expected(each, name, code) for each in menu()}, code
        assert all(found[each].state != "unavailable" for each in untouched), code
        assert any(each.state != "unavailable" for each in found.values()), f"nothing is left without {name}"
        anyone_can_ask(found)


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_branch_without_an_optional_device_is_whole_for_all_that_do_not_name_it(name: str) -> None:
    devices = {each: status for each, status in fit().items() if each != name}
    for each in menu():
        wanted = "unavailable" if name in each.needs else "degraded" if name in each.wants else "available"
        assert availability(each, devices, ()).state == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_device_of_a_branch_is_needed_or_wanted_by_a_service(name: str) -> None:
    assert any(name in (*each.needs, *each.wants) for each in menu())


def test_what_is_low_is_brought_before_it_is_out() -> None:
    found = availability(menu()[0], failing("receipt_printer", FaultCode.CONSUMABLE_LOW), ())
    assert found == Availability("available", (), ("receipt_roll_80", "cabinet_key"))


def test_one_way_for_everything_that_is_wrong() -> None:
    devices = failing("label_printer", FaultCode.CONSUMABLE_OUT)
    devices |= {"receipt_printer": failing("receipt_printer", FaultCode.CONSUMABLE_OUT)["receipt_printer"]}
    found = availability(menu()[0], devices, (Reason("numbers", "consumable_out"),))
    assert found.state == "unavailable"
    assert [reason.device for reason in found.reasons] == ["numbers", "label_printer"]
    assert found.bring == ("number_block", "label_roll", "cabinet_key", "receipt_roll_80")
    assert told(found).bring == found.bring


@pytest.mark.parametrize(
    ("device", "code", "brought"),
    [
        ("receipt_printer", "consumable_out", ("receipt_roll_80", "cabinet_key")),
        ("label_printer", "consumable_out", ("label_roll", "cabinet_key")),
        ("label_printer", "cover_open", ("cabinet_key",)),
        ("payment", "no_response", ("terminal_support", "cables", "spare_device")),
        ("payment", "no_acquirer", ("terminal_support",)),
        ("hatch", "bin_full", ("cabinet_key", "parcel_bags")),
        ("hatch", "noDevice", ("service_laptop", "spare_device")),
        ("table", "parcel_left_behind", ("parcel_bags",)),
        ("scale", "overload", ()),
        ("scale", "starting", ()),
    ],
)
def test_what_to_bring(device: str, code: str, brought: tuple[str, ...]) -> None:
    assert things(device, code) == brought


@pytest.mark.parametrize("code", sorted(set(FaultCode) - NOTHING))
def test_every_fault_that_does_not_mend_itself_calls_for_something(code: FaultCode) -> None:
    assert [name for name in EVERY if not things(name, code)] == [], "a line in kiosk/servicemap.py"


def test_everything_that_can_be_told_has_words_and_nothing_else_has() -> None:
    for tag in ("ko", "en"):
        said = {id.removeprefix("bring.") for id in catalogue(tag) if id.startswith("bring.")}
        assert said == every_thing()


def test_nothing_is_brought_twice() -> None:
    assert to_bring([("hatch", "door_stuck"), ("label_printer", "jam")]) == ("cabinet_key", "lock_spares")
