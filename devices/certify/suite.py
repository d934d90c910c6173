"""Runs the rules of a kind against one driver and whatever its options lead to, and grades what came out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from devices import catalog
from devices.certify.bed import Bed, Rule
from devices.certify.relay import lay
from devices.certify.rules import (
    bank_desk,
    bank_host,
    codes,
    document_camera,
    general,
    guard,
    hatch,
    id_check,
    id_reader,
    locker,
    measurer,
    officer,
    payment,
    pin_pad,
    printer,
    scale,
    staff_call,
    tower,
)
from devices.certify.terms import Hands, NeedsPerson, NotApplicable, Question, Report, Result, Verdict, Violation
from devices.ports import Device, DeviceFault
from devices.supervisor import Pace

#: Longest that one rule may take where no person is waited for, seconds.
RULE_S = 60.0


@dataclass(frozen=True)
class Kind:
    """A kind of device: its table of the catalogue, the driver word meant without another, its own rules, and
    the questions whose answers tell that such a device has acted."""

    drivers: Mapping[str, Callable[..., Device]]
    word: str
    own: tuple[Rule[Any], ...]
    traces: tuple[Question, ...] = ()

    @property
    def rules(self) -> tuple[Rule[Any], ...]:
        """The rules of every driver, then those of the kind."""
        return (*general.RULES, *self.own)


KINDS: Mapping[str, Kind] = {
    "scale": Kind(catalog.SCALES, "mt_sics", scale.RULES),
    "measurer": Kind(catalog.MEASURERS, "measurer", measurer.RULES),
    "scanner": Kind(catalog.SCANNERS, "table_scanner", codes.RULES),
    "code_reader": Kind(catalog.CODE_READERS, "serial_scanner", codes.RULES),
    "label_printer": Kind(catalog.PRINTERS, "zpl", printer.RULES, (Question.PAGES,)),
    "receipt_printer": Kind(catalog.PRINTERS, "escpos", printer.RULES, (Question.PAGES,)),
    "payment": Kind(catalog.TERMINALS, "nexo", payment.RULES, (Question.TAKEN_WON,)),
    "hatch": Kind(catalog.HATCHES, "modbus_hatch", hatch.RULES),
    "locker": Kind(catalog.LOCKERS, "kr_cu", locker.RULES),
    "signal_tower": Kind(catalog.TOWERS, "modbus_tower", tower.RULES, (Question.LIT,)),
    "id_reader": Kind(catalog.ID_READERS, "pcsc", id_reader.RULES),
    "id_check": Kind(catalog.ID_CHECKS, "verification_desk", id_check.RULES),
    "guard": Kind(catalog.GUARDS, "guard", guard.RULES),
    "bank_host": Kind(catalog.BANK_HOSTS, "iso8583", bank_host.RULES, (Question.TAKEN_WON,)),
    "staff_call": Kind(catalog.CALLS, "call_desk", staff_call.RULES),
    "bank_desk": Kind(catalog.BANK_DESKS, "bank_desk", bank_desk.RULES, (Question.HANDED_IN,)),
    "pin_pad": Kind(catalog.PIN_PADS, "xfs_pin_pad", pin_pad.RULES),
    "document_camera": Kind(catalog.DOCUMENT_CAMERAS, "glass_camera", document_camera.RULES),
    "officer": Kind(catalog.OFFICERS, "officer_queue", officer.RULES),
}

Told = Callable[[Result], None]
Wrap = Callable[[Device], Device]


@dataclass(frozen=True)
class Subject:
    """What is certified: kind, driver word and options (`simulated` among them); serial lines without a baud option
    run at `baud`."""

    kind: str
    word: str
    options: Mapping[str, object]
    at: str = ""
    baud: int = 9600


def nobody_listens(_: Result) -> None:
    """Results are read from the report."""


async def certify(
    subject: Subject, hands: Hands, told: Told = nobody_listens, only: Collection[str] = (),
    wrap: Wrap | None = None, patient: bool = False, deadline_s: float = Pace.deadline_s,
) -> Report:  # fmt: skip
    """Run the rules (or those of the ids in `only`); ValueError in one sentence for options that are wrong.

    `patient`: a person is at the other end, no rule is given up. `wrap` puts something between rules and driver.
    `deadline_s` is what a caller waits at most for an open or a probe.
    """
    kind, begun = KINDS[subject.kind], time.monotonic()
    made(subject, dict(subject.options))
    line, options = await lay(dict(subject.options), subject.baud)
    simulated = subject.options.get("simulated") is True
    try:
        bed = Bed(lambda: (wrap or same)(made(subject, options)), hands, line, simulated, deadline_s, kind.traces)
        results = []
        for rule in kind.rules:
            if not only or rule.id in only:
                results.append(await judged(rule, bed, None if patient else RULE_S))
                told(results[-1])
    finally:
        if line is not None:
            await line.stop()
    return Report(subject.kind, subject.word, subject.at, simulated, tuple(results), round(time.monotonic() - begun, 1))


def made(subject: Subject, options: dict[str, object]) -> Device:
    """The driver as the catalogue makes it."""
    return device_of(subject.kind, {"driver": subject.word, **options})


def device_of(kind: str, table: Mapping[str, object]) -> Device:
    """One driver from a table of branch.toml; ValueError in one sentence for what is wrong with it."""
    drivers = {name: each.drivers for name, each in KINDS.items()}
    if kind not in drivers:
        raise ValueError(f"[devices.{kind}] is no device of a branch; known are {', '.join(drivers)}")
    device: Device = catalog.build(drivers[kind], kind, {kind: table})
    return device


def same(device: Device) -> Device:
    """Nothing between."""
    return device


async def judged(rule: Rule[Any], bed: Bed[Any], longest_s: float | None) -> Result:
    """One rule, whatever comes of it; afterwards the other end is as it was."""
    begun, limits = time.monotonic(), False
    verdict, seen = Verdict.PASS, ""
    try:
        async with asyncio.timeout(longest_s):
            await rule.check(bed)
    except NotApplicable as why:
        verdict, seen, limits = Verdict.NOT_APPLICABLE, str(why), why.limits
    except NeedsPerson as why:
        verdict, seen = Verdict.NEEDS_PERSON, str(why)
    except Violation as found:
        verdict, seen = Verdict.FAIL, str(found)
    except DeviceFault as fault:
        verdict, seen = Verdict.FAIL, f"the driver raised {fault}"
    except TimeoutError:
        verdict, seen = Verdict.FAIL, f"no end within {longest_s} s"
    except Exception as defect:  # a driver's defect fails its rule, never the suite
        verdict, seen = Verdict.FAIL, f"{type(defect).__name__} came out: {str(defect)[:160]}"
    await bed.hands.tidy()
    return Result(rule.id, rule.sentence, verdict, seen, round(time.monotonic() - begun, 2), limits)
