"""A core in this process with the devices of a bank counter behind real wires, and a guest who shows an ID."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from devices.bank_iso import IsoBankHost
from devices.bench.bank import Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.bench.bench import BANKS, bank_keys, officer
from devices.bench.counter_web import GlassPeer, IntakePeer, OfficerPeer, sealed_to
from devices.bench.pin_pad import PinPadPeer
from devices.bench.verification import VerificationPeer
from devices.counter import OfficerAnswer
from devices.document_camera import GlassCamera
from devices.officer_desk import OfficerQueue
from devices.pin_pad import XfsPinPad
from devices.supervisor import Pace, Supervisor
from devices.verification import VerificationDesk
from kiosk.config import Branch, DeviceTable
from kiosk.core import Crew
from kiosk.tables import BankTable, CentreTable, IdentityTable, OfficerTable
from tests.kiosk.crew import HOST, Guest, House, Peers, bench, configured, house
from tests.kiosk.feed_branch import until

HONEST = ("resident_card", "홍새벽", "9000002000001", "20210304")
STOLEN = ("resident_card", "나가상", "9000001000002", "20191120")


@dataclass
class Counter:
    """The peers of the counter and the drivers in front of them."""

    register: VerificationPeer
    switch: SwitchPeer
    pad: PinPadPeer
    glass: GlassPeer
    officers: OfficerPeer
    intake: IntakePeer


@asynccontextmanager
async def counter(folder: Path) -> AsyncIterator[tuple[Counter, Peers, Crew]]:
    """Everything of tests.kiosk.crew, and the counter's devices beside it."""
    key, file = made_up_key(folder)
    peers = Counter(
        VerificationPeer(), SwitchPeer(Bank(folder / "bank.jsonl"), key), PinPadPeer(), GlassPeer(),
        OfficerPeer(configured().branch.id), IntakePeer(folder / "intake.jsonl"),
    )  # fmt: skip
    check = VerificationDesk("id_check", f"http://{HOST}:{await peers.register.start()}", simulated=True)
    host = IsoBankHost("bank_host", HOST, await peers.switch.start(), str(file), str(folder / "trace.jsonl"))
    pad = XfsPinPad("pin_pad", HOST, await peers.pad.start(), simulated=True)
    glass = GlassCamera("document_camera", f"http://{HOST}:{await peers.glass.start()}", simulated=True)
    desk = OfficerQueue("officer", f"http://{HOST}:{await peers.officers.start()}", simulated=True)
    pace = Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3)
    async with bench(folder, start=False) as (others, crew):
        devices = [
            crew.scale, crew.payment, crew.hatch, crew.staff_call, crew.label_printer, crew.receipt_printer,
            others.measurer, others.scanner, check, host, pad, glass, desk,
        ]  # fmt: skip
        whole = replace(
            crew, id_check=check, bank_host=host, pin_pad=pad, document_camera=glass, officer=desk,
            supervisor=Supervisor(devices, pace, 1),
        )  # fmt: skip
        try:
            yield peers, others, whole
        finally:
            await whole.supervisor.stop()
            for peer in vars(peers).values():
                await peer.stop()


def branch(**identity: Any) -> Branch:
    """The shipped configuration with the counter's keys."""
    word = DeviceTable(driver="verification_desk")
    return configured().model_copy(update={
        "devices": {"id_check": word}, "identity": IdentityTable(**identity),
        "centre": CentreTable(seal_key=sealed_to("centre")),
        "banks": {code: BankTable.model_validate(bank_keys(code, name)) for code, name in BANKS.items()},
        "officers": (OfficerTable.model_validate(officer()),),
    })  # fmt: skip


@asynccontextmanager
async def opened(folder: Path, **identity: Any) -> AsyncIterator[tuple[Counter, House]]:
    """A branch with a counter, and a guest at its link."""
    async with counter(folder) as (peers, others, crew), house(folder, crew, others, branch(**identity)) as running:
        yield peers, running


async def to_confirm(guest: Guest, person: tuple[str, str, str, str], service: str = "identity") -> None:
    """From the resting screen to the masked confirmation, typing."""
    kind, name, number, issued = person
    await guest.sees("Attract")
    guest.does("start")
    await guest.sees("Home")
    guest.does("choose", service=service)
    await retype(guest, kind, (name, number, issued))


async def retype(guest: Guest, kind: str, fields: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """From the consent, or the choice of a document, to the confirmation."""
    if (await guest.sees("Consent", "Choose"))["screen"].endswith("Consent"):
        guest.does("consent", optional=list(optional))
    await guest.sees("Choose")
    guest.does("choose_document", kind=kind)
    await guest.sees("Glass")
    guest.does("type")
    names = ("name", "number", "issued") if kind in ("resident_card", "licence") else ("number", "birth", "expiry")
    for name, text in zip(names, fields, strict=True):
        await until_field(guest, name)
        guest.does("set_field", text=text)
    await guest.sees("Confirm")


async def until_field(guest: Guest, name: str) -> None:
    """Wait until this field is asked for."""
    await until(lambda: guest.screen == "Field" and guest.view["values"]["field"] == name, 20)


async def checked(guest: Guest) -> dict[str, Any]:
    """Confirm, and wait for the result."""
    guest.does("confirm")
    view: dict[str, Any] = await guest.sees("Result")
    return dict(view["values"])


def matches(peers: Counter) -> bool:
    """The officer compares and finds the holder."""
    return peers.officers.answer(OfficerAnswer.HOLDER_MATCHES)
