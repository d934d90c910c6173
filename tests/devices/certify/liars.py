"""One deliberately broken peer for each rule that a peer can break; the driver in front of it is the shipped one.

A liar is the bench's own peer, on its own wire, of which some behaviour is replaced before it listens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from devices.bench.call_desk import Call
from devices.bench.locker import Wall
from devices.bench.terminal import failure, payment_response, repeated
from devices.bench.worker import SIZE
from devices.identity import IdAnswer
from devices.ports import CallState

#: Changes a peer of the bench; it is given the peer and, where it has one, its place.
Change = Callable[[Any], None]


@dataclass(frozen=True)
class Liar:
    """A kind whose usual driver meets a changed peer; `word` names another driver of the kind."""

    kind: str
    change: Change
    word: str = ""


def put(thing: Any, **methods: Any) -> None:
    """Replace behaviour of one object alone."""
    for name, method in methods.items():
        setattr(thing, name, method)


def with_properties(peer: Any, **values: Any) -> None:
    """Properties of this peer alone that are always this."""

    def always(value: Any) -> property:
        return property(lambda _: value)

    peer.__class__ = type("Lying", (type(peer),), {name: always(value) for name, value in values.items()})


# Scales


def frozen_pan(peer: Any) -> None:
    """Shows what lay there once."""
    put(peer, on_pan=lambda: (2000.0, True))


def always_still(peer: Any) -> None:
    """A moving pan is flagged as stable."""
    real = peer.on_pan
    put(peer, on_pan=lambda: (real()[0], True))


def zeroes_anyhow(peer: Any) -> None:
    put(peer, set_zero=lambda: "A")


def clipped(peer: Any) -> None:
    """Beyond its range it shows the end of its range."""
    real = peer.on_pan
    put(peer, on_pan=lambda: (max(-60_000.0, min(60_000.0, real()[0])), True))


def hides_its_tare(peer: Any) -> None:
    """Net weights, and no word of a tare."""
    real = peer._said

    async def said(command: str) -> str:
        return "TA A      0.000 kg" if command == "TA" else str(await real(command))

    put(peer, _said=said)


# Printers


def counts_without_paper(peer: Any) -> None:
    """Its counter moves, nothing comes out."""
    put(peer, finish=lambda page: None)


def prints_nothing_twice(peer: Any) -> None:
    """A label like the last one is swallowed."""
    real, last = peer.finish, list[bytes]()

    def finish(page: Any) -> None:
        if page.picture.rows not in last:
            last.append(page.picture.rows)
            real(page)

    put(peer, finish=finish)


def prints_mirrored(peer: Any) -> None:
    real = peer.finish

    def finish(page: Any) -> None:
        rows = bytes(byte ^ 0xFF for byte in page.picture.rows)
        real(replace(page, picture=replace(page.picture, rows=rows)))

    put(peer, finish=finish)


def never_low(peer: Any) -> None:
    real = peer.status
    put(peer, status=lambda kind: real(kind) & ~0x0C if kind == 4 else real(kind))


def prints_when_connected(peer: Any) -> None:
    """A welcome page for whoever connects."""
    real = peer._serve

    async def serve(reader: Any, writer: Any) -> None:
        peer.pages.append(None)
        await real(reader, writer)

    put(peer, _serve=serve)


def serves_once(peer: Any) -> None:
    """Whoever comes a second time is shown the door."""
    real, served = peer._serve, list[bool]()

    async def serve(reader: Any, writer: Any) -> None:
        if served:
            writer.close()
            return
        served.append(True)
        await real(reader, writer)

    put(peer, _serve=serve)


# Terminals


def changed_reply(peer: Any, category: str, change: Callable[[Any], Any]) -> None:
    """Every answer of this category goes through `change`."""
    real = peer.reply

    async def reply(asked: str, service_id: str, body: Any) -> Any:
        answer = await real(asked, service_id, body)
        return change(answer) if asked == category else answer

    put(peer, reply=reply)


def without_approval(peer: Any) -> None:
    def change(answer: Any) -> Any:
        answer.get("PaymentResult", {}).pop("PaymentAcquirerData", None)
        return answer

    changed_reply(peer, "Payment", change)


def approves_everything(peer: Any) -> None:
    real = peer.act
    put(peer, act=lambda approve: real(True))


def forgets_its_book(peer: Any) -> None:
    put(peer.book, find=lambda *_: None)


def refuses_what_it_took(peer: Any) -> None:
    """The charge is taken, the answer is a refusal."""

    async def no_trouble(*_: Any) -> None:
        return None

    async def pay(service_id: str, body: Any) -> Any:
        return failure("Refusal")

    put(peer, _trouble=no_trouble, _pay=pay)


def finds_nothing(peer: Any) -> None:
    put(peer, _status=lambda body: failure("NotFound"))


def finds_what_never_was(peer: Any) -> None:
    entry = {"reference": "P000000009", "at": "", "state": "approved", "won": 1000, "approval": "12345678"}
    put(peer, _status=lambda body: repeated("Payment", payment_response(entry)))


def gives_back_twice(peer: Any) -> None:
    real = peer._reverse

    def reverse(service_id: str, body: Any) -> Any:
        answer = real(service_id, body)
        booked = next(row for row in reversed(peer.book.entries) if row["entry"] == "reversal")
        own = ("entry", "number", "at")
        peer.book.write("reversal", **{key: value for key, value in booked.items() if key not in own})
        return answer

    put(peer, _reverse=reverse)


def hides_what_it_took(peer: Any) -> None:
    """It charges more than was asked, and says that it did not."""
    real = peer._pay

    async def pay(service_id: str, body: Any) -> Any:
        answer = await real(service_id, body)
        asked = body["PaymentTransaction"]["AmountsReq"]["RequestedAmount"]
        answer["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] = asked
        return answer

    put(peer, _pay=pay)


def never_gives_up(peer: Any) -> None:
    put(peer, _abort=lambda body: {"Response": {"Result": "Success"}})


# Doors

CLOSED_AND_LOCKED, OPEN_AND_FREE = 0b011, 0b000


def sensors(peer: Any, bits: int) -> None:
    """The hatch's inputs always say this."""

    def show(registers: list[int]) -> None:
        registers[0] = bits

    put(peer, _show=show)


