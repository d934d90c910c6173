"""Each act of staff against its peer: passed on evidence, failed with a fault that a person can mend, in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zxingcpp

from devices.bench.badge import Badge
from devices.bench.signal_tower import SignalTowerPeer
from devices.ports import Picture
from devices.signal_tower import ModbusTower
from devices.supervisor import Pace, Supervisor
from kiosk import admission, paper
from kiosk import care as c
from kiosk import facts as f
from kiosk.carer import Carer, Member, Times
from kiosk.core import Crew
from kiosk.flow import Item, Posted, Situation
from kiosk.menu import maintenance
from kiosk.services.maintenance import flow
from kiosk.services.maintenance.service import STRIP_CODE
from tests.kiosk.crew import BOX, Peers, bench
from tests.kiosk.feed_branch import until
from tests.kiosk.maintenance.site import PIN, STAFF, WRONG, hashed, played

QUICK = Times(strip=4, stable=4, bolt=2, hand=1.5, code=0.8, locker=2, lamps=1, lamp=0.05, desk=1, look=0.05, whole=12)
NOW = datetime(2026, 7, 2, 1, tzinfo=UTC)
CARD = Badge("a technician").card


@dataclass
class Tries:
    """A memory of tries that a test may look into."""

    kept: list[admission.Tried] = field(default_factory=list)

    async def tries(self, card: str) -> Sequence[admission.Tried]:
        """All of them."""
        return self.kept


@dataclass
class Hand:
    """Staff's hands over real drivers and peers."""

    peers: Peers
    tower: SignalTowerPeer
    carer: Carer
    memory: Tries
    posted: list[Item]

    async def does(self, command: f.Command) -> f.Fact:
        """One command to its outcome."""
        outcome = await self.carer.hands[type(command)]("v1", command)
        assert outcome is not None
        return outcome

    async def tests(self, device: str, picture: Picture | None = None) -> c.SelfTested:
        """One self-test."""
        outcome = await self.does(c.SelfTest(device, picture, STAFF))
        assert isinstance(outcome, c.SelfTested)
        assert (outcome.device, outcome.staff) == (device, STAFF)
        return outcome


@asynccontextmanager
async def hand(folder: Path, *members: Member, times: Times = QUICK) -> AsyncIterator[Hand]:
    """Every peer listening, every driver open."""
    tower = SignalTowerPeer()
    lamps = ModbusTower("signal_tower", await tower.start(), supply_sensor=True, simulated=True)
    keeper = Supervisor([lamps], Pace(period_s=0.3, first_pause_s=0.1, longest_pause_s=0.3), 1)
    try:
        async with bench(folder) as (peers, crew):
            await keeper.start()
            await until(lambda: keeper.status("signal_tower").usable, 10)
            memory, posted = Tries(), list[Item]()
            full: Crew = replace(crew, signal_tower=lamps)
            yield Hand(peers, tower, Carer(full, memory, members, posted.append, times), memory, posted)
    finally:
        await keeper.stop()
        await tower.stop()


def strip(printer: str = "label_printer") -> Picture:
    """The strip that the service lays out for a printer."""
    care = maintenance({"label_printer": (832, 203), "receipt_printer": (576, 203)}, 0)
    now = Situation(NOW, NOW.astimezone(ZoneInfo("Asia/Seoul")), "ko", {})
    dressed = care.dress(flow.begin(), c.PrintStrip(printer), now)
    assert isinstance(dressed, c.PrintStrip)
    assert dressed.picture is not None
    return dressed.picture


