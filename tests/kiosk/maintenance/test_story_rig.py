"""The measurer's upkeep with the real core: a camera calibrated, the box of known size measured and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kiosk import care as c
from tests.kiosk.crew import BOX
from tests.kiosk.maintenance.site import STAFF, Site, played
from tests.kiosk.maintenance.test_story import at_rest, comes_in, facts, says


@played
async def test_staff_calibrate_a_camera_and_measure_the_known_box(tmp_path: Path) -> None:
    async with at_rest(tmp_path) as site:
        await comes_in(site)
        await a_camera_is_calibrated_with_the_board(site)
        await the_known_box_is_measured_and_kept_as_evidence(site)


async def a_camera_is_calibrated_with_the_board(site: Site) -> None:
    guest, world = site.house.guest, site.house.peers.world
    guest.does("open", page="rig")
    await guest.sees("Rig")
    assert (await says(site, lambda values: values.get("last")))["last"] == {"day": "", "passed": False}
    guest.does("calibrate", camera="left")
    await guest.sees("Board")
    await says(site, lambda values: values.get("hint") == "move")
    assert guest.view["offers"] == ["back"]
    world.show_board(0)
    await says(site, lambda values: values.get("ready"))
    world.show_board(None)
    guest.does("confirm")
    await guest.sees("Rig")
    lens = (await says(site, lambda values: values.get("lens")))["lens"]
    assert (lens["solved"], lens["camera"], lens["staff"]) == (True, "left", STAFF)


async def the_known_box_is_measured_and_kept_as_evidence(site: Site) -> None:
    guest, world = site.house.guest, site.house.peers.world
    await site.house.core._gauger.knocked()
    assert (await says(site, lambda values: values.get("asked")))["asked"] == ["camera_knocked"]
    world.put(BOX)
    guest.does("confirm")
    gauged = (await says(site, lambda values: values.get("gauged")))["gauged"]
    assert gauged["passed"] is False  # the register says 340 x 250 x 210
    assert (await says(site, lambda values: len(values.get("asked") or []) == 2))["asked"] == [
        "camera_knocked", "reference_failed"]
    world.take()
    world.put(replace(BOX, height_mm=211))
    guest.does("confirm")
    await says(site, lambda values: (values.get("gauged") or {}).get("passed"))
    await says(site, lambda values: values.get("asked") == [])
    world.take()
    guest.does("back")
    await guest.sees("Overview")
    guest.does("open", page="rig")
    last = (await says(site, lambda values: (values.get("last") or {}).get("day")))["last"]
    assert last["passed"] is True
    guest.does("back")
    await guest.sees("Overview")
    checks = [each for each in await facts(site, c.ReferenceChecked) if isinstance(each, c.ReferenceChecked)]
    assert [(each.passed, each.why, each.staff) for each in checks] == [(False, "off", STAFF), (True, "", STAFF)]
