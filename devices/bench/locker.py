"""A locker wall, and its KR-CU board on a pseudo-terminal. The board makes its own frames: it shares no codec."""

from __future__ import annotations

import asyncio
from pathlib import Path

from devices.bench.pty import PtyPeer

MOVE_S = 0.15


class Wall:
    """Doors with a lock and a sprung leaf; numbers from 1. What is true here, whatever a board says."""

    def __init__(self, doors: int = 16) -> None:
        self.locked = [True] * doors
        self.closed = [True] * doors

    def release(self, door: int, opens: bool = True) -> None:
        """The lock lets go, and the leaf springs open unless it is stuck."""
        self.locked[door - 1] = False
        self.closed[door - 1] = self.closed[door - 1] and not opens

    def close(self, door: int) -> None:
        """Somebody pushes the leaf shut; the lock snaps in."""
        self.locked[door - 1] = self.closed[door - 1] = True

    @property
    def open(self) -> list[int]:
        """Doors that stand open."""
        return [at + 1 for at, closed in enumerate(self.closed) if not closed]


class CuLockerPeer(PtyPeer):
    """Boards of sixteen locks each, or one of forty-eight of the second generation; some answer the unlocking too."""

    FAULTS = (
        "mute", "garbage", "half_frame", "slow", "unplug", "wrong_sum", "wrong_address", "jammed", "leaf_stuck",
        "sensor_stuck", "door_left_open", "wrong_door",
    )  # fmt: skip

    def __init__(self, wall: Wall, link: Path, seed: int = 0, slow_s: float = 0.2, talkative: bool = False) -> None:
        super().__init__(link, seed, slow_s)
        self._wall, self._heard, self._talkative = wall, bytearray(), talkative
        self._shown = list(wall.locked)

    def cut(self) -> None:
        """Forget half a command."""
        self._heard.clear()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Freeze what the sensors show; leave a door open, or have it shut again."""
        super().ordered_changed(fault, on)
        self._shown = list(self._wall.locked)
        if fault == "door_left_open":
            self._wall.release(1) if on else self._wall.close(1)

    def heard(self, data: bytes) -> None:
        """Frames end with ETX and a sum; one with a wrong sum is not heard."""
        self._heard += data
        size = 6 if len(self._wall.locked) == 48 else 5
        while len(self._heard) >= size:
            frame, self._heard[:] = bytes(self._heard[:size]), self._heard[size:]
            if frame[0] == 2 and frame[-2] == 3 and sum(frame[:-1]) % 256 == frame[-1]:
                self._obey(frame[1:-2])

    def _obey(self, words: bytes) -> None:
        match tuple(words):
            case (address, 0x30) if address >> 4 < len(self._wall.locked) // 16:
                self.spawn(self.reply(self._state(words, 0x35, (address >> 4) * 16, 16)))
            case (0xF0, 0x32):
                self.spawn(self.reply(self._state(words, 0x36, 0, len(self._wall.locked))))
            case (0x00, 0x00, 0x60):
                self.spawn(self.reply(self._state(words, 0x75, 0, 48)))
            case (address, 0x31) if address < len(self._wall.locked):
                self.spawn(self._move(address + 1))
                if self._talkative:
                    self.spawn(self.reply(self._state(words, 0x35, 0, 16)))
            case (0x00, lock, 0x61) if lock < len(self._wall.locked):
                self.spawn(self._move(lock + 1))

    def _state(self, asked: bytes, answer: int, first: int, count: int) -> bytes:
        locked = self._shown if "sensor_stuck" in self.ordered else self._wall.locked
        where = asked[:-1] if "wrong_address" not in self.ordered else bytes([asked[0] ^ 0x30, *asked[1:-1]])
        frame = b"\x02" + where + bytes([answer])
        if answer == 0x75:
            frame += packed(locked)
        else:
            for board in range(first, first + count, 16):
                frame += packed(locked[board : board + 16]) + packed(self._wall.closed[board : board + 16])
        frame += b"\x03"
        return frame + bytes([(sum(frame) + ("wrong_sum" in self.ordered)) % 256])

    async def _move(self, door: int) -> None:
        """The lock moves unless it is jammed, unplugged boards hear nothing."""
        await asyncio.sleep(MOVE_S)
        if "jammed" not in self.ordered:
            moved = door % len(self._wall.locked) + 1 if "wrong_door" in self.ordered else door
            self._wall.release(moved, "leaf_stuck" not in self.ordered)


def packed(states: list[bool]) -> bytes:
    """Eight to the byte, the first lowest."""
    return bytes(sum(on << at for at, on in enumerate(states[start : start + 8])) for start in range(0, len(states), 8))
