"""Nothing that a chip says stands in a repr, a log line, a traceback or a file."""

import logging
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from devices.bench.passport import Variant
from devices.emrtd.groups import full_name, portrait
from devices.emrtd.lds import EF_SOD
from devices.emrtd.mrz import from_dg1, parse
from devices.emrtd.sod import read_sod
from tests.devices.emrtd.utopia import judged, passport, with_files
from tests.house.tree import ROOT

SECRETS = (
    "L898902C",
    "900815",
    "340415",
    "HONG",
    "SAEBYEOK",
    "홍",
    "새벽",
    "\\xed\\x99\\x8d",
    "\\xeb\\xb2\\xbd",
    "\\xff\\xd8",
    "JFIF",
)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("variant", Variant)
def test_nothing_shows_in_a_repr_or_a_log(variant: Variant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    document = judged(passport(variant))
    assert document.mrz.surname
    logging.getLogger("test").info("%r %s %r %r", document, document, document.mrz, passport(variant))
    logging.getLogger("test").info("%r %r", passport(variant).key, with_files(passport(variant), {}))
    assert leaks(caplog.text) == []


def test_the_search_for_leaks_would_find_one() -> None:
    zone = from_dg1(passport().files[0x0101])
    assert leaks(zone.surname + zone.number)
    assert leaks(repr(passport().files[0x0102]))
    assert leaks(repr(passport().files[0x010B]))


def spoiled(name: int) -> bytes:
    content = passport().files[name]
    return content[: len(content) // 2] + b"5" + content[len(content) // 2 + 1 : -1]


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (from_dg1, spoiled(0x0101)),
        (from_dg1, passport().files[0x0101].replace(b"900815", b"900816")),
        (portrait, spoiled(0x0102)),
        (full_name, passport().files[0x010B].replace("홍".encode(), b"\xff\xff\xff")),
        (read_sod, passport().files[EF_SOD].replace(b"Utopia", b"Utop\xff\xff")),
        (parse, "P<UTOHONG<<SAEBYEOK\nL898902C34UTO9008157F3404150"),
        (parse, "P<UTOHONG<<SAEBYEOK<<<<<<<<<<<<<<<<<<<<<<<<<L898902C35UTO9008157F3404150<<<<<<<<<<<<<<08"),
    ],
)
def test_nothing_shows_in_a_traceback(reader: Callable[[object], object], content: object) -> None:
    with pytest.raises(ValueError, match=r"MRZ|DG|signed|certificate|check digit") as caught:
        reader(content)
    assert leaks("".join(traceback.format_exception(caught.value))) == []
    assert leaks(repr(caught.value.__context__) + repr(caught.value.__cause__)) == []


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    """A child judges a document under an audit hook that reports every file opened for writing."""
    (tmp_path / "document").write_bytes(pickle.dumps(passport().files))
    program = """
import pickle, sys
from datetime import datetime, UTC
from devices.emrtd.judge import judge
from devices.emrtd.trust import Anchors
from devices.identity import AccessKey, CloneCheck
files = pickle.load(open(sys.argv[1], "rb"))
seen = []
def hook(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in ("os.mkdir", "os.rename", "socket.connect", "subprocess.Popen"):
        seen.append(event)
sys.addaudithook(hook)
groups = {name - 0x0100: content for name, content in files.items() if name <= 0x0110}
key = AccessKey("L898902C3", "900815", "340415")
document = judge(files[0x011D], groups, key, "BAC", CloneCheck.PASSED, Anchors(), datetime.now(UTC))
assert document.portrait and document.full_name and document.mrz.number
print(document.verdict, seen)
"""
    words = [sys.executable, "-B", "-c", program, str(tmp_path / "document")]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("unknown issuer []\n", "")


def test_a_reading_without_its_holder_is_empty() -> None:
    document = judged(replace(passport(), files={}))
    assert (document.mrz.number, document.portrait, document.full_name) == ("", b"", "")
