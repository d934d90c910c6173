"""How often the detector looks: always while somebody is there or something stirs, seldom while nothing does; pure."""
from dataclasses import dataclass

#: Frames a second at which the guard works (facts sheet, 6), and on an empty floor.
FPS, IDLE_FPS = 10.0, 2.0
#: Seconds without a person or a moving truck until the floor counts as empty.
EMPTY_S = 30.0
#: Grey levels by which a pixel must change, and share of the picture that must, to wake the detector (own).
STIR_GREY, STIR_SHARE = 18, 0.002


@dataclass
class Gate:
    """Asked once a frame; times are monotonic seconds."""
    fps: float = FPS
    occupied_at: float | None = None
    looked_at: float | None = None

    def due(self, t: float, stirred: bool) -> bool:
        """Whether the detector should look at this frame."""
        if self.occupied_at is None or stirred:
            self.occupied_at = t
        if self.looked_at is None or not self.idle(t):
            return True
        return t - self.looked_at >= 1 / IDLE_FPS - 0.5 / self.fps

    def looked(self, t: float, occupied: bool) -> None:
        """The detector has looked, and whether a person or a moving truck is there."""
        self.looked_at = t
        if occupied:
            self.occupied_at = t

    def idle(self, t: float) -> bool:
        """Whether the floor has been empty for long enough."""
        return self.occupied_at is not None and t - self.occupied_at >= EMPTY_S
