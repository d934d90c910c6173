"""A core in this process with a whole bank counter: a peer at the other end of every wire, a guest at the link."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from devices.agency_desk import BankDesk
from devices.bank_iso import IsoBankHost
from devices.bench.bank import CARDS, Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.bench.bench import BANKS, bank_keys, officer
from devices.bench.counter_web import GlassPeer, IntakePeer, OfficerPeer, sealed_to
from devices.bench.pin_pad import PinPadPeer
from devices.bench.verification import VerificationPeer
from devices.document_camera import GlassCamera
from devices.officer_desk import OfficerQueue
from devices.pin_pad import XfsPinPad
from devices.ports import Device
from devices.supervisor import Pace, Supervisor
from devices.verification import VerificationDesk
from kiosk.config import Branch, DeviceTable, GuardTable
from kiosk.core import Crew
from kiosk.tables import BankTable, CentreTable, CounterTable, OfficerTable
from tests.kiosk.crew import HOST, House, Peers, bench, configured, house

NAMES = ("bank_host", "bank_desk", "pin_pad", "document_camera", "officer", "receipt_printer", "id_check")


@dataclass
class Counter:
    """The other end of every wire of the counter."""

    register: VerificationPeer
    switch: SwitchPeer
    pad: PinPadPeer
    glass: GlassPeer
    officers: OfficerPeer
    intake: IntakePeer

    @property
    def bank(self) -> Bank:
        """The bank's own books."""
        return self.switch.bank

    def inserts_card(self, number: int = 0, pin: str = "") -> None:
        """The customer puts a card into the pad and types its PIN."""
        self.pad.lay(number)
        self.pad.press((pin or CARDS[number].pin) + "#")


@dataclass
class Site:
    """Peers and drivers, over which a core may be started again and again."""

    folder: Path
    counter: Counter
    peers: Peers
    crew: Crew
    fraud: Path
    guard: GuardTable = field(default_factory=GuardTable)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        """A core over these devices."""
        async with house(self.folder, self.crew, self.peers, branch(self.fraud, self.guard)) as running:
            yield running


@asynccontextmanager
async def site(folder: Path, more: Mapping[str, Device] = MappingProxyType({})) -> AsyncIterator[Site]:
    """Every peer listening; each core starts the drivers, and those of `more`. A guard looks at the lobby."""
    key, file = made_up_key(folder)
    peers = Counter(
        VerificationPeer(), SwitchPeer(Bank(folder / "bank.jsonl"), key), PinPadPeer(), GlassPeer(),
        OfficerPeer(configured().branch.id), IntakePeer(folder / "intake.jsonl"),
    )  # fmt: skip
    own: dict[str, Any] = {**await drivers(peers, folder, str(file)), **more}
    async with bench(folder, start=False) as (others, crew):
        first: list[Device] = [
            crew.scale, crew.payment, crew.hatch, crew.staff_call, crew.label_printer, crew.receipt_printer,
            others.measurer, others.scanner, *own.values(),
        ]  # fmt: skip
        keeper = Supervisor(first, Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3), 1)
        try:
            looks = GuardTable(lobby=("lobby",), signs="guard" in more)
            yield Site(folder, peers, others, replace(crew, supervisor=keeper, **own), hasty(folder), looks)
        finally:
            await keeper.stop()
            for peer in vars(peers).values():
                await peer.stop()


async def drivers(peers: Counter, folder: Path, mac_file: str) -> dict[str, Device]:
    """The drivers of these peers, by name."""
    port = await peers.switch.start()
    return {
        "id_check": VerificationDesk("id_check", f"http://{HOST}:{await peers.register.start()}", simulated=True),
        "bank_host": IsoBankHost("bank_host", HOST, port, mac_file, str(folder / "trace.jsonl"), simulated=True),
        "pin_pad": XfsPinPad("pin_pad", HOST, await peers.pad.start(), simulated=True),
        "document_camera": GlassCamera("document_camera", f"http://{HOST}:{await peers.glass.start()}", simulated=True),
        "officer": OfficerQueue("officer", f"http://{HOST}:{await peers.officers.start()}", simulated=True),
        "bank_desk": BankDesk("bank_desk", f"http://{HOST}:{await peers.intake.start()}", simulated=True),
    }  # fmt: skip


def hasty(folder: Path) -> Path:
    """The shipped rules, but that a test need not wait as long as a reader does (O5): a millisecond each."""
    shipped = Path("config/fraud.toml").read_text(encoding="utf-8")
    assert shipped.count("milliseconds = ") == 1
    path = folder / "fraud.toml"
    path.write_text(re.sub(r"milliseconds = \d+", "milliseconds = 1", shipped), encoding="utf-8")
    return path


def branch(fraud: Path, guard: GuardTable) -> Branch:
    """The shipped configuration with the counter's devices, the bench's keys and these rules."""
    return configured().model_copy(update={
        "bank": CounterTable(fraud=str(fraud), contract_signing=True), "guard": guard,
        "devices": {name: DeviceTable(driver="none") for name in NAMES},
        "centre": CentreTable(seal_key=sealed_to("centre")),
        "banks": {code: BankTable.model_validate(bank_keys(code, name)) for code, name in BANKS.items()},
        "officers": (OfficerTable.model_validate(officer()),),
    })  # fmt: skip
