"""A telephone at the ear, from the guard's wire to a question of the shield, and to no disk: the real guard process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.bench.guard import GuardPeer
from devices.counter import OfficerAnswer
from devices.guard import WorkerGuard
from devices.guarding import SIGNS
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At, changed
from kiosk.intake import facts as i
from kiosk.officer import facts as o
from kiosk.services.bank import case, caution, flow, records
from kiosk.services.bank import draft as d
from kiosk.services.bank.draft import Step
from kiosk.warden import rules
from tests.branch import until
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import hands
from tests.kiosk.bank.stage import Standing
from tests.kiosk.bank.test_flow import DESK, NOW, PAYEE
from tests.kiosk.bank.walk import KNOWN, ME, SUSPECTED
from tests.kiosk.crew import configured
from vision.guard import worker

#: A camera's process without a camera: it gives signs of life and, told to, those of whoever stands before it.
WATCHES = """
import json, sys, time
for n in range(1, 10_000):
    print(json.dumps({"beat": {"standing": "NONE", "faults": [], "fps": 10.0, "frames": n, "misfit": ""}}), flush=True)
    for word in sys.argv[1:]:
        print(json.dumps({"signs": [word], "for_s": 2}), flush=True)
    time.sleep(0.2)
"""


@contextmanager
def guarded(folder: Path, *sees: str) -> Iterator[str]:
    """The guard process with one camera in the lobby, whose own detector sees these; its socket."""
    path = folder / "guard.sock"
    argvs = {"lobby": [sys.executable, "-c", WATCHES, *sees]}
    begin = f"from pathlib import Path; from vision.guard import worker; from vision.guard.roster import Roster; " \
            f"worker.run(lambda: Roster({argvs!r}), Path({str(path)!r}), {{}})"
    running = subprocess.Popen([sys.executable, "-c", begin], env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    try:
        until(path.exists, 60, "the guard listens", running)
        yield str(path)
    finally:
        running.terminate()
        running.wait(20)


def looks_at(path: str) -> WorkerGuard:
    """The driver in front of this guard."""
    return WorkerGuard("guard", path, simulated=True)


def says(path: str, **request: Any) -> dict[str, Any]:
    """One request to the guard, as any program of the branch's user may make it."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        line.sendall(json.dumps({"id": 1, **request}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(line.makefile().readline())
    return answer


def test_the_words_of_guard_contract_and_shield_are_the_same() -> None:
    assert SIGNS == worker.SIGNS == case.SIGNS


def test_it_is_off_until_the_branch_wants_it() -> None:
    assert configured().guard.signs is False
    assert rules(configured().guard).signs is False


@pytest.mark.branch
@pytest.mark.parametrize("own", [False, True], ids=["an external sender", "a camera's own detector"])
def test_a_telephone_at_the_ear_asks_and_is_written_nowhere(tmp_path: Path, own: bool) -> None:
    """A small transfer to a known account asks nothing; with the sign the customer is asked whether they are called."""
    sees = ["phone_at_ear"] if own else []
    with guarded(tmp_path, *sees) as path, Standing(tmp_path, guard=looks_at(path)) as stands:
        if not own:
            wrong = says(path, do="signs", camera="lobby", signs=["guilty"], for_s=5)
            assert "signs are phone_at_ear" in wrong["error"]
            assert "error" not in says(path, do="signs", camera="lobby", signs=["phone_at_ear"], for_s=10)
        until(lambda: bool(stands.signs()), 20, "the core knows")
        with hands("link", stands.link) as guest:
            walk.begins_transfer(stands, guest, KNOWN, 50_000)
            guest.sees("AskFirst")
            guest.does("begin")
            assert guest.sees("Ask")["values"]["question"] == "call"
            guest.does("answer", question="call", yes=False)
            guest.sees("Confirm")
            guest.does("agree", won=50_000, delayed=False)
            guest.sees("Sent")
        (judged,) = stands.facts(i.Judged)
        assert records.agrees(judged.record)
        written = repr(stands.written()) + judged.record
        assert not [word for word in SIGNS if word in written]
        if not own:
            says(path, do="signs", camera="lobby", signs=[], for_s=0)
            until(lambda: not stands.signs(), 20, "it is over")
        assert stands.counter.bank.balance(ME) == 2_950_000
    left = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file() and each.suffix != ".toml")
    assert not [word for word in SIGNS if word.encode() in left]


def looked_at(signs: str, payee: b.PayeeTold = PAYEE) -> At[Step, d.Draft]:
    """A small transfer to a known account, its sum given while the camera sees this."""
    known = d.Draft(visit="v1", business="account", what="transfer", card="9410", payee_bank="990", payee=payee,
                    payee_number=PAYEE.number)  # fmt: skip
    at = At(Step.AMOUNT, known)
    for fact in (d.AmountGiven(1000, NOW, signs), b.ProfileTold(45, blocks=()), b.BalanceTold(9_000_000, 9_000_000),
                 b.EntriesTold((), True), i.HoldKnown(None)):  # fmt: skip
        at = flow.step(at, fact, DESK)
    return at


