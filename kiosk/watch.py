"""Turns what changes by itself into facts: the load on the scale, the state of devices, the passing of time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from devices.identity import CardState, IdReader
from devices.ports import DeviceFault, Load, Scale, Status
from kiosk import facts as f
from kiosk.care import BadgeShown
from kiosk.flow import Post, Posted, Ticked
from kiosk.mishap import where

log = logging.getLogger(__name__)
#: Seconds that a badge may take to prove its key.
BADGE_S = 3.0
#: Equal readings before the table is believed to have changed.
AGREE = 2


@dataclass
class Pan:
    """The scale's load over time: when a reading is believed, and what changed by it. Pure."""

    minimum_g: int
    empty_g: int = 20
    loaded: bool | None = None
    _candidate: bool | None = None
    _agreed: int = 0

    def see(self, load: Load) -> f.Placed | f.Lifted | None:
        """The fact that this reading makes certain, if any; between empty and minimum nothing is certain."""
        if load.grams is None or self.empty_g < load.grams < self.minimum_g:
            return None
        now = load.grams >= self.minimum_g
        self._agreed = self._agreed + 1 if now == self._candidate else 1
        self._candidate = now
        if self._agreed < AGREE or now == self.loaded:
            return None
        self.loaded = now
        return f.Placed(load.grams) if now else f.Lifted()


class Badges:
    """Looks whether what is laid on the ID reader is a badge of staff; a passport is left alone."""

    def __init__(self, reader: IdReader, post: Post) -> None:
        self._reader = reader
        self._post = post

    async def run(self) -> None:
        """A few looks a second at what the reader's own monitor saw."""
        before = CardState.ABSENT
        while True:
            now = self._reader.card()
            if now is CardState.PRESENT and before is not CardState.PRESENT:
                await self._shown()
            before = now
            await asyncio.sleep(0.3)

    async def _shown(self) -> None:
        try:
            self._post(Posted("", BadgeShown(await self._reader.badge(BADGE_S))))
        except DeviceFault as fault:
            log.info("no badge: %s", fault.code)
        except Exception as error:  # whatever a card brought about, the next one is looked at
            log.error("the ID reader's driver failed: %s", where(error))


class Watch:
    """Polls and ticks until it is cancelled."""

    def __init__(self, scale: Scale, minimum_g: int, post: Post, ask_calls: Callable[[], None]) -> None:
        self._scale = scale
        self._pan = Pan(minimum_g)
        self._post = post
        self._ask_calls = ask_calls

    async def run(self) -> None:
        """All of it, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._table())
            group.create_task(self._clock())
            group.create_task(self._staff())

    async def _table(self) -> None:
        """Five looks a second; a silent scale is the supervisor's matter."""
        while True:
            try:
                fact = self._pan.see(await self._scale.load())
            except Exception as error:  # a driver's defect takes out its device, never the clock beside it
                if not isinstance(error, DeviceFault):
                    log.error("the scale's driver failed: %s", where(error))
                await asyncio.sleep(1.0)
                continue
            if fact is not None:
                self._post(Posted("", fact))
            await asyncio.sleep(0.2)

    async def _clock(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self._post(Ticked())

    async def _staff(self) -> None:
        while True:
            await asyncio.sleep(3.0)
            self._ask_calls()

    def device_changed(self, name: str, status: Status) -> None:
        """The supervisor's word, as a fact."""
        faults = tuple(sorted(status.faults))
        self._post(Posted("", f.DeviceChanged(name, status.state, faults, status.simulated)))
