"""How one object moves: constant velocity with constant turn, filtered from measured positions; metres, seconds."""
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin, sqrt

from vision.guard.footprint import Pose
from vision.guard.records import TRUCKS, Seen

#: Standard deviation of acceleration, m/s² (facts sheet of the guard, risk model 5.1).
ACCELERATION_PERSON, ACCELERATION_TRUCK = 1.2, 1.0
#: Standard deviation of yaw acceleration, rad/s²: a counterbalance truck reaches 0.5 rad/s in about a second (own).
YAW_ACCELERATION = 0.7
#: Measured heading, rad, 1 sigma, when the log gives one (own assumption; the log carries no heading noise).
HEADING_SIGMA = 0.12
#: m/s above which the direction of travel tells the heading (facts sheet, 5.1).
HEADING_SPEED = 0.4
#: m/s above which something moves (facts sheet, 5.3), once its speed has been this many of its own standard deviations
#: (own: noise alone makes a parked truck seem to creep).
MOVING, MOVING_TRUST = 0.3, 2.5
#: A turn is believed when the yaw rate is this many of its own standard deviations from zero (own, on the simulator).
TURN_TRUST = 1.5
#: rad/s; above it the rear end, 1.3 m behind the middle, moves faster than MOVING.
SWING = 0.23
#: rad; no truck is predicted to turn further than this within the horizon (own: beyond it arcs stop being likely).
MOST_TURN = 2.0
#: Variance of velocity of something just seen, (m/s)², and of yaw rate, (rad/s)².
FIRST_SPEED, FIRST_YAW = 1.5 ** 2, 0.5 ** 2


@dataclass
class Turn:
    """Kalman filter of heading and yaw rate."""
    heading: float
    rate: float = 0.0
    hh: float = HEADING_SIGMA ** 2
    hr: float = 0.0
    rr: float = FIRST_YAW

    def predict(self, dt: float) -> None:
        """Advance by dt seconds."""
        q = YAW_ACCELERATION ** 2
        self.heading = wrapped(self.heading + self.rate * dt)
        self.hh += 2 * dt * self.hr + dt * dt * self.rr + q * dt ** 4 / 4
        self.hr += dt * self.rr + q * dt ** 3 / 2
        self.rr += q * dt * dt

    def correct(self, measured: float, sigma: float) -> None:
        """Take in a measured heading."""
        gain = self.hh + sigma * sigma
        kh, kr = self.hh / gain, self.hr / gain
        off = wrapped(measured - self.heading)
        self.heading = wrapped(self.heading + kh * off)
        self.rate += kr * off
        self.rr -= kr * self.hr
        self.hr *= 1 - kh
        self.hh *= 1 - kh

    def believed(self) -> float:
        """Yaw rate, rad/s; 0 while it cannot be told from none."""
        return self.rate if abs(self.rate) > TURN_TRUST * sqrt(self.rr) else 0.0

    def swings(self) -> bool:
        """Whether it surely turns, though it may stand on the spot."""
        return abs(self.rate) > max(SWING, 2 * TURN_TRUST * sqrt(self.rr))