@played
async def test_the_hatch_passes_when_it_was_opened_closed_and_bolted(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        left = await one.tests("hatch")
        assert (left.passed, left.code, one.peers.world.closed) == (False, "door_open", False)
        one.peers.world.close_door()  # unbolted now: nobody waited for it any more
        again = asyncio.create_task(one.tests("hatch"))
        await until(lambda: not one.peers.world.closed, 10)
        await asyncio.sleep(0.4)
        one.peers.world.close_door()
        assert (await again).passed
        assert one.peers.world.locked
        one.peers.hatch.order("bolt_stuck", True)
        stuck = await one.tests("hatch")
        assert (stuck.passed, stuck.code) == (False, "door_stuck")


@played
async def test_the_scale_passes_only_when_it_shows_zero_on_an_empty_pan(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        assert (await one.tests("scale")).detail == "0 g"
        one.peers.world.put(BOX)
        await asyncio.sleep(2.0)
        laden = await one.tests("scale")
        assert (laden.passed, laden.code, laden.detail) == (False, "overload", "the pan is not empty")
        one.peers.world.take()
        await asyncio.sleep(2.0)
        for fault, code in (("underload", "underload"), ("overload", "overload"), ("mute", "no_response")):
            one.peers.scale.order(fault, True)
            came = await one.tests("scale")
            assert (came.passed, came.code) == (False, code)
            one.peers.scale.order(fault, False)


@played
async def test_a_code_must_be_seen_and_what_it_says_is_not_kept(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        none = await one.tests("scanner")
        assert (none.passed, none.code) == (False, "time_out")
        one.peers.scanner.codes = ("6899900000001",)
        seen = await one.tests("scanner")
        assert (seen.passed, seen.detail) == (True, "1")


@played
async def test_each_lamp_is_lit_and_a_board_that_does_not_follow_is_told(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        assert (await one.tests("signal_tower")).passed
        assert one.tower.lit == (True, False, False, False)
        one.tower.order("no_power", True)
        dark = await one.tests("signal_tower")
        assert (dark.passed, dark.code) == (False, "no_power")


@pytest.mark.parametrize("printer", ["label_printer", "receipt_printer"])
def test_a_strip_is_whole_and_its_code_can_be_read(tmp_path: Path, printer: str) -> None:
    @played
    async def story() -> None:
        async with hand(tmp_path) as one:
            peer = one.peers.labels if printer == "label_printer" else one.peers.receipts
            for _ in range(2):  # each strip is a job of its own
                assert (await one.tests(printer, strip(printer))).detail == "full"
            assert len(peer.pages) == 2
            assert [code.text for code in zxingcpp.read_barcodes(peer.pages[-1].pixels)] == [STRIP_CODE]
            assert peer.errors == []

    story()


@played
async def test_a_strip_that_cannot_come_out_fails_with_its_reason(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        assert (await one.tests("label_printer")).code == "internal"  # nothing was laid out
        wide = await one.tests("receipt_printer", strip("label_printer"))
        assert (wide.passed, wide.code) == (False, "misconfigured")
        for fault, code in (("paper_out", "consumable_out"), ("cover_open", "cover_open"), ("mute", "no_response")):
            one.peers.labels.order(fault)
            came = await one.tests("label_printer", strip())
            assert (came.passed, came.code) == (False, code)
            one.peers.labels.order(fault, False)
        assert one.peers.labels.pages == []


@played
async def test_no_test_lasts_longer_than_it_may(tmp_path: Path) -> None:
    async with hand(tmp_path, times=replace(QUICK, hand=60, whole=0.6)) as one:
        begun = asyncio.get_running_loop().time()
        assert (await one.tests("hatch")).code == "time_out"
        assert asyncio.get_running_loop().time() - begun < 2


@played
async def test_the_sensors_word_on_paper_comes_when_it_changes(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        assert await one.does(c.WatchPaper("label_printer")) == c.PaperLoaded("label_printer", "full")
        waiting = asyncio.create_task(one.does(c.WatchPaper("label_printer", "")))
        await asyncio.sleep(0.4)
        assert not waiting.done()
        one.peers.labels.order("paper_out")
        assert await waiting == c.PaperLoaded("label_printer", "out", "consumable_out")


@played
async def test_a_settled_call_is_closed_at_the_desk_as_soon_as_it_can_be_reached(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        await one.carer._crew.staff_call.call("t1", "customer_call", 1.0)
        one.peers.desk.order("unplug", True)
        await one.carer.hands[c.SettleTask]("v1", c.SettleTask("t1", "done", STAFF))
        assert one.posted == [Posted("v1", c.TaskSettled("t1", "done", STAFF)), Posted("", f.StaffTaskClosed("t1"))]
        await one.carer.tell_desk()
        assert one.peers.desk.calls["t1"].state == "calling"
        one.peers.desk.order("unplug", False)
        await until(lambda: asyncio.create_task(one.carer.tell_desk()) and one.peers.desk.calls["t1"].how, 10)
        assert (one.peers.desk.calls["t1"].state, one.peers.desk.calls["t1"].how) == ("closed", "done")
        assert one.posted[2:] == [Posted("", c.DeskTold("t1"))]


Check = Callable[[str], Awaitable[f.Fact]]


@pytest.mark.parametrize(
    "kept", [hashed("246810"), "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$broken"], ids=["another PIN", "no hash"]
)
def test_a_pin_that_does_not_fit_or_cannot_be_checked_lets_nobody_in(tmp_path: Path, kept: str) -> None:
    @played
    async def story() -> None:
        async with hand(tmp_path, Member(STAFF, "officer", CARD, kept)) as one:
            refused = await one.does(c.CheckPin(CARD, PIN))
            assert refused == c.StaffRefused(CARD, "wrong_pin", 4)

    story()


@played
async def test_a_locked_badge_is_not_even_tried(tmp_path: Path) -> None:
    async with hand(tmp_path, Member(STAFF, "officer", CARD, hashed(PIN))) as one:
        assert await one.does(c.CheckPin(CARD, PIN)) == c.StaffAdmitted(STAFF, CARD, "officer")
        assert await one.does(c.CheckPin("00" * 32, PIN)) == c.StaffRefused("00" * 32, "unknown")
        one.memory.kept = [admission.Tried(datetime.now(UTC), False)] * (admission.TRIES - 1)
        last = await one.does(c.CheckPin(CARD, WRONG))
        assert isinstance(last, c.StaffRefused)
        assert (last.why, last.tries_left, bool(last.until)) == ("wrong_pin", 0, True)
        one.memory.kept.append(admission.Tried(datetime.now(UTC), False))
        begun = asyncio.get_running_loop().time()
        locked = await one.does(c.CheckPin(CARD, PIN))
        assert isinstance(locked, c.StaffRefused)
        assert locked.why == "locked"
        assert asyncio.get_running_loop().time() - begun < 0.02  # no argon2 was spent on it


@played
async def test_nothing_goes_out_to_a_device_that_is_not_paired(tmp_path: Path) -> None:
    async with hand(tmp_path) as one:
        crew = one.carer._crew
        assert isinstance(crew, Crew)
        names = ("receipt_printer", "staff_call")
        keeper = Supervisor([crew.receipt_printer, crew.staff_call], barred=dict.fromkeys(names, "an open line"))
        one.carer._crew = replace(crew, supervisor=keeper)
        printed = await one.tests("receipt_printer", strip("receipt_printer"))
        assert (printed.passed, printed.code, one.peers.receipts.pages) == (False, "not_paired", [])
        await crew.staff_call.call("t1", "customer_call", 1.0)
        await one.carer.hands[c.SettleTask]("v1", c.SettleTask("t1", "done", STAFF))
        assert one.peers.desk.calls["t1"].how == ""


def test_a_strip_is_no_label() -> None:
    picture = strip()
    assert paper.to_image(picture).height < 0.6 * 100 / 25.4 * 203
    assert len(STRIP_CODE) != 13
