"""One deliberately broken driver or peer for each rule; each breaks exactly what its rule forbids."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from devices.identity import IdAnswer
from devices.ports import (
    CallState,
    Code,
    DeviceFault,
    FaultCode,
    Lamp,
    Load,
    PaperState,
    Picture,
    Printed,
    Weight,
)
from devices.sizing import Size
from tests.devices.certify import bank_breakers, counter_breakers, guard_breakers, payment_breakers
from tests.devices.certify.spoil import (
    Breaker,
    Method,
    Spoilt,
    always,
    changing,
    control_characters,
    hanging,
    other_fault,
    raising,
    slow,
    spoil,
    swallowing,
    told,
    without,
)

# Of every driver


async def crashing_probe(self: Spoilt) -> Any:
    """Noise becomes a ValueError."""
    try:
        return await self.device.probe()
    except DeviceFault as fault:
        raise ValueError("could not convert string to float") from fault


async def opened_once(self: Spoilt) -> None:
    if self.kept.setdefault("opened", 0) > 0:
        raise DeviceFault(FaultCode.INTERNAL, "opened before")
    self.kept["opened"] += 1
    await self.device.open()


async def dead_after_loss(self: Spoilt) -> None:
    """After one failed opening it never opens again."""
    if self.kept.get("lost"):
        raise DeviceFault(FaultCode.DISCONNECTED, "given up")
    try:
        await self.device.open()
    except DeviceFault:
        self.kept["lost"] = True
        raise


async def close_once(self: Spoilt) -> None:
    await self.device.close()
    if self.kept.setdefault("closed", False):
        raise RuntimeError("closed twice")
    self.kept["closed"] = True


async def probe_after_close(self: Spoilt) -> Any:
    try:
        return await self.device.probe()
    except DeviceFault:
        raise AttributeError("'NoneType' object has no attribute 'write'") from None


async def one_probe(self: Spoilt) -> Any:
    if self.kept.get("probing"):
        raise RuntimeError("read called while another coroutine is waiting")
    self.kept["probing"] = True
    try:
        return await self.device.probe()
    finally:
        self.kept["probing"] = False


async def opening_prints(self: Spoilt) -> None:
    await self.device.open()
    await self.device.print(f"welcome-{id(self)}", Picture(8, 8, 203, bytes(8)), 5.0)


async def last_answer(self: Spoilt) -> Any:
    """An old answer in place of none."""
    try:
        self.kept["seen"] = await self.device.probe()
    except DeviceFault:
        return self.kept["seen"]
    return self.kept["seen"]


GENERAL = {
    "general.opens": spoil("hatch", open=hanging),
    "general.moves-nothing": spoil("receipt_printer", open=opening_prints),
    "general.silence-is-a-fault": spoil("hatch", probe=last_answer),
    "general.deadline-is-kept": spoil("staff_call", probe=slow("probe", 3.0)),
    "general.noise-is-a-fault": spoil("staff_call", probe=crashing_probe),
    "general.loss-is-seen": spoil("staff_call", probe=slow("probe", 2.5)),
    "general.comes-back": spoil("hatch", open=dead_after_loss),
    "general.close-is-quiet": spoil("hatch", close=close_once),
    "general.closed-is-no-defect": spoil("hatch", probe=probe_after_close),
    "general.reopens": spoil("hatch", open=opened_once),
    "general.one-at-a-time": spoil("hatch", probe=one_probe),
    "general.simulation-is-told": spoil("hatch", probe=changing("probe", lambda seen: replace(seen, simulated=False))),
    "general.values-are-plain": spoil("hatch", probe=changing("probe", control_characters)),
}  # fmt: skip


# Scale


def lying_weight() -> Weight:
    return Weight(2000, "2.000", "S S      2.000 kg", "B000000001", datetime.now(UTC))


def of_weight(**change: Any) -> dict[str, Method]:
    return {"stable_weight": changing("stable_weight", lambda weight: replace(weight, **change))}


SCALE = {
    "scale.follows-the-load": spoil("scale", **of_weight(grams=2000, decimal="2.000")),
    "scale.stable-only": spoil("scale", stable_weight=swallowing("stable_weight", lying_weight, FaultCode.UNSTABLE)),
    "scale.moving-is-told": spoil("scale", load=changing("load", lambda load: replace(load, stable=True))),
    "scale.zero-only-still": spoil("scale", zero=swallowing("zero", None)),
    "scale.tared-is-refused": spoil("scale", stable_weight=swallowing("stable_weight", lying_weight, FaultCode.TARED)),
    "scale.tare-only-still": spoil("scale", tare=swallowing("tare", "2.000 kg")),
    "scale.overload-is-told": spoil("scale", stable_weight=other_fault("stable_weight", FaultCode.UNSTABLE)),
    "scale.underload-is-told": spoil("scale", load=always(Load(0, True, datetime(2020, 1, 1, tzinfo=UTC)))),
    "scale.grams-are-the-decimal": spoil(
        "scale", stable_weight=changing("stable_weight", lambda weight: replace(weight, grams=weight.grams + 1))
    ),
    "scale.raw-is-kept": spoil("scale", **of_weight(raw="kg 5")),
    "scale.serial-is-kept": spoil("scale", **of_weight(serial="")),
    "scale.weight-is-fresh": spoil("scale", **of_weight(observed_at=datetime(2020, 1, 1, tzinfo=UTC))),
}


# Printers


def printed() -> Printed:
    return Printed("certify", PaperState.FULL)


async def print_nothing(_: Spoilt, job: str, *__: Any) -> Printed:
    return Printed(job, PaperState.FULL)


async def print_always(self: Spoilt, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Any:
    return await self.device.print(job, picture, timeout_s, True)


async def print_never_again(self: Spoilt, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Any:
    return await self.device.print(job, picture, timeout_s)


async def print_mirrored(self: Spoilt, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Any:
    wrong = replace(picture, rows=bytes(byte ^ 0xFF for byte in picture.rows))
    return await self.device.print(job, wrong, timeout_s, again)


async def print_cut_to_width(self: Spoilt, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Any:
    narrow = Picture(8, 8, picture.dpi, bytes(8)) if picture.width > self.device.width_dots else picture
    return await self.device.print(job, narrow, timeout_s, again)


async def print_once_more_later(self: Spoilt, job: str, picture: Picture, timeout_s: float, again: bool = False) -> Any:
    """What was told as not printed is sent again by the driver itself, once there is paper."""

    async def later() -> None:
        await asyncio.sleep(0.7)
        await self.device.print(job, picture, timeout_s, again)

    try:
        return await self.device.print(job, picture, timeout_s, again)
    except DeviceFault:
        self.kept["later"] = asyncio.create_task(later())
        raise


LABEL = "label_printer"
PRINTER = {
    "printer.prints": spoil(LABEL, print=print_nothing),
    "printer.once": spoil(LABEL, print=print_always),
    "printer.again": spoil(LABEL, print=print_never_again),
    "printer.no-paper": spoil(LABEL, print=swallowing("print", printed, FaultCode.CONSUMABLE_OUT)),
    "printer.paper-ends": spoil("receipt_printer", print=swallowing("print", printed)),
    "printer.cancelled-stays-away": spoil("receipt_printer", print=print_once_more_later),
    "printer.cover": spoil(LABEL, **without(FaultCode.COVER_OPEN)),
    "printer.low": spoil("receipt_printer", **without(FaultCode.CONSUMABLE_LOW)),
    "printer.done-after-evidence": spoil("receipt_printer", print=swallowing("print", printed,
                                                                             FaultCode.OUTCOME_UNKNOWN)),
    "printer.doubt-asks": spoil(LABEL, print=print_always),
    "printer.raster": spoil("receipt_printer", print=print_mirrored),
    "printer.too-wide": spoil(LABEL, print=print_cut_to_width),
}  # fmt: skip


# Doors


async def look_that_opens(self: Spoilt) -> Any:
    """Looking moves the door."""
    state = await self.device.look()
    if not self.kept.get("moved"):
        self.kept["moved"] = True
        await self.device.unlock(2.0)
    return state


async def command_and_hope(self: Spoilt, timeout_s: float) -> Any:
    """The command is taken for the outcome."""
    try:
        return await self.device.unlock(timeout_s)
    except DeviceFault:
        return replace(await self.device.look(), closed=False, locked=False)


async def lock_and_hope(self: Spoilt, timeout_s: float) -> Any:
    """The command is taken for the outcome, and never sent."""
    return replace(await self.device.look(), closed=True, locked=True)


async def open_door_and_hope(self: Spoilt, door: int, timeout_s: float) -> Any:
    """The command is taken for the outcome."""
    before = await self.device.look()
    try:
        return await self.device.open_door(door, timeout_s)
    except DeviceFault:
        return replace(before[min(max(door, 1), len(before)) - 1], locked=False, closed=False)


async def look_that_opens_a_door(self: Spoilt) -> Any:
    if not self.kept.get("moved"):
        self.kept["moved"] = True
        await self.device.open_door(5, 2.0)
    return await self.device.look()


STUCK, UNKNOWN = FaultCode.DOOR_STUCK, FaultCode.OUTCOME_UNKNOWN
HATCH = {
    "hatch.look-moves-nothing": spoil("hatch", look=look_that_opens),
    "hatch.opens-by-sensor": spoil("hatch", lock=lock_and_hope),
    "hatch.stuck": spoil("hatch", unlock=command_and_hope),
    "hatch.stuck-is-remembered": spoil("hatch", **without(FaultCode.DOOR_STUCK)),
    "hatch.leaf-stuck": spoil("hatch", unlock=command_and_hope),
    "hatch.open-is-not-locked": spoil("hatch", lock=swallowing("lock", None, FaultCode.DOOR_OPEN)),
    "hatch.full-bin": spoil("hatch", **without(FaultCode.BIN_FULL)),
    "hatch.silence-is-unknown": spoil("hatch", unlock=told("unlock", UNKNOWN, STUCK)),
}
LOCKER = {
    "locker.look-moves-nothing": spoil("locker", look=look_that_opens_a_door),
    "locker.opens-by-sensor": spoil(
        "locker", open_door=changing("open_door", lambda door: replace(door, locked=True, closed=True))
    ),
    "locker.jammed": spoil("locker", open_door=open_door_and_hope),
    "locker.leaf-stuck": spoil("locker", open_door=open_door_and_hope),
    "locker.wrong-door": spoil("locker", open_door=open_door_and_hope),
    "locker.already-open": spoil("locker", open_door=open_door_and_hope),
    "locker.forced-is-told": spoil("locker", **without(FaultCode.DOOR_FORCED)),
    "locker.no-such-door": spoil("locker", open_door=open_door_and_hope),
    "locker.silence-is-unknown": spoil("locker", open_door=told("open_door", UNKNOWN, STUCK)),
}  # fmt: skip


# What looks


async def scan_twice(self: Spoilt, timeout_s: float) -> Any:
    """A code is never forgotten."""
    self.kept["codes"] = await self.device.scan(timeout_s) or self.kept.get("codes", ())
    return self.kept["codes"]


LONG, KEYS = (Code("1" * 129, "Code128", "left"),), (Code("123\x1b[2J", "Code128", "left"),)
CODES = {
    "codes.arrives": spoil(
        "code_reader", scan=changing("scan", lambda codes: tuple(replace(code, text=code.text[:-1]) for code in codes))
    ),
    "codes.nothing": spoil("code_reader", scan=always((Code("6899900000001", "Code128", "left"),))),
    "codes.no-controls": spoil("scanner", scan=always(KEYS)),
    "codes.not-too-long": spoil("scanner", scan=always(LONG)),
    "codes.not-twice": spoil("code_reader", scan=scan_twice),
}
GUESS = Size(True, 300.0, 200.0, 100.0, (1.0, 1.0, 1.0), "box")
MEASURER = {
    "measurer.size-has-uncertainty": spoil(
        "measurer", measure=changing("measure", lambda size: replace(size, uncertainty_mm=None))
    ),
    "measurer.nothing-is-refused": spoil("measurer", measure=always(GUESS)),
    "measurer.nonsense": spoil("measurer", measure=swallowing("measure", GUESS)),
    "measurer.dark": spoil("measurer", **without(FaultCode.CAMERA_DARK)),
    "measurer.lost": spoil("measurer", **without(FaultCode.CAMERA_LOST)),
}


# What shows and calls


async def show_backwards(self: Spoilt, lamps: Any, alarm: bool, timeout_s: float) -> Any:
    return await self.device.show(frozenset({Lamp.RED}) - lamps, alarm, timeout_s)


async def alarm_reversed(self: Spoilt, lamps: Any, alarm: bool, timeout_s: float) -> Any:
    return await self.device.show(lamps, not alarm, timeout_s)


async def dark_at_the_end(self: Spoilt) -> None:
    with suppress(DeviceFault):
        await self.device.show(frozenset(), True, 1.0)
    await self.device.close()


async def beats_on(self: Spoilt) -> None:
    """Its heart goes on after the branch has gone."""

    async def beat() -> None:
        for _ in range(160):
            await self.device.probe()
            await asyncio.sleep(0.1)
        await self.device.close()

    self.kept["heart"] = asyncio.create_task(beat())


TOWER = {
    "tower.shows": spoil("signal_tower", show=show_backwards),
    "tower.alarms": spoil("signal_tower", show=alarm_reversed),
    "tower.reads-back": spoil("signal_tower", show=swallowing("show", None)),
    "tower.no-power": spoil("signal_tower", show=swallowing("show", None)),
    "tower.silence": spoil("signal_tower", show=swallowing("show", None)),
    "tower.closing-keeps": spoil("signal_tower", close=dark_at_the_end),
    "tower.drops-without-heartbeat": spoil("signal_tower", close=beats_on),
}
ID_CHECK = {
    "id_check.unknown-number": spoil("id_check", verify=always(IdAnswer.MATCH)),
    "id_check.match": spoil("id_check", verify=always(IdAnswer.LOST)),
    "id_check.issue-date": spoil("id_check", verify=always(IdAnswer.MATCH)),
    "id_check.other-kinds": spoil("id_check", verify=always(IdAnswer.NO_SUCH_NUMBER)),
    "id_check.faults-hold-nothing": spoil("id_check", verify=raising(DeviceFault(FaultCode.PROTOCOL, "나아무"))),
}


async def call_anew(self: Spoilt, task: str, reason: str, timeout_s: float) -> Any:
    """Each call under a new name."""
    self.kept["n"] = self.kept.get("n", 0) + 1
    return await self.device.call(f"{task}{self.kept['n']}", reason, timeout_s)


STAFF_CALL = {
    "staff_call.recorded": spoil("staff_call", call=always(CallState.ANSWERED)),
    "staff_call.one-task": spoil("staff_call", call=call_anew),
    "staff_call.answered": spoil("staff_call", state=always(CallState.ON_THE_WAY)),
    "staff_call.unknown-task": spoil("staff_call", state=swallowing("state", CallState.CALLING)),
    "staff_call.unreachable": spoil("staff_call", call=swallowing("call", CallState.CALLING)),
    "staff_call.closes": spoil("staff_call", close_call=always(CallState.CLOSED)),
}


BREAKERS: dict[str, Breaker] = {
    **GENERAL, **SCALE, **PRINTER, **payment_breakers.PAYMENT, **HATCH, **LOCKER, **CODES, **MEASURER, **TOWER,
    **ID_CHECK, **STAFF_CALL, **guard_breakers.GUARD, **bank_breakers.BANK_HOST, **counter_breakers.COUNTER,
}  # fmt: skip