class Motion:
    """Filtered motion of one id; position variance is the same along both axes, as the log's sigma_m is."""

    def __init__(self, seen: Seen, t: float) -> None:
        self.id, self.kind = seen.id, seen.kind
        self.x, self.y, self.vx, self.vy = seen.x, seen.y, 0.0, 0.0
        self.pp, self.pv, self.vv = _variance(seen), 0.0, FIRST_SPEED
        self.t = self.first = self.last = t
        self.frames, self.moves = 1, False
        self.turn = None if seen.heading_rad is None else Turn(seen.heading_rad)
        self.told = seen.heading_rad is not None

    def predict(self, t: float) -> None:
        """Advance to t; a turning truck carries its velocity round with it."""
        dt = t - self.t
        if self.turn is not None and self.kind in TRUCKS:
            self._round(self.turn.believed() * dt)
            self.turn.predict(dt)
        q = (ACCELERATION_TRUCK if self.kind in TRUCKS else ACCELERATION_PERSON) ** 2
        self.x, self.y = self.x + self.vx * dt, self.y + self.vy * dt
        self.pp += 2 * dt * self.pv + dt * dt * self.vv + q * dt ** 4 / 4
        self.pv += dt * self.vv + q * dt ** 3 / 2
        self.vv += q * dt * dt
        self.t = t

    def _round(self, angle: float) -> None:
        c, s = cos(angle), sin(angle)
        self.vx, self.vy = c * self.vx - s * self.vy, s * self.vx + c * self.vy

    def correct(self, seen: Seen) -> None:
        """Take in a measurement made at the time predicted to."""
        self.kind, self.last = seen.kind, self.t
        self.frames += 1
        gain = self.pp + _variance(seen)
        kp, kv = self.pp / gain, self.pv / gain
        dx, dy = seen.x - self.x, seen.y - self.y
        self.x, self.y = self.x + kp * dx, self.y + kp * dy
        self.vx, self.vy = self.vx + kv * dx, self.vy + kv * dy
        self.vv -= kv * self.pv
        self.pv *= 1 - kp
        self.pp *= 1 - kp
        floor = MOVING if self.moves else max(MOVING, MOVING_TRUST * sqrt(self.vv))
        self.moves = self.speed > floor or (self.turn is not None and self.turn.swings())
        self._steer(seen)

    def _steer(self, seen: Seen) -> None:
        if seen.heading_rad is not None:
            self.told = True
            self._head(seen.heading_rad, HEADING_SIGMA)
        elif not self.told and self.speed > HEADING_SPEED:
            self._head(atan2(self.vy, self.vx), max(0.2, 2 * sqrt(self.vv) / self.speed))

    def _head(self, heading: float, sigma: float) -> None:
        if self.turn is None:
            self.turn = Turn(heading, hh=sigma * sigma)
        elif not self.told and abs(wrapped(heading - self.turn.heading)) > pi / 2:
            self.turn.correct(wrapped(heading + pi), sigma)  # reversing without a told heading: the outline is the same
        else:
            self.turn.correct(heading, sigma)

    @property
    def speed(self) -> float:
        """m/s over the floor."""
        return hypot(self.vx, self.vy)

    @property
    def heading(self) -> float:
        """rad; 0 while nothing has told it."""
        return 0.0 if self.turn is None else self.turn.heading

    def ahead(self, tau: float) -> Pose:
        """Predicted pose tau seconds from now: velocity carried round by the believed yaw rate."""
        rate = 0.0 if self.turn is None or self.kind not in TRUCKS else self.turn.believed()
        angle = max(-MOST_TURN, min(MOST_TURN, rate * tau))
        vx, vy = self.steered()
        if abs(angle) < 1e-3:
            return Pose(self.x + vx * tau, self.y + vy * tau, self.heading)
        along, across = tau * sin(angle) / angle, tau * (1 - cos(angle)) / angle
        return Pose(self.x + vx * along - vy * across, self.y + vx * across + vy * along, self.heading + angle)

    def steered(self) -> tuple[float, float]:
        """Velocity, m/s; of a truck whose heading is told only the part along it: a truck cannot slip sideways."""
        if self.turn is None or not self.told or self.kind not in TRUCKS:
            return self.vx, self.vy
        c, s = cos(self.turn.heading), sin(self.turn.heading)
        along = self.vx * c + self.vy * s
        return along * c, along * s

    def variance(self, tau: float) -> float:
        """Variance of the predicted position along any direction, m²."""
        return self.pp + 2 * tau * self.pv + tau * tau * self.vv


def wrapped(angle: float) -> float:
    """The angle in [-pi, pi)."""
    return (angle + pi) % (2 * pi) - pi



def _variance(seen: Seen) -> float:
    return max(seen.sigma_m, 0.02) ** 2
