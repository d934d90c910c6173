"""The drawn dock as a file: `python -m devices.bench.dock_film FOLDER` leaves dock.mp4 and its floor.toml.

For whoever has no camera and no display: `make guard-demo` has the guard watch it and leaves a film of what it sees.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from devices.bench.dock import FPS, SCENES, SIZE, Picture, Playhouse
from vision.guard.film import Film

#: Seconds of an empty floor before each scene and after the last, and the longest that the end of one stays.
QUIET_S, STAYS_S = 4.0, 18.0


def shown(house: Playhouse, scenes: Sequence[str]) -> Iterator[Picture]:
    """Every frame, the empty floor between the scenes."""
    quiet = [house.quiet[n % len(house.quiet)] for n in range(round(QUIET_S * FPS))]
    for name in scenes:
        yield from quiet
        _, seconds, _ = SCENES[name]
        yield from house.scene(name)[:round((seconds + STAYS_S) * FPS)]
    yield from quiet


def write(folder: Path, scenes: Sequence[str] = tuple(SCENES)) -> tuple[Path, Path]:
    """The video and the floor file."""
    folder.mkdir(parents=True, exist_ok=True)
    house, video, floor = Playhouse(), folder / "dock.mp4", folder / "floor.toml"
    film = Film(video, SIZE, FPS)
    for picture in shown(house, scenes):
        film.add(picture)
    film.close()
    floor.write_text(house.floor(str(video.absolute())), encoding="utf-8")
    return video, floor


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        sys.stdout.write(f"{path}\n")
