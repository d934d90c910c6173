"""What a journal keeps of a fact."""

from __future__ import annotations

from dataclasses import fields, replace

from kiosk.facts import Fact


def stripped(fact: Fact) -> Fact:
    """The fact as it is read back: secret fields (kiosk.marks) are empty."""
    return replace(fact, **{each.name: "" for each in fields(fact) if each.metadata.get("secret")})
