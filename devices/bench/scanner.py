"""A serial code scanner on a pseudo-terminal: sends what is held before it, answers `VER?` with its version."""

from __future__ import annotations

from pathlib import Path

from devices.bench.pty import PtyPeer

ENQUIRY, ANSWER = "VER?\r", "VER "
NUMBER = b"6899900000001"


class ScannerPeer(PtyPeer):
    """`flood`, `too_long`, `control_chars` and `wedge` (a code between the keys of a keyboard wedge) are of its own."""

    FAULTS = ("mute", "garbage", "half_frame", "slow", "unplug", "flood", "too_long", "control_chars", "wedge")

    def __init__(self, link: Path, seed: int = 0, slow_s: float = 0.6) -> None:
        super().__init__(link, seed, slow_s)
        self._line = bytearray()

    def show(self, text: str) -> None:
        """Hold a code before the window."""
        self.spawn(self.reply(self._wrapped(text.encode()), b"\r\n"))

    def ordered_changed(self, fault: str, on: bool) -> None:
        """A flood comes by itself."""
        super().ordered_changed(fault, on)
        if on and fault == "flood":
            self.send(b"".join(b"%013d\r\n" % number for number in range(6899900000000, 6899900000200)))

    def cut(self) -> None:
        """Forget half an enquiry."""
        self._line.clear()

    def heard(self, data: bytes) -> None:
        """Answer every enquiry."""
        self._line += data
        while (end := self._line.find(b"\r")) >= 0:
            asked, self._line[:] = bytes(self._line[: end + 1]), self._line[end + 1 :]
            if asked == ENQUIRY.encode():
                self.spawn(self.reply(f"{ANSWER}1.00\r\n".encode(), b"\r\n"))

    def _wrapped(self, code: bytes) -> bytes:
        if "too_long" in self.ordered:
            code *= 129 // max(1, len(code)) + 1
        if "control_chars" in self.ordered:
            code = code[:4] + b"\x1b[2J\x07" + code[4:]
        if "wedge" in self.ordered:
            code = b"\x02" + code + b"\t"
        return code + b"\r\n"
