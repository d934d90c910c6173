"""What calls for the guard as well as for staff: a forced door, one left open, power that is gone. Pure.

The alarm relay of the signal tower is energised while all is well, so it drops by itself without power or branch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from devices.ports import FaultCode, Status

#: Faults of a device, as facts or as a link that is believed lost, and the staff task that each raises.
REASONS: Mapping[tuple[str, str], str] = {
    ("locker", FaultCode.DOOR_FORCED): "locker_forced",
    ("locker", FaultCode.DOOR_OPEN): "locker_left_open",
    **{("locker", code): "locker_unwatched" for code in (FaultCode.NO_POWER, FaultCode.DISCONNECTED,
                                                         FaultCode.NO_RESPONSE)},
    ("signal_tower", FaultCode.NO_POWER): "power_lost",
}  # fmt: skip
#: The same for what a person has to mend and nobody outside is alarmed by.
MENDED: Mapping[tuple[str, str], str] = {("measurer", FaultCode.MISCONFIGURED): "measurer_unready"}
#: Tasks for which the alarm stays on until a person has settled them, whatever the sensors say meanwhile.
HELD = frozenset({"locker_forced"})


def reasons(device: str, faults: Iterable[str]) -> list[str]:
    """The staff tasks that these faults of a device raise."""
    return [REASONS[device, code] for code in sorted(faults) if (device, code) in REASONS]


def tasks(device: str, faults: Iterable[str]) -> list[str]:
    """Every staff task that these faults of a device raise, those of an alarm first."""
    told = sorted(faults)
    return [*reasons(device, told), *(MENDED[device, code] for code in told if (device, code) in MENDED)]


def alarmed(devices: Mapping[str, Status], tasks: Iterable[str]) -> bool:
    """Whether the alarm is to be on: as long as what raised it lasts, and a break-in until it is settled."""
    lasting = any(reasons(name, status.faults) for name, status in devices.items())
    return lasting or not HELD.isdisjoint(tasks)
