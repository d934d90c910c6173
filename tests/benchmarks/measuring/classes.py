"""What a measured size would be charged: the class of the true size against that of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.services.send_parcel import rules
from kiosk.services.send_parcel.books import read_tariff
from vision.measure.table import Figure, Result, share

#: Mass that no class limit of the tariff turns on, g.
LIGHT_G = 500


@dataclass(frozen=True)
class Classed:
    """One answer: the tier of the true size, that of the raw sum, and that which is charged."""

    true: int
    raw: int
    charged: int


def tariff(folder: Path = Path("config/tariffs")) -> rules.TariffBook:
    """The newest tariff of the branch."""
    return read_tariff(sorted(folder.glob("*.toml"))[-1])


def classed(result: Result, book: rules.TariffBook) -> Classed | None:
    """The classes of an answer whose truth is known and may be sent; a true size is charged as its standard box."""
    answer, truth = result.answer, result.scene.truth_mm
    if not answer.answered or truth is None or answer.uncertainty_mm is None:
        return None
    size = (answer.length_mm or 0.0, answer.width_mm or 0.0, answer.height_mm or 0.0)
    near = rules.standard_box(truth, book)
    true = _tier(sum(near[1]) if near else sum(truth), book)
    charged = _tier(rules.settle(*size, answer.uncertainty_mm, book).sum_mm, book)
    return Classed(true, _tier(sum(size), book), charged)


def _tier(sum_mm: float, book: rules.TariffBook) -> int:
    """The tier's number; one above the last where nothing holds it."""
    found = rules.tier(round(sum_mm), LIGHT_G, book)
    return found.id if found else max(each.id for each in book.tiers) + 1


def class_figures(results: Sequence[Result], book: rules.TariffBook) -> dict[str, Figure]:
    """Shares of answers: class right, over-charged and under-charged, by the raw sum and by the branch's rule."""
    found = [each for result in results if (each := classed(result, book))]
    return {
        "raw sum: class correct": share([each.raw == each.true for each in found]),
        "raw sum: over-charged": share([each.raw > each.true for each in found]),
        "as charged: class correct": share([each.charged == each.true for each in found]),
        "as charged: over-charged": share([each.charged > each.true for each in found]),
        "as charged: one class too low": share([each.charged < each.true for each in found]),
    }
