"""What an ESC/POS printer's status bytes say: DLE EOT 1..4, GS r. Pure."""

from __future__ import annotations

from devices.ports import DeviceFault, FaultCode, Observation
from devices.printing import observation

#: (answer index, bit mask, fault), DLE EOT 1..4; BUSY is paper being fed by the button.
BITS = (
    (1, 0x04, FaultCode.COVER_OPEN), (1, 0x08, FaultCode.BUSY), (1, 0x20, FaultCode.CONSUMABLE_OUT),
    (2, 0x04, FaultCode.JAM), (2, 0x08, FaultCode.CUTTER_STUCK), (2, 0x20, FaultCode.INTERNAL),
    (2, 0x40, FaultCode.OVERHEATED), (3, 0x60, FaultCode.CONSUMABLE_OUT), (3, 0x0C, FaultCode.CONSUMABLE_LOW),
)  # fmt: skip


def observe(answers: bytes, simulated: bool = False) -> Observation:
    """What the four DLE EOT answers say; DeviceFault PROTOCOL when their fixed bits are wrong."""
    if len(answers) != 4 or any(byte & 0x93 != 0x12 for byte in answers):
        raise DeviceFault(FaultCode.PROTOCOL, f"status {answers.hex(' ')} is not DLE EOT")
    faults = {code for index, mask, code in BITS if answers[index] & mask}
    causes = faults - {FaultCode.CONSUMABLE_LOW}
    if answers[1] & 0x40 and not causes:
        faults.add(FaultCode.INTERNAL)
    elif answers[0] & 0x08 and not causes:
        faults.add(FaultCode.PAUSED)
    return observation(faults, simulated)


def is_marker(byte: int) -> bool:
    """Whether a byte answers GS r, not DLE EOT."""
    return not byte & 0x90
