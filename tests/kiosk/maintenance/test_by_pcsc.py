"""The maintenance mode entered by a badge on a real reader: pcscd, vpcd, the product's driver, the badge's APDUs."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.bench.authority import Authority
from devices.bench.badge import Badge
from devices.id_reader import PcscIdReader
from devices.identity import CardState
from kiosk import care as c
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import PIN, STAFF, cabinet, member, played
from tests.kiosk.maintenance.test_story import comes_in, facts, opens, rests, says
from tests.pcsc import READER, Daemon, Slip, missing

pytestmark = pytest.mark.branch
BADGE, STRANGER = Badge("a technician"), Badge("somebody else")


class Reader(PcscIdReader):
    """The driver of the product, and a hand that lays badges on its reader."""

    def __init__(self, port: int, trust: str) -> None:
        super().__init__("id_reader", READER, trust, simulated=True)
        self._port = port
        self._slip: Slip | None = None

    def lay(self, badge: Badge | None) -> None:
        """Put it there, or take it away."""
        if self._slip is not None:
            self._slip.pull()
        self._slip = Slip(self._port, badge.respond, badge.atr, badge.reset).__enter__() if badge else None


@played
async def test_staff_come_in_by_a_badge_on_a_real_reader(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    trust = tmp_path / "trust"
    Authority(seed=3).write_trust(trust)
    with Daemon() as daemon:
        reader = Reader(daemon.port, str(trust))
        async with cabinet(tmp_path, reader) as there, there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            site.shows_badge(STRANGER)
            await until(lambda: site.house.guest.screen == "Pin", 20)
            site.shows_badge(None)
            site.house.guest.does("pin", digits=PIN)
            await says(site, lambda values: values.get("refused") == "unknown")
            site.house.guest.does("cancel")
            await site.house.guest.rests()
            await until(lambda: reader.card() is CardState.ABSENT, 10)
            assert (await comes_in(site))["staff"] == STAFF
            assert (await opens(site, "device", "id_reader"))["device"]["well"]
            daemon.kill()
            await says(site, lambda values: not values["device"]["well"])
            daemon.start()
            await says(site, lambda values: values["device"]["well"])
            site.house.guest.does("confirm")
            tested = (await says(site, lambda values: values.get("tested")))["tested"]
            assert (tested["test"], tested["passed"]) == ("probe", True)
            admitted = await facts(site, c.StaffAdmitted)
            assert admitted == [c.StaffAdmitted(STAFF, BADGE.card, "technician")]
            shown = [each.card for each in await facts(site, c.BadgeShown) if isinstance(each, c.BadgeShown)]
            assert shown == [STRANGER.card] * 2 + [BADGE.card] * 2  # each at the branch and in the visit it opened
        reader.lay(None)
