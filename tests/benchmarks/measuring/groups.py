"""The scenes of a set by what they are: figures of each group, kinds that were taken for others, reasons by cause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tests.benchmarks.measuring.controls import word
from vision.measure.answer import REASONS
from vision.measure.scenes import Scene
from vision.measure.table import Result, aligned, coverage, error_figures, share

Group = tuple[str, list[Result]]
NAMED = re.compile(r"[a-z0-9]+-\d+-(?P<what>.+?)(?:@(?P<camera>\w+))?$")
#: What an answer may be called.
KINDS = ("box", "tube", "polybag", "irregular")


def what(result: Result, labels: Mapping[str, str]) -> str:
    """What the scene is: as its set labels it, else by its name without set, number and camera."""
    found = NAMED.match(result.scene.id)
    return labels.get(result.scene.id) or (found["what"] if found else result.scene.id)


def camera(result: Result) -> str:
    """The camera that measured alone, by the scene's name."""
    return result.scene.id.partition("@")[2]


def body(result: Result) -> str:
    """What lies there: box, tube, polybag, or refuse."""
    return kind_of(result.scene)


def kind_of(scene: Scene) -> str:
    """What lies there, by the scene's name: box, tube, polybag, or refuse."""
    if not scene.answerable:
        return "refuse"
    return next((kind for kind in ("tube", "polybag") if f"-{kind}" in scene.id), "box")


def grouped(results: Sequence[Result], by: Callable[[Result], str]) -> list[Group]:
    """The results by what a function calls them, in the order of the names."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(by(result), []).append(result)
    return sorted(found.items())


def briefly(groups: Sequence[Group]) -> str:
    """A line per group: answered, wrong, error of a side, within the stated uncertainty, each with its interval."""
    head = ["", "n", "answered, %", "off > 5 mm, % of all", "side p50, mm", "p95", "worst", "within stated, %"]
    return aligned([head, *(_line(name, part) for name, part in groups)])


def _line(name: str, part: Sequence[Result]) -> list[str]:
    errors = error_figures(part)
    cells = [share([r.answer.answered for r in part]), share([r.wrong() for r in part if r.scene.truth_mm is not None]),
             *(errors[f"all {each}"] for each in ("p50", "p95", "max")),
             coverage(part)["error within stated uncertainty"]]  # fmt: skip
    return [name, str(len(part)), *(each.text() for each in cells)]


def taken_for(results: Sequence[Result]) -> str:
    """Which kind of body was taken for which, and the share of answers of the right kind."""
    rows = [["is", "n", *(f"called {kind}" for kind in KINDS), "refused", "kind right, % of answers"]]
    for name, part in grouped([r for r in results if r.scene.answerable], body):
        called = Counter(str(r.answer.kind) for r in part if r.answer.answered)
        right = share([r.answer.kind == name for r in part if r.answer.answered])
        refused = sum(not r.answer.answered for r in part)
        rows.append([name, str(len(part)), *(str(called[kind]) for kind in KINDS), str(refused), right.text()])
    return aligned(rows)


def recall(groups: Sequence[Group], due: Callable[[str], str]) -> str:
    """Of each cause of a refusal: the share that is refused, and the share of those for the reason that is due."""
    rows = [["must be refused", "n", "refused, %", "for that reason, % of refused"]]
    for name, part in groups:
        refused = [r for r in part if not r.answer.answered]
        right = share([r.answer.reason == due(name) for r in refused])
        rows.append([name, str(len(part)), share([not r.answer.answered for r in part]).text(), right.text()])
    return aligned(rows)


def reasons(groups: Sequence[Group]) -> str:
    """What was said of each group: answered, or for which reason not."""
    said = {name: Counter(word(r.answer) for r in part) for name, part in groups}
    seen = [each for each in ("answered", *REASONS) if any(counts[each] for counts in said.values())]
    rows = [[name, *(str(counts[each] or ".") for each in seen)] for name, counts in said.items()]
    return aligned([["is", *seen], *rows])


def cause(name: str) -> str:
    """The reason that is due to a scene of that label: its own name, or two objects."""
    return name if name in REASONS else "two_objects"
