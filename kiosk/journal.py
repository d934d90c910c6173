"""The append-only store: facts with a hash chain, outbox, visit keys, leased numbers. One writer, one thread.

SQLCipher through SQLAlchemy Core, WAL, synchronous=FULL. hash = SHA-256(previous || seq as u64 big-endian || body);
the body is already ciphertext where it is personal, so erasing a visit's key leaves the chain whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]  # the package ships no types
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from kiosk.facts import Fact, VisitClosed
from kiosk.vault import Erased, InvalidTag, Vault

GENESIS = bytes(32)


#: What every method raises when the store does not take or give: nothing was written.
StoreFailed = SQLAlchemyError


class StoreRefused(Exception):
    """The store cannot be opened; the text names the file and what to do."""


@dataclass(frozen=True)
class Entry:
    """One fact as it stands in the journal; `fact` is None when its personal part was erased; `open` holds the rest."""

    seq: int
    id: str
    visit: str
    at: datetime
    kind: str
    fact: Fact | None
    hash: bytes
    open: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """The end of the chain: last sequence number and hash (32 bytes)."""

    seq: int
    hash: bytes


def by_name(kinds: Sequence[type[Fact]]) -> dict[str, type[Fact]]:
    """Facts by the name under which they are kept; of two with one name, either would be read back as the other."""
    found: dict[str, type[Fact]] = {}
    for kind in kinds:
        if found.setdefault(kind.__name__, kind) is not kind:
            raise TypeError(f"{kind.__module__} and {found[kind.__name__].__module__} both keep a {kind.__name__}")
    return found


class Journal:
    """The store of one branch. Call it from one thread only; every method is one transaction."""

    def __init__(self, path: Path, vault: Vault, kinds: Sequence[type[Fact]]) -> None:
        self._vault = vault
        self._kinds = by_name(kinds)
        self._boot = uuid.uuid4().hex
        self._path = path
        self._engine = _open(path, vault.derive("store"))
        self._reading = self._engine.execution_options(reads=True)
        with self._engine.begin() as connection:
            self._head = _head(connection)

    @property
    def head(self) -> Head:
        """The last committed entry."""
        return self._head

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def append(self, visit: str, fact: Fact) -> Entry:
        """Write one fact and its outbox row; on disk when this returns."""
        seq, now, event_id = self._head.seq + 1, datetime.now(UTC), uuid.uuid4().hex
        with self._engine.begin() as connection:
            body = self._body(connection, seq, event_id, visit, fact, now)
            digest = chain(self._head.hash, seq, body)
            connection.execute(
                text("INSERT INTO event VALUES (:seq, :id, :visit, :kind, :body, :prev, :hash)"),
                {"seq": seq, "id": event_id, "visit": visit, "kind": type(fact).__name__, "body": body,
                 "prev": self._head.hash, "hash": digest},
            )  # fmt: skip
            connection.execute(text("INSERT INTO outbox VALUES (:seq)"), {"seq": seq})
            if isinstance(fact, VisitClosed):
                closed = text("UPDATE visit_key SET closed_at = :at WHERE visit = :v")
                connection.execute(closed, {"v": visit, "at": now.isoformat()})
        self._head = Head(seq, digest)
        return Entry(seq, event_id, visit, now, type(fact).__name__, fact, digest, _split(fact)[0])

    def _body(self, connection: Connection, seq: int, event_id: str, visit: str, fact: Fact, now: datetime) -> bytes:
        """Canonical JSON of one entry; personal fields sealed under the visit's key, bound to visit and entry."""
        open_part, personal = _split(fact)
        body: dict[str, Any] = {
            "id": event_id, "boot": self._boot, "at": now.isoformat(), "mono_ns": time.monotonic_ns(), "visit": visit,
            "kind": type(fact).__name__, "fact": open_part,
        }  # fmt: skip
        if personal:
            key = self._key(connection, visit, now)
            body["sealed"] = self._vault.seal(key, f"{visit}|{event_id}", _json(personal)).hex()
        return _json(body)

    def _key(self, connection: Connection, visit: str, now: datetime) -> bytes:
        """The visit's wrapped key, made with its first personal fact."""
        found = connection.execute(text("SELECT wrapped FROM visit_key WHERE visit = :v"), {"v": visit}).first()
        if found:
            if found.wrapped is None:
                raise Erased(visit)
            return bytes(found.wrapped)
        wrapped = self._vault.new_key()
        connection.execute(
            text("INSERT INTO visit_key (visit, wrapped, opened_at) VALUES (:v, :w, :at)"),
            {"v": visit, "w": wrapped, "at": now.isoformat()},
        )
        return wrapped

    def erase(self, visit: str) -> None:
        """Destroy the visit's key, in the write-ahead log too: its personal data is gone, the chain stays whole."""
        query = "UPDATE visit_key SET wrapped = NULL, destroyed_at = :at WHERE visit = :v AND wrapped IS NOT NULL"
        with self._engine.begin() as connection:
            connection.execute(text(query), {"v": visit, "at": datetime.now(UTC).isoformat()})
        with contextlib.closing(self._engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def erase_due(self, before: datetime) -> int:
        """Destroy the keys of visits that were closed before this moment (UTC); returns how many."""
        query = text("SELECT visit FROM visit_key WHERE wrapped IS NOT NULL AND closed_at < :before")
        with self._reading.connect() as connection:
            due = [str(row.visit) for row in connection.execute(query, {"before": before.isoformat()})]
        for visit in due:
            self.erase(visit)
        return len(due)

    def entries(self, after: int = 0, visit: str | None = None, limit: int = -1) -> list[Entry]:
        """Entries after a sequence number, oldest first, of one visit or of all."""
        where = "seq > :after" + (" AND event.visit = :visit" if visit is not None else "")
        return self._read(where, "ASC LIMIT :limit", {"after": after, "visit": visit, "limit": limit})

    def _read(self, where: str, order: str, values: Mapping[str, Any]) -> list[Entry]:
        """Entries of one query; its text is made of fixed pieces, its values are bound."""
        query = "SELECT seq, body, hash, wrapped FROM event LEFT JOIN visit_key USING (visit)"
        with self._reading.connect() as connection:
            rows = connection.execute(text(f"{query} WHERE {where} ORDER BY seq {order}"), values).all()
        return [self._entry(row.seq, bytes(row.body), bytes(row.hash), row.wrapped) for row in rows]

    def _entry(self, seq: int, body: bytes, digest: bytes, wrapped: bytes | None) -> Entry:
        kept = json.loads(body)
        at, fact = datetime.fromisoformat(kept["at"]), self._fact(seq, kept, wrapped)
        return Entry(seq, kept["id"], kept["visit"], at, kept["kind"], fact, digest, kept["fact"])

    def _fact(self, seq: int, kept: dict[str, Any], wrapped: bytes | None) -> Fact | None:
        """The fact of a stored body; None when its personal part was erased or its kind is not known."""
        kind, values = self._kinds.get(kept["kind"]), dict(kept["fact"])
        if "sealed" in kept:
            try:
                place = f"{kept['visit']}|{kept['id']}"
                values |= json.loads(self._vault.open(wrapped, place, bytes.fromhex(kept["sealed"])))
            except Erased:
                return None
            except InvalidTag:
                raise ChainBroken(seq) from None
        return None if kind is None else build(kind, values)

    def of_kinds(self, *kinds: type[Fact], after: int = 0, newest: int = -1) -> list[Entry]:
        """Entries of these kinds after a sequence number, oldest first; only the newest so many where that is told."""
        names = {f"k{i}": kind.__name__ for i, kind in enumerate(kinds)}
        where = f"seq > :after AND kind IN ({', '.join(f':{key}' for key in names)})"
        return self._read(where, "DESC LIMIT :newest", {"after": after, "newest": newest, **names})[::-1]

    def open_visits(self) -> list[str]:
        """Visits that were started and never closed, oldest first."""
        query = (
            "SELECT visit FROM event WHERE kind = 'VisitStarted' AND visit NOT IN "
            "(SELECT visit FROM event WHERE kind = 'VisitClosed') ORDER BY seq"
        )
        with self._reading.connect() as connection:
            return [str(row.visit) for row in connection.execute(text(query))]

    def lease(self, lease: str, lo: int, hi: int, expires: str) -> None:
        """Take in a block of numbers; a known one is left as it is. StoreRefused when numbers were leased before."""
        block = {"lease": lease, "lo": lo, "hi": hi, "expires": expires}
        with self._engine.begin() as connection:
            query = "SELECT lease, lo, hi FROM number_block WHERE lease = :lease OR (lo <= :hi AND :lo <= hi)"
            for known in connection.execute(text(query), block):
                if (known.lease, known.lo, known.hi) != (lease, lo, hi):
                    raise StoreRefused(
                        f"[[numbers.lease]] id = {lease!r}, {lo:013d} to {hi:013d}: lease {known.lease!r} holds "
                        f"{known.lo:013d} to {known.hi:013d} already; give a new block its own id and its own numbers."
                    )
            connection.execute(
                text("INSERT OR IGNORE INTO number_block VALUES (:lease, :lo, :hi, :lo, :expires)"), block
            )

    def numbers_left(self, today: str) -> int:
        """Numbers that may still be issued on this day (ISO date)."""
        with self._reading.connect() as connection:
            query = text("SELECT COALESCE(SUM(hi + 1 - next), 0) FROM number_block WHERE expires >= :today")
            return int(connection.execute(query, {"today": today}).scalar_one())

    def issue_number(self, visit: str, today: str) -> str | None:
        """This visit's 13-digit number: the same one however often it is asked; None when the blocks are used up."""
        with self._engine.begin() as connection:
            known = connection.execute(text("SELECT number FROM number_issued WHERE visit = :v"), {"v": visit}).scalar()
            if known is not None:
                return str(known)
            query = "SELECT lease, next FROM number_block WHERE next <= hi AND expires >= :today"
            block = connection.execute(text(f"{query} ORDER BY expires, lo LIMIT 1"), {"today": today}).first()
            if block is None:
                return None
            number = f"{block.next:013d}"
            issued = {"v": visit, "n": number, "lease": block.lease}
            connection.execute(text("UPDATE number_block SET next = next + 1 WHERE lease = :lease"), issued)
            connection.execute(text("INSERT INTO number_issued VALUES (:v, :n, :lease)"), issued)
            return number

    def verify(self) -> Head:
        """Walk the chain, and what stands beside each body; ChainBroken names the first entry that does not fit."""
        head = Head(0, GENESIS)
        with self._reading.connect() as connection:
            for row in connection.execute(text("SELECT * FROM event ORDER BY seq")):
                digest = chain(head.hash, head.seq + 1, bytes(row.body))
                if (row.seq, bytes(row.prev), bytes(row.hash)) != (head.seq + 1, head.hash, digest) or not _beside(row):
                    raise ChainBroken(head.seq + 1)
                head = Head(row.seq, digest)
        return head

    def signed_head(self) -> dict[str, Any]:
        """The head with its Ed25519 signature and the key that checks it, hex."""
        message = self._head.seq.to_bytes(8, "big") + self._head.hash
        return {
            "seq": self._head.seq, "hash": self._head.hash.hex(), "signature": self._vault.sign(message).hex(),
            "public_key": self._vault.public_key().hex(),
        }  # fmt: skip


class ChainBroken(Exception):
    """The journal was altered: the entry with this sequence number does not fit its chain."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"journal entry {seq} does not fit its chain: the store was altered; keep it and call staff.")
        self.seq = seq


def chain(prev: bytes, seq: int, body: bytes) -> bytes:
    """SHA-256(previous || sequence as u64 big-endian || stored body)."""
    return hashlib.sha256(prev + seq.to_bytes(8, "big") + body).digest()


def build(kind: type[Fact], values: dict[str, Any]) -> Fact:
    """A fact from stored values: unknown fields are left out, absent ones take their defaults."""
    known = {f.name for f in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    lacking = sorted(needed - values.keys())
    if lacking:
        raise StoreRefused(f"journal: a {kind.__name__} lacks {', '.join(lacking)}; this release cannot read it.")
    return kind(**{name: _frozen(value) for name, value in values.items() if name in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _split(fact: Fact) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open fields and personal fields of a fact; secret ones stay behind."""
    pairs = [(f, vars(fact)[f.name]) for f in fields(fact) if not f.metadata.get("secret")]
    personal = {f.name: v for f, v in pairs if f.metadata.get("personal")}
    return {f.name: v for f, v in pairs if f.name not in personal}, personal


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _head(connection: Connection) -> Head:
    row = connection.execute(text("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")).first()
    return Head(row.seq, bytes(row.hash)) if row else Head(0, GENESIS)


def _beside(row: Any) -> bool:
    """Whether the columns by which a row is found say what its body says."""
    kept = json.loads(row.body)
    return (row.event_id, row.visit, row.kind) == (kept["id"], kept["visit"], kept["kind"])


def _connect(path: Path, key: bytes) -> Any:
    connection = sqlcipher.connect(str(path), timeout=30, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    """A writer takes its place at once; a reader sees one moment and is in nobody's way."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _open(path: Path, key: bytes) -> Engine:
    """The engine over one SQLCipher connection, migrated; StoreRefused when it cannot be used."""
    engine = create_engine("sqlite://", module=sqlcipher, creator=lambda: _connect(path, key), poolclass=StaticPool)
    event.listen(engine, "begin", _begin)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with engine.begin() as connection:
            _migrate(connection)
    except (DatabaseError, sqlcipher.DatabaseError, OSError, CommandError) as fault:
        engine.dispose()
        raise StoreRefused(f"{path}: {_remedy(fault)}") from fault
    return engine


def _remedy(fault: Exception) -> str:
    """Why a store cannot be used, and what to do, in a clause."""
    why = str(fault.orig) if isinstance(fault, DatabaseError) else str(fault)
    if isinstance(fault, CommandError):
        return "written by a newer release; start that release, or restore an older copy of the store."
    if "not a database" in why:
        return "cannot be opened with this key; restore the right var/keys/db.key."
    return f"cannot be opened ({why}); look at the folder's owner and mode, and at the free space."


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def jsonl(entries: Sequence[Entry]) -> Iterator[str]:
    """One JSON line per entry without personal fields: what `journal tail` and the tour print."""
    for entry in entries:
        line = {"seq": entry.seq, "at": entry.at.isoformat(), "visit": entry.visit, "kind": entry.kind,
                "fact": entry.open, "hash": entry.hash.hex()}  # fmt: skip
        yield json.dumps(line, ensure_ascii=False)
