"""Every fault of the bench's catalogue where its device is asked: what customer, staff and monitor see."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from devices.bench.bank_switch import SwitchPeer
from devices.bench.call_desk import CallDeskPeer
from devices.bench.cameras import CamerasPeer
from devices.bench.counter_web import GlassPeer, IntakePeer, OfficerPeer
from devices.bench.hatch import HatchPeer
from devices.bench.locker import CuLockerPeer
from devices.bench.pin_pad import PinPadPeer
from devices.bench.printer import PrinterPeer
from devices.bench.scale import ScalePeer
from devices.bench.scanner import ScannerPeer
from devices.bench.signal_tower import SignalTowerPeer
from devices.bench.terminal import TerminalPeer
from devices.bench.verification import VerificationPeer
from tests.campaigns import verdict
from tests.campaigns.kills import QUESTIONS
from tests.campaigns.person import RESTING, Nature, Person
from tests.campaigns.site import Site, word

Json = dict[str, Any]
LONGEST_S = 130.0
#: How long the monitor is given to show a fault at rest; a silent device is stale after ten seconds.
NOTICED_S = 13.0
#: The peers of the bank counter, which no parcel needs.
COUNTER: Mapping[str, tuple[str, ...]] = {
    "bank_host": SwitchPeer.FAULTS, "bank_desk": IntakePeer.FAULTS, "pin_pad": PinPadPeer.FAULTS,
    "document_camera": GlassPeer.FAULTS, "officer": OfficerPeer.FAULTS,
}  # fmt: skip
#: Where a fault is ordered -> the screen on which it strikes. `stuck` and `back` follow a label that does not print.
STEPS: Mapping[str, str] = {
    "place": "Place", "questions": "Name", "review": "Review", "pay": "Pay", "stick": "Stick", "drop": "Drop",
    "done": "Done", "stuck": "Pay", "back": "Stuck:cover_open",
}  # fmt: skip
#: The steps at which each device is asked for something, or could disturb.
ASKED: Mapping[str, tuple[str, ...]] = {
    "scale": ("place", "questions", "review", "stick", "drop"), "cameras": ("place", "review", "stick"),
    "payment": ("review", "pay", "back"), "label_printer": ("review", "pay"), "receipt_printer": ("done", "back"),
    "hatch": ("review", "stick", "drop"), "staff_call": ("stuck",), "locker": ("rest",), "code_reader": ("rest",),
    "signal_tower": ("rest",), "id_check": ("rest",), **dict.fromkeys(COUNTER, ("rest",)),
}  # fmt: skip
#: The names under which the branch knows a device of the bench.
KNOWN_AS: Mapping[str, tuple[str, ...]] = {"cameras": ("measurer", "scanner")}
#: A fault that someone ends: a door left open is shut, a stuck bolt is not.
NATURE = Nature(retries=2, patience_s=12, unsure_s=8, pays_unsure=False)
#: Whoever meets a terminal that fails while a card is held to it waits for its word.
PATIENT = replace(NATURE, patience_s=45, unsure_s=20)


def catalogue() -> dict[str, tuple[str, ...]]:
    """The bench's catalogue, by device."""
    peers = {
        "scale": ScalePeer.FAULTS, "cameras": CamerasPeer.FAULTS, "payment": TerminalPeer.FAULTS,
        "label_printer": PrinterPeer.FAULTS, "receipt_printer": PrinterPeer.FAULTS, "hatch": HatchPeer.FAULTS,
        "staff_call": CallDeskPeer.FAULTS, "locker": CuLockerPeer.FAULTS, "code_reader": ScannerPeer.FAULTS,
        "signal_tower": SignalTowerPeer.FAULTS, "id_check": VerificationPeer.FAULTS, **COUNTER,
    }  # fmt: skip
    return {device: tuple(faults) for device, faults in peers.items()}


@dataclass(frozen=True)
class Case:
    """One fault of one device, ordered at one step; `all` orders one fault after another where nothing is asked."""

    device: str
    fault: str
    step: str

    @property
    def name(self) -> str:
        """device/fault/step."""
        return f"{self.device}/{self.fault}/{self.step}"


