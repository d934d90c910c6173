"""Keeps the measurer right: guides a calibration, checks the box of known size, reminds of that, tells a knock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from devices.ports import DeviceFault, FaultCode, Measurer
from devices.sizing import Guidance, Size
from kiosk import care as c
from kiosk import facts as f

log = logging.getLogger(__name__)
#: Tasks that a passed check settles: it is due, a camera was knocked, the last one found a size that is wrong.
DUE, KNOCKED, FAILED = "reference_due", "camera_knocked", "reference_failed"
#: Seconds: for one look and one solution, between two looks, and between two questions whether a check is due.
LOOK_S, SOLVE_S, MEASURE_S, PAUSE_S, HOUR_S = 4.0, 60.0, 10.0, 0.3, 3600.0
Hand: TypeAlias = Callable[[str, Any], Awaitable[f.Fact | None]]


class Memory(Protocol):
    """What the journal remembers of checks."""

    async def checked(self) -> datetime | None:
        """When the last check passed, or the branch first started (UTC)."""

    async def last_check(self) -> c.CheckRecalled:
        """The newest check, passed or not."""


class Desk(Protocol):
    """Where tasks for people are raised and settled."""

    def open_tasks(self) -> Mapping[str, f.StaffTaskRaised]:
        """Those that are open, by id."""

    def raise_task(self, reason: str, /) -> Awaitable[None]:
        """Something only a person can settle; raised once."""

    def settle(self, visit: str, settled: c.TaskSettled, /) -> Awaitable[None]:
        """It is done, and by whom."""


@dataclass(frozen=True)
class Tasks:
    """A desk of three calls."""

    open_tasks: Callable[[], Mapping[str, f.StaffTaskRaised]]
    raise_task: Callable[[str], Awaitable[None]]
    settle: Callable[[str, c.TaskSettled], Awaitable[None]]


def due(last: datetime | None, now: datetime, every_days: int) -> bool:
    """Whether the box of known size is to be measured again."""
    return last is not None and now - last >= timedelta(days=every_days)


def judged(size: Size, true_mm: tuple[float, ...], within_mm: float, staff: str) -> c.ReferenceChecked:
    """A measure of the box of known size: passed where every camera of the rig took part and no side, in any order, is
    off by more than within_mm."""
    sides = tuple(side for side in (size.length_mm, size.width_mm, size.height_mm) if side is not None)
    measured = sides if size.answered and len(sides) == 3 else ()
    why = _doubt(size, measured, true_mm, within_mm)
    half = (size.uncertainty_mm or ()) if measured else ()
    return c.ReferenceChecked(
        staff, not why, true_mm, measured, half, size.rig_residual_px, why, size.cameras, size.blind
    )


def _doubt(size: Size, measured: tuple[float, ...], true_mm: tuple[float, ...], within_mm: float) -> str:
    """Why this measure proves nothing of the rig, empty where it does."""
    if size.blind and size.cameras:
        return "one_camera"
    if not measured:
        return size.reason or "unknown_shape"
    off = max(abs(one - other) for one, other in zip(sorted(measured), sorted(true_mm), strict=True))
    return "" if off <= within_mm else "off"


class Terms(Protocol):
    """The box of known size, mm; how often it is measured; how far off its sides may be."""

    @property
    def reference_mm(self) -> tuple[float, ...]:
        """Its sides."""

    @property
    def every_days(self) -> int:
        """Days between two checks."""

    @property
    def within_mm(self) -> float:
        """The greatest error of a side."""


class Gauger:
    """The hands of calibration and check, and the one who reminds."""

    def __init__(self, measurer: Measurer, memory: Memory, desk: Desk, terms: Terms) -> None:
        self._measurer, self._memory, self._desk = measurer, memory, desk
        self._box, self._every_days, self._within_mm = terms.reference_mm, terms.every_days, terms.within_mm

    @property
    def hands(self) -> Mapping[type[f.Command], Hand]:
        """Which call carries out which command."""
        return {c.WatchBoard: self._watch, c.SolveLens: self._solve, c.CheckReference: self._check,
                c.RecallCheck: self._recall}

    async def run(self) -> None:
        """Once an hour, whether a check is due."""
        while True:
            if due(await self._memory.checked(), datetime.now(UTC), self._every_days):
                await self._desk.raise_task(DUE)
            await asyncio.sleep(HOUR_S)

    async def knocked(self) -> None:
        """A camera no longer stands where it stood."""
        await self._desk.raise_task(KNOCKED)

    def distrusted(self) -> bool:
        """Whether the box of known size was measured wrongly and nobody has settled that: no size counts until then."""
        return any(raised.reason == FAILED for raised in self._desk.open_tasks().values())

    async def _watch(self, _: str, asked: c.WatchBoard) -> f.Fact:
        """Until a view is kept, or the advice changes."""
        begin = asked.seen is None
        while (now := await self._look(asked.camera, begin)) == asked.seen:
            begin = False
            await asyncio.sleep(PAUSE_S)
        return now

    async def _look(self, camera: str, begin: bool) -> c.BoardSeen:
        """One look; a camera that gives no picture is waited for."""
        try:
            found = await self._measurer.guide(camera, begin, LOOK_S)
        except DeviceFault as fault:
            log.info("the guide sees nothing: %s", fault)
            return c.BoardSeen(camera, hint="lost")
        return seen(camera, found)

    async def _recall(self, _: str, asked: c.RecallCheck) -> f.Fact:
        return await self._memory.last_check()

    async def _solve(self, _: str, asked: c.SolveLens) -> f.Fact:
        found = await self._measurer.calibrate(asked.camera, SOLVE_S)
        return c.LensFound(asked.camera, asked.staff, found.solved, found.residual_px, found.views, found.why)

    async def _check(self, visit: str, asked: c.CheckReference) -> f.Fact:
        """Measure. A box that is right settles what asked for it and where the cameras stand; a wrong one is a task."""
        try:
            outcome = judged(await self._measurer.measure(MEASURE_S), self._box, self._within_mm, asked.staff)
            if outcome.passed:
                await self._measurer.settle(MEASURE_S)
        except DeviceFault as fault:
            return c.ReferenceChecked(asked.staff, False, self._box, why=fault.code or FaultCode.NO_RESPONSE)
        if outcome.why == "off":
            await self._desk.raise_task(FAILED)
        if outcome.passed:
            for task, raised in [*self._desk.open_tasks().items()]:
                if raised.reason in (DUE, KNOCKED, FAILED):
                    await self._desk.settle(visit, c.TaskSettled(task, "done", asked.staff))
        return outcome


def seen(camera: str, found: Guidance) -> c.BoardSeen:
    """A step of the guide as a fact."""
    return c.BoardSeen(camera, found.views, found.cells, found.hint, found.ready)
