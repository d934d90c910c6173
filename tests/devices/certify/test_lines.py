"""The relay lies in every kind of line: a serial bus, and a TLS connection that it cannot read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from pathlib import Path

from devices.bench.attendants import DeskAttendant, PrinterAttendant
from devices.bench.locker import Wall
from devices.bench.locker_board import LockerBoardPeer
from devices.certify.hands import Nobody
from devices.certify.rules import general
from devices.certify.suite import Subject, certify
from devices.certify.terms import Hands, Report, Verdict
from tests.devices.keys import before, holder

GENERAL = [rule.id for rule in general.RULES]


def failed(report: Report) -> dict[str, str]:
    return {each.rule: each.seen for each in report.results if each.verdict is not Verdict.PASS}


def test_a_board_on_a_serial_bus_is_certified_through_a_relay(tmp_path: Path) -> None:
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

    async def story() -> Report:
        board = LockerBoardPeer(Wall())
        options = {"at": await board.start_rtu(tmp_path / "rtu.tty"), "doors": 16, "simulated": True}
        try:
            return await certify(Subject("locker", "modbus_locker", options), Nobody(), only=GENERAL)
        finally:
            await board.stop()

    assert failed(asyncio.run(story())) == {}


async def behind_tls(folder: Path, kind: str, word: str, hands: Hands, only: Collection[str], port: int) -> Report:
    context, pin = holder(folder)
    async with before(port, context) as (front, _):
        host = {"url": f"https://127.0.0.1:{front}"} if kind == "staff_call" else {"host": "127.0.0.1", "port": front}
        subject = Subject(kind, word, {**host, "tls_pin": pin, "simulated": True})
        return await certify(subject, hands, only=only)


def test_a_paired_printer_and_a_paired_desk_are_certified_through_a_relay(tmp_path: Path) -> None:
    async def story() -> list[Report]:
        reports = []
        for kind, word, make in (
            ("label_printer", "zpl", PrinterAttendant),
            ("staff_call", "call_desk", DeskAttendant),
        ):
            hands = make(tmp_path, word)
            options = await hands.start()
            port = int(str(options.get("port") or str(options["url"]).rpartition(":")[2]))
            try:
                reports.append(await behind_tls(tmp_path, kind, word, hands, GENERAL, port))
            finally:
                await hands.stop()
        return reports

    for report in asyncio.run(story()):
        assert failed(report) == {}
