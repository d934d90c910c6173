"""Every figure at which the guard speaks, with its source; seconds, metres, metres per second."""
from dataclasses import dataclass

from vision.guard.records import Kind


@dataclass(frozen=True)
class Following:
    """How what is seen becomes motion (own, unless a section is named).

    coast_s: a lost object is predicted on for this long, then forgotten (the longest ordinary occlusion).
    heading_sigma: of a measured heading, rad; the log carries none. heading_mps: above this speed (5.1), and this many
    times its own noise, the way tells the heading. jump_m: what is seen so far from where it must be is something else,
    whatever its id. fleeting, fleeting_s: who was seen in fewer frames than that, and then not for so long, has only
    just come. axle: from a truck's middle back to its front axle, share of length.
    """
    coast_s: float = 1.5
    heading_sigma: float = 0.12
    heading_mps: float = 0.4
    heading_trust: float = 3.0
    heir_m: float = 0.8
    jump_m: float = 8.0
    fleeting: int = 8
    fleeting_s: float = 0.65
    axle: float = 0.058


@dataclass(frozen=True)
class Thresholds:
    """Figures marked (5.x) are the facts sheet's measured or chosen values in that section; (own) are this project's.

    danger_m, horizon_s: prediction (5.2). advisory_p, warning_ttc_s, critical_*: levels (5.3), the probabilities own;
    of a danger likely within urgent_s two frames are enough (own).
    glance_m: the danger counts this much more than danger_m, since a path that only just misses is no safer than the
    figures are exact (own). step_s, draws: how finely the future is drawn (own).
    model_sigma_m: how wrong places and sizes of trucks are; person_mps, truck_radps: what either may yet change (own).
    doubt_m, doubt_mps: pairs that stay further apart than this, growing with time, are not drawn at all (own).
    moving: m/s or rad/s above which a drawn truck moves (own). least_p: below it no time to danger is named (own).
    window_s, agreeing, held_s: three quarters of the frames of the last 0.3 s, the first of them 0.2 s ago: 3 of 4 at
    10 frames a second (5.3), 2 of 2 at 5. clear_s, push_s: off after 1 s, one push per pair in 10 s (5.3).
    calm_p: how likely it has to be that a truck slower than calm_mps endangers somebody who likely stands (calm_still):
    its driver needs half a metre to stop, and creeping up to people is what trucks do all day (own).
    siren_s: nobody else's warning is told of a truck that was just warned of while its siren sounds (own, as long
    as the branch sounds it); what still holds then is told then, and what is critical at once.
    group_m: people this close to each other are warned for once (own: an arm's length on both sides).
    young_frames, young_s: who was seen in fewer frames, or for less long, is watched but not yet warned of (own);
    stray_s: who appears in the open and likely stands (stray_still) has to be seen for longer: that is how a detector's
    ghosts look, while people walk in (own).
    """
    danger_m: float = 0.5
    glance_m: float = 0.05
    horizon_s: float = 3.0
    step_s: float = 0.25
    draws: int = 64
    doubt_m: float = 0.8
    doubt_mps: float = 0.7
    model_sigma_m: float = 0.22
    person_mps: float = 0.1
    truck_radps: float = 0.02
    moving: float = 0.25
    least_p: float = 0.1
    advisory_p: float = 0.5
    warning_ttc_s: float = 2.5
    warning_p: float = 0.32
    calm_p: float = 0.45
    calm_mps: float = 0.9
    calm_still: float = 0.5
    critical_ttc_s: float = 1.2
    critical_per_mps: float = 1 / 3
    critical_p: float = 0.3
    urgent_s: float = 0.8
    urgent_p: float = 0.5
    window_s: float = 0.3
    agreeing: float = 0.75
    held_s: float = 0.2
    clear_s: float = 1.0
    push_s: float = 10.0
    siren_s: float = 5.0
    group_m: float = 1.5
    young_frames: int = 3
    young_s: float = 0.4
    stray_s: float = 0.9
    stray_still: float = 0.3


