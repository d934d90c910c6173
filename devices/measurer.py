"""The measurer: two table cameras and a model behind the vision worker's Unix socket."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from devices.ports import DeviceFault, FaultCode, Observation
from devices.sizing import REASONS, UNSOLVED, Calibration, Guidance, Size
from devices.wire import printable
from devices.worker import Worker, observe, sighted

HINTS = ("show", "move", "tilt", "fill", "ready")
#: Cells of the coverage map.
CELLS = 40
KINDS = ("box", "polybag", "tube", "irregular")
DEPTH_STATES = ("ok", "lost", "misfit", "moved", "covered")


class WorkerMeasurer:
    """Asks the worker for sizes; an answer that makes no sense is PROTOCOL, never a size."""

    def __init__(self, name: str, socket: str, reply_s: float = 2.0, simulated: bool = False) -> None:
        self.name = name
        self._worker = Worker(socket)
        self._reply_s, self._simulated = reply_s, simulated

    async def open(self) -> None:
        """Connect to the worker."""
        await self._worker.open()

    async def close(self) -> None:
        """Hang up."""
        await self._worker.close()

    async def probe(self) -> Observation:
        """The cameras' states, the overhead one's too, the rig's residual and the model."""
        status = await self._worker.ask("status", self._reply_s)
        return with_depth(observe(status, self._simulated), status.get("depth"))

    async def measure(self, timeout_s: float) -> Size:
        """Length, width, height in mm, or a refusal with its reason; a fault where no camera sees the table."""
        try:
            answer = (await self._worker.ask("measure", timeout_s)).get("answer")
        except DeviceFault as fault:
            if fault.code is FaultCode.INTERNAL:
                await sighted(self._worker, self._reply_s)
            raise
        if not isinstance(answer, dict) or type(answer.get("answered")) is not bool:
            raise DeviceFault(FaultCode.PROTOCOL, "the worker's answer is neither a size nor a refusal")
        if answer["answered"]:
            return size(answer)
        await sighted(self._worker, self._reply_s)
        return refusal(answer)

    async def preview(self, on: bool) -> None:
        """Write, or stop writing, the preview file."""
        await self._worker.ask("preview", self._reply_s, on=on)

    async def guide(self, camera: str, begin: bool, timeout_s: float) -> Guidance:
        """Views kept and what they cover."""
        step = "begin" if begin else "look"
        return guidance(await self._worker.ask("guide", timeout_s, camera=camera, step=step))

    async def calibrate(self, camera: str, timeout_s: float) -> Calibration:
        """The lens, or why the views do not make one."""
        answer = await self._worker.ask("guide", timeout_s, camera=camera, step="solve")
        if answer.get("solved") is not True:
            return unsolved(answer)
        return Calibration(True, positive(answer.get("residual_px")), count(answer.get("views")))

    async def settle(self, timeout_s: float) -> None:
        """From here on a knock is told."""
        await self._worker.ask("settle", timeout_s)


def size(answer: dict[str, Any]) -> Size:
    """An answered measure, every figure checked."""
    kind = answer.get("kind")
    length, width, height = (positive(answer.get(side)) for side in ("length_mm", "width_mm", "height_mm"))
    halves = answer.get("uncertainty_mm")
    if kind not in KINDS or not isinstance(halves, list) or len(halves) != 3:
        raise DeviceFault(FaultCode.PROTOCOL, "a size without kind or uncertainty")
    first, second, third = (positive(half) for half in halves)
    return Size(
        True, length, width, height, (first, second, third), kind, None, optional(answer.get("rig_residual_px")),
        optional(answer.get("elapsed_ms")), looked(answer), names(answer.get("blind")), knocked(answer),
    )  # fmt: skip


def refusal(answer: dict[str, Any]) -> Size:
    """A refusal; its reason is one of REASONS."""
    if answer.get("reason") not in REASONS:
        raise DeviceFault(FaultCode.PROTOCOL, "a refusal without a reason that is known")
    return Size(
        False, reason=answer["reason"], cameras=len(names(answer.get("cameras"))), blind=names(answer.get("blind")),
        rig_residual_px=optional(answer.get("rig_residual_px")), elapsed_ms=optional(answer.get("elapsed_ms")),
        knocked=knocked(answer),
    )  # fmt: skip


def positive(value: Any) -> float:
    """A finite length above zero and below ten metres, mm."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
        raise DeviceFault(FaultCode.PROTOCOL, f"a length of {str(value)[:20]} mm")
    return float(value)


def optional(value: Any) -> float | None:
    """A finite number, or None."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def looked(answer: dict[str, Any]) -> int:
    """How many cameras a size stands on: one at least."""
    if not (found := names(answer.get("cameras"))):
        raise DeviceFault(FaultCode.PROTOCOL, "a size that no camera has seen")
    return len(found)


def names(value: Any) -> tuple[str, ...]:
    """Names of cameras; none where nothing is told."""
    if not isinstance(value, list | None) or not all(isinstance(name, str) for name in value or []):
        raise DeviceFault(FaultCode.PROTOCOL, "the worker's word on its cameras is no list of names")
    return tuple(printable(name, 20) for name in value or [])


def knocked(answer: dict[str, Any]) -> tuple[str, ...]:
    """Names of cameras that moved; what is none is left out."""
    found = answer.get("knocked") or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise DeviceFault(FaultCode.PROTOCOL, "the worker's word on knocked cameras is no list")
    return tuple(name for each in found if (name := printable(each.get("camera"), 20)))


def unsolved(answer: dict[str, Any]) -> Calibration:
    """Why there is no lens, with the residual of the views where they left one."""
    residual = optional(answer.get("residual_px"))
    if answer.get("why") not in UNSOLVED or (residual is not None and residual < 0):
        raise DeviceFault(FaultCode.PROTOCOL, "no lens, and no reason that is known")
    return Calibration(False, residual or 0.0, why=answer["why"])


def with_depth(seen: Observation, depth: Any) -> Observation:
    """With the overhead depth camera, where there is one; without it bags are measured worse and odd things not."""
    if depth is None:
        return seen
    state = depth.get("state") if isinstance(depth, dict) else None
    if state not in DEPTH_STATES:
        raise DeviceFault(FaultCode.PROTOCOL, "unknown state of the depth camera")
    lost = frozenset(() if state == "ok" else {FaultCode.CAMERA_LOST})
    told = "; ".join(part for part in (seen.detail, printable(depth.get("why"), 200)) if part)[:200]
    values = (*seen.values, (f"camera {printable(depth.get('name'), 20)}", str(state)))
    return replace(seen, faults=seen.faults | lost, values=values, detail=told)


def guidance(answer: dict[str, Any]) -> Guidance:
    """A step of the guide, every figure checked."""
    cells, hint = answer.get("cells"), answer.get("hint")
    if not isinstance(cells, list) or len(cells) != CELLS or hint not in HINTS or type(answer.get("ready")) is not bool:
        raise DeviceFault(FaultCode.PROTOCOL, "the worker's guide is none")
    return Guidance(count(answer.get("views")), tuple(count(cell) for cell in cells), hint, answer["ready"])


def count(value: Any) -> int:
    """A whole number from 0 to a million."""
    if type(value) is not int or not 0 <= value <= 1_000_000:
        raise DeviceFault(FaultCode.PROTOCOL, f"a count of {str(value)[:20]}")
    return value
