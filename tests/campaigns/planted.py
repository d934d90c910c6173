"""Made-up people show made-up documents while the core is killed with SIGKILL; then every byte it left is searched.

National numbers, licence numbers, passport numbers, machine-readable zones, names, card numbers and PINs are planted.
They may stand nowhere: not in the store, its write-ahead log, the logs, the run directory, the feed. The bench's own
books, which are not the product's, are left out; paper is looked at where it is laid out (tests/kiosk/identification).
"""

from __future__ import annotations

import base64
import contextlib
import random
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from devices.bench.bank import CARDS
from devices.bench.client import BenchClient, BenchError
from tests.branch import Branch, Customer
from tests.campaigns.results import Results

Json = dict[str, Any]
LOCAL = """[identity]
tries_a_number = 20
tries_an_hour = 500
commissioner = "welfare"
"""
#: Files of the run directory that are the bench's.
BENCH = {"bank-book.jsonl", "intake-book.jsonl", "terminal-book.jsonl", "bench.toml", "bank-switch.key", "local.toml"}
SERVICES = ("identity", "resident_check", "intake_check")
FAMILY, GIVEN = "홍나다라마바사아자차", ("새벽", "가상", "한별", "보름", "누리", "아침")
LONGEST_S = 90.0


class Planted(Branch):
    """A branch whose menu has the check for an intake too."""

    def __init__(self) -> None:
        super().__init__(LOCAL, measurer=False)

    def command_line(self, name: str) -> list[str]:
        """The core by tests/campaigns/planted_core.py."""
        program = ["-m", "tests.campaigns.planted_core"] if name == "core" else ["main.py"]
        return [sys.executable, *program, name]


class Person:
    """Somebody who does not exist: numbers with month 00, a passport of nobody."""

    def __init__(self, dice: random.Random) -> None:
        self.name = dice.choice(FAMILY) + dice.choice(GIVEN) + dice.choice("가나다라마바사")
        day, tail = f"{dice.randrange(100):02d}00{dice.randrange(32):02d}", f"{dice.randrange(10**6):06d}"
        self.resident = f"{day}{dice.choice('1234')}{tail}"
        self.licence = f"{dice.randrange(10**12):012d}"
        self.passport = f"M{dice.randrange(10**8):08d}"
        self.issued = f"{dice.randrange(2000, 2026)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}"
        self.mrz = f"{self.passport}<7UTO{self.resident[:6]}8F3101019<<<<<<<<<<<<<<04"

    def secrets(self) -> list[str]:
        """What may stand nowhere."""
        hyphened = f"{self.resident[:6]}-{self.resident[6:]}"
        return [self.name, self.resident, hyphened, self.licence, self.passport, self.mrz]


def spelt(secret: str) -> list[bytes]:
    """The ways in which a text could have been left behind."""
    raw = secret.encode()
    wide = secret.encode("utf-16-le")
    bases = [base64.b64encode(raw[shift:])[:-4].rstrip(b"=") for shift in range(3)]
    return [raw, wide, raw.hex().encode(), raw.hex().upper().encode(), *(each for each in bases if len(each) >= 8)]


def left(branch: Branch) -> Iterator[tuple[str, bytes]]:
    """Every file that the branch has written, and what its feed tells."""
    for path in sorted(branch.run.rglob("*")):
        if path.is_file() and path.name not in BENCH:
            with contextlib.suppress(OSError):
                yield path.relative_to(branch.run).as_posix(), path.read_bytes()
    address = (branch.run / "feed").read_text(encoding="utf-8").strip()
    with urlopen(f"{address.rstrip('/')}/status.json", timeout=5) as answer:  # noqa: S310  # the branch's own address
        yield "status.json", answer.read()
    yield "events", events(address)


def events(address: str) -> bytes:
    """What the event stream tells from its beginning."""
    where, heard = urlsplit(address), b""
    with socket.create_connection((where.hostname or "", where.port or 0), 5) as line:
        line.sendall(b"GET /events HTTP/1.1\r\nHost: branch\r\nLast-Event-ID: 0\r\n\r\n")
        line.settimeout(0.4)
        with contextlib.suppress(TimeoutError):
            while data := line.recv(65536):
                heard += data
    return heard


def found(branch: Branch, secrets: list[str]) -> list[str]:
    """Where a secret stands; the report names the place, never the secret."""
    needles = [each for secret in secrets for each in spelt(secret)]
    hit = [name for name, data in left(branch) if any(each in data for each in needles)]
    return [f"a planted secret stands in {name}" for name in hit]


