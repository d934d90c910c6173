"""The journal, its outbox, visit keys and leased numbers; the journal refuses change and deletion."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, visit TEXT NOT NULL, kind TEXT NOT NULL,
        body BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT""",
    "CREATE INDEX event_visit ON event (visit, seq)",
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY REFERENCES event (seq)) STRICT",
    """CREATE TABLE visit_key (
        visit TEXT PRIMARY KEY, wrapped BLOB, opened_at TEXT NOT NULL, closed_at TEXT, destroyed_at TEXT) STRICT""",
    """CREATE TABLE number_block (
        lease TEXT PRIMARY KEY, lo INTEGER NOT NULL, hi INTEGER NOT NULL, next INTEGER NOT NULL, expires TEXT NOT NULL,
        CHECK (lo <= next AND next <= hi + 1)) STRICT""",
    "CREATE TABLE number_issued (visit TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, lease TEXT NOT NULL) STRICT",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER number_no_reuse BEFORE UPDATE ON number_issued
        BEGIN SELECT RAISE(ABORT, 'an issued number stays issued'); END""",
    """CREATE TRIGGER number_no_delete BEFORE DELETE ON number_issued
        BEGIN SELECT RAISE(ABORT, 'an issued number stays issued'); END""",
)


def upgrade() -> None:
    """Create every table and trigger."""
    for statement in TABLES:
        op.execute(statement)