def test_a_sign_asks_whether_somebody_is_on_the_phone_and_a_yes_pauses() -> None:
    assert looked_at("").step == Step.CONFIRM
    asked = flow.step(looked_at("phone_at_ear"), d.Begun(0), DESK)
    assert caution.assessment(asked, DESK).questions == ("call",)
    paused = flow.step(asked, d.Answered("call", True, 9000), DESK)
    assert paused.step == Step.PAUSE
    (note,) = [each for each in paused.todo if isinstance(each, i.NoteJudgement)]
    assert "phone_at_ear" not in note.record
    assert records.agrees(note.record)
    assert flow.step(asked, d.Answered("call", False, 9000), DESK).step == Step.CONFIRM


@pytest.mark.parametrize("signs", ["", "phone_at_ear", "phone_at_ear,sunglasses"])
@pytest.mark.parametrize("suspected", [False, True])
def test_with_the_bank_s_own_alarm_a_sign_fetches_an_officer(signs: str, suspected: bool) -> None:
    """F11, one sign less than its count, just so many, one more: the payee enquiry makes an officer of a question."""
    at = looked_at(signs, replace(PAYEE, suspected=suspected))
    wanted = Step.CONFIRM if not signs else Step.PAUSE if suspected else Step.ASK_FIRST
    assert at.step == wanted
    if wanted != Step.PAUSE:
        return
    (note,) = [each for each in at.todo if isinstance(each, i.NoteJudgement)]
    said, _ = records.load(note.record)
    assert (records.agrees(note.record), [each.rule for each in said.assessment.findings if each.action >= 5]) == (
        True, ["F11"],
    )  # fmt: skip
    assert not [word for word in SIGNS if word in note.record]
    assert len(said.case.signs) == len(signs.split(","))
    called = flow.step(at, d.OfficerAsked(), DESK)
    assert [each.notes for each in called.todo if isinstance(each, o.CallOfficer)] == [("rule:F11",)]
    assert flow.step(at, d.Insisted(), DESK).step == Step.PAUSE_WAIT
    assert flow.step(flow.step(at, d.Insisted(), DESK), f.Confirmed(), DESK).draft.outcome == "held"


@pytest.mark.branch
def test_the_bank_s_alarm_and_a_sign_bring_an_officer_who_lets_it_go_on(tmp_path: Path) -> None:
    """Each from its own wire: the payee enquiry of the bank's host, the guard, the officer's signed answer."""
    with guarded(tmp_path) as path, Standing(tmp_path, guard=looks_at(path)) as stands:
        says(path, do="signs", camera="lobby", signs=["phone_at_ear"], for_s=10)
        until(lambda: bool(stands.signs()), 20, "the core knows")
        with hands("link", stands.link) as guest:
            walk.begins_transfer(stands, guest, SUSPECTED, 50_000)
            view = guest.sees("Pause")
            assert (view["values"]["reasons"], "officer" in view["offers"]) == (["shield.F11"], True)
            guest.does("officer")
            guest.sees("Officer")
            until(lambda: stands.act(stands.counter.officers.answer, OfficerAnswer.APPROVE_PURPOSE), 20, "answered")
            guest.sees("Confirm")
            guest.does("agree", won=50_000, delayed=False)
            guest.sees("Sent")
        first, *_, last = stands.facts(i.Judged)
        assert records.agrees(first.record)
        assert records.load(last.record)[0].override is not None
        assert not [word for word in SIGNS if word in repr(stands.written()) + first.record + last.record]


def test_what_is_seen_during_the_questions_counts_too() -> None:
    """Asked for another reason, and the telephone comes up meanwhile."""
    known = looked_at("").draft
    first = At(Step.ASK, changed(known, case=changed(known.case, payee_known=False, won=2_000_000), since_ms=0))
    assert "call" in caution.assessment(first, DESK).questions
    seen = caution.seen(first, "phone_at_ear")
    assert seen.draft.signs == ("phone_at_ear",)
    assert seen.draft.case is not None
    assert set(seen.draft.case.signs) == {"phone_at_ear"}


def test_no_call_for_an_officer_takes_an_id_twice_after_a_restart() -> None:
    """The fold passes a call by whose reason was not written; its answers still tell that it was made."""
    at = flow.step(looked_at(""), o.OfficerSaid("v1-o1", "waiting", 1), DESK)
    assert at.draft.officers == 1
    assert flow.step(at, o.OfficerSaid("v2-o9", "waiting", 1), DESK).draft.officers == 1


def test_a_sign_holds_for_seconds_and_goes_among_no_news() -> None:
    told = list[dict[str, Any]]()
    post = worker.Post("lobby", (), told.append)
    post.see(["phone_at_ear"], 0.05)
    assert (set(post.signs()), len(told)) == ({"phone_at_ear"}, 1)
    time.sleep(0.06)
    post._tell_signs()
    assert (set(post.signs()), told) == (set(), [{}, {}])


def test_the_bench_s_guard_speaks_of_signs_alike(tmp_path: Path) -> None:
    peer = GuardPeer(tmp_path / "g.sock")
    peer.see("lobby", "phone_at_ear")
    assert peer.signs == {"lobby": ["phone_at_ear"]}
    peer.see("lobby")
    assert (peer.signs, peer.news) == ({}, [])
