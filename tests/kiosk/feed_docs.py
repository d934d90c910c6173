"""Writes docs/feed from the models of kiosk/report.py: `python -m tests.kiosk.feed_docs`. Its branch is made up."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from devices.ports import DeviceState, FaultCode, Status
from kiosk import alert as a
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.feed import Feed, told
from kiosk.flow import Availability, Reason
from kiosk.journal import Entry
from kiosk.officer import facts as o
from kiosk.report import EVENTS, Gap, Report

FOLDER = Path(__file__).parents[2] / "docs" / "feed"
NOW = datetime(2026, 6, 30, 1, 24, 7, tzinfo=UTC)
HASH = "5d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e9f3a71c0e2b40d11"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def online(ago_s: float, *values: tuple[str, str], faults: frozenset[FaultCode] = frozenset()) -> Status:
    """A device that answered so many seconds ago."""
    return Status(
        DeviceState.ONLINE, NOW - timedelta(hours=5), NOW - timedelta(seconds=ago_s), faults, "", True, values
    )


def troubled(state: DeviceState, fault: FaultCode, since_s: float) -> Status:
    """A device that reports a fault."""
    return Status(state, NOW - timedelta(seconds=since_s), NOW - timedelta(seconds=4), frozenset({fault}), "", True)


def devices() -> Mapping[str, Status]:
    """Every device of the made-up branch."""
    low = frozenset({FaultCode.CONSUMABLE_LOW})
    return {
        "scale": online(2, ("serial", "B0471239"), ("load", "0.000 kg")),
        "measurer": online(1, ("camera left", "ok"), ("camera right", "ok")),
        "scanner": online(1, ("camera left", "ok"), ("camera right", "ok")),
        "label_printer": troubled(DeviceState.USER_ERROR, FaultCode.JAM, 372),
        "receipt_printer": online(4, ("paper", "low"), faults=low),
        "payment": online(3),
        "hatch": online(2, ("door", "closed"), ("bolt", "locked"), ("bin_percent", "35")),
        "staff_call": troubled(DeviceState.OFFLINE, FaultCode.DISCONNECTED, 61),
    }


def status() -> dict[str, Any]:
    """What the core would say of the made-up branch."""
    raised = f.StaffTaskRaised("0a1b2c3d", "label_printer_fault")
    reasons, bring = (Reason("label_printer", "jam"),), ("cabinet_key", "receipt_roll_80")
    return {
        "branch": "K-0001", "name_ko": "무인우체국", "name_en": "Unmanned post office", "environment": "development",
        "version": "0.1.0", "demo": True, "devices": devices(),
        "services": {"send_parcel": Availability("unavailable", reasons, bring)}, "tasks": {raised.task: raised},
        "calls": {raised.task: "on_the_way"}, "counts": {"accepted": 47, "cancelled": 3, "idle": 2}, "visits_open": 1,
        "numbers_left": 9952,
        "head": {"seq": 48211, "hash": HASH, "signature": "ab" * 64, "public_key": "cd" * 32},
    }  # fmt: skip


FACTS: tuple[f.Fact, ...] = (
    f.BranchStarted("0.1.0", HASH), f.VisitStarted("send_parcel", "ko", "c0ffee"),
    f.DeviceChanged("label_printer", "userError", ("jam",), True), f.StaffTaskRaised("0a1b2c3d", "label_printer_fault"),
    f.StaffAnswered("0a1b2c3d", "on_the_way"), f.VisitClosed("accepted"), f.ParcelLeftBehind(2340),
    f.StaffTaskClosed("0a1b2c3d"),
    o.OfficerCalled("c0ffee-o1", "bank", "purpose", 12_000_000, ("rule:F3",)),
    o.OfficerAnswered("c0ffee-o1", "approve purpose", "officer-1", "2026-07-02T05:43:07+00:00"),
    b.HostDoubted("bank_host", "wrong_code"),
    a.AlarmRaised(
        "5d0c11aa97e2", "dock", "collision", "critical", "2026-07-02T05:41:07.350+00:00", ("4", "9"),
        ("forklift", "person"), 1.42, 1.1, 0.83, "", "9f8e7d6c5b4a3928", "0badcafe", 17,
    ),
    a.AlarmEscalated("5d0c11aa97e2", "dock-manager"), a.AlarmAcknowledged("5d0c11aa97e2", "T-07"),
    a.EvidenceKept("9f8e7d6c5b4a3928", "dock", 101, 2412800, HASH, "0badcafe", 18),
    a.EvidenceErased("9f8e7d6c5b4a3928", "retention"),
)  # fmt: skip


def entries() -> list[Entry]:
    """One entry of each kind that the feed tells of."""
    first = 48204
    return [
        Entry(seq, f"{seq:032x}", "", NOW + timedelta(seconds=seq - first), type(fact).__name__, fact, bytes(32))
        for seq, fact in enumerate(FACTS, first)
    ]


def pretty(value: Any) -> str:
    """JSON as it stands in a file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def schemas() -> dict[str, str]:
    """Every JSON Schema by its file name."""
    models: dict[str, type[BaseModel]] = {kind.__name__: model for kind, model in EVENTS.items()}
    return {
        f"schemas/{name}.json": schema(name, model) for name, model in (models | {"status": Report, "Gap": Gap}).items()
    }


