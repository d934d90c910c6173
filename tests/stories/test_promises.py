"""Every promise on a screen stands on a fact: every state of the flow is shown on the real screen and read."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from devices.ports import CallState, DeviceState, Status
from kiosk import facts as f
from kiosk import front
from kiosk.config import load
from kiosk.flow import At, Availability, Reason, Situation, View, availability
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel import flow, rules
from kiosk.services.send_parcel.draft import Draft, Step
from kiosk.services.send_parcel.service import SendParcel, open_service
from kiosk.ui import focus
from kiosk.ui.messages import View as Shown
from kiosk.ui.screen import Screen, speaker
from kiosk.ui.speech import Silent
from tests.branch import HOUSE
from tests.kiosk.send_parcel.test_flow import FACTS, one_attempt
from tests.kiosk.walk import Walk, walk
from tests.stories.promises import AROUND, DOOR, ELSEWHERE, PLAIN, STANDS_ON, SUSPECT, Book, Moment
from tests.stories.stage import SCREENS

MORE = (
    f.Faulted("label_printer", "outcome_unknown"), f.Faulted("hatch", "door_open"), f.Faulted("hatch", "door_stuck"),
    *(f.NotReady(name, "no_response") for name in ("payment", "numbers", "label_printer")),
    f.NotPaid("v1-1", "cancelled"),
    d.SpeedChosen("next_day", "2026-07-07"), d.SpeedChosen("ordinary", "", False),
)  # fmt: skip
HEARD = (*(fact for fact in FACTS if not isinstance(fact, d.SpeedChosen)), *MORE)
SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 7, 6, 1, tzinfo=UTC)  # ten in the morning in Seoul
TELEPHONE = "02-0000-0000"
SUNDAY = datetime(2026, 7, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told(At[Step, Draft]):
    """A place of a visit with what its journal proves."""

    book: Book = field(default_factory=Book)


#: Where what is proven still matters to what may be said there; everywhere else it is forgotten.
MATTERS = {
    "called": (Step.CLAIM,), "read": (Step.OPEN, Step.DROP, Step.REOPEN), "opened": (Step.OPEN, Step.DROP),
    "restarted": (Step.PAY, Step.UNSURE, Step.LABEL, Step.STUCK, Step.DROP),
    "printed": (Step.CLAIM, Step.REVERSED, Step.END),
    "labelled": (Step.LABEL, Step.STUCK, Step.STICK), "inside": (Step.REOPEN, Step.DONE, Step.RECEIPT, Step.END),
    "returning": (Step.UNSURE, Step.REVERSING, Step.CLAIM), "back": (Step.REVERSED, Step.TAKE_BACK),
}  # fmt: skip
GONE = (Step.OVER, Step.UNSURE_AWAY, Step.REVERSING_AWAY, Step.DROP_AWAY)
OVER = Told(Step.OVER, Draft(visit="v1"))


def step(at: At[Any, Any], fact: f.Fact) -> Told:
    """The flow, and the book beside it; a fact that the flow does not hear proves nothing."""
    assert isinstance(at, Told)
    after = one_attempt(at, fact)
    if after.step in GONE:
        return OVER
    moved = after.todo or (after.step, after.draft) != (at.step, replace(at.draft, notice=""))
    book = (at.book.heard(fact) if moved else at.book).commanded(after.todo)
    forgotten = {name: False for name, steps in MATTERS.items() if after.step not in steps and vars(book)[name]}
    return Told(after.step, after.draft, after.todo, book=replace(book, **forgotten) if forgotten else book)


def state(at: At[Any, Any]) -> Hashable:
    """States that differ in what is proven, or in what is shown, are not the same."""
    assert isinstance(at, Told)
    k = at.draft
    if at.step in (Step.PLACE, Step.MEASURE, Step.READY, *flow.PREPARING):
        return at.step, flow.missing(k), k.grams is None, k.size_by, k.speed, at.book
    tries = k.tries if at.step == Step.UNSURE and not k.reversing else 0
    code = k.stuck_code if at.step == Step.STUCK else ""
    return (
        at.step, k.leaving, bool(k.approval), k.paid_won > 0, k.reversing, bool(k.number), k.resumed, k.slip, k.receipt,
        k.why, k.speed, tries, min(k.label_tries, 2), code, at.book,
    )  # fmt: skip


@cache
def walked() -> Walk:
    """Every state with everything that can be proven there."""
    begin = flow.begin(f.VisitStarted("send_parcel", "ko", "v1"))
    return walk(Told(begin.step, begin.draft), step, HEARD, state)


@cache
def service() -> SendParcel:
    return open_service(load(HOUSE / "config" / "branch.toml"), False)


def situation(now: datetime, printer: bool = True) -> Situation:
    """Every device answers; the receipt printer perhaps not."""
    names = {*service().needs, *service().wants}
    well, ill = Status(DeviceState.ONLINE, now, now), Status(DeviceState.OFFLINE, now)
    devices = {name: ill if name == "receipt_printer" and not printer else well for name in names}
    return Situation(now, now.astimezone(SEOUL), "ko", devices, "v1", "00" * 32)


@cache
def moments() -> dict[str, list[Moment]]:
    """Every view that can be shown, by its content, with every moment at which it is shown."""
    found: dict[str, dict[Hashable, Moment]] = {}
    for at in {(a.step, a.draft, a.book): a for _, _, a in walked().moves if isinstance(a, Told)}.values():
        if at.step == Step.OVER:
            continue
        for now in (situation(MONDAY), situation(SUNDAY, False)):
            view = service().view(at, now)
            content = json.dumps([view.screen, view.values, view.offers, view.notice and view.notice.id], default=str)
            found.setdefault(content, {})[at.book, at.draft] = Moment(at, at.book, view)
    return {content: list(each.values()) for content, each in found.items()}


class Reading:
    """A screen whose every sentence carries its message id, written in characters that have no width."""

    ZERO, ONE, END = "\u200b", "\u200c", "\u2060"

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._say = speaker()
        self.screen = Screen(SCREENS, say=self.say, motion=0, mouth=Silent(lambda text: None))
        self.screen.open()
        self._seq = 0

    def say(self, language: str, id: str, args: Mapping[str, Any]) -> str:
        """The sentence behind its id's number."""
        if id not in self.ids:
            self.ids.append(id)
        number = f"{self.ids.index(id):b}".replace("0", self.ZERO).replace("1", self.ONE)
        return number + self.END + self._say(language, id, args)

    def shown(self, view: View, around: Mapping[str, Any] | None = None) -> set[str]:
        """The ids of all sentences that can be seen, and of those that are spoken."""
        self._seq += 1
        chrome = around or frame("none")
        self.screen.show(Shown.model_validate(front.frame(view, self._seq, self._seq, dict(chrome))))
        self.screen.settle()
        return self.seen() | {line.id for line in view.speech}

    def seen(self) -> set[str]:
        """The ids of all sentences that stand on the screen now."""
        texts = [str(item.property("text") or "") for item in focus.items(self.screen.scene.root)]
        marks = re.compile(f"([{self.ZERO}{self.ONE}]+){self.END}")
        found = [mark for text in texts for mark in marks.findall(text)]
        return {self.ids[int(mark.replace(self.ZERO, "0").replace(self.ONE, "1"), 2)] for mark in found}


