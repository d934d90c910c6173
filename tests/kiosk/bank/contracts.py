"""A bank's signed offer and receipt for the walks: of one application, by one key. All made up."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.agency import SignedMessage
from devices.contract import OFFER, RECEIPT, read_offer
from kiosk.banking import contracts as c
from kiosk.banking.notary import told

BANK = Ed25519PrivateKey.from_private_bytes(b"b" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KEYS = {"990": BANK.public_key().public_bytes_raw()}
REFERENCE, HAND, SEALED = "HB-2026-000001", "v1-h1", "00"
CLAUSES = [
    {"id": "sum", "title": "빌리는 돈", "body": "은행은 1,000,000원을 보냅니다."},
    {"id": "rate", "title": "이자", "body": "이자는 연 6.20퍼센트입니다.\n바뀌면 알립니다."},
]
OFFERED: dict[str, Any] = {
    "purpose": OFFER, "bank": "990", "reference": REFERENCE, "product": "hanbit-sunshine",
    "product_name": "한빛 햇살 대출 계약", "won": 1_000_000, "signer": {"name": "홍길동", "birth": "1990-01-01"},
    "clauses": CLAUSES, "until": "2026-07-09T01:00:00+00:00",
}  # fmt: skip


def signed(said: dict[str, Any], by: Ed25519PrivateKey = BANK) -> SignedMessage:
    """A message under this key."""
    body = json.dumps(said, ensure_ascii=False).encode()
    return SignedMessage(body, by.sign(body))


def offer(by: Ed25519PrivateKey = BANK, **changed: Any) -> SignedMessage:
    """The bank's offer, with what was changed before it was signed."""
    return signed({**OFFERED, **changed}, by)


def receipt(by: Ed25519PrivateKey = BANK, **changed: Any) -> SignedMessage:
    """The bank's receipt of the signature under HAND."""
    said = {
        "purpose": RECEIPT, "bank": "990", "reference": REFERENCE, "key": HAND, "number": "990-C000001",
        "offer_sha256": hashlib.sha256(offer().body).hexdigest(), "at": "2026-07-08T02:00:00+00:00",
        "sealed_sha256": hashlib.sha256(bytes.fromhex(SEALED)).hexdigest(),
    }  # fmt: skip
    return signed({**said, **changed}, by)


def read(message: SignedMessage) -> c.OfferRead:
    """An offer as the notary tells it."""
    return told(read_offer(message, KEYS, "990", REFERENCE), message)


def receipted(message: SignedMessage, key: str = HAND) -> c.ReceiptRead:
    """A receipt as the notary tells it."""
    return c.ReceiptRead(key, message.body.hex(), message.signature.hex())
