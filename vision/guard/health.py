"""Is the camera telling the truth: rules on each frame's statistics, pure; every fault raised within 5 s.

Not told apart by one camera's picture: a fault from somebody standing right before the lens for as long.
"""
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a camera. A misfit sends pictures of another size than that in which its floor was measured;
    that is found before there is anything to look at."""
    LOST = "camera_lost"
    SLOW = "camera_slow"
    FROZEN = "camera_frozen"
    DARK = "camera_dark"
    COVERED = "camera_covered"
    SPRAYED = "camera_sprayed"
    DEFOCUSED = "camera_defocused"
    MOVED = "camera_moved"
    MISFIT = "camera_misfit"


@dataclass(frozen=True)
class Look:
    """One frame's statistics; shares are 0..1 and compare with the reference picture.

    taken_s: the camera's own timestamp; level: mean grey 0..255; sharpness: variance of the Laplacian, without the part
    of the noise, over the square of the level, over the reference's, in the quarter of the tiles that keep most of it;
    held: edges of the reference still there, in the tiles that hold them best; flat: share of the tiles with texture
    that have lost it; likeness: correlation with the coarse reference (-1..1); contrast: deviation of the coarse
    picture over the level, over the reference's.
    """
    t: float
    taken_s: float
    digest: bytes
    level: float
    sharpness: float
    held: float
    flat: float
    likeness: float
    contrast: float


@dataclass(frozen=True)
class HealthLimits:
    """Figures at which a camera is at fault.

    lost_s and identical_s (3 s of identical frames and a standing timestamp): facts sheet, 5.5, measured there on one
    overhead video: dark level 4, covered sharpness 0.03 and overlap 0, defocused 0.01, moved 0.13 to 0.21.
    Own: repeated_s, for a picture that repeats under a running timestamp; sharpness relative to the light, so that
    dimming is no blur (0.1); held 0.7, of the tiles that hold best (drawn docks: 0.85 and more while all is well,
    0.68 and less turned by a degree), which is blur and no turn while the sharpness stays below soft (0.6); blurred
    (0.45), which is blur though strong edges hold (drawn docks: 0.73 and more while all is well, at night too; 0.37 and
    less when blurred by 3 of 640 pixels); flat tiles
    0.2 sprayed, 0.85 covered; likeness 0.5 between defocused and covered; contrast 0.12, below which nothing but noise
    is left; hold_s and the share of agreeing frames, which leave passers-by time to pass; slow below half the nominal
    rate over 3 s.
    """
    lost_s: float = 2.0
    identical_s: float = 3.0
    repeated_s: float = 4.0
    dark_level: float = 8.0
    sharpness: float = 0.1
    held: float = 0.7
    soft: float = 0.6
    blurred: float = 0.45
    sprayed_flat: float = 0.2
    covered_flat: float = 0.85
    likeness: float = 0.5
    contrast: float = 0.12
    hold_s: float = 3.0
    agree: float = 0.8
    clear_s: float = 2.0
    slow_share: float = 0.5
    slow_window_s: float = 3.0


@dataclass
class Health:
    """One camera's health; feed it looks in order, and tick it when no frame comes. Times are monotonic seconds."""
    nominal_fps: float
    started: float
    limits: HealthLimits = field(default_factory=HealthLimits)
    _recent: deque[tuple[float, Fault | None]] = field(default_factory=deque)
    _arrivals: deque[float] = field(default_factory=deque)
    _last: Look | None = None
    _flows_since: float = 0.0
    _same_since: float = 0.0
    _stamp_since: float = 0.0
    _standing: dict[Fault, float] = field(default_factory=dict)

    def see(self, look: Look) -> list[Fault]:
        """Take in a frame; faults newly raised."""
        if self._last is None or look.t - self._last.t >= self.limits.lost_s:
            self._flows_since = look.t
        self._compare(look)
        self._arrivals.append(look.t)
        self._recent.append((look.t, verdict(look, self.limits)))
        while self._recent[0][0] < look.t - self.limits.hold_s:
            self._recent.popleft()
        return self.tick(look.t)

    def tick(self, t: float) -> list[Fault]:
        """Look at the clock; faults newly raised."""
        found = self._found(t)
        fresh = [fault for fault in found if fault not in self._standing]
        for fault in found:
            self._standing[fault] = t
        for fault, last in list(self._standing.items()):
            if t - last > self.limits.clear_s:
                del self._standing[fault]
        return fresh

    def faults(self) -> tuple[Fault, ...]:
        """What stands now."""
        return tuple(self._standing)

    def _compare(self, look: Look) -> None:
        last = self._last
        if last is None or look.digest != last.digest:
            self._same_since = look.t
        if last is None or look.taken_s != last.taken_s:
            self._stamp_since = look.t
        self._last = look

    def _found(self, t: float) -> list[Fault]:
        newest = self.started if self._last is None else self._last.t
        if t - newest >= self.limits.lost_s:
            self._recent.clear()
            return [Fault.LOST]
        return [*self._repeating(), *self._rate(t), *self._picture(t)]

    def _repeating(self) -> list[Fault]:
        if self._last is None:
            return []
        same, stamp = self._last.t - self._same_since, self._last.t - self._stamp_since
        stuck = same >= self.limits.identical_s and stamp >= self.limits.identical_s
        return [Fault.FROZEN] if stuck or same >= self.limits.repeated_s else []

    def _rate(self, t: float) -> list[Fault]:
        """A window begins with the first frame after the camera was away."""
        window = self.limits.slow_window_s
        while self._arrivals and self._arrivals[0] < t - window - 1e-6:
            self._arrivals.popleft()
        stopped = self._last is None or t - self._last.t > self.limits.lost_s / 2
        if t - self._flows_since < window or not self._arrivals or stopped:
            return []
        return [Fault.SLOW] if len(self._arrivals) / window < self.limits.slow_share * self.nominal_fps else []

    def _picture(self, t: float) -> list[Fault]:
        """The fault that most of the last seconds' frames agree on."""
        if not self._recent or self._recent[-1][0] - self._recent[0][0] < 0.85 * self.limits.hold_s:
            return []
        bad = [fault for _, fault in self._recent if fault is not None]
        if len(bad) < self.limits.agree * len(self._recent):
            return []
        return [max(Fault, key=bad.count)]


def verdict(look: Look, limits: HealthLimits) -> Fault | None:
    """What one frame alone looks like."""
    if look.level < limits.dark_level:
        return Fault.DARK
    if look.contrast < limits.contrast:
        return Fault.COVERED
    if look.flat >= limits.covered_flat or look.sharpness < limits.sharpness:
        return Fault.DEFOCUSED if look.likeness >= limits.likeness else Fault.COVERED
    if look.sharpness < (limits.soft if look.held < limits.held else limits.blurred):
        return Fault.DEFOCUSED
    if look.held < limits.held:
        return Fault.MOVED
    return Fault.SPRAYED if look.flat >= limits.sprayed_flat else None
