"""Scales, printers, terminals and doors that lie: the bench's own peers, changed before they listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devices.bench.locker import Wall
from devices.bench.terminal import failure, repeated

#: Changes a peer of the bench; it is given the peer.
Change = Callable[[Any], None]


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


def confirms_and_keeps(peer: Any) -> None:
    """A cancel is confirmed, and nothing is forgotten."""
    put(peer, forget=lambda: None)


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
    entry = {"entry": "payment", "reference": "P1", "at": "", "state": "approved", "won": 1000, "approval": "12345678"}

    def status(body: Any) -> Any:
        about = body["MessageReference"]
        if about["MessageCategory"] != "Payment":
            return failure("NotFound")
        return repeated(about, {**entry, "service_id": about["ServiceID"], "key": about["ServiceID"]})

    put(peer, _status=status)


def gives_back_twice(peer: Any) -> None:
    real = peer._reverse

    def reverse(service_id: str, body: Any) -> Any:
        answer = real(service_id, body)
        booked = next(row for row in reversed(peer.book.entries) if row["entry"] == "reversal")
        own = ("entry", "number", "at")
        peer.book.write("reversal", **{key: value for key, value in booked.items() if key not in own})
        return answer

    put(peer, _reverse=reverse)


def hides_the_currency(peer: Any) -> None:
    put(peer, _worded=lambda body: body)


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
