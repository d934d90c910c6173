"""How the health of a device is judged: three strikes either way, and a breaker in front of its commands. Pure.

A soft fault may be a glitch of the line, so three in a row are needed before a device that served counts as lost. A
lost link is told at once. What a device itself reports (no paper, cover open) is told at once and over at once. After a
lost link or three soft faults, three good answers in a row are needed before the device serves again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from devices.ports import TOLERABLE, DeviceFault, DeviceState, FaultCode, Observation

#: Failures in a row before a soft fault is believed, good answers in a row before its end is.
STRIKES = 3


class Answer(StrEnum):
    """What one probe came to, the gravest last."""

    GOOD = "good"
    SOFT = "soft"
    FACT = "fact"
    LINK = "link"


_SOFT, _FACT, _LINK = Answer.SOFT, Answer.FACT, Answer.LINK

#: Every fault code that can be told of a device: what it counts as, and the XFS4IoT device state in which it shows.
FAULTS: Mapping[FaultCode, tuple[Answer, DeviceState]] = {
    FaultCode.DISCONNECTED: (_LINK, DeviceState.OFFLINE),
    FaultCode.NO_SERVICE: (_LINK, DeviceState.OFFLINE),
    FaultCode.NO_POWER: (_LINK, DeviceState.OFFLINE),
    FaultCode.NO_RESPONSE: (_SOFT, DeviceState.OFFLINE),
    FaultCode.STALE_DATA: (_SOFT, DeviceState.OFFLINE),
    FaultCode.TIME_OUT: (_SOFT, DeviceState.OFFLINE),
    FaultCode.CANCELED: (_SOFT, DeviceState.OFFLINE),
    FaultCode.OUTCOME_UNKNOWN: (_SOFT, DeviceState.OFFLINE),
    FaultCode.NO_ACQUIRER: (_FACT, DeviceState.OFFLINE),
    FaultCode.NOT_LOGGED_IN: (_SOFT, DeviceState.OFFLINE),
    FaultCode.PROTOCOL: (_SOFT, DeviceState.HARDWARE_ERROR),
    FaultCode.INTERNAL: (_SOFT, DeviceState.HARDWARE_ERROR),
    FaultCode.NOT_PAIRED: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.MISCONFIGURED: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.UNSUPPORTED: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.OVERHEATED: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.CUTTER_STUCK: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.DOOR_STUCK: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.CAMERA_DARK: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.CAMERA_TAMPERED: (_FACT, DeviceState.POTENTIAL_FRAUD),
    FaultCode.NO_SENSOR: (_FACT, DeviceState.HARDWARE_ERROR),
    FaultCode.CONSUMABLE_OUT: (_FACT, DeviceState.USER_ERROR),
    FaultCode.COVER_OPEN: (_FACT, DeviceState.USER_ERROR),
    FaultCode.PAUSED: (_FACT, DeviceState.USER_ERROR),
    FaultCode.JAM: (_FACT, DeviceState.USER_ERROR),
    FaultCode.OVERLOAD: (_FACT, DeviceState.USER_ERROR),
    FaultCode.UNDERLOAD: (_FACT, DeviceState.USER_ERROR),
    FaultCode.TARED: (_FACT, DeviceState.USER_ERROR),
    FaultCode.DOOR_OPEN: (_FACT, DeviceState.USER_ERROR),
    FaultCode.DOOR_FORCED: (_FACT, DeviceState.POTENTIAL_FRAUD),
    FaultCode.BIN_FULL: (_FACT, DeviceState.USER_ERROR),
    FaultCode.NO_MEDIA: (_FACT, DeviceState.USER_ERROR),
    FaultCode.MEDIA_REMOVED: (_FACT, DeviceState.USER_ERROR),
    FaultCode.MEDIA_COLLISION: (_FACT, DeviceState.USER_ERROR),
    FaultCode.MEDIA_UNKNOWN: (_FACT, DeviceState.USER_ERROR),
    FaultCode.ACCESS_DENIED: (_FACT, DeviceState.USER_ERROR),
    FaultCode.NOT_TAKEN: (_FACT, DeviceState.USER_ERROR),
    FaultCode.DUPLICATE_JOB: (_FACT, DeviceState.USER_ERROR),
}

#: A code without a line of its own.
UNLISTED = (_FACT, DeviceState.HARDWARE_ERROR)
#: After these the connection is opened again before the device is judged: it may only have been closed meanwhile.
REOPENS = frozenset({FaultCode.DISCONNECTED, FaultCode.NOT_LOGGED_IN})
#: Which state is shown when several faults name different ones.
GRAVEST = (DeviceState.POTENTIAL_FRAUD, DeviceState.OFFLINE, DeviceState.HARDWARE_ERROR, DeviceState.USER_ERROR)


def state_of(observed: Observation) -> tuple[DeviceState, frozenset[FaultCode]]:
    """Device state and faults of a real reply; a busy device is busy, not faulty."""
    faults = observed.faults - {FaultCode.BUSY}
    states = {FAULTS.get(code, UNLISTED)[1] for code in faults - TOLERABLE}
    if states:
        return min(states, key=GRAVEST.index), faults
    return DeviceState.DEVICE_BUSY if FaultCode.BUSY in observed.faults else DeviceState.ONLINE, faults


def judge(faults: frozenset[FaultCode]) -> Answer:
    """What these faults count as: the gravest of them; what can be lived with is no fault."""
    found = [FAULTS.get(code, UNLISTED)[0] for code in faults - TOLERABLE - {FaultCode.BUSY}]
    return max(found, key=list(Answer).index, default=Answer.GOOD)


@dataclass(frozen=True)
class Strikes:
    """A device's record: does it count as serving (None: never heard), failures in a row, good answers it owes."""

    up: bool | None = None
    misses: int = 0
    owed: int = 0

    def after(self, answer: Answer) -> Strikes:
        """The record after one more probe."""
        owed = max(0, self.owed - 1)
        match answer:
            case Answer.GOOD:
                return Strikes(not owed, 0, owed)
            case Answer.FACT:
                return Strikes(False, 0, owed)
            case Answer.LINK:
                return Strikes(False, 0, STRIKES)
            case Answer.SOFT:
                doubted = self.up is True and self.misses + 1 < STRIKES
                return Strikes(True, self.misses + 1) if doubted else Strikes(False, self.misses + 1, STRIKES)

    def tells(self, answer: Answer) -> bool:
        """Whether the probe that led here is shown; if not, what was shown before still is."""
        return not (answer is Answer.SOFT and self.up) and not (answer is Answer.GOOD and not self.up)

    @property
    def unsettled(self) -> bool:
        """Whether the next probe should come soon, because it may decide."""
        return bool(self.misses if self.up else self.owed)


@dataclass(frozen=True)
class Breaker:
    """In front of a device's commands: open after STRIKES failed probes in a row, closed by the first answered one."""

    failures: int = 0
    last: DeviceFault | None = None

    def failed(self, fault: DeviceFault) -> Breaker:
        """After one more probe that failed."""
        return Breaker(self.failures + 1, fault)

    @property
    def refusal(self) -> DeviceFault | None:
        """The fault with which a command fails at once; None while commands may pass."""
        if self.last is None or self.failures < STRIKES:
            return None
        return DeviceFault(self.last.code, f"not tried, the last {self.failures} probes failed: {self.last.detail}")
