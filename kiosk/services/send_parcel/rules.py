"""Prices, limits and promises of a domestic parcel. Pure: integers in, integers out; the figures come from TariffBook.

The tier is the higher of the size tier and the weight tier. Tolerances fall in the customer's favour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import permutations

from kiosk.flow import Refusal

NEXT_DAY = "next_day"
ORDINARY = "ordinary"
Size = tuple[float, float, float]
Sides = tuple[int, int, int]


@dataclass(frozen=True)
class Row:
    """One figure of the tariff with its provenance; verified_on is None until a person has compared it."""

    id: str
    value: int
    unit: str
    valid_from: date | None
    source: str
    trust: str
    verified_on: date | None
    conflict: str = ""


@dataclass(frozen=True)
class Tier:
    """One price class: greatest size sum (mm), greatest mass (g), price in won by speed."""

    id: int
    sum_mm: int
    grams: int
    won: Mapping[str, int]

    @property
    def sum_cm(self) -> int:
        """Greatest size sum, whole cm."""
        return self.sum_mm // 10

    @property
    def kg(self) -> int:
        """Greatest mass, whole kg."""
        return self.grams // 1000


@dataclass(frozen=True)
class StandardBox:
    """A box that the post office sells; outside sides in mm, longest first."""

    name: str
    sides_mm: Sides


@dataclass(frozen=True)
class Speed:
    """One speed: delivery days after acceptance, a promise or an expectation, registered or not, liability in won."""

    name: str
    days: int
    promised: bool
    registered: bool
    liability_won: int


@dataclass(frozen=True)
class Island:
    """A range of postcodes with surcharges in won and delivery days by speed; a speed without days has no date."""

    name: str
    first: str
    last: str
    won: Mapping[str, int]
    days: Mapping[str, int]


@dataclass(frozen=True)
class Insurance:
    """Declared value: free up to free_won, at most cap_won, then base plus step_won per started step_of_won above."""

    free_won: int
    cap_won: int
    base_won: int
    step_won: int
    step_of_won: int


@dataclass(frozen=True)
class Limits:
    """What may be sent at all: size sum and longest side in mm, mass in g."""

    sum_mm: int
    side_mm: int
    grams: int


@dataclass(frozen=True)
class TariffBook:
    """The whole tariff. allowance_mm is the declared expanded uncertainty of a size sum; snap_mm is per side."""

    date: date
    tiers: tuple[Tier, ...]
    speeds: Mapping[str, Speed]
    boxes: tuple[StandardBox, ...]
    islands: tuple[Island, ...]
    limits: Limits
    insurance: Insurance
    allowance_mm: int = 10
    snap_mm: int = 6
    rows: tuple[Row, ...] = field(default=(), repr=False)

    @property
    def max_grams(self) -> int:
        """The greatest mass that may be sent."""
        return self.limits.grams

    @property
    def unverified(self) -> tuple[Row, ...]:
        """The rows that nobody has compared with the official tariff yet."""
        return tuple(row for row in self.rows if row.verified_on is None)

    @property
    def verified(self) -> bool:
        """False while a demo banner must stand."""
        return not self.unverified


@dataclass(frozen=True)
class Charged:
    """A size as it is charged: whole mm as the parcel lies; sum_mm after snap or allowance; the standard box's name."""

    length_mm: int
    width_mm: int
    height_mm: int
    sum_mm: int
    box: str | None = None

    @property
    def shown_sum_mm(self) -> int:
        """The sum of the three sides as shown, before any allowance, mm."""
        return self.length_mm + self.width_mm + self.height_mm


@dataclass(frozen=True)
class Quote:
    """What a parcel costs, integer won, from which tier, speed and tariff date; not verified means demonstration."""

    base_won: int
    insurance_won: int
    island_won: int
    tier: int
    speed: str
    date: date
    verified: bool

    @property
    def total_won(self) -> int:
        """What is charged, won."""
        return self.base_won + self.insurance_won + self.island_won

    @property
    def lines(self) -> tuple[tuple[str, int], ...]:
        """Message id and won of every part that costs something; the base always stands."""
        parts = (("price.insurance", self.insurance_won), ("price.island", self.island_won))
        return (("price.base", self.base_won), *(part for part in parts if part[1]))


