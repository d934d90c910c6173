"""A contract, and the core killed with SIGKILL: before the hand-off it begins anew, after it only asks."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
import pytest
from PySide6.QtCore import QCoreApplication

from tests.branch import Branch, until
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import Hands, hands
from tests.kiosk.bank.site import hasty
from tests.kiosk.bank.stage import Standing
from tests.kiosk.bank.walk import BORN
from tests.stories.outside import Outside

T = TypeVar("T")
Json = dict[str, Any]
pytestmark = pytest.mark.branch


class Desk(Outside):
    """And the bank's desk that offers contracts."""

    def offers(self) -> str:
        """The bank has an application, approves it and offers a contract; its reference."""
        devices = tomllib.loads((self.branch.run / "bench.toml").read_text(encoding="utf-8"))["devices"]
        asked = {"key": "earlier", "bank": "990", "product": "hanbit-living", "sealed": "AA=="}
        reference = str(httpx.post(f"{devices['bank_desk']['url']}/applications", json=asked).json()["reference"])
        self.bench.do("decide", reference=reference, word="approved")
        self.bench.do("offer", reference=reference, name=BORN[0], birth="1990-08-15")
        return reference

    def taken(self) -> list[Json]:
        """The signatures in the bank's own book."""
        path = self.branch.state / "intake-book.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [row for row in rows if row["entry"] == "contract"]


def to_contract(guest: Hands, reference: str) -> None:
    """From the resting screen to the contract."""
    walk.enters(guest, "status")
    guest.sees("Reference")
    guest.does("set_reference", bank="990", text=reference)
    guest.sees("Decision")
    guest.does("contract")


def to_the_last_look(stands: Desk, guest: Hands) -> None:
    """From the contract to the question whether the signature shall go."""
    walk.is_the_signer(cast(Standing, stands), guest)
    walk.reads(guest)
    guest.sees("Sign")
    guest.signs()
    guest.sees("ContractSure")


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("branch")
def test_a_core_killed_while_a_contract_is_signed(tmp_path: Path, qapp: QCoreApplication) -> None:
    own = f'[bank]\ncontract_signing = true\nfraud = "{hasty(tmp_path)}"\n'
    with Branch(own, measurer=False) as branch, branch.bench() as bench:
        stands = Desk(branch, bench)
        bench.do("register", kind="resident_card", number=BORN[1], name=BORN[0], issued="2021-03-04")
        reference = stands.offers()
        with hands("link", branch.run / "link.sock") as guest:
            to_contract(guest, reference)
            walk.is_the_signer(cast(Standing, stands), guest)
            guest.does("understood", id=guest.sees("Clause")["values"]["id"])
            branch.kill_core()
            guest.again()
            assert guest.sees("Start")["notice"]["id"] == "bank.notice.restarted"
            guest.does("cancel")
            to_contract(guest, reference)
            to_the_last_look(stands, guest)
            assert stands.taken() == []
            bench.do("fault", device="bank_desk", name="mute_after", on=True)
            guest.does("confirm")
            until(lambda: len(stands.taken()) == 1, 20, "the bank has the signature")
            branch.kill_core()
            bench.do("fault", device="bank_desk", name="mute_after", on=False)
            guest.again()
            assert guest.sees("Signed")["values"]["number"] == stands.taken()[0]["contract"]
        kinds = [line["kind"] for line in branch.journal()]
        assert (kinds.count("ContractSealed"), kinds.count("ReceiptRead"), len(stands.taken())) == (1, 1, 1)
