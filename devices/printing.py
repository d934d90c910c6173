"""What the two printer drivers share: when a job is refused, what silence means, and the paper state. Pure."""

from __future__ import annotations

from devices.ports import TOLERABLE, DeviceFault, FaultCode, Observation, PaperState, Picture

#: Seconds for one status answer; seconds to wait for another exchange on the same wire.
REPLY_S = 2.0
TURN_S = 5.0
#: Faults that leave open whether a device did what it was told.
SILENCE = frozenset({FaultCode.NO_RESPONSE, FaultCode.PROTOCOL, FaultCode.DISCONNECTED})
PAPER = {
    FaultCode.CONSUMABLE_OUT: PaperState.OUT,
    FaultCode.JAM: PaperState.JAMMED,
    FaultCode.CONSUMABLE_LOW: PaperState.LOW,
}


def refuse(seen: Observation, when: str) -> None:
    """DeviceFault for the first fault, in FaultCode's order, with which a printer cannot print."""
    for code in FaultCode:
        if code in seen.faults - TOLERABLE:
            raise DeviceFault(code, when)


def unknown(fault: DeviceFault) -> DeviceFault:
    """What a fault means once the first byte of a job is out: silence leaves the outcome unknown."""
    if fault.code in SILENCE:
        return DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"after the first byte of the job: {fault.detail or fault.code}")
    return fault


def paper_of(faults: frozenset[FaultCode]) -> PaperState:
    """XFS4IoT paper state of these faults: the worst wins."""
    return next((state for code, state in PAPER.items() if code in faults), PaperState.FULL)


def observation(faults: set[FaultCode], simulated: bool) -> Observation:
    """Faults with the paper state that staff and status page read."""
    seen = frozenset(faults)
    return Observation(seen, (("paper", str(paper_of(seen))),), simulated=simulated)


def check_width(picture: Picture, width_dots: int) -> None:
    """DeviceFault MISCONFIGURED when the picture is wider than the print head."""
    if picture.width > width_dots:
        raise DeviceFault(FaultCode.MISCONFIGURED, f"picture of {picture.width} dots on a head of {width_dots}")
