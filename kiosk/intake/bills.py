"""What the code of a bill says: `BILL1-bank-account-won-number-check`, all digits, MOD 97-10 over them. Pure.

The format is this project's own, until the giro code of the operator's banks is entered here; see docs/bank.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_BILL = re.compile(r"BILL1-(\d{3})-(\d{10,16})-([1-9]\d{0,9})-(\d{6,20})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Bill:
    """The issuer's account, won, and the bill's number."""

    bank: str
    account: str = field(repr=False)
    won: int = 0
    number: str = field(default="", repr=False)


def read(text: str) -> Bill | str:
    """The bill, or why it is none: `format` or `check`."""
    found = _BILL.fullmatch(text)
    if found is None:
        return "format"
    if int("".join(found.groups())) % 97 != 1:
        return "check"
    return Bill(found[1], found[2], int(found[3]), found[4])


def write(bill: Bill) -> str:
    """The code of a bill, as its issuer prints it."""
    digits = f"{bill.bank}{bill.account}{bill.won}{bill.number}"
    return f"BILL1-{bill.bank}-{bill.account}-{bill.won}-{bill.number}-{98 - int(digits) * 100 % 97:02d}"
