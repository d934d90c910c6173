"""A defect in one watcher of the branch closes nothing: not the screens, not the journal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.identity import CardState
from kiosk import core
from kiosk.hands import Hands, Patience
from kiosk.journal import StoreFailed
from kiosk.menu import maintenance
from tests.kiosk.crew import bench, house
from tests.kiosk.feed_branch import until


class Odd:
    """A driver with a defect: it counts how often it was asked, and raises what no contract names."""

    def __init__(self, device: Any = None) -> None:
        self.device, self.asked = device, 0

    async def load(self) -> Any:
        """A scale's momentary load."""
        self.asked += 1
        raise ZeroDivisionError

    def card(self) -> CardState:
        """Something new lies there at every other look."""
        self.asked += 1
        return CardState.PRESENT if self.asked % 2 else CardState.ABSENT

    async def badge(self, timeout_s: float) -> str:
        """The key of a badge."""
        raise LookupError

    async def show(self, *_: object) -> None:
        """A tower's lamps."""
        self.asked += 1
        raise AttributeError


@pytest.mark.parametrize("device", ["scale", "id_reader", "signal_tower"])
def test_a_drivers_defect_ends_no_branch(device: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "ANEW_S", 0.1)
    odd: Any = Odd()

    async def story() -> None:
        async with bench(tmp_path) as (peers, crew):
            whole = replace(crew, **{device: odd})
            async with house(tmp_path, whole, peers, care=maintenance({}, 0)) as home:
                await until(lambda: odd.asked > 3 or home.task.done(), 10)
                assert not home.task.done()
                await home.guest.sees("Attract")

    asyncio.run(story())


def test_a_store_that_takes_no_more_facts_ends_the_branch() -> None:
    async def failing() -> None:
        raise StoreFailed("full")

    with pytest.raises(StoreFailed):
        asyncio.run(core.lasting(failing))


def test_what_fails_in_the_background_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        nobody: Any = None
        hands = Hands(nobody, nobody, nobody, Patience())

        async def failing() -> None:
            raise LookupError("a defect")

        hands.also(failing)
        await asyncio.sleep(0.05)
        await hands.close()

    asyncio.run(story())
    assert "LookupError at test_core.py:" in caplog.text
    assert "a defect" not in caplog.text
