"""A set's figures as text, in all and by what its scenes are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tests.benchmarks.measuring import classes
from tests.benchmarks.measuring import groups as by
from tests.benchmarks.measuring.groups import Group, body, grouped, what
from vision.measure.table import Figure, Result, aligned, table


def report(name: str, results: Sequence[Result], labels: Mapping[str, str]) -> Iterator[str]:
    """The table of a set, that of each kind of body, then each part of it by what it is, and what would be charged."""
    yield table(results)
    for kind, part in kinds(results):
        yield headed(name, kind, table(part))
    for title, groups in parts(results, labels):
        yield headed(name, title, by.briefly(groups))
    if any(r.scene.answerable for r in results):
        yield headed(name, "kinds of body", by.taken_for(results))
    yield from refusals(name, results, labels)
    yield from charged(name, results)


def headed(name: str, title: str, text: str) -> str:
    """A part of a report under its heading."""
    return f"\n-- {name.upper()}, {title}\n\n{text}"


def kinds(results: Sequence[Result]) -> list[Group]:
    """The set by kind of body, where there is more than one."""
    groups = [each for each in grouped(results, body) if each[0] != "refuse"]
    return [(f"{name} only", part) for name, part in groups] if len(groups) > 1 else []


def parts(results: Sequence[Result], labels: Mapping[str, str]) -> Iterator[tuple[str, list[Group]]]:
    """What is to be answered, by what it is and, of one camera, by which."""
    due = [r for r in results if r.scene.answerable]
    if due:
        yield "to be answered, by what it is", grouped(due, lambda each: what(each, labels))
    if any(by.camera(r) for r in due):
        yield "to be answered, by the camera that saw it", grouped(due, by.camera)


def refusals(name: str, results: Sequence[Result], labels: Mapping[str, str]) -> Iterator[str]:
    """Recall by cause, pairs by way and gap, and the reasons that were given for everything."""
    must = [r for r in results if not r.scene.answerable]
    if must:
        yield headed(name, "recall by cause", by.recall(grouped(must, lambda each: what(each, labels)), by.cause))
    for title, told in (("recall by way", way), ("recall by gap", gap)):
        if any(gap(r) for r in must):
            yield headed(name, title, by.recall([g for g in grouped(must, told) if g[0]], by.cause))
    yield headed(name, "reasons that were given", by.reasons(grouped(results, lambda each: what(each, labels))))


def gap(result: Result) -> str:
    """How far the two of a pair stand apart, by the scene's name."""
    found = re.search(r"\d\dmm", result.scene.id)
    return found[0] if found else ""


def way(result: Result) -> str:
    """How the two of a pair stand, by the scene's name."""
    return re.sub(r"-\d\dmm$", "", what(result, {}))


def charged(name: str, results: Sequence[Result]) -> Iterator[str]:
    """What would be charged for boxes."""
    book = classes.tariff()
    boxes = [each for each in results if body(each) == "box"]
    for title, part in (("boxes", boxes), ("the six standard boxes", [b for b in boxes if "standard" in b.scene.id])):
        if part:
            yield headed(name, f"size class of {title}", figures(classes.class_figures(part, book)))


def figures(found: Mapping[str, Figure], unit: str = ", %") -> str:
    """Named figures as lines."""
    return aligned([[f"{name}{unit}", each.text(), f"n {each.n}"] for name, each in found.items()])
