"""From the driver word of branch.toml to a driver. One table per kind of device, one line per driver.

`[devices.scale]` with `driver = "mt_sics"` and its options becomes `MtSicsScale("scale", **options)`; an unknown word
or option, a missing one or one of the wrong type is a ValueError whose one sentence names table, key and remedy. Every
driver but those whose messages are signed, sealed or pictures (`masks.UNRECORDED`) takes `record`: a file into which
its masked traffic is written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from devices.agency import AgencyDesk
from devices.agency_desk import BankDesk
from devices.bank_iso import IsoBankHost
from devices.bank_rest import RestBankHost
from devices.banking import BankHost
from devices.counter import DocumentCamera, OfficerDesk, PinPad
from devices.document_camera import GlassCamera
from devices.guard import WorkerGuard
from devices.guarding import Guard
from devices.hatch import ModbusHatch
from devices.id_reader import PcscIdReader
from devices.identity import IdCheck, IdReader
from devices.label_printer import LabelPrinter
from devices.locker_cu import CuLocker
from devices.locker_modbus import ModbusLocker
from devices.masks import UNRECORDED
from devices.measurer import WorkerMeasurer
from devices.officer_desk import OfficerQueue
from devices.payment import NexoTerminal
from devices.pin_pad import XfsPinPad
from devices.ports import (
    CodeScanner,
    Device,
    Hatch,
    Locker,
    Measurer,
    PaymentTerminal,
    Printer,
    Scale,
    SignalTower,
    StaffCall,
)
from devices.receipt_printer import ReceiptPrinter
from devices.record import Tap, recorded
from devices.scale import MtSicsScale
from devices.scale_stream import StreamScale
from devices.scanner import GlanceScanner, TableScanner
from devices.serial_scanner import SerialScanner
from devices.signal_tower import ModbusTower
from devices.staff_call import CallDesk
from devices.verification import VerificationDesk

T = TypeVar("T")
Table = Mapping[str, object]

SCALES: Mapping[str, Callable[..., Scale]] = {"mt_sics": MtSicsScale, "ad_stream": StreamScale}
MEASURERS: Mapping[str, Callable[..., Measurer]] = {"measurer": WorkerMeasurer}
SCANNERS: Mapping[str, Callable[..., CodeScanner]] = {"table_scanner": TableScanner}
PRINTERS: Mapping[str, Callable[..., Printer]] = {"escpos": ReceiptPrinter, "zpl": LabelPrinter}
TERMINALS: Mapping[str, Callable[..., PaymentTerminal]] = {"nexo": NexoTerminal}
HATCHES: Mapping[str, Callable[..., Hatch]] = {"modbus_hatch": ModbusHatch}
CALLS: Mapping[str, Callable[..., StaffCall]] = {"call_desk": CallDesk}
ID_READERS: Mapping[str, Callable[..., IdReader]] = {"pcsc": PcscIdReader}
ID_CHECKS: Mapping[str, Callable[..., IdCheck]] = {"verification_desk": VerificationDesk}
LOCKERS: Mapping[str, Callable[..., Locker]] = {"kr_cu": CuLocker, "modbus_locker": ModbusLocker}
TOWERS: Mapping[str, Callable[..., SignalTower]] = {"modbus_tower": ModbusTower}
BANK_HOSTS: Mapping[str, Callable[..., BankHost]] = {"iso8583": IsoBankHost, "open_banking": RestBankHost}
BANK_DESKS: Mapping[str, Callable[..., AgencyDesk]] = {"bank_desk": BankDesk}
PIN_PADS: Mapping[str, Callable[..., PinPad]] = {"xfs_pin_pad": XfsPinPad}
DOCUMENT_CAMERAS: Mapping[str, Callable[..., DocumentCamera]] = {"glass_camera": GlassCamera}
OFFICERS: Mapping[str, Callable[..., OfficerDesk]] = {"officer_queue": OfficerQueue}
GUARDS: Mapping[str, Callable[..., Guard]] = {"guard": WorkerGuard}
CODE_READERS: Mapping[str, Callable[..., CodeScanner]] = {
    "serial_scanner": SerialScanner,
    "table_glance": GlanceScanner,
}

#: The tables that `[devices]` of branch.toml must have, by the names in use everywhere.
NAMES = ("scale", "measurer", "scanner", "label_printer", "receipt_printer", "payment", "hatch", "staff_call")
#: The tables that it may have; a branch without one runs without that device.
OPTIONAL = (
    "id_reader", "id_check", "locker", "signal_tower", "code_reader", "bank_host", "bank_desk", "pin_pad",
    "document_camera", "officer", "guard",
)  # fmt: skip

TYPE_WORDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}


class TableError(ValueError):
    """A table of devices that cannot be used: one sentence; `key` is the table's."""

    def __init__(self, device: str, why: str) -> None:
        super().__init__(f"[devices.{device}] {why}")
        self.key = f"devices.{device}"


