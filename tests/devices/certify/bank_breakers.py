"""One broken driver and, where a peer can, one lying peer for each rule of links to a bank's host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devices.banking import HostOutcome, HostState
from devices.bench.bank import Said
from devices.ports import FaultCode
from tests.devices.certify.lying_machines import put
from tests.devices.certify.spoil import Spoilt, always, changing, spoil, swallowing

WON = 1000


def told(state: HostState, won: int = WON) -> Callable[..., Any]:
    def outcome(*_: Any) -> HostOutcome:
        return HostOutcome("k", state, won, "B1")

    return outcome


async def anew(self: Spoilt, key: str, *args: Any) -> Any:
    """Each order under a new key."""
    self.kept["n"] = self.kept.get("n", 0) + 1
    return await self.device.transfer(f"{key}{self.kept['n']}", *args)


BANK_HOST = {
    "bank_host.transfers": spoil("bank_host", transfer=changing("transfer", lambda said: replace(said, reference=""))),
    "bank_host.one-key": spoil("bank_host", transfer=anew),
    "bank_host.unknown": spoil(
        "bank_host", transfer=swallowing("transfer", told(HostState.DECLINED)(), FaultCode.OUTCOME_UNKNOWN)
    ),
    "bank_host.enquiry": spoil(
        "bank_host", enquire=changing("enquire", lambda said: replace(said, state=HostState.NOT_FOUND))
    ),
    "bank_host.never-sent": spoil("bank_host", enquire=always(told(HostState.DECLINED)())),
    "bank_host.reversed-once": spoil(
        "bank_host", reverse=changing("reverse", lambda said: replace(said, state=HostState.APPROVED))
    ),
    "bank_host.wrong-amount": spoil(
        "bank_host", transfer=swallowing("transfer", told(HostState.APPROVED)(), FaultCode.OUTCOME_UNKNOWN)
    ),
    "bank_host.cut-before": spoil("bank_host", transfer=swallowing("transfer", told(HostState.APPROVED)())),
}


def books_nothing(peer: Any) -> None:
    """It says that it has booked."""
    put(peer.bank, order=lambda number, payer, payee, won, kind: Said("A", won, "B1"))


def forgets_orders(peer: Any) -> None:
    """The same number is another order."""
    put(peer.bank.book, find=lambda *_: None)


def refuses_what_it_booked(peer: Any) -> None:
    """Booked, then declined; and it never falls silent."""
    real = peer.bank.order

    def order(*args: Any) -> Said:
        said: Said = real(*args)
        return replace(said, state="D")

    put(peer.bank, order=order)
    put(peer, order=lambda fault, on=True: None)


def finds_nothing(peer: Any) -> None:
    put(peer.bank, find=lambda number: None)


def finds_what_never_was(peer: Any) -> None:
    put(peer.bank, find=lambda number: Said("A", WON, "B1"))


def says_it_took_back(peer: Any) -> None:
    put(peer.bank, reverse=lambda number, won: Said("R", won, "R1"))


def hides_the_amount(peer: Any) -> None:
    """It moves more than was asked, and says that it did not."""
    real = peer.bank.order

    def order(number: str, payer: Any, payee: str, won: int, kind: str) -> Said:
        said: Said = real(number, payer, payee, won + WON, kind)
        return replace(said, won=won)

    put(peer.bank, order=order)
    put(peer, order=lambda fault, on=True: None)
