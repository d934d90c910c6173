"""Pictures of a table camera read from files: PNG or JPEG, in colour, in the camera's own size."""
import os
import re
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from vision.measure.light import WHITE
from vision.measure.measure import Picture, is_dark

LARGEST_PX = 40_000_000
LARGEST_BYTES = 256 * 1024 * 1024
MOST_SEGMENTS = 4096
PNG_GREY = (0, 4)
"""PNG (ISO/IEC 15948) colour types without colour: grey, grey with alpha."""
SOF_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG (ITU-T T.81) markers that begin a frame header."""
TELLING, LEAST_TELLING = (28, WHITE), 0.001
"""Grey levels at which colour shows in a picture that has any, and the share of such pixels from which it tells."""
SPOILT = re.compile(rb"[Pp]remature|Huffman|[Uu]nsupported marker|Corrupt JPEG data: \d{2,} extraneous")
"""What libjpeg says where it filled a gap or skipped what did not fit; some cameras pad pictures by a few bytes."""


class PictureError(ValueError):
    """A picture cannot be measured; the text is one sentence with file, what is wrong and the remedy."""


@dataclass(frozen=True)
class Header:
    """What a picture says of itself before it is decoded."""
    size_px: tuple[int, int]
    colour: bool


def check_picture(path: Path, size_px: tuple[int, int]) -> None:
    """PictureError for what the header alone tells: no picture, over 40 megapixels, grey, not the camera's size."""
    header = read_header(path)
    width, height = header.size_px
    if width * height > LARGEST_PX:
        raise PictureError(f"{path} has {width} x {height} pixels, more than 40 megapixels; "
                           f"give the camera's picture of {size_px[0]} x {size_px[1]}.")
    if not header.colour:
        raise PictureError(f"{path} is a grey picture; give the camera's picture in colour.")
    if header.size_px != size_px:
        raise PictureError(f"{path} has {width} x {height} pixels, its camera in the rig {size_px[0]} x {size_px[1]}; "
                           "give the camera's own picture, neither cropped nor scaled.")


def read_header(path: Path) -> Header:
    """The header of a PNG or JPEG; PictureError when there is none."""
    try:
        if not path.exists():
            raise PictureError(f"{path} does not exist; check the path.")
        if not path.is_file():
            raise PictureError(f"{path} is no file; give a PNG or JPEG picture.")
        with path.open("rb") as file:
            return _header(path, file)
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}; check its path and permissions.") from None
    except struct.error:
        raise damaged(path) from None


def read_picture(path: Path, size_px: tuple[int, int]) -> Picture:
    """The picture as uint8 rows x columns x BGR, never turned by its metadata; PictureError when it cannot serve."""
    check_picture(path, size_px)
    if path.stat().st_size > LARGEST_BYTES:
        raise PictureError(f"{path} is larger than {LARGEST_BYTES >> 20} MiB; save the camera's picture again.")
    picture = _decoded(path.read_bytes())
    if picture is None or picture.shape != (size_px[1], size_px[0], 3):
        raise damaged(path)
    if grey(picture):
        raise PictureError(f"{path} is grey in every pixel; give the camera's picture in colour.")
    return picture


def damaged(path: Path) -> PictureError:
    """The complaint about a picture that ends early or cannot be decoded."""
    return PictureError(f"{path} is truncated or damaged; copy it from the camera again.")


def _header(path: Path, file: BinaryIO) -> Header:
    start = file.read(8)
    if start == b"\x89PNG\r\n\x1a\n":
        width, height, _, colour = struct.unpack(">8xIIBB", file.read(18))
        return Header((width, height), colour not in PNG_GREY)
    if start[:2] == b"\xff\xd8":
        return _jpeg_header(path, file)
    raise PictureError(f"{path} is neither PNG nor JPEG; save the camera's picture as PNG.")


def _jpeg_header(path: Path, file: BinaryIO) -> Header:
    file.seek(2)
    for _ in range(MOST_SEGMENTS):
        lead, marker = struct.unpack(">BB", file.read(2))
        while marker == 0xFF:
            (marker,) = struct.unpack(">B", file.read(1))
        (length,) = struct.unpack(">H", file.read(2))
        if lead != 0xFF or length < 2:
            break
        if marker in SOF_MARKERS:
            height, width, components = struct.unpack(">xHHB", file.read(6))
            return Header((width, height), components >= 3)
        file.seek(length - 2, os.SEEK_CUR)
    raise damaged(path)


def _decoded(body: bytes) -> Picture | None:
    """The picture, or None when the decoder fails or says on standard error that it filled a gap."""
    keep = os.dup(2)
    try:
        with tempfile.TemporaryFile() as words:
            os.dup2(words.fileno(), 2)
            picture = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
            words.seek(0)
            said = words.read()
    except cv2.error:
        return None
    finally:
        os.dup2(keep, 2)
        os.close(keep)
    return None if picture is None or SPOILT.search(said) else np.asarray(picture, np.uint8)


def grey(picture: Picture) -> bool:
    """Whether a picture holds no colour at all where light leaves room for one; darkness and drowning light do not, and
    a sample of it tells of most pictures that they do."""
    if coloured(picture[::16, ::16]) or is_dark(picture):
        return False
    low, high = picture.min(axis=2), picture.max(axis=2)
    tells = float(((low >= TELLING[0]) & (high <= TELLING[1])).mean())
    return tells > LEAST_TELLING and not coloured(picture)


def coloured(picture: Picture) -> bool:
    """Whether any pixel's three channels differ."""
    blue, green, red = (picture[..., n] for n in range(3))
    return not (np.array_equal(blue, green) and np.array_equal(green, red))
