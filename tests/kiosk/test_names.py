"""Names of documents and accounts: written in every way, they are the same; never a holder proven by less than that."""

from __future__ import annotations

import asyncio
import itertools
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.agency import AgencyDesk
from devices.banking import BankHost, Found, NameCheck
from devices.counter import PinPad
from devices.ports import DeviceFault, FaultCode
from kiosk.banking import facts as b
from kiosk.banking import names
from kiosk.banking.teller import Teller
from kiosk.facts import Faulted
from tests.devices.banks import card, signed_on, switch

BORN = "1990-08-15"
SAME, DIFFERS, UNKNOWN = Found.SAME, Found.DIFFERS, Found.UNKNOWN


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("홍 새벽", "홍새벽"), ("홍<<새벽", "홍새벽"), ("홍\u3000새벽", "홍새벽"), ("홍\u00a0새 벽", "홍새벽"),
        ("남궁 새벽", "남궁새벽"), ("Hong Sae-Byeok", "HONGSAEBYEOK"), ("HONG<<SAE<BYEOK", "HONGSAEBYEOK"),
        ("ＨＯＮＧ", "HONG"), ("O'Brien", "OBRIEN"), ("O’Brien", "OBRIEN"), ("Müller", "MUELLER"),
        ("Straße", "STRASSE"), ("Đỗ", "DO"), ("İnan", "INAN"), ("Ångström", "AANGSTROEM"), ("Muñoz", "MUNOZ"),
        ("홍 SAEBYEOK", ""), ("张伟", ""), ("Иванов", ""), ("홍", ""), ("", ""), ("홍새벽2", ""), ("가" * 61, ""),
        ("홍\u200b새벽", ""), ("홍\u202e새벽", ""),
    ],
)  # fmt: skip
def test_a_name_in_the_form_that_is_asked_about(name: str, form: str) -> None:
    assert names.form(name) == form
    assert names.form(unicodedata.normalize("NFD", name)) == form


@given(st.text(max_size=90))
def test_the_form_of_a_form_is_itself_and_holds_letters_alone(text: str) -> None:
    form = names.form(text)
    assert names.form(form) == form
    assert form == "" or (form.isalpha() and len(form) <= names.MOST)
    assert names.written(names.written(text)) == names.written(text)


def test_the_korean_name_is_asked_first_and_each_once() -> None:
    assert names.forms(("HONG SAEBYEOK", "홍 새벽", "홍새벽")) == ("홍새벽", "HONGSAEBYEOK")
    assert names.forms(("张伟", "ZHANG WEI", "Zhang Wei")) == ("ZHANGWEI",)
    assert names.forms(("", "张伟")) == ()


def test_a_holder_is_proven_by_a_korean_name_or_by_a_romanised_one_with_the_day_of_birth() -> None:
    proven, denied = set[tuple[str, Found, Found]](), set[tuple[str, Found, Found]]()
    for asked, name, birth in itertools.product(("홍새벽", "HONGSAEBYEOK"), Found, Found):
        match names.judged(asked, NameCheck(name, birth)):
            case True:
                proven.add((asked, name, birth))
            case False:
                denied.add((asked, name, birth))
    assert proven == {("홍새벽", SAME, SAME), ("홍새벽", SAME, UNKNOWN), ("HONGSAEBYEOK", SAME, SAME)}
    other_day = {(asked, name, DIFFERS) for asked in ("홍새벽", "HONGSAEBYEOK") for name in Found}
    assert denied == other_day | {("홍새벽", DIFFERS, SAME), ("홍새벽", DIFFERS, UNKNOWN)}


class Crew:
    """A bank's link and nothing else."""

    bank_host: BankHost | None
    bank_desk: AgencyDesk | None = None
    pin_pad: PinPad | None = None

    def __init__(self, host: BankHost) -> None:
        self.bank_host = host

    def check(self, name: str) -> None:
        """It answers."""


MATCH, OTHER, UNCLEAR = b.NameCompared(True), b.NameCompared(False), b.NameCompared(False, unclear=True)


@pytest.mark.parametrize(
    ("whose", "written", "birth", "said"),
    [
        (0, ("홍 새벽", "HONG SAEBYEOK"), BORN, MATCH),
        (0, (unicodedata.normalize("NFD", "홍새벽"),), "", MATCH),
        (0, ("HONG SAE BYEOK",), BORN, MATCH),
        (0, ("HONG SAEBYEOK",), "", UNCLEAR),
        (0, ("HONG SAEBYUK",), BORN, UNCLEAR),
        (0, ("HONG SAEBYEOK",), "1990-08-16", OTHER),
        (0, ("홍 새벽", "HONG SAEBYEOK"), "1990-08-16", OTHER),
        (1, ("홍 새벽", "HONG SAEBYEOK"), BORN, OTHER),
        (1, ("HONG SAEBYEOK",), BORN, UNCLEAR),
        (0, ("张伟",), BORN, UNCLEAR),
        (0, (), BORN, UNCLEAR),
    ],
)  # fmt: skip
def test_the_bank_is_asked_by_every_writing_until_one_can_be_compared(
    tmp_path: Path, whose: int, written: tuple[str, ...], birth: str, said: b.NameCompared
) -> None:
    async def play() -> object:
        async with switch(tmp_path) as line, signed_on(line) as host:
            teller = Teller(Crew(host), lambda posted: None, {})
            teller._cards["v"] = card(whose)
            return await teller._compare("v", b.CompareName("v-c1", written, birth))

    assert asyncio.run(play()) == said


class Mumbles:
    """A bank that answers a name with nothing that can be read."""

    async def real_name(self, *asked: object) -> NameCheck:
        raise DeviceFault(FaultCode.PROTOCOL, "malformed")

    def doubts(self) -> tuple[str, ...]:
        return ()


def test_an_answer_that_says_nothing_speaks_against_nobody() -> None:
    teller = Teller(Crew(Mumbles()), lambda posted: None, {})  # type: ignore[arg-type]  # the one call that is made
    teller._cards["v"] = card()
    found = asyncio.run(teller._compare("v", b.CompareName("v-c1", ("홍새벽",), "")))
    assert found == Faulted("bank_host", FaultCode.PROTOCOL, "CompareName")
