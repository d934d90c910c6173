"""What changes by itself becomes a fact: the load on a real scale, the states of devices, the passing of time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.bench.world import Parcel
from devices.ports import DeviceState, FaultCode, Load, Status
from kiosk import facts as f
from kiosk.flow import Item, Posted, Ticked
from kiosk.watch import AGREE, Pan, Watch
from tests.kiosk.crew import BOX, bench
from tests.kiosk.feed_branch import until

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def load(grams: int | None, stable: bool = True) -> Load:
    return Load(grams, stable, NOW)


def told(pan: Pan, *grams: int | None) -> list[f.Fact]:
    return [fact for fact in (pan.see(load(each)) for each in grams) if fact]


def test_a_load_is_believed_when_readings_agree() -> None:
    pan = Pan(minimum_g=50)
    assert told(pan, 0, 0) == [f.Lifted()]
    assert told(pan, 2400) == []
    assert told(pan, 0, 2400) == []
    assert told(pan, 2410, 2420) == [f.Placed(2410)]
    assert told(pan, 2400, 9000, 50) == []
    assert told(pan, 0, 0) == [f.Lifted()]


def test_between_empty_and_the_least_parcel_nothing_is_certain() -> None:
    pan = Pan(minimum_g=50)
    assert told(pan, 30, 49, 21, None, None) == []
    assert told(pan, 50, 30, 50) == [f.Placed(50)]
    assert told(pan, 49, 49, 49) == []
    assert told(pan, 20, 20) == [f.Lifted()]
    assert told(pan, -40, -40) == []


@given(st.lists(st.none() | st.integers(-200, 3000), max_size=60))
def test_placed_and_lifted_take_turns_whatever_the_scale_says(grams: list[int | None]) -> None:
    facts = told(Pan(minimum_g=50), *grams)
    kinds = [type(fact) for fact in facts]
    assert all(one is not two for one, two in pairwise(kinds))
    assert all(fact.grams >= 50 for fact in facts if isinstance(fact, f.Placed))
    assert len(facts) <= len(grams) / AGREE


def test_a_real_scale_is_watched_through_silence(tmp_path: Path) -> None:
    async def story() -> None:
        async with bench(tmp_path) as (peers, crew):
            heard: list[Item] = []
            asked: list[bool] = []
            watching = asyncio.create_task(Watch(crew.scale, 50, heard.append, lambda: asked.append(True)).run())

            def facts() -> list[f.Fact]:
                return [item.fact for item in heard if isinstance(item, Posted)]

            await until(lambda: facts() == [f.Lifted()])
            peers.world.put(BOX)
            await until(lambda: len(facts()) == 2)
            placed = facts()[1]
            assert isinstance(placed, f.Placed)
            assert placed.grams == pytest.approx(2400, rel=0.25)
            peers.scale.order("mute")
            await asyncio.sleep(0.5)
            peers.world.take()
            peers.world.put(Parcel(100, 100, 50, 30))
            peers.scale.order("mute", on=False)
            await asyncio.sleep(2.5)
            assert len(facts()) == 2
            peers.world.take()
            await until(lambda: facts()[2:] == [f.Lifted()])
            await until(lambda: asked and any(isinstance(item, Ticked) for item in heard))
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(story())


def test_a_change_of_a_device_is_a_fact_of_no_visit() -> None:
    heard: list[Item] = []
    watch = Watch(None, 50, heard.append, lambda: None)  # type: ignore[arg-type]  # no scale is asked here
    faults = frozenset({FaultCode.JAM, FaultCode.COVER_OPEN})
    watch.device_changed("label_printer", Status(DeviceState.USER_ERROR, NOW, NOW, faults, "", True))
    fact = f.DeviceChanged("label_printer", "userError", ("cover_open", "jam"), True)
    assert heard == [Posted("", fact)]
