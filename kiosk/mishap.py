"""An unforeseen exception, as a log may hold it: its kind and its way through the code, never its text. Pure.

The text of an exception may quote what a device, a bank or a customer sent.
"""

from __future__ import annotations

import traceback
from pathlib import Path

#: Innermost places named.
DEPTH = 4


def where(error: BaseException) -> str:
    """`ValueError at teller.py:212 < hands.py:140`: the kind, and where it was raised, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[::-1][:DEPTH]
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames)
    return f"{type(error).__name__} at {places or 'no place'}"
