"""Reads the tariff and the addresses of send_parcel from their files into the pure books of rules and addresses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from kiosk.config import ConfigError, Table, Text, read_table
from kiosk.services.send_parcel import rules
from kiosk.services.send_parcel.addresses import Address, AddressBook
from kiosk.services.send_parcel.rules import TariffBook


def _day(value: object) -> object:
    """An empty string means that no date is known."""
    return None if value == "" else value


Day = Annotated[date | None, BeforeValidator(_day)]
Postcode = Annotated[str, Field(pattern=r"^\d{5}$")]


class Figure(Table):
    """One figure with its provenance."""

    value: Annotated[int, Field(ge=0)]
    unit: str
    valid_from: Day
    source: str
    trust: str
    verified_on: Day
    conflict: str = ""


class TierTable(Table):
    """One price class: size sum in cm, mass in kg, prices in won."""

    id: int
    sum: Figure
    mass: Figure
    next_day: Figure
    ordinary: Figure


class SpeedTable(Table):
    """Delivery days and liability of one speed."""

    promised: bool
    registered: bool
    days: Figure
    liability: Figure


class IslandTable(Table):
    """Surcharge and days for a range of postcodes, by speed."""

    first: Postcode
    last: Postcode
    surcharge: dict[str, Figure]
    days: dict[str, Figure]


class BoxTable(Table):
    """A standard box, sides in cm, longest first."""

    sides_cm: tuple[int, int, int] = Field(strict=False)
    source: str
    trust: str
    verified_on: Day


class InsuranceTable(Table):
    """The terms of insurance, won."""

    free: Figure
    cap: Figure
    base: Figure
    step: Figure
    step_of: Figure


class LimitsTable(Table):
    """Size sum and side in cm, mass in kg."""

    sum: Figure
    side: Figure
    mass: Figure


class ToleranceTable(Table):
    """Declared uncertainty of a size sum and the snap to standard boxes, mm."""

    allowance: Figure
    snap: Figure


class TariffTable(Table):
    """config/tariffs/domestic_parcel.toml."""

    date: date
    sources: dict[str, str]
    tiers: list[TierTable]
    speeds: dict[str, SpeedTable]
    islands: dict[str, IslandTable]
    boxes: dict[str, BoxTable]
    insurance: InsuranceTable
    limits: LimitsTable
    tolerance: ToleranceTable


class AddressTable(Table):
    """One public building."""

    road: Text
    area: Text
    building: Text
    postcode: Postcode
    latin: Text
    trust: str
    verified_on: Day


class AddressesTable(Table):
    """config/addresses/sample.toml."""

    addresses: dict[str, AddressTable]


def read_tariff(path: Path) -> TariffBook:
    """The tariff of this file, or ConfigError with one line."""
    table = read_table(path, TariffTable)
    rows = _rows(table)
    for row in rows:
        if row.source not in table.sources:
            raise ConfigError(f'{path}: {row.id}: source "{row.source}" is not named under [sources]; add it there')
    return _book(table, rows)


def _book(table: TariffTable, rows: tuple[rules.Row, ...]) -> TariffBook:
    return TariffBook(
        date=table.date,
        tiers=tuple(sorted((_tier(each) for each in table.tiers), key=lambda each: each.id)),
        speeds={name: _speed(name, each) for name, each in table.speeds.items()},
        boxes=tuple(_box(name, each) for name, each in table.boxes.items()),
        islands=tuple(_island(name, each) for name, each in table.islands.items()),
        limits=_limits(table.limits),
        insurance=_insurance(table.insurance),
        allowance_mm=table.tolerance.allowance.value,
        snap_mm=table.tolerance.snap.value,
        rows=rows,
    )


def _tier(each: TierTable) -> rules.Tier:
    won = {rules.NEXT_DAY: each.next_day.value, rules.ORDINARY: each.ordinary.value}
    return rules.Tier(each.id, each.sum.value * 10, each.mass.value * 1000, won)


def _speed(name: str, each: SpeedTable) -> rules.Speed:
    return rules.Speed(name, each.days.value, each.promised, each.registered, each.liability.value)


def _box(name: str, each: BoxTable) -> rules.StandardBox:
    length, width, height = each.sides_cm
    return rules.StandardBox(name, (length * 10, width * 10, height * 10))


def _island(name: str, each: IslandTable) -> rules.Island:
    won = {speed: figure.value for speed, figure in each.surcharge.items()}
    days = {speed: figure.value for speed, figure in each.days.items()}
    return rules.Island(name, each.first, each.last, won, days)


def _limits(each: LimitsTable) -> rules.Limits:
    return rules.Limits(each.sum.value * 10, each.side.value * 10, each.mass.value * 1000)


def _insurance(each: InsuranceTable) -> rules.Insurance:
    figures = (each.free, each.cap, each.base, each.step, each.step_of)
    return rules.Insurance(*(figure.value for figure in figures))


def _rows(table: TariffTable) -> tuple[rules.Row, ...]:
    """Every figure of the tariff with its provenance, named by where it stands; a standard box is one row."""
    named = [(f"tiers.{each.id}.{name}", figure) for each in table.tiers for name, figure in _figures(each)]
    named += [(f"speeds.{key}.{name}", figure) for key, each in table.speeds.items() for name, figure in _figures(each)]
    for key, island in table.islands.items():
        named += [(f"islands.{key}.surcharge.{name}", figure) for name, figure in island.surcharge.items()]
        named += [(f"islands.{key}.days.{name}", figure) for name, figure in island.days.items()]
    for part, terms in (("insurance", table.insurance), ("limits", table.limits), ("tolerance", table.tolerance)):
        named += [(f"{part}.{name}", figure) for name, figure in _figures(terms)]
    boxes = tuple(_box_row(name, each) for name, each in table.boxes.items())
    return (*(_row(name, figure) for name, figure in named), *boxes)


def _figures(table: Table) -> list[tuple[str, Figure]]:
    return [(name, value) for name, value in table if isinstance(value, Figure)]


def _row(name: str, figure: Figure) -> rules.Row:
    return rules.Row(id=name, **dict(figure))


def _box_row(name: str, each: BoxTable) -> rules.Row:
    return rules.Row(f"boxes.{name}", sum(each.sides_cm) * 10, "mm", None, each.source, each.trust, each.verified_on)


def read_addresses(path: Path) -> AddressBook:
    """The addresses of this file, or ConfigError with one line."""
    table = read_table(path, AddressesTable)
    rows = table.addresses.items()
    return AddressBook(
        tuple(Address(key, row.road, row.area, row.building, row.postcode, row.latin) for key, row in rows)
    )
