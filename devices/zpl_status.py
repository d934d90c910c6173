"""What a ZPL printer's status answers say: ~HQES, ~HS. Pure."""

from __future__ import annotations

import re

from devices.ports import DeviceFault, FaultCode

#: ~HQES error bits -> fault.
ERRORS = (
    (0x00001, FaultCode.CONSUMABLE_OUT),  # media out
    (0x00002, FaultCode.CONSUMABLE_OUT),  # ribbon out
    (0x00004, FaultCode.COVER_OPEN),  # head open
    (0x00008, FaultCode.CUTTER_STUCK),
    (0x2F000, FaultCode.JAM),  # retract, presenter, paper feed, paper path
    (0x00030, FaultCode.OVERHEATED),  # head, motor
    (0x002C0, FaultCode.INTERNAL),  # head element, thermistor
    (0xC0100, FaultCode.MISCONFIGURED),  # firmware configuration, black mark
    (0x10000, FaultCode.PAUSED),
    (0xFFF00C00, FaultCode.INTERNAL),  # bits without a name
)
NEAR_END = 0x8


def errors_of(frame: str) -> set[FaultCode]:
    """Faults in a ~HQES answer (nibbles of 8-digit hexadecimal masks); DeviceFault PROTOCOL when it has none."""
    masks = re.findall(r"(?:ERRORS|WARNINGS):\s+[01]\s+[0-9A-F]{8}\s+([0-9A-F]{8})", frame)
    if len(masks) != 2:
        raise DeviceFault(FaultCode.PROTOCOL, "no error and warning masks in the ~HQES answer")
    errors, warnings = (int(mask, 16) for mask in masks)
    faults = {code for mask, code in ERRORS if errors & mask}
    return faults | ({FaultCode.CONSUMABLE_LOW} if warnings & NEAR_END else set())


def host_status(frames: list[str]) -> set[FaultCode]:
    """Faults in the three strings of ~HS; DeviceFault PROTOCOL when their fields are not those of the manual."""
    fields = [frame.split(",") for frame in frames]
    if [len(each) for each in fields] != [12, 11, 2]:
        raise DeviceFault(FaultCode.PROTOCOL, "~HS with a wrong number of fields")
    first, second, _ = fields
    if not {*first[1:3], first[5], first[7], *first[9:], *second[2:4]} <= {"0", "1"}:
        raise DeviceFault(FaultCode.PROTOCOL, "~HS with a flag that is neither 0 nor 1")
    flags = {
        FaultCode.CONSUMABLE_OUT: "1" in (first[1], second[3]),
        FaultCode.COVER_OPEN: second[2] == "1",
        FaultCode.PAUSED: first[2] == "1",
        FaultCode.BUSY: "1" in (first[5], first[7]),
        FaultCode.INTERNAL: "1" in (first[9], first[10]),
        FaultCode.OVERHEATED: first[11] == "1",
    }
    return {code for code, on in flags.items() if on}


def held(frames: list[str]) -> int:
    """Formats in the buffer and labels of a batch that are still to come, in the three strings of ~HS."""
    host_status(frames)
    formats, batch = frames[0].split(",")[4], frames[1].split(",")[8]
    if not (formats.isdecimal() and batch.isdecimal()):
        raise DeviceFault(FaultCode.PROTOCOL, "~HS with counts that are no numbers")
    return int(formats) + int(batch)
