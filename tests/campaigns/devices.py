"""Every fault of every bench peer against its driver alone: what is said, how soon, and what serves meanwhile.

Each case has two halves on a fresh peer. Under the supervisor at its own pace: how long until the fault is seen, and
until the device is well again once it is taken back. Without it: what the driver's command comes to under the fault,
held against what is true at the other end, and what is said when it is asked again afterwards.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from devices.bench.id_slot import missing
from devices.catalog import NAMES, OPTIONAL
from devices.health import state_of
from devices.ports import DeviceFault, DeviceState, FaultCode, Observation, Status
from devices.supervisor import Supervisor
from kiosk.config import load
from kiosk.flow import Service, availability
from kiosk.menu import services
from kiosk.servicemap import things
from tests.branch import HOUSE
from tests.campaigns import counter_stations, device_table, stations
from tests.campaigns.guard_stations import GuardStation
from tests.campaigns.id_stations import BadgeStation, PassportStation
from tests.campaigns.results import Results
from tests.campaigns.stations import Station, Told, told

Json = dict[str, Any]
SEEN_S, WELL_S, ABREAST = 12.0, 40.0, 8


@dataclass(frozen=True)
class Case:
    """One fault of one peer."""

    station: type[Station]
    fault: str

    @property
    def name(self) -> str:
        """Unique, and stable."""
        return f"{self.station.name}/{self.driver}/{self.fault}"

    @property
    def driver(self) -> str:
        """The driver's word; badges are told apart from documents on the same reader."""
        return f"{self.station.driver}{'-badge' if self.station is BadgeStation else ''}"


STATIONS: tuple[type[Station], ...] = (
    stations.ScaleStation, stations.StreamStation, stations.TableStation, stations.GlanceStation,
    stations.LabelStation, stations.ReceiptStation, stations.PaymentStation, stations.HatchStation,
    stations.DeskStation, stations.LockerStation, stations.BoardStation, stations.TowerStation, GuardStation,
    stations.ReaderStation, stations.CheckStation, PassportStation, BadgeStation, *counter_stations.STATIONS,
)  # fmt: skip


def cases() -> list[Case]:
    """The whole catalogue."""
    return [Case(station, fault) for station in STATIONS for fault in station.faults]


async def run(case: Case) -> Json:
    """Both halves of one case; never raises."""
    row: Json = {"case": case.name, "device": case.station.name, "driver": case.driver,
                 "fault": case.fault, "outcome": [], "problems": []}  # fmt: skip
    started = time.monotonic()
    try:
        row |= await watched(case) | await asked(case)
    except Exception as error:  # a case that breaks is a result too
        row["problems"].append(f"the case broke: {type(error).__name__}: {error}"[:200])
    row["problems"] += judged(row)
    return {**row, "seconds": round(time.monotonic() - started, 1)}


def judged(row: Json) -> list[str]:
    """What must hold of every row."""
    found = [f"false done: {row[key]}" for key in ("said", "later") if row.get(f"{key}_false")]
    found += ["not well again"] if row.get("well_s", 0.0) is None else []
    silent = row.get("seen_s", 0.0) is None and row.get("said_well")
    return found + (["neither status nor command tells of it"] if silent and row["fault"] not in HARMLESS else [])


def late(row: Json) -> list[str]:
    """What must hold of a loss besides, where the machine is not kept busy by others: it is seen in time."""
    seen = row.get("seen_s", 0.0)
    if row["fault"] not in LOSSES or row["case"] in UNNOTICED or (seen is not None and seen <= LOSS_S):
        return []
    return [f"lost, and not seen within {LOSS_S:.0f} s" + (f" but after {seen} s" if seen else "")]


#: What changes nothing for whoever asks: a late answer within the deadline, one that comes twice or after an old one
#: that is put aside, a token that is fetched anew, codes that were
#: really shown; an enquiry that stays out where none is needed; a new start that is told from its beginning, a name
#: out of which nothing but plain text comes, long commands that the reader replaces by short ones, a cancel that no job
#: needs, an enquiry about the last transaction, and a card number in words of failure where nothing fails.
HARMLESS = frozenset({
    "slow", "duplicate_reply", "out_of_order", "token_lost", "flood", "enquiry_down", "restarted", "control_chars",
    "no_extended", "keeps_jobs", "last_transaction", "card_in_words",
})  # fmt: skip


#: A device that is gone, or silent, or whose cameras or service are; and by when the status must tell of it, seconds. A
#: frozen camera is none of these: it still sends pictures, and a still scene looks like it for a while.
LOSSES = frozenset({
    "mute", "unplug", "left_lost", "right_lost", "both_lost", "dock_lost", "all_lost", "lost", "no_power",
    "service_lost", "service_hangs",
})  # fmt: skip
LOSS_S = 2.0
#: A card that is mute is none that the reader has lost.
UNNOTICED = frozenset({"id_reader/pcsc/mute", "id_reader/pcsc-badge/mute"})


