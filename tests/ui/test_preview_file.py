"""The measurer's preview file as the screen reads it."""

from pathlib import Path

from kiosk.ui.camera import PreviewFile
from vision.preview import PreviewWriter

WIDTH, HEIGHT = 640, 360  # so large that memory given back too early is gone, not merely old


def test_every_picture_arrives_byte_for_byte(tmp_path: Path) -> None:
    look = PreviewFile(tmp_path / "preview")
    assert look.newest() is None
    writer = PreviewWriter(tmp_path / "preview", WIDTH, HEIGHT)
    for value in range(40):
        writer.write(bytes([value, value + 1, value + 2, 255]) * (WIDTH * HEIGHT))
        seen = look.newest()
        assert seen is not None
        assert (seen.width, seen.height) == (WIDTH, HEIGHT)
        assert seen.bgr == bytes([value, value + 1, value + 2]) * (WIDTH * HEIGHT)
    writer.blank()
    assert look.newest() is not None  # until it is too old
