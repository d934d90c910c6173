"""The store: a chain that shows every change, personal fields that are ciphertext and can be erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]  # the package ships no types
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy.exc import IntegrityError

from kiosk import facts as f
from kiosk.facts import Fact
from kiosk.journal import GENESIS, ChainBroken, Journal, StoreRefused, chain, jsonl
from kiosk.vault import Vault
from tests.kiosk.store import DAY, NAME, PHONE, VAULT, Named, filled, opened, raw, without_triggers


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "branch.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with opened(path) as journal:
        yield journal


# Writing and reading


def test_what_was_written_is_read_back_after_a_restart(path: Path) -> None:
    written = [f.VisitStarted("send_parcel", "ko", "a"), Named(5000, NAME, PHONE), f.Measured(1.5, 2.5, 3.5), f.Back()]
    with opened(path) as journal:
        ids = [journal.append("a", fact).id for fact in written]
    with opened(path) as journal:
        found = journal.entries()
        assert [entry.fact for entry in found] == written
        assert [entry.id for entry in found] == ids
        assert [entry.seq for entry in found] == [1, 2, 3, 4]
        assert journal.head == journal.verify()


def test_the_store_is_durable_encrypted_and_strict(journal: Journal, path: Path) -> None:
    journal.append("a", Named(1, NAME, PHONE))
    assert not path.read_bytes().startswith(b"SQLite format 3")
    with raw(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").fetchall()
    assert {name for name, strict in tables if strict} >= {"event", "outbox", "visit_key", "number_issued"}
    with journal._engine.connect() as own:  # the setting belongs to the connection and is seen nowhere else
        assert own.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_every_entry_has_its_outbox_row(path: Path) -> None:
    filled(path)
    with raw(path) as connection:
        assert connection.execute("SELECT seq FROM outbox").fetchall() == [(i,) for i in range(1, 7)]


def test_the_chain_can_be_computed_by_a_stranger(path: Path) -> None:
    filled(path)
    head = GENESIS
    with raw(path) as connection:
        for seq, body, prev, digest in connection.execute("SELECT seq, body, prev, hash FROM event ORDER BY seq"):
            assert prev == head
            head = chain(head, seq, body)
            assert digest == head
    with opened(path) as journal:
        assert journal.head.hash == head


def test_the_newest_of_some_kinds_come_oldest_first(journal: Journal) -> None:
    for i in range(5):
        journal.append("", f.StaffTaskClosed(str(i)))
        journal.append("", f.Lifted())
    found = journal.of_kinds(f.StaffTaskClosed, f.BranchStarted, after=2, newest=3)
    assert [entry.fact for entry in found] == [f.StaffTaskClosed(task) for task in "234"]
    assert [entry.seq for entry in journal.of_kinds(f.Lifted)] == [2, 4, 6, 8, 10]


def test_open_visits_are_those_never_closed(journal: Journal) -> None:
    for visit in "abc":
        journal.append(visit, f.VisitStarted("send_parcel", "ko", visit))
    journal.append("b", f.VisitClosed("idle"))
    assert journal.open_visits() == ["a", "c"]


def test_a_newer_release_may_have_added_fields_and_kinds(path: Path) -> None:
    @dataclass(frozen=True)
    class Back(Fact):
        """The customer went one step back."""

        why: str = "new"

    with opened(path, kinds=(Back, Named)) as journal:
        journal.append("a", Back())
        journal.append("a", Named(1, NAME, PHONE))
    with opened(path, kinds=(f.Back,)) as journal:
        known, unknown = journal.entries()
        assert (known.fact, known.open) == (f.Back(), {"why": "new"})
        assert (unknown.kind, unknown.fact) == ("Named", None)
        assert journal.verify().seq == 2


def test_two_facts_of_one_name_are_a_defect_that_no_start_survives(path: Path) -> None:
    @dataclass(frozen=True)
    class Back(Fact):
        """Another service's."""

    with pytest.raises(TypeError, match="both keep a Back"), opened(path, kinds=(f.Back, Back)):
        pytest.fail("one of them would be read back as the other")
    with opened(path, kinds=(f.Back, f.Back)) as journal:  # two services may share one
        assert journal.head.seq == 0


def test_a_fact_that_lacks_what_it_needs_is_one_sentence(path: Path) -> None:
    @dataclass(frozen=True)
    class Placed(Fact):
        """Without its grams."""

    with opened(path, kinds=(Placed,)) as journal:
        journal.append("a", Placed())
    with opened(path) as journal, pytest.raises(StoreRefused, match="Placed lacks grams"):
        journal.entries()


