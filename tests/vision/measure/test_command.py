from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.vision.measure.gallery import Shell, line, write
from tests.vision.table import BOX, MODELS, RIG_FILE, ROOT, box_frames, frames, rig
from vision.measure.command import Progress, by_camera
from vision.measure.evaluate import measurable
from vision.scene.table import TableScene

FIELDS = ["answered", "length_mm", "width_mm", "height_mm", "uncertainty_mm", "kind", "reason", "rig_residual_px",
          "elapsed_ms"]  # fmt: skip
TRUTH = (BOX.length_mm, BOX.width_mm, BOX.height_mm)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures of one box."""
    folder = tmp_path_factory.mktemp("box")
    write(folder, box_frames())
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures of an empty table."""
    folder = tmp_path_factory.mktemp("empty")
    write(folder, frames(TableScene(None, 10)))
    return folder


@pytest.fixture(name="shell")
def a_shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


def scenes(folder: Path, *lines: str) -> Path:
    (folder / "scenes.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


# Answers and refusals


def test_a_box_is_one_json_object_with_the_fields_of_an_answer(shell: Shell, box: Path) -> None:
    (answer,) = shell.measure(box / "left.png", box / "right.png", "--json").answers()
    assert list(answer) == FIELDS
    assert answer["answered"] is True
    sizes = [answer[f"{name}_mm"] for name in ("length", "width", "height")]
    assert sizes == pytest.approx(TRUTH, abs=1.0)
    assert answer["reason"] is None


def test_a_box_is_one_sentence_for_people(shell: Shell, box: Path) -> None:
    said = shell.measure(box / "left.png", box / "right.png")
    assert said.code == 0
    assert said.out.startswith("box 3")
    assert said.out.count("\n") == 1


def test_a_refusal_is_an_answer_and_no_failure(shell: Shell, empty: Path) -> None:
    (answer,) = shell.measure(empty / "left.png", empty / "right.png", "--json").answers()
    assert (answer["answered"], answer["reason"], answer["length_mm"]) == (False, "no_parcel", None)
    said = shell.measure(empty / "left.png", empty / "right.png")
    assert said.code == 0
    assert said.out.startswith("refused: no_parcel")


@pytest.mark.parametrize("name", ["left", "right"])
def test_one_camera_alone_answers_with_more_uncertainty(shell: Shell, box: Path, name: str) -> None:
    (lone,) = shell.measure(box / f"{name}.png", "--json").answers()
    (both,) = shell.measure(box / "left.png", box / "right.png", "--json").answers()
    assert min(list_of(lone["uncertainty_mm"])) > 1.5 * min(list_of(both["uncertainty_mm"]))
    assert [lone[f"{side}_mm"] for side in ("length", "width", "height")] == pytest.approx(TRUTH, abs=2.0)


def list_of(value: object) -> list[float]:
    assert isinstance(value, list)
    return value


def test_a_jpeg_is_measured_like_a_png(shell: Shell, box: Path, tmp_path: Path) -> None:
    for name, frame in box_frames().items():
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), frame, [cv2.IMWRITE_JPEG_QUALITY, 92])
    (answer,) = shell.measure(tmp_path / "left.jpg", tmp_path / "right.jpg", "--json").answers()
    assert [answer[f"{name}_mm"] for name in ("length", "width", "height")] == pytest.approx(TRUTH, abs=1.0)


def test_pictures_named_after_cameras_may_come_in_any_order() -> None:
    left, right, other = Path("x/left.png"), Path("x/right.png"), Path("x/other.png")
    assert by_camera([right, left], rig()) == {"left": left, "right": right}
    assert by_camera([right], rig()) == {"right": right}
    assert by_camera([other, left], rig()) == {"left": other, "right": left}


