"""A contract with the bank: its words whole, the right signer, its receipt; and what is forged, altered or stale."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication

from devices.agency import AgencyDesk, NotSigned, SignedContract, SignedMessage
from devices.bench.counter_web import sealing_key
from devices.contract import Receipt, read_offer, read_receipt
from kiosk import facts as f
from kiosk.banking import contracts as c
from kiosk.banking import facts as b
from kiosk.banking.notary import Notary, signs
from kiosk.banking.teller import Times
from kiosk.identification import facts as n
from kiosk.intake import facts as i
from kiosk.intake.scribe import CONTRACT
from kiosk.sealing import open_with
from kiosk.services.bank import contract_views, flow
from kiosk.services.bank import draft as d
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from tests.branch import until
from tests.kiosk.bank import walk
from tests.kiosk.bank.contracts import KEYS, OTHER, REFERENCE, offer, read, receipt, receipted
from tests.kiosk.bank.hands import STROKES, Hands, hands
from tests.kiosk.bank.stage import Standing
from tests.kiosk.bank.test_flow import DESK
from tests.kiosk.bank.test_views import service, situation
from tests.kiosk.bank.test_ways import in_every_way
from tests.kiosk.bank.walk import BORN
from tests.kiosk.marks import stripped

SURE = datetime(2026, 7, 8, tzinfo=UTC)
HANDED = SignedContract("990", REFERENCE, hashlib.sha256(offer().body).hexdigest(), b"\0")
ABOUT = c.about("v1-h1", HANDED)


@pytest.fixture(scope="module", autouse=True)
def application(qapp: QCoreApplication) -> QCoreApplication:
    """Made before the first screen asks for one."""
    return qapp


# The readers


def test_an_offer_is_read_whole_from_the_bank_s_own_message() -> None:
    found = read_offer(offer(), KEYS, "990", REFERENCE, SURE)
    assert [each.id for each in found.clauses] == ["sum", "rate"]
    words = "이자\n이자는 연 6.20퍼센트입니다.\n바뀌면 알립니다."
    assert found.clauses[1].sha256 == hashlib.sha256(words.encode()).hexdigest()
    assert found.sha256 == hashlib.sha256(offer().body).hexdigest()


@pytest.mark.parametrize(
    "forged",
    [
        offer(OTHER), SignedMessage(offer().body, b"\0" * 64), offer(purpose="bank-decision-1"), offer(bank="991"),
        offer(purpose="bank-contract-receipt-1"), offer(reference="HB-2026-000002"), offer(clauses=[]),
        offer(until="2026-07-08T00:00:00+00:00"), offer(until="2026-07-09T01:00:00"), offer(won="1"), offer(won=-1),
        offer(signer={"name": "", "birth": "1990-01-01"}), offer(signer={"name": "홍길동", "birth": "soon"}),
        offer(clauses=[{"id": "a", "title": "a", "body": "b"}] * 2), offer(clauses=[{"id": "a", "title": "a"}]),
        offer(clauses=[{"id": "a", "title": "a", "body": "숨긴\u202e글"}]),
        offer(clauses=[{"id": "a", "title": "a", "body": "x" * 1201}]),
        SignedMessage(offer().body.replace(b"6.20", b"9.20"), offer().signature),
    ],
)  # fmt: skip
def test_what_is_no_offer_of_this_bank_for_this_application_now_is_not_shown(forged: SignedMessage) -> None:
    with pytest.raises(NotSigned):
        read_offer(forged, KEYS, "990", REFERENCE, SURE)


@pytest.mark.parametrize(
    "forged",
    [
        receipt(OTHER), receipt(purpose="bank-contract-offer-1"), receipt(purpose="bank-decision-1"),
        receipt(bank="991"), receipt(reference="HB-2026-000002"), receipt(key="v1-h2"), receipt(offer_sha256="0" * 64),
        receipt(sealed_sha256="0" * 64), receipt(number="x"), receipt(at="2026-07-08"), offer(),
    ],
)  # fmt: skip
def test_a_receipt_is_of_just_this_signature(forged: SignedMessage) -> None:
    assert read_receipt(receipt(), KEYS, ABOUT).number == "990-C000001"
    with pytest.raises(NotSigned):
        read_receipt(forged, KEYS, ABOUT)


def test_a_receipt_is_made_by_nobody_else() -> None:
    with pytest.raises(TypeError, match="never made"):
        Receipt(object(), "990", REFERENCE, "990-C000001", SURE)
    with pytest.raises(AttributeError):
        read_receipt(receipt(), KEYS, ABOUT).number = "990-C000002"


@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_no_changed_bit_leaves_an_offer_or_a_receipt(at: int, of_offer: bool, of_body: bool) -> None:
    real = offer() if of_offer else receipt()
    raw = bytearray(real.body if of_body else real.signature)
    raw[at // 8 % len(raw)] ^= 1 << at % 8
    forged = SignedMessage(bytes(raw), real.signature) if of_body else SignedMessage(real.body, bytes(raw))
    with pytest.raises(NotSigned):
        read_offer(forged, KEYS, "990", REFERENCE) if of_offer else read_receipt(forged, KEYS, ABOUT)


@pytest.mark.parametrize(
    ("names", "birth", "found"),
    [
        (("홍 길동",), "1990-01-01", "same"), (("홍길동",), "1990-01-02", "differs"),
        (("홍길순",), "1990-01-01", "differs"),
        (("홍길동",), "", "unclear"), ((), "1990-01-01", "unclear"), (("",), "", "unclear"),
        (("홍길순",), "", "differs"), (("HONG GILDONG", "홍길동"), "1990-01-01", "same"),
        (("HONG GILDONG",), "1990-01-01", "unclear"), (("HONG GILDONG",), "1990-01-02", "differs"),
        (("HONG GILDONG", "홍길순"), "1990-01-01", "differs"),
    ],
)  # fmt: skip
def test_the_signer_is_whom_the_offer_names(names: tuple[str, ...], birth: str, found: str) -> None:
    assert signs(c.CompareSigner("k", names, birth, "홍길동", "1990-01-01")) == found


# The flow


def test_signed_is_shown_by_the_bank_s_receipt_alone() -> None:
    """A fact that says so, with a message that the bank did not sign, of another key or of another offer: no number."""
    known = Draft(visit="v1", payee_bank="990", reference=REFERENCE, hands=1, sealed="00", offer=read(offer()))
    for message, number in ((receipt(), "990-C000001"), (receipt(OTHER), None), (receipt(key="v1-h2"), None)):
        at = flow.step(Counter(Step.CONTRACT_HANDING, known), receipted(message), DESK)
        found = contract_views.receipt(at.draft, KEYS)
        assert (at.step, found.number if found else None) == (Step.SIGNED, number)


def test_a_contract_of_a_product_that_is_not_sold_any_more_sends_nobody_to_another_bank() -> None:
    """Not on the shelf: its bank's telephone is told, and no appointment is made for another product."""
    known = Draft(visit="v1", payee_bank="991", reference=REFERENCE, business="contract", product="gone", kind="loan")
    at, shelf = Counter(Step.UNPROVEN, known), DESK.shelf
    view = service().view(at, situation())
    assert (view.values["telephone"], "appoint" in view.offers) == (shelf.banks["991"].telephone, False)
    assert shelf.banks["991"].telephone != shelf.products[0].bank.telephone
    assert flow.step(at, d.AppointAsked(), DESK).step == Step.UNPROVEN