# Size and tier


def settle(length: float, width: float, height: float, uncertainty: Size, book: TariffBook) -> Charged:
    """A measured size (mm) as it is charged: the standard box within snap_mm on all sides, else sum minus allowance."""
    size = (length, width, height)
    near = standard_box(size, book)
    if near is not None:
        box, sides = near
        return Charged(*sides, sum_mm=sum(sides), box=box.name)
    return Charged(round(length), round(width), round(height), _charged(sum(size), uncertainty, book))


def allowance(uncertainty: Size, book: TariffBook) -> float:
    """What is taken off a size sum, mm: the declared expanded uncertainty, or the stated one of this sum if larger."""
    return max(float(book.allowance_mm), math.hypot(*uncertainty))


def standard_box(size: Size, book: TariffBook) -> tuple[StandardBox, Sides] | None:
    """The nearest standard box that agrees within snap_mm on every side, with its sides in the order it lies."""
    near = [(*_fit(size, box), box) for box in book.boxes]
    off, sides, box = min(near, key=lambda each: each[0], default=(math.inf, (0, 0, 0), StandardBox("", (0, 0, 0))))
    return (box, sides) if off <= book.snap_mm else None


def tier(sum_mm: int, grams: int, book: TariffBook) -> Tier | None:
    """The lowest tier that holds both the size sum and the mass; None above the last."""
    return next((each for each in book.tiers if sum_mm <= each.sum_mm and grams <= each.grams), None)


def tiers_for(grams: int, book: TariffBook) -> tuple[Tier, ...]:
    """The tiers a customer may choose by hand: for each size sum of the table the cheapest that holds this mass."""
    sums = sorted({each.sum_mm for each in book.tiers})
    found = {each.id: each for each in (tier(sum_mm, grams, book) for sum_mm in sums) if each}
    return tuple(found.values())


def same_price(size: Size, uncertainty: Size, grams: int, speed: str, book: TariffBook) -> bool:
    """True only if every size within the uncertainty (mm, each side) may be sent and costs the same."""
    if limits(size[0] + uncertainty[0], size[1] + uncertainty[1], size[2] + uncertainty[2], grams, book):
        return False
    spread = sum(uncertainty)
    sums = [_charged(sum(size) + by, uncertainty, book) for by in (-spread, spread)]
    sums += [sum(box.sides_mm) for box in book.boxes if _reaches(size, uncertainty, box, book.snap_mm)]
    prices = {each.won[speed] if each else None for each in (tier(mm, grams, book) for mm in sums)}
    return len(prices) == 1 and None not in prices


def limits(length: float, width: float, height: float, grams: int, book: TariffBook) -> str | None:
    """Why this size (mm) and mass (g) cannot be sent, else None; sizes pass within the declared allowance."""
    if grams > book.limits.grams:
        return "E_WEIGHT"
    if _whole(max(length, width, height) - book.allowance_mm) > book.limits.side_mm:
        return "E_SIZE_SIDE"
    charged = settle(length, width, height, (0.0, 0.0, 0.0), book)
    return "E_SIZE_SUM" if charged.sum_mm > book.limits.sum_mm else None


def _charged(sum_mm: float, uncertainty: Size, book: TariffBook) -> int:
    """A measured size sum as it is charged, whole mm."""
    return max(1, _whole(sum_mm - allowance(uncertainty, book)))


def _whole(mm: float) -> int:
    """The next whole mm, forgiving float dust, so that a class limit compares exactly."""
    return math.ceil(round(mm, 3))


def _fit(size: Size, box: StandardBox) -> tuple[float, Sides]:
    """The greatest disagreement of any side (mm) in the best of all orientations, and the sides in that order."""
    ways = (tuple(zip(size, sides, strict=True)) for sides in permutations(box.sides_mm))
    return min((max(abs(a - b) for a, b in way), (way[0][1], way[1][1], way[2][1])) for way in ways)


