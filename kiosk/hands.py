"""Carries out commands on devices; every outcome or fault comes back as a fact. Decides nothing.

One coroutine per command. Any exception becomes Faulted, so that no command ends in silence.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar

from devices import ports
from devices.payload import Grammar, parse
from devices.ports import DeviceFault, FaultCode, PaymentOutcome, PaymentState
from kiosk import facts as f
from kiosk.care import CheckReference, SolveLens
from kiosk.flow import Post, Posted
from kiosk.mishap import where

log = logging.getLogger(__name__)
T = TypeVar("T")
#: Carries out one command for a visit, where somebody else than these hands can.
Hand: TypeAlias = Callable[[str, Any], Awaitable[f.Fact | None]]

#: Which device answers for which command, when the command itself fails.
DEVICE_OF: Mapping[type[f.Command], str] = {
    f.Weigh: "scale", f.Measure: "measurer", f.Charge: "payment", f.EnquirePayment: "payment",
    f.ReversePayment: "payment", f.AbortPayment: "payment", f.IssueNumber: "numbers", f.PrintLabel: "label_printer",
    f.WatchLabel: "scanner", f.OpenHatch: "hatch", f.WatchHatch: "hatch", f.LookHatch: "hatch",
    f.PrintReceipt: "receipt_printer", f.CallStaff: "staff_call",
    SolveLens: "measurer", CheckReference: "measurer",
}  # fmt: skip


#: Commands that pause before they ask; the circuit breaker is looked at after that.
PATIENT = (f.EnquirePayment, f.ReversePayment)


@dataclass(frozen=True)
class Patience:
    """Deadlines and pauses in seconds."""

    weigh: float = 6.0
    measure: float = 8.0
    pay: float = 90.0
    enquire: float = 5.0
    print: float = 30.0
    hatch: float = 8.0
    drop: float = 120.0
    aside: float = 4.0
    late: float = 3.0
    look_again: float = 0.4
    back_off: float = 1.0
    back_off_most: float = 30.0


class Crew(Protocol):
    """The devices by name, and one real look at each of them."""

    scale: ports.Scale
    measurer: ports.Measurer
    scanner: ports.CodeScanner
    payment: ports.PaymentTerminal
    label_printer: ports.Printer
    receipt_printer: ports.Printer
    hatch: ports.Hatch
    staff_call: ports.StaffCall

    async def ready(self, name: str) -> ports.Status:
        """One real probe now."""

    def check(self, name: str) -> None:
        """DeviceFault at once where a device is known not to answer, or is not paired."""


class Numbers(Protocol):
    """The leased block of registered numbers."""

    async def left(self) -> int:
        """How many may still be issued."""

    async def issue(self, visit: str) -> str | None:
        """This visit's number, the same however often asked; None when used up."""


