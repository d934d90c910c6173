"""The end of a visit wipes the real screen: once the resting screen is painted, nothing of the customer is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk import facts as f
from kiosk.flow import Posted
from tests.kiosk.bank import walk
from tests.kiosk.bank.hands import Touch, hands
from tests.kiosk.bank.stage import Standing
from tests.kiosk.bank.walk import KNOWN, PHONE

WON = 345_678
#: What was typed, told by the bank or shown masked: `345,678`, the payee's name, account and the bank's reference.
OWN = ("345", "678", KNOWN, KNOWN[-4:], "김가상", "김*상", "2,654,322", "3,000,000", PHONE, PHONE[-4:])
End = Callable[[Standing, Touch], object]


@pytest.fixture(scope="module", autouse=True)
def application(qapp: QCoreApplication) -> QCoreApplication:
    """Made before the first screen asks for one."""
    return qapp


@pytest.fixture
def stands(tmp_path: Path) -> Iterator[Standing]:
    with Standing(tmp_path) as counter:
        yield counter


def texts(item: Any) -> Iterator[str]:
    """Every text of the scene, painted or not, what is typed and what is read aloud included."""
    for name in ("text", "typed", "label", "value", "detail", "body", "title", "question", "hint"):
        said = item.property(name)
        if isinstance(said, str) and said:
            yield said
    for child in item.childItems():
        yield from texts(child)


def confirm(stands: Standing, someone: Touch) -> None:
    """At the last question before money moves."""
    walk.begins_transfer(stands, someone, KNOWN, WON)
    someone.sees("Confirm")


def sent(stands: Standing, someone: Touch) -> None:
    """The bank has booked it."""
    confirm(stands, someone)
    someone.does("agree", won=WON, delayed=False)
    someone.sees("Sent")


def balance(stands: Standing, someone: Touch) -> None:
    """What is on the account."""
    walk.enters(someone, "account")
    someone.sees("Card")
    stands.act(stands.counter.inserts_card)
    someone.sees("Account")
    someone.does("choose_business", what="balance")
    someone.sees("Balance")


def idles(stands: Standing, _: Touch) -> None:
    """Whoever stood there has gone without a word."""
    core = stands._running.core
    stands.act(core.post, Posted(core._desk.front_id, f.IdledOut()))


@pytest.mark.parametrize(
    ("comes_to", "ends"),
    [
        (confirm, idles), (balance, idles), (sent, lambda _, someone: someone.does("confirm")), (sent, idles),
    ],
)  # fmt: skip
def test_nothing_of_a_bank_visit_is_left_in_the_scene(stands: Standing, comes_to: End, ends: End) -> None:
    with hands("touch", stands.link) as someone:
        screen = cast(Touch, someone)
        comes_to(stands, screen)
        shown = list(texts(screen.screen.scene.root))
        assert [own for own in OWN if any(own in each for each in shown)]
        ends(stands, screen)
        screen.sees("Attract")
        left = list(texts(screen.screen.scene.root))
        assert left
        assert [own for own in OWN if any(own in each for each in left)] == []
