"""One seed judged: its truth, and when each rule spoke; and what many of them come to."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import takewhile
from statistics import median

from tests.encounters import baselines
from tests.encounters.calm import KINDS, encounter
from tests.encounters.paths import LONG
from tests.encounters.sensing import START, Sensing, tracked
from tests.encounters.truth import Truth, truth
from vision.guard.records import Frame, Level
from vision.guard.risk import Guard
from vision.guard.thresholds import Thresholds
from vision.guard.zones import Plane

#: Seconds from the frame to the alarm; the bound that the guard's process has to keep.
LATENCY = 0.2
#: An alarm longer before the danger than this was about something else; one shorter leaves a driver no time to react
#: (0.75 s, expected signal, Green 2000).
EARLY, REACTION, AHEAD = 6.0, 0.75, 1.5
GUARD, EXACT = "guard", {"exact states, 2.2 s": 2.2, "exact states, 2.5 s": 2.5}


@dataclass(frozen=True)
class Score:
    """One encounter: its truth, and for each rule the seconds of its alarms without latency."""
    seed: int
    kind: str
    fps: int
    danger_s: float | None
    safe: bool
    foreseeable: bool
    unprovoked: bool
    alarms: dict[str, list[float]]

    def lead(self, rule: str, latency: float) -> float | None:
        """Seconds from the first alarm that is about the danger to the danger, below 0 when late; None without one."""
        if self.danger_s is None:
            return None
        leads = [self.danger_s - t - latency for t in self.alarms[rule]]
        return max((lead for lead in leads if lead <= EARLY), default=None)


def ordinary(seed: int) -> Sensing:
    """Three rounds of all kinds at 10 frames a second, then one at 5."""
    return Sensing(fps=5 if seed // len(KINDS) % 4 == 3 else 10)


def judged(seed: int, sensing: Sensing | None = None, compare: bool = True) -> Score:
    """Run one seed's encounter through tracker and rules; compare: the baselines and the bound too."""
    scene, seen = encounter(seed), sensing or ordinary(seed)
    found = truth(scene)
    frames = until(found, tracked(scene, seed, seen))
    alarms = {GUARD: guarded(frames)}
    if compare:
        alarms |= baselines.alarms(frames)
        alarms |= {name: baselines.exact(found, seen.fps, within) for name, within in EXACT.items()}
    return scored(seed, scene.kind, seen.fps, found, alarms)


def until(found: Truth, frames: Iterable[Frame]) -> list[Frame]:
    """The frames up to the danger; what is told later changes no score."""
    end = START + (found.danger_s if found.danger_s is not None else LONG)
    return list(takewhile(lambda frame: frame.t <= end + 1e-6, frames))


def scored(seed: int, kind: str, fps: int, found: Truth, alarms: dict[str, list[float]]) -> Score:
    """The score of a judged encounter."""
    return Score(seed, kind, fps, found.danger_s, found.safe, found.foreseeable, found.unprovoked, alarms)


def guarded(frames: Iterable[Frame], limits: Thresholds | None = None) -> list[float]:
    """Seconds from the start at which the guard warned of a collision."""
    guard = Guard(Plane((), UTC), limits or Thresholds())
    return [event.t - START for frame in frames for event in guard.step(frame)
            if event.kind == "collision" and event.level >= Level.WARNING]


@dataclass(frozen=True)
class Share:
    """So many of so many."""
    hits: int
    of: int

    @property
    def percent(self) -> float:
        """Per cent, 0 of nothing."""
        return 100 * self.hits / self.of if self.of else 0.0


@dataclass(frozen=True)
class Figures:
    """What a rule comes to over many encounters."""
    n: int
    dangers: int
    foreseeable: int
    ahead_foreseeable: Share
    lost_foreseeable: Share
    short_foreseeable: Share
    ahead: Share
    lost: Share
    short: Share
    lead_median: float
    lead_tenth: float
    nuisance: Share
    nuisance_all: Share


def figures(scores: Sequence[Score], rule: str = GUARD, latency: float = LATENCY) -> Figures:
    """Sum up; lost: missed, or told of only when the danger was there (late); short: less than 0.75 s ahead or lost."""
    danger = [score for score in scores if score.danger_s is not None]
    leads = [(score.foreseeable, _or(score.lead(rule, latency), -9.0)) for score in danger]
    foreseen = [lead for told, lead in leads if told]
    every = sorted(lead for _, lead in leads)
    safe = [score for score in scores if score.safe]
    calm = [score for score in safe if score.unprovoked]
    positive = [max(lead, 0.0) for lead in every] or [0.0]
    return Figures(
        len(scores), len(danger), len(foreseen), _from(foreseen, AHEAD), _below(foreseen, 0.0),
        _below(foreseen, REACTION), _from(every, AHEAD), _below(every, 0.0), _below(every, REACTION),
        median(positive), positive[len(positive) // 10],
        Share(sum(bool(score.alarms[rule]) for score in calm), len(calm)),
        Share(sum(bool(score.alarms[rule]) for score in safe), len(safe)))


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


def _from(leads: Sequence[float], least: float) -> Share:
    return Share(sum(lead >= least - 1e-6 for lead in leads), len(leads))


def _below(leads: Sequence[float], most: float) -> Share:
    return Share(sum(lead < most - 1e-6 for lead in leads), len(leads))
