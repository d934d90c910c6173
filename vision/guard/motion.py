"""Everything that is followed on the floor, filtered from measured places: who is where and goes where."""
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import atan2, cos, hypot, inf, pi, sin

import numpy as np

from vision.guard.filters import Floats, Free, Rows, Wheeled
from vision.guard.records import PEOPLE, TRUCKS, Frame, Id, Kind, Seen
from vision.guard.thresholds import LOW_M, UPRIGHT_M, Following, outline

#: Variance of a heading that nobody measured, rad².
UNTOLD = 1e6
#: Metres: no place is told better.
LEAST_M = 0.02


@dataclass
class Motion:
    """One id at the time of the last frame: filtered middle of the footprint, velocity, heading (0 while untold).

    aimed: whether anything, the log or a truck's own way, tells its heading by now.
    low: whether it looked like somebody who lies when it was last seen.
    """
    id: Id
    kind: Kind
    t: float
    last: float
    first: float
    frames: int = 1
    x: float = 0.0
    y: float = 0.0
    vx: float = 0.0
    vy: float = 0.0
    heading: float = 0.0
    yaw: float = 0.0
    told: bool = False
    aimed: bool = False
    low: bool = False
    still: float = 0.0

    @property
    def speed(self) -> float:
        """m/s over the floor."""
        return hypot(self.vx, self.vy)


