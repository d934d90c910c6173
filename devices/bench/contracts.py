"""A bank's contracts behind the intake of the bench: offers that it signs, signatures that it takes, its receipts.

One book with the intake, on the disk before anything is said. A signature is taken once, under the newest offer of its
reference and by the SHA-256 of that offer's bytes. Clauses and banks are made up.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.agency import PURPOSE as DECISION
from devices.banking import Decline
from devices.bench.book import Book
from devices.bench.peer import Peer
from devices.contract import OFFER, RECEIPT
from devices.wire import dig

Json = dict[str, Any]
LASTS = timedelta(hours=24)
CLAUSES = (
    ("sum", "빌리는 돈", "은행은 10,000,000원을 손님 계좌로 보냅니다. 돈은 이 계약이 맺어진 다음 영업일에 들어갑니다."),
    ("rate", "이자", "이자는 연 6.20퍼센트로 하고, 6개월마다 금융채 6개월 금리에 맞추어 다시 정합니다. "
     "바뀔 때마다 미리 알립니다."),
    ("back", "갚는 방법", "36개월 동안 매달 15일에 같은 금액을 갚습니다. 일찍 갚을 때 수수료는 갚는 돈의 "
     "0.7퍼센트이고, 3년 뒤에는 없습니다."),
    ("withdraw", "물리는 권리", "14일 안에 원금과 이자를 돌려주면 계약을 물릴 수 있고, 기록은 남지 않습니다."),
)  # fmt: skip


class Contracts(Peer):
    """Offers and receipts of every bank of the bench; `key_of` gives the key that a bank signs with."""

    FAULTS: tuple[str, ...] = ("wrong_key", "wrong_purpose", "stale", "replayed", "altered")

    def __init__(self, book: Book, key_of: Callable[[str], Ed25519PrivateKey], seed: int = 0) -> None:
        super().__init__()
        self._book, self._key_of, self._dice = book, key_of, random.Random(seed)

    def issue(self, reference: str, name: str, birth: str, won: int = 10_000_000) -> None:
        """The bank offers a contract for an application that it has; a later offer stands in place of an earlier."""
        row = next(each for each in self._book.entries if each.get("reference") == reference)
        now = datetime.now(UTC)
        body = json.dumps({
            "purpose": OFFER, "bank": row["bank"], "reference": reference, "product": row["product"],
            "product_name": "한빛 생활자금 대출 계약", "won": won, "signer": {"name": name, "birth": birth},
            "clauses": [dict(zip(("id", "title", "body"), each, strict=True)) for each in CLAUSES],
            "issued": now.isoformat(), "until": (now + LASTS).isoformat(),
        }, ensure_ascii=False)  # fmt: skip
        number = sum(each["entry"] == "offer" for each in self._book.entries)
        self._book.write("offer", service_id=f"{reference}#{number}", key=reference, bank=row["bank"], body=body)

    def offer(self, bank: str, reference: str) -> tuple[int, Json]:
        """The newest offer of a reference as the bank signed it, or 404."""
        row = self._newest(bank, reference)
        if "replayed" in self.faults:  # an offer that was good for another application
            row = next((each for each in self._book.entries if each["entry"] == "offer"), row)
        return (404, {}) if row is None else (200, self._signed(bank, json.loads(row["body"]), row["body"]))

    def _newest(self, bank: str, reference: str) -> Json | None:
        rows = (each for each in reversed(self._book.entries) if each["entry"] == "offer")
        return next((each for each in rows if (each["bank"], each["key"]) == (bank, reference)), None)

    def sign(self, asked: Any) -> tuple[int, Json]:
        """Take a signature once; its key again is its receipt again."""
        key, bank, reference = (str(dig(asked, each)) for each in ("key", "bank", "reference"))
        row = self._book.find("contract", key)
        offer = self._newest(bank, reference)
        if row is None and not self._takes(asked, offer, reference):
            return 409, {"why": Decline.OTHER.value}
        if row is None:
            sealed = base64.b64decode(str(dig(asked, "sealed")))
            row = self._book.write(
                "contract", service_id=key, key=key, bank=bank, contract_of=reference, sealed=dig(asked, "sealed"),
                offer_sha256=dig(asked, "offer_sha256"), sealed_sha256=hashlib.sha256(sealed).hexdigest(),
                contract=f"{bank}-C{len(self._book.entries) + 1:06d}",
            )  # fmt: skip
        return 200, self._receipt(row)

    def _takes(self, asked: Any, offer: Json | None, reference: str) -> bool:
        """Only what was offered, word for word, in time, and not signed before."""
        if offer is None or hashlib.sha256(offer["body"].encode()).hexdigest() != dig(asked, "offer_sha256"):
            return False
        late = datetime.fromisoformat(json.loads(offer["body"])["until"]) <= datetime.now(UTC)
        before = any(each["entry"] == "contract" and each["contract_of"] == reference for each in self._book.entries)
        return not late and not before

    def receipt(self, key: str) -> tuple[int, Json]:
        """What became of a key."""
        row = self._book.find("contract", key)
        return (200, self._receipt(row)) if row else (404, {})

    def _receipt(self, row: Json) -> Json:
        if "replayed" in self.faults:  # the receipt of the first who ever signed
            row = next(each for each in self._book.entries if each["entry"] == "contract")
        said = {
            "purpose": RECEIPT, "bank": row["bank"], "reference": row["contract_of"], "number": row["contract"],
            **{each: row[each] for each in ("key", "offer_sha256", "sealed_sha256", "at")},
        }  # fmt: skip
        return self._signed(row["bank"], said, json.dumps(said))

    def _signed(self, bank: str, said: Json, text: str) -> Json:
        """Signed as the bank does, or as the ordered faults have it."""
        if "wrong_purpose" in self.faults:
            text = json.dumps({**said, "purpose": DECISION}, ensure_ascii=False)
        if "stale" in self.faults and "until" in said:
            text = json.dumps({**said, "until": datetime.now(UTC).isoformat()}, ensure_ascii=False)
        key = self._key_of("nobody" if "wrong_key" in self.faults else f"bank {bank}")
        signature = key.sign(text.encode())
        if "altered" in self.faults:  # a figure is another after it was signed
            at = self._dice.choice([place for place, sign in enumerate(text) if sign.isdigit()])
            text = f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1:]}"
        return {"body": base64.b64encode(text.encode()).decode(), "signature": base64.b64encode(signature).decode()}
