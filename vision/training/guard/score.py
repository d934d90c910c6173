"""Average precision of boxes, as COCO counts it: greedy matching by score, 101 points of recall."""
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.guard.detect import Detection, overlaps
from vision.guard.records import Kind
from vision.scene.dock.photo import Truth

Floats = npt.NDArray[np.float64]
LEVELS = np.arange(0.5, 0.96, 0.05)
BROAD = 1.25
"""Width over height from which a person's box looks like that of somebody who lies."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One picture: what is there and what was told, both in its pixels."""
    truths: Sequence[Truth]
    told: Sequence[Detection]


def precision(pictures: Sequence[Seen], kind: Kind) -> Floats | None:
    """Average precision (10,) of one class at overlaps 0.5, 0.55 … 0.95; None without a truth to find."""
    count = sum(one.kind is kind and not one.ignored for picture in pictures for one in picture.truths)
    if not count:
        return None
    scores, hits = [], []
    for picture in pictures:
        for score, right in _judged(picture, kind):
            scores.append(score)
            hits.append(right)
    if not scores:
        return np.zeros(len(LEVELS))
    ordered = np.array(hits)[np.argsort(-np.array(scores), kind="stable")]
    return np.array([_area(column, count) for column in ordered.T])


def _judged(picture: Seen, kind: Kind) -> list[tuple[float, Floats]]:
    """Score of each detection and, per level, 1 right, 0 wrong, NaN not counted."""
    truths = [one for one in picture.truths if one.kind is kind]
    boxes = np.array([one.box for one in truths], float).reshape(-1, 4)
    ignored = np.array([one.ignored for one in truths], bool)
    taken = np.zeros((len(LEVELS), len(truths)), bool)
    judged = []
    for one in sorted((d for d in picture.told if d.kind is kind), key=lambda d: -d.score):
        box = np.array(one.box)
        share, right = overlaps(box, boxes), np.zeros(len(LEVELS))
        for n, level in enumerate(LEVELS):
            free = np.flatnonzero((share >= level - 1e-9) & ~taken[n] & ~ignored)
            if len(free):
                taken[n, free[share[free].argmax()]] = True
                right[n] = 1
            elif _within(box, boxes[ignored]):
                right[n] = np.nan
        judged.append((one.score, right))
    return judged


def _within(box: Floats, boxes: Floats) -> bool:
    """Whether half of the box lies in one of the boxes."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    return bool((common >= 0.5 * np.prod(box[2:] - box[:2])).any())


def _area(hits: Floats, count: int) -> float:
    counted = hits[~np.isnan(hits)]
    right = np.cumsum(counted)
    exact = right / np.arange(1, len(counted) + 1)
    exact = np.maximum.accumulate(exact[::-1])[::-1]
    at = np.searchsorted(right / count, np.linspace(0, 1, 101) - 1e-9)
    return float(np.append(exact, 0.0)[np.minimum(at, len(exact))].mean())


def table(pictures: Sequence[Seen], kinds: Sequence[Kind]) -> dict[str, tuple[int, float, float]]:
    """For each class that occurs, and "all": truths, average precision at 0.5, and its mean over 0.5-0.95."""
    rows: dict[str, tuple[int, float, float]] = {}
    for kind in kinds:
        found = precision(pictures, kind)
        if found is not None:
            count = sum(one.kind is kind and not one.ignored for p in pictures for one in p.truths)
            rows[kind.value] = (count, float(found[0]), float(found.mean()))
    values = list(rows.values())
    rows["all"] = (sum(v[0] for v in values), float(np.mean([v[1] for v in values])),
                   float(np.mean([v[2] for v in values])))
    return rows


def recall(pictures: Sequence[Seen], kind: Kind, least: float) -> tuple[int, int]:
    """Truths of that class overlapped by half or more by a detection of it with that score, and truths."""
    found = total = 0
    for picture in pictures:
        boxes = np.array([d.box for d in picture.told if d.kind is kind and d.score >= least], float).reshape(-1, 4)
        for one in picture.truths:
            if one.kind is kind and not one.ignored:
                total += 1
                found += bool((overlaps(np.array(one.box), boxes) >= 0.5).any())
    return found, total


def looks_down(one: Detection, by_shape: bool) -> bool:
    """Whether the net calls it somebody who lies or, by shape, a person in a broad box."""
    left, top, right, bottom = one.box
    broad = by_shape and one.kind is Kind.PERSON and right - left > BROAD * (bottom - top)
    return one.kind is Kind.PERSON_DOWN or broad


def falls_told(seen: Sequence[Seen], least: float, by_shape: bool) -> tuple[int, int, int, int]:
    """Of those who lie, found and all; of the frames in which nobody does, told wrongly and all. What is between
    falling and lying is not counted."""
    found = lie = wrong = calm = 0
    for picture in seen:
        told = np.array([d.box for d in picture.told if d.score >= least and looks_down(d, by_shape)]).reshape(-1, 4)
        down = [one for one in picture.truths if one.kind is Kind.PERSON_DOWN and not one.ignored]
        lie += len(down)
        found += sum(bool((overlaps(np.array(one.box), told) >= 0.5).any()) for one in down)
        if not any(one.kind is Kind.PERSON_DOWN for one in picture.truths):
            calm, wrong = calm + 1, wrong + bool(len(told))
    return found, lie, wrong, calm
