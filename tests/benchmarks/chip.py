"""A made-up passport read through a real pcscd and vpcd: access, the small files, the portrait, the whole visit."""

from __future__ import annotations

import time
from collections.abc import Iterator

from devices.bench.authority import Authority
from devices.bench.card import Card, Contents
from devices.bench.passport import Passport, issue
from devices.emrtd.lds import DATA_GROUPS
from devices.emrtd.session import Chip
from devices.pcsc import Connection
from tests.benchmarks.figures import Figure, spread
from tests.pcsc import READER, Daemon, Slip, missing

READINGS = 30
SLOT = f"{READER} 00 00"


def reading() -> list[Figure]:
    """Access with EF.COM, EF.SOD and DG1; DG2 alone; by BAC (3DES) and by PACE (AES). The card is this process too."""
    if reason := missing():
        return [Figure("chip", reason, 0)]
    passport = issue(Authority())
    with Daemon() as daemon:
        return [figure for access in ("bac", "pace") for figure in _figures(daemon, passport, access)]


def _figures(daemon: Daemon, passport: Passport, access: str) -> Iterator[Figure]:
    contents = Contents(passport.files, passport.key, passport.can, passport.aa_key, passport.ca_key)
    card = Card(contents, access)
    with Slip(daemon.port, card.respond, card.atr, card.reset):
        time.sleep(1)
        times = [_visit(passport) for _ in range(READINGS + 1)][1:]
    daemon.wait_empty()
    opened, portrait, whole = zip(*times, strict=True)
    kilobytes = len(passport.files[DATA_GROUPS[2]]) / 1000
    name = access.upper()
    yield spread(f"{name}, COM, SOD and DG1 over PC/SC", opened, "ms", "50 ms" if access == "bac" else "")
    yield spread(f"DG2 of {kilobytes:.0f} kB after {name}", portrait, "ms", "200 ms")
    yield spread(f"whole visit by {name}, clone check too", whole, "ms")


def _visit(passport: Passport) -> tuple[float, float, float]:
    """Milliseconds from the command to connect until DG1 was there, from then until DG2 was, and until the end."""
    done: dict[int, float] = {}

    def progress(fid: int, read: int, size: int) -> None:
        if read >= size:
            done[fid] = time.perf_counter()

    begun = time.perf_counter()
    with Connection(SLOT, time.monotonic() + 30).open() as card:
        chip = Chip(card.transmit)
        chip.open_access(passport.key)
        chip.authenticate(chip.files(progress))
    first, second = done[DATA_GROUPS[1]], done[DATA_GROUPS[2]]
    return (first - begun) * 1000, (second - first) * 1000, (time.perf_counter() - begun) * 1000
