"""Example views of every screen: one or more each, also the fullest and the longest. Names and numbers are made up.

Those of the maintenance mode stand in tests/ui/staff_views.py.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import front
from kiosk.config import load
from kiosk.flow import At, Availability, Reason, Situation
from kiosk.services.send_parcel import rules
from kiosk.services.send_parcel.draft import Draft, Step
from kiosk.services.send_parcel.service import open_service
from kiosk.ui.messages import View
from tests.branch import HOUSE
from tests.ui import bank_views
from tests.ui.identity_views import POSITION_OF, SHOWN
from tests.ui.staff_views import STAFF

Json = dict[str, Any]
ADDRESS = {
    "id": "sejong-209", "road": "세종대로 209", "area": "서울 종로구", "building": "정부서울청사", "postcode": "03171",
}  # fmt: skip
LONG = {
    "id": "long", "road": "디지털로26길 111", "area": "서울 구로구", "building": "구로디지털훼미리마트복합청사",
    "postcode": "08390",
}  # fmt: skip
FOUND = [ADDRESS, LONG, {**ADDRESS, "id": "other", "road": "세종대로 20길 15-12", "building": "건설회관"}]
PERSON = {
    "name": "김○정",
    "phone": "010-••••-1234",
    "road": "세종대로 209",
    "area": "서울 종로구",
    "postcode": "03171",
    "detail": "3층 민원실",
}
FULL = {
    "name": "알렉산드라 ○○○○○○○○코바", "phone": "0504-••••-5678", "road": "디지털로26길 111",
    "area": "서울 구로구", "postcode": "08390", "detail": "102동 1204호 ○○○○○○○",
}  # fmt: skip
NUMBER = "6012345678901"
DESK = {"telephone": "02-1588-1300", "hours": "평일 09:00–18:00"}
BRANCH = load(HOUSE / "config" / "branch.toml")
MONDAY = datetime(2026, 7, 6, 1, tzinfo=UTC)  # ten in the morning in Seoul


def parcel(step: Step, size: tuple[float, float, float], grams: int, doubt: float = 4.0, hours: int = 0) -> Json:
    """What the service itself shows of a parcel that was measured, `hours` after ten on a Monday."""
    service, when = open_service(BRANCH, False), MONDAY + timedelta(hours=hours)
    settled = rules.settle(*size, (doubt, doubt, doubt), service.office.book)
    known = Draft("v1", grams=grams, measured=size, uncertainty=(doubt,) * 3, sum_mm=settled.sum_mm, box=settled.box)
    at = At[Any, Any](step, known)
    return dict(service.view(at, Situation(when, when.astimezone(ZoneInfo("Asia/Seoul")), "ko", {}, "v1")).values)


SIZE = parcel(Step.SIZE, (342.0, 251.0, 178.0), 2400)
TIERS = parcel(Step.CHOOSE_SIZE, (342.0, 251.0, 178.0), 2400)["tiers"]
REVIEW = {
    "receiver": PERSON, "sender": PERSON, "contents": "book", "weight_g": 2400, "sum_cm": 77, "speed": "next_day",
    "arrives": "2026-07-03", "insured_won": 0, "lines": [{"id": "line.base", "won": 5000}], "total_won": 5000,
    "limit_won": 500000, "edits": ["receiver", "receiver_address", "sender", "contents", "speed", "insured"],
}  # fmt: skip
CONTENTS = ["book", "clothes", "food", "cosmetics", "documents", "household", "electronics_small", "other"]
STEP = ("back", "cancel")

ALL = ("send_parcel", "bank", "identity", "resident_check")


def offered(*names: str, **lacking: str) -> list[Json]:
    """These services, those in `lacking` not to be had because of that device."""
    found = {name: Availability("available") for name in names}
    found |= {name: Availability("unavailable", (Reason(device, "no_response"),)) for name, device in lacking.items()}
    return front.tiles(found)


HOME: list[tuple[str, str, Json, tuple[str, ...]]] = [
    ("attract", "home/Attract", {"services": offered(*ALL[:3])}, ("start",)),
    ("attract-full", "home/Attract", {"services": offered(*ALL)}, ("start",)),
    ("attract-lacking", "home/Attract", {"services": offered(*ALL, send_parcel="label_printer")}, ("start",)),
    ("home", "home/Home", {"services": offered(*ALL[:3])}, ("choose", "cancel")),
    ("home-alone", "home/Home", {"services": offered("send_parcel")}, ("choose", "cancel")),
    ("home-full", "home/Home", {"services": offered(*ALL)}, ("choose", "cancel")),
    ("home-lacking", "home/Home", {"services": offered(*ALL[:3], send_parcel="label_printer")}, ("choose", "cancel")),
    (
        "home-lacking-full",
        "home/Home",
        {"services": offered(*ALL, identity="id_reader", resident_check="document_camera", bank="document_camera")},
        ("choose", "cancel"),
    ),
    (
        "closed",
        "home/Closed",
        {"reasons": [{"device": name, "code": "no_response"} for name in ("bank_desk", "id_reader", "label_printer")]},
        (),
    ),
    (
        "closed-full",
        "home/Closed",
        {"reasons": [{"device": name, "code": "no_response"} for name in ("scale", "measurer", "terminal", "hatch")]},
        (),
    ),
]
PARCEL: list[tuple[str, str, Json, tuple[str, ...]]] = [
    ("place", "Place", {"again": False}, ("confirm", "cancel")),
    ("place-again", "Place", {"again": True}, ("confirm", "cancel")),
    *(
        (f"working-{what}", "Working", {"what": what}, ("cancel",) if what in ("measure", "ready") else ())
        for what in ("measure", "ready", "print", "open", "receipt", "reverse")
    ),
    ("size", "Size", SIZE, ("confirm", "retry", "other", *STEP)),
    ("size-late", "Size", parcel(Step.SIZE, (342, 251, 178), 2400, hours=8), ("confirm", "retry", "other", *STEP)),
    (
        "size-doubt",
        "Size",
        {**parcel(Step.SIZE, (342, 251, 214), 2400, 24.0, hours=8), "proposal": False},
        ("confirm", "retry", *STEP),
    ),
    ("size-box", "Size", parcel(Step.SIZE, (478, 381, 339), 19_840), ("confirm", "retry", "other", *STEP)),
    ("size-long", "Size", parcel(Step.SIZE, (990, 470, 120), 28_200), ("confirm", "retry", "other", *STEP)),
    ("choose-size", "ChooseSize", {"tiers": TIERS, "chosen": 2, "reason": "customer"}, ("choose_size", "retry", *STEP)),
    (
        "choose-size-refused",
        "ChooseSize",
        {"tiers": parcel(Step.CHOOSE_SIZE, (1, 1, 1), 12_300)["tiers"], "chosen": None, "reason": "refused"},
        ("choose_size", "retry", *STEP),
    ),
    ("choose-size-care", "ChooseSize", {"tiers": TIERS, "chosen": None, "reason": "care"}, ("choose_size", *STEP)),
    ("choose-size-fault", "ChooseSize", {"tiers": TIERS, "chosen": None, "reason": "fault"}, ("choose_size", *STEP)),
    *(
        (
            f"refused-{code.lower().replace('_', '-')}",
            "Refused",
            {"code": code, "limits": {"sum_cm": 160, "side_cm": 100, "kg": 30}},
            ("confirm",),
        )
        for code in ("E_SIZE_SUM", "E_SIZE_SIDE", "E_WEIGHT", "E_PROHIBITED")
    ),
    ("address", "Address", {"who": "receiver", "chosen": None}, ("choose_address", *STEP)),
    ("address-chosen", "Address", {"who": "sender", "chosen": LONG}, ("choose_address", *STEP)),
    (
        "detail",
        "Detail",
        {"who": "receiver", "road": "세종대로 209", "postcode": "03171", "text": "", "max": 40},
        ("set_detail", *STEP),
    ),
    (
        "detail-full",
        "Detail",
        {
            "who": "sender",
            "road": "디지털로26길 111",
            "postcode": "08390",
            "text": "102동 1204호 " + "가나다라마바사" * 4,
            "max": 40,
        },
        ("set_detail", *STEP),
    ),
    ("name", "Name", {"who": "receiver", "text": "", "max": 30}, ("set_name", *STEP)),
    (
        "name-full",
        "Name",
        {"who": "sender", "text": "알렉산드라이바노브나페트로브스카야코바", "max": 30},
        ("set_name", *STEP),
    ),
    ("phone", "Phone", {"who": "receiver", "digits": ""}, ("set_phone", *STEP)),
    ("phone-full", "Phone", {"who": "sender", "digits": "050412345678"}, ("set_phone", *STEP)),
    ("contents", "Contents", {"choices": CONTENTS, "chosen": "book"}, ("choose_contents", *STEP)),
    (
        "pledge",
        "Pledge",
        {"items": [f"pledge.{kind}" for kind in ("cash", "animals", "flammable", "battery", "glass", "heavy")]},
        ("confirm", "inside", *STEP),
    ),
    (
        "speed",
        "Speed",
        {
            "choices": [
                {"speed": "next_day", "extra_won": 0, "available": True, "arrives": "2026-07-03"},
                {"speed": "ordinary", "extra_won": 0, "available": True, "arrives": None},
            ],
            "cut_off": "16:00",
            "chosen": "next_day",
        },
        ("choose_speed", *STEP),
    ),
    (
        "speed-late",
        "Speed",
        {
            "choices": [
                {"speed": "next_day", "extra_won": 1000, "available": False, "arrives": None},
                {"speed": "ordinary", "extra_won": 0, "available": True, "arrives": "2026-07-06"},
            ],
            "cut_off": "16:30",
            "chosen": None,
        },
        ("choose_speed", *STEP),
    ),
    (
        "insure",
        "Insure",
        {
            "free_won": 500_000,
            "cap_won": 3_000_000,
            "insured_won": 1_000_000,
            "fees": [
                {"insured_won": won, "fee_won": fee}
                for won, fee in ((500_000, 1000), (1_000_000, 2000), (2_000_000, 4000), (3_000_000, 6000))
            ],
        },
        ("set_insured", *STEP),
    ),
    ("review", "Review", REVIEW, ("agree", "edit", *STEP)),
    (
        "review-full",
        "Review",
        {
            **REVIEW,
            "receiver": FULL,
            "sender": FULL,
            "weight_g": 19_840,
            "sum_cm": 158,
            "insured_won": 3_000_000,
            "total_won": 123_500,
            "lines": [
                {"id": "line.base", "won": 14_500},
                {"id": "line.insurance", "won": 6000},
                {"id": "line.island", "won": 3000},
            ],
            "limit_won": 3_000_000,
        },
        ("agree", "edit", *STEP),
    ),
    ("pay", "Pay", {"total_won": 5000, "waits_s": 60}, ("cancel",)),
    ("pay-full", "Pay", {"total_won": 123_500, "waits_s": 120}, ("cancel",)),
    ("unsure", "Unsure", {"total_won": 5000, "stage": "enquiring", **DESK}, ("leave",)),
    ("unsure-reversing", "Unsure", {"total_won": 123_500, "stage": "reversing", **DESK}, ("leave",)),
    ("stuck", "Stuck", {"number": NUMBER, "tries": 1, "code": "jammed", "again": False}, ("retry", "leave")),
    (
        "stuck-twice",
        "Stuck",
        {"number": NUMBER, "tries": 2, "code": "consumable_out", "again": False},
        ("retry", "reverse", "leave"),
    ),
    (
        "stuck-again",
        "Stuck",
        {"number": NUMBER, "tries": 1, "code": "", "again": True},
        ("retry", "came_out", "reverse", "leave"),
    ),
    ("stick", "Stick", {"number": NUMBER}, ("retry",)),
    ("drop", "Drop", {"number": NUMBER}, ()),
    *(
        (f"reopen-{code.replace('_', '-')}", "Reopen", {"number": NUMBER, "code": code}, ("retry", "leave"))
        for code in ("empty", "door_stuck", "door_open", "on_table")
    ),
    ("done", "Done", {"number": NUMBER, "total_won": 5000, "arrives": "2026-07-03", "receipt": True}, ("receipt",)),
    ("done-bare", "Done", {"number": NUMBER, "total_won": 123_500, "arrives": None, "receipt": False}, ("receipt",)),
    *((f"end-{how}", "End", {"number": NUMBER, "receipt": how}, ("confirm",)) for how in ("printed", "failed", "none")),
    *(
        (
            f"claim-{how}",
            "Claim",
            {"number": NUMBER, "key": "3f9c2a71-1", "total_won": 123_500, "slip": how, "parcel": where, **DESK},
            ("confirm",),
        )
        for how, where in (("printing", "take"), ("printed", "take"), ("failed", "hatch"))
    ),
    *(
        (f"reversed-{how}", "Reversed", {"total_won": 123_500, "approval": "30018842", "slip": how}, ("confirm",))
        for how in ("printing", "printed", "failed")
    ),
    *((f"take-back-{why}", "TakeBack", {"why": why}, ()) for why in ("cancelled", "refused", "reversed")),
]

POSITIONS = {"Place": 1, "Working": 1, "Size": 2, "ChooseSize": 2, "Refused": 2, "Review": 4, "Pay": 4, "Unsure": 4,
             "Claim": 4, "Reversed": 4, "TakeBack": 0}  # fmt: skip
TITLES = {1: "step.place", 2: "step.size", 3: "step.address", 4: "step.pay", 5: "step.label"}
OPTIONS = {"Contents", "Pledge", "Speed", "Insure"}
LATE = {"Stuck", "Stick", "Drop", "Reopen", "Done", "End"}


def view(screen: str, values: Json, offers: tuple[str, ...] = (), seq: int = 1, **chrome: Any) -> View:
    """A view of the contract with everyday chrome; chrome's parts may be overridden."""
    name = screen.partition("/")[2]
    step = 0 if screen.startswith("home/") else 5 if name in LATE else POSITIONS.get(name, 3)
    step = 3 if values.get("code") == "E_PROHIBITED" else step
    staff = screen.startswith("maintenance/")
    shown = screen.startswith("identity/")
    step = 0 if staff else POSITION_OF.get(name, 5) if shown else step
    title = "step.contents" if name in OPTIONS or values.get("code") == "E_PROHIBITED" else TITLES.get(step, "")
    title = "maintenance.title" if staff else "id.title" if shown else title
    position = [step, 5] if step else [0, 0]
    if screen.startswith("bank/"):
        title, position = bank_views.PLACES[name][0], list(bank_views.PLACES[name][1])
        position = [values["part"], 2] if "part" in values else position
    parts: Json = {
        "language": "ko", "languages": ["ko", "en"], "access": {}, "idle": {"limit_s": 60, "warn": False, "left_s": 60},
        "staff": {"state": "none", **DESK}, "demo": True, "simulated": True, "privacy": step == 3,
        "branch": {"id": "K-0001", "name_ko": "무인우체국", "name_en": "Unmanned post office"}, **chrome,
    }  # fmt: skip
    return View.model_validate({
        "type": "view", "seq": seq, "step_seq": seq, "screen": screen,
        "title": title, "position": position, "values": values, "offers": list(offers),
        "speech": [{"id": "attract.speech", "args": {}}], "preview": name == "Place", "chrome": parts,
    })  # fmt: skip


def examples() -> list[tuple[str, str, Json, tuple[str, ...]]]:
    """(name, screen, values, offers) of every screen there is."""
    parcel = [(name, f"send_parcel/{screen}", values, offers) for name, screen, values, offers in PARCEL]
    staff = [(f"staff-{name}", f"maintenance/{screen}", values, offers) for name, screen, values, offers in STAFF]
    shown = [(f"id-{name}", f"identity/{screen}", values, offers) for name, screen, values, offers in SHOWN]
    bank = [(f"bank-{name}", f"bank/{screen}", values, offers) for name, screen, values, offers in bank_views.BANK]
    return HOME + parcel + staff + shown + bank