def frame(call: str) -> Mapping[str, Any]:
    """What is around a screen while the customer's call has come to this."""
    branch = front.Branch("K-0001", "무인우체국", "Unmanned post office", "02-0000-0000")
    return front.chrome(branch, front.Preferences(), front.Idle(), {"t": call} if call != "none" else {}, {}, True)


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    read = Reading()
    yield read
    read.screen.close()


@pytest.fixture(scope="module")
def read(reading: Reading) -> dict[str, set[str]]:
    """The ids on every view of the flow."""
    return {content: reading.shown(each[0].view) for content, each in moments().items()}


def test_every_promise_stands_on_its_fact(read: dict[str, set[str]]) -> None:
    broken = {
        (id, moment.at.step, moment.book)
        for content, ids in read.items()
        for id in ids & STANDS_ON.keys()
        for moment in moments()[content]
        if not STANDS_ON[id](moment)
    }
    assert not broken, sorted(map(str, broken))[:20]


def test_every_promise_of_the_table_can_be_seen(read: dict[str, set[str]]) -> None:
    """A promise that no state shows would be held by nothing."""
    assert set(STANDS_ON) - set().union(*read.values()) == set()


def test_a_payment_is_asked_for_only_of_a_terminal_that_answered() -> None:
    for before, fact, after in walked().moves:
        if after.step == Step.PAY and before.step != Step.PAY:
            assert isinstance(fact, f.ProvenReady)
            assert "payment" in flow.BEFORE_MONEY