def test_a_stop_before_the_hand_off_begins_anew_and_after_it_only_asks() -> None:
    """As the journal tells it: what was secret is not there."""
    facts: tuple[f.Fact, ...] = (
        d.KindChosen("status"), d.StatusAsked("990", REFERENCE),
        b.DecisionRead("990", REFERENCE, "approved", "{}", "00"), c.ContractAsked(),
        read(offer()), f.Confirmed(),
        n.DocumentChecked("resident_card", "verified", "with_officer"),
        b.CardGiven("990", "9410-12**-****-3456"), b.NameCompared(True), b.ProfileTold(36, blocks=()),
        i.HoldKnown(), d.Begun(0),
        *(d.Answered(each, False, 9000 * at) for at, each in enumerate(("told", "app"), 1)),
        c.SignerCompared("v1-q1", "same"), c.ClauseAgreed("sum", "0" * 64), c.ClauseAgreed("rate", "1" * 64),
        i.Signed("hand", "1,1 2,2"),
        i.HandAgreed(), i.ContractSealed("v1-h1", "00"),
    )  # fmt: skip
    told = flow.begin(f.VisitStarted("bank", "ko", "v1"))
    for fact in facts:
        stopped = flow.step(told, f.Resumed(), DESK)
        assert stopped.step in (Step.START, Step.DECIDING)
        assert not [each for each in stopped.todo if isinstance(each, c.HandContract | c.EnquireContract)]
        told = flow.step(told, stripped(fact), DESK)
    assert told.step == Step.CONTRACT_HANDING
    resumed = flow.step(told, f.Resumed(), DESK)
    assert resumed.step == Step.CONTRACT_DOUBT
    assert [(each.key, each.signed) for each in resumed.todo if isinstance(each, c.EnquireContract)] == [
        ("v1-h1", HANDED),
    ]  # fmt: skip


