"""The supervisor with real drivers whose cables are pulled and put back, and with devices that misbehave."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.bench.call_desk import CallDeskPeer
from devices.bench.scale import ScalePeer
from devices.bench.world import Parcel, World
from devices.ports import DeviceFault, DeviceState, FaultCode, Observation, Status
from devices.scale import MtSicsScale
from devices.staff_call import CallDesk
from devices.supervisor import Pace, Supervisor

FAST = Pace(period_s=0.05, fresh_s=1.0, deadline_s=1.5, first_pause_s=0.02, longest_pause_s=0.1)


class Odd:
    """A device whose probe does what the test says."""

    name = "odd"

    def __init__(self, probe: Callable[[], Observation]) -> None:
        self.opened = self.closed = 0
        self._probe = probe

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None:
        self.closed += 1
        raise RuntimeError("close is broken too")

    async def probe(self) -> Observation:
        return self._probe()


async def until(supervisor: Supervisor, name: str, wanted: Callable[[Status], bool]) -> Status:
    """The first status that is as wanted, within three seconds."""
    for _ in range(300):
        if wanted(supervisor.status(name)):
            return supervisor.status(name)
        await asyncio.sleep(0.01)
    raise AssertionError(supervisor.status(name))


def test_a_pulled_cable_is_seen_and_a_replugged_one_found(tmp_path: Path) -> None:
    async def story() -> None:
        world, heard = World(), list[tuple[str, DeviceState]]()
        peer = ScalePeer(world, tmp_path / "scale.tty")
        supervisor = Supervisor([MtSicsScale("scale", await peer.start(), reply_s=0.3, simulated=True)], FAST, seed=1)
        supervisor.on_change(lambda name, status: heard.append((name, status.state)))
        assert supervisor.status("scale").state is DeviceState.STARTING
        assert not supervisor.status("scale").usable
        await supervisor.start()
        online = await until(supervisor, "scale", lambda status: status.usable)
        assert online.simulated
        assert online.observed_at is not None
        for _ in range(2):
            peer.order("unplug")
            gone = await until(supervisor, "scale", lambda status: not status.usable)
            assert gone.faults == {FaultCode.DISCONNECTED}
            assert gone.values == ()
            peer.order("unplug", on=False)
            assert (await until(supervisor, "scale", lambda status: status.usable)).since > gone.since
        await supervisor.stop()
        await peer.stop()
        assert heard == [
            ("scale", state) for state in (DeviceState.ONLINE, *[DeviceState.OFFLINE, DeviceState.ONLINE] * 2)
        ]

    asyncio.run(story())


def test_ready_asks_now_and_does_not_repeat_what_was_true_before(tmp_path: Path) -> None:
    async def story() -> None:
        world = World()
        peer = ScalePeer(world, tmp_path / "scale.tty")
        slow = Pace(period_s=60, first_pause_s=60)
        supervisor = Supervisor([MtSicsScale("scale", await peer.start(), reply_s=0.3)], slow)
        assert (await supervisor.ready("scale")).usable
        peer.order("overload")
        assert supervisor.status("scale").usable
        overloaded = await supervisor.ready("scale")
        assert overloaded.state is DeviceState.USER_ERROR
        assert overloaded.faults == {FaultCode.OVERLOAD}
        peer.order("mute")
        assert (await supervisor.ready("scale")).faults == {FaultCode.NO_RESPONSE}
        peer.order("mute", on=False)
        peer.order("overload", on=False)
        world.put(Parcel(100, 100, 100, 500))
        assert (await supervisor.ready("scale")).usable
        await supervisor.stop()
        await peer.stop()

    asyncio.run(story())


def test_a_status_grows_stale_whatever_the_task_is_doing() -> None:
    async def story() -> None:
        peer, heard = CallDeskPeer(), list[frozenset[FaultCode]]()
        calls = CallDesk("staff_call", f"http://127.0.0.1:{await peer.start()}")
        supervisor = Supervisor([calls], Pace(period_s=0.1, fresh_s=0.15))
        supervisor.on_change(lambda _, status: heard.append(status.faults))
        assert (await supervisor.ready("staff_call")).usable
        await asyncio.sleep(0.2)
        stale = supervisor.status("staff_call")
        assert stale.state is DeviceState.OFFLINE
        assert stale.faults == {FaultCode.STALE_DATA}
        assert (await supervisor.ready("staff_call")).usable
        await supervisor.stop()
        await peer.stop()
        assert heard == [frozenset()]

    asyncio.run(story())


def test_a_sweep_tells_of_staleness() -> None:
    async def story() -> None:
        hang = asyncio.Event()
        heard = list[frozenset[FaultCode]]()

        class Wedged(Odd):
            async def probe(self) -> Observation:
                if self.opened and heard:
                    await hang.wait()
                return Observation()

        supervisor = Supervisor([Wedged(Observation)], Pace(period_s=0.05, fresh_s=0.15, deadline_s=30))
        supervisor.on_change(lambda _, status: heard.append(status.faults))
        await supervisor.start()
        await until(supervisor, "odd", lambda status: FaultCode.STALE_DATA in status.faults)
        await asyncio.sleep(0.1)
        await supervisor.stop()
        assert heard == [frozenset(), frozenset({FaultCode.STALE_DATA})]

    asyncio.run(story())


def test_a_defect_of_a_driver_takes_out_its_device_only() -> None:
    async def story() -> None:
        def broken() -> Observation:
            raise KeyError("defect")

        odd, peer = Odd(broken), CallDeskPeer()
        calls = CallDesk("staff_call", f"http://127.0.0.1:{await peer.start()}")
        supervisor = Supervisor([odd, calls], FAST)
        supervisor.on_change(lambda *_: None)
        await supervisor.start()
        status = await until(supervisor, "odd", lambda status: FaultCode.INTERNAL in status.faults)
        assert status.state is DeviceState.HARDWARE_ERROR
        await until(supervisor, "staff_call", lambda status: status.usable)
        await asyncio.sleep(0.3)
        assert odd.opened > 2
        await supervisor.stop()
        await peer.stop()

    asyncio.run(story())


def test_a_driver_that_swallows_its_cancellation_does_not_hold_up_the_end() -> None:
    class Deaf(Odd):
        async def probe(self) -> Observation:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                self.opened += 1
            return Observation()

    async def story() -> int:
        deaf = Deaf(Observation)
        supervisor = Supervisor([deaf], Pace(period_s=60, deadline_s=30))
        await supervisor.start()
        await asyncio.sleep(0.05)
        await asyncio.wait_for(supervisor.stop(), 2)
        return deaf.opened

    assert asyncio.run(story()) == 2


def test_a_broken_listener_silences_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> list[str]:
        heard = list[str]()

        def broken(name: str, _: Status) -> None:
            raise ValueError(name)

        supervisor = Supervisor([Odd(Observation)], FAST)
        supervisor.on_change(broken)
        supervisor.on_change(lambda name, _: heard.append(name))
        await supervisor.start()
        await until(supervisor, "odd", lambda status: status.usable)
        await supervisor.stop()
        return heard

    assert asyncio.run(story()) == ["odd"]
    assert "a listener of device states failed" in caplog.text


def test_the_pause_grows_to_its_limit_and_never_ends() -> None:
    supervisor = Supervisor([], Pace(first_pause_s=0.5, longest_pause_s=30), seed=1)
    pauses = [supervisor._back_off(failures) for failures in (1, 2, 3, 6, 7, 10_000)]
    for pause, longest in zip(pauses, (0.5, 1, 2, 16, 30, 30), strict=True):
        assert longest / 2 <= pause <= longest


class Script(Odd):
    """A device that gives one answer per probe: None is good, a code is raised; the last is repeated."""

    def __init__(self, *answers: FaultCode | None) -> None:
        super().__init__(self.answer)
        self.answers, self.asked = list(answers), 0

    def answer(self) -> Observation:
        self.asked += 1
        code = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if code is not None:
            raise DeviceFault(code, "as the script says")
        return Observation()


def test_one_or_two_failed_probes_of_a_device_that_served_are_shown_to_nobody_but_to_who_asks_now() -> None:
    async def story() -> list[tuple[DeviceState, frozenset[FaultCode]]]:
        heard = list[tuple[DeviceState, frozenset[FaultCode]]]()
        silent = FaultCode.NO_RESPONSE
        supervisor = Supervisor([Script(None, silent, silent, None, silent, None)], FAST)
        supervisor.on_change(lambda _, status: heard.append((status.state, status.faults)))
        found = [(await supervisor.ready("odd")).faults for _ in range(6)]
        silence = frozenset({silent})
        assert found == [frozenset(), silence, silence, frozenset(), silence, frozenset()]
        await supervisor.stop()
        return heard

    assert asyncio.run(story()) == [(DeviceState.ONLINE, frozenset())]


def test_three_failed_probes_take_a_device_out_and_three_good_ones_bring_it_back() -> None:
    async def story() -> list[bool]:
        script = Script(None, *[FaultCode.PROTOCOL] * 3, None, None, FaultCode.PROTOCOL, None, None, None)
        supervisor = Supervisor([script], FAST)
        shown = list[bool]()
        for _ in range(10):
            await supervisor.ready("odd")
            shown.append(supervisor.status("odd").usable)
        await supervisor.stop()
        return shown

    assert asyncio.run(story()) == [True, True, True, False, False, False, False, False, False, True]


def test_commands_fail_at_once_while_the_probes_fail_and_only_a_probe_lets_them_pass_again() -> None:
    async def story() -> None:
        silent = FaultCode.NO_RESPONSE
        script = Script(None, silent, silent, silent, None)
        supervisor = Supervisor([script], Pace(period_s=0.05, recheck_s=0.02, first_pause_s=0.05, longest_pause_s=60))
        for _ in range(3):
            await supervisor.ready("odd")
            supervisor.check("odd")
        await supervisor.ready("odd")
        with pytest.raises(DeviceFault, match="the last 3 probes failed: as the script says") as refused:
            supervisor.check("odd")
        assert refused.value.code is silent
        await supervisor.ready("odd")
        supervisor.check("odd")
        supervisor.check("numbers")
        await supervisor.stop()

    asyncio.run(story())


def test_a_refused_command_brings_the_next_probe_forward() -> None:
    async def story() -> int:
        script = Script(FaultCode.NO_RESPONSE)
        supervisor = Supervisor([script], Pace(period_s=0.05, recheck_s=0.02, first_pause_s=0.05, longest_pause_s=60))
        await supervisor.start()
        for _ in range(100):
            await asyncio.sleep(0.02)
            if script.asked >= 5:  # half a second and more of pause before the next one
                break
        await asyncio.sleep(0.1)
        asked = script.asked
        with pytest.raises(DeviceFault):
            supervisor.check("odd")
        await asyncio.sleep(0.05)
        assert script.asked == asked + 1
        await supervisor.stop()
        return asked

    assert asyncio.run(story()) >= 5


def test_a_device_that_is_barred_is_never_opened_and_says_why() -> None:
    async def story() -> None:
        heard = list[tuple[str, frozenset[FaultCode]]]()
        odd = Odd(Observation)
        supervisor = Supervisor([odd], FAST, barred={"odd": "no pin"})
        supervisor.on_change(lambda name, status: heard.append((name, status.faults)))
        await supervisor.start()
        await asyncio.sleep(0.2)
        status = await supervisor.ready("odd")
        assert status.state is DeviceState.HARDWARE_ERROR
        assert status.faults == {FaultCode.NOT_PAIRED}
        assert (status.detail, status.observed_at, odd.opened) == ("no pin", None, 0)
        with pytest.raises(DeviceFault) as refused:
            supervisor.check("odd")
        assert refused.value.code is FaultCode.NOT_PAIRED
        await supervisor.stop()
        assert heard == [("odd", frozenset({FaultCode.NOT_PAIRED}))]

    asyncio.run(story())


def test_a_line_that_the_driver_dropped_in_doubt_is_no_lost_device(tmp_path: Path) -> None:
    async def story() -> list[DeviceState]:
        heard = list[DeviceState]()
        peer = ScalePeer(World(), tmp_path / "scale.tty")
        scale = MtSicsScale("scale", await peer.start(), reply_s=0.2)
        supervisor = Supervisor([scale], FAST)
        supervisor.on_change(lambda _, status: heard.append(status.state))
        await supervisor.start()
        await until(supervisor, "scale", lambda status: status.usable)
        peer.order("mute")
        await scale.load()
        peer.order("mute", on=False)
        await asyncio.sleep(0.5)
        assert supervisor.status("scale").usable
        await supervisor.stop()
        await peer.stop()
        return heard

    assert asyncio.run(story()) == [DeviceState.ONLINE]


@pytest.mark.parametrize("fault", ["unplug", "garbage", "mute", "half_frame"])
def test_a_lost_device_is_told_within_two_seconds_at_the_branch_s_own_pace(tmp_path: Path, fault: str) -> None:
    async def story() -> float:
        peer = ScalePeer(World(), tmp_path / "scale.tty")
        supervisor = Supervisor([MtSicsScale("scale", await peer.start())])
        lost = asyncio.Event()
        supervisor.on_change(lambda _, status: None if status.usable else lost.set())
        await supervisor.start()
        await until(supervisor, "scale", lambda status: status.usable)
        await asyncio.sleep(0.02)  # just after a probe: the worst moment
        peer.order(fault)
        started = time.monotonic()
        await asyncio.wait_for(lost.wait(), 5)
        await supervisor.stop()
        await peer.stop()
        return time.monotonic() - started

    assert asyncio.run(story()) < 2.0
