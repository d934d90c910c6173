"""A switch with its books, a branch's end of the line, and a card whose PIN was typed on the bench's pad."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from devices.bank_iso import IsoBankHost
from devices.banking import Account, Credential, Found, NameCheck, Order, OrderKind
from devices.bench import epp
from devices.bench.bank import CARDS, Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key

PAYER, PAYEE = "99900100000001", "99900200000002"
WAIT_S = 2.0
#: What the bank finds of a name and a day of birth beside those of the first card's account.
NAMES = (
    ("홍새벽", "1990-08-15", NameCheck(Found.SAME, Found.SAME)), ("홍새벽", "", NameCheck(Found.SAME)),
    ("홍새벽", "1990-08-16", NameCheck(Found.SAME, Found.DIFFERS)), ("김가상", "", NameCheck(Found.DIFFERS)),
    ("HONGSAEBYEOK", "1990-08-15", NameCheck(Found.SAME, Found.SAME)), ("홍 새벽", "", NameCheck(Found.DIFFERS)),
    ("HONGSAEBYUK", "1990-08-15", NameCheck(Found.DIFFERS, Found.SAME)),
)  # fmt: skip


def card(number: int = 0, pin: str | None = None, ksn: str = "FFFF9876543200000001") -> Credential:
    mine = CARDS[number]
    return Credential(
        "990", "999999******0018", epp.seal_card(mine.pan, ksn), epp.pin_block(pin or mine.pin, mine.pan, ksn), ksn
    )


def order(won: int = 50_000, to: str = PAYEE, kind: OrderKind = OrderKind.TRANSFER) -> Order:
    return Order(kind, Account("991", to), won, "김가상")


@dataclass
class Line:
    """Both ends; `host` makes another driver on the same trace book, as after a power cut."""

    peer: SwitchPeer
    bank: Bank
    folder: Path
    port: int
    key_file: Path

    def host(self, reply_s: float = 0.5) -> IsoBankHost:
        return IsoBankHost("bank_host", "127.0.0.1", self.port, str(self.key_file), str(self.folder / "trace.jsonl"),
                           reply_s=reply_s, simulated=True)  # fmt: skip


@asynccontextmanager
async def switch(folder: Path, slow_s: float = 0.3, late_s: float = 0.3) -> AsyncIterator[Line]:
    key, file = made_up_key(folder)
    bank = Bank(folder / "bank.jsonl")
    peer = SwitchPeer(bank, key, seed=1, slow_s=slow_s, late_s=late_s)
    port = await peer.start()
    try:
        yield Line(peer, bank, folder, port, file)
    finally:
        await peer.stop()


@asynccontextmanager
async def signed_on(line: Line) -> AsyncIterator[IsoBankHost]:
    host = line.host()
    await host.open()
    try:
        yield host
    finally:
        await host.close()
