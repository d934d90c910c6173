"""The composer types every syllable there is."""

from __future__ import annotations

import random

import pytest

from kiosk.ui.hangul import LEADS, VOWELS, compose, keys_of

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]


def test_every_syllable() -> None:
    """All 11,172 come back from their own keys, which are plain jamo of the keyboard."""
    assert len(SYLLABLES) == 11_172
    for syllable in SYLLABLES:
        keys = keys_of(syllable)
        assert compose(keys) == syllable
        assert set(keys) <= set(LEADS + VOWELS)


def test_pairs() -> None:
    """Neighbours do not change each other: 20,000 pairs, seed 7, typed without a break."""
    dice = random.Random(7)
    for _ in range(20_000):
        pair = dice.choice(SYLLABLES) + dice.choice(SYLLABLES)
        assert compose(keys_of(pair)) in (pair, merged(pair))


def merged(pair: str) -> str:
    """What two-set typing itself cannot tell apart: a tail that joins the next lead into a double tail."""
    return compose(keys_of(pair[0]) + keys_of(pair[1]))


@pytest.mark.parametrize(
    ("keys", "steps"),
    [
        ("ㅇㅜㅊㅔㄱㅜㄱ", ["ㅇ", "우", "웇", "우체", "우첵", "우체구", "우체국"]),
        ("ㄱㅏㅂㅅㅣ", ["ㄱ", "가", "갑", "값", "갑시"]),
        ("ㄷㅏㄹㄱㅇㅣ", ["ㄷ", "다", "달", "닭", "닭ㅇ", "닭이"]),
        ("ㅗㅏㅣ", ["ㅗ", "ㅘ", "ㅘㅣ"]),
        ("ㄱㄱ", ["ㄱ", "ㄱㄱ"]),
        ("ㅁㅜㄴ 2ㅎㅗ", ["ㅁ", "무", "문", "문 ", "문 2", "문 2ㅎ", "문 2호"]),
    ],
)
def test_on_the_way(keys: str, steps: list[str]) -> None:
    """What stands after each key, and so also after each erasing."""
    assert [compose(keys[: end + 1]) for end in range(len(keys))] == steps


def test_other_signs() -> None:
    """Latin, digits and signs pass as they are, both ways."""
    for text in ("Main St 12-3", "세종대로 209 (3층) #B동", "ㅋㅋ"):
        assert compose(keys_of(text)) == text