@dataclass(frozen=True)
class Devices:
    """The devices of one branch, each by its kind; None where the branch has none."""

    scale: Scale
    measurer: Measurer
    scanner: CodeScanner
    label_printer: Printer
    receipt_printer: Printer
    payment: PaymentTerminal
    hatch: Hatch
    staff_call: StaffCall
    id_reader: IdReader | None = None
    id_check: IdCheck | None = None
    locker: Locker | None = None
    signal_tower: SignalTower | None = None
    code_reader: CodeScanner | None = None
    bank_host: BankHost | None = None
    bank_desk: AgencyDesk | None = None
    pin_pad: PinPad | None = None
    document_camera: DocumentCamera | None = None
    officer: OfficerDesk | None = None
    guard: Guard | None = None

    def all(self) -> tuple[Device, ...]:
        """Every device that the branch has, for the supervisor."""
        every = (
            self.scale, self.measurer, self.scanner, self.label_printer, self.receipt_printer, self.payment,
            self.hatch, self.staff_call, self.id_reader, self.id_check, self.locker, self.signal_tower,
            self.code_reader, self.bank_host, self.bank_desk, self.pin_pad, self.document_camera, self.officer,
            self.guard,
        )  # fmt: skip
        return tuple(device for device in every if device is not None)


def assemble(tables: Mapping[str, Table]) -> Devices:
    """The drivers of all `[devices.*]` tables; nothing is opened."""
    for name in tables:
        if name not in (*NAMES, *OPTIONAL):
            raise TableError(name, f"is no device of a branch; known are {', '.join((*NAMES, *OPTIONAL))}")
    return Devices(
        scale=build(SCALES, "scale", tables),
        measurer=build(MEASURERS, "measurer", tables),
        scanner=build(SCANNERS, "scanner", tables),
        label_printer=build(PRINTERS, "label_printer", tables),
        receipt_printer=build(PRINTERS, "receipt_printer", tables),
        payment=build(TERMINALS, "payment", tables),
        hatch=build(HATCHES, "hatch", tables),
        staff_call=build(CALLS, "staff_call", tables),
        id_reader=build_optional(ID_READERS, "id_reader", tables),
        id_check=build_optional(ID_CHECKS, "id_check", tables),
        locker=build_optional(LOCKERS, "locker", tables),
        signal_tower=build_optional(TOWERS, "signal_tower", tables),
        code_reader=build_optional(CODE_READERS, "code_reader", tables),
        bank_host=build_optional(BANK_HOSTS, "bank_host", tables),
        bank_desk=build_optional(BANK_DESKS, "bank_desk", tables),
        pin_pad=build_optional(PIN_PADS, "pin_pad", tables),
        document_camera=build_optional(DOCUMENT_CAMERAS, "document_camera", tables),
        officer=build_optional(OFFICERS, "officer", tables),
        guard=build_optional(GUARDS, "guard", tables),
    )


def build_optional(drivers: Mapping[str, Callable[..., T]], name: str, tables: Mapping[str, Table]) -> T | None:
    """The driver of a device that a branch may lack, or None without its table."""
    return build(drivers, name, tables) if name in tables else None


def build(drivers: Mapping[str, Callable[..., T]], name: str, tables: Mapping[str, Table]) -> T:
    """One driver from its table."""
    if name not in tables:
        raise TableError(name, f"is missing; add it with a driver word ({', '.join(drivers)})")
    options = dict(tables[name])
    word = options.pop("driver", None)
    if not isinstance(word, str) or word not in drivers:
        raise TableError(name, f"driver = {word!r} cannot drive it; use one of {', '.join(drivers)}")
    file = options.pop("record", None)
    check(name, word, drivers[word], options)
    if file and word in UNRECORDED:
        raise TableError(name, f"record: what {word} says is signed, sealed or a picture, and not recorded; remove it")
    try:
        with recorded(Tap(name, word, Path(str(file))) if file else None):
            return drivers[word](name, **options)
    except ValueError as why:
        raise TableError(name, str(why)) from why


def check(name: str, word: str, driver: Callable[..., object], options: Table) -> None:
    """Compare options with the driver's parameters."""
    takes = {key: each for key, each in inspect.signature(driver).parameters.items() if key != "name"}
    for key, value in options.items():
        if key not in takes:
            raise TableError(name, f"{key}: driver {word} takes no such option; it takes {', '.join(takes)}")
        wanted = str(takes[key].annotation)
        if type(value).__name__ != wanted and not (wanted == "float" and type(value) is int):
            raise TableError(name, f"{key} = {value!r}: must be {TYPE_WORDS.get(wanted, wanted)}")
    missing = [key for key, each in takes.items() if each.default is inspect.Parameter.empty and key not in options]
    if missing:
        raise TableError(name, f"{missing[0]} is missing; driver {word} needs {', '.join(missing)}")
