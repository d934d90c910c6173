"""What the supervisor says of a device that is too busy to be asked: never more than it answered since the question."""

from __future__ import annotations

import asyncio

from devices.ports import DeviceFault, DeviceState, FaultCode, Observation
from devices.supervisor import Pace, Supervisor
from tests.devices.test_supervisor import Odd, Script


def test_a_busy_device_keeps_its_connection() -> None:
    async def story() -> None:
        answers = [Observation(), Observation(frozenset({FaultCode.BUSY}))]

        def probe() -> Observation:
            if not answers:
                raise DeviceFault(FaultCode.BUSY)
            return answers.pop(0)

        odd = Odd(probe)
        supervisor = Supervisor([odd], Pace(fresh_s=0.2, deadline_s=0.1))
        assert (await supervisor.ready("odd")).state is DeviceState.ONLINE
        assert (await supervisor.ready("odd")).usable, "it answered, and said that it is busy"
        assert (await supervisor.ready("odd")).state is DeviceState.DEVICE_BUSY
        assert (odd.opened, odd.closed) == (1, 0)
        assert supervisor.status("odd").usable, "one turn that was not to be had is no fault to show"
        await asyncio.sleep(0.25)
        assert (await supervisor.ready("odd")).faults == {FaultCode.STALE_DATA}
        await supervisor.stop()

    asyncio.run(story())


def test_a_device_too_busy_to_be_asked_is_not_ready_whatever_it_said_before() -> None:
    async def story() -> None:
        supervisor = Supervisor([Script(None, FaultCode.BUSY)], Pace(deadline_s=0.1))
        await supervisor.ready("odd")
        found = await supervisor.ready("odd")
        assert (found.state, found.faults) == (DeviceState.DEVICE_BUSY, frozenset({FaultCode.BUSY}))
        assert not found.usable
        await supervisor.stop()

    asyncio.run(story())


def test_an_answer_that_another_got_since_the_question_is_fresh_enough() -> None:
    async def story() -> None:
        script = Script(None, *[FaultCode.BUSY] * 2, None, FaultCode.BUSY)
        supervisor = Supervisor([script], Pace(deadline_s=0.15, recheck_s=0.1))
        await supervisor.ready("odd")
        mine = asyncio.create_task(supervisor.ready("odd"))
        await asyncio.sleep(0.03)
        others = await supervisor.ready("odd")
        assert (await mine).usable
        assert others.usable
        await supervisor.stop()

    asyncio.run(story())
