"""Whole readings through a real pcscd: by BAC, by PACE, of documents with each thing wrong, and those that fail."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.bench.authority import Authority
from devices.bench.card import Card, Contents
from devices.bench.passport import Passport, Person, Variant, issue, mrz_td3
from devices.emrtd.apdu import WRONG_LENGTH, is_extended
from devices.emrtd.clone import INTERNAL_AUTHENTICATE
from devices.id_reader import PcscIdReader
from devices.identity import AccessKey, CardState, CloneCheck, Finding, IdDocument, Verdict
from devices.ports import DeviceFault, FaultCode
from tests.devices.id_reader.test_monitor import opened, seen
from tests.house.tree import ROOT
from tests.pcsc import READER, Daemon, Slip

pytestmark = pytest.mark.branch

Respond = Callable[[bytes], bytes | None]
WHO = Person()
PERSONAL = (WHO.number, WHO.birth, WHO.surname, WHO.given_names, "새벽")
#: read-id in a process that tells of every file it opens for writing and every line it would log.
WATCHED = """
import logging, runpy, sys
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
def hook(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        sys.stderr.write(f"wrote {args[0]}\\n")
sys.dont_write_bytecode = True
sys.addaudithook(hook)
sys.argv = ["main.py", "read-id", *sys.argv[1:]]
runpy.run_path("main.py", run_name="__main__")
"""


def card_of(passport: Passport, access: str = "both") -> Card:
    contents = Contents(passport.files, passport.key, passport.can, passport.aa_key, passport.ca_key)
    return Card(contents, access)


@contextmanager
def laid(daemon: Daemon, card: Card, respond: Respond | None = None) -> Iterator[Slip]:
    with Slip(daemon.port, respond or card.respond, card.atr, card.reset) as slip:
        yield slip


def short_only(card: Card) -> Respond:
    """The card in a reader whose firmware carries no command of extended length."""
    return lambda apdu: WRONG_LENGTH if is_extended(apdu) else card.respond(apdu)


async def read(device: PcscIdReader, key: AccessKey, timeout_s: float = 20) -> IdDocument:
    await device.card_comes(10)  # patience, no figure: a busy machine lays cards slowly
    return await device.read(key, timeout_s)


async def fault_of(device: PcscIdReader, key: AccessKey, timeout_s: float = 20) -> FaultCode:
    with pytest.raises(DeviceFault) as fault:
        await read(device, key, timeout_s)
    assert not any(word in str(fault.value) for word in (*PERSONAL, key.can or "-"))
    return fault.value.code


def once(daemon: Daemon, trust: str, card: Card, key: AccessKey, respond: Respond | None = None) -> IdDocument:
    async def story() -> IdDocument:
        async with opened(trust) as device:
            with laid(daemon, card, respond):
                return await read(device, key)

    return asyncio.run(story())


def failure(
    daemon: Daemon, trust: str, card: Card, key: AccessKey, respond: Respond | None = None, timeout_s: float = 20
) -> FaultCode:
    async def story() -> FaultCode:
        async with opened(trust) as device:
            with laid(daemon, card, respond):
                return await fault_of(device, key, timeout_s)

    return asyncio.run(story())


@pytest.fixture(scope="module")
def passport(authority: Authority) -> Passport:
    return issue(authority, person=WHO)


@pytest.mark.parametrize(
    ("access", "by_can", "aa", "word"),
    [
        ("bac", False, "", "bac"),
        ("bac", False, "rsa", "bac"),
        ("pace", False, "ec", "pace"),
        ("both", True, "ec", "pace"),
    ],
)
def test_a_genuine_document_is_read_whole(
    access: str, by_can: bool, aa: str, word: str, daemon: Daemon, trust: str, authority: Authority
) -> None:
    passport = issue(authority, person=WHO, aa=aa, pace=access != "bac")
    key = AccessKey(can=passport.can) if by_can else passport.key
    document = once(daemon, trust, card_of(passport, access), key)
    assert (document.verdict, document.findings) == (Verdict.GENUINE, ())
    assert (document.access, document.clone_check) == (word, CloneCheck.PASSED)
    assert document.groups == ((1, 2, 11, 14, 15) if aa else (1, 2, 11, 14))
    assert (document.mrz.number, document.mrz.surname, document.full_name) == (WHO.number, WHO.surname, "홍 새벽")
    assert document.portrait.startswith(b"\xff\xd8")
    assert document.portrait.endswith(b"\xff\xd9")
    assert "Utopia CSCA" in document.issuer


@pytest.mark.parametrize(
    ("variant", "verdict", "finding"),
    [
        (Variant.ALTERED_DG1, Verdict.ALTERED, Finding.HASH_MISMATCH),
        (Variant.ALTERED_DG2, Verdict.ALTERED, Finding.HASH_MISMATCH),
        (Variant.BROKEN_SIGNATURE, Verdict.ALTERED, Finding.SIGNATURE_BROKEN),
        (Variant.UNKNOWN_CSCA, Verdict.UNKNOWN_ISSUER, Finding.ISSUER_UNKNOWN),
        (Variant.EXPIRED_DS, Verdict.NOT_CHECKABLE, Finding.SIGNER_EXPIRED),
        (Variant.REVOKED_DS, Verdict.NOT_CHECKABLE, Finding.SIGNER_REVOKED),
        (Variant.NO_SOD, Verdict.NOT_CHECKABLE, Finding.NO_SECURITY_OBJECT),
    ],
)
def test_what_is_wrong_with_a_document_is_told_apart(
    variant: Variant, verdict: Verdict, finding: Finding, daemon: Daemon, trust: str, authority: Authority
) -> None:
    passport = issue(authority, variant, WHO)
    document = once(daemon, trust, card_of(passport), passport.key)
    assert (document.verdict, document.findings) == (verdict, (finding,))


def test_a_list_that_is_put_into_the_folder_counts_from_the_next_reading_on(
    daemon: Daemon, authority: Authority, tmp_path: Path
) -> None:
    passport = issue(authority, Variant.REVOKED_DS, WHO)
    (tmp_path / "utopia.cer").write_bytes(authority.csca.der)

    async def story() -> None:
        async with opened(str(tmp_path)) as device:
            with laid(daemon, card_of(passport)):
                assert (await read(device, passport.key)).findings == (Finding.CRL_MISSING,)
                (tmp_path / "utopia.crl").write_bytes(authority.crl())
                assert (await read(device, passport.key)).findings == (Finding.SIGNER_REVOKED,)
                (tmp_path / "half.crl").write_bytes(authority.crl()[:-9])
                with pytest.raises(DeviceFault, match=r"half\.crl in the trust folder"):
                    await read(device, passport.key)
                (tmp_path / "half.crl").unlink()
                assert (await read(device, passport.key)).findings == (Finding.SIGNER_REVOKED,)

    asyncio.run(story())


def test_a_copied_chip_is_altered(daemon: Daemon, trust: str, passport: Passport) -> None:
    card = card_of(passport)
    card.order("cloned")
    document = once(daemon, trust, card, passport.key)
    assert (document.verdict, document.clone_check) == (Verdict.ALTERED, CloneCheck.FAILED)
    assert Finding.CLONE_SUSPECTED in document.findings


@pytest.mark.parametrize("access", ["bac", "pace"])
def test_a_wrong_key_is_denied_and_the_right_one_opens_afterwards(
    access: str, daemon: Daemon, trust: str, passport: Passport
) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with laid(daemon, card_of(passport, access)):
                wrong = AccessKey(passport.key.number, passport.key.birth, "340416")
                assert await fault_of(device, wrong) is FaultCode.ACCESS_DENIED
                if access == "pace":
                    assert await fault_of(device, AccessKey(can="000000")) is FaultCode.ACCESS_DENIED
                assert (await read(device, passport.key)).verdict is Verdict.GENUINE

    asyncio.run(story())


@pytest.mark.parametrize(("after", "access"), [(1, "pace"), (4, "bac"), (9, "pace"), (16, "bac")])
def test_a_card_pulled_in_the_middle_is_a_removal(
    after: int, access: str, daemon: Daemon, trust: str, passport: Passport
) -> None:
    card, heard = card_of(passport, access), [0]

    def respond(apdu: bytes) -> bytes | None:
        heard[0] += 1
        return card.respond(apdu) if heard[0] <= after else None

    assert failure(daemon, trust, card, passport.key, respond) is FaultCode.MEDIA_REMOVED
    assert heard[0] == after + 1


def test_a_daemon_killed_in_the_middle_is_no_service_and_its_return_is_enough(
    daemon: Daemon, trust: str, passport: Passport
) -> None:
    card, heard = card_of(passport), [0]

    def respond(apdu: bytes) -> bytes | None:
        heard[0] += 1
        if heard[0] == 12:
            daemon.kill()
        return card.respond(apdu)

    async def story() -> None:
        async with opened(trust) as device:
            with laid(daemon, card, respond):
                begun = time.monotonic()
                assert await fault_of(device, passport.key) is FaultCode.NO_SERVICE
                assert time.monotonic() - begun < 2
            await seen(device, CardState.ABSENT)  # with the service, the card is gone too
            daemon.start()
            with laid(daemon, card_of(passport)):
                await seen(device, CardState.PRESENT, 4)
                assert (await read(device, passport.key)).verdict is Verdict.GENUINE

    asyncio.run(story())


@pytest.mark.parametrize(
    ("ordered", "after", "code"),
    [
        ("wrong_card", 0, FaultCode.MEDIA_UNKNOWN),
        ("denies", 0, FaultCode.ACCESS_DENIED),
        ("garbage", 8, FaultCode.PROTOCOL),
        ("half_frame", 8, FaultCode.PROTOCOL),
        ("wrong_mac", 8, FaultCode.PROTOCOL),
    ],
)
def test_what_is_wrong_with_a_chip_is_told_apart(
    ordered: str, after: int, code: FaultCode, daemon: Daemon, trust: str, passport: Passport
) -> None:
    card, heard = card_of(passport, "bac"), [0]

    def respond(apdu: bytes) -> bytes:
        heard[0] += 1
        card.order(ordered, heard[0] > after)
        return card.respond(apdu)

    assert failure(daemon, trust, card, passport.key, respond) is code


def test_a_card_that_is_no_document_is_the_wrong_card(daemon: Daemon, trust: str, passport: Passport) -> None:
    refuses: Respond = lambda apdu: b"\x6a\x82"  # noqa: E731  # a card is what it answers
    assert failure(daemon, trust, card_of(passport), passport.key, refuses) is FaultCode.MEDIA_UNKNOWN


def test_a_slow_card_is_given_up_at_the_deadline(daemon: Daemon, trust: str, passport: Passport) -> None:
    card = card_of(passport)

    def respond(apdu: bytes) -> bytes:
        time.sleep(0.3)
        return card.respond(apdu)

    begun = time.monotonic()
    assert failure(daemon, trust, card, passport.key, respond, timeout_s=1) is FaultCode.TIME_OUT
    assert time.monotonic() - begun < 3


def test_a_card_that_hangs_is_given_up_too_and_the_next_one_is_read(
    daemon: Daemon, trust: str, passport: Passport
) -> None:
    async def story() -> None:
        hung = threading.Event()

        def respond(_: bytes) -> None:
            hung.wait(20)

        async with opened(trust) as device:
            with laid(daemon, card_of(passport), respond):
                begun = time.monotonic()
                assert await fault_of(device, passport.key, 1) is FaultCode.TIME_OUT
                assert time.monotonic() - begun < 3
            hung.set()
            await seen(device, CardState.ABSENT, 3)
            with laid(daemon, card_of(passport)):
                assert (await read(device, passport.key)).verdict is Verdict.GENUINE

    asyncio.run(story())


def test_a_second_reading_at_the_same_time_is_refused(daemon: Daemon, trust: str, passport: Passport) -> None:
    async def story() -> None:
        async with opened(trust) as device:
            with laid(daemon, card_of(passport)):
                await device.card_comes(10)  # patience, no figure: a busy machine lays cards slowly
                first = asyncio.create_task(device.read(passport.key, 20))
                await asyncio.sleep(0)
                assert await fault_of(device, passport.key) is FaultCode.BUSY
                assert (await first).verdict is Verdict.GENUINE

    asyncio.run(story())


def read_id(trust: str, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-c", WATCHED, "--reader", READER, "--trust", trust, *words]
    return subprocess.run(argv, cwd=ROOT, input=typed, capture_output=True, text=True, check=False, timeout=60)


def test_read_id_prints_one_reading_and_writes_nothing(daemon: Daemon, trust: str, passport: Passport) -> None:
    with laid(daemon, card_of(passport)):
        run = read_id(trust, "--mrz", "-", "--json", typed=mrz_td3(WHO))
        assert (run.returncode, run.stderr) == (0, "")
        printed = json.loads(run.stdout)
        assert (printed["verdict"], printed["access"], printed["clone_check"]) == ("genuine", "pace", "passed")
        assert not any(word in run.stdout for word in PERSONAL)
        shown = read_id(trust, "--can", passport.can, "--json", "--show-personal")
        assert json.loads(shown.stdout)["surname"] == WHO.surname


def test_read_id_does_not_wait_for_a_card_that_hangs(daemon: Daemon, trust: str, passport: Passport) -> None:
    hung = threading.Event()

    def respond(_: bytes) -> None:
        hung.wait(20)

    begun = time.monotonic()
    with laid(daemon, card_of(passport), respond):
        run = read_id(trust, "--can", passport.can, "--within-s", "1")
        hung.set()
    assert run.returncode == 2
    assert "the card took longer than 1.0 s (time_out); lay it down flat and still" in run.stderr
    assert time.monotonic() - begun < 10


def test_read_id_says_in_one_sentence_why_it_cannot_read(daemon: Daemon, trust: str, passport: Passport) -> None:
    with laid(daemon, card_of(passport)):
        wrong = read_id(trust, "--can", "000000")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "(access_denied); compare what was given with the document." in wrong.stderr
    daemon.wait_empty()
    empty = read_id(trust, "--can", "000000", "--within-s", "1")
    assert "nothing lies on the reader (no_media); put the document on the reader" in empty.stderr
    other = subprocess.run(
        [sys.executable, "main.py", "read-id", "--reader", "Else", "--trust", trust, "--can", "000000"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert other.returncode == 2
    assert f"no reader's name begins with 'Else', there are {READER} 00 00" in other.stderr


@pytest.mark.parametrize("access", ["bac", "pace"])
def test_a_reader_without_extended_length_reads_the_same_by_short_commands(
    access: str, daemon: Daemon, trust: str, authority: Authority
) -> None:
    passport = issue(authority, person=WHO, pace=access != "bac")

    card = card_of(passport, access)
    document = once(daemon, trust, card, passport.key, short_only(card))
    assert (document.verdict, document.findings, document.groups) == (Verdict.GENUINE, (), (1, 2, 11, 14, 15))
    assert document.portrait.endswith(b"\xff\xd9")


def test_a_copy_that_takes_no_long_commands_is_found_out_and_changes_nothing_for_who_comes_after(
    daemon: Daemon, trust: str, authority: Authority
) -> None:
    passport = issue(authority, person=WHO, aa="rsa", ca=False)

    async def story() -> tuple[IdDocument, IdDocument, IdDocument, int]:
        async with opened(trust) as device:
            copy = card_of(passport)
            copy.order("cloned")
            with laid(daemon, copy, short_only(copy)):
                copied = await read(device, passport.key)
            await seen(device, CardState.ABSENT, 3)
            mute = card_of(passport)
            with laid(daemon, mute, silent_on_proof(short_only(mute))):
                skipped = await read(device, passport.key)
            await seen(device, CardState.ABSENT, 3)
            honest, long = card_of(passport), [0]

            def respond(apdu: bytes) -> bytes:
                long[0] += is_extended(apdu)
                return honest.respond(apdu)

            with laid(daemon, honest, respond):
                return copied, skipped, await read(device, passport.key), long[0]

    copied, skipped, honest, long = asyncio.run(story())
    assert (copied.verdict, copied.clone_check) == (Verdict.ALTERED, CloneCheck.FAILED)
    assert (skipped.verdict, skipped.findings) == (Verdict.NOT_CHECKABLE, (Finding.CLONE_CHECK_NOT_CARRIED,))
    assert (honest.verdict, honest.clone_check) == (Verdict.GENUINE, CloneCheck.PASSED)
    assert long > 0


def silent_on_proof(respond: Respond) -> Respond:
    """The card, which refuses INTERNAL AUTHENTICATE by its length."""
    return lambda apdu: WRONG_LENGTH if apdu[1] == INTERNAL_AUTHENTICATE else respond(apdu)
