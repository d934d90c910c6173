"""A whole branch in processes of its own, and a customer at its link: for stories, kills and the fault catalogue."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.bench.client import BenchClient, BenchError

HOUSE = Path(__file__).parents[1]
Json = dict[str, Any]
BOX = {"length_mm": 340, "width_mm": 250, "height_mm": 180, "grams": 2400, "kind": "box", "yaw_deg": 12}


def bound(argv: list[str]) -> list[str]:
    """The command so that the kernel ends it (SIGTERM) when whoever started it is gone, even by SIGKILL."""
    return ["setpriv", "--pdeathsig", "TERM", *argv] if shutil.which("setpriv") else argv


class Branch:
    """Bench, measurer and core under one run directory; `with Branch() as branch:`."""

    def __init__(self, local: str = "", measurer: bool = True) -> None:
        self.run = Path(tempfile.mkdtemp(prefix="b-", dir="/tmp"))
        self.state = self.run / "var"
        (self.run / "local.toml").write_text("[feed]\nport = 0\n" + local, encoding="utf-8")
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._measurer = measurer
        self.log = (self.run / "log").open("ab")

    def __enter__(self) -> Branch:
        self.start("bench", self.run / "bench.toml")
        if self._measurer:
            self.start("measurer", self.run / "measurer.sock")
        self.start("core", self.run / "link.sock")
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("core", "measurer", "bench"):
            self.stop(name)
        self.log.close()
        shutil.rmtree(self.run, ignore_errors=True)

    def start(self, name: str, ready: Path, within_s: float = 120) -> None:
        """Start one process and wait for the file that says it is there."""
        ready.unlink(missing_ok=True)
        more = [] if name == "bench" else ["--config", str(HOUSE / "config" / "branch.toml")]
        argv = [*self.command_line(name), *more, "--run-dir", str(self.run), "--state", str(self.state)]
        env = {**os.environ, "PYTHONWARNINGS": "default"}
        self._children[name] = subprocess.Popen(bound(argv), cwd=HOUSE, stdout=self.log, stderr=self.log, env=env)
        until(ready.exists, within_s, f"{name} is up", self._children[name])

    def command_line(self, name: str) -> list[str]:
        """How a process is started."""
        return [sys.executable, "main.py", name]

    def pid(self, name: str) -> int:
        """The id of a process that runs."""
        return self._children[name].pid

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        """End one process and wait for it."""
        child = self._children.pop(name, None)
        if child is not None:
            child.send_signal(how)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(10)

    def kill_core(self) -> None:
        """A power cut, as far as the core is concerned; then start it again."""
        self.stop("core", signal.SIGKILL)
        self.start("core", self.run / "link.sock")

    def bench(self) -> BenchClient:
        """A client of the bench's control socket."""
        return BenchClient(self.run / "bench.sock")

    def book(self) -> list[Json]:
        """The terminal's own book."""
        path = self.state / "terminal-book.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def journal(self) -> list[Json]:
        """The journal without personal fields, through the command an operator would use."""
        return [json.loads(line) for line in self.command("journal", "tail", "--n", "100000").splitlines()]

    def command(self, *words: str) -> str:
        """Run a verb of main.py to its end; returns what it printed."""
        argv = [sys.executable, "main.py", *words, "--state", str(self.state)]
        return subprocess.run(argv, cwd=HOUSE, check=True, capture_output=True, text=True, timeout=60).stdout

    def said(self) -> str:
        """Everything the processes wrote on standard error so far."""
        self.log.flush()
        return (self.run / "log").read_text(encoding="utf-8", errors="replace")


