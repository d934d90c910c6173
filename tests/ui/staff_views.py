"""Example views of the maintenance mode: (name, screen, values, offers), also the fullest. Names are made up."""

from __future__ import annotations

from typing import Any

from kiosk.services.maintenance.readings import rows

Json = dict[str, Any]
NAMES = (
    "scale", "measurer", "scanner", "label_printer", "receipt_printer", "payment", "hatch", "staff_call", "id_reader",
    "id_check", "locker", "signal_tower", "code_reader",
)  # fmt: skip


def device(name: str, *faults: str, well: bool = True, **more: Any) -> Json:
    """A device as the branch tells of it."""
    return {
        "name": name, "state": "online" if well else "offline", "faults": list(faults), "well": well, "age_s": 2,
        "values": rows([("paper", "full")]), "detail": "", "simulated": True, **more,
    }  # fmt: skip


ILL = [
    device("label_printer", "consumable_out", "cover_open", well=False, values=rows([("paper", "out")])),
    device("scale", "disconnected", well=False, age_s=None, values=[]),
    device("receipt_printer", "consumable_low", values=rows([("paper", "low")])),
]
WELL = [device(name) for name in NAMES]
WHOLE = [*ILL, *(each for each in WELL if each["name"] not in {ill["name"] for ill in ILL})]
OVERVIEW = {
    "staff": "T-07", "devices": WHOLE, "exchanged": "", "tasks": 3, "faults": 5,
    "printers": ["label_printer", "receipt_printer"], "doors": 24, "cameras": 2,
}  # fmt: skip
WORST = [device(name, "media_unknown", well=False, age_s=12_000) for name in NAMES]


#: Devices with much to say of themselves.
SAYING: dict[str, Json] = {
    "hatch": {"values": rows([("door", "open"), ("bolt", "released"), ("parcel", "no"), ("bin", "12 %")])},
    "locker": {"values": rows([("doors", "16"), ("open", "4, 7")]), "well": False, "detail": "door 7 stands open"},
    "signal_tower": {"values": rows([("shows", "green, amber, siren, alarm"), ("alarm", "yes")])},
    "guard": {"values": rows([("camera dock", "ok, 9.8 fps, idle"), ("camera yard", "vision_stalled, 0.4 fps")])},
    "measurer": {"values": rows([("camera left", "ok"), ("camera right", "frozen"), ("rig_residual_px", "0.31"),
                                 ("model", "parcel-corners-3")])},
    "code_reader": {"values": rows([("proof", "port only"), ("refused", "3"), ("colour", "of the sky")])},
}  # fmt: skip


def came(passed: bool, test: str, code: str = "", detail: str = "") -> Json:
    """What came of a test."""
    return {
        "device": "label_printer", "test": test, "passed": passed, "code": code, "detail": detail, "staff": "T-07",
        "why": "self_test",
    }  # fmt: skip


def door(code: str = "") -> Json:
    """What came of opening a door."""
    return {"door": 7, "reason": "inspection", "staff": "T-07", "code": code}


TASK = {"task": "0a1b2c3d", "reason": "label_owed", "number": "6012345678901", "won": 123_500, "mine": True}
TASKS = [TASK, {**TASK, "task": "1", "reason": "customer_call", "number": "", "won": 0}]
FALLS = [{**TASKS[1], "task": str(n), "reason": "guard_person_down", "number": number}
         for n, number in enumerate(("lobby 07-02 14:41:07", "lobby 07-02 17:41:59"))]
HOUR = "2026-07-02T10:14"
CHANGE = {"at": f"{HOUR}:09+09:00", "device": "label_printer", "state": "offline",
          "faults": ["consumable_out", "cover_open"]}  # fmt: skip
WELL_AGAIN = {**CHANGE, "device": "scale", "faults": [], "state": "online"}
LOCKER = {"doors": 24, "reasons": ["customer_waiting", "inspection"], "last": None}
HOW = ["done", "refunded", "false_alarm"]
PIN = {"refused": "", "tries_left": None, "until": ""}
PAPER = {"device": "label_printer", "part": 1, "code": None, "tested": None}

SIDES = [340.0, 250.0, 210.0]
RIG: Json = {"cameras": ["left", "right"], "box_mm": SIDES, "lens": None, "gauged": None, "asked": [],
             "last": {"day": "2026-06-29", "passed": True}}  # fmt: skip


