"""Messages between a branch and the switch of its banks: ISO 8583:1987 in ASCII, with a message code at the end.

A message travels behind two bytes of length (big-endian). Field 128 is the first 8 bytes of HMAC-SHA-256 over all that
stands before it. Field 37 names the order: 12 letters and digits that follow from its key, the same in every repeat.
Field 48 holds private data as tag (2), length (3 digits, bytes), UTF-8 text. Whatever cannot be read is PROTOCOL.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, TypeAlias

import iso8583

from devices.banking import Decline, EntryKind, Found
from devices.ports import DeviceFault, FaultCode

Fields: TypeAlias = dict[str, str]
MAC_BYTES = 8
LONGEST = 4096

#: Processing codes (field 3). 37 to 36 are private use, as the switch's interface paper has them.
BALANCE, STATEMENT, TRANSFER, BILL = "310000", "380000", "400000", "500000"
DELAYED, PAYEE, PROFILE, NAME = "400001", "330000", "340000", "350000"
BLOCK, TRUSTED, RESULT = "360000", "360001", "370000"
SIGN_ON, ECHO = "001", "301"
KRW = "410"

#: Response codes (field 39) and what they mean here. Only DECLINES say of an order that it was not booked; after DOWN
#: a question was not answered, but an order may have reached its bank.
APPROVED, NOT_FOUND, UNDER_WAY = "00", "25", "09"
DOWN = frozenset({"91", "96", "92"})
DECLINES: Mapping[str, Decline] = {
    "51": Decline.INSUFFICIENT_FUNDS, "61": Decline.OVER_LIMIT, "55": Decline.WRONG_PIN,
    "75": Decline.PIN_TRIES_EXCEEDED, "14": Decline.CARD_NOT_ACCEPTED, "62": Decline.ACCOUNT_BLOCKED,
    "52": Decline.NO_SUCH_ACCOUNT, "59": Decline.REPORTED_ACCOUNT, "57": Decline.HELD, "90": Decline.CLOSED_NOW,
    "05": Decline.OTHER,
}  # fmt: skip
CODES = {word: code for code, word in DECLINES.items()}
FOUND: Mapping[str, Found] = {"Y": Found.SAME, "N": Found.DIFFERS, "U": Found.UNKNOWN}
KINDS: Mapping[str, EntryKind] = {
    "TI": EntryKind.TRANSFER_IN, "TO": EntryKind.TRANSFER_OUT, "CI": EntryKind.CASH_IN, "CO": EntryKind.CASH_OUT,
    "BP": EntryKind.BILL,
}  # fmt: skip


def _field(kind: str, width: int, most: int, text: str = "ascii") -> dict[str, Any]:
    return {"data_enc": text, "len_enc": "ascii", "len_type": width, "max_len": most, "desc": kind}


SPEC: dict[str, dict[str, Any]] = {
    "h": _field("header", 0, 0), "t": _field("type", 0, 4), "p": _field("bitmap", 0, 8, "b"),
    "1": _field("second bitmap", 0, 8, "b"), "3": _field("processing code", 0, 6),
    "4": _field("won", 0, 12), "7": _field("sent, MMDDhhmmss UTC", 0, 10), "11": _field("STAN", 0, 6),
    "32": _field("acquirer", 2, 11), "37": _field("order", 0, 12), "39": _field("response code", 0, 2),
    "41": _field("branch", 0, 8), "48": _field("private", 3, 999, "utf-8"), "49": _field("currency", 0, 3),
    "52": _field("PIN block", 0, 16, "b"), "53": _field("key serial number", 2, 24, "b"),
    "62": _field("sealed card", 3, 256, "b"), "70": _field("network code", 0, 3), "90": _field("original", 0, 42),
    "100": _field("receiving institution", 2, 11), "102": _field("from account", 2, 28),
    "103": _field("to account", 2, 28), "120": _field("entries", 3, 999, "utf-8"),
    "128": _field("message code", 0, MAC_BYTES, "b"),
}  # fmt: skip


def order_number(key: str) -> str:
    """Field 37 of a key: 60 bits of its digest, so that two orders of a day are never taken for each other."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest())[:12].decode()


def pack(fields: Mapping[str, str], mac_key: bytes) -> bytes:
    """The message with its code, behind its length."""
    try:
        raw, _ = iso8583.encode({**fields, "128": "00" * MAC_BYTES}, SPEC)
    except iso8583.EncodeError as error:
        raise DeviceFault(FaultCode.INTERNAL, f"field {error.field} cannot be sent") from None
    body = bytes(raw[:-MAC_BYTES])
    whole = body + mac(mac_key, body)
    return len(whole).to_bytes(2, "big") + whole


def unpack(message: bytes, mac_key: bytes) -> Fields:
    """The fields of a message (without its length) whose code is right; PROTOCOL otherwise."""
    if len(message) > LONGEST or not hmac.compare_digest(mac(mac_key, message[:-MAC_BYTES]), message[-MAC_BYTES:]):
        raise DeviceFault(FaultCode.PROTOCOL, "wrong_code")
    try:
        fields, _ = iso8583.decode(message, SPEC)
    except (iso8583.DecodeError, ValueError, KeyError):
        raise DeviceFault(FaultCode.PROTOCOL, "malformed") from None
    return dict(fields)


def mac(key: bytes, body: bytes) -> bytes:
    """The message code."""
    return hmac.digest(key, body, "sha256")[:MAC_BYTES]


def tagged(values: Mapping[str, str]) -> str:
    """Field 48."""
    return "".join(f"{tag}{len(value.encode()):03d}{value}" for tag, value in values.items() if value)


def tags(text: str) -> dict[str, str]:
    """The tags of a field 48; PROTOCOL where it is none."""
    rest, found = text.encode(), dict[str, str]()
    try:
        while rest:
            size = int(rest[2:5])
            if len(rest) < 5 + size or size < 0:
                raise ValueError
            found[rest[:2].decode("ascii")], rest = rest[5 : 5 + size].decode(), rest[5 + size :]
    except ValueError:
        raise DeviceFault(FaultCode.PROTOCOL, "malformed") from None
    return found


def whole(text: str | None, most: int = 10**12) -> int:
    """A whole number of digits, with a sign perhaps; PROTOCOL for anything else."""
    bare = (text or "").removeprefix("-")
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 13 or int(bare) > most:
        raise DeviceFault(FaultCode.PROTOCOL, "malformed")
    return int(text or "")
