"""From branch.toml's words to drivers, and one clear sentence for everything that is wrong."""

from typing import Any

import pytest

from devices.bench.bench import Tables
from devices.catalog import NAMES, OPTIONAL, assemble
from devices.scale import MtSicsScale


def tables() -> Tables:
    worker = {"socket": "/run/branch/measurer.sock"}
    return {
        "scale": {"driver": "mt_sics", "port": "/dev/ttyUSB0"},
        "measurer": {"driver": "measurer", **worker},
        "scanner": {"driver": "table_scanner", **worker},
        "label_printer": {"driver": "zpl", "host": "10.0.0.7", "port": 9100},
        "receipt_printer": {"driver": "escpos", "host": "10.0.0.8", "port": 9100, "dpi": 180, "width_dots": 512},
        "payment": {"driver": "nexo", "url": "http://10.0.0.9", "service_id_limit": 10, "reply_s": 2},
        "hatch": {"driver": "modbus_hatch", "host": "10.0.0.10", "simulated": False},
        "staff_call": {"driver": "call_desk", "url": "https://desk.example"},
    }


def test_every_device_of_a_branch_gets_its_driver() -> None:
    devices = assemble(tables())
    assert isinstance(devices.scale, MtSicsScale)
    assert devices.receipt_printer.width_dots == 512
    assert {device.name for device in devices.all()} == set(NAMES)
    assert {vars(devices)[name] for name in OPTIONAL} == {None}


def test_a_table_of_an_optional_device_is_checked_like_the_others() -> None:
    for name in OPTIONAL:
        with pytest.raises(ValueError, match=rf"\[devices.{name}\] driver = 'x' cannot drive it"):
            assemble({**tables(), name: {"driver": "x"}})


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("scale", {"driver": "nexo"}, r"\[devices.scale\] driver = 'nexo' cannot drive it; use one of mt_sics"),
        ("scale", {"driver": None}, r"driver = None cannot drive it"),
        (
            "scale",
            {"prot": "/dev/x"},
            r"\[devices.scale\] prot: driver mt_sics takes no such option; it takes port, baud",
        ),
        ("scale", {"baud": "9600"}, r"\[devices.scale\] baud = '9600': must be a whole number"),
        ("scale", {"baud": True}, r"must be a whole number"),
        ("hatch", {"simulated": 1}, r"must be true or false"),
        ("hatch", {"host": 5}, r"must be text"),
        ("payment", {"reply_s": "2"}, r"must be a number"),
        ("payment", {"url": "http://["}, r"is not a URL"),
        ("scale", {"name": "other"}, r"takes no such option"),
    ],
)
def test_what_is_wrong_is_named(name: str, change: dict[str, Any], sentence: str) -> None:
    wrong = tables()
    wrong[name] = {**wrong[name], **change}
    with pytest.raises(ValueError, match=sentence):
        assemble(wrong)


def test_missing_tables_and_options_and_unknown_devices_are_named() -> None:
    without = tables()
    del without["hatch"]
    with pytest.raises(ValueError, match=r"\[devices.hatch\] is missing; add it with a driver word \(modbus_hatch\)"):
        assemble(without)
    with pytest.raises(ValueError, match=r"\[devices.hatch\] host is missing; driver modbus_hatch needs host"):
        assemble({**tables(), "hatch": {"driver": "modbus_hatch"}})
    with pytest.raises(ValueError, match=r"\[devices.toaster\] is no device of a branch"):
        assemble({**tables(), "toaster": {"driver": "zpl"}})
