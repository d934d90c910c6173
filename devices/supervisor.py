"""Keeps every device open: open, probe, on a fault close and back off, reopen, for ever. Nothing optimistic.

The only thing that makes a device ONLINE is a real reply; when the last one is older than `fresh_s` the device is
OFFLINE with STALE_DATA, whoever asks and whatever its task is doing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from devices.ports import Device, DeviceFault, DeviceState, FaultCode, Observation, Status, starting

#: How a fault shows as an XFS4IoT device state; the first row with one of the faults wins.
STATE_OF = (
    (DeviceState.OFFLINE, {FaultCode.DISCONNECTED, FaultCode.NO_RESPONSE, FaultCode.STALE_DATA}),
    (DeviceState.HARDWARE_ERROR, {FaultCode.PROTOCOL, FaultCode.INTERNAL, FaultCode.MISCONFIGURED,
                                  FaultCode.UNSUPPORTED, FaultCode.DOOR_STUCK, FaultCode.CAMERA_DARK}),
    (DeviceState.USER_ERROR, {FaultCode.CONSUMABLE_OUT, FaultCode.COVER_OPEN, FaultCode.JAM, FaultCode.OVERLOAD,
                              FaultCode.UNDERLOAD, FaultCode.DOOR_OPEN, FaultCode.BIN_FULL}),
)  # fmt: skip

Listener = Callable[[str, Status], None]


@dataclass(frozen=True)
class Pace:
    """Seconds: between probes, a status stays fresh, the longest probe or open, first and longest back-off."""

    period_s: float = 2.0
    fresh_s: float = 10.0
    deadline_s: float = 6.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0


@dataclass
class Entry:
    """What the supervisor holds of one device."""

    device: Device
    status: Status
    told: Status
    opened: bool = False
    failures: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    answered: float = float("-inf")


def state_of(observed: Observation) -> tuple[DeviceState, frozenset[FaultCode]]:
    """Device state and faults of a real reply; a busy device is busy, not faulty."""
    faults = observed.faults - {FaultCode.BUSY}
    for state, codes in STATE_OF:
        if faults & codes:
            return state, faults
    return DeviceState.DEVICE_BUSY if FaultCode.BUSY in observed.faults else DeviceState.ONLINE, faults


class Supervisor:
    """One task per device; `on_change` listeners hear every change of state or faults."""

    def __init__(self, devices: Sequence[Device], pace: Pace | None = None, seed: int | None = None) -> None:
        self._pace = pace or Pace()
        self._random = random.Random(seed)
        self._entries = {device.name: Entry(device, starting(), starting()) for device in devices}
        self._listeners: list[Listener] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def on_change(self, listener: Listener) -> None:
        """Call the listener, in the event loop, with name and status after each change."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Begin to supervise; returns at once."""
        self._stopping = False
        self._tasks = [asyncio.create_task(self._keep(entry)) for entry in self._entries.values()]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def stop(self) -> None:
        """End every task, then close every device."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for entry in self._entries.values():
            await self._close(entry)

    def status(self, name: str) -> Status:
        """What is known of a device now; KeyError for an unknown name."""
        entry = self._entries[name]
        answering = entry.failures == 0 and entry.status.state is not DeviceState.STARTING
        if answering and time.monotonic() - entry.answered > self._pace.fresh_s:
            stale = entry.told if FaultCode.STALE_DATA in entry.told.faults else None
            faults = frozenset({FaultCode.STALE_DATA})
            since = stale.since if stale else datetime.now(UTC)
            return replace(entry.status, state=DeviceState.OFFLINE, since=since, faults=faults, detail="no fresh reply")
        return entry.status

    def statuses(self) -> Mapping[str, Status]:
        """Every device's status by name."""
        return {name: self.status(name) for name in self._entries}

    async def ready(self, name: str) -> Status:
        """One real probe now (after opening the device where it is closed), and what it says."""
        await self._attempt(self._entries[name])
        return self.status(name)

    async def _keep(self, entry: Entry) -> None:
        while not self._stopping:  # a library may swallow the cancellation of a call that has just ended
            await self._attempt(entry)
            await asyncio.sleep(0 if self._stopping else self._pause(entry.failures))

    def _pause(self, failures: int) -> float:
        if failures == 0:
            return self._pace.period_s
        longest = min(self._pace.longest_pause_s, self._pace.first_pause_s * 2.0 ** min(failures - 1, 16))
        return longest * self._random.uniform(0.5, 1.0)

    async def _attempt(self, entry: Entry) -> None:
        """Open where needed and probe once; the result is the entry's status."""
        async with entry.turn:
            try:
                async with asyncio.timeout(self._pace.deadline_s):
                    observed = await self._probe(entry)
            except DeviceFault as fault:
                await self._failed(entry, fault)
            except TimeoutError:
                await self._failed(entry, DeviceFault(FaultCode.NO_RESPONSE, "no reply before the deadline"))
            except Exception as error:  # a driver's defect takes out its device, never the branch
                await self._failed(entry, DeviceFault(FaultCode.INTERNAL, f"{type(error).__name__}: {error}"))
            else:
                self._answered(entry, observed)

    async def _probe(self, entry: Entry) -> Observation:
        if not entry.opened:
            await entry.device.open()
            entry.opened = True
        return await entry.device.probe()

    def _answered(self, entry: Entry, observed: Observation) -> None:
        state, faults = state_of(observed)
        entry.failures, entry.answered = 0, time.monotonic()
        self._set(entry, Status(
            state, datetime.now(UTC), datetime.now(UTC), faults, observed.detail, observed.simulated, observed.values,
        ))  # fmt: skip

    async def _failed(self, entry: Entry, fault: DeviceFault) -> None:
        """A busy device keeps its connection and its last status, which grows stale; any other fault closes it."""
        if fault.code is FaultCode.BUSY and entry.opened:
            return
        entry.failures += 1
        await self._close(entry)
        state, faults = state_of(Observation(frozenset({fault.code})))
        state = DeviceState.OFFLINE if state is DeviceState.ONLINE else state
        self._set(entry, replace(
            entry.status, state=state, since=datetime.now(UTC), faults=faults, detail=fault.detail, values=(),
        ))  # fmt: skip

    async def _close(self, entry: Entry) -> None:
        entry.opened = False
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self._pace.deadline_s):
                await entry.device.close()

    def _set(self, entry: Entry, status: Status) -> None:
        same = (status.state, status.faults) == (entry.status.state, entry.status.faults)
        entry.status = replace(status, since=entry.status.since) if same else status
        self._tell(entry)

    async def _sweep(self) -> None:
        """Tell of statuses that have grown stale while nothing else happened."""
        while True:
            await asyncio.sleep(self._pace.period_s / 2)
            for entry in self._entries.values():
                self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        status = self.status(entry.device.name)
        if (status.state, status.faults) != (entry.told.state, entry.told.faults):
            entry.told = status
            for listener in self._listeners:
                self._inform(listener, entry.device.name, status)

    def _inform(self, listener: Listener, name: str, status: Status) -> None:
        try:
            listener(name, status)
        except Exception:  # a listener's defect must not end the supervision of a device
            logging.getLogger(__name__).exception("a listener of device states failed")
