"""A fixed sample of the search for planted secrets; `make evidence` makes 200 visits, each with a kill."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from devices.bench.bank import CARDS
from devices.bench.client import BenchClient
from kiosk.journal import Journal
from kiosk.paper import Column, to_image
from kiosk.services.bank import draft
from kiosk.vault import Vault, load_master
from tests.branch import Branch
from tests.campaigns import planted, planted_search, planted_store
from tests.campaigns.planted_core import Noted
from tests.campaigns.planted_people import made_up
from tests.campaigns.planted_visit import ERRANDS


@pytest.mark.branch
@pytest.mark.xdist_group("branch")
@pytest.mark.timeout(300)
def test_nothing_planted_is_left_behind_by_a_killed_core() -> None:
    """A check on the way to a bank, a passport read by its chip where the machine can have a reader, a transfer."""
    with planted.Planted() as branch, branch.bench() as bench:
        campaign = planted.Campaign(branch, bench)
        rows = [campaign.run(seed) for seed in (7, 13)]
        limits = Path(f"/proc/{branch.pid('core')}/limits").read_text(encoding="utf-8")
    assert [row["problems"] for row in rows] == [[], []]
    assert sum(row["kills"] for row in rows) == 2
    assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]


def test_the_search_has_teeth(tmp_path: Path) -> None:
    """However a secret is spelt, it is found."""
    person = made_up(random.Random(1))
    for secret in (person.resident, person.name):
        for needle in planted_search.spelt(secret):
            place = [("log", b"\x00before " + needle + b" after")]
            assert planted_search.standing([secret], place) == ["a planted secret stands in log"]
    assert planted_search.standing([person.resident], [("log", person.licence.encode())]) == []


def test_nothing_that_is_kept_rightly_looks_like_a_find() -> None:
    """Of 200 people who come nobody's secret is what another's visit may keep."""
    people = [(made_up(random.Random(seed)), list(ERRANDS)[seed % len(ERRANDS)]) for seed in range(200)]
    nowhere = {each for person, errand in people for each in person.nowhere(errand)}
    kept = {each for person, errand in people for each in person.secrets() if each not in person.nowhere(errand)}
    assert [each for each in nowhere if any(each in rightly for rightly in kept)] == []


def test_a_process_that_may_dump_its_memory_leaves_what_the_search_finds(tmp_path: Path) -> None:
    """The control for the core's own limit of 0: the same kernel, the same signal, nothing forbidden."""
    secret = made_up(random.Random(2)).resident
    program = f"import os, signal; kept = '{secret[:7]}' + '{secret[7:]}'; os.kill(os.getpid(), signal.SIGABRT)"
    argv = ["sh", "-c", 'ulimit -c unlimited && exec "$0" -c "$1"', sys.executable, program]  # root lifts any limit
    done = subprocess.run(argv, cwd=tmp_path, check=False, capture_output=True)
    found = planted_search.dumps(tmp_path)
    if not found:
        pytest.skip("this machine writes no memory dumps beside a program")
    assert done.returncode == -signal.SIGABRT
    places = [(path.name, path.read_bytes()) for path in found]
    assert planted_search.standing([secret], places)


def test_the_opened_store_is_searched_in_the_clear_and_under_its_keys(tmp_path: Path) -> None:
    person, pin = made_up(random.Random(4)), CARDS[0].pin
    journal = Journal(tmp_path / "branch.db", Vault(load_master(tmp_path / "keys" / "db.key")), draft.FACTS)
    journal.append("v1", draft.PayeeNumberGiven(person.payee))
    journal.append("v1", draft.Understood("rate", "ko", f"{'0' * 29}{pin}{'0' * 29}"))
    well = planted_store.opened(tmp_path)
    assert planted_store.in_store(well, [person.payee, person.resident, pin], [person.resident, pin]) == []
    assert planted_store.in_store(well, [], [person.payee]) == [
        "a planted secret stands in the opened store, under a visit's key"
    ]
    journal.append("v1", draft.StatusAsked("990", f"{person.resident[:6]}-{person.resident[6:]}"))
    journal.append("v2", draft.StatusAsked("990", pin))
    journal.close()
    for secret in (person.secrets()[2], pin):
        later = planted_store.opened(tmp_path, well.last)
        told = planted_store.in_store(later, [secret], [])
        assert told == ["a planted secret stands in the opened store, in the clear"]


class Printers:
    """What the bench answers about its printers, of one page."""

    def __init__(self, picture: Any) -> None:
        self._picture = picture

    def do(self, act: str, **asked: Any) -> dict[str, Any]:
        if act == "page":
            to_image(self._picture).save(asked["path"])
        return {"pages": {"receipt_printer": [{}]}}


def laid_out(folder: Path, *words: str) -> tuple[Branch, BenchClient]:
    """A branch whose core has laid out a slip of these words, and a bench whose printer has printed it."""
    slip = Column(576, 203)
    sheet = slip.sheet = Noted(576, 900, 203)
    sheet.note = folder / planted_search.PAPER
    for word in words:
        slip.text(word, 3.0)
    return cast(Branch, SimpleNamespace(run=folder)), cast(BenchClient, Printers(slip.picture()))


def test_what_stands_on_paper_is_found_also_broken_over_lines(tmp_path: Path) -> None:
    secret = made_up(random.Random(3)).payee
    branch, bench = laid_out(tmp_path, f"*{secret[-4:]}", "112")
    assert planted_search.on_paper(branch, bench, [secret]) == ([], 1)
    branch, bench = laid_out(tmp_path, f"{secret[:6]}-", secret[6:])
    assert planted_search.on_paper(branch, bench, [secret])[0] == [
        "a planted secret stands on paper: receipt_printer, page 1"
    ]


def test_a_page_that_nobody_laid_out_is_told(tmp_path: Path) -> None:
    branch, bench = laid_out(tmp_path, "112")
    (tmp_path / planted_search.PAPER).write_text(json.dumps({"ink": planted_search.ink(np.eye(3) > 0), "text": ""}))
    assert "no layout is known" in planted_search.on_paper(branch, bench, [])[0][0]
