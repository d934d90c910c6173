"""A passport shown at the bank counter, its chip read through a real pcscd; and a thief with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from devices.bench.authority import Authority
from devices.bench.bank import CARDS
from devices.bench.card import Card, Contents
from devices.bench.passport import Person, Variant, issue
from devices.id_reader import PcscIdReader
from kiosk.banking import facts as b
from kiosk.identification.facts import DocumentChecked
from kiosk.services.bank.draft import Step
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import hands
from tests.kiosk.bank.stage import Standing
from tests.pcsc import READER, Daemon, Slip

pytestmark = pytest.mark.branch

WHO = Person()
TYPED = (WHO.number, "19900815", "20340415")
#: What may be written nowhere and said by nobody.
SECRETS = (WHO.number, WHO.surname, WHO.given_names, "새벽", "900815", CARDS[1].pin)


@pytest.fixture(scope="module", autouse=True)
def application(qapp: QCoreApplication) -> QCoreApplication:
    """Made before the first screen asks for one."""
    return qapp


@pytest.fixture
def stands(tmp_path: Path, daemon: Daemon, trust: str) -> Iterator[Standing]:
    with Standing(tmp_path, id_reader=PcscIdReader("id_reader", READER, trust, simulated=True)) as counter:
        yield counter


def card_of(authority: Authority, variant: Variant = Variant.GENUINE) -> Card:
    passport = issue(authority, variant, WHO)
    return Card(Contents(passport.files, passport.key, passport.can, passport.aa_key, passport.ca_key), "both")


def checked(stands: Standing) -> list[tuple[str, str]]:
    """What the journal says of every document: the check's word and what it rests on."""
    return [(each.document, each.rests_on) for each in stands.facts(DocumentChecked)]


def nothing_is_left(stands: Standing) -> None:
    left = b"".join(path.read_bytes() for path in stands.folder.glob("branch.db*")) + repr(stands.written()).encode()
    assert [secret for secret in SECRETS if secret.encode() in left] == []


def test_a_passport_is_read_by_its_chip_and_its_holder_proven_by_an_account(
    stands: Standing, daemon: Daemon, authority: Authority
) -> None:
    """By keypad and voice: number, birth and expiry open the chip; the name on it is the account's."""
    card = card_of(authority)
    with ExitStack() as laid, hands("keypad", stands.link, SECRETS) as someone:
        walk.to_identity(someone)
        slip = Slip(daemon.port, card.respond, card.atr, card.reset)
        result = walk.shows_an_id(someone, TYPED, "passport", lambda: laid.enter_context(slip))
        assert result["state"] == "checked", checked(stands)
        walk.proves_by_card(stands, someone)
        someone.sees("AskFirst", "Wish")
    assert checked(stands) == [("verified", "genuine")]
    nothing_is_left(stands)


def test_a_thief_with_a_genuine_stolen_passport_gets_no_further_than_not_proven(
    stands: Standing, daemon: Daemon, authority: Authority
) -> None:
    """The chip is genuine and opens; the thief's own bank card is another's, and nothing goes on from there."""
    card = card_of(authority)
    with ExitStack() as laid, hands("link", stands.link) as thief:
        walk.to_identity(thief)
        slip = Slip(daemon.port, card.respond, card.atr, card.reset)
        result = walk.shows_an_id(thief, TYPED, "passport", lambda: laid.enter_context(slip))
        assert result["state"] == "checked", checked(stands)
        desk = stands._running.core._desk
        proof = desk.visits[desk.front_id].at.draft.identity.draft.proof
        assert (str(proof.document), str(proof.holder)) == ("verified", "not proven")
        thief.does("prove", way="card")
        thief.sees("Card")
        stands.act(stands.counter.inserts_card, 1)
        assert thief.sees("Result", so=lambda now: now["state"] == "differs")["values"]["ways"] == []
        thief.does("confirm")
        thief.sees("Unproven")
        assert desk.visits[desk.front_id].at.step == Step.UNPROVEN
    assert [each.matches for each in stands.facts(b.NameCompared)] == [False]
    assert stands.counter.intake.book.entries == []
    nothing_is_left(stands)


def test_a_forged_chip_is_not_checked_and_the_customer_learns_no_more(
    stands: Standing, daemon: Daemon, authority: Authority
) -> None:
    card = card_of(authority, Variant.ALTERED_DG1)
    with ExitStack() as laid, hands("link", stands.link) as someone:
        walk.to_identity(someone)
        slip = Slip(daemon.port, card.respond, card.atr, card.reset)
        result = walk.shows_an_id(someone, TYPED, "passport", lambda: laid.enter_context(slip))
    assert result["state"] == "not_checked"
    ((word, why),) = checked(stands)
    assert word == "mismatch"
    assert why.startswith("altered")
