"""The grammar of fields, a sentence for each mistake; masks; limits."""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import Intent, Refusal, Situation
from kiosk.identification import fields, flow, views
from kiosk.identification.consents import VERSIONS, wording
from kiosk.identification.facts import ConsentGiven
from kiosk.identification.limits import Limits, Tried, denied, refused
from kiosk.words import Words, catalogue

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
SITUATION = Situation(NOW, NOW, "ko", {})


@pytest.mark.parametrize(
    ("kind", "field", "text", "good"),
    [
        ("licence", "name", "  홍  새벽 ", "홍새벽"),
        ("licence", "name", unicodedata.normalize("NFD", "홍새벽"), "홍새벽"),
        ("passport", "number", "m123-45678", "M12345678"),
        ("resident_card", "number", "900000-2000001", "9000002000001"),
        ("resident_card", "number", "2611303000001", "2611303000001"),
        ("licence", "number", "99-00-000000-01", "990000000001"),
        ("licence", "issued", "2021.03.04", "2021-03-04"), ("passport", "expiry", "20310304", "2031-03-04"),
    ],
)  # fmt: skip
def test_what_is_meant_is_understood(kind: str, field: str, text: str, good: str) -> None:
    assert fields.checked(kind, field, text, TODAY) == good


@pytest.mark.parametrize(
    ("kind", "number", "born"),
    [
        ("resident_card", "9002292000001", ""), ("resident_card", "9002282000001", "1990-02-28"),
        ("resident_card", "0001013000001", "2000-01-01"), ("resident_card", "0001017000001", "2000-01-01"),
        ("resident_card", "9912319000001", "1899-12-31"), ("resident_card", "9912315000001", "1999-12-31"),
        ("resident_card", "9000002000001", ""), ("licence", "990000000001", ""),
        ("passport", "M12345678", "1990-08-15"),
    ],
)  # fmt: skip
def test_the_day_of_birth_that_a_document_tells(kind: str, number: str, born: str) -> None:
    assert fields.birth(kind, {"number": number, "birth": "1990-08-15"}) == born


