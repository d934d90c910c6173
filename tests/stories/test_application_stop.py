"""The power fails when an application is with the bank and its answer is not: it is asked about, never given twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from devices.bench.bank import CARDS
from devices.bench.client import BenchClient
from tests.branch import Branch
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import Link
from tests.stories.stage import kinds, visits

#: As long as somebody reads a question; who answers sooner was coached (rule O5), milliseconds in config/fraud.toml.
READ_S = 3.1


class AtTheBench:
    """What a walk does to the machines of the counter, by the bench's control socket."""

    def __init__(self, bench: BenchClient) -> None:
        self._do = bench.do

    @property
    def counter(self) -> AtTheBench:
        return self

    def act(self, do: Callable[..., object]) -> None:
        do()

    def inserts_card(self) -> None:
        self._do("bank_card", card=0)
        self._do("press", keys=CARDS[0].pin + "#")


def answers(someone: Link) -> None:
    """Every question of the shield with no, at reading speed, until the form comes."""
    someone.sees("AskFirst")
    someone.does("begin")
    asked = 0
    while (view := someone.sees("Ask", "Wish", so=lambda now: now.get("at", 99) > asked))["screen"].endswith("/Ask"):  # noqa: B023  # at once
        asked = view["values"]["at"]
        time.sleep(READ_S)
        someone.does("answer", question=view["values"]["question"], yes=False)


def applies(bench: BenchClient, someone: Link) -> None:
    """Until the form is full, papers to follow."""
    walk.to_identity(someone)
    assert walk.shows_an_id(someone)["state"] == "checked"
    walk.proves_by_card(AtTheBench(bench), someone)  # type: ignore[arg-type]  # what it does there, the bench does here
    answers(someone)
    someone.does("set_wish", won=walk.WISH)
    someone.sees("Months")
    someone.does("choose_term", months=36)
    someone.sees("Phone")
    someone.does("set_phone", digits=walk.PHONE)
    for at, paper in enumerate(("income", "employment"), 1):
        someone.sees("Papers", so=lambda now: now["at"] == at)  # noqa: B023  # waited for at once
        someone.does("later", paper=paper)
    someone.sees("Sign")
    someone.signs()
    someone.sees("Review")


def handed_in(branch: Branch) -> list[dict[str, Any]]:
    """What the banks' intake has booked."""
    rows = [json.loads(line) for path in branch.run.rglob("*intake*.jsonl") for line in path.read_text().splitlines()]
    return [row for row in rows if row["entry"] == "hand_in"]


@pytest.mark.branch
@pytest.mark.timeout(300)
def test_an_application_in_the_air_survives_a_kill_and_is_handed_in_once(branch: Branch, bench: BenchClient) -> None:
    someone, before = Link(branch.run / "link.sock"), len(handed_in(branch))
    applies(bench, someone)
    bench.do("fault", device="bank_desk", name="mute_after", on=True)
    someone.does("confirm")
    someone.sees("Working", so=lambda now: now["what"] == "handing")
    while len(handed_in(branch)) == before:
        time.sleep(0.05)
    bench.do("fault", device="bank_desk", name="mute_after", on=False)
    branch.kill_core()
    someone.again()
    shown = someone.sees("Received")["values"]["reference"]
    (row,) = handed_in(branch)[before:]
    assert shown == row["reference"]
    someone.does("confirm")
    someone.sees("Attract")
    someone.close()
    assert kinds(visits(branch.journal())[-1]).count("HandedIn") == 1