def opens_when_looked_at(peer: Any) -> None:
    real = peer._show

    def show(registers: list[int]) -> None:
        peer._world.release_bolt(opens=True)
        real(registers)

    put(peer, _show=show)


def shows_what_it_was_told(peer: Any) -> None:
    """The hatch's sensors follow the command, not the door."""
    told = [CLOSED_AND_LOCKED]

    async def move(release: bool) -> None:
        told[0] = OPEN_AND_FREE if release else CLOSED_AND_LOCKED

    def show(registers: list[int]) -> None:
        registers[0] = told[0]

    put(peer, _move=move, _show=show)


def never_full(peer: Any) -> None:
    put(peer._world, bin_percent=10)
    peer.ordered = Without("bin_full")


class Without(set[str]):
    """Orders that never hold this one."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self._fault = fault

    def add(self, fault: str) -> None:
        if fault != self._fault:
            super().add(fault)


def opens_a_door_when_looked_at(peer: Any) -> None:
    real = peer._state

    def state(*args: Any) -> Any:
        peer._wall.release(5)
        return real(*args)

    put(peer, _state=state)


def opens_the_neighbour_too(peer: Any) -> None:
    real = peer._move

    async def move(door: int) -> None:
        peer._wall.release(door + 1)
        await real(door)

    put(peer, _move=move)


def shows_what_doors_were_told(peer: Any) -> None:
    """The board calls its last command its sensors, once; then every door is shut."""
    real, told = peer._state, list[int]()

    async def move(door: int) -> None:
        told.append(door)

    def state(*args: Any) -> Any:
        real_wall, peer._wall = peer._wall, Wall(len(peer._wall.locked))
        try:
            while told:
                peer._wall.release(told.pop())
            return real(*args)
        finally:
            peer._wall = real_wall

    put(peer, _move=move, _state=state)


# What looks, shows and calls


def always_sees(peer: Any) -> None:
    put(peer, _codes=lambda: [{"text": "6899900000001", "format": "Code128", "camera": "left"}])


def cuts_its_codes(peer: Any) -> None:
    real = peer.show
    put(peer, show=lambda text: real(text[:-1]))


def keeps_its_codes(peer: Any) -> None:
    """A code that was seen once is seen for ever."""
    real, kept = peer._codes, list[dict[str, str]]()

    def codes() -> list[dict[str, str]]:
        kept[:] = real() or kept
        return kept

    put(peer, _codes=codes)


def never_sure(peer: Any) -> None:
    put(peer, _size=lambda: {key: value for key, value in SIZE.items() if key != "uncertainty_mm"})


def always_measures(peer: Any) -> None:
    put(peer, _size=lambda: SIZE)


def cameras_always_well(peer: Any) -> None:
    put(peer, _cameras=lambda: {name: {"state": "ok", "age_ms": 40, "fps": 10.0} for name in ("left", "right")})


def board(change: Callable[[list[bool]], list[bool]]) -> Change:
    """A board whose outputs are other than asked, and which reads back what was asked."""

    def lie(peer: Any) -> None:
        asked = [False] * len(peer.coils)

        def wrote(start: int, values: Any) -> None:
            asked[start : start + len(values)] = list(values)
            peer.coils[:] = change(list(asked))

        put(peer, wrote=wrote, read_back=lambda: asked)

    return lie


def flickering_supply(peer: Any) -> None:
    """The supply's sensor is lost at the first look and found at the next, whatever the supply does."""
    seen = list[bool]()

    def sensed() -> list[bool]:
        seen.append(True)
        return [len(seen) % 2 == 0]

    put(peer, sensed=sensed)


