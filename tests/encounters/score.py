"""One seed judged: its truth, and when each rule spoke; and what many of them come to."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import takewhile
from math import hypot
from statistics import median

from tests.encounters import baselines
from tests.encounters.calm import KINDS, encounter
from tests.encounters.paths import LONG, STEP, Actor
from tests.encounters.scene import Encounter
from tests.encounters.sensing import START, Sensing, tracked
from tests.encounters.truth import Truth, separations, truth
from vision.guard.records import PEOPLE, TRUCKS, Event, Frame, Level
from vision.guard.risk import Guard
from vision.guard.thresholds import Thresholds
from vision.guard.zones import Plane

#: Seconds from the frame to the alarm; the bound that the guard's process has to keep.
LATENCY = 0.2
#: An alarm longer before the danger than this was about something else: the rules look 3 s ahead, and the siren sounds
#: for 5 s; one shorter leaves a driver no time to react (0.75 s, expected signal, Green 2000).
EARLY, REACTION, AHEAD = 4.0, 0.75, 1.5
#: Metres within which a person that an alarm names is taken for the one who comes to harm.
NEAR_M = 1.5
GUARD, EXACT = "guard", {"exact states, 2.2 s": 2.2, "exact states, 2.5 s": 2.5}


@dataclass(frozen=True)
class Score:
    """One encounter: its truth, and for each rule the seconds of its alarms without latency.

    in_sight: whether the truck and whoever comes to harm were both tracked at some time in the 3 s that end one second
    before the danger; of whom nothing was seen then, no rule on tracks can warn in time.
    """
    seed: int
    kind: str
    fps: int
    danger_s: float | None
    safe: bool
    foreseeable: bool
    unprovoked: bool
    alarms: dict[str, list[float]]
    in_sight: bool = True

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
    alarms = {GUARD: guarded(frames, victim(scene, found))}
    if compare:
        alarms |= baselines.alarms(frames)
        alarms |= {name: baselines.exact(found, seen.fps, within) for name, within in EXACT.items()}
    return scored(seed, scene.kind, seen.fps, found, alarms, in_sight(scene, found, frames))


def until(found: Truth, frames: Iterable[Frame]) -> list[Frame]:
    """The frames up to the danger; what is told later changes no score."""
    end = START + (found.danger_s if found.danger_s is not None else LONG)
    return list(takewhile(lambda frame: frame.t <= end + 1e-6, frames))


def scored(seed: int, kind: str, fps: int, found: Truth, alarms: dict[str, list[float]], sight: bool = True) -> Score:
    """The score of a judged encounter."""
    return Score(seed, kind, fps, found.danger_s, found.safe, found.foreseeable, found.unprovoked, alarms, sight)


def in_sight(scene: Encounter, found: Truth, frames: Iterable[Frame]) -> bool:
    """Whether truck and victim were tracked in time to be warned of."""
    who = victim(scene, found)
    if who is None or found.danger_s is None:
        return True
    about = [frame for frame in frames if -4.0 <= frame.t - START - found.danger_s <= -1.0 + 1e-6]
    return all(any(_sighted(actor, frame) for frame in about) for actor in (scene.truck, who))


def _sighted(actor: Actor, frame: Frame) -> bool:
    n = min(len(actor.x) - 1, round((frame.t - START) / STEP))
    family = TRUCKS if actor.kind in TRUCKS else PEOPLE
    return any(one.kind in family and hypot(one.x - actor.x[n], one.y - actor.y[n]) <= NEAR_M for one in frame.objects)


def victim(scene: Encounter, found: Truth) -> Actor | None:
    """Who comes to harm; None where nobody does."""
    if found.danger_s is None:
        return None
    n, others = round(found.danger_s / STEP), [person for person in scene.people if not person.belongs]
    return min(others, key=lambda person: float(separations(scene.truck, person)[n]))


def guarded(frames: Iterable[Frame], about: Actor | None = None, limits: Thresholds | None = None) -> list[float]:
    """Seconds from the start at which the guard warned of a collision; with somebody named, only with them, or what the
    guard takes for them: not of a ghost, nor of somebody else."""
    guard, told = Guard(Plane((), UTC), limits or Thresholds()), list[float]()
    for frame in frames:
        for event in guard.step(frame):
            if event.kind == "collision" and event.level >= Level.WARNING and _names(guard, event, about):
                told.append(event.t - START)
    return told


def _names(guard: Guard, event: Event, about: Actor | None) -> bool:
    if about is None:
        return True
    n = min(len(about.x) - 1, round((event.t - START) / STEP))
    people = [guard.motions.of[one] for one in event.ids[1:] if one in guard.motions.of]
    return any(hypot(one.x - about.x[n], one.y - about.y[n]) <= NEAR_M for one in people)


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
