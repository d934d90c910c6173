"""How a field of a fact is kept: in the clear unless it is marked, sealed to its visit, or not at all. Pure."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def personal(default: Any = "") -> Any:
    """A dataclass field that the vault encrypts before the journal sees it."""
    return field(default=default, metadata={"personal": True})


def secret() -> Any:
    """A text field that is never written anywhere: the journal keeps the fact without it."""
    return field(default="", repr=False, metadata={"secret": True})
