"""The key that everything hangs on, and what is sealed under it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.vault import KEY_BYTES, Erased, InvalidTag, KeyRefused, Vault, load_master

VAULT = Vault(bytes(range(32)))


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "db.key"
    key = load_master(path)
    assert len(key) == KEY_BYTES
    assert load_master(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["db.key"]


def test_two_first_starts_agree_on_one_key(tmp_path: Path) -> None:
    code = "import pathlib, sys; from kiosk import vault; print(vault.load_master(pathlib.Path(sys.argv[1])).hex())"
    argv = [sys.executable, "-c", code, str(tmp_path / "keys" / "db.key")]
    children = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({child.communicate(timeout=30)[0] for child in children}) == 1


@pytest.mark.parametrize(("content", "said"), [(b"", "has 0 bytes"), (b"x" * 31, "has 31 bytes"), (b"x" * 33, "33")])
def test_a_key_of_the_wrong_length_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "db.key"
    path.write_bytes(content)
    with pytest.raises(KeyRefused, match=said) as refused:
        load_master(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "db.key"
    load_master(path)
    path.chmod(0o640)
    with pytest.raises(KeyRefused, match="chmod 600"):
        load_master(path)


def test_a_folder_in_place_of_the_key_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="Is a directory"):
        load_master(tmp_path)


def test_production_takes_the_credential_and_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys" / "db.key"
    with pytest.raises(KeyRefused, match="LoadCredentialEncrypted"):
        load_master(path, production=True)
    assert not path.exists()
    handle = os.open(tmp_path / "db.key", os.O_WRONLY | os.O_CREAT, 0o400)
    os.write(handle, b"c" * KEY_BYTES)
    os.close(handle)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_master(path, production=True) == b"c" * KEY_BYTES


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place_only(plain: bytes, place: str) -> None:
    key = VAULT.new_key()
    sealed = VAULT.seal(key, place, plain)
    assert VAULT.open(key, place, sealed) == plain
    with pytest.raises(InvalidTag):
        VAULT.open(key, place + "x", sealed)
    with pytest.raises(InvalidTag):
        VAULT.open(VAULT.new_key(), place, sealed)
    with pytest.raises(InvalidTag):
        VAULT.open(key, place, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Erased):
        VAULT.open(None, place, sealed)


def test_the_same_words_never_seal_alike() -> None:
    key = VAULT.new_key()
    assert len({VAULT.seal(key, "p", "홍길동".encode()) for _ in range(50)}) == 50


def test_keys_for_different_purposes_differ_and_last() -> None:
    assert len({VAULT.derive(purpose) for purpose in ("store", "wrap", "head")}) == 3
    assert VAULT.derive("store") == Vault(bytes(range(32))).derive("store")
    assert VAULT.derive("store") != Vault(bytes(32)).derive("store")


def test_the_signature_verifies_with_the_public_key() -> None:
    signature = VAULT.sign(b"head")
    Ed25519PublicKey.from_public_bytes(VAULT.public_key()).verify(signature, b"head")
