"""A nexo terminal over HTTP. It waits for its customer's act, books the outcome, and repeats it for a repeated key.

It offers the whole card in every answer, made up and with no valid check digit, so that whoever keeps it is found out.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from devices.bench.book import Book
from devices.bench.peer import Peer
from devices.bench.web import Request, Web, answer, broken_off, silence
from devices.wire import dig

MONEY = ("Payment", "Reversal", "Reconciliation")
Json: TypeAlias = dict[str, Any]
PAN = "9999990000000018"
#: How much more than asked is charged when `wrong_amount` is ordered.
TOO_MUCH_WON = 1000


@dataclass
class Waiting:
    """A charge that waits for its customer; `done` holds the booked entry."""

    service_id: str
    key: str
    won: int
    done: asyncio.Future[Json] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class TerminalPeer(Peer):
    """`auto_s` is after how many seconds the customer approves by himself; None: never. A new one is not logged in."""

    FAULTS = (
        "mute_before", "mute_after", "slow", "decline", "unplug", "garbage", "enquiry_down", "logged_out",
        "no_acquirer", "wrong_amount", "late_request", "late_reply", "duplicate_reply", "foreign_reply", "half_frame",
        "last_transaction", "other_currency", "card_in_words",
    )  # fmt: skip

    def __init__(
        self, book: Path, seed: int = 0, auto_s: float | None = None, customer_s: float = 60.0, slow_s: float = 1.0,
        late_s: float = 8.0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.book = Book(book)
        self.auto_s = auto_s
        self.waiting: Waiting | None = None
        self.logged_in = False
        self._customer_s, self._slow_s, self._late_s = customer_s, slow_s, late_s
        self._random = random.Random(seed)
        self._web = Web(self._serve)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        for task in tuple(self._tasks):
            task.cancel()
        await self._web.stop()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Plug and login; a charge in progress goes on inside the terminal."""
        self.logged_in = self.logged_in and fault != "logged_out"
        if fault == "unplug":
            self._web.plug(on)

    def act(self, approve: bool) -> bool:
        """The customer holds a card to the terminal, or declines; False when nothing waits."""
        if self.waiting is None:
            return False
        approved = approve and "decline" not in self.ordered
        reason = "Refusal" if approve else "Cancel"
        self._settle(self.waiting, "approved" if approved else "declined", "" if approved else reason)
        return True

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        message = dig(request.json(), "SaleToPOIRequest")
        header = dig(message, "MessageHeader")
        category = str(dig(header, "MessageCategory"))
        if "slow" in self.ordered:
            await asyncio.sleep(self._slow_s)
        await self._trouble(category, "late_request", "mute_before")
        body = await self.reply(category, str(dig(header, "ServiceID")), dig(message, f"{category}Request"))
        await self._trouble(category, "late_reply", "mute_after")
        if category == "TransactionStatus" and "enquiry_down" in self.ordered:
            return await silence()
        await self._say(writer, header if isinstance(header, dict) else {}, category, body)

    async def _trouble(self, category: str, late: str, mute: str) -> None:
        """What may keep a message about money, or its answer, under way."""
        if category in MONEY and late in self.ordered:
            await asyncio.sleep(self._late_s)
        if category in MONEY and mute in self.ordered:
            await silence()

    async def _say(self, writer: asyncio.StreamWriter, header: Json, category: str, body: Json) -> None:
        """Send the answer, as whole as it was ordered."""
        header, body = {**header, "MessageType": "Response"}, self._worded(body)
        if "foreign_reply" in self.ordered:
            header["ServiceID"] = "stranger"
        said = json.dumps({"SaleToPOIResponse": {"MessageHeader": header, f"{category}Response": body}}).encode()
        said = self._random.randbytes(64) if "garbage" in self.ordered else said
        if "half_frame" in self.ordered:
            return await broken_off(writer, said)
        await answer(writer, said)
        if "duplicate_reply" in self.ordered:
            await answer(writer, said)

    def _worded(self, body: Json) -> Json:
        """The answer in another currency, or with the card's number in place of its words, where that is ordered."""
        text = json.dumps(body)
        if "other_currency" in self.ordered:
            text = text.replace('"Currency": "KRW"', '"Currency": "USD"')
        if "card_in_words" in self.ordered:
            text = re.sub(r'"(ErrorCondition|Result|GlobalStatus)": "(?!Success|OK)[^"]*"', rf'"\1": "{PAN}"', text)
        worded: Json = json.loads(text)
        return worded

    async def reply(self, category: str, service_id: str, body: Any) -> Json:
        """The response body of one message; before a login there is only one answer."""
        if category == "Login":
            self.logged_in = True
            return {**success(), "POISystemData": {"DateTime": "", "POISerialNumber": "T000000001"}}
        if not self.logged_in:
            return failure("LoggedOut")
        match category:
            case "Logout" | "Reconciliation" if self.waiting:
                return failure("Busy")
            case "Logout":
                self.logged_in = False
                return success()
            case "Reconciliation":
                booked = self.book.find("reconciliation", service_id)
                return reconciliation_response(booked or self.book.close_period(service_id))
            case "Diagnosis":
                state, reached = "Busy" if self.waiting else "OK", "no_acquirer" not in self.ordered
                return {**success(), "POIStatus": {"GlobalStatus": state, "CommunicationOKFlag": reached}}
            case "Payment":
                return await self._pay(service_id, body)
            case "TransactionStatus":
                return self._status(body)
            case "Abort":
                return self._abort(body)
            case "Reversal":
                return self._reverse(service_id, body)
            case _:
                return failure("NotAllowed")

    async def _pay(self, service_id: str, body: Any) -> Json:
        booked = self.book.find("payment", service_id)
        if booked is not None:
            return payment_response(booked)
        if "no_acquirer" in self.ordered:
            return failure("UnreachableHost")
        if self.waiting is None:
            won = dig(body, "PaymentTransaction", "AmountsReq", "RequestedAmount")
            if type(won) is not int or won <= 0 or not service_id:
                return failure("MessageFormat")
            won += TOO_MUCH_WON if "wrong_amount" in self.ordered else 0
            self._begin(Waiting(service_id, str(dig(body, "SaleData", "SaleTransactionID", "TransactionID")), won))
        waiting = self.waiting
        if waiting is None or waiting.service_id != service_id:
            return failure("Busy")
        return payment_response(await asyncio.shield(waiting.done))

    def _begin(self, waiting: Waiting) -> None:
        self.waiting = waiting
        task = asyncio.create_task(self._customer(waiting))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _customer(self, waiting: Waiting) -> None:
        """What the customer does when nobody acts for him: nothing, until the terminal gives up."""
        end = asyncio.get_running_loop().time() + self._customer_s
        begun = end - self._customer_s
        while not waiting.done.done():
            await asyncio.sleep(0.02)
            now = asyncio.get_running_loop().time()
            if "decline" in self.ordered:
                self._settle(waiting, "declined", "Refusal")
            elif self.auto_s is not None and now >= begun + self.auto_s:
                self._settle(waiting, "approved", "")
            elif now >= end:
                self._settle(waiting, "cancelled", "Cancel")

    def _settle(self, waiting: Waiting, state: str, condition: str) -> None:
        """Book the outcome; only then may anyone hear of it."""
        if waiting.done.done():
            return
        approved = state == "approved"
        entry = self.book.write(
            "payment", service_id=waiting.service_id, key=waiting.key, won=waiting.won, state=state,
            condition=condition, reference=f"P{len(self.book.entries) + 1:09d}",
            approval=f"{self._random.randrange(10**8):08d}" if approved else "",
        )  # fmt: skip
        waiting.done.set_result(entry)
        self.waiting = None if self.waiting is waiting else self.waiting

    def _abort(self, body: Any) -> Json:
        if self.waiting is not None and dig(body, "MessageReference", "ServiceID") == self.waiting.service_id:
            self._settle(self.waiting, "cancelled", "Aborted")
        return success()

    def _status(self, body: Any) -> Json:
        """What became of an earlier message; `last_transaction`: of the last one, whichever was asked for."""
        about = dig(body, "MessageReference")
        service_id, category = str(dig(about, "ServiceID")), str(dig(about, "MessageCategory"))
        if self.waiting is not None and (category, self.waiting.service_id) == ("Payment", service_id):
            return failure("InProgress")
        booked = self.book.find(category.lower(), service_id)
        if "last_transaction" in self.ordered:
            booked = next((row for row in reversed(self.book.entries) if row["entry"] == category.lower()), booked)
        return repeated(about, booked) if booked else failure("NotFound")

    def _reverse(self, service_id: str, body: Any) -> Json:
        reference = dig(body, "OriginalPOITransaction", "POITransactionID", "TransactionID")
        paid = next((row for row in self.book.entries if row.get("reference") == reference), None)
        if paid is None or paid["entry"] != "payment" or paid["state"] != "approved":
            return failure("NotFound")
        if dig(body, "ReversedAmount") != paid["won"]:
            return failure("NotAllowed")
        booked = self.book.reversal_of(paid["reference"])
        return reversal_response(booked or self.book.write(
            "reversal", service_id=service_id, key=paid["key"], won=paid["won"], original=paid["reference"],
            reference=f"R{len(self.book.entries) + 1:09d}",
        ))  # fmt: skip


