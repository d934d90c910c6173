"""Sightings → tracks on the floor plane: constant-velocity Kalman in metres, two-stage association, class vote.

Association in two stages, confident sightings first, is ByteTrack's (Zhang 2022), here with Mahalanobis distance on
the floor instead of overlap in the picture, so that it does not matter from where the floor is looked at.
Ids count up from 1 within one run and say nothing about who somebody is.
"""
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, sin

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # scipy ships no type information

from vision.guard.records import PEOPLE, TRUCKS, Frame, Kind, Seen

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Association:
    """Figures of the tracker (own, on the simulator): scores 0..1, gates as squared Mahalanobis distance.

    gate 13.8 is chi-square with two degrees of freedom at 99.9 %; confirm: sightings before a track is told of;
    keep_s: how long an unseen track waits; vote: share of its weight the class vote keeps per frame.
    """
    high: float = 0.5
    low: float = 0.1
    gate: float = 13.8
    confirm: int = 2
    keep_s: float = 1.5
    vote: float = 0.85
    person_acceleration: float = 1.2
    truck_acceleration: float = 1.0


@dataclass(frozen=True)
class Sighting:
    """One detection on the floor: foot or footprint centre (m), covariance (xx, xy, yy; m²), score 0..1, heading,
    height above the floor and width (m) where the camera tells them."""
    kind: Kind
    score: float
    x: float
    y: float
    covariance: tuple[float, float, float]
    heading_rad: float | None = None
    high_m: float | None = None
    wide_m: float | None = None


@dataclass
class Track:
    """One object followed; state x, y, vx, vy in metres and seconds."""
    id: int
    state: Floats
    covariance: Floats
    last: float
    votes: dict[Kind, float] = field(default_factory=dict)
    hits: int = 1
    sighting: Sighting | None = None

    @property
    def kind(self) -> Kind:
        """The class most of the recent score speaks for; the first of the list when two are level."""
        return max(Kind, key=lambda kind: self.votes.get(kind, 0.0))

    def seen(self) -> Seen:
        """What the log keeps of this frame: the measured place, not the filtered one."""
        if self.sighting is None:
            raise ValueError("This track was not sighted in this frame.")
        one = self.sighting
        xx, _, yy = one.covariance
        return Seen(self.id, self.kind, one.x, one.y, float(np.sqrt((xx + yy) / 2)), one.heading_rad, one.high_m,
                    one.wide_m, one.covariance)


