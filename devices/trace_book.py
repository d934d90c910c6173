"""Under which number an order went out to a bank: one JSON line, on the disk before the order is sent.

Holds keys `<visit>-<attempt>`, serial numbers and times; nothing personal. After a power cut the next start finds here
what has to be enquired about, and gives no number that may have been in use. A book says since when it is kept: what
has no line in it and is older may have been sent under a number that nobody knows any more.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: Lines kept when a longer book is opened; an order older than that is the bank's own matter.
KEPT, LONGEST = 2_000, 8_000
#: Numbers run from 1 to this, then begin anew: six digits, as ISO 8583 has them.
HIGHEST = 999_999
#: Numbers of questions are set aside so many at a time: a question needs no line of its own.
AHEAD = 500
#: Letters and digits of a book's series.
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Trace:
    """A message's number, the time it was drawn up (UTC, ISO 8601, to the second), and the series of its book."""

    serial: int
    at: str
    series: str = "000"


class TraceBook:
    """Append-only; one process writes it, from any of its threads. Blocks for the time of one flush to the disk.

    Its first line says since when it is kept and in which series it numbers: a book that begins anew, because the one
    before was lost, starts at a number and in a series of its own. One that is taken away under way is written again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._orders: dict[str, Trace] = {}
        self._last = self._ahead = 0
        self._since, self._series = datetime.now(UTC), "000"
        self._read = False
        self._alone = threading.Lock()

    def take_up(self) -> None:
        """Read it, or begin it; on the disk when this returns."""
        with self._alone:
            self._take_up()

    def find(self, key: str) -> Trace | None:
        """What this key went out under, if it ever did."""
        with self._alone:
            self._take_up()
            return self._orders.get(key)

    def covers(self, since: datetime | None) -> bool:
        """Whether whatever went out from this moment on must have a line here."""
        with self._alone:
            self._take_up()
            return since is not None and self._since <= since

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
        return Trace(self._last, datetime.now(UTC).isoformat(timespec="seconds"), self._series)

    def _write(self, key: str, trace: Trace, ahead: int) -> None:
        line = _line(key, trace, ahead)
        if self._path.exists():
            _append(self._path, json.dumps(line) + "\n")
        else:
            self._rewrite([*(_line(each, of, ahead) for each, of in self._orders.items()), line])
        self._ahead = ahead

    def _take_up(self) -> None:
        """Read what an earlier process has left; a torn last line was never sent to anyone."""
        if self._read:
            return
        whole = self._path.read_bytes() if self._path.exists() else b""
        lines: list[Line] = [json.loads(each) for each in whole.split(b"\n")[:-1] if each]
        if not lines:
            self._begin()
        else:
            self._go_on(lines, torn=not whole.endswith(b"\n"))
        self._read = True

    def _begin(self) -> None:
        """A book where none was: nobody knows what went out before it."""
        self._since = datetime.now(UTC)
        self._series, self._last = _series(self._since), secrets.randbelow(HIGHEST)
        self._ahead = self._last
        self._rewrite([])

    def _go_on(self, lines: list[Line], torn: bool) -> None:
        head, rest = lines[0], lines[1:] if "since" in lines[0] else lines
        self._since, self._series = datetime.fromisoformat(head.get("since", head["at"])), head.get("series", "000")
        self._orders = {each["key"]: Trace(each["serial"], each["at"], self._series) for each in rest if each["key"]}
        self._last = self._ahead = lines[-1]["ahead"]
        long = len(lines) > LONGEST
        if long:
            rest = rest[-KEPT:]
            self._since = max(self._since, datetime.fromisoformat(rest[0]["at"]))
        if torn or long:
            self._rewrite(rest)

    def _rewrite(self, lines: list[Line]) -> None:
        """The whole book: since when, the series, and these lines."""
        new, at = self._path.with_suffix(".new"), self._since.isoformat()
        head = {"since": at, "series": self._series, **_line("", Trace(self._last, at), self._ahead)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write("".join(json.dumps(line) + "\n" for line in (head, *lines)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._path)
        _settle(self._path.parent)


def _line(key: str, trace: Trace, ahead: int) -> Line:
    return {"key": key, "serial": trace.serial, "at": trace.at, "ahead": ahead}


def _series(begun: datetime) -> str:
    """Three letters and digits from the second of its beginning: books of one day number in different series."""
    second, signs = int(begun.timestamp()) % len(SIGNS) ** 3, ""
    for _ in range(3):
        second, sign = divmod(second, len(SIGNS))
        signs = SIGNS[sign] + signs
    return signs


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
