"""The append-only store: facts with a hash chain, outbox, visit keys, leased numbers. One writer, one thread.

SQLCipher through SQLAlchemy Core, WAL, synchronous=FULL. hash = SHA-256(previous || seq as u64 big-endian || body);
the body is already ciphertext where it is personal, so erasing a visit's key leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]  # the package ships no types
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from kiosk.facts import Fact
from kiosk.vault import Erased, Vault

GENESIS = bytes(32)


class StoreRefused(Exception):
    """The store cannot be opened; the text names the file and what to do."""


@dataclass(frozen=True)
class Entry:
    """One fact as it stands in the journal; `fact` is None when its personal part was erased."""

    seq: int
    id: str
    visit: str
    at: datetime
    kind: str
    fact: Fact | None
    hash: bytes


@dataclass(frozen=True)
class Head:
    """The end of the chain: last sequence number and hash (32 bytes)."""

    seq: int
    hash: bytes


class Journal:
    """The store of one branch. Call it from one thread only; every method is one transaction."""

    def __init__(self, path: Path, vault: Vault, kinds: Sequence[type[Fact]]) -> None:
        self._vault = vault
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._boot = uuid.uuid4().hex
        self._path = path
        self._engine = _open(path, vault.derive("store"))
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
        self._head = Head(seq, digest)
        return Entry(seq, event_id, visit, now, type(fact).__name__, fact, digest)

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
        """Destroy the visit's key: its personal data is gone, the chain stays whole."""
        with self._engine.begin() as connection:
            connection.execute(
                text("UPDATE visit_key SET wrapped = NULL, destroyed_at = :at WHERE visit = :v AND wrapped IS NOT NULL"),
                {"v": visit, "at": datetime.now(UTC).isoformat()},
            )

    def entries(self, after: int = 0, visit: str | None = None, limit: int = -1) -> list[Entry]:
        """Entries after a sequence number, oldest first, of one visit or of all."""
        where = "seq > :after" + (" AND visit = :visit" if visit is not None else "")
        with self._engine.connect() as connection:
            rows = connection.execute(
                text(f"SELECT seq, body, hash FROM event WHERE {where} ORDER BY seq LIMIT :limit"),  # noqa: S608 - fixed text
                {"after": after, "visit": visit, "limit": limit},
            ).all()
            keys = {r.visit: r.wrapped for r in connection.execute(text("SELECT visit, wrapped FROM visit_key"))}
        return [self._entry(row.seq, bytes(row.body), bytes(row.hash), keys) for row in rows]

    def _entry(self, seq: int, body: bytes, digest: bytes, keys: dict[str, bytes | None]) -> Entry:
        kept = json.loads(body)
        at, visit = datetime.fromisoformat(kept["at"]), str(kept["visit"])
        return Entry(seq, kept["id"], visit, at, kept["kind"], self._fact(kept, keys), digest)

    def _fact(self, kept: dict[str, Any], keys: dict[str, bytes | None]) -> Fact | None:
        """The fact of a stored body; None when its personal part was erased or its kind is no longer known."""
        kind, values = self._kinds.get(kept["kind"]), dict(kept["fact"])
        if "sealed" in kept:
            try:
                place = f"{kept['visit']}|{kept['id']}"
                values |= json.loads(self._vault.open(keys.get(kept["visit"]), place, bytes.fromhex(kept["sealed"])))
            except Erased:
                return None
        return None if kind is None else build(kind, values)

    def of_kinds(self, *kinds: type[Fact]) -> list[Entry]:
        """Every entry of these kinds, oldest first."""
        names = {f"k{i}": kind.__name__ for i, kind in enumerate(kinds)}
        wanted = ", ".join(f":{key}" for key in names)
        with self._engine.connect() as connection:
            query = text(f"SELECT seq, body, hash FROM event WHERE kind IN ({wanted}) ORDER BY seq")  # noqa: S608 - bound names
            rows = connection.execute(query, names).all()
        return [self._entry(row.seq, bytes(row.body), bytes(row.hash), {}) for row in rows]

    def open_visits(self) -> list[str]:
        """Visits that were started and never closed, oldest first."""
        query = (
            "SELECT visit FROM event WHERE kind = 'VisitStarted' AND visit NOT IN "
            "(SELECT visit FROM event WHERE kind = 'VisitClosed') ORDER BY seq"
        )
        with self._engine.connect() as connection:
            return [str(row.visit) for row in connection.execute(text(query))]

    def lease(self, lease: str, lo: int, hi: int, expires: str) -> None:
        """Take in a block of numbers once; a known lease is left as it is."""
        with self._engine.begin() as connection:
            connection.execute(
                text("INSERT OR IGNORE INTO number_block VALUES (:lease, :lo, :hi, :lo, :expires)"),
                {"lease": lease, "lo": lo, "hi": hi, "expires": expires},
            )

    def numbers_left(self, today: str) -> int:
        """Numbers that may still be issued on this day (ISO date)."""
        with self._engine.connect() as connection:
            query = text("SELECT COALESCE(SUM(hi + 1 - next), 0) FROM number_block WHERE expires >= :today")
            return int(connection.execute(query, {"today": today}).scalar_one())

    def issue_number(self, visit: str, today: str) -> str | None:
        """This visit's 13-digit number: the same one however often it is asked; None when the blocks are used up."""
        with self._engine.begin() as connection:
            known = connection.execute(text("SELECT number FROM number_issued WHERE visit = :v"), {"v": visit}).scalar()
            if known is not None:
                return str(known)
            query = "SELECT lease, next FROM number_block WHERE next <= hi AND expires >= :today ORDER BY expires, lo LIMIT 1"
            block = connection.execute(text(query), {"today": today}).first()
            if block is None:
                return None
            number = f"{block.next:013d}"
            connection.execute(text("UPDATE number_block SET next = next + 1 WHERE lease = :lease"), {"lease": block.lease})
            connection.execute(
                text("INSERT INTO number_issued VALUES (:v, :n, :lease)"), {"v": visit, "n": number, "lease": block.lease}
            )
            return number

    def verify(self) -> Head:
        """Walk the whole chain; ChainBroken names the first entry that does not fit."""
        head = Head(0, GENESIS)
        with self._engine.connect() as connection:
            for row in connection.execute(text("SELECT seq, body, prev, hash FROM event ORDER BY seq")):
                digest = chain(head.hash, head.seq + 1, bytes(row.body))
                if row.seq != head.seq + 1 or bytes(row.prev) != head.hash or bytes(row.hash) != digest:
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
        super().__init__(f"journal entry {seq} does not fit the chain: the store was altered; keep the file and call staff.")
        self.seq = seq


