"""The risk guard behind the vision worker's protocol: cameras, alarms, evidence; one JSON object per line."""

from __future__ import annotations

import math
from typing import Any

from devices.guarding import News, name, news_of
from devices.ports import DeviceFault, FaultCode, Observation
from devices.wire import printable
from devices.worker import Worker

#: Whether a camera in this state is gone, dark, tampered with or wrongly set up; the others see.
FAULTS = {
    "lost": FaultCode.CAMERA_LOST, "stalled": FaultCode.CAMERA_LOST, "vision_stalled": FaultCode.CAMERA_LOST,
    "dark": FaultCode.CAMERA_DARK, "covered": FaultCode.CAMERA_TAMPERED, "sprayed": FaultCode.CAMERA_TAMPERED,
    "defocused": FaultCode.CAMERA_TAMPERED, "moved": FaultCode.CAMERA_TAMPERED, "frozen": FaultCode.CAMERA_TAMPERED,
    "misfit": FaultCode.MISCONFIGURED,
}  # fmt: skip
SEES = ("ok", "slow", "starting")


class WorkerGuard:
    """Asks the guard process for news; an answer that makes no sense is PROTOCOL, never an alarm."""

    def __init__(self, name: str, socket: str, reply_s: float = 2.0, simulated: bool = False) -> None:
        self.name = name
        self._worker = Worker(socket)
        self._reply_s, self._simulated = reply_s, simulated

    async def open(self) -> None:
        """Connect to the guard."""
        await self._worker.open()

    async def close(self) -> None:
        """Hang up."""
        await self._worker.close()

    async def probe(self) -> Observation:
        """Each camera's state and figures; no camera left is DISCONNECTED."""
        cameras = (await self._worker.ask("status", self._reply_s)).get("cameras")
        if not isinstance(cameras, dict) or not cameras:
            raise DeviceFault(FaultCode.PROTOCOL, "the status names no camera")
        states = {name(word): state(camera) for word, camera in cameras.items()}
        faults = {FAULTS[each] for each in states.values() if each in FAULTS}
        if all(FAULTS.get(each) is FaultCode.CAMERA_LOST for each in states.values()):
            faults = {FaultCode.DISCONNECTED}
        values = tuple((f"camera {word}", shown(each, cameras[word])) for word, each in states.items())
        misfits = "; ".join(printable(camera.get("misfit"), 200) for camera in cameras.values()
                            if camera.get("misfit"))
        return Observation(frozenset(faults), values, misfits[:200], self._simulated)

    async def news(self, after: tuple[str, int], wait_s: float) -> News:
        """What is new; PROTOCOL when any of it makes no sense."""
        answer = await self._worker.ask(
            "events", wait_s + self._reply_s, boot=after[0], after=after[1], wait_s=wait_s
        )  # fmt: skip
        try:
            return news_of(answer)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DeviceFault(FaultCode.PROTOCOL, f"news that make no sense: {type(error).__name__}") from error

    async def acknowledge(self, camera: str, kind: str, since: float | None, until: float) -> None:
        """Unlatch what is over."""
        bounds = {"until": until} if since is None else {"since": since, "until": until}
        await self._worker.ask("acknowledge", self._reply_s, camera=camera, kind=kind, **bounds)

    async def staff(self, present: bool) -> None:
        """Staff have come or gone."""
        await self._worker.ask("staff", self._reply_s, on=present)

    async def seal_for(self, public: bytes) -> None:
        """Whom evidence is for."""
        await self._worker.ask("key", self._reply_s, public=public.hex())

    async def commission(self, camera: str) -> None:
        """Learn the camera's picture anew."""
        await self._worker.ask("commission", self._reply_s, camera=camera)


def state(camera: Any) -> str:
    """The state word of one camera; PROTOCOL when it is none that this driver knows."""
    word = camera.get("state") if isinstance(camera, dict) else None
    if not isinstance(word, str) or word not in (*FAULTS, *SEES):
        raise DeviceFault(FaultCode.PROTOCOL, "unknown camera state")
    return word


def shown(word: str, camera: dict[str, Any]) -> str:
    """A camera in a few plain words."""
    fps = camera.get("fps")
    rate = f", {fps:.1f} fps" if isinstance(fps, int | float) and math.isfinite(fps) else ""
    return f"{word}{rate}{', idle' if camera.get('idle') is True else ''}"
