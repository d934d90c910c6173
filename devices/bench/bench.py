"""Every peer of one branch around one world, and the options that lead a branch to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from devices.bench.badge import Badge
from devices.bench.bank import Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.bench.call_desk import CallDeskPeer
from devices.bench.cameras import CamerasPeer
from devices.bench.counter_web import GlassPeer, IntakePeer, OfficerPeer, key_of, sealed_to
from devices.bench.dock import DockPeer
from devices.bench.escpos import EscPosPeer
from devices.bench.hatch import HatchPeer
from devices.bench.id_slot import IdSlot, missing
from devices.bench.locker import CuLockerPeer, Wall
from devices.bench.peer import Peer
from devices.bench.pin_pad import PinPadPeer
from devices.bench.plan import carry_out, turns
from devices.bench.printer import PrinterPeer
from devices.bench.scale import ScalePeer
from devices.bench.scanner import ANSWER, ENQUIRY, ScannerPeer
from devices.bench.signal_tower import SignalTowerPeer
from devices.bench.terminal import TerminalPeer
from devices.bench.verification import VerificationPeer
from devices.bench.world import World
from devices.bench.zpl import ZplPeer
from vision.measure.rig import Rig

Tables = dict[str, dict[str, object]]
HOST = "127.0.0.1"
#: Partner banks that do not exist; institution codes above 989 belong to nobody.
BANKS = {"990": "한빛은행(시연)", "991": "누리은행(시연)", "071": "우체국(시연)"}


class Bench:
    """The terminal's `book` may outlive the bench, as a terminal outlives its till. `id_reader` asks for one; where a
    machine cannot have one, `without_reader` says why. `dock` asks for the drawn dock with its ceiling camera."""

    def __init__(
        self, run_dir: Path, rig: Rig, seed: int = 0, book: Path | None = None, id_reader: bool = False,
        dock: bool = False,
    ) -> None:  # fmt: skip
        self.run_dir, self._rig = run_dir, rig
        self._plan: asyncio.Task[None] | None = None
        self.world = World(seed)
        self.scale = ScalePeer(self.world, run_dir / "scale.tty", seed)
        self.terminal = TerminalPeer(book or run_dir / "terminal-book.jsonl", seed)
        self.hatch = HatchPeer(self.world)
        self.desk = CallDeskPeer()
        self.cameras = CamerasPeer(self.world, rig)
        self.receipt_printer = EscPosPeer(seed=seed, page_s=0.3)
        self.label_printer = ZplPeer(seed=seed, page_s=0.3)
        self.wall = Wall()
        self.dock = DockPeer(seed) if dock else None
        self.locker = CuLockerPeer(self.wall, run_dir / "locker.tty", seed)
        self.code_reader = ScannerPeer(run_dir / "scanner.tty", seed)
        self.signal_tower = SignalTowerPeer()
        self.register = VerificationPeer(seed=seed)
        self.bank = Bank((book or run_dir / "x").parent / "bank-book.jsonl")
        mac_key, self._mac_file = made_up_key(run_dir, seed)
        self.switch = SwitchPeer(self.bank, mac_key, seed)
        self.intake = IntakePeer((book or run_dir / "x").parent / "intake-book.jsonl", seed)
        self.pin_pad, self.glass, self.officers = PinPadPeer(seed), GlassPeer(seed), OfficerPeer(seed=seed)
        self.badge = Badge()
        self.without_reader = missing() if id_reader else "not asked for; start the bench with --id-reader"
        self.id_slot = None if self.without_reader else IdSlot(run_dir, self.badge, seed)

    @property
    def peers(self) -> Mapping[str, Peer | PrinterPeer]:
        """The peers by device name; `cameras` stands behind measurer and scanner."""
        return {
            "scale": self.scale, "cameras": self.cameras, "payment": self.terminal,
            "label_printer": self.label_printer, "receipt_printer": self.receipt_printer,
            "hatch": self.hatch, "staff_call": self.desk, "locker": self.locker, "code_reader": self.code_reader,
            "signal_tower": self.signal_tower, "id_check": self.register, "bank_host": self.switch,
            "bank_desk": self.intake, "pin_pad": self.pin_pad, "document_camera": self.glass,
            "officer": self.officers,
            **({"id_reader": self.id_slot} if self.id_slot else {}),
        }  # fmt: skip

    async def start(self) -> Tables:
        """Start every peer; returns the overlay's tables; a name in brackets is one entry of an array of tables."""
        terminal, desk = await self.terminal.start(), await self.desk.start()
        cameras = await self.cameras.start()
        worker = {"socket": str(self.run_dir / "measurer.sock")}
        devices: Tables = {
            "scale": {"driver": "mt_sics", "port": await self.scale.start()},
            "measurer": {"driver": "measurer", **worker},
            "scanner": {"driver": "table_scanner", **worker},
            "label_printer": {"driver": "zpl", "host": HOST, "port": await self.label_printer.start()},
            "receipt_printer": {"driver": "escpos", "host": HOST, "port": await self.receipt_printer.start()},
            "payment": {"driver": "nexo", "url": f"http://{HOST}:{terminal}"},
            "hatch": {"driver": "modbus_hatch", "host": HOST, "port": await self.hatch.start()},
            "staff_call": {"driver": "call_desk", "url": f"http://{HOST}:{desk}"},
            **await self._start_optional(),
        }
        tables: Tables = {f"devices.{name}": {**table, "simulated": True} for name, table in devices.items()}
        tables["cameras"] = {each.name: f"http://{HOST}:{cameras}/{each.name}.mjpg" for each in self._rig.cameras}
        tables["[officers]"] = officer()
        tables |= {f"banks.{code}": bank_keys(code, name) for code, name in BANKS.items()}
        tables |= await self._start_dock()
        tables["centre"] = {"seal_key": sealed_to("centre")}
        return tables

    async def _start_dock(self) -> Tables:
        """The guarded floor: one camera, which here looks at the lobby too, so that the screen has something to say."""
        if self.dock is None:
            return {}
        await self.dock.start()
        floor = self.run_dir / "floor.toml"
        self.dock.write_floor(floor)
        guard: dict[str, object] = {"driver": "guard", "socket": str(self.run_dir / "guard.sock"), "simulated": True}
        return {"guard": {"floors": [str(floor)], "lobby": ["dock"]}, "devices.guard": guard}

    async def _start_optional(self) -> Tables:
        """The devices that a branch may lack."""
        scanner = {"port": await self.code_reader.start(), "enquiry": ENQUIRY, "answer": ANSWER}
        tower = {"at": await self.signal_tower.start(), "watchdog": True, "supply_sensor": True}
        return {
            "locker": {"driver": "kr_cu", "port": await self.locker.start(), "door_sensors": True},
            "code_reader": {"driver": "serial_scanner", **scanner},
            "signal_tower": {"driver": "modbus_tower", **tower},
            "id_check": {"driver": "verification_desk", "url": f"http://{HOST}:{await self.register.start()}"},
            **await self._start_counter(),
            **({"id_reader": await self.id_slot.start()} if self.id_slot else {}),
        }

    async def _start_counter(self) -> Tables:
        """The devices of the bank counter."""
        host = {
            "port": await self.switch.start(), "mac_key_file": str(self._mac_file),
            "trace_book": str(self.run_dir / "bank-traces.jsonl"),
        }  # fmt: skip
        desk, glass, queue = await self.intake.start(), await self.glass.start(), await self.officers.start()
        return {
            "bank_host": {"driver": "iso8583", "host": HOST, **host},
            "bank_desk": {"driver": "bank_desk", "url": f"http://{HOST}:{desk}"},
            "pin_pad": {"driver": "xfs_pin_pad", "host": HOST, "port": await self.pin_pad.start()},
            "document_camera": {"driver": "glass_camera", "url": f"http://{HOST}:{glass}"},
            "officer": {"driver": "officer_queue", "url": f"http://{HOST}:{queue}"},
        }

    def plan(self, seed: int | None, every_s: float, lasts_s: float) -> None:
        """Order faults at random by this seed from now on; None ends it and mends the last one."""
        if self._plan is not None:
            self._plan.cancel()
        known = {name: peer.FAULTS for name, peer in self.peers.items()}
        self._plan = None
        if seed is not None:
            self._plan = asyncio.create_task(carry_out(turns(seed, known, every_s, lasts_s), self._order))

    def _order(self, name: str, fault: str, on: bool) -> None:
        self.peers[name].order(fault, on)

    async def stop(self) -> None:
        """Stop every peer."""
        self.plan(None, 0.0, 0.0)
        for peer in (*self.peers.values(), *([self.dock] if self.dock else [])):
            await peer.stop()


def officer() -> dict[str, object]:
    """The officer whose key everybody can make; production refuses it."""
    key = key_of("officer-1").public_key().public_bytes_raw().hex()
    return {"id": "officer-1", "key": key, "live": True, "demonstration": True}


def bank_keys(code: str, name: str) -> dict[str, object]:
    """A bank's keys, of the bench."""
    sign = key_of(f"bank {code}").public_key().public_bytes_raw().hex()
    return {"name_ko": name, "name_en": name, "sign_key": sign, "seal_key": sealed_to(f"bank {code}"),
            "demonstration": True}  # fmt: skip
