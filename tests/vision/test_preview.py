import subprocess
import sys
from pathlib import Path

import pytest

from vision.preview import PreviewError, PreviewReader, PreviewWriter

HOUSE = Path(__file__).parents[2]


def picture(value: int) -> bytes:
    return bytes([value, value, value, 255]) * (8 * 4)


def test_what_is_written_is_read_once(tmp_path: Path) -> None:
    reader = PreviewReader(tmp_path / "preview")
    assert reader.newest() is None
    writer = PreviewWriter(tmp_path / "preview", 8, 4)
    assert reader.newest() is None
    number = writer.write(picture(7))
    seen = reader.newest()
    assert seen is not None
    assert (seen.number, seen.width, seen.height, seen.stride) == (number, 8, 4, 32)
    assert seen.pixels == picture(7)
    assert reader.newest(after=seen.number) is None
    for value in range(8, 20):
        writer.write(picture(value))
    newest = reader.newest(after=seen.number)
    assert newest is not None
    assert newest.pixels == picture(19)
    reader.close()
    writer.close()


def test_blank_shows_nothing_and_erases(tmp_path: Path) -> None:
    writer, reader = PreviewWriter(tmp_path / "preview", 8, 4), PreviewReader(tmp_path / "preview")
    writer.write(picture(99))
    writer.blank()
    assert reader.newest() is None
    assert picture(99)[:32] not in (tmp_path / "preview").read_bytes()
    assert writer.write(picture(5)) > 0
    assert reader.newest() is not None
    reader.close()
    writer.close()


def test_a_new_measurer_replaces_the_file_under_the_reader(tmp_path: Path) -> None:
    reader, first = PreviewReader(tmp_path / "preview"), PreviewWriter(tmp_path / "preview", 8, 4)
    first.write(picture(1))
    assert reader.newest() is not None
    second = PreviewWriter(tmp_path / "preview", 8, 4)
    assert reader.newest() is None
    second.write(picture(2))
    seen = reader.newest()
    assert seen is not None
    assert seen.pixels == picture(2)
    for opened in (reader, first, second):
        opened.close()


def test_wrong_sizes_and_foreign_files_are_refused(tmp_path: Path) -> None:
    writer = PreviewWriter(tmp_path / "preview", 8, 4)
    with pytest.raises(PreviewError, match="needs 128 bytes"):
        writer.write(b"short")
    writer.close()
    (tmp_path / "other").write_bytes(b"x" * 5000)
    reader = PreviewReader(tmp_path / "other")
    with pytest.raises(PreviewError, match="no preview file"):
        reader.newest()
    reader.close()


def test_the_file_is_private(tmp_path: Path) -> None:
    writer = PreviewWriter(tmp_path / "preview", 8, 4)
    assert (tmp_path / "preview").stat().st_mode & 0o777 == 0o600
    writer.close()


def test_reading_needs_no_cv2() -> None:
    code = "import sys, vision.preview; sys.exit(any(m in sys.modules for m in ('cv2', 'numpy', 'onnxruntime')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


WRITE_FOR_A_SECOND = """
import sys, time
from pathlib import Path
from vision.preview import PreviewWriter
writer, end = PreviewWriter(Path(sys.argv[1]), 4, 2), time.monotonic() + 1.0
while time.monotonic() < end:
    writer.write(bytes(32))
"""


def test_a_reader_never_meets_a_head_in_the_making(tmp_path: Path) -> None:
    """pack_into clears before it writes; a reader in another process must not take that for a foreign file."""
    path = tmp_path / "preview"
    with subprocess.Popen([sys.executable, "-c", WRITE_FOR_A_SECOND, str(path)], cwd=HOUSE) as writer:
        reader, seen = PreviewReader(path), 0
        while writer.poll() is None:
            seen += reader.newest() is not None
        reader.close()
    assert seen > 0
