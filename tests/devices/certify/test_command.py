"""main.py devices: what it lists, how it probes and certifies, and its one sentence for what is wrong."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import main
from devices.certify.suite import KINDS
from tests.house.tree import ROOT

pytestmark = pytest.mark.branch


def devices(*words: str, code: int = 0) -> str:
    """What a verb prints; nothing on standard error where it went well."""
    argv = [sys.executable, "main.py", "devices", *words]
    done = subprocess.run(
        argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert code == 2 or done.stderr == ""
    return done.stderr if code == 2 else done.stdout


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running bench."""
    folder = tmp_path_factory.mktemp("run")
    words = ["bench", "--run-dir", str(folder), "--state", str(folder / "var")]
    with subprocess.Popen([sys.executable, "main.py", *words], cwd=ROOT) as bench:
        end = time.monotonic() + 60
        while not (folder / "bench.toml").exists():
            assert time.monotonic() < end, "the bench did not start"
            time.sleep(0.1)
        yield folder
        bench.terminate()


def test_the_list_says_who_stands_where(run_dir: Path) -> None:
    rows = {row["name"]: row for row in json.loads(devices("list", "--run-dir", str(run_dir), "--json"))}
    assert set(rows) >= {"scale", "payment", "hatch", "locker", "measurer"}
    assert rows["scale"] == {
        "name": "scale", "kind": "scale", "driver": "mt_sics", "transport": str(run_dir / "scale.tty"),
        "simulated": "yes", "line": "open",
    }  # fmt: skip
    assert rows["measurer"]["line"] == "paired"
    assert "mt_sics" in devices("list", "--run-dir", str(run_dir))


def test_every_driver_of_the_catalogue_is_listed() -> None:
    lines = {tuple(line.split()[:2]) for line in devices("list", "--drivers").splitlines()[1:]}
    assert lines == {(kind, word) for kind, each in KINDS.items() for word in each.drivers}


def test_a_probe_tells_state_values_and_age(run_dir: Path) -> None:
    (row,) = json.loads(devices("probe", "scale", "--run-dir", str(run_dir), "--json"))
    assert (row["state"], row["usable"], row["simulated"], row["faults"]) == ("online", True, True, [])
    assert row["values"]["serial"] == "B000000001"
    assert 0 <= row["age_s"] < 5


def test_a_probe_of_all_ends_with_1_where_one_cannot_be_used(run_dir: Path) -> None:
    out = devices("probe", "--run-dir", str(run_dir), code=1)  # no measurer runs
    assert "Disconnected (Plug the cable in again)" in out
    assert "never" in out


def test_a_serial_line_that_the_branch_holds_is_not_probed(run_dir: Path) -> None:
    with socket.socket(socket.AF_UNIX) as core:
        core.bind(str(run_dir / "link.sock"))
        said = devices("probe", "scale", "--run-dir", str(run_dir), code=2)
        assert said.startswith("[devices.scale] is held by the running branch")
        assert len(said.splitlines()) == 1
        assert "online" in devices("probe", "hatch", "--run-dir", str(run_dir))
    (run_dir / "link.sock").unlink()


def test_a_device_is_certified_where_it_stands(run_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    at = f"serial:{run_dir / 'scale.tty'}@9600"
    out = devices("certify", "scale", "--at", at, "--option", "simulated=true", "--report", str(file))
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["grade"] == "certified with limits"
    assert {each["verdict"] for each in report["rules"]} == {"PASS", "NEEDS A PERSON"}
    assert out.splitlines()[-1].startswith(f"scale mt_sics at {at} (simulated): certified with limits; ")
    assert "asks a person: Put 1 to 2 kg" in out


def test_a_wall_of_another_size_is_not_certified(run_dir: Path) -> None:
    at = f"serial:{run_dir / 'locker.tty'}@19200"  # the wall has one board
    words = ["--at", at, "--option", "boards=2", "--option", "simulated=true", "--rule", "general.opens"]
    assert "not certified; 1 fail" in devices("certify", "locker", *words, code=1)


def test_the_bench_brings_its_own_peer() -> None:
    report = json.loads(devices("certify", "hatch", "--bench", "--rule", "hatch.stuck", "--json"))
    assert (report["grade"], report["simulated"]) == ("certified", True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["probe", "kettle"], "kettle: no device of this branch; it has none"),
        (["certify", "kettle", "--bench"], "kettle: no kind of device; use one of scale"),
        (["certify", "scale"], "certify needs either --at"),
        (["certify", "scale", "--bench", "--at", "tcp:x:1"], "certify needs either --at"),
        (
            ["certify", "scale", "--bench", "--driver", "nexo"],
            "--driver nexo: no driver of a scale; use one of",
        ),
        (["certify", "scale", "--bench", "--rule", "x"], "--rule x: no rule of a scale"),
        (["certify", "scale", "--bench", "--option", "baud=fast"], "--option baud=fast: must be a whole number"),
        (["certify", "scale", "--at", "serial:/dev/nowhere"], "/dev/nowhere cannot be opened"),
        (["certify", "id_reader", "--bench"], "the bench has no id_reader of its own"),
        (["certify", "id_reader", "--at", "pcsc:x"], "[devices.id_reader] trust is missing"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    more = ["--run-dir", str(tmp_path)] if words[0] == "probe" else []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["main.py", "devices", *words, *more])
    with pytest.raises(SystemExit, match="2"):
        main.main()
    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert len(said.splitlines()) == 1