@dataclass
class Watcher:
    """What the monitor showed while a fault was on."""

    site: Site
    device: str
    words: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    _next: float = 0.0

    def look(self) -> None:
        """Once a second."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 1.0
        found = self.site.status()
        for name in KNOWN_AS.get(self.device, (self.device,)):
            said = word(found["devices"][name]) if found else "online"
            self.words |= {f"{name} {said}"} if said not in ("online", "deviceBusy") else set()
        for name, service in found.get("services", {}).items():
            if service["state"] != "available":
                self.services.add(f"{name} {service['state']}")


def cases(catalogue: Mapping[str, Sequence[str]]) -> Iterator[Case]:
    """Where the most is at stake first; at rest and elsewhere last, one visit per device for all other steps."""
    pairs = [(device, fault) for device, faults in catalogue.items() for fault in faults]
    for step in ("pay", "stick", "back", "stuck", "drop", "done", "review", "place", "questions"):
        yield from (Case(device, fault, step) for device, fault in pairs if step in ASKED[device])
    yield from (Case(device, "all", "elsewhere") for device in catalogue)
    yield from (Case(device, fault, "rest") for device, fault in pairs)


def run(site: Site, case: Case) -> Json:
    """One case; a visit that never came to the step, for reasons of its own, is tried twice more."""
    for _ in range(2):
        row = once(site, case)
        if not any("never reached" in problem for problem in row["problems"]):
            return row
    return once(site, case)


def once(site: Site, case: Case) -> Json:
    """One case to its end, the fault mended, the branch open again."""
    started = time.monotonic()
    entries, _ = site.entries()
    book, pages, said = len(site.branch.book()), site.acted().labels, len(site.branch.said())
    person, watcher = Person(site, _nature(case)), Watcher(site, case.device)
    seen, problems = _play(site, case, person, watcher)
    untidy = site.tidy()
    problems += [f"did not recover: {untidy}"] if untidy else []
    after, broken = site.entries(entries[-1].seq if entries else 0)
    found = verdict.ends(after, site.branch.book()[book:], site.printed(pages))
    problems += [problem for one in found for problem in one.problems] + ([broken] if broken else [])
    problems += _false_done(person, found) + verdict.defects(site.branch.said()[said:])
    return {
        "case": case.name, "device": case.device, "fault": case.fault, "step": case.step, "seen": seen,
        "tasks": sorted({task for one in found for task in one.tasks}), "monitor": sorted(watcher.words),
        "services": sorted(watcher.services), "outcome": [one.outcome for one in found],
        "kept_won": [one.kept_won for one in found], "problems": problems, "facts": verdict.told(after),
        "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip


def _nature(case: Case) -> Nature:
    nature = PATIENT if (case.device, case.step) == ("payment", "pay") else NATURE
    return replace(nature, money_back=case.step == "back")


def _play(site: Site, case: Case, person: Person, watcher: Watcher) -> tuple[list[str], list[str]]:
    if case.step == "rest":
        return _at_rest(site, case, watcher)
    if case.step == "elsewhere":
        return _elsewhere(site, case, person, watcher)
    return _visit(site, case, person, watcher)


def _at_rest(site: Site, case: Case, watcher: Watcher) -> tuple[list[str], list[str]]:
    """Nobody is there: the monitor sees it or cannot; the screen offers exactly what can be had."""
    site.order(case.device, case.fault)
    end = time.monotonic() + NOTICED_S
    while time.monotonic() < end and not watcher.words:
        watcher.look()
        time.sleep(0.2)
    end = time.monotonic() + 5
    while not (agreed := _agree(site)) and time.monotonic() < end:  # one judgement: the next look is a later moment
        watcher.look()
        time.sleep(0.2)
    problems = [] if agreed else [f"the screen says {site.customer.screen}, the page {site.status()['services']}"]
    return [site.customer.screen], problems


def _agree(site: Site) -> bool:
    """Whether the resting screen and the status page say the same of every service."""
    site.customer.read()
    services = site.status()["services"]
    offered = {name for name, each in services.items() if each["state"] != "unavailable"}
    shown = {name for name in services if site.customer.offers(name)}
    return shown == offered and (site.customer.screen == "Closed") == (not offered)


def _visit(site: Site, case: Case, person: Person, watcher: Watcher) -> tuple[list[str], list[str]]:
    """A visit in which the fault strikes at one step and stays until the visit is over."""
    since, end = -1, time.monotonic() + LONGEST_S
    while not person.gone and time.monotonic() < end:
        screen = person.look()
        if case.step in ("stuck", "back") and screen == "Pay":
            site.order("label_printer", "cover_open")
        if since < 0 and screen == STEPS[case.step]:
            site.order(case.device, case.fault)
            since = len(person.seen) - 1
        if since >= 0:
            watcher.look()
        person.act()
    watcher.look()
    problems = [] if person.gone else [f"the visit did not end within {LONGEST_S:.0f} s, last seen {person.seen[-3:]}"]
    problems += [] if since >= 0 else [f"{STEPS[case.step]} was never reached: {person.seen[-3:]}"]
    return shown(person.seen[since:]), problems


def _elsewhere(site: Site, case: Case, person: Person, watcher: Watcher) -> tuple[list[str], list[str]]:
    """While questions are asked, one fault after another comes and goes: the customer must not notice."""
    faults = [fault for fault in site.faults()[case.device] if fault != "door_left_open"]
    end, since = time.monotonic() + LONGEST_S, -1
    while not person.gone and time.monotonic() < end:
        screen = person.look()
        if screen in QUESTIONS and faults and screen != "Address":
            since = len(person.seen) - 1 if since < 0 else since
            for fault in faults[:2]:
                _comes_and_goes(site, case.device, fault, watcher)
            del faults[:2]
        if screen == "Review":
            _until_well(site)
        person.act()
    seen = shown(person.seen[since:])
    strange = [line for line in seen if "[" in line or line.startswith(("Stuck", "Reopen", "Unsure"))]
    problems = [f"the customer saw {strange}"] if strange else []
    return seen, problems + ([f"never ordered: {faults}"] if faults else [])


def _comes_and_goes(site: Site, device: str, fault: str, watcher: Watcher) -> None:
    site.order(device, fault)
    end = time.monotonic() + 0.6
    while time.monotonic() < end:
        watcher.look()
        site.customer.read()
    site.order(device, fault, False)


def _until_well(site: Site) -> None:
    end = time.monotonic() + 30
    while site.lacking() and time.monotonic() < end:
        site.customer.read()


def shown(seen: Sequence[str]) -> list[str]:
    """Each screen and notice once, in order, without the resting screen and those on which a machine works."""
    kept = [line for line in dict.fromkeys(seen) if line.split(":")[0] not in ("Working", *RESTING)]
    return [line for line in kept if line.split(" ")[0] not in QUESTIONS]


def _false_done(person: Person, found: Sequence[verdict.Ended]) -> list[str]:
    """Done and End are shown only to a visit that ended as accepted, which verdict holds against the evidence."""
    done = any(line.split(" ")[0] in ("Done", "End") for line in person.seen)
    accepted = any(one.outcome == "accepted" for one in found)
    return ["the screen said done, but the visit was not accepted"] if done and not accepted else []