def schema(name: str, model: type[BaseModel]) -> str:
    """The JSON Schema of one message."""
    return pretty({"$schema": DRAFT} | model.model_json_schema(mode="serialization") | {"title": name})


def examples(report: Report) -> dict[str, str]:
    """One example of every message by its file name."""
    events = {entry.kind: told("K-0001", entry) for entry in entries()}
    found = {f"examples/{kind}.json": pretty(event.model_dump(mode="json")) for kind, event in events.items() if event}
    gap = Gap(after=12, first=47211).model_dump(mode="json")
    return {**found, "examples/Gap.json": pretty(gap), "examples/status.json": pretty(report.model_dump(mode="json"))}


def message(name: str, title: str) -> str:
    """One message of the AsyncAPI document."""
    return (
        f"    {name}:\n      name: {name}\n      title: {title}\n      contentType: application/json\n"
        f"      payload:\n        $ref: ./schemas/{name}.json\n"
        f"      examples:\n        - payload:\n            $ref: ./examples/{name}.json\n"
    )


HEAD = """\
asyncapi: 3.0.0
info:
  title: Status feed of an unmanned post office branch
  version: 1.0.0
  license:
    name: AGPL-3.0-or-later
  description: >-
    What a branch tells the people who look after it. No message has a field for a name, number, address or free text
    of a customer. Fields and messages are only ever added; a reader passes over what it does not know.
defaultContentType: application/json
servers:
  branch:
    host: 127.0.0.1:8787
    protocol: http
    description: "[feed] of branch.toml; on the loopback by default, where only its own names are accepted as Host."
"""
CHANNELS = """\
channels:
  status:
    address: /status.json
    title: The whole branch at one moment
    servers:
      - $ref: '#/servers/branch'
    messages:
      status:
        $ref: '#/components/messages/status'
  events:
    address: /events
    title: Journal entries as server-sent events
    description: >-
      Each event's id is its number in the journal. A reader that comes back with Last-Event-ID (or ?after=) gets what
      it missed, also across a restart of the branch: at most the newest 1000, and before them one event named `gap`
      where there were more. A comment line is sent every 15 seconds of silence. A reader that does not read is let go;
      beyond 32 readers the answer is 503.
    servers:
      - $ref: '#/servers/branch'
    messages:
"""
OPERATIONS = """\
operations:
  readStatus:
    action: send
    channel:
      $ref: '#/channels/status'
  readEvents:
    action: send
    channel:
      $ref: '#/channels/events'
components:
  messages:
"""


def asyncapi() -> str:
    """The AsyncAPI 3.0 document."""
    titles = {kind.__name__: (kind.__doc__ or "").splitlines()[0].split(";")[0].split(":")[0] for kind in EVENTS}
    titles = {name: json.dumps(title.strip(" .")) for name, title in titles.items()} | {"Gap": "Entries left out"}
    refs = "".join(f"      {name}:\n        $ref: '#/components/messages/{name}'\n" for name in titles)
    messages = [message("status", "The whole branch at one moment"), *(message(*one) for one in titles.items())]
    return HEAD + CHANNELS + refs + OPERATIONS + "".join(messages)


async def nothing(after: int, kinds: Sequence[type[f.Fact]], newest: int) -> list[Entry]:
    """A journal in which nothing is written."""
    return []


def report() -> Report:
    """The made-up branch as /status.json has it."""
    feed = Feed("K-0001", status, nothing, Path("feed"))
    for entry in entries()[:-1]:
        feed.entered(entry)
    return feed.report().model_copy(update={"at": NOW, "started_at": NOW - timedelta(days=12)})


def documents() -> dict[str, str]:
    """Every generated file under docs/feed by its name."""
    return {"asyncapi.yaml": asyncapi(), **schemas(), **examples(report())}


def write(folder: Path) -> None:
    """Write them all."""
    for name, text in documents().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(FOLDER)
    sys.stdout.write(f"{FOLDER}: written\n")
