"""`python -m tests.benchmarks [PART …]`: figures alone; parts are flow, shield, counter, wipe, bank, journal, …"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from tests.benchmarks import alone, attached, bank, behind, chip, counter, eyes, whole
from tests.benchmarks.figures import Part, machine, table

PARTS: Mapping[str, Part] = {
    "flow": alone.flow_step,
    "shield": counter.shield_rules,
    "counter": counter.counter,
    "wipe": counter.painted,
    "bank": bank.transfers,
    "journal": alone.commits,
    "codes": eyes.codes,
    "chip": chip.reading,
    "branch": whole.branch,
    "devices": attached.devices,
    "losses": behind.losses,
}


def main(wanted: list[str]) -> None:
    """Measure the wanted parts, or all."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        sys.exit(f"{unknown[0]}: no such part; use {', '.join(PARTS)}")
    sys.stdout.write(f"before: {machine()}\n")
    figures = [figure for name, part in PARTS.items() if not wanted or name in wanted for figure in part()]
    sys.stdout.write("\n".join([*table(figures), f"after: {machine()}"]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
