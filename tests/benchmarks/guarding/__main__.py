"""`python -m tests.benchmarks.guarding health [--clips 20] [--days 1] [--video FILE] [--publish docs/guard.md]`,
`… load [--models DIR]` and, of the load only from glass to alarm, `… glass`; `… closed [--drawn 44]` sends drawn
encounters through the whole chain. What takes long goes on where it stopped."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import asdict
from pathlib import Path

import cv2

from tests.benchmarks.guarding import closed, day, health, load
from tests.benchmarks.guarding.clips import FPS
from tests.benchmarks.guarding.kept import Kept, published

#: The limits of the health rules were mended on drawn clips below this.
FRESH = 30
#: What decides a row of the battery or of a day.
SOURCES = ("vision/guard/lens.py", "vision/guard/health.py", "vision/guard/picture.py", "vision/guard/gate.py",
           "vision/scene/dock", "tests/benchmarks/guarding/clips.py")
#: The first seed of the closed loop.
ENCOUNTERS = 420_000


def main() -> None:
    """Measure and print; no pass marks."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.guarding")
    parser.add_argument("part", choices=["health", "load", "glass", "closed"])
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--first", type=int, default=FRESH, help="first clip and day; the ones before chose limits")
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--hours", type=int, default=24, help="of each day, spread over it; each takes about a minute")
    parser.add_argument("--publish", type=Path, help="a page whose table is put right")
    parser.add_argument("--video", type=Path, help="a real recording of a fixed camera, beside the drawn ones")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--meetings", type=int, default=14)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--drawn", type=int, default=44, help="encounters of the closed loop")
    parser.add_argument("--out", type=Path, default=Path("out/bench-guard"), help="what was computed of it already")
    chosen = parser.parse_args()
    say = sys.stdout.write
    say(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    if chosen.part == "health":
        of_health(chosen)
    elif chosen.part == "closed":
        for line in closed.lines(chosen.models.absolute(), ENCOUNTERS, chosen.drawn, chosen.out):
            say(line + "\n")
    elif chosen.part == "glass":
        say("\n".join(asyncio.run(load.glasses(chosen.models.absolute(), chosen.meetings))) + "\n")
    else:
        say("\n".join(asyncio.run(load.figures(chosen.models.absolute(), chosen.meetings, chosen.cameras))) + "\n")
    say(f"load average {os.getloadavg()[0]:.1f}\n")


def of_health(chosen: argparse.Namespace) -> None:
    """The battery, days without tampering, and a real video where one is named."""
    cv2.setNumThreads(1)
    lines = [*battery(chosen.first, chosen.clips), *days(chosen.first, chosen.days, chosen.hours)]
    sys.stdout.write("\n".join(lines) + "\n")
    if chosen.publish:
        published(chosen.publish, "health", lines)
    if chosen.video:
        outcomes, quiet = health.real(chosen.video, 5)
        sys.stdout.write(f"real video {chosen.video.name}, 5 pieces:\n" + "\n".join(health.table(outcomes)))
        sys.stdout.write(f"\ntold while nothing was done to it: {quiet}\n")


def battery(first: int, clips: int) -> list[str]:
    """Everything that is done to so many cameras, as a table."""
    kept = Kept("battery", *SOURCES, "tests/benchmarks/guarding/health.py")
    found = kept.all(map(str, range(first, first + clips)), lambda key: [
        asdict(one) for one in health.battery([int(key)])])
    outcomes = [health.Outcome(**{**one, "before": tuple(one["before"])}) for some in found for one in some]
    early = sum(len(one.before) for one in outcomes)
    return [*health.table(outcomes), "", f"Drawn clips {first}-{first + clips - 1}, none of which chose a limit; told"
            f" before anything was done: {early}, in {len(outcomes)} trials."]


def days(first: int, count: int, hours: int) -> list[str]:
    """What is told while nothing is done, in a sentence; of less than a day the hours are spread over it."""
    kept = Kept("days", *SOURCES, "tests/benchmarks/guarding/day.py")
    spread = sorted(range(24), key=lambda hour: f"{hour * 2 // 3 % 16:04b}"[::-1])[:hours]
    keys = [f"{seed} {hour}" for seed in range(first, first + count) for hour in spread]

    def watch(key: str) -> list[tuple[float, str]]:
        seed, hour = map(int, key.split())
        return [(t, str(fault)) for t, fault in day.hour(seed, hour, day.reference(seed))]

    told = {key: found for key, found in zip(keys, kept.all(keys, watch), strict=True) if found}
    frames = len(keys) * round(day.HOUR_S * FPS)
    if not keys:
        return []
    of_day = "all hours of the day" if hours >= 24 else f"hours {', '.join(map(str, sorted(spread)))} of the day"
    docks = f"dock {first}" if count == 1 else f"docks {first}-{first + count - 1}"
    return ["", f"Told in {len(keys)} drawn hours of light, clouds, lamps, doors and people ({frames:,} frames,"
            f" {of_day}, {docks}): {sum(map(len, told.values()))}{told or ''}."]


if __name__ == "__main__":
    main()
