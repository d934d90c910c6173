"""A whole branch under observation: what its terminal, printers, hatch, journal and status page say."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import zxingcpp
from PIL import Image
from pymodbus.client import ModbusTcpClient

from devices.bench.client import BenchError
from kiosk.journal import ChainBroken, Entry
from main import CONFIG, where
from tests.branch import Branch, Customer, until

Json = dict[str, Any]

#: Deadlines short enough that two hundred visits end in an hour; the flow is the same.
LOCAL = """
[send_parcel]
idle_s = 20
pay_waits_s = 30
[patience]
weigh = 6
measure = 20
enquire = 2
print = 8
hatch = 3
drop = 6
back_off = 0.3
back_off_most = 2
"""


@dataclass(frozen=True)
class Acted:
    """How often the machine itself has acted: charges, label pages, receipt pages, bolt released or door open."""

    charges: int
    labels: int
    receipts: int
    open: bool


class Site:
    """Bench, measurer and core, with everything that can be read from outside."""

    def __init__(self) -> None:
        self.branch = Branch(LOCAL)

    def __enter__(self) -> Site:
        try:
            self.branch.__enter__()
        except BaseException:
            self.branch.__exit__()
            raise
        self.bench = self.branch.bench()
        self.customer = Customer(self.branch.run / "link.sock")
        self.streets = {}
        return self

    def __exit__(self, *_: object) -> None:
        self.customer.close()
        self.bench.close()
        self.branch.__exit__()

    streets: dict[str, str]

    # Reading

    def state(self) -> Json:
        """The bench's world, terminal, pages, calls."""
        return self.bench.do("state")

    def acted(self) -> Acted:
        """What machines have done so far."""
        state = self.state()
        approved = sum(row["entry"] == "payment" and row["state"] == "approved" for row in self.branch.book())
        hatch = state["world"]["hatch"]
        pages = {name: len(list_) for name, list_ in state["pages"].items()}
        open_ = not (hatch["closed"] and hatch["locked"])
        return Acted(approved, pages["label_printer"], pages["receipt_printer"], open_)

    def status(self) -> Json:
        """The status page's JSON; empty while the page cannot be had."""
        try:
            url = (self.branch.run / "feed").read_text(encoding="utf-8").strip()
            found: Json = httpx.get(f"{url}status.json", timeout=5).json()
        except (OSError, ValueError, httpx.HTTPError):
            return {}
        return found

    def entries(self, after: int = 0) -> tuple[list[Entry], str]:
        """The journal after this entry, and a word when its chain is broken."""
        place = where(CONFIG, self.branch.run, self.branch.state)
        journal = place.journal(place.load())
        try:
            journal.verify()
            broken = ""
        except ChainBroken as word:
            broken = str(word)
        found = journal.entries(after)
        journal.close()
        return found, broken

    def printed(self, first: int) -> list[str]:
        """The registered number on each label page from this index on, read from its barcode."""
        count = len(self.state()["pages"]["label_printer"])
        return [self._number(index) for index in range(first, count)]

    def _number(self, index: int) -> str:
        path = self.branch.run / "label.png"
        self.bench.do("page", printer="label_printer", index=index, path=str(path))
        codes = zxingcpp.read_barcodes(np.asarray(Image.open(path).convert("L")))
        return next((code.text for code in codes if code.text.isdigit() and len(code.text) == 13), "unreadable")

    # Acting

    def kill(self, meanwhile: Callable[[str], bool] | None = None) -> list[str]:
        """A power cut of the core and its return; says what the return moved before anyone did anything."""
        self.branch.stop("core", signal.SIGKILL)
        if meanwhile is not None:
            meanwhile("approve")
        time.sleep(1.0)
        before = self.acted()
        self.branch.start("core", self.branch.run / "link.sock")
        self.customer.again()
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            self.customer.read()
        return moved(before, self.acted())

    def order(self, device: str, fault: str, on: bool = True) -> None:
        """Order a fault, or take it back."""
        self.bench.do("fault", device=device, name=fault, on=on)

    def faults(self) -> dict[str, list[str]]:
        """The bench's catalogue."""
        found: dict[str, list[str]] = self.bench.do("faults")["faults"]
        return found

    def tidy(self, within_s: float = 60) -> str:
        """What staff do after a visit: mend faults, clear the table, shut the door; a word if it stays closed."""
        for device, ordered in self.state()["faults"].items():
            for fault in ordered:
                self.order(device, fault, False)
        self.quietly("hand", on=False)
        self.quietly("take")
        self.shut()
        try:
            until(self._rests, within_s, "the branch rests, open", said=self._rests_not)
        except AssertionError as late:
            return str(late)
        return ""

    def shut(self) -> None:
        """Open a door that failed to open, push it shut and throw its bolt, as staff do by hand."""
        if self._stuck():
            self._bolt(release=True)
            until(lambda: not self.state()["world"]["hatch"]["closed"], 10, "the hatch's door springs open")
            until(lambda: not self._stuck(), 10, "the hatch's door is seen open")
        hatch = self.state()["world"]["hatch"]
        if not hatch["closed"]:
            self.bench.do("close_door")
        if not hatch["locked"]:
            self._bolt(release=False)

    def _stuck(self) -> bool:
        return any(each.startswith("hatch ") and "door_stuck" in each for each in self.lacking())

    def _bolt(self, release: bool) -> None:
        with ModbusTcpClient("127.0.0.1", port=self.hatch_port()) as board:
            board.write_coil(0, release, device_id=1)

    def hatch_port(self) -> int:
        """Where the hatch's board listens."""
        place = where(CONFIG, self.branch.run, self.branch.state)
        return int(place.load().devices["hatch"].options["port"])

    def quietly(self, act: str, **fields: object) -> bool:
        """Do an act if the place allows it."""
        try:
            self.bench.do(act, **fields)
        except BenchError:
            return False
        return True

    def lacking(self) -> list[str]:
        """What is not well, in the status page's words."""
        devices = {name: word(one) for name, one in self.status().get("devices", {}).items()}
        return sorted(f"{name} {said}" for name, said in devices.items() if said != "online")

    def _rests_not(self) -> str:
        shown = self.customer.view.get("values", {}).get("reasons", "")
        return f"{self.customer.screen} {shown} {self.lacking()} {self.status().get('visits_open')} visits open"

    def _rests(self) -> bool:
        self.customer.read()
        found = self.status()
        well = bool(found) and not self.lacking() and found["visits_open"] == 0
        return well and self.customer.screen == "Attract"


def word(device: Json) -> str:
    """A device's state and faults as the status page has them."""
    return " ".join([device["state"], *device["faults"]])


def moved(before: Acted, after: Acted) -> list[str]:
    """What a machine did between two looks although nobody asked."""
    found = [name for name in ("charges", "labels", "receipts") if vars(after)[name] > vars(before)[name]]
    return found + (["hatch opened"] if after.open and not before.open else [])
