"""The consents that a document is shown under: wording in the catalogues, version, and the hash of what is shown.

A consent is kept by version and SHA-256 of its Korean text. Whoever changes the words changes the hash; the version is
raised by hand, and a test holds both together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from kiosk.identification.views import Consent
from kiosk.words import Words

VERSIONS = {"check": "2026-11-1", "intake": "2026-11-1", "commission": "2026-11-1"}
#: Parts without which nothing can be checked, and parts that may be left out.
REQUIRED = {
    "check": ("use", "check", "keep"), "intake": ("use", "check", "bank"), "commission": ("use", "check", "authority"),
}  # fmt: skip
OPTIONAL: Mapping[str, tuple[str, ...]] = {"check": (), "intake": ("contact",), "commission": ("print",)}


def consents(words: Words) -> dict[str, Consent]:
    """Each purpose's consent, hashed over the words of this (the Korean) catalogue."""
    found = {}
    for purpose, version in VERSIONS.items():
        parts = (*REQUIRED[purpose], *OPTIONAL[purpose])
        text = "\n".join(words.say(f"id.consent.{purpose}.{part}") for part in parts)
        digest = hashlib.sha256(text.encode()).hexdigest()
        found[purpose] = Consent(purpose, version, digest, REQUIRED[purpose], OPTIONAL[purpose])
    return found
