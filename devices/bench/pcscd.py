"""A pcscd of the bench's own with one vpcd reader of two slots, and why there can be none where there is none.

pcscd has its socket compiled in: one daemon per machine. Whoever starts one through here holds a lock meanwhile.
vpcd binds every address, so this belongs to a bench and to no product image.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

READER = "Bench ID Reader"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
RUN = Path("/run/pcscd")
LEFT = (RUN / "pcscd.comm", RUN / "pcscd.pid")
ENTRY = """FRIENDLYNAME "{reader}"
DEVICENAME /dev/null:{port:#06X}
LIBPATH {driver}
CHANNELID {port:#06X}
"""
START_S = 15.0
#: Below those that the system gives to connections of its own choice.
PORTS = range(20_000, 32_000, 2)


def missing(wait: bool = False) -> str:
    """Why no daemon can be started on this machine, in one line; '' where one can. `wait`: another bench's will end."""
    if not binary() or not DRIVER.exists():
        return "no PC/SC: install the packages pcscd and vsmartcard-vpcd"
    if os.geteuid() != 0:
        return "no PC/SC: only root can start a pcscd for the bench"
    if _locked() and not wait:
        return "no PC/SC: another bench holds the machine's only pcscd"
    if _answered() and not _locked():
        return "no PC/SC: another pcscd runs on this machine; stop it first"
    return ""


def _answered() -> bool:
    """Whether somebody's pcscd holds its socket now."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(LEFT[0])) == 0


def _locked() -> bool:
    with lock_file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def lock_file() -> TextIO:
    """What is held as long as a daemon of ours may run."""
    return (Path(tempfile.gettempdir()) / "pcscd-of-tests.lock").open("w")


def free_pair() -> int:
    """A TCP port that is free together with the next one, which vpcd takes for its second slot."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as first, socket.socket() as second, suppress(OSError):
            first.bind(("", port))
            second.bind(("", port + 1))
            return port


class Daemon:
    """pcscd in the foreground under a folder of its own; `with Daemon() as daemon:`. A second one waits."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = lock_file()
        self.port = 0

    def __enter__(self) -> Daemon:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.port = free_pair()
        entry = ENTRY.format(reader=READER, port=self.port, driver=DRIVER)
        (self._folder / "conf.d").mkdir()
        (self._folder / "conf.d" / "bench").write_text(entry, encoding="ascii")
        try:
            self.start()
        except RuntimeError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._lock.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, unless it runs, and wait until it can be spoken to and both slots listen; from the main thread."""
        if self._process is not None:
            return
        RUN.mkdir(exist_ok=True)
        if not _answered():
            _clear()
        config = ["--config", str(self._folder / "conf.d")]
        argv = [*_dying_with_us(), binary(), "--foreground", *config, *_without_polkit()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + START_S
        while not (LEFT[0].exists() and _listening() >= {self.port, self.port + 1}):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("pcscd did not start: " + (self._folder / "log").read_text(errors="replace")[-400:])
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
        _clear()

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP; nothing where it does not run."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it without a chance to say goodbye."""
        self.stop(signal.SIGKILL)


def _clear() -> None:
    """Take away what a dead daemon has left."""
    for left in LEFT:
        left.unlink(missing_ok=True)


def binary() -> str:
    """Where pcscd lies, '' without one; a user's PATH often lacks its folder."""
    return shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


def _dying_with_us() -> list[str]:
    """A killed bench leaves no daemon behind; started from the main thread, because it dies with its thread."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


def _without_polkit() -> list[str]:
    """Newer daemons ask polkit unless told not to; older ones know no such option."""
    known = subprocess.run([binary(), "--help"], capture_output=True, text=True, check=False)
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
