"""Fault plans: the same seed gives the same faults, and every fault is taken back."""

import asyncio
from itertools import islice

from devices.bench.plan import Turn, carry_out, turns

FAULTS = {"scale": ("mute", "garbage"), "hatch": ("door_stuck",)}


def test_the_same_seed_gives_the_same_plan_over_every_fault() -> None:
    first, second = (list(islice(turns(7, FAULTS, 20, 5), 60)) for _ in range(2))
    assert first == second
    assert {(turn.device, turn.fault) for turn in first} == {
        ("scale", "mute"),
        ("scale", "garbage"),
        ("hatch", "door_stuck"),
    }
    assert all(10 <= turn.after_s <= 30 and 2.5 <= turn.lasts_s <= 7.5 for turn in first)
    assert first != list(islice(turns(8, FAULTS, 20, 5), 60))


async def _cancelled_in_a_fault() -> list[tuple[str, str, bool]]:
    orders: list[tuple[str, str, bool]] = []
    plan = iter([Turn("scale", "mute", 0.0, 0.01), Turn("hatch", "door_stuck", 0.0, 60.0)])
    task = asyncio.create_task(carry_out(plan, lambda *order: orders.append(order)))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return orders


def test_every_fault_is_taken_back_even_when_the_plan_ends_in_one() -> None:
    assert asyncio.run(_cancelled_in_a_fault()) == [
        ("scale", "mute", True), ("scale", "mute", False),
        ("hatch", "door_stuck", True), ("hatch", "door_stuck", False),
    ]  # fmt: skip
