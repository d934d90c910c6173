"""A genuine document is not its holder."""

from __future__ import annotations

import itertools
from dataclasses import FrozenInstanceError

import pytest

from kiosk.proof import Document, Factor, Holder, Proof


def test_a_thief_with_a_genuine_stolen_card_stays_not_proven() -> None:
    stolen = Proof("resident_card", Document.VERIFIED)
    assert stolen.checked
    assert stolen.holder is Holder.NOT_PROVEN
    assert not stolen.suffices


def test_holder_cannot_be_set() -> None:
    with pytest.raises((FrozenInstanceError, AttributeError)):
        Proof().holder = Holder.PROVEN  # type: ignore[misc]  # the test breaks the rule


@pytest.mark.parametrize("document", list(Document))
def test_only_a_verified_document_with_a_factor_and_none_against_proves(document: Document) -> None:
    words = [None, *itertools.product(Factor, (True, False))]
    for one, two in itertools.product(words, words):
        proof = Proof("passport", document)
        for word in (one, two):
            proof = proof if word is None else proof.compared(*word)
        said = [word for word in (one, two) if word is not None]
        agreed = any(matches for _, matches in said)
        denied = any(not matches for _, matches in said)
        assert proof.suffices == (document is Document.VERIFIED and agreed and not denied)
        assert (proof.holder is Holder.DIFFERS) == denied