async def watched(case: Case) -> Json:
    """Under the supervisor: seconds until another status, what it says, seconds until well again."""
    with tempfile.TemporaryDirectory() as folder:
        station = case.station(Path(folder))
        await station.start()
        keeper = Supervisor([station.device], seed=1)
        await keeper.start()
        try:
            well = await until(lambda: keeper.status(station.name).usable, WELL_S)
            if well is None:
                raise RuntimeError(f"never well: {keeper.status(station.name)}")
            await prepared(station)
            before = shown(keeper.status(station.name))
            station.peer.order(case.fault)
            seen = await until(lambda: shown(keeper.status(station.name)) != before, SEEN_S)
            status = keeper.status(station.name)
            station.peer.order(case.fault, on=False)
            station.mend()
            again = await until(lambda: keeper.status(station.name).usable and not keeper.status(station.name).faults,
                                WELL_S)  # fmt: skip
        finally:
            await keeper.stop()
            await station.stop()
        return {
            "seen_s": seen, "state": status.state.value, "faults": sorted(status.faults), "well_s": again,
            "open": dict(status.values).get("open", ""),
            "services": touched(station.name, status.faults), "bring": brought(station.name, status.faults),
        }  # fmt: skip


async def prepared(station: Station) -> None:
    """A card lies there when something is ordered of it."""
    if isinstance(station, PassportStation):
        station.peer.lay(station.card)
        await asyncio.sleep(1.5)


async def asked(case: Case) -> Json:
    """The driver alone: its command under the fault, and what is said once the fault is over."""
    with tempfile.TemporaryDirectory() as folder:
        station = case.station(Path(folder))
        await station.start()
        try:
            await opened(station)
            station.peer.order(case.fault)
            await asyncio.sleep(0.1)
            said = await told(station.ask)
            status = await found(station)
            station.peer.order(case.fault, on=False)
            later = await afterwards(station, said)
        finally:
            await station.stop()
        return {
            "said": said.words, "said_false": said.false_done, "after": status,
            "said_well": said.done and said.true and said.smooth and not status,
            "later": later.words if later else "", "later_false": bool(later and later.false_done),
            "outcome": [said.words if said.words in set(FaultCode) else "answered"],
        }  # fmt: skip


async def found(station: Station) -> list[str]:
    """Faults that the status shows after the command, while the fault is still on."""
    try:
        return sorted((await station.device.probe()).faults)
    except DeviceFault as fault:
        return [fault.code]


async def opened(station: Station) -> None:
    """Open and look once, as at the start of a day; vision needs a moment for its cameras."""
    end = time.monotonic() + 20
    while True:
        try:
            await station.device.open()
            seen = await station.device.probe()
            if not seen.faults or time.monotonic() > end:
                return
        except DeviceFault:
            if time.monotonic() > end:
                raise
        await asyncio.sleep(0.3)


async def afterwards(station: Station, said: Told) -> Told | None:
    """The same again once the fault is over, on a line that is opened anew."""
    if type(station).then is Station.then:
        return None
    await station.device.close()
    await opened(station)
    return await told(station.then)


def shown(status: Status) -> tuple[DeviceState, frozenset[FaultCode], str]:
    """What of a status counts as having changed; doors that stand open are a value, not a fault."""
    return status.state, status.faults, dict(status.values).get("open", "")


async def until(holds: Callable[[], bool], within_s: float) -> float | None:
    """Seconds until it held, None if it did not."""
    began = time.monotonic()
    while time.monotonic() - began < within_s:
        if holds():
            return round(time.monotonic() - began, 1)
        await asyncio.sleep(0.05)
    return None


@cache
def menu() -> tuple[Service, ...]:
    """The services of the branch as shipped."""
    return services(load(HOUSE / "config" / "branch.toml"), False)


def touched(name: str, faults: frozenset[FaultCode]) -> dict[str, str]:
    """What becomes of each service that asks for this device, with these faults and all else well."""
    now = datetime.now(UTC)
    state, kept = state_of(Observation(faults))
    devices = {each: Status(DeviceState.ONLINE, now, now) for each in (*NAMES, *OPTIONAL)}
    devices[name] = Status(state, now, now, kept)
    asking = [each for each in menu() if name in (*each.needs, *each.wants)]
    return {each.name: availability(each, devices, ()).state for each in asking}


def brought(name: str, faults: frozenset[FaultCode]) -> list[str]:
    """What to bring for these faults, each thing once."""
    return list(dict.fromkeys(thing for fault in sorted(faults) for thing in things(name, fault)))


async def all_of(todo: Sequence[Case], done: Callable[[Json], None]) -> None:
    """Many side by side; one ID reader and one vision process at a time."""
    places = {"many": asyncio.Semaphore(ABREAST), "reader": asyncio.Semaphore(1), "table": asyncio.Semaphore(1)}

    async def one(case: Case) -> None:
        kind = "reader" if issubclass(case.station, PassportStation) else "many"
        kind = "table" if issubclass(case.station, stations.TableStation) else kind
        async with places[kind]:
            done(await run(case))

    await asyncio.gather(*(one(case) for case in todo))


def evidence(folder: Path, document: Path, say: Callable[[str], object]) -> bool:
    """Every case that has no result yet, and the table of all; True when nothing claimed what was not so."""
    results = Results(folder, "devices")

    def done(row: Json) -> None:
        row["problems"] += late(row)
        results.add(row)
        say(f"{row['case']}: {'; '.join(row['problems']) or 'well'} ({row['seconds']:.0f} s)")

    reason = missing()
    wanted = [case for case in cases() if not (reason and issubclass(case.station, PassportStation))]
    asyncio.run(all_of([case for case in wanted if case.name not in results.rows], done))
    rows = [results.rows[case.name] for case in wanted]
    say(f"devices: n = {len(rows)} faults, code {results.code}; something did not hold in {len(results.bad)}")
    if reason:
        say(f"  {len(cases()) - len(wanted)} faults of the ID reader not met: {reason}; the table is left as it was")
        return False
    document.write_text(device_table.document(rows), encoding="utf-8")
    return not results.bad

