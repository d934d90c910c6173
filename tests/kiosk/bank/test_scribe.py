"""Papers, seals, holds and bills: what the hands of an application do, and what they refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.bench.bench import bank_keys
from devices.counter import Photo, Proposal
from devices.ports import Code, DeviceFault, FaultCode
from kiosk.facts import Fact, Faulted
from kiosk.intake import bills
from kiosk.intake import facts as i
from kiosk.intake.bills import Bill
from kiosk.intake.scribe import Scribe
from kiosk.tables import BankTable

BILL = Bill("991", "99900600000006", 34_560, "2026070012")
BANKS = {"990": BankTable.model_validate(bank_keys("990", "시연"))}


@dataclass
class Desk:
    """A camera that sees nothing, a reader with codes to show, and what the journal remembers."""

    codes: list[str] = field(default_factory=list)
    kept: list[i.HoldKept] = field(default_factory=list)

    document_camera = None

    @property
    def code_reader(self) -> Desk:
        return self

    def check(self, name: str) -> None:
        if name == "code_reader" and not self.codes:
            raise DeviceFault(FaultCode.DISCONNECTED)

    async def scan(self, timeout_s: float) -> tuple[Code, ...]:
        return (Code(self.codes[0], "QRCode", "reader"),)

    async def holds(self) -> Sequence[i.HoldKept]:
        return self.kept


def scribe(desk: Desk) -> Scribe:
    return Scribe(desk, desk, BANKS, b"m" * 32)  # type: ignore[arg-type]  # as much of a crew as is asked for


def does(desk: Desk, command: object) -> Fact | None:
    async def run() -> Fact | None:
        return await scribe(desk).hands[type(command)]("v1", command)  # type: ignore[index]  # a command

    return asyncio.run(run())


def test_a_bill_is_read_as_it_was_written() -> None:
    assert bills.read(bills.write(BILL)) == BILL
    assert does(Desk([bills.write(BILL)]), i.WatchBill()) == i.BillRead("991", 34_560, BILL.account, BILL.number)


@given(st.integers(0, 60), st.characters(codec="ascii"))
def test_a_changed_bill_is_none_or_another_character_was_the_same(at: int, letter: str) -> None:
    code = bills.write(BILL)
    changed = code[: at % len(code)] + letter + code[at % len(code) + 1 :]
    assert changed == code or isinstance(bills.read(changed), str)


@pytest.mark.parametrize("code", ["", "https://example.org", "BILL1-991-1-1-1-1", "BILL2" + bills.write(BILL)[5:]])
def test_another_code_is_said_to_be_no_bill(code: str) -> None:
    assert bills.read(code) == "format"


def test_without_a_camera_or_a_reader_the_fault_names_it() -> None:
    assert does(Desk(), i.WatchBill()) == Faulted("code_reader", "disconnected", "WatchBill")
    assert does(Desk(), i.Photograph("income")) == Faulted("document_camera", "misconfigured", "Photograph")


def test_a_bank_without_a_key_gets_nothing() -> None:
    fault = Faulted("bank_desk", "misconfigured", "SealApplication")
    assert does(Desk(), i.SealApplication("v1-h1", "991", "p")) == fault
    assert isinstance(does(Desk(), i.SealApplication("v1-h1", "990", "p")), i.ApplicationSealed)


def test_a_hold_is_found_again_by_card_and_payee_alone_and_tells_neither() -> None:
    desk = Desk()
    kept = does(desk, i.KeepHold(1800, "9999-99**-****-0018", "991-99900600000006"))
    assert isinstance(kept, i.HoldKept)
    assert "0018" not in repr(kept)
    assert "99900600000006" not in repr(kept)
    desk.kept.append(kept)
    known = does(desk, i.LookHold("9999-99**-****-0018", "991-99900600000006"))
    assert isinstance(known, i.HoldKnown)
    assert 1790 <= (known.left_s or 0) <= 1800
    other_payee = does(desk, i.LookHold("9999-99**-****-0018", "991-99900200000002"))
    other_card = does(desk, i.LookHold("9999-99**-****-0026", "991-99900600000006"))
    for each in (other_payee, other_card):
        assert isinstance(each, i.HoldKnown)
        assert each.left_s is None
        assert 1790 <= (each.wider_s or 0) <= 1800
    assert does(desk, i.LookHold("9999-99**-****-0026", "991-99900200000002")) == i.HoldKnown(None)


def test_a_hold_that_passed_is_known_for_a_day() -> None:
    desk = Desk()
    kept = does(desk, i.KeepHold(-60, "c", "p"))
    desk.kept.append(kept)  # type: ignore[arg-type]  # a HoldKept
    assert does(desk, i.LookHold("c", "p")) == i.HoldKnown(0, 0)
    assert does(desk, i.LookHold("c", "q")) == i.HoldKnown(None, 0)
    assert does(desk, i.LookHold("d", "p")) == i.HoldKnown(None)  # a payee is bound only while the wait runs
    desk.kept[0] = does(desk, i.KeepHold(-90_000, "c", "p"))  # type: ignore[call-overload]  # a HoldKept
    assert does(desk, i.LookHold("c", "p")) == i.HoldKnown(None)


def test_photographs_are_gone_with_the_visit() -> None:
    hands = scribe(Desk())
    hands._photos["v1"] = {"income": Photo(b"jpeg", 1, 1)}
    hands.forget("v1")
    assert hands._photos == {}
    assert Proposal().fields == {}
