"""Keeps every device open: open, probe, on a fault close and back off, reopen, for ever. Nothing optimistic.

The only thing that makes a device ONLINE is a real reply; when the last one is older than `fresh_s` the device is
OFFLINE with STALE_DATA, whoever asks and whatever its task is doing. So is a device that leaves a probe unanswered for
`doubt_s`, or twice as long as it lately took, until it answers or its silence is a fault: doubt costs nothing but time.
Who takes longer is asked again sooner, so that a device which goes mute is doubted within `noticed_s` of its last
answer, unless an answer of it takes more than a third of that. What is shown follows the rules of devices/health.py;
`ready` asks now and answers with what it found, shown or not; a device too busy to answer is not ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from devices.health import REOPENS, STRIKES, Answer, Breaker, Strikes, judge, state_of
from devices.ports import Device, DeviceFault, DeviceState, FaultCode, Observation, Status, starting

#: Into how many parts the patience before a doubt is cut.
SLICES = 5
#: How much of the patience that it overran a late answer teaches: one may be the end of a silence, several are a habit.
LESSON = 0.75
Listener = Callable[[str, Status], None]


@dataclass(frozen=True)
class Pace:
    """Seconds: between probes, a status stays fresh, the longest probe or open, first and longest back-off, between
    probes while it is being settled whether a device serves, from a question without an answer to a doubt, and from
    the last answer to it."""

    period_s: float = 1.2
    fresh_s: float = 10.0
    deadline_s: float = 6.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    recheck_s: float = 0.3
    doubt_s: float = 0.5
    noticed_s: float = 1.75


@dataclass
class Entry:
    """What the supervisor holds of one device: `status` is shown, `found` is what the last probe found."""

    device: Device
    status: Status
    found: Status
    told: Status
    opened: bool = False
    barred: bool = False
    doubted: bool = False
    usual_s: float = 0.0
    failures: int = 0
    strikes: Strikes = field(default_factory=Strikes)
    breaker: Breaker = field(default_factory=Breaker)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    answered: float = float("-inf")
    attempted: float = float("-inf")


def enter(device: Device, why: str | None) -> Entry:
    """The entry of a device; `why` it is barred, if it is: NOT_PAIRED for as long as this process lives."""
    if why is None:
        return Entry(device, starting(), starting(), starting())
    fault = DeviceFault(FaultCode.NOT_PAIRED, why)
    state, faults = state_of(Observation(frozenset({fault.code})))
    status = Status(state, datetime.now(UTC), None, faults, why)
    return Entry(device, status, status, starting(), barred=True, failures=STRIKES, breaker=Breaker(STRIKES, fault))


class Supervisor:
    """One task per device; `on_change` listeners hear every change of state or faults.

    Devices named in `barred`, with the reason, are never opened.
    """

    def __init__(
        self, devices: Sequence[Device], pace: Pace | None = None, seed: int | None = None,
        barred: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._pace = pace or Pace()
        self._random = random.Random(seed)
        self._entries = {device.name: enter(device, (barred or {}).get(device.name)) for device in devices}
        self._listeners: list[Listener] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def on_change(self, listener: Listener) -> None:
        """Call the listener, in the event loop, with name and status after each change."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Begin to supervise; returns at once."""
        self._stopping = False
        kept = [entry for entry in self._entries.values() if not entry.barred]
        self._tasks = [asyncio.create_task(self._keep(entry)) for entry in kept]
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
        return self._aged(entry, entry.status)

    def _aged(self, entry: Entry, status: Status) -> Status:
        """The status, or STALE_DATA where the device has not answered for too long and has not failed either."""
        answering = entry.failures == 0 and status.state is not DeviceState.STARTING
        if answering and (entry.doubted or time.monotonic() - entry.answered > self._pace.fresh_s):
            stale = entry.told if FaultCode.STALE_DATA in entry.told.faults else None
            faults = frozenset({FaultCode.STALE_DATA})
            since = stale.since if stale else datetime.now(UTC)
            return replace(status, state=DeviceState.OFFLINE, since=since, faults=faults, detail="no fresh reply")
        return status

    def statuses(self) -> Mapping[str, Status]:
        """Every device's status by name."""
        return {name: self.status(name) for name in self._entries}

    async def ready(self, name: str) -> Status:
        """One real probe now (after opening the device where it is closed), and what it found, shown or not.

        A device whose turn is not to be had is asked again until `deadline_s` is over, and then BUSY: nothing that it
        said before the question is an answer to it.
        """
        entry, begun = self._entries[name], time.monotonic()
        end = begun + self._pace.deadline_s - self._pace.recheck_s
        # nobody tells when the turn is to be had
        while (code := await self._attempt(entry)) is FaultCode.BUSY and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(self._pace.recheck_s)
        if entry.strikes.unsettled:
            entry.hurry.set()
        found = self._aged(entry, entry.found)
        if code is FaultCode.BUSY and entry.answered < begun and found.usable:
            faults = found.faults | {FaultCode.BUSY}
            return replace(found, state=DeviceState.DEVICE_BUSY, faults=faults, detail="no turn to be had")
        return found

    def check(self, name: str) -> None:
        """Before a command: DeviceFault at once where the last probes failed. The refusal asks for a probe soon.

        Nothing but a probe of this supervisor lets commands pass again. A name that is no device passes.
        """
        entry = self._entries.get(name)
        refusal = entry.breaker.refusal if entry else None
        if entry is None or refusal is None:
            return
        if time.monotonic() - entry.attempted > self._pace.first_pause_s:
            entry.hurry.set()
        raise refusal

    async def _keep(self, entry: Entry) -> None:
        while not self._stopping:  # a library may swallow the cancellation of a call that has just ended
            await self._attempt(entry)
            entry.hurry.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if self._stopping else self._pause(entry)):
                    await entry.hurry.wait()

    def _pause(self, entry: Entry) -> float:
        """Seconds to the next probe: soon while it may decide, ever longer while the device fails."""
        if entry.failures:
            return self._back_off(entry.failures)
        soon = min(self._pace.period_s, self._pace.recheck_s)
        if entry.strikes.unsettled:
            return soon
        return max(soon, min(self._pace.period_s, self._pace.noticed_s - self._patience(entry)))

    def _patience(self, entry: Entry) -> float:
        """Seconds that a question may stay open before the device is doubted."""
        return max(self._pace.doubt_s, 2 * entry.usual_s)

    def _back_off(self, failures: int) -> float:
        longest = min(self._pace.longest_pause_s, self._pace.first_pause_s * 2.0 ** min(failures - 1, 16))
        return longest * self._random.uniform(0.5, 1.0)

    async def _attempt(self, entry: Entry) -> FaultCode | None:
        """Open where needed and probe once; the result is what the device is judged by. The fault, where it failed."""
        if entry.barred:
            return FaultCode.NOT_PAIRED
        async with entry.turn:
            fault = await self._tried(entry)
            entry.attempted = time.monotonic()
            return fault.code if fault else None

    async def _tried(self, entry: Entry) -> DeviceFault | None:
        try:
            async with asyncio.timeout(self._pace.deadline_s), self._doubting(entry):
                observed = await self._probe(entry)
        except DeviceFault as error:
            fault = error
        except TimeoutError:
            fault = DeviceFault(FaultCode.NO_RESPONSE, "no reply before the deadline")
        except Exception as error:  # a driver's defect takes out its device, never the branch
            fault = DeviceFault(FaultCode.INTERNAL, f"{type(error).__name__}: {error}")
        else:
            self._answered(entry, observed)
            return None
        await self._failed(entry, fault)
        return fault

    @contextlib.asynccontextmanager
    async def _doubting(self, entry: Entry) -> AsyncIterator[None]:
        """Around a probe: doubts a device that served and lets it wait too long."""
        begun = time.monotonic()
        doubt = asyncio.create_task(self._doubt(entry)) if entry.strikes.up else None
        try:
            yield
        except DeviceFault as fault:
            waited = time.monotonic() - begun > self._pace.doubt_s / 2  # a driver's own deadline may be short
            silent = fault.code is FaultCode.NO_RESPONSE and waited
            entry.doubted = entry.doubted or silent
            raise
        finally:
            if doubt is not None:
                doubt.cancel()

    async def _doubt(self, entry: Entry) -> None:
        """In slices: however long the event loop itself was held up within one, it counts as one."""
        for _ in range(SLICES):
            await asyncio.sleep(self._patience(entry) / SLICES)
        entry.doubted = True
        self._tell(entry)

    async def _probe(self, entry: Entry) -> Observation:
        """A connection that was closed meanwhile says nothing of the device yet: it is opened again first."""
        if entry.opened:
            try:
                return await self._asked(entry)
            except DeviceFault as fault:
                if fault.code not in REOPENS:
                    raise
                await self._close(entry)
        await entry.device.open()
        entry.opened = True
        return await self._asked(entry)

    async def _asked(self, entry: Entry) -> Observation:
        """One probe; how long the answer took is remembered for a while. To open may take longer, and says nothing."""
        begun = time.monotonic()
        observed = await entry.device.probe()
        took = time.monotonic() - begun
        known = entry.strikes.up is not None  # the first answers are all that is known of a device
        entry.usual_s = max(min(took, LESSON * self._patience(entry)) if known else took, 0.9 * entry.usual_s)
        return observed

    def _answered(self, entry: Entry, observed: Observation) -> None:
        state, faults = state_of(observed)
        entry.failures, entry.answered, entry.breaker, entry.doubted = 0, time.monotonic(), Breaker(), False
        now = datetime.now(UTC)
        self._judge(entry, judge(faults), Status(
            state, now, now, faults, observed.detail, observed.simulated, observed.values,
        ))  # fmt: skip

    async def _failed(self, entry: Entry, fault: DeviceFault) -> None:
        """A busy device keeps its connection and its last status, which grows stale; any other fault closes it."""
        if fault.code is FaultCode.BUSY and entry.opened:
            entry.doubted = False
            return
        await self._close(entry)
        state, faults = state_of(Observation(frozenset({fault.code})))
        state = DeviceState.OFFLINE if state in (DeviceState.ONLINE, DeviceState.DEVICE_BUSY) else state
        answer = max(judge(faults), Answer.SOFT, key=list(Answer).index)
        entry.breaker = entry.breaker.failed(fault)
        entry.failures += 0 if entry.strikes.after(answer).up else 1
        self._judge(entry, answer, replace(
            entry.status, state=state, since=datetime.now(UTC), faults=faults, detail=fault.detail, values=(),
        ))  # fmt: skip

    def _judge(self, entry: Entry, answer: Answer, found: Status) -> None:
        """Keep what was found, and show it as far as it is believed."""
        entry.strikes, entry.found = entry.strikes.after(answer), found
        if entry.strikes.tells(answer):
            same = (found.state, found.faults) == (entry.status.state, entry.status.faults)
            entry.status = replace(found, since=entry.status.since) if same else found
        else:
            entry.status = replace(entry.status, observed_at=found.observed_at)
        self._tell(entry)

    async def _close(self, entry: Entry) -> None:
        entry.opened = False
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self._pace.deadline_s):
                await entry.device.close()

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
