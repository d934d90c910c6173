"""Real people, cut from the photographs that train and laid into drawn scenes: upright, or turned on their side to lie.

Few real pictures show somebody who lies, and all of them the same two rooms; a drawn scene is another room each time.
"""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.guard.records import PEOPLE, Kind
from vision.training.guard.pictures import KINDS, NET_PX, ROW, Picture, Rows, Sample

Mask = npt.NDArray[np.float32]
LEAST_PX, SURE_SHARE = 20, (0.25, 0.85)
"""Smallest side of a person worth cutting out, net pixels; share of the box that a believable outline fills."""
LONG_PX = (28, 130)
"""Longer side of a person who is laid in, net pixels."""
TURNED, UPRIGHT = 0.6, 1.3
"""How often somebody upright is laid on a side; height over width of who is upright."""
COVERED = 0.5
"""What a person who is laid in hides by this share is neither right nor wrong any more."""


@dataclass(frozen=True, eq=False)
class Cutout:
    """A person's box out of a photograph and how much of each pixel is the person, 0-1."""
    kind: Kind
    picture: Picture
    mask: Mask


def cutouts(samples: Sequence[Sample]) -> list[Cutout]:
    """All people of those pictures who are large enough and whose outline is believable."""
    return [cutout for one in samples for row in one.rows if not row[9] and KINDS[int(row[0])] in PEOPLE
            for cutout in _cut(one.picture, row)]


def _cut(picture: Picture, row: Rows) -> Iterator[Cutout]:
    left, top = (max(0, int(v)) for v in row[1:3])
    right, bottom = (min(side, int(np.ceil(v))) for side, v in zip(NET_PX, row[3:5], strict=True))
    if min(right - left, bottom - top) < LEAST_PX:
        return
    marks = np.zeros(picture.shape[:2], np.uint8)
    cv2.setRNGSeed(0)
    cv2.grabCut(picture, marks, (left, top, right - left, bottom - top), np.zeros((1, 65)), np.zeros((1, 65)), 4,
                cv2.GC_INIT_WITH_RECT)
    shown = np.isin(marks[top:bottom, left:right], (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    if SURE_SHARE[0] < shown.mean() < SURE_SHARE[1]:
        yield Cutout(KINDS[int(row[0])], picture[top:bottom, left:right].copy(), shown)


def laid_in(one: Sample, person: Cutout, rng: np.random.Generator) -> Sample:
    """The sample with that person somewhere in it, in the light of the place."""
    rows, columns = person.mask.shape
    turned = person.kind is Kind.PERSON and rows > UPRIGHT * columns and rng.random() < TURNED
    angle = rng.normal(0, 7) + (rng.choice([-90, 90]) if turned else 0)
    long = float(np.exp(rng.uniform(*np.log(LONG_PX))))
    picture, mask = _moved(person, float(angle), long / max(person.mask.shape), rng)
    inside = mask > 0.5
    if not inside.any():
        return one
    across, down = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    box = np.array([across[0], down[0], across[-1] + 1, down[-1] + 1], np.float32)
    gain = np.clip((one.picture[inside].mean() + 8) / (picture[inside].mean() + 8), 0.3, 2.0) ** 0.7
    mixed = one.picture + mask[..., None] * (np.clip(picture * gain, 0, 255) - one.picture)
    kind = Kind.PERSON_DOWN if turned else person.kind
    told = np.full((1, ROW), np.nan, np.float32)
    told[0, [0, 9]], told[0, 1:5] = (KINDS.index(kind), 0), box
    return Sample(mixed.astype(np.uint8), np.vstack([_hidden(one.rows, box), told]))


def _moved(person: Cutout, degrees: float, scale: float, rng: np.random.Generator
           ) -> tuple[npt.NDArray[np.float32], Mask]:
    """Picture and mask of that person on the net's canvas, turned, scaled, perhaps mirrored, and somewhere."""
    turn = np.radians(degrees)
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ np.diag([-1.0 if rng.random() < 0.5 else 1.0, 1.0])
    at = rng.uniform((0.1, 0.25), (0.9, 0.9)) * NET_PX
    shift = at - matrix @ (np.array(person.mask.shape[::-1]) / 2)
    placed = [cv2.warpAffine(part, np.column_stack([matrix, shift]), NET_PX, flags=cv2.INTER_LINEAR)
              for part in (person.picture.astype(np.float32), person.mask)]
    return np.asarray(placed[0], np.float32), np.asarray(placed[1], np.float32)


def _hidden(rows: Rows, box: npt.NDArray[np.float32]) -> Rows:
    """Rows with those ignored that the box covers by half."""
    low, high = np.maximum(rows[:, 1:3], box[:2]), np.minimum(rows[:, 3:5], box[2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    own = np.prod(np.clip(rows[:, 3:5] - rows[:, 1:3], 1e-3, None), axis=1)
    rows = rows.copy()
    rows[:, 9] = np.maximum(rows[:, 9], common / own > COVERED)
    return rows
