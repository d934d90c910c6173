"""What can be done on the bench's control socket: the acts of a customer, of a person at the desk, and faults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.bench import counter_acts
from devices.bench.bench import Bench
from devices.bench.id_slot import CARDS
from devices.bench.printer import Page, PrinterPeer
from devices.bench.world import Cannot, Parcel
from devices.ports import CallState

Request = Mapping[str, Any]
Answer = dict[str, object]

ACTS = (
    "put", "take", "stick", "drop", "close_door", "hand", "approve", "decline", "auto", "answer_call", "show_code",
    "show_board", "shut_locker", "lay_card", "lift_card", "floor", "camera", "fault", "plan", "faults", "state",
    "page",
    *counter_acts.ACTS,
)  # fmt: skip


def obey(bench: Bench, request: Request) -> Answer:
    """Do one act; Cannot or ValueError say in one sentence why not."""
    match request.get("do"):
        case "put" | "take" | "stick" | "drop" | "close_door" | "hand" | "show_board" as act:
            move(bench, act, request)
        case "approve" | "decline" as act:
            if not bench.terminal.act(act == "approve"):
                raise Cannot("no payment waits at the terminal")
        case "auto":
            bench.terminal.auto_s = number(request, "after_s", 0.0) if flag(request, "on") else None
        case "answer_call":
            answer_call(bench, request)
        case "show_code" | "shut_locker" | "lay_card" | "lift_card" | "floor" | "camera" as act:
            reach(bench, act, request)
        case "fault":
            order(bench, request)
        case "plan":
            pace = number(request, "every_s", 20.0), number(request, "lasts_s", 5.0)
            bench.plan(int(number(request, "seed", 0)) if flag(request, "on") else None, *pace)
        case "faults":
            return {"faults": {name: list(peer.FAULTS) for name, peer in bench.peers.items()}}
        case "state" | "page" as act:
            return state(bench) if act == "state" else save_page(bench, request)
        case act if act in counter_acts.ACTS:
            counter_acts.obey(bench, request)
        case other:
            raise Cannot(f"'{str(other)[:40]}' cannot be done; use one of {', '.join(ACTS)}")
    return {}


def on_the_dock(bench: Bench, act: str, request: Request) -> None:
    """Play a scene on the dock's floor, or do something to its camera."""
    if bench.dock is None:
        raise Cannot("the bench has no dock: start it with its window, and with the guard's nets in models/")
    if act == "floor":
        bench.dock.play(str(request.get("scene")))
    else:
        bench.dock.order(str(request.get("fault")), flag(request, "on"))


def move(bench: Bench, act: str, request: Request) -> None:
    """What hands do at the table and the hatch."""
    world = bench.world
    match act:
        case "put":
            world.put(parcel(request))
        case "take":
            world.take()
        case "stick":
            world.stick(bench.label_printer.pages[-1] if bench.label_printer.pages else None)
        case "drop":
            world.drop(bench.hatch.leave_open())
        case "close_door":
            world.close_door()
        case "show_board":
            world.show_board(int(number(request, "pose")) if flag(request, "on") else None)
        case _:
            world.wave(flag(request, "on"))


def reach(bench: Bench, act: str, request: Request) -> None:
    """What hands do at the code reader, the locker wall, the ID reader and on the dock."""
    if act in ("floor", "camera"):
        on_the_dock(bench, act, request)
        return
    if act.endswith("_card"):
        hold(bench, act, request)
        return
    if act == "show_code":
        bench.code_reader.show(str(request.get("text", "")))
        return
    door = int(number(request, "door"))
    if door not in bench.wall.open:
        raise Cannot(f"locker door {door} does not stand open; open now: {bench.wall.open or 'none'}")
    bench.wall.close(door)


def hold(bench: Bench, act: str, request: Request) -> None:
    """What hands do at the ID reader."""
    if bench.id_slot is None:
        raise Cannot(f"the bench has no ID reader: {bench.without_reader}")
    if act == "lay_card":
        bench.id_slot.lay(str(request.get("card")))
    else:
        bench.id_slot.lift()


