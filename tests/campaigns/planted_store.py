"""A branch's own store with its encryption opened: what stands in it in the clear, and what is sealed to its visits.

The file is SQLCipher, so its bytes tell nothing. With the branch's own key every table is read here. Where a personal
field of a fact is ciphertext by design, nothing planted may stand beside it in the clear; then the field is opened too,
and what must be nowhere (national numbers, machine-readable zones, card numbers, PINs, signatures) may not be there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from kiosk.journal import Journal
from kiosk.vault import Erased, Vault, load_master
from tests.campaigns.planted_search import standing

#: A hash, a key or a ciphertext: digits stand in it by chance, so that short secrets are not sought there.
OPAQUE = re.compile(r"[0-9a-f]{32,}")
SHORT = 8
#: Of an entry's body, what the store's own machinery draws at random or counts.
OWN = ("id", "boot", "mono_ns", "sealed")


@dataclass(frozen=True)
class Store:
    """Every text of the store: in the clear, and under the visits' keys; the last entry read."""

    clear: tuple[str, ...]
    sealed: tuple[str, ...]
    last: int


def opened(state: Path, after: int = 0) -> Store:
    """The store of a branch, its journal from an entry on; a branch may be running over it."""
    vault = Vault(load_master(state / "keys" / "db.key"))
    journal = Journal(state / "branch.db", vault, ())
    try:
        with journal._reading.connect() as connection:
            clear, sealed, last = list(_beside(connection)), list[str](), after
            for row in connection.execute(
                text("SELECT seq, body, wrapped FROM event LEFT JOIN visit_key USING (visit) WHERE seq > :after"),
                {"after": after},
            ):
                kept = json.loads(bytes(row.body))
                clear += leaves({name: value for name, value in kept.items() if name not in OWN})
                sealed += leaves(_personal(vault, kept, row.wrapped))
                last = max(last, row.seq)
    finally:
        journal.close()
    return Store(tuple(clear), tuple(sealed), last)


def _personal(vault: Vault, kept: dict[str, Any], wrapped: bytes | None) -> Any:
    """The personal fields of an entry; nothing where their key was destroyed."""
    if "sealed" not in kept:
        return {}
    try:
        return json.loads(vault.open(wrapped, f"{kept['visit']}|{kept['id']}", bytes.fromhex(kept["sealed"])))
    except Erased:
        return {}


def _beside(connection: Connection) -> Iterator[str]:
    """Every value of every other table, and the columns by which entries are found."""
    tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    for table in tables:
        columns = "visit, kind" if table == "event" else "*"
        for row in connection.execute(text(f"SELECT {columns} FROM {table}")):  # noqa: S608  # names of its own schema
            yield from leaves([each.hex() if isinstance(each, bytes) else each for each in row])


def leaves(value: Any) -> Iterator[str]:
    """Every text and number in nested values, as text."""
    if isinstance(value, dict):
        yield from (leaf for key, each in value.items() for leaf in (str(key), *leaves(each)))
    elif isinstance(value, list | tuple):
        yield from (leaf for each in value for leaf in leaves(each))
    elif value is not None:
        yield str(value)


def found(place: str, secrets: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Where one of these stands; the report names the place, never the secret."""
    whole, sought = tuple(texts), tuple(secrets)
    long, short = ([each for each in sought if (len(each) > SHORT) is many] for many in (True, False))
    plain = [each for each in whole if not OPAQUE.fullmatch(each)]
    return [
        *standing(long, [(place, "\n".join(whole).encode())]), *standing(short, [(place, "\n".join(plain).encode())]),
    ]  # fmt: skip


def in_store(store: Store, planted: Iterable[str], nowhere: Iterable[str]) -> list[str]:
    """What was planted and stands there in the clear, and what stands even under a visit's key that may be nowhere."""
    clear = found("the opened store, in the clear", planted, store.clear)
    return clear + found("the opened store, under a visit's key", nowhere, store.sealed)
