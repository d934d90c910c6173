"""The bank books a transfer and hangs up, and the core is killed with SIGKILL before it hears: both books agree in
the end, whoever stands there and however they use the screen."""

from __future__ import annotations

import json
import signal
from collections import Counter
from typing import Any, TypeVar, cast

import pytest
from PySide6.QtCore import QCoreApplication

from devices.bench.client import BenchClient
from tests.branch import Branch, until
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import WAYS, hands
from tests.kiosk.bank.stage import BESIDE, Standing
from tests.kiosk.bank.walk import KNOWN, ME
from tests.stories.outside import Outside
from tests.stories.stage import visits

T = TypeVar("T")
Json = dict[str, Any]
WON = 400_000
pytestmark = pytest.mark.branch


class Bank(Outside):
    """And the bank behind it."""

    def silent(self, on: bool) -> None:
        """The bank hangs up on every order that it has booked, and tells nobody how one ended."""
        for name in ("dies_mid_transfer", "enquiry_down"):
            self.bench.do("fault", device="bank_host", name=name, on=on)

    def booked(self) -> list[Json]:
        """What the bank has moved: its own book."""
        path = self.branch.state / "bank-book.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        return [row for row in rows if row["entry"] in ("order", "reversal") and row["state"] == "A"]


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("branch")
def test_a_core_killed_mid_transfer_asks_when_it_is_back(
    branch: Branch, bench: BenchClient, qapp: QCoreApplication
) -> None:
    stands, told_by = Bank(branch, bench), list[Counter[str]]()
    for told, way in enumerate(WAYS, 1):
        with hands(way, branch.run / "link.sock", (ME, KNOWN)) as someone:
            walk.begins_transfer(cast(Standing, stands), someone, KNOWN, WON)
            someone.sees("Confirm")
            stands.silent(True)
            someone.does("agree", won=WON, delayed=False)
            until(lambda: len(stands.booked()) == told, 10, "the bank has booked it")  # noqa: B023  # waited for at once
            someone.sees("Unsure")
            branch.stop("core", signal.SIGKILL)
            stands.silent(False)
            branch.start("core", branch.run / "link.sock")
            someone.again()
            assert someone.sees("Sent")["values"]["won"] == WON
            someone.does("confirm")
            someone.sees("Attract")
        lines = visits(branch.journal())[-1]
        kinds = Counter(line["kind"] for line in lines if line["kind"] not in BESIDE)
        assert (kinds["OrderDone"], kinds["OrderDeclined"], kinds["OrderReversed"]) == (1, 0, 0)
        assert kinds.pop("OrderUnknown") >= 1
        told_by.append(kinds)
        (done,) = [line["fact"] for line in lines if line["kind"] == "OrderDone"]
        assert (done["won"], done["reference"]) == (WON, stands.booked()[-1]["reference"])
    assert [(row["entry"], row["won"], row["payer"], row["payee"]) for row in stands.booked()] == [
        ("order", WON, ME, KNOWN)
    ] * len(WAYS)
    assert told_by == told_by[:1] * len(WAYS)