# The stories


@pytest.mark.timeout(240)
def test_a_contract_is_signed(tmp_path: Path) -> None:
    in_every_way(tmp_path, signed)


def signed(stands: Standing, someone: Hands) -> None:
    """Decision, offer, the document, card and PIN, the shield, every clause, the signature, the bank's receipt."""
    reference = walk.is_offered(stands)
    walk.to_contract(stands, someone, reference)
    walk.is_the_signer(stands, someone)
    walk.reads(someone)
    someone.sees("Sign")
    someone.signs()
    someone.sees("ContractSure")
    someone.does("confirm")
    number = someone.sees("Signed")["values"]["number"]
    walk.takes_the_slip(someone)
    the_bank_has_the_signature(stands, reference, number)


def the_bank_has_the_signature(stands: Standing, reference: str, number: str) -> None:
    """Once, sealed, with the hash of the bytes that it offered and of each clause; no byte of it lies in the clear."""
    entries = stands.counter.intake.book.entries
    (row,) = [each for each in entries if each["entry"] == "contract"]
    (offered,) = [each for each in entries if each["entry"] == "offer"]
    told = json.loads(open_with(sealing_key("bank 990"), CONTRACT, base64.b64decode(row["sealed"])))
    assert (row["contract"], row["contract_of"]) == (number, reference)
    assert told["offer_sha256"] == hashlib.sha256(offered["body"].encode()).hexdigest()
    assert told["signature"].startswith(("hand:", "name:"))
    assert told["identity"].endswith("|account|홍새벽")
    said = json.loads(offered["body"])["clauses"]
    hashes = {each["id"]: hashlib.sha256(f"{each['title']}\n{each['body']}".encode()).hexdigest() for each in said}
    assert told["clauses"] == hashes
    assert [(each.clause, each.sha256) for each in stands.facts(c.ClauseAgreed)] == list(hashes.items())
    store = b"".join(path.read_bytes() for path in stands.folder.glob("branch.db*"))
    for secret in ("홍새벽", BORN[1], STROKES[0], said[0]["body"]):
        assert secret.encode() not in store


@pytest.mark.timeout(120)
def test_what_the_bank_did_not_sign_so_is_neither_shown_nor_taken_for_signed(tmp_path: Path) -> None:
    """Each fault of the offer, then of the receipt; what is in doubt is asked about until the bank's word comes."""
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        stands._running.core._teller._notary._wait = Times(back_off=0.05)
        peer, _ = stands.counter.intake.contracts, walk.is_offered(stands, "김가상", "1980-01-01")
        walk.to_contract(stands, guest, walk.is_offered(stands))
        guest.sees("Contract")
        for fault in peer.FAULTS:
            guest.does("back")
            guest.sees("Decision")
            stands.act(peer.order, fault, True)
            guest.does("contract")
            assert guest.sees("Decision", noticed=True)["notice"]["id"] == "bank.notice.contract.doubted"
            stands.act(peer.order, fault, False)
            guest.does("contract")
            guest.sees("Contract")
        walk.is_the_signer(stands, guest)
        walk.reads(guest)
        guest.sees("Sign")
        guest.signs()
        guest.sees("ContractSure")
        stands.act(peer.order, "wrong_key", True)
        guest.does("confirm")
        for fault, following in (("wrong_key", "wrong_purpose"), ("wrong_purpose", "altered"), ("altered", "")):
            guest.sees("ContractDoubt")
            unknown = len(stands.facts(c.ContractUnknown))
            until(lambda: len(stands.facts(c.ContractUnknown)) > unknown, 20, fault)  # noqa: B023  # at once
            if following:
                stands.act(peer.order, following, True)
            stands.act(peer.order, fault, False)
        guest.sees("Signed")
        assert len([each for each in stands.counter.intake.book.entries if each["entry"] == "contract"]) == 1


