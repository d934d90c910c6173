"""Too much light: a picture that it drowns, and tags whose white it spreads over their edges."""
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats, Pinhole
from vision.measure.refuse import GLARE_SHARE
from vision.measure.rig import Rig

Picture = npt.NDArray[np.uint8]
WHITE, BURNT = 250, 253
BURNT_SHARE = 0.75
QUIET = 1.18
"""Where a tag's white border is looked at, from its centre in half sides."""


def is_drowned(frame: Picture) -> bool:
    """Whether light drowns much of a BGR picture."""
    return float((frame[::8, ::8].min(axis=2) > WHITE).mean()) > GLARE_SHARE


def is_burnt(frame: Picture, view: Pinhole, rig: Rig) -> bool:
    """Whether the white around most tags of a straightened picture is at the camera's end: there it creeps over the
    edges, and a residual tells of light, not of a tag or a camera that was moved."""
    spots = view.project(np.vstack([border(tag.corners()) for tag in rig.tags])).round().astype(int)
    inside = spots[((spots >= 0) & (spots < np.array(view.size_px))).all(axis=1)]
    white = frame[inside[:, 1], inside[:, 0]].min(axis=1) >= BURNT
    return bool(len(white)) and float(white.mean()) > BURNT_SHARE


def border(corners: Floats) -> Floats:
    """Points (8, 3) mm on the white border of a tag with these corners: at corners and middles."""
    middle = corners.mean(axis=0)
    around = np.vstack([corners, (corners + np.roll(corners, -1, axis=0)) / 2])
    return np.asarray(middle + (around - middle) * QUIET)
