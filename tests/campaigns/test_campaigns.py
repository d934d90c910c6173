"""Fixed samples of the kill and fault campaigns; `make evidence` runs them in full."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from kiosk.services.send_parcel.draft import Step
from tests.branch import HOUSE, until
from tests.campaigns import faults, kills, table, verdict
from tests.campaigns.site import Site

#: Kills where money, label and door are in the air; faults of every kind of device, one of them at rest.
KILLS = ("terminal approves and falls silent", "label fails, money back", "plain")
FAULTS = ("label_printer/jam/pay", "hatch/door_stuck/stick", "cameras/both_lost/rest")
ROW = {
    "case": "hatch/jam/pay", "device": "hatch", "fault": "jam", "step": "pay", "seen": ["Pay", "Claim"],
    "tasks": ["hatch_fault"], "monitor": ["hatch offline"], "services": [], "outcome": ["label_owed"], "problems": [],
}  # fmt: skip


def sample() -> list[kills.Case]:
    """The first case of each of these stories, the short way of `plain`: its money half."""
    wanted = [case for case in islice(kills.cases(), 2 * len(kills.STORIES)) if case.story.name in KILLS]
    short = {case.story.name: case for case in reversed(wanted) if len(case.story.moments) <= len(kills.MONEY)}
    return list(short.values())


@pytest.mark.branch
@pytest.mark.xdist_group("branch")
@pytest.mark.timeout(400)
def test_a_killed_core_and_failing_devices_lose_no_money_and_no_parcel() -> None:
    cases = {case.name: case for case in faults.cases(faults.catalogue())}
    with Site() as site:
        found = [kills.run(site, case) for case in sample()]
        found += [faults.run(site, cases[name]) for name in FAULTS]
    assert {row["case"]: row["problems"] for row in found if row["problems"]} == {}
    assert sum(len(row.get("kills", ())) for row in found) >= 3
    assert all(row["seen"] for row in found)


PARENT = """
import subprocess, sys, time
from tests.branch import bound
CHILD = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
subprocess.Popen(bound([sys.executable, "-c", CHILD]))
time.sleep(600)
"""


def test_what_a_killed_worker_has_started_goes_down_with_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=HOUSE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        child = Path("/proc") / worker.stdout.readline().decode().strip()
        assert child.exists()
        worker.kill()
    until(lambda: not child.exists() or "zombie" in (child / "status").read_text(), 10, "the child is gone")


def test_the_plan_kills_at_every_boundary_of_every_story() -> None:
    planned = {(case.story.name, kill.screen) for case in kills.cases_for(200) for kill in case.kills}
    assert planned == {(story.name, screen) for story in kills.STORIES for screen in story.moments}


def test_every_step_of_a_visit_is_a_boundary_of_some_story() -> None:
    met = {step for story in kills.STORIES for screen in story.moments for step in kills.BOUNDARIES[screen]}
    assert met == set(Step) - {Step.OVER}


def test_the_plan_holds_every_fault_of_the_catalogue_at_rest_and_where_its_device_is_asked() -> None:
    planned = list(faults.cases(faults.catalogue()))
    for device, names in faults.catalogue().items():
        for fault in names:
            steps = {case.step for case in planned if (case.device, case.fault) == (device, fault)}
            assert steps == {"rest", *faults.ASKED[device]}


def test_the_committed_table_holds_every_case_of_the_plan_and_nothing_that_did_not_hold() -> None:
    page = (HOUSE / "docs" / "faults.md").read_text(encoding="utf-8")
    planned = list(faults.cases(faults.catalogue()))
    known = {(case.device, case.fault, table.STEP[case.step]) for case in planned}
    assert known == set(told(page))
    assert f"n = {len(planned)} cases over {len({each[:2] for each in known if each[1] != 'all'})} faults" in page
    assert "something did not hold in 0 cases." in page


def told(page: str) -> Iterator[tuple[str, str, str]]:
    """Device, fault and step of every line of docs/faults.md; a fault stands on the first of its lines."""
    fault = ""
    for section in page.split("\n## ")[1:]:
        device, *lines = section.split("\n")
        for line in lines:
            cells = [cell.strip() for cell in line.split("|")]
            if line.startswith("|") and cells[2] in table.STEP.values():
                fault = cells[1].strip("*") or fault
                yield device, fault, cells[2]


def test_two_approvals_at_once_are_found() -> None:
    paid = {"entry": "payment", "state": "approved", "won": 4000}
    back = {"entry": "reversal", "won": 4000}
    rows = [{"number": n, **row} for n, row in enumerate((paid, back, paid), 1)]
    assert verdict.doubled(rows) == []
    assert verdict.balance(rows) == 4000
    assert verdict.doubled([rows[0], rows[2]]) == ["2 approvals stood at once, at entry 3"]


def test_the_table_says_what_did_not_hold() -> None:
    assert table.document([ROW]) == table.document([dict(ROW)])
    assert "**did not hold:** charged twice" in table.document([{**ROW, "problems": ["charged twice"]}])
