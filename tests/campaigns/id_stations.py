"""The ID reader as a station: documents and badges on the virtual reader of a real pcscd, one daemon for all cases."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from devices import catalog
from devices.bench.badge import Badge
from devices.bench.card import Card
from devices.bench.id_slot import STAFF, IdSlot
from devices.emrtd.report import access_key
from devices.identity import CardState, IdReader, Verdict
from tests.campaigns.stations import Station, Told

#: Faults by which the chip itself is no true one.
FORGED = {"altered_dg", "cloned"}


class PassportStation(Station):
    """Each case has a daemon of its own; a machine has room for one, so cases wait for each other."""

    name, driver, drivers = "id_reader", "pcsc", catalog.ID_READERS
    faults: tuple[str, ...] = ("mute", "slow", "pulled", "no_extended", *Card.FAULTS, "service_lost", "service_hangs")
    peer: IdSlot
    card = "genuine"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.badge = Badge()

    async def options(self) -> Mapping[str, object]:
        self.peer = IdSlot(self.folder, self.badge)
        return await self.peer.start()

    async def ask(self) -> Told:
        await self._lay()
        printed = self.peer.page()["mrz"].replace("\n", "")
        document = await cast(IdReader, self.device).read(access_key(printed, None), 4.0)
        genuine = document.verdict is Verdict.GENUINE
        return Told(document.verdict.value, genuine, not FORGED & self.peer.ordered)

    async def _lay(self) -> None:
        """Lay the card and wait until the reader has noticed, if it does."""
        self.peer.lay(self.card)
        for _ in range(30):
            if cast(IdReader, self.device).card() is not CardState.ABSENT:
                return
            await asyncio.sleep(0.1)

    def mend(self) -> None:
        self.peer.lift()


class BadgeStation(PassportStation):
    card = STAFF
    faults = (*Badge.FAULTS, "mute", "pulled")

    async def ask(self) -> Told:
        await self._lay()
        key = await cast(IdReader, self.device).badge(4.0)
        return Told("badge proved", True, key == self.badge.card and "wrong_key" not in self.peer.ordered)