def test_a_second_writer_cannot_fork_the_chain(path: Path) -> None:
    with opened(path) as one, opened(path) as two:
        one.append("", f.Lifted())
        with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: event\.seq"):
            two.append("", f.Back())
        assert one.append("", f.Lifted()).seq == 2
        assert one.verify().seq == 2


# Keys and files


def refusal(path: Path, vault: Vault = VAULT) -> str:
    with pytest.raises(StoreRefused) as refused, opened(path, vault):
        pass
    assert "\n" not in str(refused.value)
    assert str(path) in str(refused.value)
    return str(refused.value)


def test_the_wrong_key_is_one_sentence(path: Path) -> None:
    filled(path)
    assert "cannot be opened with this key; restore the right var/keys/db.key" in refusal(path, Vault(b"w" * 32))
    with opened(path) as journal:
        assert journal.verify().seq == 6


def test_a_file_that_is_no_store_is_one_sentence(path: Path) -> None:
    path.write_bytes(b"not a store at all " * 500)
    assert "with this key" in refusal(path)


def test_a_folder_in_place_of_the_store_is_one_sentence(path: Path) -> None:
    path.mkdir()
    assert "owner and mode" in refusal(path)


def test_a_store_of_a_newer_release_is_one_sentence(path: Path) -> None:
    filled(path)
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer release" in refusal(path)


def test_a_long_look_at_the_journal_holds_up_no_writer(path: Path) -> None:
    filled(path)
    with opened(path) as writer, opened(path) as reader, reader._reading.connect() as look:
        rows = look.exec_driver_sql("SELECT seq FROM event ORDER BY seq")
        assert rows.fetchone() == (1,)
        assert writer.append("", f.Lifted()).seq == 7
        assert len(rows.fetchall()) == 5


# Tampering


@pytest.mark.parametrize(
    "act",
    ["UPDATE event SET visit = 'x' WHERE seq = 3", "DELETE FROM event WHERE seq = 3", "DELETE FROM event",
     "UPDATE number_issued SET number = '1'", "DELETE FROM number_issued"],
)  # fmt: skip
def test_the_store_itself_refuses_change(path: Path, act: str) -> None:
    filled(path)
    with opened(path) as journal:
        journal.lease("one", 1, 9, "2030-01-01")
        assert journal.issue_number("a", DAY)
    with raw(path) as connection, pytest.raises(sqlcipher.IntegrityError, match=r"append-only|stays issued"):
        connection.execute(act)


@pytest.mark.parametrize(
    ("act", "seq"),
    [
        (
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"won\":2', '\"won\":1') AS BLOB) WHERE seq = 3",
            3,
        ),
        ("DELETE FROM event WHERE seq = 3", 3),
        ("DELETE FROM event WHERE seq = 1", 1),
        ("UPDATE event SET seq = seq + 1 WHERE seq = 6", 6),
        ("UPDATE event SET visit = 'x' WHERE seq = 2", 2),
        ("UPDATE event SET kind = 'Paid' WHERE seq = 5", 5),
        ("UPDATE event SET event_id = 'x' WHERE seq = 5", 5),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 6", 6),
        ("UPDATE event SET prev = zeroblob(32) WHERE seq = 4", 4),
    ],
)
def test_a_change_by_somebody_with_the_key_is_found_where_it_was_made(path: Path, act: str, seq: int) -> None:
    filled(path)
    with raw(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        without_triggers(connection)
        assert connection.execute(act).rowcount == 1
    with opened(path) as journal, pytest.raises(ChainBroken, match=f"entry {seq} ") as broken:
        journal.verify()
    assert broken.value.seq == seq


def test_two_entries_that_changed_places_are_found(path: Path) -> None:
    filled(path)
    with raw(path) as connection:
        without_triggers(connection)
        bodies = connection.execute("SELECT body, event_id FROM event WHERE seq IN (3, 5) ORDER BY seq").fetchall()
        for seq, (body, _) in zip((5, 3), bodies, strict=True):
            connection.execute("UPDATE event SET body = ? WHERE seq = ?", (body, seq))
    with opened(path) as journal, pytest.raises(ChainBroken, match="entry 3 "):
        journal.verify()


def test_a_cut_tail_is_shown_by_the_signed_head(path: Path) -> None:
    filled(path)
    with opened(path) as journal:
        kept = journal.signed_head()
    message = kept["seq"].to_bytes(8, "big") + bytes.fromhex(kept["hash"])
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(kept["public_key"])).verify(
        bytes.fromhex(kept["signature"]), message
    )
    with raw(path) as connection:
        without_triggers(connection)
        connection.execute("DELETE FROM event WHERE seq = 6")
    with opened(path) as journal:
        assert journal.verify().seq < kept["seq"]


