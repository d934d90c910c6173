"""The payment terminal: nexo Retailer protocol (Sale to POI) as JSON over HTTP, one POST per message.

The ServiceID of a charge is its key `<visit>-<attempt>`, so the terminal answers a repeated key with the outcome it
has booked. Terminals that take fewer characters (10 in one common dialect) get a base-32 SHA-256 digest of the key
instead; the whole key always travels as SaleTransactionID. A reversal's ServiceID is derived from the same key, so
that a repeated reversal is one reversal. No card data beyond brand and last four digits leaves this file.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from devices.ports import DeviceFault, FaultCode, Observation, PaymentOutcome, PaymentState
from devices.wire import JsonHttp, dig, printable

#: ErrorCondition words after which nothing was taken; any other word leaves the outcome unknown.
NOT_TAKEN = {
    "Cancel": PaymentState.CANCELLED, "Aborted": PaymentState.CANCELLED, "Busy": PaymentState.CANCELLED,
    "Refusal": PaymentState.DECLINED, "InvalidCard": PaymentState.DECLINED, "WrongPIN": PaymentState.DECLINED,
    "PaymentRestriction": PaymentState.DECLINED, "NotAllowed": PaymentState.UNAVAILABLE,
    "MessageFormat": PaymentState.UNAVAILABLE, "LoggedOut": PaymentState.UNAVAILABLE,
    "UnavailableService": PaymentState.UNAVAILABLE, "UnavailableDevice": PaymentState.UNAVAILABLE,
    "UnreachableHost": PaymentState.UNAVAILABLE,
}  # fmt: skip


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

    async def open(self) -> None:
        """Log in."""
        software = {"ManufacturerID": "unmanned-branch", "ApplicationName": "kiosk", "SoftwareVersion": "1"}
        body = {"DateTime": self._now(), "SaleSoftware": software, "OperatorLanguage": "ko"}
        answer = await self._exchange("Login", uuid.uuid4().hex[:10], body, self._reply_s)
        if dig(answer, "Response", "Result") != "Success":
            raise DeviceFault(FaultCode.MISCONFIGURED, f"login refused: {self._reason(answer)}")
        self._logged_in = True

    async def close(self) -> None:
        """Nothing to let go of: each message has a connection of its own."""

    async def probe(self) -> Observation:
        """DiagnosisRequest: is the terminal well, and does it reach its acquirer."""
        answer = await self._exchange("Diagnosis", uuid.uuid4().hex[:10], {"HostDiagnosisFlag": False}, self._reply_s)
        state = printable(dig(answer, "POIStatus", "GlobalStatus"), 20)
        if not self._logged_in:
            raise DeviceFault(FaultCode.NOT_LOGGED_IN, "the terminal has forgotten the login")
        if dig(answer, "Response", "Result") != "Success" or not state:
            raise DeviceFault(FaultCode.PROTOCOL, f"diagnosis failed: {self._reason(answer)}")
        faults = set[FaultCode]() if state in ("OK", "Busy") else {FaultCode.DISCONNECTED}
        if dig(answer, "POIStatus", "CommunicationOKFlag") is False:
            faults.add(FaultCode.NO_ACQUIRER)
        return Observation(frozenset(faults), (("terminal", state),), simulated=self._simulated)

    async def pay(self, key: str, won: int, timeout_s: float) -> PaymentOutcome:
        """Charge once under this key. DISCONNECTED means that this message was never sent."""
        amounts = {"AmountsReq": {"Currency": "KRW", "RequestedAmount": won}}
        body = {"SaleData": self._sale_data(key), "PaymentTransaction": amounts}
        answer = await self._money("Payment", self.service_id(key), body, timeout_s)
        outcome = self._outcome(key, answer)
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
        reference = {"MessageCategory": "Payment", "ServiceID": self.service_id(key), "SaleID": self._sale_id}
        body = {"AbortReason": "MerchantAbort", "MessageReference": reference}
        await self._http.ask("POST", "/nexo", self._message("Abort", uuid.uuid4().hex[:10], body), timeout_s)

    async def reverse(self, key: str, won: int, timeout_s: float) -> PaymentOutcome:
        """Give the charge back; what is not approved now is returned as the enquiry found it."""
        found = await self.enquire(key, timeout_s)
        if found.state is not PaymentState.APPROVED:
            return found
        body = {
            "SaleData": self._sale_data(key), "ReversalReason": "MerchantCancel", "ReversedAmount": won,
            "OriginalPOITransaction": {"POITransactionID": {"TransactionID": found.reference}},
        }  # fmt: skip
        answer = await self._money("Reversal", self.service_id(key, "R"), body, timeout_s, sent_before=True)
        back = self._outcome(key, answer, PaymentState.REVERSED)
        if back.won != won:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"asked for {won} back, reversed {back.won}")
        return back

    def service_id(self, key: str, suffix: str = "") -> str:
        """The ServiceID of a key: the key itself, or a digest where the terminal takes fewer characters."""
        whole = key + suffix
        if len(whole) <= self._limit:
            return whole
        return base64.b32encode(hashlib.sha256(whole.encode()).digest()).decode()[: self._limit]

    async def _status(self, key: str, category: str, service_id: str, timeout_s: float) -> PaymentOutcome:
        """TransactionStatus of one earlier message."""
        body = {"MessageReference": {"MessageCategory": category, "ServiceID": service_id, "SaleID": self._sale_id}}
        answer = await self._money("TransactionStatus", uuid.uuid4().hex[:10], body, timeout_s, sent_before=True)
        condition = dig(answer, "Response", "ErrorCondition")
        if condition in ("NotFound", "InProgress"):
            state = PaymentState.NOT_FOUND if condition == "NotFound" else PaymentState.IN_PROGRESS
            return PaymentOutcome(key, state, 0, reason=condition)
        repeated = dig(answer, "RepeatedMessageResponse", "RepeatedResponseMessageBody", f"{category}Response")
        if category == "Payment":
            return self._outcome(key, repeated)
        if dig(repeated, "Response", "Result") == "Failure":
            return PaymentOutcome(key, PaymentState.NOT_FOUND, 0, reason=self._reason(repeated))
        return self._outcome(key, repeated, PaymentState.REVERSED)

    def _outcome(self, key: str, answer: Any, done: PaymentState = PaymentState.APPROVED) -> PaymentOutcome:
        """A PaymentResponse or ReversalResponse as an outcome; whatever is not plain is OUTCOME_UNKNOWN."""
        result, reason = dig(answer, "Response", "Result"), self._reason(answer)
        reference = printable(dig(answer, "POIData", "POITransactionID", "TransactionID"), 64)
        if result == "Failure" and reason.split(":")[0] in NOT_TAKEN and done is PaymentState.APPROVED:
            return PaymentOutcome(key, NOT_TAKEN[reason.split(":")[0]], 0, reference=reference, reason=reason)
        paid = dig(answer, "PaymentResult")
        charged = done is PaymentState.APPROVED
        won = dig(paid, "AmountsResp", "AuthorizedAmount") if charged else dig(answer, "ReversedAmount")
        if result != "Success" or type(won) is not int or won <= 0:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"the terminal says {result!r} {reason}")
        approval = printable(dig(paid, "PaymentAcquirerData", "ApprovalCode"), 16)
        return PaymentOutcome(key, done, won, approval, reference, self._card(paid))

    def _card(self, paid: Any) -> str:
        data = dig(paid, "PaymentInstrumentData", "CardData")
        last_four = re.search(r"[0-9]{4}$", printable(dig(data, "MaskedPan"), 24))
        return f"{printable(dig(data, 'PaymentBrand'), 20)} ****{last_four[0]}".strip() if last_four else ""

    def _reason(self, answer: Any) -> str:
        words = (printable(dig(answer, "Response", word), 80) for word in ("ErrorCondition", "AdditionalResponse"))
        return ": ".join(word for word in words if word)

    async def _money(
        self, category: str, service_id: str, body: dict[str, Any], timeout_s: float, sent_before: bool = False
    ) -> Any:
        """An exchange after whose silence, or broken answer, the outcome is unknown."""
        try:
            return await self._exchange(category, service_id, body, timeout_s)
        except DeviceFault as fault:
            if fault.code is FaultCode.DISCONNECTED and not sent_before:
                raise
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"{category}: {fault}") from fault

    async def _exchange(self, category: str, service_id: str, body: dict[str, Any], timeout_s: float) -> Any:
        _, answer = await self._http.ask("POST", "/nexo", self._message(category, service_id, body), timeout_s)
        if dig(answer, "SaleToPOIResponse", "MessageHeader", "ServiceID") != service_id:
            raise DeviceFault(FaultCode.PROTOCOL, "the answer belongs to another message")
        body = dig(answer, "SaleToPOIResponse", f"{category}Response")
        self._logged_in = self._logged_in and dig(body, "Response", "ErrorCondition") != "LoggedOut"
        return body

    def _message(self, category: str, service_id: str, body: dict[str, Any]) -> dict[str, Any]:
        header = {
            "ProtocolVersion": "3.0", "MessageClass": "Service", "MessageType": "Request",
            "MessageCategory": category, "ServiceID": service_id, "SaleID": self._sale_id, "POIID": self._poi_id,
        }  # fmt: skip
        return {"SaleToPOIRequest": {"MessageHeader": header, f"{category}Request": body}}

    def _sale_data(self, key: str) -> dict[str, Any]:
        return {"SaleTransactionID": {"TransactionID": key, "TimeStamp": self._now()}}

    def _now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds")
