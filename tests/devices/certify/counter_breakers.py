"""One broken driver and, where a peer can, one lying peer for each rule of the bank counter's devices."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from devices.agency import Received, SignedMessage
from devices.banking import Declined
from devices.bench.bank import CARDS
from devices.bench.counter_web import Waiting
from devices.counter import OfficerWord, Photo, PrintedField, Proposal, QueueState
from devices.ports import DeviceFault, FaultCode
from tests.devices.certify.lying_machines import Change, put
from tests.devices.certify.spoil import Spoilt, always, changing, other_fault, raising, spoil, swallowing

UNKNOWN = FaultCode.OUTCOME_UNKNOWN


def receipt() -> Received:
    return Received("k", "990-000001", datetime.now(UTC))


# Drivers of the banks' intake


async def under_another_key(self: Spoilt, key: str, *args: Any) -> Any:
    """Each hand-in under a new key."""
    self.kept["n"] = self.kept.get("n", 0) + 1
    said = await self.device.hand_in(f"{key}{self.kept['n']}", *args)
    return replace(said, key=key)


def first_byte_less(message: SignedMessage | None) -> SignedMessage | None:
    return message and replace(message, body=message.body[1:])


async def takes_no_no(self: Spoilt, *args: Any) -> Any:
    """A signature that the bank declines is taken for signed."""
    try:
        return await self.device.sign(*args)
    except Declined:
        return SignedMessage(b"{}", bytes(64))


BANK_DESK = {
    "bank_desk.received": spoil("bank_desk", hand_in=changing("hand_in", lambda said: replace(said, reference=""))),
    "bank_desk.one-key": spoil("bank_desk", hand_in=under_another_key),
    "bank_desk.appointed": spoil("bank_desk", appoint=always(receipt())),
    "bank_desk.unknown": spoil("bank_desk", hand_in=other_fault("hand_in", FaultCode.NO_RESPONSE)),
    "bank_desk.enquiry": spoil("bank_desk", enquire=always(None)),
    "bank_desk.never-sent": spoil("bank_desk", enquire=always(receipt())),
    "bank_desk.foreign-reply": spoil("bank_desk", hand_in=swallowing("hand_in", receipt, UNKNOWN)),
    "bank_desk.cut-before": spoil("bank_desk", hand_in=swallowing("hand_in", receipt)),
    "bank_desk.closed": spoil("bank_desk", probe=swallowing("probe", None, FaultCode.NO_ACQUIRER)),
    "bank_desk.decided": spoil("bank_desk", decision=changing("decision", first_byte_less)),
    "bank_desk.undecided": spoil("bank_desk", decision=always(SignedMessage(b"{}", bytes(64)))),
    "bank_desk.offered": spoil("bank_desk", offer=changing("offer", first_byte_less)),
    "bank_desk.not-offered": spoil("bank_desk", offer=always(SignedMessage(b"{}", bytes(64)))),
    "bank_desk.receipted": spoil("bank_desk", sign=changing("sign", first_byte_less)),
    "bank_desk.other-words": spoil("bank_desk", sign=takes_no_no),
    "bank_desk.receipt-lost": spoil("bank_desk", sign=other_fault("sign", FaultCode.NO_RESPONSE)),
    "bank_desk.never-signed": spoil("bank_desk", receipt=always(SignedMessage(b"{}", bytes(64)))),
}

# Drivers of the officers' queue


async def a_new_call(self: Spoilt, request: Any, timeout_s: float) -> Any:
    """Each call under a new id."""
    self.kept["n"] = self.kept.get("n", 0) + 1
    return await self.device.request(replace(request, id=f"{request.id}{self.kept['n']}"), timeout_s)


def another_signature(said: OfficerWord) -> OfficerWord:
    return said if said.answer is None else replace(said, answer=SignedMessage(said.answer.body, bytes(64)))


WAITS = OfficerWord(QueueState.WAITING, 1)
OFFICER = {
    "officer.recorded": spoil("officer", request=always(OfficerWord(QueueState.ANSWERED))),
    "officer.one-call": spoil("officer", request=a_new_call),
    "officer.unanswered": spoil("officer", request=always(replace(WAITS, answer=SignedMessage(b"{}", bytes(64))))),
    "officer.answered": spoil("officer", look=changing("look", another_signature)),
    "officer.unknown-call": spoil("officer", look=always(WAITS)),
    "officer.withdrawn": spoil("officer", withdraw=always(None)),
    "officer.plain-text": spoil("officer", request=changing("request", lambda said: replace(said, text="a\x1b[2J"))),
    "officer.unreachable": spoil("officer", request=swallowing("request", WAITS)),
}

# Drivers of the document camera


def guessed(sure: float = 0.97) -> Proposal:
    return Proposal({"number": PrintedField("990000000002", sure)})


def surer(said: Proposal) -> Proposal:
    return Proposal({name: replace(field, sure=1.0) for name, field in said.fields.items()})


BLANK = Photo(b"\xff\xd8\xff\xd9", 100, 100)
DOCUMENT_CAMERA = {
    "document_camera.reads": spoil("document_camera", propose=always(guessed())),
    "document_camera.unsure": spoil("document_camera", propose=changing("propose", surer)),
    "document_camera.nothing-there": spoil("document_camera", photograph=swallowing("photograph", BLANK)),
    "document_camera.photographs": spoil("document_camera", photograph=always(BLANK)),
    "document_camera.dark": spoil("document_camera", propose=swallowing("propose", guessed())),
    "document_camera.lost": spoil("document_camera", probe=swallowing("probe", None)),
    "document_camera.moving": spoil("document_camera", photograph=swallowing("photograph", BLANK)),
    "document_camera.no-controls": spoil(
        "document_camera", propose=always(Proposal({"name": PrintedField("a\x1b[2J", 0.9)}))
    ),
    "document_camera.faults-hold-nothing": spoil(
        "document_camera", propose=raising(DeviceFault(FaultCode.PROTOCOL, "홍새벽"))
    ),
}

# Drivers of the PIN pad


def in_the_clear(said: Any) -> Any:
    return replace(said, pin_block=CARDS[0].pin.encode().ljust(16, b"F"))


async def same_again(self: Spoilt, *args: Any) -> Any:
    """What was sealed once is given out again."""
    said = await self.device.credential(*args)
    return self.kept.setdefault("said", said)


async def counts_once(self: Spoilt, key: str, timeout_s: float, typed: Any = None) -> Any:
    said = await self.device.credential(key, timeout_s)
    if typed is not None:
        typed(6)
    return said


async def waits_on(self: Spoilt) -> None:
    """Calling off does nothing."""


async def dead_after_nobody(self: Spoilt, *args: Any) -> Any:
    """One entry that nobody answered was the last."""
    if self.kept.get("over"):
        raise DeviceFault(FaultCode.BUSY)
    try:
        return await self.device.credential(*args)
    except DeviceFault:
        self.kept["over"] = True
        raise


PIN_PAD = {
    "pin_pad.sealed": spoil("pin_pad", credential=changing("credential", in_the_clear)),
    "pin_pad.never-alike": spoil("pin_pad", credential=same_again),
    "pin_pad.counts-keys": spoil("pin_pad", credential=counts_once),
    "pin_pad.canceled": spoil("pin_pad", credential=other_fault("credential", FaultCode.TIME_OUT)),
    "pin_pad.nobody": spoil("pin_pad", credential=dead_after_nobody),
    "pin_pad.called-off": spoil("pin_pad", cancel=waits_on),
    "pin_pad.tampered": spoil("pin_pad", probe=swallowing("probe", None, FaultCode.ACCESS_DENIED)),
    "pin_pad.wrong-card": spoil("pin_pad", credential=other_fault("credential", FaultCode.CANCELED)),
    "pin_pad.cut-within": spoil("pin_pad", credential=raising(DeviceFault(FaultCode.DISCONNECTED, CARDS[0].pan))),
}


COUNTER = {**BANK_DESK, **OFFICER, **DOCUMENT_CAMERA, **PIN_PAD}
# Peers that lie


def answering(change: Any) -> Change:
    """Every answer of the peer goes through `change(request, status, said)`."""

    def lie(peer: Any) -> None:
        real = peer.reply

        def reply(request: Any) -> Any:
            return change(request, *real(request))

        put(peer, reply=reply)

    return lie


def obeys_nobody(peer: Any) -> None:
    """No trouble that is ordered of it comes about."""
    put(peer, order=lambda fault, on=True: None)


def short_references(request: Any, status: int, said: dict[str, Any]) -> Any:
    return status, {**said, "reference": "1"} if "reference" in said else said


def forgets_its_keys(peer: Any) -> None:
    put(peer.book, find=lambda entry, key: None)


def refuses_what_it_took(peer: Any) -> None:
    """Booked, then refused; and it never falls silent."""
    obeys_nobody(peer)
    answering(lambda request, *said: (409, {"why": "closed_now"}) if request.method == "POST" else said)(peer)


def lost_hand_ins(request: Any, status: int, said: dict[str, Any]) -> Any:
    return (404, {}) if request.path.startswith("/hand-ins/") else (status, said)


def knows_every_key(request: Any, status: int, said: dict[str, Any]) -> Any:
    if status != 404 or not request.path.startswith("/hand-ins/"):
        return status, said
    key = request.path.removeprefix("/hand-ins/")
    return 200, {"key": key, "reference": "990-000001", "at": datetime.now(UTC).isoformat()}


def other_bytes(request: Any, status: int, said: dict[str, Any]) -> Any:
    """What was signed is not what is sent."""
    answer = said.get("answer")
    if isinstance(answer, dict):
        return status, {**said, "answer": other_body(answer)}
    return status, other_body(said) if "body" in said else said


def other_body(signed: Mapping[str, Any]) -> dict[str, Any]:
    return {**signed, "body": "eyJ4IjogMX0="}


def decides_by_itself(request: Any, status: int, said: dict[str, Any]) -> Any:
    made = {"body": "eyJ4IjogMX0=", "signature": "A" * 86 + "=="}
    return (200, made) if request.path.startswith("/decisions/") else (status, said)


def offers_by_itself(request: Any, status: int, said: dict[str, Any]) -> Any:
    made = {"body": "eyJ4IjogMX0=", "signature": "A" * 86 + "=="}
    return (200, made) if request.path.startswith(("/offers/", "/contracts/")) else (status, said)


def other_receipts(request: Any, status: int, said: dict[str, Any]) -> Any:
    return (status, other_body(said)) if request.path == "/contracts" and "body" in said else (status, said)


def lost_receipts(request: Any, status: int, said: dict[str, Any]) -> Any:
    return (404, {}) if request.path.startswith("/contracts/") else (status, said)


def takes_any_words(peer: Any) -> None:
    """Whatever was signed is taken."""
    put(peer.contracts, _takes=lambda *_: True)


def answers_by_itself(request: Any, status: int, said: dict[str, Any]) -> Any:
    made = {"body": "eyJ4IjogMX0=", "signature": "A" * 86 + "=="}
    return status, {**said, "answer": made} if "answer" in said else said


def says_answered(request: Any, status: int, said: dict[str, Any]) -> Any:
    return status, {**said, "state": "answered"} if "state" in said else said


def queues_again(peer: Any) -> None:
    """The same call is a new one each time."""

    class Forgetful(dict[str, Waiting]):
        def setdefault(self, number: str, call: Any = None) -> Waiting:
            self[f"{number} {len(self)}"] = self[number] = call
            return self[number]

    peer.queue = Forgetful()


def knows_every_call(request: Any, status: int, said: dict[str, Any]) -> Any:
    if status != 404:
        return status, said
    number = request.path.removeprefix("/requests/").replace("%2F", "/")
    return 200, {"id": number, "state": "waiting", "place": 1, "text": "", "answer": None}


def keeps_every_call(peer: Any) -> None:
    real = peer.reply

    def reply(request: Any) -> Any:
        return (200, {}) if request.path.endswith("/withdraw") else real(request)

    put(peer, reply=reply)


def misreads(peer: Any) -> None:
    """Another last digit, and sure of it."""
    peer.order("misread")


def shows_a_picture_of_nothing(peer: Any) -> None:
    real = peer.reply
    put(peer, reply=lambda request: (200, peer._photo()) if request.path == "/photograph" else real(request))


def tells_another_size(request: Any, status: int, said: dict[str, Any]) -> Any:
    return status, {**said, "width": 10} if "width" in said else said


def leaks_the_pin(peer: Any) -> None:
    """The block holds the PIN as it was typed."""
    real = peer._sealed
    put(peer, _sealed=lambda card, pin: {**real(card, pin), "pinBlock": pin.encode().hex().ljust(32, "0")})


def seals_alike(peer: Any) -> None:
    """One key serial number for ever."""
    real = peer._sealed

    def sealed(card: Any, pin: str) -> Any:
        peer._serial = 0
        return real(card, pin)

    put(peer, _sealed=sealed)


def saying(peer: Any, change: Any) -> None:
    """Every line of the pad goes through `change(payload)`."""
    real = peer._say

    async def say(writer: Any, name: Any, number: Any, payload: Any, kind: str = "completion") -> None:
        await real(writer, name, number, change(dict(payload)), kind)

    put(peer, _say=say)


def counts_by_twos(peer: Any) -> None:
    saying(peer, lambda said: {**said, "digits": min(12, said["digits"] * 2)} if "digits" in said else said)


def times_out_instead(peer: Any) -> None:
    """Cancel is called a timeout."""
    saying(peer, lambda said: {**said, "completion": "timeOut"} if said.get("completion") == "canceled" else said)


def one_entry_only(peer: Any) -> None:
    """After an entry without a card it takes none."""
    real, kept = peer._entry, list[bool]()

    async def entry(writer: Any, number: Any) -> None:
        if kept:
            await asyncio.sleep(3600)
        kept.append(True)
        await real(writer, number)

    put(peer, _entry=entry)


COUNTER_LIARS: dict[str, tuple[str, Change]] = {
    "bank_desk.received": ("bank_desk", answering(short_references)),
    "bank_desk.one-key": ("bank_desk", forgets_its_keys),
    "bank_desk.appointed": ("bank_desk", answering(short_references)),
    "bank_desk.unknown": ("bank_desk", refuses_what_it_took),
    "bank_desk.enquiry": ("bank_desk", answering(lost_hand_ins)),
    "bank_desk.never-sent": ("bank_desk", answering(knows_every_key)),
    "bank_desk.foreign-reply": ("bank_desk", obeys_nobody),
    "bank_desk.closed": ("bank_desk", obeys_nobody),
    "bank_desk.decided": ("bank_desk", answering(other_bytes)),
    "bank_desk.undecided": ("bank_desk", answering(decides_by_itself)),
    "bank_desk.offered": ("bank_desk", answering(other_bytes)),
    "bank_desk.not-offered": ("bank_desk", answering(offers_by_itself)),
    "bank_desk.receipted": ("bank_desk", answering(other_receipts)),
    "bank_desk.other-words": ("bank_desk", takes_any_words),
    "bank_desk.receipt-lost": ("bank_desk", answering(lost_receipts)),
    "bank_desk.never-signed": ("bank_desk", answering(offers_by_itself)),
    "officer.recorded": ("officer", answering(says_answered)),
    "officer.one-call": ("officer", queues_again),
    "officer.unanswered": ("officer", answering(answers_by_itself)),
    "officer.answered": ("officer", answering(other_bytes)),
    "officer.unknown-call": ("officer", answering(knows_every_call)),
    "officer.withdrawn": ("officer", keeps_every_call),
    "document_camera.reads": ("document_camera", misreads),
    "document_camera.unsure": ("document_camera", obeys_nobody),
    "document_camera.nothing-there": ("document_camera", shows_a_picture_of_nothing),
    "document_camera.photographs": ("document_camera", answering(tells_another_size)),
    "document_camera.dark": ("document_camera", obeys_nobody),
    "document_camera.lost": ("document_camera", obeys_nobody),
    "document_camera.moving": ("document_camera", obeys_nobody),
    "pin_pad.sealed": ("pin_pad", leaks_the_pin),
    "pin_pad.never-alike": ("pin_pad", seals_alike),
    "pin_pad.counts-keys": ("pin_pad", counts_by_twos),
    "pin_pad.canceled": ("pin_pad", times_out_instead),
    "pin_pad.nobody": ("pin_pad", one_entry_only),
    "pin_pad.tampered": ("pin_pad", obeys_nobody),
    "pin_pad.wrong-card": ("pin_pad", obeys_nobody),
}
