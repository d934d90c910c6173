"""Carries out what staff ask of the branch in the maintenance mode; every outcome or fault comes back as a fact."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from devices import identity, ports
from devices.ports import DeviceFault, FaultCode
from kiosk import admission
from kiosk import care as c
from kiosk import facts as f
from kiosk.flow import Post, Posted

log = logging.getLogger(__name__)
#: Up to this many grams the pan counts as empty, and as zeroed.
EMPTY_G, ZERO_G = 20, 2
#: Printer faults that end an exchange of paper when they are gone.
PAPER_FAULTS = (FaultCode.COVER_OPEN, FaultCode.JAM, FaultCode.CONSUMABLE_OUT, FaultCode.CONSUMABLE_LOW)

Test: TypeAlias = Callable[[], Awaitable[str]]
Hand: TypeAlias = Callable[[str, Any], Awaitable[f.Fact | None]]


@dataclass(frozen=True)
class Times:
    """Seconds: deadlines of devices and of hands, and how often is looked. No test lasts longer than `whole`."""

    strip: float = 30.0
    stable: float = 6.0
    bolt: float = 15.0
    hand: float = 60.0
    code: float = 20.0
    locker: float = 10.0
    lamps: float = 3.0
    lamp: float = 0.4
    desk: float = 3.0
    look: float = 0.5
    whole: float = 100.0


@dataclass(frozen=True)
class Member:
    """One line of the staff register: id, role, badge (SHA-256 of its public key, hex), PIN (argon2id)."""

    id: str
    role: str
    card: str
    pin: str


class Crew(Protocol):
    """The devices that staff can try."""

    scale: ports.Scale
    measurer: ports.Measurer
    scanner: ports.CodeScanner
    payment: ports.PaymentTerminal
    label_printer: ports.Printer
    receipt_printer: ports.Printer
    hatch: ports.Hatch
    staff_call: ports.StaffCall
    id_reader: identity.IdReader | None
    locker: ports.Locker | None
    signal_tower: ports.SignalTower | None
    code_reader: ports.CodeScanner | None

    async def ready(self, name: str) -> ports.Status:
        """One real probe now."""

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Memory(Protocol):
    """What the journal remembers of a badge."""

    async def tries(self, card: str) -> Sequence[admission.Tried]:
        """Admissions and wrong PINs of this badge, oldest first."""


class Carer:
    """The hands of the maintenance mode."""

    def __init__(
        self, crew: Crew, memory: Memory, register: Sequence[Member], post: Post, times: Times | None = None
    ) -> None:
        self._crew, self._memory, self._post = crew, memory, post
        self._wait = times or Times()
        self._register = {member.card: member for member in register}
        self._hasher = PasswordHasher()
        self._owed: dict[str, str] = {}

    @property
    def hands(self) -> Mapping[type[f.Command], Hand]:
        """Which call carries out which command."""
        return {
            c.CheckPin: self._check, c.SelfTest: self._self_test, c.WatchPaper: self._watch_paper,
            c.PrintStrip: self._strip, c.NoteExchange: self._note, c.OpenDoor: self._open_door,
            c.SettleTask: self._settle, c.SetTare: self._set_tare,
        }  # fmt: skip

    # Who comes in

    async def _check(self, _: str, asked: c.CheckPin) -> f.Fact:
        now = datetime.now(UTC)
        member = self._register.get(asked.card)
        if member is None:
            return c.StaffRefused(asked.card, "unknown")
        standing = admission.standing(await self._memory.tries(asked.card), now)
        if standing.locked_until is not None:
            return c.StaffRefused(asked.card, "locked", 0, standing.locked_until.isoformat(timespec="seconds"))
        if await asyncio.to_thread(self._fits, member.pin, asked.pin):
            return c.StaffAdmitted(member.id, member.card, member.role)
        after = admission.standing([*await self._memory.tries(asked.card), admission.Tried(now, False)], now)
        until = after.locked_until.isoformat(timespec="seconds") if after.locked_until else ""
        return c.StaffRefused(asked.card, "wrong_pin", after.tries_left, until)

    def _fits(self, kept: str, pin: str) -> bool:
        try:
            return self._hasher.verify(kept, pin)
        except (Argon2Error, InvalidHashError):
            return False

    # Devices

    async def _self_test(self, visit: str, asked: c.SelfTest) -> f.Fact:
        """Whatever a device can show of itself while a person stands by."""
        name = asked.device
        tests: Mapping[str, tuple[str, Test]] = {
            "scale": ("zero", self._zero), "hatch": ("door", self._door), "signal_tower": ("lamps", self._lamps),
            "scanner": ("codes", lambda: self._codes(self._crew.scanner)),
            "code_reader": ("codes", lambda: self._codes(_there(self._crew.code_reader))),
            "label_printer": ("strip", lambda: self._print(self._crew.label_printer, asked.picture)),
            "receipt_printer": ("strip", lambda: self._print(self._crew.receipt_printer, asked.picture)),
        }  # fmt: skip
        what, test = tests.get(name, ("probe", lambda: self._probe(name)))
        return replace(await self._tried(name, what, test), staff=asked.staff)

    async def _tried(self, device: str, what: str, test: Test) -> c.SelfTested:
        """How a test ended; it ends in time, whatever the device does."""
        try:
            self._paired(device)
            async with asyncio.timeout(self._wait.whole):
                return c.SelfTested(device, what, True, detail=await test())
        except DeviceFault as fault:
            return c.SelfTested(device, what, False, fault.code, fault.detail[:200])
        except TimeoutError:
            return c.SelfTested(device, what, False, FaultCode.TIME_OUT)

    def _paired(self, name: str) -> None:
        """DeviceFault NOT_PAIRED where nothing may go out; staff may try whatever else is wrong with a device."""
        try:
            self._crew.check(name)
        except DeviceFault as fault:
            if fault.code is FaultCode.NOT_PAIRED:
                raise

    async def _probe(self, name: str) -> str:
        status = await self._crew.ready(name)
        if not status.usable:
            raise DeviceFault(min(status.faults - ports.TOLERABLE, default=FaultCode.NO_RESPONSE), status.detail)
        return ", ".join(f"{key} {value}" for key, value in status.values)

    async def _zero(self) -> str:
        """Zero an empty pan, then look whether it shows zero."""
        await self._probe("scale")
        before = (await self._crew.scale.load()).grams
        if before is None or abs(before) > EMPTY_G:
            raise DeviceFault(_off_zero(before), "the pan is not empty")
        await self._crew.scale.zero()
        after = (await self._crew.scale.stable_weight(self._wait.stable)).grams
        if abs(after) > ZERO_G:
            raise DeviceFault(_off_zero(after), f"{after} g after zeroing")
        return f"{after} g"

    async def _set_tare(self, _: str, asked: c.SetTare) -> f.Fact:
        """The scale tared with what lies there, or gross again; what its own probe then says is shown at once."""
        scale = self._crew.scale
        what, act = ("clear_tare", scale.clear_tare) if asked.clear else ("tare", scale.tare)

        async def done() -> str:
            said = await act()
            await self._crew.ready("scale")
            return said or ""

        return replace(await self._tried("scale", what, done), staff=asked.staff, why="tare")

    async def _door(self) -> str:
        """Open, wait until the person has closed it, bolt. A door that a test before left unbolted is bolted first."""
        hatch, now = self._crew.hatch, await self._crew.hatch.look()
        if now.closed and not now.locked:
            await hatch.lock(self._wait.bolt)
        await hatch.unlock(self._wait.bolt)
        end = asyncio.get_running_loop().time() + self._wait.hand
        while not (await hatch.look()).closed:
            if asyncio.get_running_loop().time() > end:
                raise DeviceFault(FaultCode.DOOR_OPEN, "nobody closed the door")
            await asyncio.sleep(self._wait.look)
        await hatch.lock(self._wait.bolt)
        return ""

    async def _codes(self, scanner: ports.CodeScanner) -> str:
        """A code that the person shows; what it says is not kept."""
        end = asyncio.get_running_loop().time() + self._wait.code
        while asyncio.get_running_loop().time() < end:
            if codes := await scanner.scan(self._wait.look * 4):
                return str(len(codes))
            await asyncio.sleep(self._wait.look / 2)
        raise DeviceFault(FaultCode.TIME_OUT, "no code was seen")

    async def _lamps(self) -> str:
        tower = _there(self._crew.signal_tower)
        try:
            for lamp in (ports.Lamp.GREEN, ports.Lamp.AMBER, ports.Lamp.RED):
                await tower.show(frozenset({lamp}), False, self._wait.lamps)
                await asyncio.sleep(self._wait.lamp)
        finally:
            with suppress(DeviceFault):
                await tower.show(frozenset({ports.Lamp.GREEN}), False, self._wait.lamps)
        return ""

    # Paper

    async def _watch_paper(self, _: str, asked: c.WatchPaper) -> f.Fact:
        """Until the sensors say something else than was seen before."""
        while (seen := await self._paper(asked.device)).code == asked.seen:  # noqa: ASYNC110 - a sensor is polled
            await asyncio.sleep(self._wait.look)
        return seen

    async def _paper(self, device: str) -> c.PaperLoaded:
        status = await self._crew.ready(device)
        paper = dict(status.values).get("paper", "")
        trouble = status.faults & set(PAPER_FAULTS)
        if trouble or not status.usable:
            return c.PaperLoaded(device, paper, min(trouble or status.faults, default=FaultCode.NO_RESPONSE))
        return c.PaperLoaded(device, paper)

    async def _strip(self, visit: str, asked: c.PrintStrip) -> f.Fact:
        printer = self._crew.label_printer if asked.device == "label_printer" else self._crew.receipt_printer
        tried = await self._tried(asked.device, "strip", lambda: self._print(printer, asked.picture))
        return replace(tried, staff=asked.staff, why="paper")

    async def _print(self, printer: ports.Printer, picture: ports.Picture | None) -> str:
        """A strip of its own, each time; the printer's word on the paper after it."""
        if picture is None:
            raise DeviceFault(FaultCode.INTERNAL, "no strip was laid out")
        job = f"strip-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        return str((await printer.print(job, picture, self._wait.strip)).paper)

    async def _note(self, _: str, asked: c.NoteExchange) -> f.Fact:
        return c.PaperExchanged(asked.device, asked.staff)

    # Lockers and tasks

    async def _open_door(self, _: str, asked: c.OpenDoor) -> f.Fact:
        try:
            self._paired("locker")
            await _there(self._crew.locker).open_door(asked.door, self._wait.locker)
        except DeviceFault as fault:
            return c.DoorOpened(asked.door, asked.reason, asked.staff, fault.code)
        return c.DoorOpened(asked.door, asked.reason, asked.staff)

    async def _settle(self, visit: str, asked: c.SettleTask) -> f.Fact | None:
        await self.settled(visit, c.TaskSettled(asked.task, asked.how, asked.staff))
        return None

    def take_up(self, fact: f.Fact | None) -> None:
        """What the journal says is owed to the call desk."""
        match fact:
            case c.TaskSettled(task, how):
                self._owed[task] = how
            case c.DeskTold(task):
                self._owed.pop(task, None)

    async def settled(self, visit: str, settled: c.TaskSettled) -> None:
        """Settled and closed here at once, in this order, and at the call desk as soon as it can be reached."""
        self.take_up(settled)
        self._post(Posted(visit, settled))
        self._post(Posted("", f.StaffTaskClosed(settled.task)))
        await self.tell_desk()

    async def tell_desk(self) -> None:
        """Close at the call desk what is settled here; what it does not take now is told again with the next look."""
        for task, how in [*self._owed.items()]:
            try:
                self._paired("staff_call")
                await self._crew.staff_call.close_call(task, how, self._wait.desk)
            except DeviceFault as fault:
                log.info("call desk: a settled call is not closed yet (%s)", fault.code)
                return
            if self._owed.pop(task, None) is not None:
                self._post(Posted("", c.DeskTold(task)))


def _off_zero(grams: int | None) -> FaultCode:
    return FaultCode.UNDERLOAD if grams is not None and grams < 0 else FaultCode.OVERLOAD


def _there(device: Any) -> Any:
    if device is None:
        raise DeviceFault(FaultCode.MISCONFIGURED, "this branch has no such device")
    return device
