"""The call desk's driver against its peer: only what the desk has recorded is said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from devices.bench.call_desk import CallDeskPeer
from devices.ports import CallState, DeviceFault
from devices.staff_call import CallDesk


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[CallDeskPeer, CallDesk]]:
    peer = CallDeskPeer(ring_s=0.2)
    calls = CallDesk("staff_call", f"http://127.0.0.1:{await peer.start()}", "seoul-1", reply_s=0.5)
    await calls.open()
    try:
        yield peer, calls
    finally:
        await calls.close()
        await peer.stop()


def test_a_call_moves_only_by_a_persons_act() -> None:
    async def story() -> None:
        async with desk() as (peer, calls):
            assert await calls.call("task/1 가", "label_stuck", 1) is CallState.CALLING
            await asyncio.sleep(0.3)
            assert await calls.state("task/1 가", 1) is CallState.CALLING
            for state in (CallState.ANSWERED, CallState.ON_THE_WAY, CallState.CLOSED):
                assert peer.answer("", state)
                assert await calls.state("task/1 가", 1) is state
            assert (peer.calls["task/1 가"].reason, peer.calls["task/1 가"].branch) == ("label_stuck", "seoul-1")

    asyncio.run(story())


def test_the_same_task_again_is_the_same_call() -> None:
    async def story() -> None:
        async with desk() as (peer, calls):
            await calls.call("1", "jam", 1)
            peer.answer("1", CallState.ON_THE_WAY)
            assert await calls.call("1", "jam", 1) is CallState.ON_THE_WAY
            assert dict((await calls.probe()).values)["open_calls"] == "1"

    asyncio.run(story())


def test_nobody_there_is_said() -> None:
    async def story() -> None:
        async with desk() as (peer, calls):
            peer.order("no_answer")
            assert await calls.call("1", "jam", 1) is CallState.CALLING
            await asyncio.sleep(0.3)
            assert await calls.state("1", 1) is CallState.NO_ANSWER

    asyncio.run(story())


def test_a_desk_that_cannot_be_reached_has_recorded_nothing() -> None:
    async def story() -> None:
        async with desk() as (peer, calls):
            peer.order("unplug")
            with pytest.raises(DeviceFault, match="disconnected"):
                await calls.call("1", "jam", 1)
            peer.order("unplug", on=False)
            await asyncio.sleep(0.05)
            with pytest.raises(DeviceFault, match="protocol"):
                await calls.state("1", 1)

    asyncio.run(story())


def test_a_call_settled_at_the_branch_is_closed_with_how() -> None:
    async def story() -> None:
        async with desk() as (peer, calls):
            await calls.call("a/1 가", "jam", 1)
            assert await calls.close_call("a/1 가", "refunded", 1) is CallState.CLOSED
            assert (peer.calls["a/1 가"].state, peer.calls["a/1 가"].how) == (CallState.CLOSED, "refunded")
            assert await calls.state("a/1 가", 1) is CallState.CLOSED
            assert await calls.close_call("never heard of", "done", 1) is CallState.CLOSED
            peer.order("unplug")
            with pytest.raises(DeviceFault, match="disconnected"):
                await calls.close_call("a/1 가", "done", 1)

    asyncio.run(story())
