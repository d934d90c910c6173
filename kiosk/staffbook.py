"""A new line of the staff register: the badge's key, the PIN typed twice, and the [[staff]] table to print."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from argon2 import PasswordHasher

from kiosk.config import StaffTable

#: Digits of a PIN.
SHORTEST, LONGEST = 6, 12
ROLES = ("technician", "officer")
Ask = Callable[[str], str]


def person(id: str, role: str, known: Sequence[StaffTable]) -> None:
    """ValueError in one sentence where this person cannot be written down."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,20}", id):
        raise ValueError("--id: one to twenty letters, digits or hyphens; the journal names the person by it")
    if role not in ROLES:
        raise ValueError(f"--role {role}: write one of {' or '.join(ROLES)}")
    if any(each.id == id for each in known):
        raise ValueError(f"--id {id}: somebody in branch.toml has this id already; choose another or remove that table")


def badge(card: str, known: Sequence[StaffTable]) -> str:
    """The badge's key as the register writes it; ValueError in one sentence."""
    key = card.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise ValueError("--card: a badge's key is 64 hexadecimal digits (SHA-256); or read it with --reader")
    owner = next((each.id for each in known if each.card == key), None)
    if owner is not None:
        raise ValueError(f"this badge is {owner}'s already; one badge opens for one person")
    return key


def pin_twice(ask: Ask) -> str:
    """The PIN that was typed twice alike; ValueError in one sentence that holds nothing of it."""
    pin = ask("PIN (six to twelve digits, not shown): ")
    if why := weakness(pin):
        raise ValueError(f"PIN: {why}; choose another")
    if ask("the same PIN again: ") != pin:
        raise ValueError("PIN: the second time it was another; begin again")
    return pin


def weakness(pin: str) -> str:
    """Why nobody should have this PIN; '' where it will do."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return "it must be six to twelve digits"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {9}) or any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3)):
        return "it is one of the first that a stranger would try"
    if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", pin):
        return "it reads like a birthday"
    return ""


def entry(id: str, role: str, card: str, pin: str) -> str:
    """The table to put into branch.toml; the PIN stands in it as argon2id alone."""
    values = {"id": id, "role": role, "card": card, "pin": PasswordHasher().hash(pin)}
    StaffTable.model_validate(values)
    return "\n".join(["[[staff]]", *(f'{key} = "{value}"' for key, value in values.items())])
