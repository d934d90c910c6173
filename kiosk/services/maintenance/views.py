"""What staff see at each step of the maintenance mode. Values, never sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from devices.ports import TOLERABLE, DeviceState, Status
from kiosk import care as c
from kiosk.flow import Json, Line, Situation, View
from kiosk.services.maintenance import readings
from kiosk.services.maintenance.flow import AT_WORK, At, Step

#: Seconds without a touch before the mode is left; before anybody is known, sooner.
IDLE_S, DOORSTEP_S = 180, 60
#: Where paper can be exchanged.
PRINTERS = ("label_printer", "receipt_printer")


#: Cells of the coverage map, across and down, and the views that a calibration needs.
MAP, VIEWS = (8, 5), 12


@dataclass(frozen=True)
class Site:
    """What this branch has: locker doors, cameras of the measuring table, the box of known size in mm."""

    doors: int = 0
    cameras: tuple[str, ...] = ()
    box_mm: tuple[float, ...] = ()


def view(at: At, now: Situation, site: Site) -> View:
    """The view of this step."""
    if at.step in AT_WORK:
        return _view("Working", {"doing": at.step.value, "device": at.draft.device}, ())
    match at.step:
        case Step.PIN:
            return _pin(at, now)
        case Step.OVERVIEW:
            return _overview(at, now, site)
        case Step.DEVICE:
            return _device(at, now)
        case Step.PAPER | Step.STRIP:
            return _paper(at)
        case Step.LOCKER:
            return _locker(at, site.doors)
        case Step.TASKS:
            return _tasks(at, now)
        case Step.RIG:
            return _rig(at, now, site)
        case Step.BOARD:
            return _board(at)
    return _faults(now)


def _view(screen: str, values: Json, offers: tuple[str, ...], speech: str = "") -> View:
    said = Line(f"maintenance.{speech or screen.lower()}.speech")
    idle_s = DOORSTEP_S if screen == "Pin" else IDLE_S
    return View(f"maintenance/{screen}", values, offers, (said,), title="maintenance.title", idle_s=idle_s)


def _pin(at: At, now: Situation) -> View:
    """The tries left, or until when the badge is locked (the branch's own time, ISO 8601)."""
    refused = at.draft.refused
    values = {
        "refused": refused.why if refused else "", "tries_left": refused.tries_left if refused else None,
        "until": _local(refused.until, now) if refused and refused.until else "",
    }  # fmt: skip
    return _view("Pin", values, ("pin", "cancel"))


def _local(utc: str, now: Situation) -> str:
    """An ISO time (UTC) as the branch's clock shows it, to the minute; a lock is told a minute late, never early."""
    until = datetime.fromisoformat(utc) + timedelta(seconds=59)
    return until.astimezone(now.local.tzinfo).strftime("%Y-%m-%dT%H:%M")


def _overview(at: At, now: Situation, site: Site) -> View:
    """Every device live, the worst first, and where to go."""
    rows = [device(name, status, now.now) for name, status in now.devices.items()]
    values = {
        "staff": at.draft.staff, "role": at.draft.role, "devices": sorted(rows, key=_rank),
        "exchanged": at.draft.device if at.draft.exchanged else "", "tasks": len(now.tasks),
        "faults": len(now.changes), "printers": [name for name in PRINTERS if name in now.devices], "doors": site.doors,
        "cameras": len(site.cameras) if "measurer" in now.devices else 0,
    }  # fmt: skip
    return _view("Overview", values, ("open", "cancel"))


def _rank(row: Json) -> tuple[bool, bool, str]:
    """Broken, then with a fault that it can live with, then well; by name."""
    return row["well"], not row["faults"], row["name"]


def device(name: str, status: Status, now: datetime) -> Json:
    """One device: its state, faults, values, and how many seconds ago it really answered (None: never)."""
    age = None if status.observed_at is None else max(0, round((now - status.observed_at).total_seconds()))
    faults = sorted(status.faults, key=lambda code: (code in TOLERABLE, code))
    return {
        "name": name, "state": str(status.state), "faults": faults, "well": status.usable,
        "age_s": age, "values": readings.rows(status.values), "detail": status.detail,
        "simulated": status.simulated,
    }  # fmt: skip


def _device(at: At, now: Situation) -> View:
    status = now.devices.get(at.draft.device)
    shown = device(at.draft.device, status, now.now) if status else _missing(at.draft.device)
    tare = at.draft.device == "scale" and c.may(at.draft.role, "tare")
    tests = ("confirm",) if c.may(at.draft.role, "test") else ()
    learns = watched(now) if at.draft.device == "guard" and tests else ()
    values = {
        "device": shown, "tested": _tested(at.draft.tested), "paper": at.draft.device in PRINTERS, "tare": tare,
        "learns": list(learns),
    }  # fmt: skip
    more = (*(("tare",) if tare else ()), *(("commission",) if learns else ()))
    return _view("Device", values, (*tests, *more, "open", "back"))


def watched(now: Situation) -> tuple[str, ...]:
    """The guard's cameras by name, as its own status tells them."""
    status = now.devices.get("guard")
    words = (key.partition(" ") for key, _ in status.values) if status else ()
    return tuple(name for kind, _, name in words if kind == "camera")


def _missing(name: str) -> Json:
    return {
        "name": name, "state": str(DeviceState.NO_DEVICE), "faults": [], "well": False, "age_s": None, "values": [],
        "detail": "", "simulated": False,
    }  # fmt: skip


def _tested(tested: c.SelfTested | None) -> Mapping[str, Any] | None:
    """What came of a test; what a probe said stands below it already, in words."""
    if tested is None:
        return None
    return {**vars(tested), "detail": "" if tested.test == "probe" and tested.passed else tested.detail}


def _paper(at: At) -> View:
    """Step one: new paper in, as the sensors say. Step two: the strip, as the eye says."""
    known = at.draft
    values = {
        "device": known.device, "part": 2 if at.step is Step.STRIP else 1,
        "code": known.paper.code if known.paper else None, "tested": _tested(known.tested),
    }  # fmt: skip
    if at.step is Step.STRIP:
        return _view("Paper", values, ("readable", "back"), "strip")
    loaded = known.paper is not None and not known.paper.code
    return _view("Paper", values, (*(("confirm",) if loaded else ()), "back"))


def _locker(at: At, doors: int) -> View:
    door = at.draft.door
    reasons = [reason for reason in c.DOOR_REASONS if c.may(at.draft.role, reason)]
    values = {"doors": doors, "reasons": reasons, "last": dict(vars(door)) if door else None}
    return _view("Locker", values, ("open_door", "back"))


def _tasks(at: At, now: Situation) -> View:
    """Every task; `how` each may be settled by this person: by nothing where it is about money and they may not."""
    money = c.may(at.draft.role, "money")
    ways = [how for how in c.SETTLEMENTS if money or how != "refunded"]
    rows = [
        {"task": t.task, "reason": t.reason, "number": t.number, "won": t.won, "mine": money or not t.won}
        for t in now.tasks
    ]
    return _view("Tasks", {"tasks": rows, "how": ways}, ("settle", "back"))


def _rig(at: At, now: Situation, site: Site) -> View:
    """The cameras, what came of the last calibration and of the last check, and what a check waits for."""
    lens, gauged = at.draft.lens, at.draft.gauged
    values = {
        "cameras": list(site.cameras), "box_mm": list(site.box_mm), "lens": dict(vars(lens)) if lens else None,
        "gauged": dict(vars(gauged)) if gauged else None, "last": _last(at.draft.recalled, now),
        "asked": sorted({task.reason for task in now.tasks} & {"reference_due", "reference_failed", "camera_knocked"}),
    }  # fmt: skip
    acts = ("calibrate", "confirm") if c.may(at.draft.role, "test") else ()
    return _view("Rig", values, (*acts, "back"))


def _last(check: c.CheckRecalled | None, now: Situation) -> Json | None:
    """The newest check that is kept: the branch's day, empty where there was none; None until it was looked up."""
    if check is None:
        return None
    day = datetime.fromisoformat(check.at).astimezone(now.local.tzinfo).date().isoformat() if check.at else ""
    return {"day": day, "passed": check.passed}


def _board(at: At) -> View:
    """The guide: the live picture, the map of what the board has covered, what to do next."""
    seen = at.draft.board or c.BoardSeen(at.draft.device)
    values = {
        "camera": at.draft.device, "views": seen.views, "needed": VIEWS, "across": MAP[0], "down": MAP[1],
        "cells": list(seen.cells) or [0] * (MAP[0] * MAP[1]), "hint": seen.hint, "ready": seen.ready,
    }  # fmt: skip
    return replace(_view("Board", values, (*(("confirm",) if seen.ready else ()), "back")), preview=True)


def _faults(now: Situation) -> View:
    """The last changes of devices, newest first."""
    rows = [
        {"at": when.astimezone(now.local.tzinfo).isoformat(timespec="seconds"), "device": one.device,
         "state": one.state, "faults": list(one.faults)}
        for when, one in reversed(now.changes)
    ]  # fmt: skip
    return _view("Faults", {"changes": rows}, ("back",))