@pytest.mark.parametrize(("now", "speeds"), [(MONDAY, ("next_day", "ordinary")), (SUNDAY, ("ordinary",))])
def test_the_same_price_is_said_only_where_every_size_in_doubt_costs_the_same(
    now: datetime, speeds: tuple[str, ...]
) -> None:
    """Sizes around the edges of a tier, with every doubt, priced one by one, at every speed that can be had."""
    at, book = flow.begin(f.VisitStarted("send_parcel", "ko", "v1")), service().office.book
    for height in range(185, 235, 3):
        for doubt in (0.0, 4.0, 9.0, 15.0):
            measured = f.Measured(341.0, 251.0, float(height), (doubt, doubt, doubt))
            there = flow.step(flow.step(flow.step(at, f.Placed(2400), book), f.Weighed(2400), book), measured, book)
            values = service().view(there, situation(now)).values
            asked = [base_won((341, 251, height), doubt, speed) for speed in speeds]
            assert (values["base_won"], values["from"]) == (min(asked), len(set(asked)) > 1)
            if values["same_price"]:
                within = list(product((-doubt, -doubt / 2, 0.0, doubt / 2, doubt), repeat=3))
                for speed, won in zip(speeds, asked, strict=True):
                    prices = {base_won((341 + a, 251 + b, height + c), doubt, speed) for a, b, c in within}
                    assert prices == {won}, (height, doubt)


def base_won(size: tuple[float, float, float], doubt: float, speed: str) -> int:
    """The base price at this speed of a box that is so large and is measured with this doubt."""
    sum_mm = rules.settle(*size, (doubt, doubt, doubt), service().office.book).sum_mm
    tier = rules.tier(sum_mm, 2400, service().office.book)
    return tier.won[speed] if tier else 0


@pytest.mark.parametrize("state", ["none", *(str(each) for each in CallState if each != CallState.CLOSED)])
def test_the_staff_call_shows_only_what_is_recorded(reading: Reading, state: str) -> None:
    around = frame(state)
    rest = front.attract({"send_parcel": availability(service(), situation(MONDAY).devices, ())}, TELEPHONE)
    seen = reading.shown(rest, around)
    reading.screen.tap("call-staff")
    seen |= reading.seen()
    reading.screen.tap("close")
    said = {id for id in seen if id in AROUND}
    assert {f"staff.cell.{state}", f"staff.title.{state}"} <= said
    assert all(AROUND[id](around) for id in said), said


@pytest.mark.parametrize("lost", [(), ("receipt_printer",), ("payment",), ("staff_call", "hatch")])
def test_a_tile_and_an_open_branch_only_while_its_devices_are_there(reading: Reading, lost: tuple[str, ...]) -> None:
    devices = {name: status for name, status in situation(MONDAY).devices.items() if name not in lost}
    services = {"send_parcel": availability(service(), devices, ())}
    had = services["send_parcel"].state != "unavailable"
    rest, choice = (reading.shown(show(services, TELEPHONE)) for show in (front.attract, front.home))
    assert ("attract.start" in rest) == had == (not set(lost) & set(service().needs))
    assert ("home.send_parcel" in choice) == had
    assert ("closed.question" in rest) == ("closed.question" in choice) == (not had)


@pytest.mark.parametrize("lost", [(), ("id_reader",), ("label_printer",), ("label_printer", "id_reader")])
def test_every_promise_of_the_branch_stands_on_its_services(reading: Reading, lost: tuple[str, ...]) -> None:
    """What is open, what cannot be had, whom to ask: said aloud or shown, it is so, and all that is so is said."""
    needs = {"send_parcel": "label_printer", "identity": "id_reader"}
    gone = Availability("unavailable", (Reason("label_printer", "no_response"),))
    services = {name: gone if device in lost else Availability("available") for name, device in needs.items()}
    for show in (front.attract, front.home):
        view = show(services, TELEPHONE)
        said = reading.shown(view) & DOOR.keys()
        assert {id for id in said if not DOOR[id](services)} == set()
        if view.screen == "home/Attract":
            assert {id for id, holds in DOOR.items() if holds(services)} <= said | {"closed.speech", "lacking.speech"}
        for line in view.speech:
            assert line.id not in ("closed.speech", "lacking.speech") or line.args["telephone"] == TELEPHONE


def test_every_sentence_that_sounds_like_a_promise_has_a_place() -> None:
    known = {*STANDS_ON, *AROUND, *DOOR, *PLAIN}
    texts = {language: words(language) for language in ("ko", "en")}
    suspects = {id for each in texts.values() for id, text in each.items() if SUSPECT.search(text)}
    suspects = {id for id in suspects if not ELSEWHERE.match(id)}
    assert suspects - known == set()
    assert known - set(texts["ko"]) == set()


def words(language: str) -> dict[str, str]:
    """Every sentence of the catalogues that a customer's screen uses."""
    found: dict[str, str] = {}
    for name in ("send_parcel", "screen", "branch"):
        with (HOUSE / "kiosk" / "locale" / language / f"{name}.po").open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return found