def test_the_program_itself_prints_json_and_nothing_else(empty: Path) -> None:
    argv = [sys.executable, "main.py", "measure", "--rig", str(RIG_FILE), str(empty / "left.png"), "--json"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["answered"] is False


# A batch


def test_a_batch_gives_the_answers_of_single_calls_in_order(shell: Shell, box: Path, tmp_path: Path) -> None:
    drawn = [TableScene(BOX, 0), TableScene(None, 10), TableScene(BOX, 0, light=0.01),
             *(measurable("held-out", number, rig()) for number in (100, 101, 102))]  # fmt: skip
    lines = []
    for number, scene in enumerate(drawn):
        names, parcel = write(tmp_path, frames(scene), f"{number}-"), scene.parcel
        truth = [parcel.length_mm, parcel.width_mm, parcel.height_mm] if parcel else None
        expect = "refuse" if number in (1, 2) else "answer"
        lines.append(line(id=f"scene {9 - number}", images=names, truth_mm=truth, expect=expect))
    folder = scenes(tmp_path, *lines)
    batch = shell.measure("--batch", folder, "--json").answers()
    assert [list(answer) for answer in batch] == [["id", *FIELDS]] * 6
    assert [answer["id"] for answer in batch] == [f"scene {9 - number}" for number in range(6)]
    for number, answer in enumerate(batch):
        (single,) = shell.measure(folder / f"{number}-left.png", folder / f"{number}-right.png", "--json").answers()
        assert {**answer, "elapsed_ms": 0} == {"id": answer["id"], **single, "elapsed_ms": 0}
    table = shell.measure("--batch", folder)
    assert (table.code, table.err) == (0, "")
    assert table.out.startswith("6 scenes: 4 to be answered, 2 to be refused, 5 with truth\n")
    assert "refused: 1 no_parcel, 1 dark" in table.out


def test_progress_is_one_line_and_only_for_a_person() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    watched, unwatched = Terminal(), io.StringIO()
    for out in (watched, unwatched):
        progress = Progress(2, out)
        progress.tell(0)
        progress.wipe()
        progress.tell(1)
    assert watched.getvalue() == "\r0 of 2 scenes\r\033[K\r1 of 2 scenes"
    assert unwatched.getvalue() == ""


# Pictures that cannot serve


def png(width: int, height: int, colour: int = 2) -> bytes:
    """The beginning of a PNG of that size; there is nothing to decode behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def jpeg(width: int, height: int, components: int = 3) -> bytes:
    """The beginning of a JPEG of that size, its frame header behind a long comment."""
    comment = b"\xff\xfe" + struct.pack(">H", 60_002) + bytes(60_000)
    return b"\xff\xd8" + comment + b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, components) + bytes(9)


def picture(colour: bool, extension: str, factor: float = 1.0) -> bytes:
    frame = cv2.resize(box_frames()["left"], None, fx=factor, fy=factor)
    _, body = cv2.imencode(extension, frame if colour else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    return body.tobytes()


def grey_in_colour() -> bytes:
    grey = cv2.cvtColor(box_frames()["left"], cv2.COLOR_BGR2GRAY)
    return cv2.imencode(".png", cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))[1].tobytes()


def scratched(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes(60) + body[middle + 60 :]


def doubled(body: bytes) -> bytes:
    return body[:60_000] + body[60_000:80_000] + body[60_000:]


BAD_PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "neither PNG nor JPEG"),
    "no picture": (lambda: b"<html>404</html>", "neither PNG nor JPEG"),
    "half a PNG": (lambda: picture(True, ".png")[:-200_000], "truncated or damaged"),
    "a PNG but for its end": (lambda: picture(True, ".png")[:-4], "truncated or damaged"),
    "half a JPEG": (lambda: picture(True, ".jpg")[:-20_000], "truncated or damaged"),
    "a JPEG but for its end": (lambda: picture(True, ".jpg")[:-2], "truncated or damaged"),
    "a PNG's header": (lambda: png(1920, 1080), "truncated or damaged"),
    "half a PNG's header": (lambda: png(1920, 1080)[:20], "truncated or damaged"),
    "a JPEG's first bytes": (lambda: b"\xff\xd8\xff\xe0\x00", "truncated or damaged"),
    "a JPEG of lengths of nothing": (lambda: b"\xff\xd8" + b"\xff\xe0\x00\x00" * 9, "truncated or damaged"),
    "a PNG with a scratch": (lambda: scratched(picture(True, ".png")), "truncated or damaged"),
    "a JPEG with a scratch": (lambda: scratched(picture(True, ".jpg")), "truncated or damaged"),
    "a JPEG with a part twice": (lambda: doubled(picture(True, ".jpg")), "truncated or damaged"),
    "a huge PNG": (lambda: png(8000, 6000), "8000 x 6000 pixels, more than 40 megapixels"),
    "a PNG as huge as can be": (lambda: png(2**31 - 1, 2**31 - 1), "more than 40 megapixels"),
    "a huge JPEG": (lambda: jpeg(65_000, 65_000), "65000 x 65000 pixels, more than 40 megapixels"),
    "half as large": (lambda: picture(True, ".png", 0.5), "960 x 540 pixels, its camera in the rig 1920 x 1080"),
    "upright": (lambda: jpeg(1080, 1920), "1080 x 1920 pixels, its camera in the rig 1920 x 1080"),
    "a grey PNG": (lambda: picture(False, ".png"), "is a grey picture"),
    "a grey JPEG": (lambda: picture(False, ".jpg"), "is a grey picture"),
    "grey with alpha": (lambda: png(1920, 1080, 4), "is a grey picture"),
    "grey in three channels": (grey_in_colour, "grey in every pixel"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_bad_picture_is_named_in_one_line_with_the_remedy(
    shell: Shell, box: Path, tmp_path: Path, name: str
) -> None:
    make, wrong = BAD_PICTURES[name]
    bad = tmp_path / "bad.png"
    bad.write_bytes(make())
    said = shell.measure(bad, box / "right.png", "--json")
    said_in_a_batch = shell.measure("--batch", scenes(tmp_path, line(images={"left": "bad.png"})), "--json")
    assert said.out == said_in_a_batch.out == ""
    for complaint in (said.refused(), said_in_a_batch.refused()):
        assert str(bad) in complaint
        assert wrong in complaint
        assert "; " in complaint  # the remedy
    assert said_in_a_batch.refused().startswith(f"{tmp_path / 'scenes.jsonl'} line 1: ")


def test_a_missing_picture_a_folder_and_a_pipe_are_no_pictures(shell: Shell, box: Path, tmp_path: Path) -> None:
    assert "nowhere.png does not exist" in shell.measure(tmp_path / "nowhere.png", box / "right.png").refused()
    assert "is no file" in shell.measure(tmp_path, box / "right.png").refused()
    os.mkfifo(tmp_path / "pipe.png")
    assert "is no file" in shell.measure(tmp_path / "pipe.png", box / "right.png").refused()


@pytest.mark.parametrize(("level", "reason"), [(0, "dark"), (20, "dark"), (253, "glare"), (255, "glare")])
def test_pictures_that_are_black_or_white_in_every_pixel_are_refused_and_not_grey(
    shell: Shell, tmp_path: Path, level: int, reason: str
) -> None:
    same = np.full((1080, 1920, 3), level, np.uint8)
    names = write(tmp_path, {"left": same, "right": same})
    (answer,) = shell.measure(*(tmp_path / name for name in names.values()), "--json").answers()
    assert answer["reason"] == reason


def test_one_camera_in_the_dark_or_drowned_leaves_the_other_to_measure(
    shell: Shell, box: Path, tmp_path: Path
) -> None:
    for level in (0, 255):
        names = write(tmp_path, {"right": np.full((1080, 1920, 3), level, np.uint8)})
        (answer,) = shell.measure(box / "left.png", tmp_path / names["right"], "--json").answers()
        assert [answer[f"{name}_mm"] for name in ("length", "width", "height")] == pytest.approx(TRUTH, abs=3.0)


def test_light_that_drowns_much_of_a_grey_picture_leaves_it_grey(shell: Shell, box: Path, tmp_path: Path) -> None:
    frame = np.repeat(box_frames()["left"][..., :1], 3, axis=2)
    frame[:, : frame.shape[1] * 9 // 10] = 255
    names = write(tmp_path, {"left": frame})
    assert "grey in every pixel" in shell.measure(tmp_path / names["left"], box / "right.png").refused()


def test_one_picture_for_two_cameras_is_a_mistake(shell: Shell, box: Path, tmp_path: Path) -> None:
    copy = tmp_path / "right.png"
    copy.write_bytes((box / "left.png").read_bytes())
    assert "are the same picture" in shell.measure(box / "left.png", copy).refused()


def test_what_is_asked_must_make_sense(shell: Shell, box: Path) -> None:
    left, right = box / "left.png", box / "right.png"
    assert "not both" in shell.measure().refused()
    assert "not both" in shell.measure(left, "--batch", box).refused()
    assert "3 pictures for 2 cameras" in shell.measure(left, right, left).refused()


# A rig and a model that cannot serve


def changed_rig(tmp_path: Path, old: str, new: str) -> Path:
    text, path = RIG_FILE.read_text(encoding="utf-8"), tmp_path / "rig.toml"
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("number", range(12))
def test_a_tag_of_the_table_that_the_rig_does_not_list_is_named(
    shell: Shell, box: Path, tmp_path: Path, number: int
) -> None:
    tables = RIG_FILE.read_text(encoding="utf-8").split("[[table.tags]]\n")
    (gone,) = [each for each in tables if each.startswith(f"id = {number}\n")]
    rig_file = changed_rig(tmp_path, "[[table.tags]]\n" + gone.split("\n\n")[0], "")
    complaint = shell.measure(box / "left.png", box / "right.png", "--json", rig=rig_file).refused()
    assert complaint.startswith(f"{rig_file}: tag {number} lies on the table")
    assert "add it" in complaint


@pytest.mark.parametrize(("old", "new", "named"), [
    ("[[table.tags]]", "[[table.tag]]", "tag"),
    ("centre_mm = [-133.0, 400.0]", "centre_mm = [-400.0, 380.0]", "table.tags 0 and 1 lie on each other"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [0.0, 1150.0, 960.0, 540.0]", "cameras[0].matrix"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [nan, 1150.0, 960.0, 540.0]", "cameras[0].matrix"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [960.0, 540.0, 1150.0, 1150.0]", "cameras[0].matrix"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [1.15, 1.15, 960.0, 540.0]", "focal lengths 1.15, 1.15"),
    ("matrix = [1150.0, 1150.0, 960.0, 540.0]", "matrix = [1150.0, 150.0, 960.0, 540.0]", "focal lengths 1150, 150"),
])  # fmt: skip
def test_an_impossible_rig_is_refused_with_file_and_key(
    shell: Shell, box: Path, tmp_path: Path, old: str, new: str, named: str
) -> None:
    rig_file = changed_rig(tmp_path, old, new)
    complaint = shell.measure(box / "left.png", box / "right.png", rig=rig_file).refused()
    assert complaint.startswith(str(rig_file))
    assert named in complaint


def test_a_rig_that_is_not_there_is_named(shell: Shell, box: Path, tmp_path: Path) -> None:
    assert "rig.toml does not exist" in shell.measure(box / "left.png", rig=tmp_path / "rig.toml").refused()


def test_a_model_whose_checksum_differs_is_not_used(shell: Shell, box: Path, tmp_path: Path) -> None:
    for path in MODELS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    net = tmp_path / "parcel_corners.onnx"
    net.write_bytes(net.read_bytes()[:-1] + b"\x00\x00")
    complaint = shell.measure(box / "left.png", box / "right.png", "--models", tmp_path).refused()
    assert complaint.startswith(f"{net} does not have the sha256")
    assert "restore" in complaint


# A folder that cannot serve


@pytest.mark.parametrize(("bad", "wrong"), [
    ("{", "is no JSON; mend or remove it"),
    ("\ufffd", "is no JSON"),
    ("[" * 100_000, "is no JSON"),
    ("[]", "is no JSON object"),
    (line(id=...), "id is missing"),
    (line(id=7), "id must be a text, not 7"),
    (line(id="b"), "id 'b' stands in an earlier line too"),
    (line(note=1), "'note' is not a known key"),
    (line(expect=...), "expect is missing"),
    (line(expect="perhaps"), 'expect must be "answer" or "refuse", not "perhaps"'),
    (line(expect=[]), "expect must be"),
    (line(truth_mm=...), "truth_mm is missing"),
    (line(truth_mm=[1, 2]), "truth_mm must be"),
    (line(truth_mm=[1, 2, -3]), "truth_mm must be"),
    (line(truth_mm=[1, 2, "3"]), "truth_mm must be"),
    (line(truth_mm=[1, 2, float("nan")]), "truth_mm must be"),
    (line(truth_mm=[1, 2, float("inf")]), "truth_mm must be"),
    (line(truth_mm=[1, 2, 10**400]), "truth_mm must be"),
    (line(truth_mm=[1, 2, True]), "truth_mm must be"),
    (line(images=...), "images is missing"),
    (line(images={}), "images must name"),
    (line(images=["left.png"]), "images must name"),
    (line(images={"top": "left.png"}), "images.top is no camera of the rig; it has left, right"),
    (line(images={"left": 3}), "images.left must be the path of a picture, not 3"),
    (line(images={"left": ""}), "images.left must be the path"),
    (line(images={"left": "a\0b"}), "images.left must be the path"),
    (line(images={"left": "gone.png"}), "gone.png does not exist"),
    (line(images={"left": "a" * 5000}), "images.left must be the path"),
    (line(images={"left": "a" * 300}), "cannot be read: File name too long; check its path"),
    (line(images={"left": "../left.png"}), "leaves"),
    (line(images={"left": "/etc/hostname"}), "leaves"),
    (line(images={"left": "door/left.png"}), "leaves"),
    (line(images={"left": "loop/left.png"}), "images.left"),
])  # fmt: skip
def test_a_bad_line_is_named_with_file_and_number(
    shell: Shell, box: Path, tmp_path: Path, bad: str, wrong: str
) -> None:
    for path in box.glob("*.png"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "door").symlink_to(box)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    folder = scenes(tmp_path, line(id="b"), "", bad)
    said = shell.measure("--batch", folder, "--json")
    complaint = said.refused()
    assert said.out == ""
    assert complaint.startswith(f"{folder / 'scenes.jsonl'} line 3")
    assert wrong in complaint
    assert len(complaint) < 700


def test_a_folder_without_scenes_is_named(shell: Shell, tmp_path: Path) -> None:
    assert f"{tmp_path / 'scenes.jsonl'} does not exist" in shell.measure("--batch", tmp_path).refused()
    assert "Not a directory; give the folder" in shell.measure("--batch", RIG_FILE).refused()
    assert "holds no scene" in shell.measure("--batch", scenes(tmp_path, "", "")).refused()
