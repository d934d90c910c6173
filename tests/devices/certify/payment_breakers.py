"""Payment terminals that break one rule each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState
from tests.devices.certify.spoil import Spoilt, always, changing, spoil, swallowing


def outcome(state: PaymentState, won: int = 1000) -> Callable[[], PaymentOutcome]:
    return lambda: PaymentOutcome("certify", state, won, "12345678", "P1")


async def pay_anew(self: Spoilt, key: str, won: int, timeout_s: float) -> Any:
    """A new key for each attempt."""
    self.kept["n"] = self.kept.get("n", 0) + 1
    paid = await self.device.pay(f"{key}-{self.kept['n']}", won, timeout_s)
    return replace(paid, key=key)


async def enquire_anew(self: Spoilt, key: str, timeout_s: float) -> Any:
    return await self.device.enquire(f"{key}-{self.kept.get('n', 0)}", timeout_s)


async def nobody_aborts(_: Spoilt, *__: Any) -> None:
    return None


async def pays_at_once(self: Spoilt, key: str, won: int, timeout_s: float) -> Any:
    return await self.device.pay(key, won, min(timeout_s, 1.5))


async def pay_and_note(self: Spoilt, key: str, won: int, timeout_s: float) -> Any:
    self.kept["last"] = key
    return await self.device.pay(key, won, timeout_s)


async def enquire_last(self: Spoilt, key: str, timeout_s: float) -> Any:
    return replace(await self.device.enquire(self.kept.get("last", key), timeout_s), key=key)


async def pay_quoting(self: Spoilt, key: str, won: int, timeout_s: float) -> Any:
    try:
        return await self.device.pay(key, won, timeout_s)
    except DeviceFault as fault:
        raise DeviceFault(fault.code, "refused: 9999 9900 0000 0018") from fault


APPROVED, DECLINED = PaymentState.APPROVED, PaymentState.DECLINED
PAYMENT = {
    "payment.approves": spoil("payment", pay=changing("pay", lambda paid: replace(paid, approval=""))),
    "payment.declines": spoil("payment", pay=changing("pay", lambda paid: replace(paid, state=APPROVED))),
    "payment.one-key": spoil("payment", pay=pay_anew, enquire=enquire_anew),
    "payment.unknown": spoil("payment", pay=swallowing("pay", outcome(DECLINED, 0), FaultCode.OUTCOME_UNKNOWN)),
    "payment.enquiry": spoil(
        "payment", enquire=changing("enquire", lambda found: replace(found, state=PaymentState.NOT_FOUND))
    ),
    "payment.never-sent": spoil("payment", enquire=always(outcome(DECLINED, 0)())),
    "payment.reversed-once": spoil(
        "payment", reverse=changing("reverse", lambda found: replace(found, state=APPROVED))
    ),
    "payment.wrong-amount": spoil("payment", pay=swallowing("pay", outcome(APPROVED), FaultCode.OUTCOME_UNKNOWN)),
    "payment.other-currency": spoil("payment", pay=swallowing("pay", outcome(APPROVED), FaultCode.OUTCOME_UNKNOWN)),
    "payment.enquiry-own": spoil("payment", pay=pay_and_note, enquire=enquire_last),
    "payment.words-hold-nothing": spoil("payment", pay=pay_quoting),
    "payment.aborts": spoil("payment", abort=nobody_aborts, pay=pays_at_once),
    "payment.no-card": spoil("payment", pay=changing("pay", lambda paid: replace(paid, card="9999990000000018"))),
    "payment.cut-before": spoil("payment", pay=swallowing("pay", outcome(APPROVED))),
}  # fmt: skip
