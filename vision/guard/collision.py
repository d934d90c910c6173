"""What one truck is about to do to one person: predicted separation, time to collision, probability; pure.

Not known to it: what no camera sees (behind a truck, a rack, a wall, outside the picture), where a driver or a walker
means to go next, loads wider than the truck, and trucks longer or shorter than their class is taken to be.
"""
from dataclasses import dataclass
from math import erf, sqrt

from vision.guard.footprint import outline_distance
from vision.guard.motion import Motion
from vision.guard.records import Level
from vision.guard.thresholds import Thresholds, outline, radius


@dataclass(frozen=True)
class Threat:
    """One pair in one frame: separation now (m), time to danger (s, None = none within the horizon), probability."""
    separation_m: float
    ttc_s: float | None
    probability: float
    closing_mps: float
    truck_mps: float
    moves: bool

    def level(self, limits: Thresholds) -> Level:
        """The level of this frame alone, before debouncing."""
        if not self.moves or self.ttc_s is None:
            return self._advice(limits)
        likely = self.probability > limits.warning_p
        if likely and self._too_late(limits, self.ttc_s):
            return Level.CRITICAL
        if likely and self.ttc_s <= limits.warning_ttc_s and self.closing_mps > limits.closing_mps:
            return Level.WARNING
        return self._advice(limits)

    def _advice(self, limits: Thresholds) -> Level:
        return Level.ADVISORY if self.moves and self.probability > limits.advisory_p else Level.NONE

    def _too_late(self, limits: Thresholds, ttc: float) -> bool:
        """The driver can no longer stop comfortably, or the person is already too near to a moving truck."""
        if self.separation_m < limits.danger_m:
            return True
        return (ttc <= limits.critical_ttc_s + self.truck_mps * limits.critical_per_mps
                and self.closing_mps > limits.closing_mps)


def separation(truck: Motion, person: Motion, tau: float) -> float:
    """Metres between the outlines of truck and person, predicted tau seconds ahead; 0 when they touch."""
    length, width = outline(truck.kind)
    there = person.ahead(tau)
    return max(0.0, outline_distance(truck.ahead(tau), length, width, (there.x, there.y)) - radius(person.kind))


def assess(truck: Motion, person: Motion, limits: Thresholds) -> Threat:
    """Predict a pair over the horizon."""
    now = separation(truck, person, 0.0)
    if now - (truck.speed + person.speed + 0.5) * limits.horizon_s > limits.danger_m + 1.0:
        return Threat(now, None, 0.0, 0.0, truck.speed, truck.moves)
    gaps = [now] + [separation(truck, person, n * limits.step_s) for n in range(1, _steps(limits) + 1)]
    chance = max(_chance(truck, person, gap, n * limits.step_s, limits) for n, gap in enumerate(gaps))
    ttc = _first(gaps, limits.danger_m + limits.glance_m, limits.step_s)
    return Threat(now, ttc, chance, _closing(gaps, ttc, limits), truck.speed, truck.moves)


def _steps(limits: Thresholds) -> int:
    return round(limits.horizon_s / limits.step_s)


def _chance(truck: Motion, person: Motion, gap: float, tau: float, limits: Thresholds) -> float:
    model = limits.model_sigma_m ** 2 + (limits.behaviour_mps * tau) ** 2
    variance = truck.variance(tau) + person.variance(tau) + model
    return 0.5 * (1 + erf((limits.danger_m - gap) / sqrt(2 * variance)))


def _first(gaps: list[float], near: float, step: float) -> float | None:
    """First time nearer than that, seconds, interpolated between the steps."""
    for n, gap in enumerate(gaps):
        if gap < near:
            before = gaps[n - 1] if n else gap
            part = (before - near) / (before - gap) if before > gap else 1.0
            return max(0.0, (n - 1 + part) * step)
    return None


def _closing(gaps: list[float], ttc: float | None, limits: Thresholds) -> float:
    """Mean closing speed until the danger, m/s; over the first step when it is here already or never comes."""
    if ttc is None or ttc <= limits.step_s:
        return (gaps[0] - gaps[1]) / limits.step_s
    return (gaps[0] - limits.danger_m) / ttc
