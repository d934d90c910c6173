"""Codes that somebody holds before a camera: quick on every frame, thorough on a marked region every few frames.

Quick is full resolution (half of it loses Code 128), two symbologies and upright codes only: some 7 ms for 1080p.
Thorough is every symbology and turn, on the middle of the picture where the screen asks for the code to be held.
"""
from collections.abc import Mapping

import cv2
import numpy as np
import zxingcpp

from vision.measure.codes import Code, Picture, read, unique

QUICK_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode])
#: Each how manieth look is thorough.
THOROUGH_EVERY = 5
#: The marked region, pixels in the middle of the picture.
MARKED_PX = (640, 480)


class Glance:
    """Looks at one frame of each camera at a time."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self, frames: Mapping[str, Picture]) -> list[Code]:
        """Codes seen in these frames (BGR), each once."""
        self.looks += 1
        grays = {name: np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8) for name, frame in frames.items()}
        found = [code for name, gray in grays.items() for code in quick(gray, name)]
        if not found and self.looks % THOROUGH_EVERY == 0:
            found = [code for name, gray in grays.items() for code in read(marked(gray), name)]
        return unique(found)


def quick(gray: Picture, camera: str) -> list[Code]:
    """Upright Code 128 and QR codes anywhere in a grey picture, at its full resolution."""
    found = zxingcpp.read_barcodes(gray, QUICK_FORMATS, try_rotate=False, try_downscale=False, try_invert=False)
    return [Code(each.text, each.format.name, camera) for each in found if each.valid]


def marked(gray: Picture) -> Picture:
    """The region in the middle of a grey picture, at its full resolution."""
    height, width = gray.shape
    left, top = max(0, (width - MARKED_PX[0]) // 2), max(0, (height - MARKED_PX[1]) // 2)
    return np.ascontiguousarray(gray[top:top + MARKED_PX[1], left:left + MARKED_PX[0]])