def _reaches(size: Size, uncertainty: Size, box: StandardBox, snap_mm: int) -> bool:
    """Whether some size within the uncertainty would be snapped to this box."""
    return any(
        all(abs(a - b) <= u + snap_mm for a, u, b in zip(size, uncertainty, sides, strict=True))
        for sides in permutations(box.sides_mm)
    )


# Price


def quote(sum_mm: int, grams: int, speed: str, book: TariffBook, *, postcode: str = "", insured_won: int = 0) -> Quote:
    """The price of a parcel whose charged size sum and mass passed limits(); raises ValueError where none stands."""
    found = tier(sum_mm, grams, book)
    if found is None:
        raise ValueError(f"no tier holds {sum_mm} mm and {grams} g")
    island = island_of(postcode, book)
    return Quote(
        base_won=found.won[speed],
        insurance_won=insurance_fee(insured_won, book),
        island_won=island.won.get(speed, 0) if island else 0,
        tier=found.id,
        speed=speed,
        date=book.date,
        verified=book.verified,
    )


def insurance_fee(declared_won: int, book: TariffBook) -> int:
    """The fee for a declared value, won; nothing up to the free liability; above the cap: Refusal."""
    terms = book.insurance
    if declared_won < 0 or declared_won > terms.cap_won:
        raise Refusal("error.insured_max", cap_won=terms.cap_won)
    if declared_won <= terms.free_won:
        return 0
    return terms.base_won + terms.step_won * -(-(declared_won - terms.free_won) // terms.step_of_won)


def insurance_choices(book: TariffBook) -> tuple[tuple[int, int], ...]:
    """Declared values offered on the screen with their fees, won: 1, 2 and 3 million, as far as the cap allows."""
    offered = (won for won in range(1_000_000, book.insurance.cap_won + 1, 1_000_000))
    return tuple((won, insurance_fee(won, book)) for won in offered)


def may_insure(speed: str, book: TariffBook) -> bool:
    """Only a registered parcel can be insured."""
    return book.speeds[speed].registered


def compensation(speed: str, insured_won: int, book: TariffBook) -> int:
    """The most that is paid for a lost parcel, won."""
    return max(book.speeds[speed].liability_won, insured_won)


def island_of(postcode: str, book: TariffBook) -> Island | None:
    """The island range that holds this five-digit postcode."""
    return next((each for each in book.islands if each.first <= postcode <= each.last), None)


# Days

#: A visit takes a few minutes from the choice of its speed to the closed hatch.
FINISHES_IN = timedelta(minutes=10)


def agreed_until(collected: time) -> time:
    """Until when a parcel may be promised to leave today, so that it lies in the bin when parcels are collected."""
    midnight = datetime(2000, 1, 1)  # noqa: DTZ001 - a clock on the wall of no particular day
    return max(midnight, datetime.combine(midnight, collected) - FINISHES_IN).time()


def next_day_available(local: datetime, cut_off: time, holidays: frozenset[date] = frozenset()) -> bool:
    """Whether a parcel accepted now still leaves today: a weekday, no holiday, before the cut-off (local time)."""
    return _leaves(local.date(), holidays) and local.time() < cut_off


def collects(local: datetime, holidays: frozenset[date] = frozenset()) -> bool:
    """Whether parcels leave at all on this day: no Saturday, Sunday or holiday."""
    return _leaves(local.date(), holidays)


def arrives(
    local: datetime,
    speed: str,
    postcode: str,
    cut_off: time,
    book: TariffBook,
    holidays: frozenset[date] = frozenset(),
) -> date | None:
    """The day of delivery, None where the tariff names none. After the cut-off it counts from the next working day."""
    island = island_of(postcode, book)
    days = island.days.get(speed) if island else book.speeds[speed].days
    if days is None:
        return None
    day = local.date()
    if not next_day_available(local, cut_off, holidays):
        day = _next(day, holidays, weekdays=True)
    for _ in range(days):
        day = _next(day, holidays, weekdays=False)
    return day


def _leaves(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def _next(day: date, holidays: frozenset[date], *, weekdays: bool) -> date:
    """The next day of collection (weekdays) or of delivery (all but Sundays and holidays)."""
    day += timedelta(days=1)
    while day in holidays or day.weekday() >= (5 if weekdays else 6):
        day += timedelta(days=1)
    return day
