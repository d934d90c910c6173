"""The measurer: two table cameras and a model behind the vision worker's Unix socket."""

from __future__ import annotations

import math
from typing import Any

from devices.ports import DeviceFault, FaultCode, Observation
from devices.sizing import Calibration, Guidance, Size
from devices.wire import printable
from devices.worker import Worker, observe, sighted

HINTS = ("show", "move", "tilt", "fill", "ready")
#: Cells of the coverage map.
CELLS = 40
KINDS = ("box", "polybag", "tube", "irregular")


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
        """The cameras' states, the rig's residual and the model."""
        return observe(await self._worker.ask("status", self._reply_s), self._simulated)

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
            return Calibration(False, why=printable(answer.get("why"), 200) or "unknown")
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
        optional(answer.get("elapsed_ms")), cameras(answer), knocked(answer),
    )  # fmt: skip


def refusal(answer: dict[str, Any]) -> Size:
    """A refusal; its reason is never empty."""
    return Size(
        False, reason=printable(answer.get("reason"), 200) or "unknown", cameras=cameras(answer),
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


def cameras(answer: dict[str, Any]) -> int:
    """How many cameras took part; a count or a list of names, two unless told."""
    value = answer.get("cameras", 2)
    return len(value) if isinstance(value, list) else value if type(value) is int else 2


def knocked(answer: dict[str, Any]) -> tuple[str, ...]:
    """Names of cameras that moved; what is none is left out."""
    found = answer.get("knocked") or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise DeviceFault(FaultCode.PROTOCOL, "the worker's word on knocked cameras is no list")
    return tuple(name for each in found if (name := printable(each.get("camera"), 20)))


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