@dataclass
class Tracker:
    """Follows everything on one floor; feed it frames in order of time."""
    limits: Association = field(default_factory=Association)
    tracks: list[Track] = field(default_factory=list)
    _next: int = 1
    _t: float | None = None

    def step(self, t: float, sightings: Sequence[Sighting]) -> Frame:
        """Associate one frame's sightings; confirmed tracks sighted in it, in the order of their ids."""
        self._advance(t)
        high = [one for one in sightings if one.score >= self.limits.high]
        low = [one for one in sightings if self.limits.low <= one.score < self.limits.high]
        left, new = self._assign(self.tracks, high, t)
        self._assign(left, low, t)
        for one in new:
            self._begin(one, t)
        self.tracks = [track for track in self.tracks if self._stays(track, t)]
        return Frame(t, tuple(track.seen() for track in self.tracks
                              if track.sighting is not None and track.hits >= self.limits.confirm))

    def _advance(self, t: float) -> None:
        if self._t is not None and t <= self._t:
            raise ValueError("A frame of the tracker is not later than the one before; feed frames in order of time.")
        dt = 0.0 if self._t is None else t - self._t
        self._t = t
        for track in self.tracks:
            track.sighting = None
            fast = self.limits.truck_acceleration if track.kind in TRUCKS else self.limits.person_acceleration
            track.state, track.covariance = predicted(track.state, track.covariance, dt, fast)

    def _assign(self, tracks: list[Track], sightings: list[Sighting], t: float) -> tuple[list[Track], list[Sighting]]:
        """Give sightings to tracks; those left over on either side."""
        if not tracks or not sightings:
            return tracks, sightings
        costs = np.array([[self._cost(track, one) for one in sightings] for track in tracks])
        rows, columns = linear_sum_assignment(costs)
        taken = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if costs[r, c] < self.limits.gate]
        for row, column in taken:
            self._correct(tracks[row], sightings[column], t)
        used_rows, used_columns = {r for r, _ in taken}, {c for _, c in taken}
        return ([track for n, track in enumerate(tracks) if n not in used_rows],
                [one for n, one in enumerate(sightings) if n not in used_columns])

    def _cost(self, track: Track, one: Sighting) -> float:
        """Squared Mahalanobis distance; a sighting of another family (person, truck, thing) is out of reach."""
        if family(track.kind) != family(one.kind):
            return 1e6
        xx, xy, yy = (float(value) for value in spread(track.covariance, one))
        dx, dy = one.x - float(track.state[0]), one.y - float(track.state[1])
        size = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy)
        return min(size + (0.0 if track.kind is one.kind else 1.0), 1e5)

    def _correct(self, track: Track, one: Sighting, t: float) -> None:
        xx, xy, yy = spread(track.covariance, one)
        inverse = np.array([[yy, -xy], [-xy, xx]]) / (xx * yy - xy * xy)
        gain = track.covariance[:, :2] @ inverse
        track.state = track.state + gain @ (np.array([one.x, one.y]) - track.state[:2])
        track.covariance = track.covariance - gain @ track.covariance[:2]
        track.last, track.sighting, track.hits = t, one, track.hits + 1
        track.votes = {kind: weight * self.limits.vote for kind, weight in track.votes.items()}
        track.votes[one.kind] = track.votes.get(one.kind, 0.0) + one.score

    def _begin(self, one: Sighting, t: float) -> None:
        xx, xy, yy = one.covariance
        covariance = np.diag([xx, yy, 2.25, 2.25])
        covariance[0, 1] = covariance[1, 0] = xy
        state = np.array([one.x, one.y, 0.0, 0.0])
        self.tracks.append(Track(self._next, state, covariance, t, {one.kind: one.score}, sighting=one))
        self._next += 1

    def _stays(self, track: Track, t: float) -> bool:
        waits = self.limits.keep_s if track.hits >= self.limits.confirm else 0.5
        return t - track.last <= waits


def family(kind: Kind) -> int:
    """Classes that one object may be mistaken for among themselves: people, trucks, each sort of thing."""
    return 0 if kind in PEOPLE else 1 if kind in TRUCKS else 2 + list(Kind).index(kind)


def predicted(state: Floats, covariance: Floats, dt: float, acceleration: float) -> tuple[Floats, Floats]:
    """Constant velocity over dt seconds with white acceleration noise (m/s²)."""
    step = np.eye(4)
    step[0, 2] = step[1, 3] = dt
    push = np.array([[dt * dt / 2, 0], [0, dt * dt / 2], [dt, 0], [0, dt]])
    return step @ state, step @ covariance @ step.T + push @ push.T * acceleration ** 2


def spread(covariance: Floats, one: Sighting) -> tuple[float, float, float]:
    """Covariance (xx, xy, yy) of the difference between a track and a sighting, m²."""
    xx, xy, yy = one.covariance
    return (float(covariance[0, 0]) + xx, float(covariance[0, 1]) + xy, float(covariance[1, 1]) + yy)


def foot_covariance(away_m: float, bearing_rad: float, height_m: float, focal_px: float, noise_px: float
                    ) -> tuple[float, float, float]:
    """Floor covariance (xx, xy, yy) of a foot point noise_px uncertain, seen from height_m; facts sheet, section 3."""
    along = noise_px * (away_m ** 2 + height_m ** 2) / (height_m * focal_px)
    across = noise_px * float(np.hypot(away_m, height_m)) / focal_px
    c, s = cos(bearing_rad), sin(bearing_rad)
    return (c * c * along ** 2 + s * s * across ** 2, c * s * (along ** 2 - across ** 2),
            s * s * along ** 2 + c * c * across ** 2)

