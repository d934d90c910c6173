"""What a scanned code may say, and everything else that it may not."""

import random

import pytest

from devices.payload import LONGEST, Grammar, Payload, decode, issue, parse, s10_check


@pytest.mark.parametrize(
    ("text", "grammar"),
    [
        ("6899900000001", Grammar.REGISTERED),
        ("RN473124829GB", Grammar.S10),
        ("RR123456785KR", Grammar.S10),
        (issue(Grammar.PICKUP, "40718823"), Grammar.PICKUP),
        (issue(Grammar.NOTICE, "00000001"), Grammar.NOTICE),
    ],
)
def test_each_question_takes_its_own_codes_and_no_other_questions(text: str, grammar: Grammar) -> None:
    assert parse(text, grammar) == Payload(grammar, text)
    assert [each for each in Grammar if parse(text, each) is not None] == [grammar]


@pytest.mark.parametrize(
    "text",
    ["", " ", "https://example.org/6899900000001", "HTTPS://EXAMPLE.ORG", "689990000000", "68999000000011",
     " 6899900000001", "6899900000001\n", "6899900000001 ", "６８９９９０００００００１", "٦٨٩٩٩٠٠٠٠٠٠٠١",
     "689990000000²", "RN473124820GB", "rn473124829gb", "PU4071882300", "NS", "start", "rm -rf", "\x1b[2J6899900000001",
     "6" * 4000,
     "WIFI:S:net;P:word;;", "홍길동"],
)  # fmt: skip
def test_nothing_else_is_an_answer(text: str) -> None:
    assert [parse(text, grammar) for grammar in Grammar] == [None] * len(Grammar)


def test_check_digits_are_those_of_the_standards() -> None:
    assert s10_check("47312482") == 9
    assert s10_check("12345678") == 5
    assert {s10_check(f"{number:08d}") for number in range(400)} == set(range(10))
    assert issue(Grammar.PICKUP, "00000794") == "PU0000079444"  # ISO/IEC 7064: 794 has the check digits 44


def test_one_wrong_or_swapped_digit_opens_no_locker() -> None:
    code = issue(Grammar.PICKUP, "40718823")
    for at in range(2, 12):
        for digit in "0123456789".replace(code[at], ""):
            assert parse(code[:at] + digit + code[at + 1 :], Grammar.PICKUP) is None
        if at < 11 and code[at] != code[at + 1]:
            assert parse(code[:at] + code[at + 1] + code[at] + code[at + 2 :], Grammar.PICKUP) is None


def test_a_key_is_not_shown_by_accident_and_only_eight_digits_are_issued() -> None:
    assert "PU" not in repr(parse(issue(Grammar.PICKUP, "40718823"), Grammar.PICKUP))
    for grammar, digits in ((Grammar.PICKUP, "1"), (Grammar.NOTICE, "1234567x"), (Grammar.S10, "12345678")):
        with pytest.raises(ValueError, match="eight digits"):
            issue(grammar, digits)


@pytest.mark.parametrize("raw", [b"", b"a" * (LONGEST + 1), b"\x00", b"a\tb", b"\xff", "홍".encode(), b"\x7f"])
def test_bytes_that_are_no_plain_text_do_not_come_in(raw: bytes) -> None:
    assert decode(raw) is None


def examples(seed: int, count: int) -> int:
    """Random and spoilt payloads through the edge and every grammar; how many were taken. A campaign calls this."""
    chance, taken = random.Random(seed), 0
    sound = [b"6899900000001", b"RN473124829GB", issue(Grammar.PICKUP, "40718823").encode()]
    for _ in range(count):
        raw = bytearray(chance.choice(sound) if chance.random() < 0.7 else chance.randbytes(chance.randint(0, 140)))
        for _ in range(chance.randint(0, 3)):
            if raw:
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        text = decode(bytes(raw))
        found = [] if text is None else [each for grammar in Grammar if (each := parse(text, grammar))]
        assert all(each.value.isascii() and each.value.isalnum() for each in found)
        assert len(found) <= 1
        taken += len(found)
    return taken


def test_a_sample_of_the_fuzz_campaign() -> None:
    assert examples(3, 4000) > 200