def gauged(passed: bool, measured: list[float], why: str = "", blind: tuple[str, ...] = ()) -> Json:
    """What came of measuring the box of known size."""
    return {
        "staff": "T-07", "passed": passed, "true_mm": SIDES, "measured_mm": measured, "uncertainty_mm": [3.0, 3.0, 3.0],
        "rig_residual_px": 0.1, "why": why, "cameras": 2 - len(blind), "blind": list(blind),
    }  # fmt: skip


def lens(solved: bool, why: str = "", residual_px: float = 0.174) -> Json:
    """What came of a calibration."""
    return {"camera": "right", "staff": "T-07", "solved": solved, "residual_px": residual_px, "views": 14, "why": why}


def board(hint: str, views: int, covered: int) -> Json:
    """A step of the guide."""
    return {
        "camera": "left", "views": views, "needed": 12, "across": 8, "down": 5, "hint": hint, "ready": hint == "ready",
        "cells": [6] * covered + [0] * (40 - covered),
    }  # fmt: skip


STAFF: list[tuple[str, str, Json, tuple[str, ...]]] = [
    ("pin", "Pin", PIN, ("pin", "cancel")),
    ("pin-wrong", "Pin", {**PIN, "refused": "wrong_pin", "tries_left": 4}, ("pin", "cancel")),
    ("pin-locked", "Pin", {"refused": "locked", "tries_left": 0, "until": "2026-07-02T16:05"}, ("pin", "cancel")),
    ("pin-unknown", "Pin", {**PIN, "refused": "unknown", "tries_left": 0}, ("pin", "cancel")),
    ("overview", "Overview", OVERVIEW, ("open", "cancel")),
    ("overview-well", "Overview", {**OVERVIEW, "devices": WELL[:8], "doors": 0, "tasks": 0}, ("open", "cancel")),
    ("overview-worst", "Overview", {**OVERVIEW, "devices": WORST, "exchanged": "label_printer"}, ("open", "cancel")),
    ("device", "Device", {"device": WELL[0], "tested": None, "paper": False}, ("confirm", "open", "back")),
    (
        "device-tared",
        "Device",
        {"device": device("scale", "tared", well=False, values=rows([("serial", "B000000001"), ("net", "0.000 kg"),
                                                                    ("tare", "0.350 kg")])),
         "tested": came(True, "tare", detail="0.350 kg"), "paper": False, "tare": True},
        ("confirm", "tare", "open", "back"),
    ),
    (
        "device-guard",
        "Device",
        {"device": device("guard", "camera_tampered", well=False, values=rows([
            ("camera dock", "moved, 10.0 fps"), ("camera back-room", "ok, 10.0 fps, idle")])),
         "tested": came(True, "commission", detail="dock"), "paper": False, "learns": ["dock", "back-room"]},
        ("confirm", "commission", "open", "back"),
    ),
    ("device-officer", "Device", {"device": WELL[0], "tested": None, "paper": True}, ("open", "back")),
    (
        "device-failed",
        "Device",
        {"device": ILL[0], "tested": came(False, "strip", "consumable_out"), "paper": True},
        ("confirm", "open", "back"),
    ),
    (
        "device-tested",
        "Device",
        {"device": device("id_reader", values=rows([("card", "absent"), ("slots", "Bench Reader 00 00")])),
         "tested": came(True, "probe"), "paper": False},
        ("confirm", "open", "back"),
    ),
    *(
        (f"device-{name}", "Device", {"device": device(name, **told), "tested": None, "paper": False},
         ("confirm", "open", "back"))
        for name, told in SAYING.items()
    ),
    ("paper-looking", "Paper", PAPER, ("back",)),
    ("paper-out", "Paper", {**PAPER, "code": "consumable_out"}, ("back",)),
    ("paper-ready", "Paper", {**PAPER, "code": ""}, ("confirm", "back")),
    ("paper-failed", "Paper", {**PAPER, "code": "jam", "tested": came(False, "strip", "jam")}, ("back",)),
    ("paper-strip", "Paper", {**PAPER, "part": 2, "code": "", "tested": came(True, "strip")}, ("readable", "back")),
    ("locker", "Locker", LOCKER, ("open_door", "back")),
    ("locker-opened", "Locker", {**LOCKER, "last": door()}, ("open_door", "back")),
    ("locker-stuck", "Locker", {**LOCKER, "doors": 96, "last": door("door_stuck")}, ("open_door", "back")),
    ("tasks", "Tasks", {"tasks": TASKS, "how": HOW}, ("settle", "back")),
    ("tasks-guard", "Tasks", {"tasks": FALLS, "how": HOW}, ("settle", "back")),
    ("tasks-officer", "Tasks", {"tasks": [{**TASK, "mine": False}, TASKS[1]], "how": HOW}, ("settle", "back")),
    ("tasks-none", "Tasks", {"tasks": [], "how": HOW}, ("settle", "back")),
    (
        "tasks-many",
        "Tasks",
        {"tasks": [{**TASK, "task": str(n)} for n in range(15)], "how": HOW},
        ("settle", "back"),
    ),
    ("faults", "Faults", {"changes": [CHANGE, WELL_AGAIN]}, ("back",)),
    ("faults-many", "Faults", {"changes": [{**CHANGE, "at": f"{HOUR}:{n:02}+09:00"} for n in range(20)]}, ("back",)),
    ("faults-none", "Faults", {"changes": []}, ("back",)),
    ("rig", "Rig", {**RIG, "asked": ["camera_knocked"]}, ("calibrate", "confirm", "back")),
    ("rig-rests", "Rig", RIG, ("calibrate", "confirm", "back")),
    ("rig-wrong", "Rig", {**RIG, "last": {"day": "2026-06-29", "passed": False}}, ("calibrate", "confirm", "back")),
    ("rig-never", "Rig", {**RIG, "last": {"day": "", "passed": False}}, ("calibrate", "confirm", "back")),
    ("rig-passed", "Rig", {**RIG, "gauged": gauged(True, [340.4, 249.7, 210.2])}, ("calibrate", "confirm", "back")),
    (
        "rig-off",
        "Rig",
        {**RIG, "gauged": gauged(False, [352.4, 249.7, 210.2], "off"), "asked": ["reference_due"]},
        ("calibrate", "confirm", "back"),
    ),
    ("rig-refused", "Rig", {**RIG, "gauged": gauged(False, [], "moved")}, ("calibrate", "confirm", "back")),
    ("rig-silent", "Rig", {**RIG, "gauged": gauged(False, [], "no_response")}, ("calibrate", "confirm", "back")),
    ("rig-solved", "Rig", {**RIG, "lens": lens(True)}, ("calibrate", "confirm", "back")),
    ("rig-unsolved", "Rig", {**RIG, "lens": lens(False, "spread", 1.247)}, ("calibrate", "confirm", "back")),
    *(
        (f"rig-unsolved-{why}", "Rig", {**RIG, "lens": lens(False, why, 0.0)}, ("calibrate", "confirm", "back"))
        for why in ("few", "odd", "loose", "disconnected")
    ),
    (
        "rig-one-camera",
        "Rig",
        {**RIG, "gauged": gauged(False, [341.4, 252.7, 209.2], "one_camera", ("right",)),
         "lens": lens(False, "spread", 1.247), "asked": ["camera_knocked"]},
        ("calibrate", "confirm", "back"),
    ),
    (
        "rig-named",
        "Rig",
        {**RIG, "cameras": ["north", "south"], "gauged": gauged(False, [], "one_camera", ("north",))},
        ("calibrate", "confirm", "back"),
    ),
    ("rig-officer", "Rig", {**RIG, "asked": ["reference_due"]}, ("back",)),
    ("board-show", "Board", board("show", 0, 0), ("back",)),
    ("board-tilt", "Board", board("tilt", 7, 21), ("back",)),
    ("board-lost", "Board", board("lost", 7, 21), ("back",)),
    ("board-ready", "Board", board("ready", 13, 36), ("confirm", "back")),
    *(
        (f"working-{doing}", "Working", {"doing": doing, "device": "label_printer"}, ())
        for doing in ("checking", "testing", "printing", "opening", "settling", "solving", "gauging")
    ),
    *(
        (f"working-{name}", "Working", {"doing": "testing", "device": name}, ())
        for name in ("scale", "hatch", "scanner", "code_reader", "signal_tower")
    ),
]
