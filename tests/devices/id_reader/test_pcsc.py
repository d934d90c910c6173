"""PC/SC without a daemon: what an answer to reset must look like, what a lost service and a missing pyscard say."""

import subprocess
import sys

import pytest

from devices.pcsc import is_whole
from tests.house.tree import ROOT

WITHOUT = """
import asyncio, sys
sys.modules["smartcard"] = None  # what Python answers where pyscard is not installed
from devices.identity import AccessKey
from devices.id_reader import PcscIdReader
from devices.ports import DeviceFault
from pathlib import Path
async def main():
    reader = PcscIdReader("id_reader", "Any", sys.argv[1])
    await reader.open()
    print(reader.card().value)
    for call in (reader.probe(), reader.read(AccessKey(can="123456"), 1)):
        try:
            print(await call)
        except DeviceFault as fault:
            print(fault)
    await reader.close()
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("atr", "whole"),
    [
        ("3B80800101", True),
        ("3B8F8001804F0CA000000306030001000000006A", True),
        ("3B951381018073FF01000B", True),
        ("3B6800000073C84012009000", True),
        ("3F00", True),
        ("3B80800102", False),
        ("3B808001", False),
        ("3B8080010101", False),
        ("3BFF1100", False),
        ("3B80", False),
        ("0000000000", False),
        ("3B", False),
        ("", False),
    ],
)
def test_an_answer_to_reset_keeps_its_form_or_is_that_of_two_cards(atr: str, whole: bool) -> None:
    assert is_whole(bytes.fromhex(atr)) is whole


def test_without_pyscard_every_call_says_that_there_is_no_pcsc(trust: str) -> None:
    run = subprocess.run([sys.executable, "-c", WITHOUT, trust], cwd=ROOT, capture_output=True, text=True, check=True)
    why = "no_service: no PC/SC: pyscard is not installed"
    assert run.stdout.splitlines() == ["absent", why, why]
