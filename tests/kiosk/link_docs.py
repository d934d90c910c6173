"""Writes docs/link-examples.jsonl: one example of every view, as the branch really makes it, and of every intent.

`python -m tests.kiosk.link_docs` writes the file; test_link_docs.py compares it, so that it cannot drift.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from devices.ports import DeviceState, Status
from kiosk import config, front
from kiosk.flow import Availability, Json, Reason, Situation, View
from kiosk.services.send_parcel.service import open_service
from tests.kiosk.send_parcel.test_flow import walked

HOUSE = Path(__file__).parents[2]
FILE = HOUSE / "docs" / "link-examples.jsonl"
NOW = datetime(2026, 7, 2, 1, 0, tzinfo=UTC)
INTENTS: tuple[tuple[str, Json], ...] = (
    ("language", {"tag": "en"}), ("access", {"mode": "large", "on": True}), ("call_staff", {}), ("stay", {}),
    ("start", {}), ("choose", {"service": "send_parcel"}), ("confirm", {}), ("back", {}), ("cancel", {}), ("retry", {}),
    ("other", {}), ("choose_size", {"tier": 3}), ("choose_address", {"id": "sejong-209"}),
    ("set_detail", {"text": "3층"}),
    ("set_name", {"text": "홍길동"}), ("set_phone", {"digits": "01012345678"}), ("choose_contents", {"code": "book"}),
    ("choose_speed", {"speed": "next_day"}), ("set_insured", {"won": 1_000_000}), ("edit", {"what": "receiver"}),
    ("agree", {"won": 4000}), ("leave", {}), ("reverse", {}), ("came_out", {}), ("inside", {}),
    ("receipt", {"paper": True}),
)  # fmt: skip


def views() -> dict[str, View]:
    """The first view of every screen that a walk through every state of the flow meets."""
    service = open_service(config.load(HOUSE / "config" / "branch.toml"), approved=False)
    printer = {"receipt_printer": Status(DeviceState.ONLINE, NOW, NOW)}
    now = Situation(NOW, NOW.astimezone(ZoneInfo("Asia/Seoul")), "ko", printer, "v1")
    found: dict[str, View] = {}
    for at in walked().states.values():
        view = service.view(at, now)
        found.setdefault(view.screen, view)
    open_, shut = Availability("available"), Availability("unavailable", (Reason("label_printer", "consumable_out"),))
    some = {"send_parcel": open_, "identity": Availability("unavailable", (Reason("id_reader", "no_response"),))}
    home = [show(some, "02-0000-0000") for show in (front.home, front.attract)]
    home.append(front.home({"send_parcel": shut}, "02-0000-0000"))
    return {view.screen: view for view in home} | found


def lines() -> list[str]:
    """Every line of the file: views down, then intents and one look-up up."""
    branch = front.Branch("K-0001", "무인우체국", "Unmanned post office", "02-0000-0000", {"ko": "평일 09:00–18:00"})
    around = front.chrome(branch, front.Preferences(), front.Idle(), {}, {}, privacy=False)
    down = [front.frame(view, 7, 7, around) for _, view in sorted(views().items())]
    up: list[Json] = [{"type": "intent", "name": name, "seq": 7, "args": args} for name, args in INTENTS]
    asked: Json = {"type": "ask", "ask": "address", "n": 1, "text": "세종대로 2"}
    return [json.dumps(line, ensure_ascii=False) for line in (*down, *up, asked)]


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
