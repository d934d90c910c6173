"""When an alarm is raised, held and dropped: debounce, clearing time, latch, and one push per subject in a while."""
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from math import ceil

from vision.guard.latch import Latches, Release
from vision.guard.records import Id, Level
from vision.guard.thresholds import Thresholds


@dataclass
class Alarm:
    """One subject's alarm; level is what stands now, `critical_at` when it became CRITICAL, until that is held."""
    limits: Thresholds
    level: Level = Level.NONE
    critical_at: float | None = None
    _recent: deque[tuple[float, Level]] = field(default_factory=deque)
    _since: float = 0.0
    _urgent: bool = False
    _pushed: dict[Level, float] = field(default_factory=dict)
    _owed: bool = False

    def frame(self, level: Level, t: float, known: bool = True, urgent: bool = False) -> bool:
        """Take in one frame's level; whether this is news to be told.

        It does not rise before its subject is known, and rises at once at the second urgent frame in a row.
        """
        self._recent.append((t, level))
        while len(self._recent) > 2 and t - self._recent[0][0] > self.limits.window_s + 1e-6:
            self._recent.popleft()
        agreed = level if urgent and self._urgent else self._agreed()
        self._urgent = urgent
        if level >= self.level:
            self._since = t
        if agreed > self.level:
            return known and self._rise(agreed, t)
        if level < self.level and t - self._since >= self.limits.clear_s:
            self.level, self._since, self._owed = agreed, t, False
        return self._owed and agreed >= self.level and self._rise(self.level, t)

    def _agreed(self) -> Level:
        """The level that enough of the recent frames reach, for long enough."""
        ranked = sorted((level for _, level in self._recent), reverse=True)
        level = ranked[ceil(self.limits.agreeing * len(ranked) - 1e-9) - 1]
        times = [t for t, each in self._recent if each >= level]
        return level if times[-1] - times[0] >= self.limits.held_s - 1e-6 else Level.NONE

    def _rise(self, level: Level, t: float) -> bool:
        """What was told too lately to be told again is owed as long as it stands."""
        if level > self.level:
            self.critical_at = t if level is Level.CRITICAL else self.critical_at
        self.level, self._since = level, t
        self._owed = self.told(level, t)
        return not self._owed

    def acknowledged(self, told: Callable[[float], bool]) -> None:
        """What was told then is seen to: if it comes again, it is told again."""
        self._pushed = {of: when for of, when in self._pushed.items() if not told(when)}

    def keep_back(self) -> None:
        """It is news, and is told when it may be, if it still stands then."""
        self._owed = True

    def tell(self, level: Level, t: float) -> None:
        """Count as told at that level."""
        self._pushed[level] = t

    def told(self, level: Level, t: float) -> bool:
        """Whether the level or a higher one was told within the pushing time."""
        return any(of >= level and t - when < self.limits.push_s for of, when in self._pushed.items())

    def idle(self, t: float) -> bool:
        """Whether nothing of it has to be remembered."""
        return self.level is Level.NONE and all(t - when >= self.limits.push_s for when in self._pushed.values())


@dataclass
class Alarms:
    """Every subject's alarm, forgotten when it is over; what was critical stays held until somebody acknowledges it."""
    limits: Thresholds
    _of: dict[Hashable, Alarm] = field(default_factory=dict)
    _held: Latches = field(default_factory=Latches)

    def of(self, subject: Hashable) -> Alarm:
        """The subject's alarm, made when it is new."""
        return self._of.setdefault(subject, Alarm(self.limits))

    def inherit(self, heir: Id, former: Id) -> None:
        """What was about one id is about another from now on; a subject is (rule, id, ...)."""
        self._of = {_renamed(subject, heir, former): alarm for subject, alarm in self._of.items()}

    def standing(self) -> Level:
        """The highest level standing or held."""
        return Level.CRITICAL if self._held else max((alarm.level for alarm in self._of.values()), default=Level.NONE)

    def acknowledge(self, release: Release) -> None:
        """Somebody has seen it: let go of it; what still stands stays."""
        self._held.release(release)
        for subject, alarm in self._of.items():
            alarm.acknowledged(partial(release.covers, _kind(subject)))

    def rest(self, present: set[Hashable], t: float) -> None:
        """After each frame: one for every alarm whose subject is not there any more; forget those that are over."""
        for subject, alarm in list(self._of.items()):
            if alarm.critical_at is not None:
                self._held.hold(_kind(subject), alarm.critical_at)
                alarm.critical_at = None
            if subject not in present:
                alarm.frame(Level.NONE, t)
                if alarm.idle(t):
                    del self._of[subject]


def _kind(subject: Hashable) -> str:
    """The kind of event that tells of a subject."""
    rule = str(subject[0] if isinstance(subject, tuple) else subject)
    return "person_down" if rule == "down" else rule


def _renamed(subject: Hashable, heir: Id, former: Id) -> Hashable:
    if isinstance(subject, tuple) and former in subject[1:]:
        return subject[0], *(heir if part == former else part for part in subject[1:])
    return subject