def register(answer: IdAnswer, unless: IdAnswer | None = None) -> Change:
    """A register with one answer, unless the true one is this."""

    def lie(peer: Any) -> None:
        real = peer._find

        def find(*asked: str) -> IdAnswer:
            return answer if real(*asked) is not unless else real(*asked)

        put(peer, _find=find)

    return lie


def answers_itself(peer: Any) -> None:
    """Says that somebody has answered before anybody has."""
    real = peer._place

    def place(request: Any) -> Any:
        call = real(request)
        if call is not None:
            call.state = CallState.ANSWERED
        return call

    put(peer, _place=place)


def rings_anew(peer: Any) -> None:
    """The same task is a new call each time."""
    real = peer._place

    def place(request: Any) -> Any:
        peer.calls = {f"before {task}": call for task, call in peer.calls.items()}
        return real(request)

    put(peer, _place=place)


def hears_nobody(peer: Any) -> None:
    put(peer, answer=lambda task, state: True)


def knows_every_task(peer: Any) -> None:
    class Generous(dict[str, Any]):
        def get(self, task: str, default: Any = None) -> Any:
            return super().get(task, Call(task, "", ""))

    peer.calls = Generous()


def never_closes(peer: Any) -> None:
    put(peer, _close=lambda request: next(reversed(peer.calls.values()), None))


