"""Writes a device's masked traffic to a file of JSON lines, for a replay in a test. Off unless branch.toml asks for it.

First line: `{"record": 1, "device": …, "driver": …}`. Then, in order, `{"at": seconds, "to": …}` and
`{"at": seconds, "from": …}`: bytes as hex, HTTP as `{"method", "path", "body"}` and `{"status", "body"}`. There is no
way to record without the masks of devices/masks.py.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from devices.masks import MASKS, SAYS, hide, http_path, json_value, leaves

log = logging.getLogger(__name__)
#: A recording ends beyond this many bytes: one that was forgotten never takes the journal's room.
LARGEST = 32 << 20


class Tap:
    """Listens in on one transport; without a file it hears nothing. Its own trouble never reaches the device."""

    def __init__(self, device: str = "", driver: str = "", file: Path | None = None) -> None:
        self._mask = MASKS.get(driver, hide)
        self._says = SAYS.get(driver, frozenset())
        self._started = time.monotonic()
        self._known: dict[str, tuple[str, ...]] = {}
        self._file = _begun(file) if file else None
        self._write({"record": 1, "device": device, "driver": driver})

    def sent(self, data: bytes) -> None:
        """Bytes on their way to the device."""
        self._bytes("to", data)

    def got(self, data: bytes, known: int = 0) -> None:
        """Bytes from the device, as the driver took them; the first `known` are a setting of the branch, and stay."""
        self._bytes("from", data, known)

    def asked(self, method: str, path: str, body: object) -> None:
        """An HTTP request."""
        if self._file is not None:
            self._known = leaves(body)
            masked = {"method": method, "path": http_path(path), "body": json_value(body, self._says)}
            self._write({"at": self._at(), "to": masked})

    def answered(self, status: int, raw: bytes) -> None:
        """The answer to it; what is not JSON is hidden as bytes."""
        if self._file is None:
            return
        body: Any = hide(raw).hex()
        with contextlib.suppress(ValueError, RecursionError):
            body = json_value(json.loads(raw), self._says, self._known) if raw else {}
        self._write({"at": self._at(), "from": {"status": status, "body": body}})

    def _bytes(self, way: str, data: bytes, known: int = 0) -> None:
        if self._file is not None:
            masked = data[:known] + self._mask(data[known:], way == "to")
            self._write({"at": self._at(), way: masked.hex()})

    def _at(self) -> float:
        return round(time.monotonic() - self._started, 3)

    def _write(self, line: dict[str, Any]) -> None:
        """One more line; the file is held open by nobody."""
        if self._file is None:
            return
        try:
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                full = out.tell() > LARGEST
        except OSError as error:
            log.warning("recording ends: %s", error.strerror)
            self._file = None
            return
        if full:
            log.warning("recording ends: %s is %d MiB", self._file.name, LARGEST >> 20)
            self._file = None


def overheard(transmit: Callable[[bytes], bytes], tap: Tap) -> Callable[[bytes], bytes]:
    """The exchange with a chip card (one APDU, its answer), listened to."""

    def exchange(apdu: bytes) -> bytes:
        tap.sent(apdu)
        answer = transmit(apdu)
        tap.got(answer)
        return answer

    return exchange


def _begun(file: Path) -> Path | None:
    """The file, empty and for this user alone; None where it cannot be had."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        log.warning("no recording to %s: %s", file.name, error.strerror)
        return None
    return file


_LISTENING: ContextVar[Tap | None] = ContextVar("tap", default=None)


@contextlib.contextmanager
def recorded(tap: Tap | None) -> Iterator[None]:
    """Transports that are made in here are listened to by this tap."""
    token = _LISTENING.set(tap)
    try:
        yield
    finally:
        _LISTENING.reset(token)


def listening() -> Tap:
    """Who listens to a transport that is made now; mostly nobody."""
    return _LISTENING.get() or Tap()
