"""Frames of KR-CU locker boards on RS-485. Pure; no device is touched here.

First generation (CU12, CU16): `02 ADDR CMD 03 SUM`, board and lock in the halves of ADDR; 0x30 asks a board for its
state, answered by 0x35; 0x31 unlocks; 0x32 asks the whole bus, answered by 0x36. Second generation (CU48): board and
lock are bytes of their own, 0x60 asks, 0x61 unlocks, 0x75 answers. SUM is the low byte of the sum of all bytes before
it. Sources differ in which half of ADDR is the board and in what the boards send, so a profile says it: take it from
the vendor's manual of the very board, and prove it: staff open a door of each board in the maintenance mode, for the
reason *inspection*, and see which one springs open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STX, ETX = 0x02, 0x03
WHOLE_BUS = 15


class FrameError(ValueError):
    """Bytes that are no frame of this profile; the text is one sentence."""


@dataclass(frozen=True)
class Profile:
    """One generation of boards: commands, how they are addressed, locks a board has, bytes of state it sends.

    With `bus`, the state of all boards is asked for at once, which spares a long wall its many turns of the line.
    """

    locks: int
    status: int
    unlock: int
    answer: int
    lock_bytes: int
    sensor_bytes: int
    baud: int = 19200
    packed: bool = True
    board_high: bool = True
    bus: int | None = None
    bus_answer: int = 0

    @property
    def state_bytes(self) -> int:
        """Bytes of state per board."""
        return self.lock_bytes + self.sensor_bytes

    @property
    def head_bytes(self) -> int:
        """Bytes before the state: STX, address, command."""
        return 3 if self.packed else 4


PROFILES: Mapping[str, Profile] = {
    "cu16": Profile(16, 0x30, 0x31, 0x35, 2, 2),
    "cu16_bus": Profile(16, 0x30, 0x31, 0x35, 2, 2, bus=0x32, bus_answer=0x36),
    "cu16_board_low": Profile(16, 0x30, 0x31, 0x35, 2, 2, board_high=False),
    "cu48": Profile(48, 0x60, 0x61, 0x75, 6, 0, packed=False),
}


@dataclass(frozen=True)
class BoardState:
    """What one board says of each of its locks, from the first: tongue locked, and its second sensor if it has any."""

    locked: tuple[bool, ...]
    sensed: tuple[bool, ...]


def encode(profile: Profile, board: int, lock: int, command: int) -> bytes:
    """A command to one board (from 0) and, where it matters, one of its locks (from 0)."""
    return sealed(bytes([STX, *address(profile, board, lock, command), ETX]))


def address(profile: Profile, board: int, lock: int, command: int) -> bytes:
    """What stands between STX and the rest: where to, and what."""
    if not profile.packed:
        return bytes([board, lock, command])
    return bytes([board << 4 | lock if profile.board_high else lock << 4 | board, command])


def sealed(frame: bytes) -> bytes:
    """The frame with its sum behind it."""
    return frame + bytes([sum(frame) & 0xFF])


def answer_bytes(profile: Profile, boards: int = 1) -> int:
    """Length of the answer for so many boards."""
    return profile.head_bytes + boards * profile.state_bytes + 2


def decode(profile: Profile, frame: bytes, board: int) -> BoardState:
    """The state of one board from its answer; FrameError for anything else."""
    return _states(profile, frame, address(profile, board, 0, profile.answer), 1)[0]


def decode_bus(profile: Profile, frame: bytes, boards: int) -> tuple[BoardState, ...]:
    """The state of every board from the answer of the whole bus; FrameError for anything else."""
    return _states(profile, frame, address(profile, WHOLE_BUS, 0, profile.bus_answer), boards)


def _states(profile: Profile, frame: bytes, head: bytes, boards: int) -> tuple[BoardState, ...]:
    if len(frame) != answer_bytes(profile, boards):
        raise FrameError(f"{len(frame)} bytes instead of {answer_bytes(profile, boards)}")
    if sealed(frame[:-1]) != frame:
        raise FrameError("the sum does not match")
    if frame[0] != STX or frame[-2] != ETX:
        raise FrameError("no STX or ETX where they belong")
    if frame[1 : profile.head_bytes] != head:
        raise FrameError(f"the answer of another: {frame[1 : profile.head_bytes].hex(' ')}")
    size, state = profile.state_bytes, frame[profile.head_bytes : -2]
    return tuple(_board(profile, state[at : at + size]) for at in range(0, boards * size, size))


def _board(profile: Profile, state: bytes) -> BoardState:
    return BoardState(
        bits(state[: profile.lock_bytes], profile.locks), bits(state[profile.lock_bytes :], profile.locks)
    )


def bits(state: bytes, count: int) -> tuple[bool, ...]:
    """The first `count` bits, the lowest of the first byte first; none for no bytes."""
    whole = int.from_bytes(state, "little")
    return tuple(bool(whole >> at & 1) for at in range(count)) if state else ()
