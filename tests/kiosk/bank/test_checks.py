"""What may be entered at the bank counter: grammar and bounds, one sentence each; and what is shown of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import ConfigError
from kiosk.flow import Refusal
from kiosk.services.bank import checks, rules
from kiosk.services.bank.rules import Advice
from kiosk.services.bank.shelves import REQUIRED, read_shelf

SHELF = read_shelf(Path("config/banks"))
TODAY = date(2026, 7, 6)


def refused(check: Callable[..., Any], *args: Any) -> tuple[str, dict[str, Any]]:
    """The sentence and the values with which an entry is refused."""
    with pytest.raises(Refusal) as caught:
        check(*args)
    return caught.value.line.id, dict(caught.value.line.args)


@pytest.mark.parametrize("digits", ["", "123456789", "1" * 17, "12345678９0", "12345A7890", "'; DROP TABLE", "-" * 90])
def test_an_account_number_has_ten_to_sixteen_digits(digits: str) -> None:
    assert refused(checks.check_account, digits) == ("error.bank.account", {})


def test_hyphens_and_spaces_of_an_account_number_are_taken_out() -> None:
    assert checks.check_account("110-123 456789") == "110123456789"


@pytest.mark.parametrize("text", ["김", "", "123", "A" * 31, "홍길동\u202e", "a\x00b", "홍길동7", "<b>홍</b>"])
def test_a_name_is_letters(text: str) -> None:
    assert refused(checks.check_name, text)[0] == "error.bank.name"


@pytest.mark.parametrize("text", ["홍길동", "Anna O’Brien-Kim", "  이  영희 "])
def test_names_of_people_pass(text: str) -> None:
    assert checks.check_name(text) == " ".join(text.split())


@pytest.mark.parametrize("digits", ["20260230", "2026070", "20260707", "18991231", "abcdefgh", "２０２６０７０１"])
def test_a_date_exists_and_is_not_to_come(digits: str) -> None:
    assert refused(checks.check_date, digits, TODAY) == ("error.bank.date", {})


@pytest.mark.parametrize("digits", ["", "900101123456", "9013011234567", "9001019234567", "2612313000000"])
def test_a_resident_number_has_a_date_and_thirteen_digits(digits: str) -> None:
    assert refused(checks.check_rrn, digits, TODAY) == ("error.bank.rrn", {})


def test_a_wrong_check_digit_warns_and_never_refuses() -> None:
    """900101-1234568 is made up; its check digit fits, every other does not and passes all the same."""
    fits = [checks.check_rrn(f"900101123456{tail}", TODAY)[1] for tail in range(10)]
    assert sum(fits) == 1


@pytest.mark.parametrize("strokes", [None, [], [5], ["1,1"], ["1,1 2,2 x"], ["9999,1 " * 8], ["1,1"] * 61, "1,1"])
def test_a_signature_is_strokes_on_the_glass(strokes: object) -> None:
    assert refused(checks.check_signature, strokes) == ("error.bank.signature", {})


def test_a_signature_comes_back_as_it_was_drawn() -> None:
    drawn = ["10,10 20,25 30,40 40,60", "50,10 60,20 70,30 80,40"]
    assert checks.check_signature(drawn) == ";".join(drawn)


@pytest.mark.parametrize(
    ("won", "told"),
    [
        (0, ("error.bank.amount", {})), (-5, ("error.bank.amount", {})),
        (1_000_001, ("error.bank.balance", {"won": 1_000_000})), (700_001, ("error.bank.limit", {"won": 700_000})),
        (500_001, ("error.bank.day_limit", {"won": 500_000})),
    ],
)  # fmt: skip
def test_a_sum_above_balance_or_limit_is_told_which_and_how_much(won: int, told: tuple[str, dict[str, int]]) -> None:
    assert refused(rules.check_amount, won, 1_000_000, 700_000, 500_000) == told
    assert rules.check_amount(500_000, 1_000_000, 700_000, 500_000) == 500_000
    assert rules.check_amount(10**9, 10**9, None, None) == 10**9


def test_a_wish_outside_the_product_names_its_limit() -> None:
    loan = SHELF.of("loan")[0]
    assert refused(rules.check_wish, loan.least_won - 1, loan) == ("error.bank.least", {"won": loan.least_won})
    assert refused(rules.check_wish, loan.most_won + 1, loan) == ("error.bank.most", {"won": loan.most_won})
    assert rules.check_wish(loan.least_won, loan) == loan.least_won


@given(st.text(max_size=80))
def test_whatever_is_typed_is_refused_with_a_sentence_or_taken(text: str) -> None:
    for check in (checks.check_account, checks.check_name, checks.check_phone, checks.check_reference):
        with contextlib.suppress(Refusal):
            assert check(text)


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (checks.mask_name, "홍길동", "홍*동"), (checks.mask_name, "홍길", "홍*"),
        (checks.mask_name, "남궁길동", "남**동"),
        (checks.mask_account, "12345678901234", "**********1234"), (checks.mask_phone, "01012345678", "010-****-5678"),
        (checks.mask_phone, "021234567", "02-***-4567"),
    ],
)  # fmt: skip
def test_only_so_much_is_shown(mask: Callable[[str], str], plain: str, shown: str) -> None:
    assert mask(plain) == shown


def test_the_pre_check_says_apply_papers_or_officer_and_never_yes_or_no() -> None:
    living = SHELF.find("hanbit-living")
    assert living
    assert rules.advice(living, {}) == rules.Said(Advice.APPLY, ("income", "employment"))
    assert rules.advice(living, {"income": False}) == rules.Said(
        Advice.PAPERS, ("income", "employment", "other_income")
    )
    assert rules.advice(living, {"arrears": True}).advice is Advice.OFFICER
    assert {str(each) for each in Advice} == {"apply", "papers", "officer"}


TEXT = Path("config/banks/990.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rate_low = 425", "rate_lov = 425", r"products\.0\.rate_lov: unknown key; did you mean rate_low\?"),
        ("rate_low = 425", "rate_low = 4.25", r"products\.0\.rate_low = 4\.25: input should be a valid integer"),
        ("rate_low = 425", "rate_low = 991", r"rate_low is above rate_high; write the lower rate as rate_low"),
        ('kind = "loan"', 'kind = "lone"', r"products\.0\.kind = 'lone'"),
        ('else = "papers"', 'else = "officer"', r'else = "officer" none; correct `paper`'),
        ('code = "990"', 'code = "99"', r"bank\.code = '99'"),
        ('id = "hanbit-sunshine"', 'id = "hanbit-living"', r'products\.id = "hanbit-living": this id is taken'),
        ("documents = [\"income\", \"employment\"]", "documents = [\"passport\"]", r"documents\.0 = 'passport'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_bank_file_is_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in TEXT
    (tmp_path / "990.toml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as caught:
        read_shelf(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "990.toml"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("id_", REQUIRED["loan"])
def test_no_application_for_a_loan_is_taken_without_what_must_be_told(tmp_path: Path, id_: str) -> None:
    (tmp_path / "990.toml").write_text(TEXT.replace(f'id = "{id_}"', 'id = "other"', 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=f'the disclosure "{id_}" is missing; add it') as told:
        read_shelf(tmp_path)
    assert "\n" not in str(told.value)
    looked_at = TEXT.replace(f'id = "{id_}"', 'id = "other"', 1).replace("intake = true", "intake = false", 1)
    (tmp_path / "990.toml").write_text(looked_at, encoding="utf-8")
    assert read_shelf(tmp_path).products[0].intake is False


def test_production_takes_no_invented_figures_and_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"071\.toml: bank\.demonstration = true: production takes no invented"):
        read_shelf(Path("config/banks"), production=True)
    with pytest.raises(ConfigError, match="no bank's file here"):
        read_shelf(tmp_path)
    assert SHELF.verified is False
