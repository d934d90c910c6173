"""Calibrating one camera: which views of the board are kept, where they lie in the picture, and the lens they give."""
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np

from vision.measure.board import Picture, Sight, find_board
from vision.measure.camera import Floats
from vision.measure.rig import Camera

GRID = (8, 5)
"""Cells across and down of the coverage map."""
ENOUGH_VIEWS, ENOUGH_CELLS = 12, 32
MOST_VIEWS = 40
NEW_PX = 60.0
GOOD_PX = 0.6
MOST_UNSURE = 0.003
"""Standard deviation of a focal length that is still good, as a share of it."""
LEAST_TILT, TILTED_OF = 0.06, 5
"""Views that are all face on tell nothing of the focal length: how unlike opposite edges must be in one of so many."""


class GuideError(ValueError):
    """The views do not make a calibration: `why` is few (they do not fill the picture), spread (they contradict each
    other), odd (no lens of a table camera) or loose (they leave it open); the text is one sentence, the residual in px
    where one was found."""

    def __init__(self, why: str, text: str, residual_px: float | None = None) -> None:
        super().__init__(text)
        self.why, self.residual_px = why, residual_px


@dataclass(frozen=True)
class Lens:
    """A calibrated camera: fx fy cx cy, k1 k2 p1 p2 k3, root mean square residual in px, the views it stands on, the
    pictures' size if known."""
    matrix: tuple[float, float, float, float]
    distortion: tuple[float, float, float, float, float]
    residual_px: float
    views: int
    size_px: tuple[int, int] | None = None

    def fits(self, camera: Camera) -> bool:
        """Whether that camera's pictures have this lens's size."""
        return self.size_px in (None, camera.size_px)


@dataclass(frozen=True)
class Step:
    """How far the guide is: views kept, corners per cell of GRID row by row, what to do next, whether it may end."""
    views: int
    cells: tuple[int, ...]
    hint: str
    ready: bool


