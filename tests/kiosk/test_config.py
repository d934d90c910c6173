"""Every mistake in a configuration file is one line that names file, line, key and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import ConfigError, load
from kiosk.services.send_parcel.books import read_addresses, read_tariff

SHIPPED = Path("config/branch.toml")
TARIFF = Path("config/tariffs/domestic_parcel.toml")
TEXT = SHIPPED.read_text(encoding="utf-8")

BENCH = """
[devices.scale]
driver = "mt_sics"
port = "/dev/pts/3"
simulated = true
[devices.measurer]
driver = "measurer"
[devices.measurer.cameras]
left = "http://127.0.0.1:9001/left.mjpg"
[feed]
port = 0
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(text: str, name: str = "branch.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def complaint(call: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    return text


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_shipped_branch_loads() -> None:
    branch = load(SHIPPED)
    assert branch.send_parcel.next_day_cut_off == time(16)
    assert branch.send_parcel.same_weight_g == 20
    assert branch.panel.px_per_mm == 3.21
    assert (branch.feed.host, branch.feed.port) == ("127.0.0.1", 8787)
    assert str(branch.branch.zone) == "Asia/Seoul"
    assert [lease.demonstration for lease in branch.numbers.lease] == [True]
    assert date(2026, 12, 25) in branch.send_parcel.holidays
    assert read_tariff(branch.path(branch.send_parcel.tariff)).tiers
    assert read_addresses(branch.path(branch.send_parcel.addresses)).addresses


def test_overlays_are_merged_table_by_table(write: Callable[..., Path]) -> None:
    more = write('[devices.scale]\nport = "/dev/pts/9"\n', "more.toml")
    branch = load(SHIPPED, [write(BENCH, "bench.toml"), more])
    assert branch.devices["scale"].driver == "mt_sics"
    assert branch.devices["scale"].simulated
    assert branch.devices["scale"].options == {"port": "/dev/pts/9"}
    assert branch.devices["measurer"].options == {"cameras": {"left": "http://127.0.0.1:9001/left.mjpg"}}
    assert (branch.feed.host, branch.feed.port) == ("127.0.0.1", 0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "same_weight_g = 20",
            "same_wieght_g = 20",
            "send_parcel.same_wieght_g: unknown key; did you mean same_weight_g?",
        ),
        (
            "same_weight_g = 20",
            'same_weight_g = "20"',
            "send_parcel.same_weight_g = '20': input should be a valid integer",
        ),
        ("same_weight_g = 20", "same_weight_g = 20.5", "send_parcel.same_weight_g = 20.5: "),
        ("same_weight_g = 20", "same_weight_g = 0", "greater than or equal to 1"),
        ("port = 8787", "port = 70000", "feed.port = 70000: input should be less than or equal to 65535"),
        ("px_per_mm = 3.21", "px_per_mm = true", "panel.px_per_mm = True: "),
        ('timezone = "Asia/Seoul"', 'timezone = "Asia/Soul"', "unknown time zone; write one like Asia/Seoul"),
        ('"development"', '"test"', "branch.environment = 'test': input should be 'development' or 'production'"),
        ('"16:00"', '"4 pm"', "send_parcel.next_day_cut_off = '4 pm': not a time of day; write it like 16:00"),
        ('"6899900000001"', '"689990000000"', "numbers.lease.0.first = '689990000000': "),
        ('"6899900009999"', '"6899900000000"', "first is above last; write the lower number as first"),
        ("[feed]", "[fede]", "fede: unknown key; did you mean feed?"),
        ("[panel]", "[panel]\ncolour = 3", "panel.colour: unknown key; remove it; known here: earphones, px_per_mm"),
        ('"02-0000-0000"', '"call us"', "branch.telephone = 'call us': "),
    ],
)
def test_a_mistake_names_its_line(write: Callable[..., Path], old: str, new: str, said: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    path = write(text)
    told = complaint(lambda: load(path))
    assert told.startswith(f"{path}:")
    assert said in told
    if "first is above" not in said and not new.startswith("[fede"):
        assert told.startswith(f"{path}:{line_of(text, new.splitlines()[-1])}: ")


def test_a_missing_key_names_its_table(write: Callable[..., Path]) -> None:
    text = TEXT.replace("px_per_mm = 3.21", "")
    told = complaint(lambda: load(write(text)))
    assert f":{line_of(text, '[panel]')}: panel.px_per_mm: missing; add it" in told


def test_a_mistake_in_an_overlay_names_the_overlay(write: Callable[..., Path]) -> None:
    overlay = write("[feed]\n\nport = -1\n", "bench.toml")
    assert complaint(lambda: load(SHIPPED, [overlay])).startswith(f"{overlay}:3: feed.port = -1: ")


def test_the_second_block_of_numbers_is_found(write: Callable[..., Path]) -> None:
    second = '[[numbers.lease]]\nid = "x"\nfirst = "1"\nlast = "2"\nexpires = 2030-01-01\ndemonstration = true\n'
    text = f"{TEXT}\n{second}"
    told = complaint(lambda: load(write(text)))
    line = line_of(text, 'first = "1"')
    assert f":{line}: numbers.lease.1.first = '1': " in told


def test_overlapping_blocks_are_refused(write: Callable[..., Path]) -> None:
    block = TEXT[TEXT.index("[[numbers.lease]]") :]
    assert "two blocks overlap" in complaint(lambda: load(write(f"{TEXT}\n{block}")))


def test_a_device_needs_a_driver(write: Callable[..., Path]) -> None:
    overlay = write('[devices.scale]\nport = "x"\n', "bench.toml")
    assert complaint(lambda: load(SHIPPED, [overlay])).startswith(f"{overlay}:1: devices.scale.driver: missing; add it")


def test_files_that_are_missing_or_no_toml(write: Callable[..., Path], tmp_path: Path) -> None:
    gone = tmp_path / "gone.toml"
    assert complaint(lambda: load(gone)) == f"{gone}: no such file; create it or name another one"
    broken = write("[branch]\nid = \n")
    assert complaint(lambda: load(broken)).startswith(f"{broken}:2: not TOML: ")
    unfinished = write('[branch]\nid = "')
    assert "not TOML" in complaint(lambda: load(unfinished))
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    assert "UTF-8" in complaint(lambda: load(tmp_path / "latin.toml"))
    assert "cannot be read" in complaint(lambda: load(tmp_path))


def test_production_refuses_what_is_simulated_or_a_demonstration(write: Callable[..., Path]) -> None:
    real = TEXT.replace('"development"', '"production"')
    told = complaint(lambda: load(write(real)))
    assert (
        f":{line_of(real, 'demonstration = true')}: numbers.lease.0.demonstration = true: production takes no" in told
    )
    leased = write(real.replace("demonstration = true", "demonstration = false"))
    assert load(leased).production
    bench = write(BENCH, "bench.toml")
    told = complaint(lambda: load(leased, [bench]))
    assert told.startswith(
        f"{bench}:{line_of(BENCH, 'simulated')}: devices.scale.simulated = true: production takes no"
    )


def test_production_refuses_an_alarm_relay_that_no_watchdog_drops(write: Callable[..., Path]) -> None:
    real = TEXT.replace('"development"', '"production"').replace("demonstration = true", "demonstration = false")
    tower = '[devices.signal_tower]\ndriver = "modbus_tower"\nat = "tcp://tower:502"\n'
    assert load(write(real), [write(tower, "tower.toml")]).production
    bare = write(tower + "watchdog = false\n", "tower.toml")
    told = complaint(lambda: load(write(real), [bare]))
    assert told.startswith(f"{bare}:4: devices.signal_tower.watchdog = false: production takes no alarm relay")
    assert not load(write(TEXT), [bare]).production


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id = 1", "idd = 1", "tiers.0.idd: unknown key; did you mean id?"),
        ('trust = "COPY", verified_on = "" }', 'trust = "COPY" }', "verified_on: missing; add it"),
        ("value = 80,", 'value = "80",', "tiers.0.sum.value = '80': "),
        ("value = 80,", "value = -80,", "tiers.0.sum.value = -80: "),
        ('source = "calculator"', 'source = "nobody"', 'source "nobody" is not named under [sources]; add it there'),
        ("sides_cm = [22, 19, 9]", "sides_cm = [22, 19]", "boxes.1호.sides_cm"),
    ],
)
def test_a_mistake_in_the_tariff_is_told(write: Callable[..., Path], old: str, new: str, said: str) -> None:
    text = TARIFF.read_text(encoding="utf-8")
    assert old in text
    path = write(text.replace(old, new, 1), "tariff.toml")
    told = complaint(lambda: read_tariff(path))
    assert told.startswith(f"{path}:")
    assert said in told


def test_a_postcode_in_the_addresses_has_five_digits(write: Callable[..., Path]) -> None:
    text = Path("config/addresses/sample.toml").read_text(encoding="utf-8").replace('"04524"', '"4524"')
    path = write(text, "addresses.toml")
    told = complaint(lambda: read_addresses(path))
    line = line_of(text, '"4524"')
    assert told.startswith(f"{path}:{line}: addresses.sejong-110.postcode = '4524': ")


def test_a_branch_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(SHIPPED).feed.port = 1


LINES = TEXT.splitlines()


@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["", "x", "x = 1", "[", "[branch", '= "', "[[branch]]", "\x00", "1 = 1"]),
)
def test_any_spoiled_line_loads_or_is_one_line(
    tmp_path_factory: pytest.TempPathFactory, index: int, instead: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.toml"
    path.write_text("\n".join([*LINES[:index], instead, *LINES[index + 1 :]]), encoding="utf-8")
    told = ""
    try:
        load(path)
    except ConfigError as error:
        told = str(error)
    assert told == "" or re.match(rf"{re.escape(str(path))}(:\w+)?: .+", told)
    assert "\n" not in told
