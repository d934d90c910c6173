"""The same-weight guard over either scale: another parcel than the one that was weighed and paid opens no door."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from devices.bench.scale import Pan, ScalePeer
from devices.bench.scale_stream import StreamScalePeer
from devices.bench.world import Parcel, World
from devices.ports import Scale, Weight
from devices.scale import MtSicsScale
from devices.scale_stream import StreamScale
from kiosk import facts as f
from kiosk.config import load
from kiosk.services.send_parcel import flow
from kiosk.services.send_parcel.books import read_tariff
from kiosk.watch import Pan as Watched
from tests.benchmarks.alone import HOUSE, STORY

Pair = tuple[Callable[[World, Path], Pan], Callable[[str], Scale]]
PAIRS: dict[str, Pair] = {
    "mt_sics": (ScalePeer, lambda port: MtSicsScale("scale", port)),
    "ad_stream": (StreamScalePeer, lambda port: StreamScale("scale", port, "D000000002")),
}
NUMBER = "6899900000001"


async def weighed(pair: Pair, link: Path) -> tuple[Weight, Weight, Weight]:
    """The parcel of the visit, the same with its label on, and another one put in its place."""
    world = World(seed=3)
    peer, scale = pair[0](world, link), pair[1](str(link))
    await peer.start()
    await scale.open()
    found = []
    for grams in (2400, 2403, 2600):
        world.put(Parcel(340, 250, 180, grams))
        found.append(await scale.stable_weight(4))
        world.take()
    await scale.close()
    await peer.stop()
    return found[0], found[1], found[2]


def scanned(first: Weight, again: Weight) -> flow.Parcel:
    """The flow after the label was read on what lies there now."""
    book = read_tariff(load(HOUSE / "config" / "branch.toml").path("tariffs/domestic_parcel.toml"))
    at = flow.begin(f.VisitStarted("send_parcel", "ko", "v1"))
    for fact in STORY:
        match fact:
            case f.Weighed():
                at = flow.step(at, f.Weighed(first.grams, first.decimal, first.raw, first.serial), book)
            case f.LabelScanned():
                return flow.step(at, f.LabelScanned(NUMBER, again.grams), book)
            case _:
                at = flow.step(at, fact, book)
    raise AssertionError("the story has no label")


@pytest.mark.parametrize("name", PAIRS)
def test_the_door_opens_for_the_parcel_that_was_weighed_and_for_no_other(tmp_path: Path, name: str) -> None:
    own, labelled, other = asyncio.run(weighed(PAIRS[name], tmp_path / "scale.tty"))
    assert any(isinstance(command, f.OpenHatch) for command in scanned(own, labelled).todo)
    assert not any(isinstance(command, f.OpenHatch) for command in scanned(own, other).todo)


@pytest.mark.parametrize("name", PAIRS)
def test_a_parcel_left_behind_is_not_the_next_customers(tmp_path: Path, name: str) -> None:
    """It is placed once; only an empty pan in between makes the next load a new parcel."""

    async def story() -> list[str]:
        world = World(seed=3)
        peer, scale = PAIRS[name][0](world, tmp_path / "scale.tty"), PAIRS[name][1](str(tmp_path / "scale.tty"))
        await peer.start()
        await scale.open()
        watched, said = Watched(50), list[str]()
        again = partial(world.put, Parcel(340, 250, 180, 2400))
        acts: list[Callable[[], None]] = [again, lambda: None, world.take, again]
        for act in acts:
            act()
            await scale.stable_weight(4)
            facts = [watched.see(await scale.load()) for _ in range(4)]
            said.append(" ".join(type(fact).__name__ for fact in facts if fact is not None))
        await scale.close()
        await peer.stop()
        return said

    assert asyncio.run(story()) == ["Placed", "", "Lifted", "Placed"]