class Motions:
    """Follows every id from frame to frame; rows of the filters are in the order of their lists of ids."""

    def __init__(self, limits: Following | None = None) -> None:
        self.limits = limits or Following()
        self.of: dict[Id, Motion] = {}
        self.free, self.wheeled = Free(), Wheeled()
        self.walks: list[Id] = []
        self.drives: list[Id] = []
        self.t: float | None = None
        self.heirs: dict[Id, Id] = {}

    def follow(self, frame: Frame) -> set[Id]:
        """Advance everything to the frame and take it in; the ids that are lost, which are forgotten.

        heirs then says of each id that goes on as another which one it was.
        """
        dt, self.t = 0.0 if self.t is None else frame.t - self.t, frame.t
        self.free.predict(dt)
        self.wheeled.predict(dt)
        for motion in self.of.values():
            motion.t = frame.t
        gone = {id for id, motion in self.of.items() if frame.t - motion.last > self.limits.coast_s}
        gone |= self._changed(frame.objects)
        self._forget(gone)
        self.heirs = {}
        for seen in frame.objects:
            if seen.id not in self.of:
                self._inherit(seen, {one.id for one in frame.objects})
        known = [seen for seen in frame.objects if seen.id in self.of]
        self._correct([seen for seen in known if seen.id in self.drives], frame.t, True)
        self._correct([seen for seen in known if seen.id not in self.drives], frame.t, False)
        for seen in frame.objects:
            if seen.id not in self.of:
                self._begin(seen, frame.t)
        self._mount(frame.objects)
        self._tell()
        return gone

    def _changed(self, objects: Iterable[Seen]) -> set[Id]:
        """Ids that now stand for something else: of another family, or where the former cannot be."""
        places = {id: (x, y) for id, x, y in self._places()}
        return {seen.id for seen in objects if seen.id in self.of and (
            (self.of[seen.id].kind in TRUCKS) != (seen.kind in TRUCKS)
            or hypot(seen.x - places[seen.id][0], seen.y - places[seen.id][1]) > self.limits.jump_m)}

    def _inherit(self, seen: Seen, present: set[Id]) -> None:
        """Let a new id go on as a lost one of its family that must be about there by now."""
        lost = [(hypot(x - seen.x, y - seen.y), id) for id, x, y in self._places()
                if id not in present and (self.of[id].kind in TRUCKS) == (seen.kind in TRUCKS)
                and seen.kind in TRUCKS | PEOPLE]
        away, former = min(lost, key=lambda each: each[0], default=(inf, seen.id))
        if away > self.limits.heir_m:
            return
        self.heirs[seen.id] = former
        self.of[seen.id] = replace(self.of.pop(former), id=seen.id)
        for names in (self.walks, self.drives):
            if former in names:
                names[names.index(former)] = seen.id

    def _places(self) -> list[tuple[Id, float, float]]:
        """Where every id must be by now."""
        rows = [*self.free.mean().tolist(), *self.wheeled.mean().tolist()]
        return [(id, row[0], row[1]) for id, row in zip([*self.walks, *self.drives], rows, strict=True)]

    def rows(self, ids: Iterable[Id]) -> tuple[Rows, Rows]:
        """Row of each id in `free`, and in `wheeled`, -1 where it is not in it."""
        walks, drives = ({id: n for n, id in enumerate(names)} for names in (self.walks, self.drives))
        listed = list(ids)
        return (np.array([walks.get(id, -1) for id in listed], np.intp),
                np.array([drives.get(id, -1) for id in listed], np.intp))

    def _forget(self, gone: set[Id]) -> None:
        if not gone:
            return
        self.of = {id: motion for id, motion in self.of.items() if id not in gone}
        self.free.keep(_left(self.walks, gone))
        self.wheeled.keep(_left(self.drives, gone))
        self.walks = [id for id in self.walks if id not in gone]
        self.drives = [id for id in self.drives if id not in gone]

    def _correct(self, seen: list[Seen], t: float, wheeled: bool) -> None:
        if not seen:
            return
        for one in seen:
            motion = self.of[one.id]
            fleeting = one.kind in PEOPLE and motion.frames < self.limits.fleeting
            if fleeting and t - motion.last > self.limits.fleeting_s:
                motion.first, motion.frames = t, 0  # hardly seen, then gone: a detector's ghosts follow one another
            motion.kind, motion.last, motion.frames, motion.low = one.kind, t, motion.frames + 1, lies(one)
        if wheeled:
            self._drive(seen)
        else:
            rows = np.array([self.walks.index(one.id) for one in seen], np.intp)
            self.free.correct(rows, np.array([(one.x, one.y) for one in seen]),
                              np.array([_place(one) for one in seen]))

    def _drive(self, seen: list[Seen]) -> None:
        rows = np.array([self.drives.index(one.id) for one in seen], np.intp)
        for row, one in zip(rows, seen, strict=True):
            if one.heading_rad is not None and not self.of[one.id].told:
                self._turn_round(int(row), one.heading_rad)
                self.of[one.id].told = True
        spreads = np.zeros((len(seen), 3, 3))
        spreads[:, :2, :2] = [_place(one) for one in seen]
        told = np.array([one.heading_rad is not None for one in seen])
        spreads[:, 2, 2] = np.where(told, self.limits.heading_sigma ** 2, UNTOLD)
        self.wheeled.correct(rows, np.array([(one.x, one.y, one.heading_rad or 0.0) for one in seen]), spreads)

    def _turn_round(self, row: int, heading: float) -> None:
        """A truck thought to go forwards turns out to go backwards."""
        state = self.wheeled.state[row]
        if abs(wrapped(heading - float(state[-1, 2]))) > pi / 2:
            state[:, 2] += pi
            state[:, 3] *= -1

    def _begin(self, seen: Seen, t: float) -> None:
        self.of[seen.id] = Motion(seen.id, seen.kind, t, t, t, told=seen.heading_rad is not None, low=lies(seen))
        if seen.kind in TRUCKS and seen.heading_rad is not None:
            f, ahead = self.wheeled.figures, self.limits.axle * outline(seen.kind)[0]
            h, sigma = seen.heading_rad, self.limits.heading_sigma
            state = np.array([seen.x - ahead * cos(h), seen.y - ahead * sin(h), h, 0.0, 0.0])
            self.wheeled.add(state, _begun(_place(seen), sigma, f.first_mps, f.first_radps), ahead)
            self.drives.append(seen.id)
        else:
            self.free.add(seen.x, seen.y, _place(seen), seen.kind in TRUCKS)
            self.walks.append(seen.id)

    def _mount(self, objects: Iterable[Seen]) -> None:
        """Trucks whose way tells their heading by now, or whose heading is told at last, become wheeled ones."""
        waiting = [seen for seen in objects if seen.kind in TRUCKS and seen.id in self.walks]
        if not waiting:
            return
        mean, doubt = self.free.mean(), np.sqrt(self.free.doubt())
        for seen in waiting:
            row = self.walks.index(seen.id)
            x, y, vx, vy = (float(value) for value in mean[row])
            speed, sigma = hypot(vx, vy), float(doubt[row])
            if seen.heading_rad is None and not speed > max(self.limits.heading_mps, self.limits.heading_trust * sigma):
                continue
            self._rehouse(seen, np.array([x, y, vx, vy]), sigma, self.free.spread[row, 1, :2, :2])

    def _rehouse(self, seen: Seen, at: Floats, sigma: float, place: Floats) -> None:
        x, y, vx, vy = (float(value) for value in at)
        told, f, speed = seen.heading_rad, self.wheeled.figures, hypot(vx, vy)
        h = atan2(vy, vx) if told is None else told
        along = vx * cos(h) + vy * sin(h)
        ahead = 0.0 if told is None else self.limits.axle * outline(seen.kind)[0]
        doubt = min(1.0, sigma / max(speed, 1e-6)) if told is None else self.limits.heading_sigma
        state = np.array([x - ahead * cos(h), y - ahead * sin(h), h, along, 0.0])
        self.wheeled.add(state, _begun(place, doubt, sigma, f.first_radps), ahead)
        self.drives.append(seen.id)
        self.free.keep(_left(self.walks, {seen.id}))
        self.walks.remove(seen.id)
        self.of[seen.id].told = told is not None

    def _tell(self) -> None:
        """Write the filtered figures into the motions."""
        stands = self.free.weights[:, 0].tolist()
        for id, still, (x, y, vx, vy) in zip(self.walks, stands, self.free.mean().tolist(), strict=True):
            motion = self.of[id]
            motion.still = still
            motion.x, motion.y, motion.vx, motion.vy = x, y, vx, vy
        for id, row in zip(self.drives, self.wheeled.mean().tolist(), strict=True):
            motion = self.of[id]
            motion.x, motion.y, motion.vx, motion.vy, motion.heading, motion.yaw = row
            motion.aimed = True