def success() -> Json:
    """A response that went well."""
    return {"Response": {"Result": "Success"}}


def failure(condition: str) -> Json:
    """A response with its ErrorCondition."""
    return {"Response": {"Result": "Failure", "ErrorCondition": condition}}


def repeated(about: Json, entry: Json) -> Json:
    """A TransactionStatus response that repeats the answer to the message which led to this entry."""
    category = str(entry["entry"]).capitalize()
    response = payment_response if category == "Payment" else reversal_response
    header = {
        "MessageClass": "Service", "MessageType": "Response", "MessageCategory": category,
        "ServiceID": entry["service_id"], "SaleID": about.get("SaleID", ""),
    }  # fmt: skip
    body = {"MessageHeader": header, "RepeatedResponseMessageBody": {f"{category}Response": response(entry)}}
    return {**success(), "MessageReference": about, "RepeatedMessageResponse": body}


def payment_response(entry: Json) -> Json:
    """The PaymentResponse of a booked payment."""
    poi = {"POIData": {"POITransactionID": {"TransactionID": entry["reference"], "TimeStamp": entry["at"]}},
           "SaleData": {"SaleTransactionID": {"TransactionID": entry["key"], "TimeStamp": entry["at"]}}}  # fmt: skip
    if entry["state"] != "approved":
        refused = {**failure(entry["condition"])["Response"], "AdditionalResponse": f"card {PAN}"}
        return {"Response": refused, **poi}
    whole = {"PAN": PAN, "ExpDate": "3012", "TrackData": [{"TrackNumb": 2, "TrackValue": f";{PAN}=30121010000000000?"}]}
    card = {"PaymentBrand": "Test card", "MaskedPan": "999999******0018", "SensitiveCardData": whole}
    result = {
        "PaymentInstrumentData": {"CardData": card},
        "AmountsResp": {"Currency": "KRW", "AuthorizedAmount": entry["won"]},
        "PaymentAcquirerData": {"ApprovalCode": entry["approval"]},
    }  # fmt: skip
    return {**success(), **poi, "PaymentResult": result}


def reversal_response(entry: Json) -> Json:
    """The ReversalResponse of a booked reversal."""
    poi = {"POITransactionID": {"TransactionID": entry["reference"], "TimeStamp": entry["at"]}}
    return {**success(), "POIData": poi, "ReversedAmount": entry["won"]}


def reconciliation_response(entry: Json) -> Json:
    """The ReconciliationResponse of a closed period."""
    lines = [
        {"TransactionType": kind, "TransactionCount": entry[count], "TransactionAmount": entry[won]}
        for kind, count, won in (("Debit", "charges", "charged_won"), ("ReverseDebit", "reversals", "reversed_won"))
    ]
    total = {"PaymentInstrumentType": "Card", "PaymentCurrency": "KRW", "PaymentTotals": lines}
    closed = {"ReconciliationType": "SaleReconciliation", "POIReconciliationID": entry["reference"]}
    return {**success(), **closed, "TransactionTotals": [total]}
