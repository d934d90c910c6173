"""How well a set of scenes was measured: shares, errors, coverage, refusals, latency, each with n and an interval."""
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vision.measure.camera import Floats
from vision.measure.measure import Answer
from vision.measure.scenes import Scene

SEED, DRAWS = 2026, 1000
WRONG_MM = 5.0
WITHIN_MM = (2, 5, 10)
DIMENSIONS = ("length", "width", "height")
ERRORS = ("p50", "p95", "p99", "max", "bias")
ROWS = (*DIMENSIONS, "all", "sum")
MOST_NAMED = 10


@dataclass(frozen=True)
class Result:
    """A scene and its answer."""
    scene: Scene
    answer: Answer

    def errors(self) -> Floats | None:
        """Measured minus true length, width, height (3,) mm; None for a refusal or without truth."""
        if not self.answer.answered or self.scene.truth_mm is None:
            return None
        sizes = (self.answer.length_mm, self.answer.width_mm, self.answer.height_mm)
        return np.asarray(np.array(sizes, dtype=np.float64) - np.array(self.scene.truth_mm))

    def wrong(self) -> bool:
        """Whether it was answered with a dimension off by more than WRONG_MM."""
        errors = self.errors()
        return errors is not None and float(np.abs(errors).max()) > WRONG_MM


@dataclass(frozen=True)
class Figure:
    """A value with its 95 % interval over n scenes; None where n is too small to say."""
    value: float | None
    low: float | None
    high: float | None
    n: int

    def text(self) -> str:
        """As a cell of the table."""
        if self.value is None:
            return "-"
        interval = "" if self.low is None or self.high is None else f" [{self.low:.2f}, {self.high:.2f}]"
        return f"{self.value:.2f}{interval}"


def shares(results: Sequence[Result]) -> dict[str, Figure]:
    """Answered, wrong, within limits, coverage, and answers and refusals held against what was expected; percent."""
    measured = [r for r in results if r.answer.answered]
    refused = [r for r in results if not r.answer.answered]
    errors = [e for r in results if (e := r.errors()) is not None]
    worst = np.array([float(np.abs(e).max()) for e in errors])
    return {
        "answered, of those to be answered": share([r.answer.answered for r in results if r.scene.answerable]),
        "answered, of all": share([r.answer.answered for r in results]),
        f"wrong (> {WRONG_MM:g} mm, not refused), of those with truth":
            share([r.wrong() for r in results if r.scene.truth_mm is not None]),
        **{f"all three within {limit} mm, of answers": share((worst <= limit).tolist()) for limit in WITHIN_MM},
        "answers that should not be, of all answers": share([not r.scene.answerable for r in measured]),
        **coverage(measured),
        "refusal precision (refused rightly, of refused)": share([not r.scene.answerable for r in refused]),
        "refusal recall (refused, of those to be refused)":
            share([not r.answer.answered for r in results if not r.scene.answerable]),
    }


def coverage(measured: Sequence[Result]) -> dict[str, Figure]:
    """Share of absolute errors within the stated uncertainty, all dimensions and each."""
    held = [np.abs(e) <= np.array(r.answer.uncertainty_mm) for r in measured if (e := r.errors()) is not None]
    rows = np.array(held, dtype=np.float64).reshape(-1, 3) * 100
    found = {"error within stated uncertainty": percent(rows)}
    return found | {f"  {name}": percent(rows[:, [n]]) for n, name in enumerate(DIMENSIONS)}


def error_figures(results: Sequence[Result]) -> dict[str, Figure]:
    """`length p95` and so on: absolute error p50, p95, p99, max and signed bias, mm, per dimension, of all three, and
    of their sum, by which parcels are charged."""
    rows = np.array([e for r in results if (e := r.errors()) is not None]).reshape(-1, 3)
    parts = [*(rows[:, [n]] for n in range(3)), rows, rows.sum(axis=1, keepdims=True)]
    found: dict[str, Figure] = {}
    for name, part in zip(ROWS, parts, strict=True):
        found |= several([f"{name} {what}" for what in ERRORS], part, _error_statistic)
    blunt = {f"{name} max": replace(found[f"{name} max"], low=None, high=None) for name in ROWS}
    return found | blunt  # no draw of the sample holds more than its own worst, so max has no interval