def lies(seen: Seen) -> bool:
    """Whether somebody looks low and broad, or is called lying and does not look upright."""
    if seen.high_m is None or seen.wide_m is None:
        return seen.kind is Kind.PERSON_DOWN
    if seen.kind is Kind.PERSON_DOWN:
        return seen.high_m < UPRIGHT_M
    return seen.kind is Kind.PERSON and seen.high_m < min(LOW_M, seen.wide_m)


def wrapped(angle: float) -> float:
    """The angle in [-pi, pi)."""
    return (angle + pi) % (2 * pi) - pi


def _left(names: list[Id], gone: set[Id]) -> Rows:
    return np.array([n for n, id in enumerate(names) if id not in gone], np.intp)


def _place(seen: Seen) -> Floats:
    """Covariance of a measured place (2, 2), m²; alike all round where the log tells no more."""
    least = LEAST_M ** 2
    if seen.spread_m2 is None:
        return np.eye(2) * max(seen.sigma_m ** 2, least)
    xx, xy, yy = seen.spread_m2
    return np.array([[xx + least, xy], [xy, yy + least]])


def _begun(place: Floats, heading: float, speed: float, yaw: float) -> Floats:
    """Covariance (5, 5) of a truck that is known by its place's, and by one sigma each of the rest."""
    spread = np.diag([0.0, 0.0, heading ** 2, speed ** 2, yaw ** 2])
    spread[:2, :2] = place
    return np.asarray(spread)
