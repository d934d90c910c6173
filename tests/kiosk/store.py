"""A journal as tests open it, and the same file as somebody with the key and a tool opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]  # the package ships no types

from kiosk import facts as f
from kiosk.facts import Fact
from kiosk.journal import Journal
from kiosk.marks import personal
from kiosk.vault import Vault

VAULT = Vault(b"m" * 32)
NAME, PHONE = "홍길동", "01012345678"
DAY = "2026-11-22"


@dataclass(frozen=True)
class Named(Fact):
    """A fact with an open and two personal fields."""

    won: int
    name: str = personal()
    phone: str = personal()


KINDS = (*f.FACTS, Named)


@contextmanager
def opened(path: Path, vault: Vault = VAULT, kinds: tuple[type[Fact], ...] = KINDS) -> Iterator[Journal]:
    with closing(Journal(path, vault, kinds)) as journal:
        yield journal


@contextmanager
def raw(path: Path) -> Iterator[Any]:
    """The store as somebody with the key and a tool would open it."""
    with closing(sqlcipher.connect(str(path), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{VAULT.derive('store').hex()}'\"")
        yield connection


def without_triggers(connection: Any) -> None:
    """What an intruder does first."""
    for name in ("event_no_update", "event_no_delete", "number_no_reuse", "number_no_delete"):
        connection.execute(f"DROP TRIGGER {name}")


def filled(path: Path, n: int = 6) -> None:
    """Two visits, entry about entry."""
    with opened(path) as journal:
        for i in range(n):
            journal.append("ab"[i % 2], Named(i, NAME, PHONE))
