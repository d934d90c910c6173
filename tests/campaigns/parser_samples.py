"""Right messages of every kind, made by the peers or by hand, around which the parser campaign lays its noise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from devices import krcu, payload
from devices.bench import passport, terminal
from devices.bench.escpos_page import CLEAR
from devices.emrtd.cipher import SUITES
from devices.emrtd.judge import judge
from devices.emrtd.lds import EF_CARD_ACCESS, EF_COM, EF_SOD, length_information
from devices.emrtd.tlv import build
from devices.emrtd.trust import load_anchors
from devices.identity import CloneCheck, IdDocument
from tests.devices.emrtd.utopia import TODAY, believed, utopia
from tests.devices.emrtd.utopia import passport as issued
from tests.devices.test_escpos_page import CUT, raster

DOCUMENT = issued()
#: The data groups by number, EF.SOD as 0.
GROUPS: Mapping[int, bytes] = {0: DOCUMENT.files[EF_SOD], **DOCUMENT.groups()}
CHIP_FILES = [
    DOCUMENT.files[EF_CARD_ACCESS], DOCUMENT.files[EF_COM], GROUPS[14], GROUPS[15], GROUPS[11], GROUPS[1], GROUPS[0],
    length_information(65_535, 65_535),
]  # fmt: skip
PERSON = passport.Person()
TD3, TD1 = passport.mrz_td3(PERSON), passport.mrz_td1(PERSON)
ZONES = [TD3, TD1, f"{TD3[:44]}\n{TD3[44:]}".lower(), f"{TD1[:30]}\n{TD1[30:60]}\n{TD1[60:]}"]
TRUST = {
    "list.ml": [utopia().master_list([utopia().csca.der])],
    "more.cer": [utopia().csca.der],
    "list.crl": [utopia().crl()],
}
ANSWERS = [b"\x90\x00", b"\x61\x10", b"abc\x6a\x82"]
STATUS = [b"\x16\x12\x12\x12", b"\x10\x0f\x20\x00\x00\x00"]
PAGES = [
    b"\n", b"\x1b@", b"\x1bJ\x09", b"\x1ba1", CUT, b"\x10\x04\x01", raster(2, 3, b"\xa5" * 6), CLEAR, b"\x1dr1",
    b"\x1bd\x02",
]  # fmt: skip
HOST_STATUS = [
    "\r\n  PRINTER STATUS\r\n   ERRORS:   0 00000000 00000000\r\n   WARNINGS: 1 00000000 00000008\r\n",
    "030,0,0,1367,000,0,0,0,000,0,0,0\x03001,0,0,0,0,2,4,0,00000000,1,000\x031234,0\x03",
    "030,1,1,1367,003,1,0,1,000,0,0,1\x03001,0,1,1,0,2,4,0,00000003,1,000\x031234,0\x03",
]
SICS = ["S S      2.400 kg", "S D    -12.5 g", "S +", "S -", "S I", "S S 999999.999999 kg"]
STREAM = ["ST,GS,+00002.400kg", "US,GS,-00000.002kg", "OL,GS,+99999.999kg", "ST,NT,+00001.000kg", "UL,GS,-         kg"]
FRAMES = [
    krcu.sealed(bytes([2, 0, 0x35, 0xFF, 0xFF, 0xFF, 0x7F, 3])), krcu.sealed(bytes([2, 0, 0, 0x75, *[0xFF] * 6, 3])),
    krcu.sealed(bytes([2, 0, 0x35, 0, 0, 0, 0, 3])),
]  # fmt: skip
BARCODES = [
    b"6899900000001", b"RR473124829KR", b"EE876543216KR", payload.issue(payload.Grammar.PICKUP, "12345678").encode(),
    payload.issue(payload.Grammar.NOTICE, "87654321").encode(), b"https://example.org/?q=1", b"]C1PU1234567895",
]  # fmt: skip


def reply(body: object) -> str:
    """A whole answer of the terminal to the payment v-1."""
    header = {"MessageCategory": "Payment", "ServiceID": "v-1", "MessageType": "Response"}
    return json.dumps({"SaleToPOIResponse": {"MessageHeader": header, "PaymentResponse": body}})


PAID = {
    **terminal.success(), "POIData": {"POITransactionID": {"TransactionID": "T-1"}}, "ReversedAmount": 4000,
    "PaymentResult": {
        "AmountsResp": {"Currency": "KRW", "AuthorizedAmount": 4000},
        "PaymentAcquirerData": {"ApprovalCode": "12345678"},
        "PaymentInstrumentData": {"CardData": {"PaymentBrand": "Test card", "MaskedPan": "999999******0018"}},
    },
}  # fmt: skip
LINE = {"TransactionCount": 2, "TransactionAmount": 900}
LINES = [{**LINE, "TransactionType": kind} for kind in ("Debit", "ReverseDebit")]
SETTLED = {**terminal.success(), "TransactionTotals": [{"PaymentCurrency": "KRW", "PaymentTotals": LINES}]}
REPEATED = {
    **terminal.success(),
    "RepeatedMessageResponse": {
        "MessageHeader": {"ServiceID": "v-1", "SaleID": "branch"},
        "RepeatedResponseMessageBody": {"PaymentResponse": PAID, "ReversalResponse": PAID},
    },
}
PAN = terminal.PAN
TALKATIVE = (
    terminal.failure(PAN), {"Response": {"Result": PAN, "ErrorCondition": PAN}},
    {"Response": {"Result": "Failure", "ErrorCondition": "Refusal", "AdditionalResponse": f"card {PAN}"}},
    {**REPEATED, "Response": {"Result": "Failure", "ErrorCondition": f"Refusal of {PAN}"}},
)  # fmt: skip
NEXO = [
    reply(body)
    for body in (PAID, SETTLED, REPEATED, terminal.failure("Refusal"), terminal.failure("NotFound"), *TALKATIVE)
]


def protected(kind: int, data: bytes, inside: bytes | None = None) -> bytes:
    """The first answer of a session as the chip would send it: `data` encrypted, or `inside` as it is, under a MAC."""
    suite = SUITES[kind]
    enc, mac = suite.derive(b"session", 1), suite.derive(b"session", 2)
    if inside is None:
        padded = data + b"\x80" + bytes(-(len(data) + 1) % suite.block)
        inside = build(0x87, b"\x01", suite.encrypt(enc, padded, suite.iv(enc, 1)))
    body = inside + build(0x99, b"\x90\x00")
    code = suite.message_mac(mac, (1).to_bytes(suite.block, "big") + body)
    return body + build(0x8E, code) + b"\x90\x00"


def judged(files: Mapping[int, bytes]) -> IdDocument:
    """The document of these files in four words."""
    groups = {number: data for number, data in files.items() if number}
    return judge(files[0], groups, DOCUMENT.key, "bac", CloneCheck.PASSED, believed(), TODAY)


@cache
def trust_folder() -> TemporaryDirectory[str]:
    """A trust folder with the one authority that is believed; it goes with the process."""
    folder = TemporaryDirectory(prefix="trust-")
    (Path(folder.name) / "utopia.cer").write_bytes(utopia().csca.der)
    return folder


def believe(name: str, raw: bytes) -> str:
    """What the folder comes to with this file in it."""
    path = Path(trust_folder().name) / name
    path.write_bytes(raw)
    try:
        found = load_anchors(path.parent, TODAY)
        return f"{len(found)} believed, {len(found.revocations)} lists"
    finally:
        path.unlink()

