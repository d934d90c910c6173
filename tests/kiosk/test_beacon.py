"""The signal tower says what is true, and goes on saying it."""

from __future__ import annotations

import asyncio

import pytest

from devices.bench.signal_tower import SignalTowerPeer
from devices.ports import Lamp
from devices.signal_tower import ModbusTower
from devices.supervisor import Pace, Supervisor
from kiosk.beacon import Beacon, lamps
from kiosk.flow import Availability
from tests.kiosk.feed_branch import until

G, A, R = Lamp.GREEN, Lamp.AMBER, Lamp.RED


@pytest.mark.parametrize(
    ("states", "tasks", "lit"),
    [
        (["available"], 0, {G}), (["available"], 1, {G, A}), (["degraded"], 0, {G, A}),
        (["unavailable"], 0, {R, A}), (["available", "unavailable"], 0, {G, A}), ([], 0, {R}),
    ],
)  # fmt: skip
def test_lamps(states: list[str], tasks: int, lit: set[Lamp]) -> None:
    assert lamps({str(n): Availability(state) for n, state in enumerate(states)}, tasks) == lit


def test_what_is_shown_follows_and_comes_back_after_the_board_was_away() -> None:
    async def story() -> None:
        peer = SignalTowerPeer()
        tower = ModbusTower("signal_tower", await peer.start())
        keeper = Supervisor([tower], Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3), 1)
        await keeper.start()
        wanted = [(frozenset({G}), False)]
        keeping = asyncio.create_task(Beacon(tower, lambda: wanted[0]).run())
        await until(lambda: (lit(peer), peer.alarm) == ({G}, False))
        peer.order("unplug", True)
        wanted[0] = (frozenset({R, A}), True)
        await asyncio.sleep(1.5)
        peer.order("unplug", False)
        await until(lambda: (lit(peer), peer.alarm) == ({R, A}, True), 10)
        keeping.cancel()
        await asyncio.wait([keeping])
        await keeper.stop()
        await peer.stop()

    asyncio.run(story())


def lit(peer: SignalTowerPeer) -> set[Lamp]:
    """The lamps that are on at the board."""
    return {lamp for lamp, on in zip((Lamp.GREEN, Lamp.AMBER, Lamp.RED, Lamp.SIREN), peer.lit, strict=False) if on}
