"""The box of known size, the reminder and the guide: evidence in facts, tasks raised once and settled by a check."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.bench.world import Parcel, World
from devices.ports import DeviceFault, FaultCode
from devices.sizing import REASONS, UNSOLVED, Guidance, Size
from kiosk import care as c
from kiosk import facts as f
from kiosk.gauging import DUE, FAILED, KNOCKED, Gauger, due, judged
from kiosk.tables import UpkeepTable
from kiosk.words import Words
from tests.kiosk.crew import Eye
from tests.kiosk.feed_branch import until
from vision.measure import answer

HOUSE = Path(__file__).parents[3]
BOX = (340.0, 250.0, 210.0)
NOW = datetime(2026, 7, 2, 1, tzinfo=UTC)


@dataclass
class Desk:
    """Tasks, as the desk keeps them."""

    tasks: dict[str, f.StaffTaskRaised] = field(default_factory=dict)

    def open_tasks(self) -> Mapping[str, f.StaffTaskRaised]:
        """Those that are open."""
        return self.tasks

    async def raise_task(self, reason: str) -> None:
        """Once."""
        self.tasks.setdefault(reason, f.StaffTaskRaised(reason, reason))

    async def settle(self, visit: str, settled: c.TaskSettled) -> None:
        """Done."""
        assert (visit, settled.how, settled.staff) == ("v1", "done", "T-07")
        del self.tasks[settled.task]


@dataclass
class Memory:
    """When the last check passed."""

    last: datetime | None

    async def checked(self) -> datetime | None:
        """That."""
        return self.last

    async def last_check(self) -> c.CheckRecalled:
        """That it passed."""
        return c.CheckRecalled(self.last.isoformat(), True) if self.last else c.CheckRecalled()


def gauger(eye: Eye, last: datetime | None = None) -> tuple[Gauger, Desk]:
    desk = Desk()
    return Gauger(eye, Memory(last), desk, UpkeepTable(reference_mm=BOX)), desk


async def does(one: Gauger, command: f.Command) -> f.Fact | None:
    return await one.hands[type(command)]("v1", command)


@pytest.mark.parametrize(("ago_days", "expected"), [(6.9, False), (7.0, True), (40.0, True)])
def test_a_check_is_due_after_a_week(ago_days: float, expected: bool) -> None:
    assert due(NOW - timedelta(days=ago_days), NOW, 7) is expected
    assert not due(None, NOW, 7)


@pytest.mark.parametrize(
    ("sides", "passed", "why"),
    [((340, 250, 210), True, ""), ((210, 344, 250), True, ""), ((346, 250, 210), False, "off"), (None, False, "glare")],
)
def test_a_check_passes_when_no_side_is_far_off(
    sides: tuple[float, float, float] | None, passed: bool, why: str
) -> None:
    size = Size(False, reason="glare")
    if sides is not None:
        size = Size(True, *sides, uncertainty_mm=(3.0, 3.0, 3.0), kind="box")
    found = judged(size, BOX, 5.0, "T-07")
    assert (found.passed, found.why, found.staff, found.true_mm) == (passed, why, "T-07", BOX)
    assert found.measured_mm == (sides or ())


def test_staff_read_in_words_why_a_check_or_a_calibration_failed() -> None:
    whys = [*REASONS, *UNSOLVED, "off", "one_camera"]
    screen = (HOUSE / "kiosk" / "services" / "maintenance" / "screens" / "Rig.qml").read_text()
    for why in whys:
        assert f'"{why}"' in screen
        assert all(Words(language).has(f"maintenance.rig.why.{why}") for language in ("ko", "en")), why
    assert set(REASONS) == set(answer.REASONS)


@pytest.mark.parametrize(
    ("size", "why"),
    [
        (Size(True, 340, 250, 210, (8.3, 8.3, 8.3), "box", cameras=1, blind=("right",)), "one_camera"),
        (Size(False, reason="disagreement", cameras=1, blind=("left",)), "one_camera"),
        (Size(False, reason="dark", cameras=0, blind=("left", "right")), "dark"),
    ],
)  # fmt: skip
def test_a_check_by_half_a_rig_proves_nothing(size: Size, why: str) -> None:
    found = judged(size, BOX, 5.0, "T-07")
    assert (found.passed, found.why, found.cameras, found.blind) == (False, why, size.cameras, size.blind)


def test_a_passed_check_settles_what_asked_for_it_and_where_the_cameras_stand() -> None:
    async def story() -> None:
        eye = Eye("measurer", World(seed=1))
        one, desk = gauger(eye)
        await one.knocked()
        await desk.raise_task(DUE)
        await desk.raise_task("label_owed")
        missed = await does(one, c.CheckReference("T-07"))
        assert missed == c.ReferenceChecked("T-07", False, BOX, why="no_object", cameras=2)
        assert (len(desk.tasks), eye.settled) == (3, 0)
        eye.world.put(Parcel(341, 250, 209, 900))
        eye.blind = ("right",)
        lone = await does(one, c.CheckReference("T-07"))
        assert isinstance(lone, c.ReferenceChecked)
        assert (lone.passed, lone.why, lone.cameras, lone.blind) == (False, "one_camera", 1, ("right",))
        assert (len(desk.tasks), eye.settled) == (3, 0)
        eye.blind, eye.knocked = (), ("right",)  # fastened elsewhere, and right there
        passed = await does(one, c.CheckReference("T-07"))
        assert isinstance(passed, c.ReferenceChecked)
        assert (passed.passed, passed.cameras, passed.blind) == (True, 2, ())
        assert (set(desk.tasks), eye.settled) == ({"label_owed"}, 1)

    asyncio.run(story())


def test_a_box_that_is_measured_wrongly_is_a_task_and_no_size_counts_until_it_is_settled() -> None:
    async def story() -> None:
        eye = Eye("measurer", World(seed=1))
        one, desk = gauger(eye)
        eye.world.put(Parcel(370, 250, 210, 900))
        assert not one.distrusted()
        await does(one, c.CheckReference("T-07"))
        assert (set(desk.tasks), one.distrusted(), eye.settled) == ({FAILED}, True, 0)
        eye.world.take()
        await does(one, c.CheckReference("T-07"))  # a refusal proves nothing
        assert one.distrusted()
        eye.world.put(Parcel(341, 250, 210, 900))
        await does(one, c.CheckReference("T-07"))
        assert (set(desk.tasks), one.distrusted()) == (set(), False)

    asyncio.run(story())


def test_the_reminder_comes_once_a_week_has_passed() -> None:
    async def story(last: datetime) -> set[str]:
        one, desk = gauger(Eye("measurer", World(seed=1)), last)
        task = asyncio.create_task(one.run())
        await asyncio.sleep(0.05)
        task.cancel()
        return set(desk.tasks)

    assert asyncio.run(story(datetime.now(UTC) - timedelta(days=8))) == {DUE}
    assert asyncio.run(story(datetime.now(UTC) - timedelta(days=1))) == set()
    assert KNOCKED != DUE


def test_the_newest_check_is_looked_up() -> None:
    for last, expected in ((NOW, c.CheckRecalled(NOW.isoformat(), True)), (None, c.CheckRecalled())):
        one, _ = gauger(Eye("measurer", World(seed=1)), last)
        assert asyncio.run(does(one, c.RecallCheck())) == expected


def test_the_guide_tells_what_changed_and_nothing_else() -> None:
    async def story() -> None:
        eye = Eye("measurer", World(seed=1))
        one, _ = gauger(eye)
        first = await does(one, c.WatchBoard("left"))
        assert first == c.BoardSeen("left", 0, (0,) * 40, "move")
        assert isinstance(first, c.BoardSeen)
        waiting = asyncio.create_task(does(one, c.WatchBoard("left", first)))
        await asyncio.sleep(0.4)
        assert not waiting.done()
        eye.world.show_board(3)
        await until(waiting.done, 5)
        seen = await waiting
        assert isinstance(seen, c.BoardSeen)
        assert seen.views > 0
        found = await does(one, c.SolveLens("left", "T-07"))
        assert found == c.LensFound("left", "T-07", False, 0.0, seen.views, "few")

    asyncio.run(story())


def test_a_camera_that_gives_no_picture_is_told_and_a_silent_measurer_fails_the_check() -> None:
    class Blind(Eye):
        async def guide(self, camera: str, begin: bool, timeout_s: float) -> Guidance:
            raise DeviceFault(FaultCode.DISCONNECTED, "no picture")

        async def measure(self, timeout_s: float) -> Size:
            raise DeviceFault(FaultCode.NO_RESPONSE, "silent")

    async def story() -> None:
        one, _ = gauger(Blind("measurer", World(seed=1)))
        assert await does(one, c.WatchBoard("left")) == c.BoardSeen("left", hint="lost")
        failed = await does(one, c.CheckReference("T-07"))
        assert failed == c.ReferenceChecked("T-07", False, BOX, why="no_response")

    asyncio.run(story())