# Personal data


def bodies(path: Path) -> list[str]:
    with raw(path) as connection:
        return [bytes(body).decode() for (body,) in connection.execute("SELECT body FROM event ORDER BY seq")]


def test_personal_fields_are_ciphertext_in_the_stored_body(path: Path) -> None:
    filled(path, 1)
    (body,) = bodies(path)
    assert NAME not in body
    assert PHONE not in body
    assert json.loads(body)["fact"] == {"won": 0}


def test_erasing_a_visit_leaves_the_chain_whole_and_the_rest_readable(path: Path) -> None:
    filled(path)
    with opened(path) as journal:
        before = journal.verify()
        journal.erase("a")
        assert journal.verify() == before
        assert [entry.fact for entry in journal.entries(visit="a")] == [None] * 3
        assert [entry.fact for entry in journal.entries(visit="b")] == [Named(i, NAME, PHONE) for i in (1, 3, 5)]
        assert [json.loads(line)["fact"] for line in jsonl(journal.entries(visit="a"))] == [
            {"won": i} for i in (0, 2, 4)
        ]
        assert journal.append("a", f.Lifted()).seq == 7
    with raw(path) as connection:
        assert connection.execute("SELECT visit FROM visit_key WHERE wrapped IS NULL").fetchall() == [("a",)]


PAGE, RESERVED = 4096, 80


def decrypted(path: Path) -> bytes:
    """Every page of the store and of its write-ahead log, free ones too, as somebody with key and disk can read them.

    SQLCipher 4: AES-256-CBC, the initialisation vector at the start of the reserved bytes of each page.
    """
    store, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    pages = [store[at : at + PAGE] for at in range(0, len(store), PAGE)]
    pages += [log[at + 24 : at + 24 + PAGE] for at in range(32, len(log), 24 + PAGE)]
    return b"".join(decrypted_page(page, first=number == 0) for number, page in enumerate(pages))


def decrypted_page(page: bytes, first: bool) -> bytes:
    vector = page[-RESERVED : -RESERVED + 16]
    cipher = Cipher(algorithms.AES(VAULT.derive("store")), modes.CBC(vector)).decryptor()
    return cipher.update(page[16 if first else 0 : -RESERVED])


def test_an_erased_key_is_in_no_file(path: Path) -> None:
    filled(path)
    with opened(path) as journal:
        with raw(path) as connection:
            found = connection.execute("SELECT wrapped FROM visit_key ORDER BY visit").fetchall()
            erased, kept = (bytes(wrapped) for (wrapped,) in found)
        journal.append("", f.Lifted())
        assert erased in decrypted(path)
        journal.erase("a")
        assert kept in decrypted(path)
        assert erased not in decrypted(path)


def test_ciphertext_moved_to_another_visit_is_refused(path: Path) -> None:
    filled(path, 2)
    with raw(path) as connection:
        without_triggers(connection)
        first, second = (json.loads(body) for body in bodies(path))
        first["sealed"] = second["sealed"]
        moved = json.dumps(first, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        connection.execute("UPDATE event SET body = ? WHERE seq = 1", (moved,))
    with opened(path) as journal:
        with pytest.raises(ChainBroken, match="entry 1 "):
            journal.entries()
        with pytest.raises(ChainBroken, match="entry 1 "):
            journal.verify()


def test_what_an_operator_prints_holds_no_personal_field(path: Path) -> None:
    filled(path)
    with opened(path) as journal:
        printed = "\n".join(jsonl(journal.entries()))
    assert NAME not in printed
    assert PHONE not in printed
    assert '"won": 3' in printed


def test_personal_data_of_long_closed_visits_is_erased_and_the_chain_stays(journal: Journal) -> None:
    for visit in ("old", "open"):
        journal.append(visit, f.VisitStarted("send_parcel", "ko", visit))
        journal.append(visit, Named(1, NAME, PHONE))
    journal.append("old", f.VisitClosed("accepted"))
    assert journal.erase_due(datetime.now(UTC) - timedelta(days=1)) == 0
    assert journal.erase_due(datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert [e.fact is None for e in journal.entries(visit="old")] == [False, True, False]
    assert journal.entries(visit="open")[1].fact == Named(1, NAME, PHONE)
    assert journal.verify().seq == 5
