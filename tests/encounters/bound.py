"""`python -m tests.encounters.bound`: the busy hours of whoever knows every true position and velocity.

The same traffic, the extrapolation by which the truth of encounters is judged, the alarms debounced and counted as the
guard's are; drivers of forklifts are no pedestrians. What is told here no rule that extrapolates can leave out.
"""
import argparse
import sys
from collections.abc import Iterator

import numpy as np

from tests.encounters.hours import SAME, endangered
from tests.encounters.paths import STEP, Actor, Floats, aboard
from tests.encounters.traffic import LEADS, MINUTES, busy
from tests.encounters.truth import exact_times
from vision.guard.alarms import Alarm
from vision.guard.records import Kind, Level
from vision.guard.thresholds import Thresholds

EVERY, WITHIN_S = 2, (2.5, 2.2, 2.0, 1.8, 1.5)


def times(seed: int) -> tuple[list[Floats], np.ndarray]:
    """Exact time to danger of every truck and person that may meet, and whether each step lies near a danger."""
    trucks, people = busy(seed)
    leaders = [aboard(truck, -LEADS, 0.0) for truck in trucks if truck.kind is Kind.PALLET_TRUCK]
    near, _ = endangered(trucks, [*people, *leaders])
    return [exact_times(truck, person) for truck, person in pairs(trucks, [*people, *leaders])], near


def pairs(trucks: list[Actor], people: list[Actor]) -> Iterator[tuple[Actor, Actor]]:
    """Everybody with every truck but their own."""
    for truck in trucks:
        for person in people:
            if not (person.belongs and np.hypot(person.x[0] - truck.x[0], person.y[0] - truck.y[0]) < 2.0):
                yield truck, person


def needless(found: Floats, near: np.ndarray, within_s: float) -> int:
    """Alarms of one pair away from any danger; those within ten seconds of each other are one."""
    alarm, last, count = Alarm(Thresholds()), -SAME, 0
    for n in range(0, len(found), EVERY):
        t = n * STEP
        if alarm.frame(Level.WARNING if found[n] <= within_s + 1e-9 else Level.NONE, t):
            alarm.tell(alarm.level, t)
            count += int(t - last >= SAME and not near[n])
            last = t
    return count


def main() -> None:
    """An hour's alarms by how far ahead they are told."""
    parser = argparse.ArgumentParser(prog="python -m tests.encounters.bound")
    parser.add_argument("--first", type=int, default=420_000)
    parser.add_argument("--hours", type=float, default=1.0)
    asked = parser.parse_args()
    told, calm = dict.fromkeys(WITHIN_S, 0), 0.0
    for seed in range(asked.first, asked.first + round(asked.hours * 60 / MINUTES)):
        every, near = times(seed)
        calm += (MINUTES * 60 - float(near.sum()) * STEP) / 3600
        for within in WITHIN_S:
            told[within] += sum(needless(one, near, within) for one in every)
    for within, count in told.items():
        sys.stdout.write(f"exact states, told {within} s ahead: {count / calm:.1f} collision alarms an hour away from"
                         f" any danger ({count} in {calm:.2f} h)\n")


if __name__ == "__main__":
    main()