@dataclass
class Guide:
    """Collects views of one camera until they fill its picture."""
    size_px: tuple[int, int]
    views: list[Sight] = field(default_factory=list)
    seen: bool = False

    def look(self, gray: Picture) -> Step:
        """Take in one grey picture."""
        sight = find_board(gray)
        self.seen = sight is not None
        if sight is not None and self._new(sight):
            self._keep(sight)
        return self.step()

    def step(self) -> Step:
        """How far it is."""
        cells = self.cells()
        ready = len(self.views) >= ENOUGH_VIEWS and int((cells > 0).sum()) >= ENOUGH_CELLS and self._tilted()
        return Step(len(self.views), tuple(int(n) for n in cells), self._hint(cells, ready), ready)

    def cells(self) -> Floats:
        """Corners in each cell of GRID, row by row."""
        return np.asarray(sum((self._corners(view) for view in self.views), np.zeros(GRID[0] * GRID[1])))

    def _corners(self, view: Sight) -> Floats:
        """Corners of one view in each cell."""
        spots = view.pixels / np.array(self.size_px) * np.array(GRID)
        x, y = (np.clip(spots[:, n].astype(int), 0, GRID[n] - 1) for n in range(2))
        return np.bincount(y * GRID[0] + x, minlength=GRID[0] * GRID[1]).astype(np.float64)

    def _keep(self, sight: Sight) -> None:
        """Take a view in; where MOST_VIEWS are kept, it takes the place of the one that is missed least, if that helps:
        more cells covered, or more of the tilted views that are still wanted."""
        if len(self.views) < MOST_VIEWS:
            self.views.append(sight)
            return
        views = [sight, *self.views]
        filled = np.array([self._corners(view) for view in views])
        leans = np.array([tilt(view) > LEAST_TILT for view in views])
        cells = ((filled.sum(axis=0) - filled) > 0).sum(axis=1)
        tilted = leans.sum() - leans
        worth = np.minimum(cells / ENOUGH_CELLS, 1.0) + np.minimum(tilted * TILTED_OF / MOST_VIEWS, 1.0)
        least = int(np.argmax(worth))  # among equals the new one stays out
        self.views = [view for n, view in enumerate(views) if n != least]

    def solve(self) -> Lens:
        """The lens from all kept views; GuideError where they are too few or do not agree."""
        if not self.step().ready:
            raise GuideError(
                "few", "The views do not fill the picture yet; show the board in the cells that are still empty.")
        points = [view.points.astype(np.float32) for view in self.views]
        pixels = [view.pixels.astype(np.float32) for view in self.views]
        residual, k, bend, _, _, unsure, *_ = cv2.calibrateCameraExtended(
            points, pixels, self.size_px, np.eye(3), np.zeros(5))
        k1, k2, p1, p2, k3 = (float(v) for v in np.ravel(bend)[:5])
        lens = Lens((float(k[0, 0]), float(k[1, 1]), float(k[0, 2]), float(k[1, 2])), (k1, k2, p1, p2, k3),
                    float(residual), len(points), self.size_px)
        if not lens.residual_px <= GOOD_PX:
            raise GuideError("spread", f"The views do not agree (residual {lens.residual_px:.2f} px); hold the board "
                             "still, keep it flat, and begin again.", lens.residual_px)
        if not _possible(lens, self.size_px):
            raise GuideError("odd", "The views agree on a lens that no table camera has; tilt the board more, and "
                             "begin again.", lens.residual_px)
        if not float(np.max(np.asarray(unsure)[:2])) <= MOST_UNSURE * lens.matrix[0]:
            raise GuideError("loose", "The views leave the focal length open; tilt the board more, and begin again.",
                             lens.residual_px)
        return lens

    def _new(self, sight: Sight) -> bool:
        """Whether it shows the board elsewhere, larger or otherwise turned than every kept view."""
        return all(_apart(sight, view) > NEW_PX for view in self.views)

    def _tilted(self) -> bool:
        return sum(tilt(view) > LEAST_TILT for view in self.views) * TILTED_OF >= len(self.views)

    def _hint(self, cells: Floats, ready: bool) -> str:
        if ready:
            return "ready"
        if not self.seen:
            return "show"
        if len(self.views) >= ENOUGH_VIEWS // 2 and not self._tilted():
            return "tilt"
        return "fill" if len(self.views) >= ENOUGH_VIEWS // 2 else "move"


def _apart(one: Sight, other: Sight) -> float:
    """Mean distance in px of the corners that both views show; far apart when they share none."""
    _, mine, theirs = np.intersect1d(one.numbers, other.numbers, return_indices=True)
    if not len(mine):
        return np.inf
    return float(np.linalg.norm(one.pixels[mine] - other.pixels[theirs], axis=1).mean())


@lru_cache(maxsize=4 * MOST_VIEWS)
def tilt(view: Sight) -> float:
    """How unlike the scale is across the board: 0 face on."""
    to, _ = cv2.findHomography(view.points[:, :2], view.pixels)
    low, high = view.points[:, :2].min(axis=0), view.points[:, :2].max(axis=0)
    rim = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]], [low[0], low[1]]])
    flat = np.column_stack([rim, np.ones(5)]) @ np.asarray(to).T
    seen = flat[:, :2] / flat[:, 2:]
    sides = [float(np.linalg.norm(b - a)) for a, b in pairwise(seen)]
    return float(max(abs(np.log(sides[0] / sides[2])), abs(np.log(sides[1] / sides[3]))))


def _possible(lens: Lens, size_px: tuple[int, int]) -> bool:
    """No lens of a table camera sees 136 degrees or more, or has its axis outside the picture."""
    (fx, fy, cx, cy), (width, height) = lens.matrix, size_px
    return 0.2 * width <= fx <= 10 * width and 0.9 < fx / fy < 1.1 and 0 < cx < width and 0 < cy < height


def with_lens(camera: Camera, lens: Lens) -> Camera:
    """The camera with that calibration."""
    return Camera(camera.name, camera.source, camera.size_px, lens.matrix, lens.distortion)