@dataclass(frozen=True)
class Riding:
    """Who belongs to a truck (5.1 names the driver, the figures are own): see riders.py.

    inside_m: how far outside the outline of a truck that drives a foot point may seem to lie; aboard_m: of one slower
    than still_mps, whoever is so close is getting on or off; apart_mps: speed between the two; after_s: how long both
    must hold; leave_m, leave_s: when a driver counts as gone. beside_m: the operator of a pallet truck walks this close
    to it. lies_s: who has looked lying for so long by a truck that stands has left it. moved_m: who has gone so far
    along with a truck drives or leads it, and is not on foot.
    within_m: whoever seems this close to the outline of a forklift faster than drives_mps is no longer on the way to
    it; carried_mps: nor is whoever is inside_m close at about its speed. young_s: for so long no speed is held against
    who was always there.
    """
    inside_m: float = 0.35
    aboard_m: float = 0.1
    apart_mps: float = 0.9
    after_s: float = 0.5
    leave_m: float = 0.8
    leave_s: float = 0.4
    still_mps: float = 0.3
    lies_s: float = 2.0
    moved_m: float = 1.0
    within_m: float = 0.2
    drives_mps: float = 0.8
    carried_mps: float = 1.5
    beside_m: float = 1.2
    beside_after_s: float = 1.0
    young_s: float = 1.5


@dataclass(frozen=True)
class Presence:
    """Rules that watch one object (5.5; speeding_s 5.3; the rest own).

    down_mps: over down_s what moves on faster does not lie, or stand (own for things), if it got still_m away at all;
    gone_mps: what has lain or stood for that long is up and away only when it is faster than this.
    A thing under another id within still_m of where one stood is that one, somebody who lies within body_m;
    stride_m: no further does one go from one sight to the next. unseen_s: it may be missed this long, and still stand.
    still_s: what stands in an exit has stopped there for so long, while others may have taken turns before.
    lying_s, lying: who looked lying in less than that share of the last frames, over about that time, does not lie.
    known_s: whoever is within owner_m of a thing in this first time of it is its owner.
    """
    speeding_s: float = 1.0
    danger_s: float = 0.5
    intrusion_s: float = 1.0
    down_mps: float = 0.2
    gone_mps: float = 0.4
    down_s: float = 5.0
    down_critical_s: float = 15.0
    exit_s: float = 60.0
    abandoned_s: float = 120.0
    owner_m: float = 1.0
    tended_m: float = 2.0
    known_s: float = 1.0
    still_m: float = 0.5
    body_m: float = 1.0
    stride_m: float = 1.5
    still_s: float = 5.0
    unseen_s: float = 5.0
    lying_s: float = 1.5
    lying: float = 0.5


#: Radius of a person, metres (facts sheet, 5.1).
PERSON_RADIUS = 0.30
#: Radius of a lying person about the middle of the body, metres (own: half a body's width and a bent arm).
DOWN_RADIUS = 0.60

#: Metres: who is lower than this and wider than high looks lying; who is higher than the other does not (own: of people
#: in drawn scenes 27 of 35 who lie are so low and broad, and 10 of 245 others, who crouch or bend).
LOW_M, UPRIGHT_M = 1.1, 1.4


def radius(kind: Kind) -> float:
    """Metres from a person's foot point to the outline."""
    return DOWN_RADIUS if kind is Kind.PERSON_DOWN else PERSON_RADIUS


def outline(kind: Kind) -> tuple[float, float]:
    """Length with forks and width, metres: forklift as in the facts sheet 5.1; the others are common sizes (own)."""
    match kind:
        case Kind.FORKLIFT:
            return 2.6, 1.15
        case Kind.PALLET_TRUCK:
            return 1.55, 0.55
        case Kind.ROLL_CAGE:
            return 0.85, 0.75
        case Kind.PARCEL:
            return 0.4, 0.4
        case _:
            return 0.6, 0.6
