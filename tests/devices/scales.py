"""What is shown of every scale, whatever it speaks."""

from __future__ import annotations

import pytest

from devices.bench.world import Parcel, World
from devices.ports import DeviceFault, FaultCode, Scale


async def tared_and_cleared(world: World, scale: Scale, tare: str) -> None:
    """A tare is refused on an empty and on a moving pan, shown as `tare` once it is set, and charges nothing until it
    is cleared."""
    with pytest.raises(DeviceFault, match="underload"):
        await scale.tare()
    world.put(Parcel(340, 250, 180, 2405))
    with pytest.raises(DeviceFault, match="unstable"):
        await scale.tare()
    gross = (await scale.stable_weight(3)).grams
    assert await scale.tare() == "2.405 kg"
    with pytest.raises(DeviceFault, match="tared"):
        await scale.stable_weight(0.2)
    assert (await scale.load()).grams is None
    seen = await scale.probe()
    assert seen.faults == {FaultCode.TARED}
    assert {"net": "0.000 kg", "tare": tare}.items() <= dict(seen.values).items()
    await scale.clear_tare()
    assert (await scale.stable_weight(3)).grams == gross == 2405
    assert not (await scale.probe()).faults
