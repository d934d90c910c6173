"""A pcscd of the tests' own with one vpcd reader of two slots, cards for it, and what is missing where it cannot run.

vpcd: a card is a TCP client. Frames are a 16-bit length and a payload; a payload of one byte 0, 1, 2 is power off, on
and reset without a reply, 4 asks for the answer to reset, all else a command. To connect inserts, to hang up removes.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from devices.bench import id_slot, pcscd
from devices.pcsc import check, context, readers

READER = pcscd.READER
#: SCARD_STATE_PRESENT of PC/SC.
PRESENT = 0x20
#: An answer to reset of a contactless card without historical bytes (PC/SC part 3).
ATR = bytes.fromhex("3B80800101")
#: pcscd looks at a slot every 400 ms.
LOOK_S = 0.45


def missing() -> str:
    """Why real PC/SC cannot be tested on this machine, in one line; '' where it can."""
    return id_slot.missing(wait=True)


class Daemon(pcscd.Daemon):
    """The bench's daemon, and a wait for the last card to be gone."""

    def __enter__(self) -> Daemon:
        super().__enter__()
        return self

    def wait_empty(self) -> None:
        """Wait until it has seen every card go, by a look of its own.

        It looks every 400 ms, and takes a quick swap for the same card. A reading that broke off tells it of the loss
        before it has looked: a card laid between the two would never be seen.
        """
        end = time.monotonic() + 5
        with context() as hcontext:
            asked = [(name, 0) for name in readers(hcontext)]
            empty = time.monotonic()
            while time.monotonic() - empty < LOOK_S:
                if any(state & PRESENT for _, state, _ in _states(hcontext, asked)):
                    empty = time.monotonic()
                assert time.monotonic() < end, "a card is still there"
                time.sleep(0.02)


class Slip:
    """A card by nothing but its answers; `with Slip(port, respond):` lays it down. An answer of None pulls it.

    `power` is called whenever the reader switches the card off or on, or resets it.
    """

    def __init__(
        self, port: int, respond: Callable[[bytes], bytes | None], atr: bytes = ATR,
        power: Callable[[], object] = bytes,
    ) -> None:  # fmt: skip
        self._port, self._respond, self._atr, self._power = port, respond, atr, power
        self._line: socket.socket | None = None
        self.commands = 0

    def __enter__(self) -> Slip:
        self._line = socket.create_connection(("127.0.0.1", self._port), 5)
        self._line.settimeout(None)
        threading.Thread(target=self._serve, args=(self._line,), name="slip", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.pull()

    def pull(self) -> None:
        """Take it away."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError, EOFError):
            while True:
                payload = self._take(line, int.from_bytes(self._take(line, 2), "big"))
                if payload in (b"\0", b"\1", b"\2"):
                    self._power()
                    continue
                self.commands += payload != b"\4"
                reply = self._atr if payload == b"\4" else self._respond(payload)
                if reply is None:
                    self.pull()
                    return
                line.sendall(len(reply).to_bytes(2, "big") + reply)

    def _take(self, line: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # else each frame waits 40 ms for its ACK
            part = line.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data


def _states(hcontext: int, asked: list[tuple[str, int]]) -> list[tuple[str, int, list[int]]]:
    from smartcard import scard  # noqa: PLC0415  # this file is read where pyscard is missing, too

    result, seen = scard.SCardGetStatusChange(hcontext, 0, asked)
    check(result)
    return list(seen)
