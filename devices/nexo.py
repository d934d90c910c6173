"""The nexo Retailer protocol (Sale to POI, 3.0) as JSON: what is sent, and what an answer is believed to say. Pure.

An answer about a charge is believed only where it names that charge, and won. Of a card nothing but brand and last
four digits is taken out of an answer; of its words those of the standard, and of its free text no run of digits that
could be a card number. The terminal's own numbers (of a transaction, of a period) are kept as they are: a reversal
needs them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias

from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState, Totals
from devices.wire import dig, printable

Json: TypeAlias = dict[str, Any]

#: ErrorCondition words after which nothing was taken; any other word leaves the outcome unknown.
NOT_TAKEN = {
    "Cancel": PaymentState.CANCELLED, "Aborted": PaymentState.CANCELLED, "Busy": PaymentState.CANCELLED,
    "Refusal": PaymentState.DECLINED, "InvalidCard": PaymentState.DECLINED, "WrongPIN": PaymentState.DECLINED,
    "PaymentRestriction": PaymentState.DECLINED, "NotAllowed": PaymentState.UNAVAILABLE,
    "MessageFormat": PaymentState.UNAVAILABLE, "LoggedOut": PaymentState.UNAVAILABLE,
    "UnavailableService": PaymentState.UNAVAILABLE, "UnavailableDevice": PaymentState.UNAVAILABLE,
    "UnreachableHost": PaymentState.UNAVAILABLE,
}  # fmt: skip
#: The standard's other words for what went wrong, for results and for the state of a terminal.
CONDITIONS = frozenset({*NOT_TAKEN, "DeviceOut", "InsertedCard", "InProgress", "NotFound"})
RESULTS = frozenset({"Success", "Failure", "Partial"})
GLOBAL_STATUS = frozenset({"OK", "Busy", "Maintenance", "Unreachable"})
#: More digits in a row than any of the terminal's own words needs.
LONG_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){6,}")


def service_id(key: str, limit: int) -> str:
    """The ServiceID of a key: the key itself, or a base-32 SHA-256 digest where the terminal takes fewer characters."""
    if len(key) <= limit:
        return key
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:limit]


def request(category: str, service: str, sale_id: str, poi_id: str, body: Json) -> Json:
    """One whole message."""
    header = {
        "ProtocolVersion": "3.0", "MessageClass": "Service", "MessageType": "Request", "MessageCategory": category,
        "ServiceID": service, "SaleID": sale_id, "POIID": poi_id,
    }  # fmt: skip
    return {"SaleToPOIRequest": {"MessageHeader": header, f"{category}Request": body}}


def body_of(answer: Any, category: str, service: str, sale_id: str) -> Any:
    """The response body; PROTOCOL when the answer belongs to another message."""
    if not is_of(dig(answer, "SaleToPOIResponse", "MessageHeader"), category, service, sale_id):
        raise DeviceFault(FaultCode.PROTOCOL, "the answer belongs to another message")
    return dig(answer, "SaleToPOIResponse", f"{category}Response")


def is_of(header: Any, category: str, service: str, sale_id: str) -> bool:
    """Whether a header is of this message: its ServiceID always, category and SaleID where they are told."""
    wanted = {"MessageCategory": category, "SaleID": sale_id}
    told_right = all(dig(header, key) in (None, value) for key, value in wanted.items())
    return told_right and bool(dig(header, "ServiceID") == service)


def login() -> Json:
    """LoginRequest."""
    software = {"ManufacturerID": "unmanned-branch", "ApplicationName": "kiosk", "SoftwareVersion": "1"}
    return {"DateTime": now(), "SaleSoftware": software, "OperatorLanguage": "ko"}


def payment(key: str, won: int) -> Json:
    """PaymentRequest of so many won."""
    amounts = {"AmountsReq": {"Currency": "KRW", "RequestedAmount": won}}
    return {"SaleData": sale_data(key), "PaymentTransaction": amounts}


def reversal(key: str, won: int, reference: str) -> Json:
    """ReversalRequest of the payment with this POI reference."""
    original = {"POITransactionID": {"TransactionID": reference}}
    return {"SaleData": sale_data(key), "ReversalReason": "MerchantCancel", "ReversedAmount": won,
            "OriginalPOITransaction": original}  # fmt: skip


def message_reference(category: str, service: str, sale_id: str) -> Json:
    """What a TransactionStatus or an Abort is about."""
    return {"MessageReference": {"MessageCategory": category, "ServiceID": service, "SaleID": sale_id}}


def sale_data(key: str) -> Json:
    """The whole key, whatever became of it as a ServiceID."""
    return {"SaleTransactionID": {"TransactionID": key, "TimeStamp": now()}}


def now() -> str:
    """The moment as nexo writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def succeeded(body: Any) -> bool:
    """Result is Success."""
    return bool(dig(body, "Response", "Result") == "Success")


def condition(body: Any) -> str:
    """The ErrorCondition; empty when there is none of the standard."""
    return word(dig(body, "Response", "ErrorCondition"), CONDITIONS)


def word(value: Any, known: frozenset[str]) -> str:
    """The value where it is one of the standard's words, else empty: whatever else stands there goes no further."""
    return value if isinstance(value, str) and value in known else ""