def guard_says(peer: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Every answer about news goes through `change`."""
    real = peer._events

    async def events(after: int, wait_s: float) -> Any:
        return change(await real(after, wait_s))

    put(peer, _events=events)


def without_metres(peer: Any) -> None:
    put(peer, _spoilt=lambda one: {**one, "separation_m": None})


def always_sane(peer: Any) -> None:
    put(peer, _spoilt=lambda one: one)


def tells_from_the_beginning(peer: Any) -> None:
    real = peer._events

    async def events(after: int, wait_s: float) -> Any:
        return await real(0, wait_s)

    put(peer, _events=events)


def nothing_stands(peer: Any) -> None:
    guard_says(peer, lambda answer: {**answer, "standing": dict.fromkeys(answer["standing"], "NONE")})


def same_boot(peer: Any) -> None:
    """Started again, it counts anew under its old name."""
    put(peer, ordered_changed=lambda fault, on: peer.news.clear() if fault == "restarted" else None)


def mute(peer: Any) -> None:
    async def nothing(*_: Any, **__: Any) -> None:
        return None

    put(peer, reply=nothing)


LABEL, RECEIPT = "label_printer", "receipt_printer"
LIARS: dict[str, Liar] = {
    "general.opens": Liar("scale", mute),
    "general.moves-nothing": Liar(RECEIPT, prints_when_connected),
    "general.comes-back": Liar(RECEIPT, serves_once),
    "general.reopens": Liar(RECEIPT, serves_once),
    "scale.follows-the-load": Liar("scale", frozen_pan),
    "scale.stable-only": Liar("scale", always_still),
    "scale.moving-is-told": Liar("scale", always_still),
    "scale.zero-only-still": Liar("scale", zeroes_anyhow),
    "scale.tared-is-refused": Liar("scale", hides_its_tare),
    "scale.tare-only-still": Liar("scale", always_still),
    "scale.overload-is-told": Liar("scale", clipped),
    "scale.underload-is-told": Liar("scale", clipped),
    "printer.prints": Liar(LABEL, counts_without_paper),
    "printer.again": Liar(LABEL, prints_nothing_twice),
    "printer.no-paper": Liar(LABEL, lambda peer: with_properties(peer, out=False)),
    "printer.paper-ends": Liar(LABEL, lambda peer: with_properties(peer, out=False)),
    "printer.cover": Liar(LABEL, lambda peer: with_properties(peer, cover=False)),
    "printer.low": Liar(RECEIPT, never_low),
    "printer.raster": Liar(RECEIPT, prints_mirrored),
    "payment.approves": Liar("payment", without_approval),
    "payment.declines": Liar("payment", approves_everything),
    "payment.one-key": Liar("payment", forgets_its_book),
    "payment.unknown": Liar("payment", refuses_what_it_took),
    "payment.enquiry": Liar("payment", finds_nothing),
    "payment.never-sent": Liar("payment", finds_what_never_was),
    "payment.reversed-once": Liar("payment", gives_back_twice),
    "payment.wrong-amount": Liar("payment", hides_what_it_took),
    "payment.aborts": Liar("payment", never_gives_up),
    "hatch.look-moves-nothing": Liar("hatch", opens_when_looked_at),
    "hatch.opens-by-sensor": Liar("hatch", lambda peer: sensors(peer, CLOSED_AND_LOCKED)),
    "hatch.stuck": Liar("hatch", shows_what_it_was_told),
    "hatch.leaf-stuck": Liar("hatch", shows_what_it_was_told),
    "hatch.open-is-not-locked": Liar("hatch", shows_what_it_was_told),
    "hatch.full-bin": Liar("hatch", never_full),
    "locker.look-moves-nothing": Liar("locker", opens_a_door_when_looked_at),
    "locker.opens-by-sensor": Liar("locker", opens_the_neighbour_too),
    "locker.jammed": Liar("locker", shows_what_doors_were_told),
    "locker.leaf-stuck": Liar("locker", shows_what_doors_were_told),
    "locker.wrong-door": Liar("locker", shows_what_doors_were_told),
    "locker.already-open": Liar("locker", shows_what_doors_were_told),
    "locker.forced-is-told": Liar("locker", shows_what_doors_were_told),
    "codes.arrives": Liar("code_reader", cuts_its_codes),
    "codes.nothing": Liar("scanner", always_sees),
    "codes.not-twice": Liar("scanner", keeps_its_codes),
    "measurer.size-has-uncertainty": Liar("measurer", never_sure),
    "measurer.nothing-is-refused": Liar("measurer", always_measures),
    "measurer.nonsense": Liar("measurer", always_measures),
    "measurer.dark": Liar("measurer", cameras_always_well),
    "measurer.lost": Liar("measurer", cameras_always_well),
    "guard.arrives": Liar("guard", without_metres),
    "guard.not-twice": Liar("guard", tells_from_the_beginning),
    "guard.stands": Liar("guard", nothing_stands),
    "guard.restarted": Liar("guard", same_boot),
    "guard.nonsense": Liar("guard", always_sane),
    "guard.dark": Liar("guard", cameras_always_well),
    "guard.covered": Liar("guard", cameras_always_well),
    "guard.lost": Liar("guard", cameras_always_well),
    "tower.shows": Liar("signal_tower", board(lambda asked: [*asked[2::-1], *asked[3:]])),
    "tower.alarms": Liar("signal_tower", board(lambda asked: [*asked[:4], not asked[4], *asked[5:]])),
    "tower.reads-back": Liar("signal_tower", board(lambda asked: [False] * len(asked))),
    "tower.no-power": Liar("signal_tower", flickering_supply),
    "id_check.unknown-number": Liar("id_check", register(IdAnswer.MATCH)),
    "id_check.match": Liar("id_check", register(IdAnswer.LOST)),
    "id_check.issue-date": Liar("id_check", register(IdAnswer.MATCH, unless=IdAnswer.NO_SUCH_NUMBER)),
    "staff_call.recorded": Liar("staff_call", answers_itself),
    "staff_call.one-task": Liar("staff_call", rings_anew),
    "staff_call.answered": Liar("staff_call", hears_nobody),
    "staff_call.unknown-task": Liar("staff_call", knows_every_task),
    "staff_call.closes": Liar("staff_call", never_closes),
}
