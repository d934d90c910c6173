"""What is kept of a wait, and whom it binds: the card with this payee, the card, and while it runs the payee, unless
many honest people pay it: a product of a bank, an issuer of bills. Pure.

Each is kept under a keyed hash alone, so that it can be found again and never read.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from kiosk.intake.facts import HoldKept, HoldKnown, KeepHold, LookHold


def kept(asked: KeepHold, key: bytes, now: datetime) -> HoldKept:
    """A wait that begins now."""
    until = (now + timedelta(seconds=asked.seconds)).isoformat(timespec="seconds")
    pair, card, payee = _marks(asked.card, asked.payee, key)
    return HoldKept(pair, until, card, payee if asked.for_all else "")


def known(asked: LookHold, holds: Iterable[HoldKept], key: bytes, now: datetime, remembered_s: float) -> HoldKnown:
    """What binds this card and payee; a wait that passed longer ago than `remembered_s` is none. Oldest first."""
    pair, card, payee = _marks(asked.card, asked.payee, key)
    ends = [(hold, (datetime.fromisoformat(hold.until) - now).total_seconds()) for hold in holds]
    mine = [left for hold, left in ends if hold.mark == pair and left > -remembered_s]
    of_card = [left for hold, left in ends if hold.card_mark == card and left > -remembered_s]
    wider = [*of_card, *(left for hold, left in ends if hold.payee_mark == payee and left > 0)]
    return HoldKnown(*(max(0, round(max(each))) if each else None for each in (mine, wider)))


def _marks(card: str, payee: str, key: bytes) -> tuple[str, str, str]:
    """Card with payee, card, payee."""
    texts = (f"{card}|{payee}", f"card|{card}", f"payee|{payee}")
    pair, one, other = (hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for text in texts)
    return pair, one, other