def latency(results: Sequence[Result]) -> dict[str, Figure]:
    """Time of a measure from decoded pictures to the answer, ms."""
    spent = np.array([[r.answer.elapsed_ms or 0.0] for r in results]).reshape(-1, 1)
    return several(["latency p50", "latency p95"], spent, lambda rows: np.quantile(rows, [0.5, 0.95]))


def share(held: Sequence[bool]) -> Figure:
    """Percent of scenes of which it holds."""
    return percent(np.array(held, dtype=np.float64).reshape(-1, 1) * 100)


def percent(rows: Floats) -> Figure:
    """Mean of rows (n, k) of 0 and 100; of none or all the interval is the exact two-sided one, for no draw differs."""
    found = several(["share"], rows, lambda part: np.array([part.mean()]))["share"]
    if found.value not in (0.0, 100.0):
        return found
    reach = 100 * (1 - 0.025 ** (1 / found.n))
    return replace(found, high=reach) if found.value == 0.0 else replace(found, low=100 - reach)


def several(names: Sequence[str], rows: Floats, statistic: Callable[[Floats], Floats]) -> dict[str, Figure]:
    """Each value of a statistic of rows with its interval by DRAWS bootstrap draws of whole scenes, fixed seed."""
    n = len(rows)
    if not n:
        return {name: Figure(None, None, None, 0) for name in names}
    rng = np.random.default_rng(SEED)
    drawn = np.array([statistic(rows[rng.integers(0, n, n)]) for _ in range(DRAWS)])
    columns = zip(names, statistic(rows), *np.quantile(drawn, [0.025, 0.975], axis=0), strict=True)
    return {name: Figure(float(value), float(low), float(high), n) for name, value, low, high in columns}


def _error_statistic(rows: Floats) -> Floats:
    size = np.abs(rows)
    return np.array([*np.quantile(size, [0.5, 0.95, 0.99]), size.max(), rows.mean()])


def table(results: Sequence[Result]) -> str:
    """The figures as text, with n, refusals by reason and the worst answers by id."""
    parts = [_counts(results), _shares_text(shares(results)), _errors_text(error_figures(results)),
             _time_text(latency(results)), _refused_text(results), _wrong_text(results),
             f"Intervals: 95 %, {DRAWS} bootstrap draws of scenes, seed {SEED}; exact where a share is 0 or 100 %."]
    return "\n\n".join(part for part in parts if part)


def _counts(results: Sequence[Result]) -> str:
    n, answerable = len(results), sum(r.scene.answerable for r in results)
    true = sum(r.scene.truth_mm is not None for r in results)
    return f"{n} scenes: {answerable} to be answered, {n - answerable} to be refused, {true} with truth"


def _shares_text(found: Mapping[str, Figure]) -> str:
    return aligned([[f"{name}, %", each.text(), f"n {each.n}"] for name, each in found.items() if each.n])


def _errors_text(found: Mapping[str, Figure]) -> str:
    if not found["all p50"].n:
        return ""
    head = ["error, mm", *ERRORS, f"n {found['all p50'].n}"]
    rows = [[name, *(found[f"{name} {what}"].text() for what in ERRORS)] for name in ROWS]
    return aligned([head, *rows])


def _time_text(found: Mapping[str, Figure]) -> str:
    return aligned([[f"{name}, ms", each.text(), f"n {each.n}"] for name, each in found.items()])


def _refused_text(results: Sequence[Result]) -> str:
    reasons = Counter(str(r.answer.reason) for r in results if not r.answer.answered)
    return "refused: " + (", ".join(f"{count} {reason}" for reason, count in reasons.most_common()) or "none")


def _wrong_text(results: Sequence[Result]) -> str:
    off = {r.scene.id: float(np.abs(e).max()) for r in results if r.wrong() and (e := r.errors()) is not None}
    worst = sorted(off.items(), key=lambda each: -each[1])[:MOST_NAMED]
    return "worst: " + ", ".join(f"{name} ({error:.1f} mm)" for name, error in worst) if worst else ""


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as text in columns of equal width."""
    widths: dict[int, int] = {}
    for row in rows:
        widths |= {n: max(widths.get(n, 0), len(cell)) for n, cell in enumerate(row)}
    return "\n".join("  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in rows)
