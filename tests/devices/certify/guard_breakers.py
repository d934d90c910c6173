"""Risk guards that break one rule each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devices.guarding import BEGINNING, News, Urgency
from devices.ports import FaultCode
from tests.devices.certify.spoil import Method, Spoilt, changing, spoil, swallowing, without


async def news_from_the_beginning(self: Spoilt, after: Any, wait_s: float) -> Any:
    """Never goes on from where it stood."""
    return await self.device.news(BEGINNING, wait_s)


async def news_by_number(self: Spoilt, after: Any, wait_s: float) -> Any:
    """Takes every start of the guard for the same: what the new one says under old numbers is never heard."""
    news = await self.device.news(after, wait_s)
    same = not after[0] or news.after[0] == after[0]
    return news if same else replace(news, alarms=news.alarms[after[1]:])


def each_alarm(**change: Any) -> dict[str, Method]:
    return {"news": changing("news", lambda news: replace(
        news, alarms=tuple(replace(one, **change) for one in news.alarms)))}


NO_NEWS = News((), {"dock": Urgency.NONE}, {}, ("a", 1))
GUARD = {
    "guard.arrives": spoil("guard", **each_alarm(separation_m=None)),
    "guard.not-twice": spoil("guard", news=news_from_the_beginning),
    "guard.stands": spoil("guard", news=changing("news", lambda news: replace(news, standing={}))),
    "guard.restarted": spoil("guard", news=news_by_number),
    "guard.nonsense": spoil("guard", news=swallowing("news", NO_NEWS, FaultCode.PROTOCOL)),
    "guard.no-controls": spoil("guard", **each_alarm(zone="lev\x1b[2Jeller")),
    "guard.dark": spoil("guard", **without(FaultCode.CAMERA_DARK)),
    "guard.covered": spoil("guard", **without(FaultCode.CAMERA_TAMPERED)),
    "guard.lost": spoil("guard", **without(FaultCode.CAMERA_LOST)),
}
