"""2-beolsik composition: a sequence of keys (jamo and anything else) to text, and back. Pure."""

from __future__ import annotations

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
PAIRS = {
    "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ",
    "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ",
    "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
}  # fmt: skip
_APART = {whole: pair for pair, whole in PAIRS.items()}
_FIRST = 0xAC00


class _Syllable:
    """The syllable being typed: lead, vowel, tail, each as it stands."""

    def __init__(self) -> None:
        self.lead = self.vowel = self.tail = ""

    def take(self, key: str) -> str:
        """Take one jamo; what is finished by it comes back as text."""
        return self._vowel(key) if key in VOWELS else self._consonant(key)

    def _consonant(self, key: str) -> str:
        if self.lead and self.vowel and not self.tail and key in TAILS:
            self.tail = key
            return ""
        if self.tail and (pair := PAIRS.get(self.tail + key)):
            self.tail = pair
            return ""
        if not self.lead and not self.vowel:
            self.lead = key
            return ""
        return self._restart(key, "")

    def _vowel(self, key: str) -> str:
        if self.tail:
            kept, moved = _split(self.tail)
            self.tail = kept
            return self._restart(moved, key)
        if self.vowel and (pair := PAIRS.get(self.vowel + key)):
            self.vowel = pair
            return ""
        if self.lead and not self.vowel:
            self.vowel = key
            return ""
        return self._restart("", key)

    def _restart(self, lead: str, vowel: str) -> str:
        done = self.text()
        self.lead, self.vowel, self.tail = lead, vowel, ""
        return done

    def text(self) -> str:
        """What stands so far."""
        if not (self.lead and self.vowel):
            return self.lead + self.vowel
        number = (LEADS.index(self.lead) * len(VOWELS) + VOWELS.index(self.vowel)) * len(TAILS)
        return chr(_FIRST + number + TAILS.index(self.tail))


def _split(tail: str) -> tuple[str, str]:
    """A tail's part that stays and the consonant that the next vowel takes along."""
    pair = _APART.get(tail)
    return (pair[0], pair[1]) if pair else ("", tail)


def compose(keys: str) -> str:
    """The text that these keys give, the last syllable as far as it is typed."""
    text, now = "", _Syllable()
    for key in keys:
        if key in LEADS or key in VOWELS:
            text += now.take(key)
        else:
            text, now = text + now.text() + key, _Syllable()
    return text + now.text()


def keys_of(text: str) -> str:
    """The keys that type this text; compose() of them is the text again."""
    return "".join(_keys(letter) for letter in text)


def _keys(letter: str) -> str:
    number = ord(letter) - _FIRST
    if not 0 <= number < len(LEADS) * len(VOWELS) * len(TAILS):
        return _APART.get(letter, letter)
    rest, tail = divmod(number, len(TAILS))
    lead, vowel = divmod(rest, len(VOWELS))
    return LEADS[lead] + "".join(_APART.get(part, part) for part in (VOWELS[vowel], TAILS[tail]))
