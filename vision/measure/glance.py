"""Codes that somebody holds before a camera: quick on every frame, thorough on a marked region every few frames.

Quick is full resolution (half of it loses Code 128), two symbologies and upright codes only: some 4 ms for 1080p. What
costs is noise that looks like the corners of QR codes: it is smoothed away but in the middle, where fine codes count.
Thorough is every symbology and turn, on the middle of the picture where the screen asks for the code to be held.
"""
from collections.abc import Mapping

import cv2
import numpy as np
import zxingcpp

from vision.measure.codes import Code, Patch, Picture, Spot, spots, unique

BARS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128])
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
#: Blur against noise, pixels: codes of two pixels a module and more stay readable.
SMOOTH_PX = 0.5
#: Each how manieth look is thorough.
THOROUGH_EVERY = 5
#: In the middle of the picture, pixels: the marked region, and what is looked at for QR codes as it is.
MARKED_PX, MIDDLE_PX = (640, 480), (960, 720)


class Glance:
    """Looks at one frame of each camera at a time."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self, frames: Mapping[str, Picture]) -> list[Code]:
        """Codes seen in these frames (BGR), each once."""
        self.looks += 1
        grays = {name: np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8) for name, frame in frames.items()}
        found = [spot for name, gray in grays.items() for spot in quick(gray, name)]
        if not found and self.looks % THOROUGH_EVERY == 0:
            found = [spot for name, gray in grays.items() for spot in middle(gray, MARKED_PX).read(name)]
        return unique(spot.code for spot in found)


def quick(gray: Picture, camera: str) -> list[Spot]:
    """Upright Code 128 and QR codes anywhere in a grey picture, at its full resolution."""
    smooth = np.asarray(cv2.GaussianBlur(gray, (3, 3), SMOOTH_PX), np.uint8)
    inner = middle(gray, MIDDLE_PX)
    found = [spot for picture, kind in ((gray, BARS), (smooth, QR)) for spot in spots(upright(picture, kind), camera)]
    return found + inner.placed(spots(upright(inner.picture, QR), camera))


def upright(picture: Picture, kind: zxingcpp.BarcodeFormats) -> list[zxingcpp.Barcode]:
    """Codes of one kind, neither turned nor inverted."""
    return zxingcpp.read_barcodes(picture, kind, try_rotate=False, try_downscale=False, try_invert=False)


def middle(gray: Picture, size_px: tuple[int, int]) -> Patch:
    """So much of the middle of a grey picture, at its full resolution."""
    height, width = gray.shape
    left, top = max(0, (width - size_px[0]) // 2), max(0, (height - size_px[1]) // 2)
    inner = np.ascontiguousarray(gray[top:top + size_px[1], left:left + size_px[0]])
    return Patch(inner, np.array([[1.0, 0, left], [0, 1, top], [0, 0, 1]]))
