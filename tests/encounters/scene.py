"""One encounter: a truck, the people around it, what hides them from the camera, and what the camera makes up."""
from dataclasses import dataclass, field

from tests.encounters.paths import Actor


@dataclass(frozen=True)
class Rack:
    """Something 2.4 m high that hides what lies behind it: middle, heading, length and width, metres."""
    x: float
    y: float
    heading: float
    length: float
    width: float


@dataclass(frozen=True)
class Ghost:
    """A person seen where none is, from one second to another."""
    x: float
    y: float
    since: float
    until: float


@dataclass
class Encounter:
    """One truck and what is around it."""
    kind: str
    truck: Actor
    people: list[Actor] = field(default_factory=list)
    racks: list[Rack] = field(default_factory=list)
    ghosts: list[Ghost] = field(default_factory=list)
