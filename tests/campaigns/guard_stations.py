"""The risk guard as a station: its process is declared, its driver is the real one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from devices import catalog
from devices.bench.guard import GuardPeer
from devices.guarding import BEGINNING, Alarm, Guard
from tests.campaigns.stations import Station, Told


class GuardStation(Station):
    """A truck comes close to somebody, and the news of it is asked for."""

    name, driver, drivers = "guard", "guard", catalog.GUARDS
    faults: tuple[str, ...] = GuardPeer.FAULTS
    peer: GuardPeer

    async def options(self) -> Mapping[str, object]:
        self.peer = GuardPeer(self.folder / "guard.sock")
        return {"socket": await self.peer.start(), "reply_s": 0.8}

    async def ask(self) -> Told:
        self.peer.alarm("collision", "WARNING", separation_m=1.4)
        news = await cast(Guard, self.device).news(BEGINNING, 1.0)
        alarms = [one for one in news.alarms if isinstance(one, Alarm)]
        return Told(f"{len(alarms)} alarm at {alarms[0].separation_m} m", True, alarms[0].separation_m == 1.4)
