"""Pictures into a video file that any player opens."""
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]


class FilmError(ValueError):
    """A video cannot be written; the text is one sentence."""


class Film:
    """One MP4 file, whole once it is closed: until then it lies beside its name."""

    def __init__(self, path: Path, size_px: tuple[int, int], fps: float) -> None:
        self.path, self._part = path, path.with_name(f".{path.name}.part.mp4")
        self._writer = cv2.VideoWriter(str(self._part), cv2.VideoWriter.fourcc(*"mp4v"), fps, size_px)
        if not self._writer.isOpened():
            raise FilmError(f"{path} cannot be written as a video; name a file that ends in .mp4 in a folder of yours.")

    def add(self, picture: Picture) -> None:
        """One frame."""
        self._writer.write(picture)

    def close(self, keep: bool = True) -> None:
        """Finish the file, or leave nothing of it."""
        self._writer.release()
        if keep:
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)


def write_film(frames: Sequence[tuple[float, bytes]], path: Path) -> None:
    """JPEGs with their times (s) as a video at their mean rate."""
    if not frames:
        raise FilmError("The clip holds no frame.")
    pictures = [np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
                for _, jpeg in frames]
    lasted = frames[-1][0] - frames[0][0]
    film = Film(path, (pictures[0].shape[1], pictures[0].shape[0]), (len(frames) - 1) / lasted if lasted > 0 else 5.0)
    for picture in pictures:
        film.add(picture)
    film.close()