class Customer:
    """Somebody at the link: sees views, sends intents."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.view: Json = {}
        self.answers: list[Json] = []
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(0.2)
        until(self._knock, 20, "the link answers")
        self._rest = b""

    def _knock(self) -> bool:
        try:
            self._socket.connect(str(self._path))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def again(self) -> None:
        """Connect anew, after the core was killed."""
        self.close()
        self.view = {}
        self._connect()

    def read(self) -> None:
        """Take in what has come."""
        try:
            data = self._socket.recv(65536)
        except (TimeoutError, ConnectionError):
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if message["type"] == "view":
                self.view = message
            else:
                self.answers.append(message)

    @property
    def screen(self) -> str:
        """The screen's name without its service."""
        return str(self.view.get("screen", "")).rpartition("/")[2]

    def sees(self, *screens: str, within_s: float = 20) -> Json:
        """Wait for one of these screens."""
        until(lambda: self._looks(screens), within_s, f"the screen is {' or '.join(screens)}", said=lambda: self.screen)
        return self.view

    def rests(self, service: str = "send_parcel", within_s: float = 40) -> Json:
        """Wait for the resting screen with this service among what it offers."""
        until(lambda: self._looks(("Attract",)) and self.offers(service), within_s, f"{service} is offered")
        return self.view

    def offers(self, service: str) -> bool:
        """Whether the resting screen, or that of the services, has this one."""
        return service in [each["name"] for each in self.view["values"].get("services", []) if each["available"]]

    def offers_now(self, service: str) -> bool:
        """The same, of the newest view."""
        self.read()
        return self.offers(service)

    def _looks(self, screens: tuple[str, ...]) -> bool:
        self.read()
        return self.screen in screens

    def does(self, name: str, **args: object) -> None:
        """Send an intent for the view that is on the screen."""
        message = {"type": "intent", "name": name, "seq": self.view.get("seq", 0), "args": args}
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def asks(self, text: str) -> list[Json]:
        """Search an address."""
        n = len(self.answers) + 1
        self._socket.sendall(json.dumps({"type": "ask", "ask": "address", "n": n, "text": text}).encode() + b"\n")
        until(lambda: self._answered(n), 5, "the search answers")
        items: list[Json] = self.answers[-1]["items"]
        return items

    def _answered(self, n: int) -> bool:
        self.read()
        return bool(self.answers) and self.answers[-1].get("n") == n


def until(
    true: Callable[[], bool], within_s: float, what: str, child: Any = None, said: Callable[[], str] = lambda: ""
) -> None:
    """Wait until something holds; AssertionError says what did not."""
    end = time.monotonic() + within_s
    while not true():
        assert child is None or child.poll() is None, f"{what}: the process ended with {child.returncode}"
        assert time.monotonic() < end, f"{what}: not within {within_s} s, now {said()!r}"
        time.sleep(0.02)


PLACES = {
    "receiver": ("세종대로 209", "국세청", "홍길동", "01012345678"),
    "sender": ("시청", "민원실", "김철수", "0212345678"),
}


def typed(customer: Customer, who: str) -> None:
    """Address, detail, name, telephone of one person."""
    place, detail, name, phone = PLACES[who]
    customer.sees("Address")
    customer.does("choose_address", id=customer.asks(place)[0]["id"])
    customer.sees("Detail")
    customer.does("set_detail", text=detail)
    customer.sees("Name")
    customer.does("set_name", text=name)
    customer.sees("Phone")
    customer.does("set_phone", digits=phone)


def to_review(customer: Customer, bench: BenchClient, box: Json | None = None) -> None:
    """From the resting screen to the price."""
    customer.rests()
    customer.does("start")
    customer.sees("Home")
    customer.does("choose", service="send_parcel")
    customer.sees("Place")
    bench.do("put", **(box or BOX))
    if customer.sees("Size", "ChooseSize", within_s=30)["screen"].endswith("/Size"):
        customer.does("confirm")
    else:
        customer.does("choose_size", tier=customer.view["values"]["tiers"][-1]["id"])
    typed(customer, "receiver")
    typed(customer, "sender")
    choices(customer)
    customer.sees("Review")


def choices(customer: Customer) -> None:
    """Contents, pledge, speed, insurance."""
    customer.sees("Contents")
    customer.does("choose_contents", code="book")
    customer.sees("Pledge")
    customer.does("confirm")
    speeds = customer.sees("Speed")["values"]["choices"]
    customer.does("choose_speed", speed=next(s["speed"] for s in speeds if s["available"]))
    if customer.sees("Insure", "Review")["screen"].endswith("/Insure"):
        customer.does("set_insured", won=0)


def pays(bench: BenchClient, act: str = "approve") -> None:
    """Approve or decline, once the terminal asks."""
    until(lambda: _did(bench, act), 20, f"{act} at the terminal")


def _did(bench: BenchClient, act: str) -> bool:
    try:
        bench.do(act)
    except BenchError:
        return False
    return True


def to_end(customer: Customer, bench: BenchClient) -> None:
    """From the price to goodbye."""
    customer.sees("Review")
    customer.does("agree", won=customer.view["values"]["total_won"])
    customer.sees("Pay")
    pays(bench)
    customer.sees("Stick")
    bench.do("stick")
    customer.sees("Drop", within_s=30)
    bench.do("drop")
    customer.sees("Done", within_s=30)
    customer.does("receipt", paper=True)
    customer.sees("End", within_s=30)
    customer.does("confirm")
    customer.sees("Attract")
