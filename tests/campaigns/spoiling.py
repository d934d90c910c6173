"""What becomes of a message on its way: flipped bits, a cut, another key's signature, an old one, noise; seeded."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from devices import iso8583 as m
from devices.agency import SignedMessage

Json = dict[str, Any]
#: How any reply of the interface is spoilt within its connection, which TLS does not see; and one about an order.
ANY = ("replay", "foreign", "cut", "stretch", "noise", "status", "code", "type")
ORDERS = (*ANY, "word", "no_word", "sum", "bank_word")


def spoilt(dice: random.Random, message: bytes, old: list[bytes]) -> tuple[str, bytes]:
    """How, and the message that comes instead: of ISO 8583, behind its length, or of any bytes."""
    how = dice.choice(("flip", "flip", "cut", "stretch", "other_key", "replay", "noise", "edit"))
    body = bytearray(message)
    match how:
        case "flip":
            for _ in range(dice.randint(1, 4)):
                body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        case "cut":
            del body[dice.randrange(1, len(body)) :]
        case "stretch":
            body[dice.randrange(len(body)) : 0] = dice.randbytes(dice.randint(1, 40))
        case "edit":
            at = dice.randrange(2, len(body))
            body[at : at + 4] = bytes(str(dice.randrange(10**4)).zfill(4), "ascii")
        case "other_key":
            inner = bytes(body[2 : -m.MAC_BYTES])
            body = bytearray(body[:2] + inner + m.mac(bytes(32), inner))
        case "replay" if old:
            body = bytearray(dice.choice(old))
        case _:
            body = bytearray(dice.randbytes(dice.randint(0, 80)))
    return how, bytes(body)


def within(dice: random.Random, said: Json, old: list[bytes]) -> tuple[str, bytes, int]:
    """How, body and status of an open-banking reply that is none to what was asked, or says nothing that is defined."""
    ways = (*ORDERS, "no_number") if said.get("ref") else ORDERS if "result" in said else ANY
    how, body, status = dice.choice(ways), json.dumps(said).encode(), 200
    if how in EDITS:
        return how, json.dumps(EDITS[how](dice, said)).encode(), status
    match how:
        case "replay" if old:
            body = dice.choice(old)
        case "cut":
            body = body[: dice.randrange(1, len(body))]
        case "stretch":
            body += dice.randbytes(dice.randint(1, 40)) + b"}"
        case "status":
            status = dice.choice((201, 302, 400, 404, 409, 500, 503))
        case _:
            how, body = "noise", dice.randbytes(dice.randint(1, 80))
    return how, body, status


def _foreign(dice: random.Random, said: Json) -> Json:
    return {**said, "bank_tran_id": f"{str(said.get('bank_tran_id'))[:-1]}x"}


def _type(dice: random.Random, said: Json) -> Json:
    """A field of a kind that it cannot be."""
    names = ("rsp_code", "bank_tran_id", "tran_amt") if "result" in said else ("rsp_code", "bank_tran_id")
    return {**said, dice.choice(names): dice.choice((None, [], {}, True, 1.5, "1"))}


EDITS: dict[str, Callable[[random.Random, Json], Json]] = {
    "foreign": _foreign,
    "code": lambda dice, said: {**said, "rsp_code": dice.choice(("A0001", "A0002", "A0003", "A9999", "", "a0000"))},
    "word": lambda dice, said: {**said, "result": dice.choice(("perhaps", "DONE", "approved", "", "0"))},
    "no_word": lambda dice, said: {key: value for key, value in said.items() if key not in ("result", "tran_amt")},
    "sum": lambda dice, said: {**said, "tran_amt": -1},
    "type": _type,
    "bank_word": lambda dice, said: {**said, "bank_rsp_code": dice.choice(("804", "", None, 0, "400 "))},
    "no_number": lambda dice, said: {**said, "ref": ""},
}


def forged(dice: random.Random, true: SignedMessage, others: list[SignedMessage]) -> SignedMessage:
    """A signed message that is not the true one: another's body, signature or both."""
    other = dice.choice(others)
    how, body = spoilt(dice, true.body, [other.body])
    match how:
        case "replay":
            return other
        case "other_key":
            return SignedMessage(true.body, dice.randbytes(64))
        case "cut":
            return SignedMessage(true.body, true.signature[:32] + other.signature[32:])
    return SignedMessage(body, other.signature if dice.random() < 0.3 else true.signature)
