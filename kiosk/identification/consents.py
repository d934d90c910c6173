"""The consents that a document is shown under: wording in the catalogues, version, and the hash of what is shown.

A consent is kept by version, language and SHA-256 of the words that stood on the screen. Whoever changes the words
changes the hash; the version is raised by hand, and a test holds both together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from kiosk.identification.views import Consent, Wording, consent_words
from kiosk.words import Words

VERSIONS = {"check": "2026-11-2", "intake": "2026-11-3", "contract": "2026-11-3", "commission": "2026-11-2"}
LANGUAGES = ("ko", "en")
#: Parts without which nothing can be checked, and parts that may be left out.
REQUIRED = {
    "check": ("use", "check", "keep"), "intake": ("use", "check", "bank", "keep"),
    "contract": ("use", "check", "bank", "keep"), "commission": ("use", "check", "authority"),
}  # fmt: skip
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "check": (), "intake": ("contact",), "contract": (), "commission": ("print",),
}  # fmt: skip


def wording(authority: Mapping[str, str] | None = None) -> Wording:
    """Every purpose's consent in every language; `authority`: the name, by language, of who commissions checks."""
    return {tag: consents(Words(tag), (authority or {}).get(tag, "")) for tag in LANGUAGES}


def consents(words: Words, authority: str = "") -> dict[str, Consent]:
    """Each purpose's consent, hashed over the words of this catalogue as they are shown."""
    found = {}
    for purpose, version in VERSIONS.items():
        named = authority if purpose == "commission" else ""
        shown = Consent(purpose, version, words.language, "", REQUIRED[purpose], OPTIONAL[purpose], named)
        ids = ("id.consent.question", *consent_words(shown), "id.consent.agree")
        text = "\n".join(words.say(each, authority=named) for each in ids)
        found[purpose] = replace(shown, sha256=hashlib.sha256(text.encode()).hexdigest())
    return found
