"""A fixed sample of the device campaign, and proof that it can fail."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from devices.bench.bench import Bench
from devices.catalog import NAMES, OPTIONAL
from tests.branch import HOUSE
from tests.campaigns import device_table, devices
from tests.campaigns.stations import ScaleStation, Told
from vision.measure.rig import load_rig

SAMPLE = (
    "scale/mt_sics/unplug", "scale/ad_stream/pounds", "label_printer/zpl/jam", "receipt_printer/escpos/mute_mid_job",
    "payment/nexo/mute_after", "hatch/modbus_hatch/bolt_stuck", "locker/kr_cu/wrong_door",
    "locker/modbus_locker/relay_stuck", "signal_tower/modbus_tower/relay_stuck", "code_reader/serial_scanner/wedge",
    "id_check/verification_desk/echo", "staff_call/call_desk/no_answer",
)  # fmt: skip
SAID = {
    "scale/mt_sics/unplug": "disconnected", "label_printer/zpl/jam": "jam",
    "payment/nexo/mute_after": "outcome_unknown",
    "receipt_printer/escpos/mute_mid_job": "outcome_unknown", "locker/kr_cu/wrong_door": "door_open",
    "code_reader/serial_scanner/wedge": "no code",
}  # fmt: skip


@pytest.mark.branch
@pytest.mark.timeout(180)
def test_no_fault_of_a_device_ends_in_a_false_done() -> None:
    rows: dict[str, dict[str, Any]] = {}
    wanted = [case for case in devices.cases() if case.name in SAMPLE]
    assert len(wanted) == len(SAMPLE)
    asyncio.run(devices.all_of(wanted, lambda row: rows.update({row["case"]: row})))
    assert {name: row["problems"] for name, row in rows.items() if row["problems"]} == {}
    assert {name: rows[name]["said"] for name in SAID} == SAID
    assert rows["locker/modbus_locker/relay_stuck"]["after"] == ["jam"]
    assert rows["scale/mt_sics/unplug"]["services"] == {"send_parcel": "unavailable"}
    assert rows["scale/mt_sics/unplug"]["seen_s"] <= 3.0


def test_every_fault_of_every_peer_of_the_bench_is_in_the_catalogue(tmp_path: Path) -> None:
    met = {(case.station.name, case.fault) for case in devices.cases()}
    assert len(devices.cases()) >= 60
    assert {case.station.name for case in devices.cases()} == {*NAMES, *OPTIONAL}
    behind = {"cameras": "measurer"}
    for name, peer in Bench(tmp_path, load_rig(Path("config/rig.toml"))).peers.items():
        assert {(behind.get(name, name), fault) for fault in peer.FAULTS} <= met


def test_the_committed_table_holds_every_case_and_no_false_done() -> None:
    page = (HOUSE / "docs" / "device-faults.md").read_text(encoding="utf-8")
    assert f"n = {len(devices.cases())} faults" in page
    assert "false done: 0; something did not hold in 0." in page
    for section in page.split("\n## ")[1:]:
        title, met = section.split("\n")[0], [line.split("**")[1] for line in section.split("\n") if "| **" in line]
        known = [case for case in devices.cases() if f"{case.station.name} ({case.driver})" == title]
        assert sorted(met) == sorted(case.fault for case in known), title


@pytest.mark.parametrize(
    ("case", "seen_s", "problems"),
    [
        ("scale/mt_sics/mute", 1.9, 0), ("scale/mt_sics/mute", 2.1, 1), ("hatch/modbus_hatch/unplug", None, 1),
        ("id_reader/pcsc/mute", None, 0), ("scale/mt_sics/overload", 5.0, 0),
    ],
)  # fmt: skip
def test_a_loss_that_is_seen_late_did_not_hold(case: str, seen_s: float | None, problems: int) -> None:
    row = {"case": case, "fault": case.rpartition("/")[2], "seen_s": seen_s}
    assert len(devices.late(row)) == problems


class Liar(ScaleStation):
    """Says a weight that nobody has laid on it."""

    async def ask(self) -> Told:
        return Told("2400 g", True, False)


@pytest.mark.branch
def test_a_false_done_is_found_and_stands_in_the_table() -> None:
    row = asyncio.run(devices.run(devices.Case(Liar, "unplug")))
    assert row["problems"] == ["false done: 2400 g"]
    page = device_table.document([row])
    assert "**YES**" in page
    assert "false done: 1; something did not hold in 1" in page
