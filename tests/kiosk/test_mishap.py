"""What a log may hold of an unforeseen exception: never its text, which may quote a bank, a device or a customer."""

from __future__ import annotations

import ast
import asyncio
import logging
from pathlib import Path

import pytest

from kiosk.banking import facts as b
from kiosk.banking.teller import Teller
from kiosk.mishap import where
from tests.devices.banks import card, order

NUMBER = "99900100000001"


def test_the_place_is_told_and_the_text_is_not() -> None:
    try:
        int(f"{NUMBER} won")
    except ValueError as error:
        told = where(error)
    assert told.startswith("ValueError at test_mishap.py:")
    assert NUMBER not in told
    assert where(KeyError(NUMBER)) == "KeyError at no place"


class Defective:
    """A bank's driver with a defect that quotes what the bank sent."""

    bank_desk = pin_pad = None

    @property
    def bank_host(self) -> Defective:
        return self

    def check(self, name: str) -> None:
        """It answers."""

    def doubts(self) -> tuple[str, ...]:
        return ()

    async def transfer(self, *_: object) -> None:
        raise ValueError(f"no such field: {NUMBER}")


def test_a_reply_that_a_driver_stumbles_over_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    teller = Teller(Defective(), lambda posted: None, {})  # type: ignore[arg-type]  # the one call that is made
    teller._cards["v"] = card()
    with caplog.at_level(logging.DEBUG):
        said = asyncio.run(teller._send("v", b.SendOrder("v-1", order())))
    assert isinstance(said, b.OrderUnknown)
    assert "ValueError" in caplog.text
    assert NUMBER not in caplog.text


def test_no_process_that_hears_a_customer_logs_the_text_of_an_exception() -> None:
    """`log.exception` and `exc_info` write it."""
    for path in [*Path("kiosk").rglob("*.py"), *Path("devices").glob("*.py"), *Path("devices/emrtd").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                words = [keyword.arg for keyword in node.keywords]
                assert ast.unparse(node.func) not in ("log.exception", "logging.exception"), path
                assert "exc_info" not in words, path
