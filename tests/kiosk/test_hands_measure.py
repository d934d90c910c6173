"""A measure through the hands: what it tells beside its size, and when no size is told."""

from __future__ import annotations

from pathlib import Path

from kiosk import facts as f
from tests.kiosk.crew import BOX, Peers
from tests.kiosk.feed_branch import until
from tests.kiosk.test_hands import Desk, play


def test_a_knocked_camera_is_told_and_the_parcel_is_measured_all_the_same(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        told: list[str] = []

        async def knocked() -> None:
            told.append("knocked")

        desk.hands.knocked = knocked
        peers.world.put(BOX)
        assert isinstance(await desk.told(f.Measure()), f.Measured)
        assert told == []
        peers.measurer.knocked = ("left",)
        assert isinstance(await desk.told(f.Measure()), f.Measured)
        await until(lambda: told == ["knocked"], 5)
        peers.measurer.knocked, peers.measurer.refusal = (), "moved"
        assert await desk.told(f.Measure()) == f.MeasureRefused("moved")
        await until(lambda: len(told) == 2, 5)

    play(tmp_path, story)


def test_while_the_known_box_is_measured_wrongly_no_size_is_told(tmp_path: Path) -> None:
    async def story(peers: Peers, desk: Desk) -> None:
        peers.world.put(BOX)
        desk.hands.distrusted = lambda: True
        assert await desk.told(f.Measure()) == f.MeasureRefused("distrusted")
        desk.hands.distrusted = lambda: False
        assert isinstance(await desk.told(f.Measure()), f.Measured)

    play(tmp_path, story)