def chain(prev: bytes, seq: int, body: bytes) -> bytes:
    """SHA-256(previous || sequence as u64 big-endian || stored body)."""
    return hashlib.sha256(prev + seq.to_bytes(8, "big") + body).digest()


def build(kind: type[Fact], values: dict[str, Any]) -> Fact:
    """A fact from stored values: unknown fields are left out, absent ones take their defaults."""
    known = {f.name for f in fields(kind)}
    lacking = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING and f.name not in values]
    if lacking:
        raise StoreRefused(f"journal: a {kind.__name__} lacks {', '.join(lacking)}; this release cannot read it.")
    return kind(**{name: _frozen(value) for name, value in values.items() if name in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _split(fact: Fact) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open fields and personal fields of a fact."""
    pairs = [(f, vars(fact)[f.name]) for f in fields(fact)]
    personal = {f.name: v for f, v in pairs if f.metadata.get("personal")}
    return {f.name: v for f, v in pairs if f.name not in personal}, personal


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _head(connection: Connection) -> Head:
    row = connection.execute(text("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")).first()
    return Head(row.seq, bytes(row.hash)) if row else Head(0, GENESIS)


def _open(path: Path, key: bytes) -> Engine:
    """The engine over one SQLCipher connection, migrated; StoreRefused when key and file do not belong together."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def connect() -> Any:
        connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", module=sqlcipher, creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            _migrate(connection)
    except (DatabaseError, sqlcipher.DatabaseError) as fault:
        raise StoreRefused(f"{path}: cannot be opened with this key ({fault.args[0]}); restore the right var/keys/db.key.") from fault
    return engine


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def jsonl(entries: Sequence[Entry]) -> Iterator[str]:
    """One JSON line per entry without personal fields: what `journal tail` and the tour print."""
    for entry in entries:
        shown = _split(entry.fact)[0] if entry.fact else {}
        line = {"seq": entry.seq, "at": entry.at.isoformat(), "visit": entry.visit, "kind": entry.kind, "fact": shown,
                "hash": entry.hash.hex()}  # fmt: skip
        yield json.dumps(line, ensure_ascii=False)
