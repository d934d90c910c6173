"""Under which number an order went out to a bank: one JSON line, on the disk before the order is sent.

Holds keys `<visit>-<attempt>`, serial numbers and times; nothing personal. After a power cut the next start finds here
what has to be enquired about, and gives no number that may have been in use.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

#: Lines kept when a longer book is opened; an order older than that is the bank's own matter.
KEPT, LONGEST = 2_000, 8_000
#: Numbers run from 1 to this, then begin anew: six digits, as ISO 8583 has them.
HIGHEST = 999_999
#: Numbers of questions are set aside so many at a time: a question needs no line of its own.
AHEAD = 500


@dataclass(frozen=True)
class Trace:
    """A message's number and the time it was drawn up (UTC, ISO 8601, to the second)."""

    serial: int
    at: str


class TraceBook:
    """Append-only; one process writes it, from any of its threads. Blocks for the time of one flush to the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._orders: dict[str, Trace] = {}
        self._last = self._ahead = 0
        self._read = False
        self._alone = threading.Lock()

    def find(self, key: str) -> Trace | None:
        """What this key went out under, if it ever did."""
        with self._alone:
            self._take_up()
            return self._orders.get(key)

    def order(self, key: str) -> Trace:
        """This key's number: the same one however often it is asked, on the disk when this returns."""
        with self._alone:
            self._take_up()
            known = self._orders.get(key)
            if known is None:
                trace = self._next()
                self._write(key, trace, max(self._ahead, trace.serial))
                known = self._orders[key] = trace
            return known

    def question(self) -> Trace:
        """A number for a message that moves nothing."""
        with self._alone:
            self._take_up()
            trace = self._next()
            if trace.serial > self._ahead:
                self._write("", trace, trace.serial + AHEAD)
            return trace

    def _next(self) -> Trace:
        self._last = self._last % HIGHEST + 1
        self._ahead = 0 if self._last == 1 else self._ahead
        return Trace(self._last, datetime.now(UTC).isoformat(timespec="seconds"))

    def _write(self, key: str, trace: Trace, ahead: int) -> None:
        line = {"key": key, "serial": trace.serial, "at": trace.at, "ahead": ahead}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        _append(self._path, json.dumps(line) + "\n")
        self._ahead = ahead

    def _take_up(self) -> None:
        """Read what an earlier process has left; a torn last line was never sent to anyone."""
        if self._read:
            return
        whole = self._path.read_bytes() if self._path.exists() else b""
        lines = [json.loads(each) for each in whole.split(b"\n")[:-1] if each]
        for line in lines:
            if line["key"]:
                self._orders[line["key"]] = Trace(line["serial"], line["at"])
        self._last = self._ahead = lines[-1]["ahead"] if lines else 0
        if len(lines) > LONGEST or not whole.endswith(b"\n"):
            self._rewrite(lines[-KEPT:])
        self._read = True

    def _rewrite(self, lines: list[Mapping[str, object]]) -> None:
        new = self._path.with_suffix(".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._path)
        _settle(self._path.parent)


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """A file's name has to survive too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