class Hands:
    """Runs commands as tasks. Passive ones of a visit are dropped when its step changes."""

    def __init__(self, crew: Crew, numbers: Numbers, post: Post, patience: Patience) -> None:
        self._crew = crew
        self._numbers = numbers
        self._post = post
        self._wait = patience
        self.more: Mapping[type[f.Command], Hand] = {}
        self.forgetters: tuple[Callable[[str], None], ...] = ()
        self.knocked: Callable[[], Awaitable[None]] | None = None
        self.distrusted: Callable[[], bool] = lambda: False
        self._passive: dict[str, set[asyncio.Task[None]]] = {}
        self._tasks: set[asyncio.Future[None]] = set()

    def do(self, visit: str, command: f.Command) -> None:
        """Begin a command; its outcome is posted for this visit."""
        task = asyncio.create_task(self._run(visit, command), name=f"{type(command).__name__} {visit}")
        self._keep(task)
        if command.passive:
            self._passive.setdefault(visit, set()).add(task)

    def _keep(self, task: asyncio.Future[None]) -> None:
        """Hold a task until its end."""
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[None]) -> None:
        """Forget a task; one that a defect has ended is told in the log, for nobody waits for it."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("something in the background failed: %s", where(error))

    def drop_passive(self, visit: str) -> None:
        """Stop looking for what no longer matters."""
        for task in self._passive.pop(visit, set()):
            task.cancel()

    def forget(self, visit: str) -> None:
        """The visit is over: whoever keeps something of it in memory lets go of it."""
        self.drop_passive(visit)
        for forget in self.forgetters:
            forget(visit)

    async def close(self) -> None:
        """Give up everything in flight; outcomes are found again by enquiry after the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, visit: str, command: f.Command) -> None:
        try:
            if not (command.passive or isinstance(command, PATIENT)):
                self._crew.check(DEVICE_OF.get(type(command), ""))
            fact: f.Fact | None = await self._outcome(visit, command)
        except DeviceFault as fault:
            fact = self._fault(command, fault)
        except Exception as error:
            log.error("command %s failed: %s", type(command).__name__, where(error))
            fact = self._fault(command, DeviceFault(FaultCode.INTERNAL))
        if fact is not None:
            self._post(Posted(visit, fact))

    def _fault(self, command: f.Command, fault: DeviceFault) -> f.Fact | None:
        """What a failed command means: for money an unknown outcome, for everything else a fault of its device."""
        log.warning("%s: %s", type(command).__name__, fault)
        if isinstance(command, f.AbortPayment):
            return None  # how the charge ended is the charge's own word
        if isinstance(command, f.Charge | f.EnquirePayment | f.ReversePayment):
            return f.PaymentUnknown(command.key)
        return f.Faulted(DEVICE_OF.get(type(command), "branch"), fault.code, type(command).__name__)

    def _outcome(self, visit: str, command: f.Command) -> Awaitable[f.Fact | None]:
        if type(command) in self.more:
            return self.more[type(command)](visit, command)
        match command:
            case f.Weigh():
                return self._weigh()
            case f.Measure():
                return self._measure()
            case f.CheckReady(devices):
                return self._ready(devices)
            case f.IssueNumber():
                return self._number(visit)
            case f.PrintLabel(job, _, picture, again):
                return self._label(job, picture, again)
            case f.PrintReceipt(job, _, picture):
                return self._receipt(job, picture)
            case f.WatchLabel(number):
                return self._watch_label(number)
            case f.CallStaff():
                raise TypeError("the desk raises staff tasks and uses Hands.call")
        return self._money_or_door(command)

    def _money_or_door(self, command: f.Command) -> Awaitable[f.Fact | None]:
        match command:
            case f.Charge(key, won):
                return self._charge(key, won)
            case f.EnquirePayment(key, won, tries):
                return self._enquire(key, won, tries)
            case f.ReversePayment(key, won, tries):
                return self._reverse(key, won, tries)
            case f.AbortPayment(key):
                return self._abort(key)
            case f.OpenHatch():
                return self._open_hatch()
            case f.WatchHatch():
                return self._watch_hatch()
            case f.LookHatch():
                return self._look_hatch()
        raise TypeError(f"no hand for {type(command).__name__}")

    async def _weigh(self) -> f.Fact:
        weight = await self._crew.scale.stable_weight(self._wait.weigh)
        return f.Weighed(weight.grams, weight.decimal, weight.raw, weight.serial)

    async def _measure(self) -> f.Fact:
        if self.distrusted():
            return f.MeasureRefused("distrusted")
        size = await self._crew.measurer.measure(self._wait.measure)
        sides = (size.length_mm, size.width_mm, size.height_mm)
        if self.knocked is not None and (size.knocked or size.reason == "moved"):
            self.also(self.knocked)
        if not size.answered or None in sides:
            return f.MeasureRefused(size.reason or "unknown_shape")
        length, width, height = (float(side or 0) for side in sides)
        kind, uncertainty = size.kind or "box", size.uncertainty_mm or (0.0, 0.0, 0.0)
        return f.Measured(length, width, height, uncertainty, kind, size.rig_residual_px, size.cameras)

    async def _ready(self, devices: tuple[str, ...]) -> f.Fact:
        """Ask every device at once; the first that cannot be relied on is named."""
        names = [name for name in devices if name != "numbers"]
        statuses = await asyncio.gather(*(self._crew.ready(name) for name in names))
        for name, status in zip(names, statuses, strict=True):
            if not status.usable:
                return f.NotReady(name, min(status.faults - ports.TOLERABLE, default=status.state))
        if "numbers" in devices and await self._numbers.left() < 1:
            return f.NotReady("numbers", FaultCode.CONSUMABLE_OUT)
        return f.ProvenReady()

    async def _charge(self, key: str, won: int) -> f.Fact:
        return said(await self._crew.payment.pay(key, won, self._wait.pay))

    async def _enquire(self, key: str, won: int, tries: int) -> f.Fact:
        await self._before(tries)
        return said(await self._found(key, partial(self._crew.payment.enquire, key, self._wait.enquire)), tries)

    async def _reverse(self, key: str, won: int, tries: int) -> f.Fact:
        await self._before(tries)
        ask = partial(self._crew.payment.reverse, key, won, self._wait.enquire)
        return said(await self._found(key, ask), tries)

    async def _found(self, key: str, ask: Callable[[], Awaitable[PaymentOutcome]]) -> PaymentOutcome:
        """The terminal's word; a charge that it has not heard of may still arrive: call it off, then ask once more."""
        outcome = await ask()
        if outcome.state is not PaymentState.NOT_FOUND:
            return outcome
        with contextlib.suppress(DeviceFault):
            await self._abort(key)
        await asyncio.sleep(self._wait.late)
        return await ask()

    async def _abort(self, key: str) -> None:
        await self._crew.payment.abort(key, self._wait.enquire)

    async def _before(self, tries: int) -> None:
        """The pause before another question about money; only then does a terminal known to be silent refuse it."""
        longest = self._wait.back_off_most
        await asyncio.sleep(min(self._wait.back_off * 2.0 ** min(tries - 1, 16), longest) if tries else 0.0)
        self._crew.check("payment")

    async def _number(self, visit: str) -> f.Fact:
        number = await self._numbers.issue(visit)
        if number is None:
            raise DeviceFault(FaultCode.CONSUMABLE_OUT, "the leased block is used up")
        return f.NumberIssued(number)

    async def _label(self, job: str, picture: ports.Picture | None, again: bool) -> f.Fact:
        printed = await self._crew.label_printer.print(job, _drawn(picture), self._wait.print, again)
        return f.LabelPrinted(printed.job, printed.paper)

    async def _receipt(self, job: str, picture: ports.Picture | None) -> f.Fact:
        printed = await self._crew.receipt_printer.print(job, _drawn(picture), self._wait.print)
        return f.ReceiptPrinted(printed.job, printed.paper)

    async def _watch_label(self, number: str) -> f.Fact:
        """Look until a number is seen on a parcel at rest. Another number counts only if ours is not there."""
        clock, since = asyncio.get_running_loop().time, 0.0
        while not (codes := on_parcel(seen := await self._patiently(self._codes, self._wait.measure))):
            since = (since or clock()) if seen else 0.0
            if since and clock() - since > self._wait.aside:
                return f.LabelAside(seen[0].text)
            await asyncio.sleep(self._wait.look_again)
        try:
            weight = await self._patiently(lambda: self._crew.scale.stable_weight(self._wait.weigh), self._wait.weigh)
        except DeviceFault as fault:
            return f.Faulted("scale", fault.code, f.WatchLabel.__name__)
        return f.LabelScanned(number if number in codes else codes[0], weight.grams)

    async def _codes(self) -> list[ports.Code]:
        """The registered numbers seen now; none seen by a scanner that cannot see is a fault."""
        seen = await self._crew.scanner.scan(self._wait.measure)
        codes = [code for code in seen if parse(code.text, Grammar.REGISTERED)]
        status = None if codes else await self._crew.ready("scanner")
        if status is not None and not status.usable:
            raise DeviceFault(min(status.faults - ports.TOLERABLE, default=FaultCode.NO_RESPONSE), "nothing is seen")
        return codes

    async def _patiently(self, ask: Callable[[], Awaitable[T]], for_s: float) -> T:
        """Ask again, with pauses, for so long; then the fault is told. Nobody hears of a hiccup, nothing spins."""
        end = 0.0
        while True:
            try:
                return await ask()
            except DeviceFault:
                now = asyncio.get_running_loop().time()
                if 0 < end < now:
                    raise
                end = end or now + for_s
                await asyncio.sleep(self._wait.look_again)

    async def _open_hatch(self) -> f.Fact:
        state = await self._crew.hatch.unlock(self._wait.hatch)
        return f.HatchOpened(empty=not state.present)

    async def _watch_hatch(self) -> f.Fact:
        """Wait for the door, throw the bolt, look inside; a door that stays open is a fault, not an end."""
        deadline = asyncio.get_running_loop().time() + self._wait.drop
        while not (state := await self._patiently(self._crew.hatch.look, self._wait.hatch)).closed:
            if asyncio.get_running_loop().time() > deadline:
                raise DeviceFault(FaultCode.DOOR_OPEN, "the hatch was not closed in time")
            await asyncio.sleep(self._wait.look_again)
        state = await self._crew.hatch.lock(self._wait.hatch)
        return await self._closed(state)

    async def _look_hatch(self) -> f.Fact:
        """Sensors only: nothing moves."""
        state = await self._crew.hatch.look()
        return await self._closed(state) if state.closed and state.locked else f.HatchOpened(not state.present)

    async def _closed(self, state: ports.HatchState) -> f.Fact:
        try:
            grams = (await self._crew.scale.load()).grams
        except DeviceFault:
            grams = None
        return f.HatchClosed(state.present, state.bin_percent, grams)

    def call(self, task: str, reason: str) -> None:
        """Call staff for a task that the desk has written down."""
        self._staff(lambda: self._crew.staff_call.call(task, reason, self._wait.enquire), task)

    def preview(self, on: bool) -> None:
        """Ask the measurer for live pictures, or for none."""
        self._keep(asyncio.create_task(self._preview(on), name="preview"))

    async def _preview(self, on: bool) -> None:
        try:
            await self._crew.measurer.preview(on)
        except DeviceFault as fault:
            log.info("no live picture: %s", fault)

    def also(self, do: Callable[[], Awaitable[None]]) -> None:
        """One more thing to do in the background, once."""
        self._keep(asyncio.ensure_future(do()))

    def enquire_call(self, task: str, reason: str) -> None:
        """Ask what the call desk has recorded for a task; a call that it never heard of is placed now."""
        self._staff(lambda: self._recorded(task, reason), task)

    async def _recorded(self, task: str, reason: str) -> ports.CallState:
        try:
            return await self._crew.staff_call.state(task, self._wait.enquire)
        except DeviceFault:
            return await self._crew.staff_call.call(task, reason, self._wait.enquire)

    def _staff(self, ask: Callable[[], Awaitable[ports.CallState]], task: str) -> None:
        self._keep(asyncio.create_task(self._answered(ask, task), name="staff call"))

    async def _answered(self, ask: Callable[[], Awaitable[ports.CallState]], task: str) -> None:
        try:
            self._crew.check("staff_call")
            state: Any = await ask()
        except DeviceFault as fault:
            log.warning("call desk: %s", fault)
            state = ports.CallState.NO_ANSWER
        closed = state == ports.CallState.CLOSED
        self._post(Posted("", f.StaffTaskClosed(task) if closed else f.StaffAnswered(task, state)))


def said(outcome: PaymentOutcome, tries: int = 0) -> f.Fact:
    """The terminal's word as a fact; a charge still in progress is unknown for now."""
    match outcome.state:
        case PaymentState.APPROVED:
            return f.Paid(outcome.key, outcome.won, outcome.approval, outcome.reference, outcome.card)
        case PaymentState.REVERSED:
            return f.Reversed(outcome.key, outcome.won, outcome.reference)
        case PaymentState.IN_PROGRESS:
            return f.PaymentUnknown(outcome.key, tries + 1)
        case PaymentState.DECLINED | PaymentState.CANCELLED | PaymentState.NOT_FOUND | PaymentState.UNAVAILABLE:
            return f.NotPaid(outcome.key, str(outcome.state))


def on_parcel(codes: list[ports.Code]) -> list[str]:
    """Those texts that are proven to lie on the parcel."""
    return [code.text for code in codes if code.on_parcel]


def _drawn(picture: ports.Picture | None) -> ports.Picture:
    if picture is None:
        raise DeviceFault(FaultCode.INTERNAL, "nothing was laid out for this job")
    return picture
