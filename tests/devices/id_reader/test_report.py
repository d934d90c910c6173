"""What `read-id` takes and prints: one sentence for each bad input, personal fields only on demand."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.bench.passport import Person, mrz_td3
from devices.emrtd.mrz import parse
from devices.emrtd.report import MASK, access_key, sentence, text
from devices.identity import AccessKey, CloneCheck, Finding, IdDocument, Verdict
from devices.ports import DeviceFault, FaultCode
from tests.house.tree import ROOT

ZONE = mrz_td3(Person())
DOCUMENT = IdDocument(
    Verdict.UNKNOWN_ISSUER, (Finding.ISSUER_UNKNOWN,), "pace", CloneCheck.PASSED, parse(ZONE), b"\xff\xd8\xff",
    "홍 새벽", "Utopia CSCA", datetime(2026, 7, 1, tzinfo=UTC), (1, 2, 11),
)  # fmt: skip
PERSONAL = ("L898902C3", "900815", "2034", "HONG", "SAEBYEOK", "홍 새벽")


def read_id(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "main.py", "read-id", *words]
    return subprocess.run(argv, cwd=ROOT, input=typed, capture_output=True, text=True, check=False, timeout=60)


def test_the_mrz_or_the_can_makes_the_key() -> None:
    assert access_key(ZONE, None) == AccessKey("L898902C3", "900815", "340415")
    assert access_key(None, "012345") == AccessKey(can="012345")


@pytest.mark.parametrize(
    ("mrz", "can", "says"),
    [
        (None, None, "give either --mrz"),
        (ZONE, "123456", "give either --mrz"),
        (None, "12345", "exactly six digits"),
        (None, "12345\n", "exactly six digits"),
        (None, "١٢٣٤٥٦", "exactly six digits"),
        (ZONE.replace("L8", "L9"), None, "check digit of the document number is wrong"),
        (ZONE[:-1], None, "the MRZ has 87 characters"),
    ],
)
def test_what_cannot_be_a_key_is_refused_in_one_sentence(mrz: str | None, can: str | None, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refusal:
        access_key(mrz, can)
    assert not any(word in str(refusal.value) for word in (*PERSONAL, "12345\n"))


def test_personal_fields_are_masked_unless_asked_for() -> None:
    printed = json.loads(text(DOCUMENT, as_json=True, personal=False))
    assert printed["verdict"] == "unknown issuer"
    assert (printed["findings"], printed["access"], printed["clone_check"]) == (["issuer_unknown"], "pace", "passed")
    assert (printed["issuer"], printed["document_code"], printed["state"]) == ("Utopia CSCA", "P", "UTO")
    assert (printed["expired"], printed["signed_at"]) == (False, "2026-07-01T00:00:00+00:00")
    assert (printed["groups"], printed["portrait_bytes"]) == ([1, 2, 11], 3)
    assert (printed["number"], printed["expiry"], printed["full_name"]) == (MASK, MASK, MASK)
    for as_json in (True, False):
        assert not any(word in text(DOCUMENT, as_json, personal=False) for word in PERSONAL)
        assert all(word in text(DOCUMENT, as_json, personal=True) for word in PERSONAL)


@pytest.mark.parametrize(("expiry", "says"), [("250101", "true"), ("340415", "false"), ("<<<<<<", "")])
def test_a_document_that_has_run_out_is_said_without_its_date(expiry: str, says: str) -> None:
    document = replace(DOCUMENT, mrz=replace(DOCUMENT.mrz, expiry=expiry))
    assert f"\nexpired: {says}\n" in text(document, as_json=False, personal=False)


def test_the_page_for_operators_has_every_word_and_every_line() -> None:
    page = (ROOT / "docs" / "id-reader.md").read_text("utf-8")
    assert [finding for finding in Finding if f"`{finding}`" not in page] == []
    assert [verdict for verdict in Verdict if f"\n| {verdict} |" not in page] == []
    shown = page.split("\nverdict: genuine\n")[1].split("\n```")[0].splitlines()
    names = [line.partition(":")[0] for line in text(DOCUMENT, as_json=False, personal=False).splitlines()]
    assert [line.partition(":")[0] for line in shown] == names[1:]


def test_every_fault_of_a_reading_has_a_remedy() -> None:
    for code in FaultCode:
        assert sentence(DeviceFault(code, "what happened")).startswith("what happened")
    assert sentence(DeviceFault(FaultCode.NO_MEDIA, "nothing lies on the reader")) == (
        "nothing lies on the reader (no_media); put the document on the reader and try again."
    )


@pytest.mark.parametrize(
    ("words", "typed", "says"),
    [
        (("--mrz", "-"), "P<UTO", "the MRZ has 5 characters"),
        (("--mrz", "-"), ZONE.replace("L8", "L9"), "check digit of the document number is wrong"),
        (("--can", "1234"), "", "exactly six digits"),
        ((), "", "give either --mrz"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words: tuple[str, ...], typed: str, says: str, trust: str) -> None:
    run = read_id("--reader", "Any", "--trust", trust, *words, typed=typed)
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_trust_folder_without_anchors_is_refused(tmp_path: Path) -> None:
    for folder, says in ((tmp_path, "holds no CSCA certificate"), (tmp_path / "none", "cannot be read")):
        run = read_id("--reader", "Any", "--trust", str(folder), "--can", "123456")
        assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
        assert says in run.stderr
