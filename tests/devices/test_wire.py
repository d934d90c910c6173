"""Blocking calls in a thread of their own: every one ends in a result or a fault, never in silence."""

from __future__ import annotations

import asyncio
import time

import pytest

from devices.ports import DeviceFault, FaultCode
from devices.wire import OneThread


def test_a_call_that_waits_for_its_turn_ends_as_disconnected_when_the_thread_is_stopped() -> None:
    async def story() -> FaultCode:
        thread = OneThread("t")
        first = asyncio.create_task(thread.run(lambda: time.sleep(0.2), 5))
        second = asyncio.create_task(thread.run(lambda: None, 5))
        await asyncio.sleep(0.05)
        thread.stop()
        await first
        with pytest.raises(DeviceFault) as fault:
            await second
        return fault.value.code

    assert asyncio.run(story()) is FaultCode.DISCONNECTED


def test_a_caller_that_is_cancelled_stays_cancelled() -> None:
    async def story() -> bool:
        thread = OneThread("t")
        task = asyncio.create_task(thread.run(lambda: time.sleep(0.1), 5))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait([task])
        thread.stop()
        return task.cancelled()

    assert asyncio.run(story())
