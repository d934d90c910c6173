"""What the supervisor tells of a device that leaves a question open: doubt at once, the fault after three strikes."""

import asyncio
import time
from pathlib import Path

import pytest

from devices.bench.scale import ScalePeer
from devices.bench.world import World
from devices.health import Strikes
from devices.ports import DeviceState, FaultCode, Observation
from devices.scale import MtSicsScale
from devices.supervisor import Pace, Supervisor
from tests.devices.test_supervisor import Odd, Script, until

PATIENT = Pace(period_s=0.05, fresh_s=5, deadline_s=3, recheck_s=0.02, doubt_s=0.2)


class Halting(Odd):
    """A device that takes the seconds of its script for each answer; the last is repeated."""

    def __init__(self, *pauses: float, opening_s: float = 0.0) -> None:
        super().__init__(Observation)
        self.pauses, self._opening_s = list(pauses), opening_s

    async def open(self) -> None:
        await asyncio.sleep(self._opening_s)

    async def probe(self) -> Observation:
        await asyncio.sleep(self.pauses.pop(0) if len(self.pauses) > 1 else self.pauses[0])
        return Observation()


Heard = list[tuple[DeviceState, frozenset[FaultCode]]]


async def told(*pauses: float, for_s: float = 1.0, opening_s: float = 0.0) -> Heard:
    """What is told of a device with these pauses."""
    heard = list[tuple[DeviceState, frozenset[FaultCode]]]()
    supervisor = Supervisor([Halting(*pauses, opening_s=opening_s)], PATIENT)
    supervisor.on_change(lambda _, status: heard.append((status.state, status.faults)))
    await supervisor.start()
    await asyncio.sleep(for_s)
    await supervisor.stop()
    return heard


WELL = (DeviceState.ONLINE, frozenset[FaultCode]())
DOUBTED = (DeviceState.OFFLINE, frozenset({FaultCode.STALE_DATA}))


def test_a_device_that_leaves_a_question_open_is_doubted_until_it_answers_and_owes_nothing_then() -> None:
    assert asyncio.run(told(0, 0, 0.5, 0)) == [WELL, DOUBTED, WELL]


def test_how_long_a_device_took_to_open_is_no_measure_of_its_answers() -> None:
    assert asyncio.run(told(0, 0, 0.5, 0, opening_s=0.4, for_s=1.4)) == [WELL, DOUBTED, WELL]


def test_a_device_that_always_needs_long_is_not_doubted_for_it() -> None:
    assert asyncio.run(told(0.25)) == [WELL]


def test_a_loop_that_was_held_up_itself_doubts_nobody() -> None:
    async def story() -> list[tuple[DeviceState, frozenset[FaultCode]]]:
        telling = asyncio.create_task(told(0, 0.05))
        for _ in range(2):
            await asyncio.sleep(0.3)
            time.sleep(0.4)  # noqa: ASYNC251 - this is the hold-up
        return await telling

    assert asyncio.run(story()) == [WELL]


def test_a_mute_scale_is_doubted_long_before_three_answers_are_missing(tmp_path: Path) -> None:
    async def story() -> None:
        peer, heard = ScalePeer(World(), tmp_path / "scale.tty"), list[frozenset[FaultCode]]()
        supervisor = Supervisor([MtSicsScale("scale", await peer.start(), reply_s=0.6)], PATIENT)
        supervisor.on_change(lambda _, status: heard.append(status.faults))
        await supervisor.start()
        await until(supervisor, "scale", lambda status: status.usable)
        peer.order("mute")
        await until(supervisor, "scale", lambda status: not status.usable)
        peer.order("mute", on=False)
        await until(supervisor, "scale", lambda status: status.usable)
        peer.order("mute")
        await until(supervisor, "scale", lambda status: FaultCode.NO_RESPONSE in status.faults)
        await supervisor.stop()
        await peer.stop()
        doubt, nothing = frozenset({FaultCode.STALE_DATA}), frozenset[FaultCode]()
        assert heard == [nothing, doubt, nothing, doubt, frozenset({FaultCode.NO_RESPONSE})]

    asyncio.run(story())


def test_who_asks_a_busy_device_is_answered_once_its_work_is_done() -> None:
    async def story() -> None:
        busy = [FaultCode.BUSY] * 3
        supervisor = Supervisor([Script(None, *busy, FaultCode.COVER_OPEN)], PATIENT)
        assert (await supervisor.ready("odd")).usable
        assert (await supervisor.ready("odd")).faults == {FaultCode.COVER_OPEN}
        await supervisor.stop()

    asyncio.run(story())


def test_one_long_answer_does_not_make_the_next_silence_long() -> None:
    assert asyncio.run(told(0, 0, 0.5, 0, 0.45, 0, for_s=1.5)) == [WELL, DOUBTED, WELL, DOUBTED, WELL]


def test_a_device_that_has_grown_slow_is_no_longer_doubted_for_it() -> None:
    assert asyncio.run(told(0, 0, 0.28, for_s=2.5)) == [WELL, DOUBTED, WELL]


@pytest.mark.parametrize("usual_s", [0.0, 0.2, 0.4, 0.58])
def test_who_takes_longer_is_asked_again_sooner_so_that_its_silence_is_noticed_as_soon(usual_s: float) -> None:
    supervisor = Supervisor([Halting(0)])
    entry = supervisor._entries["odd"]
    entry.usual_s, entry.strikes = usual_s, Strikes(True)
    waits = supervisor._pause(entry), supervisor._patience(entry)
    assert sum(waits) <= Pace().noticed_s
    assert waits[1] >= 2 * usual_s
