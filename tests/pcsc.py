"""A pcscd of the tests' own with one vpcd reader of two slots, cards for it, and what is missing where it cannot run.

vpcd: a card is a TCP client. Frames are a 16-bit length and a payload; a payload of one byte 0, 1, 2 is power off, on
and reset without a reply, 4 asks for the answer to reset, all else a command. To connect inserts, to hang up removes.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from devices.pcsc import check, context, readers

READER = "Bench ID Reader"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
#: pcscd has these compiled in: a second daemon on the same machine is impossible.
RUN = Path("/run/pcscd")
LEFT = (RUN / "pcscd.comm", RUN / "pcscd.pid")
ENTRY = """FRIENDLYNAME "{reader}"
DEVICENAME /dev/null:{port:#06X}
LIBPATH {driver}
CHANNELID {port:#06X}
"""


#: SCARD_STATE_PRESENT of PC/SC.
PRESENT = 0x20
#: An answer to reset of a contactless card without historical bytes (PC/SC part 3).
ATR = bytes.fromhex("3B80800101")


def missing() -> str:
    """Why real PC/SC cannot be tested on this machine, in one line; '' where it can."""
    if importlib.util.find_spec("smartcard") is None:
        return "no PC/SC: pyscard is not built; run .ci/setup"
    if not _daemon() or not DRIVER.exists():
        return "no PC/SC: install the packages pcscd and vsmartcard-vpcd"
    if os.geteuid() != 0:
        return "no PC/SC: only root can start the tests' own pcscd"
    if _running():
        return "no PC/SC: another pcscd runs on this machine; stop it first"
    return ""


def _running() -> bool:
    """Whether somebody else's pcscd holds its socket now, the tests of another run excepted."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(LEFT[0])) == 0 and not _locked()


def _locked() -> bool:
    with _lock_file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _lock_file() -> TextIO:
    return (Path(tempfile.gettempdir()) / "pcscd-of-tests.lock").open("w")


def free_pair() -> int:
    """A TCP port that is free together with the next one, which vpcd takes for its second slot."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            if port < 0xFFFF and second.connect_ex(("127.0.0.1", port + 1)) != 0:
                return port


class Daemon:
    """pcscd in the foreground under a folder of its own; `with Daemon() as daemon:`. A second test run waits."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = _lock_file()
        self.port = 0

    def __enter__(self) -> Daemon:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.port = free_pair()
        entry = ENTRY.format(reader=READER, port=self.port, driver=DRIVER)
        (self._folder / "conf.d").mkdir()
        (self._folder / "conf.d" / "bench").write_text(entry, encoding="ascii")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._lock.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, unless it runs, and wait until it can be spoken to and both slots listen."""
        if self._process is not None:
            return
        RUN.mkdir(exist_ok=True)
        config = ["--config", str(self._folder / "conf.d")]
        argv = [*_dying_with_us(), _daemon(), "--foreground", *config, *_without_polkit()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 15
        while not (LEFT[0].exists() and _listening() >= {self.port, self.port + 1}):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("pcscd did not start: " + (self._folder / "log").read_text(errors="replace")[-400:])
            time.sleep(0.02)

    def wait_empty(self) -> None:
        """Wait until it has seen every card go: it polls, and takes a quick swap for the same card."""
        end = time.monotonic() + 5
        with context() as hcontext:
            asked = [(name, 0) for name in readers(hcontext)]
            while any(state & PRESENT for _, state, _ in _states(hcontext, asked)):
                assert time.monotonic() < end, "a card is still there"
                time.sleep(0.02)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End and reap it; what a killed one leaves in /run would keep the next one from starting."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        for left in LEFT:
            left.unlink(missing_ok=True)

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it without a chance to say goodbye."""
        self.stop(signal.SIGKILL)


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


def _daemon() -> str:
    """Where pcscd lies; a user's PATH often lacks its folder."""
    return shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


def _dying_with_us() -> list[str]:
    """A killed test run leaves no daemon behind; started from the main thread, because it dies with its thread."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


def _without_polkit() -> list[str]:
    """Newer daemons ask polkit unless told not to; older ones know no such option."""
    known = subprocess.run([_daemon(), "--help"], capture_output=True, text=True, check=False)
    return ["--disable-polkit"] if "--disable-polkit" in known.stdout + known.stderr else []


def _listening() -> set[int]:
    """TCP ports of this machine in state LISTEN; connecting to find out would insert a card."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with Path(table).open(encoding="ascii") as lines:
            next(lines)
            rows = [line.split() for line in lines]
        found |= {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}
    return found
