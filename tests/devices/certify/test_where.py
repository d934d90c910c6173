"""From the command line's words to a driver's options, and one sentence for what is wrong."""

import pytest

from devices.certify.suite import KINDS
from devices.certify.where import chosen, parameters, placed


def takes(kind: str, word: str) -> dict[str, str]:
    return dict(parameters(KINDS[kind].drivers[word]))


@pytest.mark.parametrize(
    ("kind", "word", "at", "options", "baud"),
    [
        ("label_printer", "zpl", "tcp:10.0.0.7:9100", {"host": "10.0.0.7", "port": 9100}, 9600),
        ("signal_tower", "modbus_tower", "tcp:10.0.0.8:502", {"at": "tcp://10.0.0.8:502"}, 9600),
        ("locker", "modbus_locker", "serial:/dev/ttyUSB0@19200", {"at": "/dev/ttyUSB0"}, 19200),
        ("scale", "mt_sics", "serial:/dev/ttyUSB0", {"port": "/dev/ttyUSB0"}, 9600),
        ("scale", "mt_sics", "serial:/dev/ttyUSB0@4800", {"port": "/dev/ttyUSB0", "baud": 4800}, 4800),
        ("locker", "kr_cu", "serial:/dev/ttyUSB0@19200", {"port": "/dev/ttyUSB0"}, 19200),
        ("payment", "nexo", "https://10.0.0.9", {"url": "https://10.0.0.9"}, 9600),
        ("measurer", "measurer", "unix:/run/m.sock", {"socket": "/run/m.sock"}, 9600),
        ("id_reader", "pcsc", "pcsc:ACS ACR1252", {"reader": "ACS ACR1252"}, 9600),
    ],
)
def test_a_transport_becomes_options(kind: str, word: str, at: str, options: dict[str, object], baud: int) -> None:
    assert placed(at, takes(kind, word)) == (options, baud)


@pytest.mark.parametrize(
    ("kind", "word", "at"),
    [
        ("scale", "mt_sics", "tcp:10.0.0.7:9100"),
        ("label_printer", "zpl", "serial:/dev/ttyUSB0"),
        ("label_printer", "zpl", "http://10.0.0.7"),
        ("label_printer", "zpl", "tcp:10.0.0.7"),
        ("payment", "nexo", "pcsc:x"),
        ("scale", "mt_sics", "serial:ttyUSB0"),
        ("scale", "mt_sics", ""),
    ],
)
def test_a_transport_that_the_driver_does_not_speak_is_refused(kind: str, word: str, at: str) -> None:
    with pytest.raises(ValueError, match=r"^--at .*takes"):
        placed(at, takes(kind, word))


def test_options_get_the_types_of_the_driver() -> None:
    words = ["doors=8", "door_sensors=true", "at=/dev/ttyS1"]
    assert chosen(words, takes("locker", "modbus_locker")) == {"doors": 8, "door_sensors": True, "at": "/dev/ttyS1"}
    assert chosen(["reply_s=0.5"], takes("hatch", "modbus_hatch")) == {"reply_s": 0.5}


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ("doors", "write key=value"),
        ("walls=3", "this driver takes at, doors"),
        ("doors=many", "must be a whole number"),
        ("door_sensors=1", "write true or false"),
        ("name=x", "this driver takes"),
    ],
)
def test_an_option_that_is_wrong_is_named(pair: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        chosen([pair], takes("locker", "modbus_locker"))