class Visitor:
    """Walks one visit, whatever happens to the core."""

    def __init__(self, branch: Branch, bench: BenchClient, dice: random.Random) -> None:
        self.branch, self.bench, self.dice = branch, bench, dice
        self.person, self.seen, self.kills = Person(dice), list[str](), 0
        self.customer = Customer(branch.run / "link.sock")
        self.kill_at, self.delay = dice.randrange(3, 10), dice.choice((0.0, 0.0, 0.02, 0.1))

    def go(self) -> None:
        """From the resting screen back to it."""
        begun, end, last = False, time.monotonic() + LONGEST_S, (-1, "")
        while time.monotonic() < end:
            self.customer.read()
            now = (self.customer.view.get("step_seq", -1), self.customer.view.get("screen", ""))
            if begun and self.customer.screen == "Attract":
                return
            if now == last or not now[1]:
                continue
            last, begun = now, begun or self.customer.screen not in ("Attract", "Home")
            self.seen.append(self.customer.screen)
            self._act(self.customer.screen, self.customer.view["values"])
            if len(self.seen) == self.kill_at:
                self._kill()
                last = (-1, "")
        raise TimeoutError(f"the visit did not end; last seen {self.seen[-3:]}")

    def _kill(self) -> None:
        time.sleep(self.delay)
        self.branch.stop("core", signal.SIGKILL)
        self.kills += 1
        self.branch.start("core", self.branch.run / "link.sock")
        self.customer.again()

    def _act(self, screen: str, values: Json) -> None:
        does = self.customer.does
        match screen:
            case "Attract":
                does("start")
            case "Home":
                does("choose", service=self.dice.choice(SERVICES))
            case "Consent":
                does("consent", optional=values["optional"])
            case "Choose":
                does("choose_document", kind=self.dice.choice(values["kinds"]))
            case "Glass":
                self._glass(values["kind"])
            case "Field":
                self._field(values)
            case "Confirm" | "End":
                does("confirm")
            case "Card":
                self._do("bank_card", card=0)
                self._do("press", keys=CARDS[0].pin + "#")
            case "Officer":
                self._do("officer_answer", answer=self.dice.choice(("hold", "approve purpose", "holder matches")))
            case "Result":
                self._result(values)

    def _do(self, act: str, **values: object) -> None:
        """An act of the bench; too early it is done again with the next look."""
        for _ in range(40):
            try:
                self.bench.do(act, **values)
            except BenchError:
                time.sleep(0.05)
            else:
                return

    def _glass(self, kind: str) -> None:
        printed = {"name": self.person.name, "number": self._number(kind), "issued": self.person.issued}
        if self.dice.random() < 0.5:
            self.bench.do("lay_paper", kind=kind, fields=printed)
            self.customer.does("read")
        else:
            self.bench.do("lift_paper")
            self.customer.does("type")

    def _number(self, kind: str) -> str:
        return self.person.resident if kind == "resident_card" else self.person.licence

    def _field(self, values: Json) -> None:
        """First something that is refused, then what is asked for."""
        self.customer.does("set_field", text=self.person.mrz)
        self.customer.does("set_field", text=f"{self.person.passport}/{self.person.resident}")
        texts = {"name": self.person.name, "number": self._number(values["kind"]), "issued": self.person.issued}
        self.customer.does("set_field", text=texts.get(values["field"], "20200101"))

    def _result(self, values: Json) -> None:
        ways = values["ways"]
        if ways and self.dice.random() < 0.6:
            self.customer.does("prove", way=self.dice.choice(ways))
        else:
            self.customer.does(self.dice.choice(("confirm", "confirm", "cancel")))


def run(branch: Branch, bench: BenchClient, seed: int, every: list[str]) -> Json:
    """One visit with one kill, then the search for everything planted so far."""
    visitor = Visitor(branch, bench, random.Random(seed))
    problems = list[str]()
    every += visitor.person.secrets()
    with branch.bench() as hands:
        if seed % 2:  # every other person is known to the operator
            _register(hands, visitor.person)
    try:
        visitor.go()
    except TimeoutError as error:
        problems.append(str(error))
    finally:
        visitor.customer.close()
    problems += found(branch, [*every, *(card.pan for card in CARDS), *(card.pin for card in CARDS)])
    return {"case": str(seed), "seen": visitor.seen, "kills": visitor.kills, "problems": problems}


def _register(hands: BenchClient, person: Person) -> None:
    """Enter a person into the operator's register of the bench."""
    for kind, number in (("resident_card", person.resident), ("licence", person.licence)):
        issued = f"{person.issued[:4]}-{person.issued[4:6]}-{person.issued[6:]}"
        hands.do("register", kind=kind, number=number, name=person.name, issued=issued)


def evidence(folder: Path, count: int, say: Callable[[str], None]) -> bool:
    """The campaign in full, resumed where it stopped; True when nothing was found."""
    results = Results(folder, "planted")
    todo, every = [seed for seed in range(count) if str(seed) not in results.rows], list[str]()
    if todo:
        with Planted() as branch, branch.bench() as bench:
            for seed in todo:
                results.add(run(branch, bench, seed, every))
                say(f"planted {seed + 1}/{count}")
    kills = sum(row["kills"] for row in results.rows.values())
    say(f"planted: {len(results.rows)} visits, {kills} kills, {len(results.bad)} with something found or left open")
    for row in results.bad[:20]:
        say(f"  {row['case']}: {row['problems'][:3]}")
    return not results.bad