@pytest.mark.timeout(120)
def test_a_signature_that_was_lost_on_the_way_goes_out_again_under_its_own_key(tmp_path: Path) -> None:
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        stands._running.core._teller._notary._wait = Times(back_off=0.05, order=0.5)
        walk.to_contract(stands, guest, walk.is_offered(stands))
        walk.is_the_signer(stands, guest)
        walk.reads(guest)
        guest.sees("Sign")
        guest.signs()
        guest.sees("ContractSure")
        stands.act(stands.counter.intake.order, "mute_before", True)
        guest.does("confirm")
        guest.sees("ContractDoubt")
        stands.act(stands.counter.intake.order, "mute_before", False)
        guest.sees("Signed")
        (row,) = [each for each in stands.counter.intake.book.entries if each["entry"] == "contract"]
        assert row["key"] == stands.facts(i.ContractSealed)[0].key
        assert len(stands.facts(i.ContractSealed)) == 1


def test_an_offer_that_lapsed_before_the_hand_off_goes_to_nobody() -> None:
    class Nobody:
        """A crew whose desk must not be asked."""

        bank_desk: AgencyDesk | None = None

        def check(self, name: str) -> None:
            raise AssertionError(name)

    lapsed = c.HandContract("v1-h1", HANDED, datetime(2026, 7, 8, tzinfo=UTC).isoformat())
    notary = Notary(Nobody(), lambda posted: None, KEYS, Times())
    assert asyncio.run(notary._hand("v1", lapsed)) == c.ContractDeclined("v1-h1", "stale")


@pytest.mark.parametrize(
    ("when", "goes_on"), [("2026-07-09T00:59:59+00:00", True), ("2026-07-09T01:00:00+00:00", False)]
)
def test_an_offer_that_has_lapsed_has_no_way_on_and_says_whom_to_ask(when: str, goes_on: bool) -> None:
    """Nobody shows a document and answers questions for what cannot be signed any more."""
    at = Counter(Step.CONTRACT, Draft(visit="v1", payee_bank="990", reference=REFERENCE, offer=read(offer())))
    view = service().view(at, replace(situation(), now=datetime.fromisoformat(when)))
    assert (("confirm" in view.offers), view.speech[0].id == "bank.contract.speech") == (goes_on, goes_on)
    assert view.speech[0].args == ({} if goes_on else {"telephone": view.values["telephone"]})


@pytest.mark.timeout(120)
def test_somebody_else_s_document_signs_nothing_and_reads_nothing(tmp_path: Path) -> None:
    """Whoever found a slip with the number learns that there is a contract, and not a word of it."""
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        walk.to_contract(stands, guest, walk.is_offered(stands, "김가상"))
        walk.is_the_signer(stands, guest)
        assert guest.sees("Contract", noticed=True)["notice"]["id"] == "bank.notice.contract.differs"
        assert stands.facts(i.ContractSealed) == []
        assert [each["entry"] for each in stands.counter.intake.book.entries].count("contract") == 0


@pytest.mark.timeout(120)
def test_an_offer_that_was_changed_meanwhile_is_not_signed(tmp_path: Path) -> None:
    """The bank offers anew while the customer reads: it does not take a signature under the words of before."""
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        reference = walk.is_offered(stands)
        walk.to_contract(stands, guest, reference)
        walk.is_the_signer(stands, guest)
        walk.reads(guest)
        guest.sees("Sign")
        guest.signs()
        guest.sees("ContractSure")
        stands.act(stands.counter.intake.contracts.issue, reference, BORN[0], "1990-08-15")
        guest.does("confirm")
        assert guest.sees("Contract", noticed=True)["notice"]["id"] == "bank.notice.contract.refused"
        assert [each["entry"] for each in stands.counter.intake.book.entries].count("contract") == 0


@pytest.mark.timeout(120)
def test_a_receipt_that_was_lost_with_a_stop_is_asked_for(tmp_path: Path) -> None:
    with Standing(tmp_path) as stands, hands("link", stands.link) as guest:
        walk.to_contract(stands, guest, walk.is_offered(stands))
        walk.is_the_signer(stands, guest)
        walk.reads(guest)
        guest.sees("Sign")
        guest.signs()
        guest.sees("ContractSure")
        stands.act(stands.counter.intake.order, "mute_after", True)
        guest.does("confirm")
        until(lambda: any(each["entry"] == "contract" for each in stands.counter.intake.book.entries), 20, "taken")
        stands.restart(lambda: stands.counter.intake.order("mute_after", False))
        guest.again()
        assert guest.sees("Signed")["values"]["number"]
        assert [each["entry"] for each in stands.counter.intake.book.entries].count("contract") == 1
