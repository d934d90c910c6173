"""The calibration board: a ChArUco board to print, its points, and where they are seen in a picture.

    python -m vision.measure.board out/board.pdf
"""
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from vision.measure.camera import Floats

COLUMNS, ROWS = 9, 6
SQUARE_MM, MARKER_MM = 40.0, 30.0
MARGIN_MM = 15.0
FEWEST_CORNERS = 12
Picture = npt.NDArray[np.uint8]


class BoardError(ValueError):
    """A board cannot be written; the text is one sentence."""


@dataclass(frozen=True, eq=False)
class Sight:
    """Inner corners seen in one picture: their numbers (N,), points (N, 3) mm on the board and pixels (N, 2)."""
    numbers: npt.NDArray[np.int_]
    points: Floats
    pixels: Floats


def size_mm() -> tuple[float, float]:
    """Width and height of the printed sheet."""
    return COLUMNS * SQUARE_MM + 2 * MARGIN_MM, ROWS * SQUARE_MM + 2 * MARGIN_MM


def board() -> cv2.aruco.CharucoBoard:
    """The board; its markers are of another family than the tags on the table."""
    family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_100)
    return cv2.aruco.CharucoBoard((COLUMNS, ROWS), SQUARE_MM, MARKER_MM, family)


def picture(px_per_mm: float) -> Picture:
    """The sheet, grey, rows from the top."""
    width, height = (round(side * px_per_mm) for side in size_mm())
    return np.asarray(board().generateImage((width, height), marginSize=round(MARGIN_MM * px_per_mm)), np.uint8)


def write_board(path: Path) -> str:
    """Write the sheet as PDF or PNG by the name's ending, at its true size; what to do with it, in one sentence."""
    kind = {".pdf": "PDF", ".png": "PNG"}.get(path.suffix.lower())
    if kind is None:
        raise BoardError(f"{path}: the board is written as .pdf or .png; choose one of these endings.")
    dots = 254.0
    try:
        Image.fromarray(picture(dots / 25.4)).save(path, kind, resolution=dots, dpi=(dots, dots))
    except OSError as error:
        raise BoardError(f"{path} cannot be written: {error.strerror or error}; choose another folder.") from None
    width, height = size_mm()
    return (f"{path}: print it on A3 at 100 % ({width:g} x {height:g} mm), glue it on a flat stiff plate, and check "
            f"with a rule that {COLUMNS} squares measure {COLUMNS * SQUARE_MM:g} mm.")


def find_board(gray: Picture) -> Sight | None:
    """The board's corners in a grey picture; None with fewer than FEWEST_CORNERS."""
    own = board()
    corners, numbers, _, _ = cv2.aruco.CharucoDetector(own).detectBoard(gray)
    if numbers is None or len(numbers) < FEWEST_CORNERS:
        return None
    which = np.ravel(numbers).astype(int)
    points = np.asarray(own.getChessboardCorners(), np.float64)[which]
    return Sight(which, points, np.asarray(corners, np.float64).reshape(-1, 2))


def main(words: list[str]) -> None:
    """Command line: the file to write."""
    if len(words) != 1:
        sys.exit("Name the file to write, ending in .pdf or .png.")
    try:
        sys.stdout.write(write_board(Path(words[0])) + "\n")
    except BoardError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
