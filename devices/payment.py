"""The payment terminal: nexo Retailer protocol (Sale to POI) as JSON over HTTP, one POST per message.

The ServiceID of a charge is its key `<visit>-<attempt>`, so the terminal answers a repeated key with the outcome it
has booked. Terminals that take fewer characters (10 in one common dialect) get a digest of the key instead; the whole
key always travels as SaleTransactionID. A reversal's ServiceID is derived from the same key, so that a repeated
reversal is one reversal. No card data beyond brand and last four digits leaves devices/nexo.py.
"""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from devices import nexo
from devices.ports import DeviceFault, FaultCode, Observation, PaymentOutcome, PaymentState, Totals
from devices.wire import JsonHttp, dig

#: After these the message was never sent.
UNSENT = (FaultCode.DISCONNECTED, FaultCode.NOT_PAIRED)


class NexoTerminal:
    """One terminal. Every silence after a money message was sent is OUTCOME_UNKNOWN, never a second payment."""

    def __init__(  # noqa: PLR0913  # an option of branch.toml is a parameter
        self, name: str, url: str, sale_id: str = "branch", poi_id: str = "terminal",
        service_id_limit: int = 64, reply_s: float = 3.0, simulated: bool = False, *, tls_pin: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self._http = JsonHttp(url, tls_pin)
        self._sale_id, self._poi_id = sale_id, poi_id
        self._limit, self._reply_s, self._simulated = service_id_limit, reply_s, simulated
        self._logged_in = False
        self._money_under_way = 0
        self._reconciling = ""

    async def open(self) -> None:
        """Log in."""
        answer = await self._exchange("Login", _fresh(), nexo.login(), self._reply_s)
        if not nexo.succeeded(answer):
            raise DeviceFault(FaultCode.MISCONFIGURED, f"login refused: {nexo.reason(answer)}")
        self._logged_in = True

    async def close(self) -> None:
        """Log out, unless money is under way; each message has a connection of its own, so none is cut."""
        if self._logged_in and not self._money_under_way:
            self._logged_in = False
            with contextlib.suppress(DeviceFault):
                await self._exchange("Logout", _fresh(), {}, min(self._reply_s, 1.0))

    async def probe(self) -> Observation:
        """DiagnosisRequest: is the terminal well, and does it reach its acquirer."""
        answer = await self._exchange("Diagnosis", _fresh(), {"HostDiagnosisFlag": False}, self._reply_s)
        state = nexo.word(dig(answer, "POIStatus", "GlobalStatus"), nexo.GLOBAL_STATUS)
        if not self._logged_in:
            raise DeviceFault(FaultCode.NOT_LOGGED_IN, "the terminal has forgotten the login")
        if not nexo.succeeded(answer) or not state:
            raise DeviceFault(FaultCode.PROTOCOL, f"diagnosis failed: {nexo.reason(answer)}")
        faults = set[FaultCode]() if state in ("OK", "Busy") else {FaultCode.DISCONNECTED}
        if dig(answer, "POIStatus", "CommunicationOKFlag") is False:
            faults.add(FaultCode.NO_ACQUIRER)
        return Observation(frozenset(faults), (("terminal", state),), simulated=self._simulated)

    async def pay(self, key: str, won: int, timeout_s: float) -> PaymentOutcome:
        """Charge once under this key. DISCONNECTED means that this message was never sent."""
        answer = await self._money("Payment", self.service_id(key), nexo.payment(key, won), timeout_s)
        outcome = nexo.charge(key, answer)
        if outcome.state is PaymentState.APPROVED and outcome.won != won:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"asked for {won}, authorised {outcome.won}")
        return outcome

    async def enquire(self, key: str, timeout_s: float) -> PaymentOutcome:
        """How the charge of this key ended, its reversal included."""
        paid = await self._status(key, "Payment", self.service_id(key), timeout_s)
        if paid.state is not PaymentState.APPROVED:
            return paid
        back = await self._status(key, "Reversal", self.service_id(key, "R"), timeout_s)
        return back if (back.state, back.won) == (PaymentState.REVERSED, paid.won) else paid

    async def abort(self, key: str, timeout_s: float) -> None:
        """Ask the terminal to give up a charge in progress."""
        about = nexo.message_reference("Payment", self.service_id(key), self._sale_id)
        body = {"AbortReason": "MerchantAbort", **about}
        message = nexo.request("Abort", _fresh(), self._sale_id, self._poi_id, body)
        await self._http.ask("POST", "/nexo", message, timeout_s)

    async def reverse(self, key: str, won: int, timeout_s: float) -> PaymentOutcome:
        """Give the charge back; what is not approved now is returned as the enquiry found it."""
        found = await self.enquire(key, timeout_s)
        if found.state is not PaymentState.APPROVED:
            return found
        body = nexo.reversal(key, won, found.reference)
        answer = await self._money("Reversal", self.service_id(key, "R"), body, timeout_s, sent_before=True)
        back = nexo.given_back(key, answer)
        if back.won != won:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"asked for {won} back, reversed {back.won}")
        return back

    async def reconcile(self, timeout_s: float) -> Totals:
        """Close the period; after OUTCOME_UNKNOWN the next call asks for the same period's totals once more."""
        doubted, self._reconciling = self._reconciling, self._reconciling or _fresh()
        body = {"ReconciliationType": "SaleReconciliation"}
        answer = await self._money("Reconciliation", self._reconciling, body, timeout_s)
        if nexo.condition(answer) in nexo.NOT_TAKEN:
            self._reconciling = doubted  # a first no closed nothing, and would only be repeated under this ServiceID
        found = nexo.totals(answer)
        self._reconciling = ""
        return found

    def service_id(self, key: str, suffix: str = "") -> str:
        """The ServiceID of a key."""
        return nexo.service_id(key + suffix, self._limit)

    async def _status(self, key: str, category: str, service_id: str, timeout_s: float) -> PaymentOutcome:
        """TransactionStatus of one earlier message."""
        about = nexo.message_reference(category, service_id, self._sale_id)
        answer = await self._money("TransactionStatus", _fresh(), about, timeout_s, sent_before=True)
        return nexo.status(key, category, service_id, self._sale_id, answer)

    async def _money(
        self, category: str, service_id: str, body: nexo.Json, timeout_s: float, sent_before: bool = False
    ) -> Any:
        """An exchange after whose silence, or broken answer, the outcome is unknown."""
        self._money_under_way += 1
        try:
            return await self._exchange(category, service_id, body, timeout_s)
        except DeviceFault as fault:
            if fault.code in UNSENT and not sent_before:
                raise
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"{category}: {fault}") from fault
        finally:
            self._money_under_way -= 1

    async def _exchange(self, category: str, service_id: str, body: nexo.Json, timeout_s: float) -> Any:
        message = nexo.request(category, service_id, self._sale_id, self._poi_id, body)
        status, answer = await self._http.ask("POST", "/nexo", message, timeout_s)
        if not 200 <= status < 300:
            raise DeviceFault(FaultCode.PROTOCOL, f"HTTP status {status}")
        found = nexo.body_of(answer, category, service_id, self._sale_id)
        self._logged_in = self._logged_in and nexo.condition(found) != "LoggedOut"
        return found


def _fresh() -> str:
    """A ServiceID of its own, ten characters."""
    return uuid.uuid4().hex[:10]
