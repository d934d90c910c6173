"""The devices of a bank counter as stations: host links, intake, PIN pad, document camera, officers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from devices import catalog
from devices.agency import AgencyDesk, Application, NotSigned, Word, read_decision
from devices.banking import BankHost, Declined, HostOutcome, HostState
from devices.bench.bank import CARDS, Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.bench.bank_web import CLIENT, ORGANISATION, BankWebPeer, secret_file
from devices.bench.counter_web import GlassPeer, IntakePeer, Lying, OfficerPeer, key_of
from devices.bench.epp import open_card, pin_in
from devices.bench.pin_pad import PinPadPeer
from devices.counter import (
    DocumentCamera,
    DocumentKind,
    NotBelieved,
    OfficerAnswer,
    OfficerDesk,
    OfficerKey,
    OfficerRequest,
    PinPad,
    read_answer,
)
from tests.campaigns.stations import HOST, SHORT_S, Station, Told
from tests.devices.banks import PAYER, card, order

WON, OPENED = 50_000, 3_000_000


class HostStation(Station):
    name, driver, drivers = "bank_host", "iso8583", catalog.BANK_HOSTS
    faults: tuple[str, ...] = SwitchPeer.FAULTS
    peer: SwitchPeer | BankWebPeer

    async def options(self) -> Mapping[str, object]:
        key, file = made_up_key(self.folder)
        self.peer = SwitchPeer(Bank(self.folder / "bank.jsonl"), key, slow_s=0.5, late_s=0.6)
        traces = str(self.folder / "traces.jsonl")
        return {"host": HOST, "port": await self.peer.start(), "mac_key_file": str(file), "trace_book": traces}

    async def ask(self) -> Told:
        return self._told(await cast(BankHost, self.device).transfer("v-1", card(), order(WON), SHORT_S))

    async def then(self) -> Told:
        """Ask, and call off what nobody has heard of; whatever was still on its way has come by then."""
        await asyncio.sleep(0.7)
        host = cast(BankHost, self.device)
        found = await host.enquire("v-1", SHORT_S)
        if found.state is HostState.NOT_FOUND:
            found = await host.reverse("v-1", WON, SHORT_S)
        return self._told(found)

    def _told(self, said: HostOutcome) -> Told:
        """Whether the bank's book says so too, to the won."""
        moved = OPENED - self.peer.bank.balance(PAYER)
        right = moved == (WON if said.state is HostState.APPROVED else 0)
        return Told(f"{said.state}", True, right, said.state is HostState.APPROVED)


class WebStation(HostStation):
    driver, faults = "open_banking", BankWebPeer.FAULTS

    async def options(self) -> Mapping[str, object]:
        self.peer = BankWebPeer(Bank(self.folder / "bank.jsonl"), slow_s=0.5, late_s=0.6)
        return {
            "url": f"http://{HOST}:{await self.peer.start()}", "organisation": ORGANISATION, "client_id": CLIENT,
            "secret_file": str(secret_file(self.folder)), "trace_book": str(self.folder / "traces.jsonl"),
        }  # fmt: skip


class IntakeStation(Station):
    name, driver, drivers = "bank_desk", "bank_desk", catalog.BANK_DESKS
    faults = IntakePeer.FAULTS
    peer: IntakePeer

    async def options(self) -> Mapping[str, object]:
        self.peer = IntakePeer(self.folder / "intake.jsonl", slow_s=0.5)
        return {"url": f"http://{HOST}:{await self.peer.start()}"}

    async def ask(self) -> Told:
        """An application handed in, and the bank's decision on it."""
        desk = cast(AgencyDesk, self.device)
        try:
            received = await desk.hand_in("v-1", Application("990", "loan", b"sealed"), SHORT_S)
        except Declined as no:
            return Told(no.why.value)
        self.peer.decide(received.reference, Word.REFUSED)
        message = await desk.decision("990", received.reference, SHORT_S)
        if message is None:
            return Told("no decision")
        keys = {"990": key_of("bank 990").public_key().public_bytes_raw()}
        try:
            word = read_decision(message, keys, "990", received.reference).word
        except NotSigned:
            return Told("not signed by the bank")
        return Told(f"handed in, {word}", True, word is Word.REFUSED)

    async def then(self) -> Told:
        found = await cast(AgencyDesk, self.device).enquire("v-1", SHORT_S)
        booked = self.peer.book.find("hand_in", "v-1")
        return Told("received" if found else "never came", True, (found is None) == (booked is None))


class PadStation(Station):
    name, driver, drivers = "pin_pad", "xfs_pin_pad", catalog.PIN_PADS
    faults = PinPadPeer.FAULTS
    peer: PinPadPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = PinPadPeer()
        return {"host": HOST, "port": await self.peer.start()}

    async def ask(self) -> Told:
        self.peer.lay(0)
        self.peer.press(CARDS[0].pin + "#")
        said = await cast(PinPad, self.device).credential("v-1", SHORT_S)
        pan = open_card(said.card, said.ksn)
        return Told("card and PIN, sealed", True, pin_in(said.pin_block, pan, said.ksn) == CARDS[0].pin)


class GlassStation(Station):
    name, driver, drivers = "document_camera", "glass_camera", catalog.DOCUMENT_CAMERAS
    faults = GlassPeer.FAULTS
    peer: GlassPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = GlassPeer(slow_s=0.5)
        return {"url": f"http://{HOST}:{await self.peer.start()}"}

    async def ask(self) -> Told:
        """A proposal claims nothing: the customer confirms or types."""
        self.peer.lay(Lying("licence", (("name", "홍새벽"), ("number", "990000000001"))))
        said = await cast(DocumentCamera, self.device).propose(DocumentKind.LICENCE, SHORT_S)
        sure = sum(each.sure >= 0.8 for each in said.fields.values())
        return Told(f"{len(said.fields)} fields proposed, {sure} of them sure")


class QueueStation(Station):
    name, driver, drivers = "officer", "officer_queue", catalog.OFFICERS
    faults = OfficerPeer.FAULTS
    peer: OfficerPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = OfficerPeer(slow_s=0.5)
        return {"url": f"http://{HOST}:{await self.peer.start()}"}

    async def ask(self) -> Told:
        """A first call is answered, then a second: only an answer to that one may be believed."""
        desk, keys = cast(OfficerDesk, self.device), {}
        keys["officer-1"] = OfficerKey("officer-1", key_of("officer-1").public_key().public_bytes_raw())
        for number in ("v-o1", "v-o2"):
            await desk.request(OfficerRequest(number, "bank", "purpose"), SHORT_S)
            self.peer.answer(OfficerAnswer.HOLD)
        word = await desk.look("v-o2", SHORT_S)
        if word.answer is None:
            return Told(f"{word.state}")
        try:
            found = read_answer(word.answer, keys, "K-0001", "v-o2", datetime.now(UTC))
        except NotBelieved as doubt:
            return Told(f"answer doubted: {doubt.why}")
        return Told(f"answered: {found.answer}", True, found.answer is OfficerAnswer.HOLD)


STATIONS: tuple[type[Station], ...] = (
    HostStation, WebStation, IntakeStation, PadStation, GlassStation, QueueStation,
)  # fmt: skip