def parcel(request: Request) -> Parcel:
    """The parcel that a `put` describes; its `seed` is its paper, any unless told."""
    sides = [number(request, key) for key in ("length_mm", "width_mm", "height_mm")]
    x, y, yaw = (number(request, key, 0.0) for key in ("x_mm", "y_mm", "yaw_deg"))
    grams, kind = int(number(request, "grams")), str(request.get("kind", "box"))
    return Parcel(sides[0], sides[1], sides[2], grams, kind, x, y, yaw, int(number(request, "seed", -1)))


def answer_call(bench: Bench, request: Request) -> None:
    """A person at the call desk acts."""
    word = request.get("state", CallState.ANSWERED)
    if word not in tuple(CallState):
        raise Cannot(f"'{word}' is no state of a call; use one of {', '.join(CallState)}")
    if not bench.desk.answer(str(request.get("task", "")), CallState(word)):
        raise Cannot("there is no such call at the desk")


def order(bench: Bench, request: Request) -> None:
    """Order a fault, or take it back; a fault of the cameras may be ordered from measurer or scanner too."""
    name = str(request.get("device"))
    name = "cameras" if name in ("measurer", "scanner") else name
    if name not in bench.peers:
        raise Cannot(f"'{name}' is no device of the bench; use one of {', '.join(bench.peers)}")
    bench.peers[name].order(str(request.get("name")), flag(request, "on"))


def state(bench: Bench) -> Answer:
    """The whole world, what waits at the terminal, what was printed, which calls ring, which faults are on."""
    waiting = bench.terminal.waiting
    return {
        "simulated": True,
        "world": bench.world.as_json(),
        "terminal": {
            "waiting": {"key": waiting.key, "won": waiting.won} if waiting else None,
            "auto": bench.terminal.auto_s is not None,
            "taken": bench.terminal.book.taken(),
            "entries": len(bench.terminal.book.entries),
        },
        "pages": {name: [size(page) for page in printer.pages] for name, printer in printers(bench).items()},
        "lockers_open": bench.wall.open,
        "tower": {"lit": list(bench.signal_tower.lit), "alarm": bench.signal_tower.alarm},
        "id_reader": reader(bench),
        "dock": floor(bench),
        "calls": [vars(call) for call in bench.desk.calls.values()],
        "faults": {name: list(peer.faults) for name, peer in bench.peers.items() if peer.faults},
    }


def floor(bench: Bench) -> Answer | None:
    """What is played on the dock, what is being drawn for it, and what ails its camera."""
    dock = bench.dock
    return None if dock is None else {"playing": dock.playing, "drawing": dock.drawing, "faults": list(dock.faults)}


def reader(bench: Bench) -> Answer:
    """What lies on the ID reader and what is printed on it, or why there is no reader."""
    if bench.id_slot is None:
        return {"missing": bench.without_reader}
    return {"lies": bench.id_slot.lies, **bench.id_slot.page(), "cards": list(CARDS)}


def save_page(bench: Bench, request: Request) -> Answer:
    """Save a printed page (the last unless `index` tells) as PNG at `path`."""
    pages = printers(bench).get(str(request.get("printer")))
    index = int(number(request, "index", -1))
    if pages is None or not -len(pages.pages) <= index < len(pages.pages):
        raise Cannot("there is no such page; give printer (label_printer, receipt_printer) and index")
    page = pages.pages[index]
    Path(str(request.get("path"))).write_bytes(page.png)
    return size(page)


def size(page: Page) -> Answer:
    """A page's size in dots."""
    return {"width": page.picture.width, "height": page.picture.height, "dpi": page.picture.dpi}


def printers(bench: Bench) -> dict[str, PrinterPeer]:
    """Both printers by name."""
    return {"label_printer": bench.label_printer, "receipt_printer": bench.receipt_printer}


def number(request: Request, key: str, default: float | None = None) -> float:
    """A number of the request."""
    value = request.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Cannot(f"{key} must be a number")
    return value


def flag(request: Request, key: str) -> bool:
    """A yes or no of the request, yes unless told."""
    value = request.get(key, True)
    if not isinstance(value, bool):
        raise Cannot(f"{key} must be true or false")
    return value
