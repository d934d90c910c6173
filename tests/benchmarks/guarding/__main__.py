"""`python -m tests.benchmarks.guarding health [--clips 20] [--days 4] [--video FILE]`, `… load [--models DIR]` and, of
the load only from glass to alarm, `… glass`; `… closed [--drawn 44]` sends drawn encounters through the whole chain."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from tests.benchmarks.guarding import closed, health, load

#: The limits of the health rules were mended on drawn clips 0 to 2, and looked at on 3 and 4.
FRESH = 5
#: The first seed of the closed loop.
ENCOUNTERS = 420_000


def main() -> None:
    """Measure and print; no pass marks."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.guarding")
    parser.add_argument("part", choices=["health", "load", "glass", "closed"])
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--first", type=int, default=FRESH, help="first clip and day; the ones before chose limits")
    parser.add_argument("--days", type=int, default=4)
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
    say = sys.stdout.write
    outcomes = list(health.battery(range(chosen.first, chosen.first + chosen.clips)))
    early = sum(len(one.before) for one in outcomes)
    say("\n".join(health.table(outcomes)) + f"\ntold before anything was done: {early} in {len(outcomes)} clips\n")
    told = [health.day(seed) for seed in range(chosen.first, chosen.first + chosen.days)]
    say(f"told on {chosen.days} drawn days of light, doors and crowds: {[len(one) for one in told]} {told}\n")
    if chosen.video:
        outcomes, quiet = health.real(chosen.video, 5)
        say(f"real video {chosen.video.name}, 5 pieces:\n" + "\n".join(health.table(outcomes)))
        say(f"\ntold while nothing was done to it: {quiet}\n")


if __name__ == "__main__":
    main()
