"""Scanners, cameras, guards, boards and desks that lie: the bench's own peers, changed before they listen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from devices.bench.call_desk import Call
from devices.bench.worker import SIZE
from devices.identity import IdAnswer
from devices.ports import CallState
from tests.devices.certify.lying_machines import Change, put


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
