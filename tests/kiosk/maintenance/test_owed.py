"""What staff have settled is told to the call desk, though it was away and the branch started again meanwhile."""

from __future__ import annotations

from pathlib import Path

from devices.ports import CallState
from kiosk import care as c
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import cabinet, member, played
from tests.kiosk.maintenance.test_story import BADGE, comes_in, facts, opens, rests, says


@played
async def test_a_settled_call_is_owed_to_the_desk_over_a_restart(tmp_path: Path) -> None:
    async with cabinet(tmp_path) as there:
        desk = there.peers.desk
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await rests(site)
            site.house.guest.does("call_staff")
            await until(lambda: desk.calls, 10)
            await comes_in(site)
            (task,) = (await opens(site, "tasks"))["tasks"]
            desk.order("unplug", True)
            site.house.guest.does("settle", task=task["task"], how="done")
            await says(site, lambda values: values.get("tasks") == [])
        assert desk.calls[task["task"]].state is not CallState.CLOSED
        desk.order("unplug", False)
        async with there.open(tmp_path, [member(BADGE)]) as site:
            await until(lambda: desk.calls[task["task"]].state is CallState.CLOSED, 30)
            assert desk.calls[task["task"]].how == "done"
            site.house.guest.does("start")  # one more event: what was posted before it is written
            await site.house.guest.sees("Home")
            assert await facts(site, c.DeskTold) == [c.DeskTold(task["task"])]