def reason(body: Any) -> str:
    """ErrorCondition and AdditionalResponse for staff."""
    more = scrubbed(printable(dig(body, "Response", "AdditionalResponse"), 80))
    return ": ".join(word for word in (condition(body), more) if word)


def scrubbed(text: str) -> str:
    """The text without any run of digits that could be a card number."""
    return LONG_NUMBER.sub("#", text)


def charge(key: str, body: Any) -> PaymentOutcome:
    """A PaymentResponse as an outcome; whatever is not plain, of this key and in won is OUTCOME_UNKNOWN."""
    _of_sale(key, body)
    state = NOT_TAKEN.get(condition(body))
    if state is not None and dig(body, "Response", "Result") == "Failure":
        return PaymentOutcome(key, state, 0, reference=reference(body), reason=reason(body))
    paid = dig(body, "PaymentResult")
    if dig(paid, "AmountsResp", "Currency") not in (None, "KRW"):
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "authorised in another currency than KRW")
    won = _won(body, dig(paid, "AmountsResp", "AuthorizedAmount"))
    approval = printable(dig(paid, "PaymentAcquirerData", "ApprovalCode"), 11)  # shorter than any card number
    return PaymentOutcome(key, PaymentState.APPROVED, won, approval, reference(body), card(paid))


def given_back(key: str, body: Any) -> PaymentOutcome:
    """A ReversalResponse as an outcome; whatever is not a success of this key is OUTCOME_UNKNOWN."""
    _of_sale(key, body)
    won = _won(body, dig(body, "ReversedAmount"))
    return PaymentOutcome(key, PaymentState.REVERSED, won, reference=reference(body))


def _of_sale(key: str, body: Any) -> None:
    """OUTCOME_UNKNOWN where an answer names another sale than the one asked about."""
    if dig(body, "SaleData", "SaleTransactionID", "TransactionID") not in (None, key):
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the answer is about another sale")


def status(key: str, category: str, service: str, sale_id: str, body: Any) -> PaymentOutcome:
    """A TransactionStatusResponse about the Payment or Reversal with this key and ServiceID.

    A reversal that failed is as if never asked; the answer to any other message than that one is OUTCOME_UNKNOWN.
    """
    if dig(body, "MessageReference", "ServiceID") not in (None, service):
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the enquiry is answered about another message")
    state = {"NotFound": PaymentState.NOT_FOUND, "InProgress": PaymentState.IN_PROGRESS}.get(condition(body))
    if state is not None:
        return PaymentOutcome(key, state, 0, reason=condition(body))
    found = dig(body, "RepeatedMessageResponse")
    if found is not None and not is_of(dig(found, "MessageHeader"), category, service, sale_id):
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the enquiry is answered with another message")
    repeated = dig(found, "RepeatedResponseMessageBody", f"{category}Response")
    if category == "Payment":
        return charge(key, repeated)
    if dig(repeated, "Response", "Result") == "Failure":
        return PaymentOutcome(key, PaymentState.NOT_FOUND, 0, reason=reason(repeated))
    return given_back(key, repeated)


def _won(body: Any, won: Any) -> int:
    if not succeeded(body) or type(won) is not int or won <= 0:
        result = word(dig(body, "Response", "Result"), RESULTS)
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"the terminal says {result!r} {reason(body)}")
    return won


def reference(body: Any) -> str:
    """The POI's own number of the transaction."""
    return printable(dig(body, "POIData", "POITransactionID", "TransactionID"), 64)


def card(paid: Any) -> str:
    """Brand and last four digits of a PaymentResult; empty when it tells none."""
    data = dig(paid, "PaymentInstrumentData", "CardData")
    last_four = re.search(r"[0-9]{4}$", printable(dig(data, "MaskedPan"), 24))
    brand = scrubbed(printable(dig(data, "PaymentBrand"), 20))
    return f"{brand} ****{last_four[0]}".strip() if last_four else ""


def totals(body: Any) -> Totals:
    """A ReconciliationResponse in won; OUTCOME_UNKNOWN when it is no whole one, for the period may be closed."""
    sums = {"Debit": (0, 0), "ReverseDebit": (0, 0)}
    try:
        if not succeeded(body):
            raise ValueError(reason(body))
        for kind, count, won in _lines(body):
            sums[kind] = (sums[kind][0] + count, sums[kind][1] + won)
    except (ValueError, KeyError, TypeError) as error:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"reconciliation: {scrubbed(str(error))[:80]}") from None
    closed = printable(dig(body, "POIReconciliationID"), 40)
    return Totals(*sums["Debit"], *sums["ReverseDebit"], closed)


def _lines(body: Any) -> Iterator[tuple[str, int, int]]:
    """Kind, number and won of every line of the totals."""
    for total in dig(body, "TransactionTotals") or ():
        if dig(total, "PaymentCurrency") != "KRW":
            raise ValueError("totals in another currency than KRW")
        for line in total["PaymentTotals"]:
            count, won = line["TransactionCount"], line["TransactionAmount"]
            if type(count) is not int or type(won) is not int or count < 0 or won < 0:
                raise ValueError("totals that are no numbers")
            yield str(line["TransactionType"]), count, won
