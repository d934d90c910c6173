"""The two roles differ: who mends machines holds nobody's money or parcel, and the other way round."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devices.ports import DeviceState, Status
from kiosk import care as c
from kiosk import facts as f
from kiosk.flow import Intent, Refusal, Situation
from kiosk.menu import maintenance
from kiosk.services.maintenance import flow
from kiosk.services.maintenance.flow import At

NOW = datetime(2026, 7, 2, 1, tzinfo=UTC)
MONEY, CALL = f.StaffTaskRaised("m", "late_payment", "v-1", 4000), f.StaffTaskRaised("c", "customer_call")
SEES = (("camera dock", "moved, 10.0 fps"), ("camera back-room", "ok, 10.0 fps"))
DEVICES = {"scale": Status(DeviceState.ONLINE, NOW), "guard": Status(DeviceState.ONLINE, NOW, values=SEES)}
SITUATION = Situation(NOW, NOW, "ko", DEVICES, "v", "", (MONEY, CALL))
SERVICE = maintenance({}, 16)


def inside(role: str, page: str, device: str = "") -> At:
    """A person of this role on a page."""
    at = flow.step(flow.begin("ab" * 32), c.PinGiven("135790"))
    at = flow.step(at, c.StaffAdmitted("T-07", "ab" * 32, role))
    return flow.step(at, c.PageOpened(page, device))


def hears(at: At, name: str, **args: object) -> str:
    """What an intent comes to: the fact's name, or why it is refused."""
    try:
        return type(SERVICE.hear(at, Intent(name, args), SITUATION)).__name__
    except Refusal as refusal:
        return refusal.line.id


@pytest.mark.parametrize(
    ("role", "page", "name", "args", "comes_to"),
    [
        ("technician", "locker", "open_door", {"door": 7, "reason": "inspection"}, "DoorAsked"),
        ("technician", "locker", "open_door", {"door": 7, "reason": "customer_waiting"}, "error.role"),
        ("officer", "locker", "open_door", {"door": 7, "reason": "customer_waiting"}, "DoorAsked"),
        ("officer", "locker", "open_door", {"door": 7, "reason": "inspection"}, "DoorAsked"),
        ("technician", "tasks", "settle", {"task": "m", "how": "done"}, "error.role"),
        ("technician", "tasks", "settle", {"task": "c", "how": "refunded"}, "error.role"),
        ("technician", "tasks", "settle", {"task": "c", "how": "done"}, "SettlementGiven"),
        ("officer", "tasks", "settle", {"task": "m", "how": "refunded"}, "SettlementGiven"),
        ("officer", "tasks", "settle", {"task": "x", "how": "done"}, "malformed"),
    ],
)
def test_doors_and_money(role: str, page: str, name: str, args: dict[str, object], comes_to: str) -> None:
    assert hears(inside(role, page), name, **args) == comes_to


@pytest.mark.parametrize(("role", "tries"), [("technician", True), ("officer", False), ("", False)])
def test_devices_are_tried_and_tared_by_technicians_alone(role: str, tries: bool) -> None:
    view = SERVICE.view(inside(role, "device", "scale"), SITUATION)
    assert ("confirm" in view.offers, "tare" in view.offers, view.values["tare"]) == (tries, tries, tries)


@pytest.mark.parametrize(("role", "learns"), [("technician", ["dock", "back-room"]), ("officer", []), ("", [])])
def test_cameras_are_learned_anew_by_technicians_one_by_one(role: str, learns: list[str]) -> None:
    at = inside(role, "device", "guard")
    view = SERVICE.view(at, SITUATION)
    assert (view.values["learns"], "commission" in view.offers) == (learns, bool(learns))
    assert hears(at, "commission", camera="dock") == ("LearningAsked" if learns else "malformed")
    assert hears(at, "commission", camera="cellar") == "malformed"
    asked = flow.step(at, c.LearningAsked("dock")).todo
    assert asked == (c.LearnCamera("dock", "T-07"),)


def test_only_the_guard_has_a_picture_to_learn() -> None:
    assert SERVICE.view(inside("technician", "device", "scale"), SITUATION).values["learns"] == []
    assert not flow.step(inside("technician", "device", "scale"), c.LearningAsked("dock")).todo


def test_each_sees_every_task_and_which_of_them_is_not_theirs_to_close() -> None:
    mine = {
        role: [row["mine"] for row in SERVICE.view(inside(role, "tasks"), SITUATION).values["tasks"]]
        for role in ("technician", "officer")
    }
    assert mine == {"technician": [False, True], "officer": [True, True]}
