"""What was critical and nobody has acknowledged: kinds and moments alone, however long that lasts."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

#: Moments kept of one kind. Of more, the first and the newest stay.
MOST = 1000


@dataclass(frozen=True)
class Release:
    """An acknowledgement: of this kind (any, where it is empty), raised from `since` up to `until`; UTC seconds."""
    kind: str = ""
    since: float = -inf
    until: float = inf

    def covers(self, kind: str, t: float) -> bool:
        """Whether an alarm of that kind, raised then, is acknowledged by it."""
        return self.kind in ("", kind) and self.since <= t < self.until

    def document(self) -> dict[str, str | float]:
        """As JSON values; a bound that is not there is left out."""
        bounds = {name: value for name, value in (("since", self.since), ("until", self.until)) if abs(value) < inf}
        return {"kind": self.kind, **bounds}


def release_of(order: Mapping[str, object]) -> Release:
    """What `document` made; ValueError when it makes no sense."""
    kind, since, until = order.get("kind", ""), order.get("since", -inf), order.get("until", inf)
    if not isinstance(kind, str) or not isinstance(since, int | float) or not isinstance(until, int | float):
        raise ValueError("kind is a word, since and until are UTC seconds.")
    return Release(kind, float(since), float(until))


@dataclass
class Latches:
    """Truthy while anything is held."""
    _of: dict[str, list[float]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._of)

    def hold(self, kind: str, t: float) -> None:
        """Something of this kind became critical at t."""
        times = self._of.setdefault(kind, [])
        times.append(t)
        if len(times) > MOST:
            del times[1]

    def release(self, release: Release) -> None:
        """Let go of what is acknowledged."""
        left = {kind: [t for t in times if not release.covers(kind, t)] for kind, times in self._of.items()}
        self._of = {kind: times for kind, times in left.items() if times}