@pytest.mark.parametrize(
    ("kind", "field", "text", "error"),
    [
        ("licence", "name", "7", "error.id.name"), ("licence", "name", "홍\u202e벽", "error.id.name"),
        ("passport", "number", "M1", "error.id.chip_number"),
        ("resident_card", "number", "900000200000", "error.id.resident"),
        ("resident_card", "number", "9013322000001", "error.id.resident_day"),
        ("resident_card", "number", "9002302000001", "error.id.resident_day"),
        ("resident_card", "number", "2612013000001", "error.id.resident_day"),
        ("licence", "number", "９９00000000011", "error.id.licence"),
        ("licence", "issued", "20210230", "error.id.date"),
        ("licence", "issued", "20261201", "error.id.past"), ("passport", "birth", "18991231", "error.id.past"),
        ("passport", "expiry", "20990101", "error.id.expiry"), ("licence", "shoe", "1", "malformed"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(kind: str, field: str, text: str, error: str) -> None:
    with pytest.raises(Refusal) as told:
        fields.checked(kind, field, text, TODAY)
    assert told.value.line.id == error
    assert error == "malformed" or error in catalogue("ko")


@given(st.sampled_from(sorted(fields.ASKED)), st.sampled_from(sorted(fields.MOST)), st.text(max_size=80))
def test_any_text_is_a_field_or_a_refusal(kind: str, field: str, text: str) -> None:
    with contextlib.suppress(Refusal):
        assert fields.checked(kind, field, text, TODAY)


def test_an_odd_tail_only_warns() -> None:
    assert fields.odd_tail("resident_card", "9001011234567") != fields.odd_tail("resident_card", "9001011234568")
    assert not fields.odd_tail("licence", "990000000001")
    tails = [fields.odd_tail("resident_card", f"900101123456{n}") for n in range(10)]
    assert tails.count(False) == 1


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("name", "홍길동", "홍*동"), ("name", "홍길", "홍*"), ("name", "남궁새벽", "남**벽"),
        ("number", "9001011234567", "900101-1******"), ("issued", "2021-03-04", "2021-03-04"),
        ("birth", "1990-02-03", "1990-**-**"),
    ],
)  # fmt: skip
def test_masks_are_those_of_the_house(field: str, text: str, shown: str) -> None:
    assert fields.masked("resident_card", field, text) == shown
    assert fields.masked_account("99900100000001") == "**********0001"


def tries(*ago_s: float, mark: str = "a") -> list[Tried]:
    return [Tried(NOW - timedelta(seconds=each), mark) for each in ago_s]


def test_a_number_and_a_kiosk_have_their_limits() -> None:
    limits = Limits(a_number=3, an_hour=5)
    assert refused(tries(10, 20), "a", NOW, limits) is None
    told = refused(tries(10, 20, 86_399), "a", NOW, limits)
    assert told == ("number", NOW + timedelta(seconds=1))
    assert refused(tries(10, 20, 86_401), "a", NOW, limits) is None
    assert refused(tries(1, 2, 3), "b", NOW, limits) is None
    kiosk = refused([*tries(1, 2, 3), *tries(4, 3_599, mark="c")], "b", NOW, limits)
    assert kiosk == ("kiosk", NOW + timedelta(seconds=1))


def test_a_denial_is_remembered_for_a_day_and_by_its_number_alone() -> None:
    seen = tries(86_399)
    assert denied(seen, "a", NOW)
    assert not denied(seen, "b", NOW)
    assert not denied(tries(86_401), "a", NOW)


def test_a_clock_set_back_opens_nothing() -> None:
    later = [Tried(NOW + timedelta(days=400), "a")] * 3
    assert refused(later, "a", NOW, Limits(a_number=3)) is not None


def test_a_changed_wording_has_another_hash() -> None:
    shown = wording({"ko": "보기복지관", "en": "Example Welfare Office"})
    assert {each.id: each.version for each in shown["ko"].values()} == VERSIONS
    assert {each.language for each in shown["en"].values()} == {"en"}
    assert len({each.sha256 for told in shown.values() for each in told.values()}) == 8
    assert shown["ko"]["commission"].sha256 != wording()["ko"]["commission"].sha256
    assert shown["ko"]["check"] == wording()["ko"]["check"]


@pytest.mark.parametrize("tag", ["ko", "en"])
@pytest.mark.parametrize("purpose", sorted(VERSIONS))
def test_what_is_agreed_to_is_shown_and_said_in_the_language_of_the_screen(purpose: str, tag: str) -> None:
    told = wording({"ko": "보기복지관", "en": "Example Welfare Office"})
    view = views.view(flow.begin("v", purpose), replace(SITUATION, language=tag), told)
    consent, words = told[tag][purpose], Words(tag, strict=True)
    assert (view.values["version"], view.values["authority"]) == (consent.version, consent.authority)
    said = "\n".join(words.tell(line.id, line.args) for line in view.speech)
    whole = f"{said}\n{words.say('id.consent.agree')}"
    assert hashlib.sha256(whole.encode()).hexdigest() == consent.sha256
    agreed = Intent("consent", {"optional": []})
    given = views.hear(flow.begin("v", purpose), agreed, replace(SITUATION, language=tag), told)
    assert given == ConsentGiven(purpose, consent.version, consent.sha256, (), tag)


#: Version and hash of each wording: whoever changes the words raises the version.
KNOWN = {
    ("ko", "check"): ("2026-11-2", "90fdad8f63559ec8"), ("ko", "intake"): ("2026-11-3", "e475994051d1a804"),
    ("ko", "contract"): ("2026-11-3", "20267cee040b917a"), ("en", "contract"): ("2026-11-3", "fd5ad3a21abfbdb6"),
    ("ko", "commission"): ("2026-11-2", "4fae5ceb2b9045b9"), ("en", "check"): ("2026-11-2", "1e86ea2f592769a0"),
    ("en", "intake"): ("2026-11-3", "ed757fac4464bdaa"), ("en", "commission"): ("2026-11-2", "b4b56194002eee8b"),
}  # fmt: skip


def test_wording_and_version_belong_together() -> None:
    found = {(tag, purpose): (each.version, each.sha256[:16]) for tag, told in wording().items()
             for purpose, each in told.items()}  # fmt: skip
    assert found == KNOWN
