"""`main.py guard --tracks`: the same bytes every time, and one line with exit code 2 for what cannot be used."""
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vision.guard.test_risk import log, moving, truck
from vision.guard.command import verb
from vision.guard.records import Kind, frame_line

HOUSE = Path(__file__).parents[3]
MODELS = Path("models")
FLOOR = HOUSE / "config" / "floor.toml"
KEYS = ["t", "kind", "level", "ids", "classes", "separation_m", "ttc_s", "probability", "zone"]


def guard(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "main.py", "guard", *map(str, words)], cwd=HOUSE, capture_output=True,
                          text=True, timeout=60, check=False)


def refused(*words: str | Path) -> str:
    """What the verb raises; main.py makes one line of any ValueError, as the first refusal below shows."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        verb(MODELS)([str(word) for word in words], standalone_mode=False)
    line, = str(caught.value).splitlines()
    return line


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A crossing; and somebody who stands in the leveller, in no truck's way."""
    frames = log([truck(-11.5, 2.0), moving(2, Kind.PERSON, 0.0, -4.7, vy=1.0), moving("x", Kind.PERSON, 2, 2.5)], 4.7)
    path = tmp_path / "tracks.jsonl"
    path.write_text("".join(frame_line(frame) + "\n" for frame in frames), encoding="utf-8")
    return path


def test_a_log_is_answered_with_the_same_bytes_every_time(recorded: Path) -> None:
    first, second = (guard("--tracks", recorded, "--floor", FLOOR, "--jsonl") for _ in "ab")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout
    events = [json.loads(line) for line in first.stdout.splitlines()]
    assert all(list(event) == KEYS for event in events)
    assert {"collision", "zone_intrusion"} <= {event["kind"] for event in events}
    zone = next(event for event in events if event["kind"] == "zone_intrusion")
    assert (zone["ids"], zone["classes"], zone["zone"], zone["ttc_s"]) == (["x"], ["person"], "leveller", None)


def test_without_jsonl_it_speaks_in_sentences(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verb(MODELS)(["--tracks", str(recorded), "--floor", str(FLOOR)], standalone_mode=False)
    said = capsys.readouterr().out.splitlines()
    assert any(" WARNING collision: forklift 1 + person 2, " in line and "s to danger" in line for line in said)


def test_an_empty_log_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    verb(MODELS)(["--tracks", str(tmp_path / "empty.jsonl"), "--floor", str(FLOOR), "--jsonl"], standalone_mode=False)
    assert capsys.readouterr().out == ""


def test_a_log_that_turns_bad_late_prints_no_event(recorded: Path) -> None:
    with recorded.open("a", encoding="utf-8") as file:
        file.write('{"t": 1, "objects": []}\n')
    done = guard("--tracks", recorded, "--floor", FLOOR, "--jsonl")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    line, = done.stderr.splitlines()
    assert "back in time" in line


@pytest.mark.parametrize(("line", "says"), [
    (b'{"t": NaN, "objects": []}\n', "t = nan"), (b"\xff\xfe\n", "no UTF-8"), (b"[]\n", "Line 1")])
def test_a_bad_log_is_one_line(tmp_path: Path, line: bytes, says: str) -> None:
    (tmp_path / "bad.jsonl").write_bytes(line)
    assert says in refused("--tracks", tmp_path / "bad.jsonl", "--floor", FLOOR, "--jsonl")


@pytest.mark.parametrize(("old", "new", "says"), [
    ("metre = [6.0, 10.0]", "metre = [6.0, nan]", "finite"),
    ("pixel = [360.0, 250.0]", "pixel = [640.0, 690.0]", "one line"),
    ("[[0, 0], [4, 0], [4, 3], [0, 3]]", "[[0, 0], [4, 3], [4, 0], [0, 3]]", "crosses itself"),
    ("[camera]", "[camera", "not valid TOML"),
])
def test_a_bad_floor_file_is_one_line(recorded: Path, tmp_path: Path, old: str, new: str, says: str) -> None:
    text = FLOOR.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "floor.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    assert says in refused("--tracks", recorded, "--floor", tmp_path / "floor.toml", "--jsonl")


def test_what_is_missing_is_named(recorded: Path, tmp_path: Path) -> None:
    assert "--floor" in refused("--tracks", recorded)
    assert "--tracks" in refused("--floor", FLOOR)
    assert "does not exist" in refused("--tracks", tmp_path / "none.jsonl", "--floor", FLOOR)
    assert "does not exist" in refused("--tracks", recorded, "--floor", tmp_path / "none.toml")
    assert "cannot be read" in refused("--tracks", tmp_path, "--floor", FLOOR)
