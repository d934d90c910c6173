"""What a measurer says: a size or a refusal, how far a calibration is, the lens that came of it. Contracts: pure."""

from __future__ import annotations

from dataclasses import dataclass

#: Why a parcel is not measured.
REASONS = (
    "no_parcel", "two_objects", "out_of_zone", "too_tall", "hand_in_view", "dark", "glare", "tag_lost", "moved",
    "disagreement", "unknown_shape",
)  # fmt: skip
#: Why the views of a guide make no lens: they do not fill the picture, contradict each other, fit no such camera, or
#: leave its focal length open.
UNSOLVED = ("few", "spread", "odd", "loose")


@dataclass(frozen=True)
class Size:
    """A measurer's answer or refusal. Millimetres; uncertainty is the 95 % half-width; reason on refusal only."""

    answered: bool
    length_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    uncertainty_mm: tuple[float, float, float] | None = None
    kind: str | None = None
    reason: str | None = None
    rig_residual_px: float | None = None
    elapsed_ms: float | None = None
    #: How many cameras saw their tags and the parcel, and which of the rig's did not.
    cameras: int = 2
    blind: tuple[str, ...] = ()
    #: Cameras that no longer stand where they stood when the rig was checked.
    knocked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guidance:
    """How far the calibration of a camera is: views kept, corners of the board per cell of the coverage map (8 across,
    5 down, row by row), what to do next (`show`, `move`, `tilt`, `fill`, `ready`), and whether it may be solved."""

    views: int
    cells: tuple[int, ...]
    hint: str
    ready: bool


@dataclass(frozen=True)
class Calibration:
    """A camera's lens as found: root mean square residual in pixels and the views it stands on; or why none was (one of
    UNSOLVED), with the residual where the views left one."""

    solved: bool
    residual_px: float = 0.0
    views: int = 0
    why: str = ""
