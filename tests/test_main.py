"""Every mistake at the command line ends with exit code 2 and one line: which file, key and value, and what to do."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]  # the package ships no types

from devices.catalog import SCALES
from kiosk.facts import FACTS, BranchStarted
from kiosk.journal import Journal
from kiosk.vault import Vault
from vision.measure.idle import AGAIN

HOUSE = Path(__file__).parents[1]
FOLDERS = ("--config", "config/branch.toml", "--state", "var", "--run-dir", "run")
#: The hall, looking more often whether what was wrong is mended.
BRISK = "import main, vision.measure.idle as idle; idle.Idle.__init__.__defaults__ = (0.2,); main.main()"
CONFIG = (HOUSE / "config" / "branch.toml").read_text(encoding="utf-8")


class House:
    """A folder that looks like the repository to main.py, in which a file may be wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("main.py", "kiosk", "devices", "vision"):
            (root / name).symlink_to(HOUSE / name)
        for name in ("config", "models"):
            shutil.copytree(HOUSE / name, root / name)
        (root / "run").mkdir()
        (root / "run" / "local.toml").write_text("[feed]\nport = 0\n", encoding="utf-8")

    def refused(self, *words: str, run_dir: bool = True, state: bool = True) -> str:
        """What a verb says on standard error, which must be one line, and exit code 2."""
        folders = [*(["--state", "var"] if state else []), *(["--run-dir", "run"] if run_dir else [])]
        argv = [sys.executable, "main.py", *words, *folders]
        done = subprocess.run(argv, cwd=self.root, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2, (done.returncode, done.stderr)
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        return line

    def change(self, file: str, old: str, new: str) -> None:
        """Put one mistake into a file of config."""
        path = self.root / "config" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def driven(self) -> None:
        """Name every device, as an operator does; the peers are not there."""
        network = 'host = "127.0.0.1"\nport = 9'
        web, worker = 'url = "http://127.0.0.1:9"', 'socket = "run/measurer.sock"'
        drivers = {
            "scale": ("mt_sics", 'port = "/dev/nowhere"'), "measurer": ("measurer", worker),
            "scanner": ("table_scanner", worker), "payment": ("nexo", web), "hatch": ("modbus_hatch", network),
            "label_printer": ("zpl", network), "receipt_printer": ("escpos", network), "staff_call": ("call_desk", web),
        }  # fmt: skip
        tables = {name: f'driver = "{driver}"\n{options}' for name, (driver, options) in drivers.items()}
        path = self.root / "config" / "branch.toml"
        blocks = "".join(f"\n[devices.{name}]\n{table}\nsimulated = true\n" for name, table in tables.items())
        path.write_text(CONFIG + blocks, encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def line_of(house: House, word: str) -> int:
    """The line of branch.toml on which a word stands."""
    lines = (house.root / "config" / "branch.toml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if word in line)


def test_an_unknown_key_names_file_line_and_the_key_that_was_meant(house: House) -> None:
    house.change("branch.toml", "idle_s = 60", "idle_sec = 60")
    said = house.refused("core", "--config", "config/branch.toml")
    at = f"config/branch.toml:{line_of(house, 'idle_sec')}"
    assert f"{at}: send_parcel.idle_sec: unknown key; did you mean idle_s?" in said


def test_a_wrong_type_names_file_line_key_and_value(house: House) -> None:
    house.change("branch.toml", "idle_s = 60", 'idle_s = "a minute"')
    said = house.refused("core", "--config", "config/branch.toml")
    assert f"config/branch.toml:{line_of(house, 'idle_s =')}: send_parcel.idle_s = 'a minute': " in said
    assert said.endswith("correct the value")


def test_a_missing_configuration_names_it(house: House) -> None:
    said = house.refused("core", "--config", "config/nothing.toml")
    assert "config/nothing.toml: no such file; create it or name another one" in said


def test_an_unknown_driver_names_the_device_and_the_known_ones(house: House) -> None:
    house.driven()
    house.change("branch.toml", 'driver = "mt_sics"', 'driver = "sics"')
    said = house.refused("core", "--config", "config/branch.toml")
    at = f"{house.root}/config/branch.toml:{line_of(house, '[devices.scale]')}"
    assert said == f"{at}: [devices.scale] driver = 'sics' cannot drive it; use one of {', '.join(SCALES)}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('port = "/dev/nowhere"', "port = 7", "port = 7: must be text"),
        ('url = "http://127.0.0.1:9"', 'url = "terminal"', "'terminal' is not a URL; write http://host:port"),
    ],
)
def test_a_wrong_option_of_a_device_names_file_line_and_device(house: House, old: str, new: str, says: str) -> None:
    house.driven()
    house.change("branch.toml", old, new)
    said = house.refused("core", "--config", "config/branch.toml")
    device = "scale" if old.startswith("port") else "payment"
    at = f"{house.root}/config/branch.toml:{line_of(house, f'[devices.{device}]')}"
    assert said.startswith(f"{at}: [devices.{device}] {says}")


def test_a_missing_device_is_named(house: House) -> None:
    said = house.refused("core", "--config", "config/branch.toml")
    at = f"{house.root}/config/branch.toml:1"
    assert said.startswith(f"{at}: [devices.scale] is missing; add it with a driver word (")


def test_a_port_in_use_is_named(house: House) -> None:
    house.driven()
    (house.root / "run" / "local.toml").unlink()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        house.change("branch.toml", "port = 8787", f"port = {port}")
        said = house.refused("core", "--config", "config/branch.toml")
    at = f"{house.root}/config/branch.toml:{line_of(house, f'port = {port}')}"
    assert said == f"{at}: [feed] host = '127.0.0.1', port = {port}: Address already in use; choose another, " \
        "or end what holds it."


def test_a_wrong_database_key_is_named(house: House) -> None:
    house.driven()
    keys = house.root / "var" / "keys"
    journal_with_key(house.root / "var", b"a" * 32)
    (keys / "db.key").write_bytes(b"b" * 32)
    said = house.refused("core", "--config", "config/branch.toml")
    assert "var/branch.db" in said
    assert "restore the right" in said
    assert "keys/db.key" in said


def test_a_key_that_others_may_read_is_named(house: House) -> None:
    house.driven()
    journal_with_key(house.root / "var", b"a" * 32)
    (house.root / "var" / "keys" / "db.key").chmod(0o644)
    assert "run chmod 600" in house.refused("core", "--config", "config/branch.toml")


def journal_with_key(state: Path, key: bytes) -> None:
    """A journal with one entry, and its key beside it."""
    (state / "keys").mkdir(parents=True, mode=0o700)
    (state / "keys" / "db.key").touch(0o600)
    (state / "keys" / "db.key").write_bytes(key)
    journal = Journal(state / "branch.db", Vault(key), FACTS)
    journal.append("", BranchStarted("0.1.0"))
    journal.close()


@pytest.mark.parametrize("words", [("journal", "verify"), ("journal", "tail")])
def test_no_journal_says_how_to_get_one(house: House, words: tuple[str, str]) -> None:
    said = house.refused(*words, run_dir=False)
    assert "var/branch.db: there is no journal here yet; start the branch first" in said


def test_an_altered_journal_names_the_entry(house: House) -> None:
    journal_with_key(house.root / "var", b"a" * 32)
    store = sqlcipher.connect(str(house.root / "var" / "branch.db"))
    store.execute(f"PRAGMA key = \"x'{Vault(b'a' * 32).derive('store').hex()}'\"")
    for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        store.execute(f"DROP TRIGGER {name}")
    store.execute("UPDATE event SET body = CAST(replace(body, '0.1.0', '6.6.6') AS BLOB)")
    store.commit()
    store.close()
    assert "journal entry 1 does not fit its chain" in house.refused("journal", "verify", run_dir=False)


def unlink(path: Path) -> None:
    path.unlink()


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0")


def widen(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("zone_mm = [", 'zone_mm = ["wide", ', 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "spoil", "says"),
    [
        ("models/parcel_corners.onnx", unlink, ("models/parcel_corners.onnx is missing; restore it",)),
        ("models/parcel_corners.onnx", append, ("parcel_corners.onnx does not have the sha256", "manifest.toml")),
        ("config/rig.toml", unlink, ("config/rig.toml does not exist",)),
        ("config/rig.toml", widen, ("config/rig.toml", "zone_mm")),
    ],
)  # fmt: skip
def test_a_model_or_rig_that_cannot_be_used_is_named_and_ends_no_branch(
    house: House, file: str, spoil: Callable[[Path], None], says: tuple[str, ...]
) -> None:
    """The measurer says so in one line and to whoever asks, lives, and is begun again once it is mended."""
    whole = (house.root / file).read_bytes()
    spoil(house.root / file)
    argv = [sys.executable, "-c", BRISK, "measurer", *FOLDERS]
    with subprocess.Popen(argv, cwd=house.root, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert all(word in line for word in (*says, "Nothing is measured until then.")), line
            status = answered(house.root / "run" / "measurer.sock", "status")
            assert line.startswith(status["misconfigured"])
            assert answered(house.root / "run" / "measurer.sock", "measure")["error"] == status["misconfigured"]
            (house.root / file).write_bytes(whole)
            assert process.wait(30) == AGAIN
            assert process.stderr.read() == ""
        finally:
            process.kill()


def test_a_branch_begins_without_the_rig_of_its_table(house: House) -> None:
    house.driven()
    (house.root / "config" / "rig.toml").unlink()
    argv = [sys.executable, "main.py", "core", *FOLDERS]
    with subprocess.Popen(argv, cwd=house.root, stderr=subprocess.DEVNULL) as process:
        try:
            while not (house.root / "run" / "link.sock").exists():
                assert process.poll() is None
                time.sleep(0.05)
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()


def answered(path: Path, do: str) -> dict[str, Any]:
    """What a worker answers to one request."""
    while not path.exists():
        time.sleep(0.02)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(path))
        client.sendall(json.dumps({"id": 1, "do": do}).encode() + b"\n")
        with client.makefile("rb") as lines:
            return dict(json.loads(lines.readline()))


@pytest.mark.parametrize("verb", ["core", "bench", "measurer"])
def test_a_run_dir_too_long_for_sockets_is_refused(house: House, verb: str) -> None:
    long = house.root / ("r" * 90)
    said = house.refused(verb, "--run-dir", str(long), run_dir=False)
    assert said == f"--run-dir {long}: longer than 80 characters, too long for sockets; choose a shorter folder."
    assert not long.exists()


@pytest.mark.parametrize("option", ["--state", "--run-dir"])
@pytest.mark.parametrize("parent", [False, True])
def test_no_folder(house: House, option: str, parent: bool) -> None:
    (house.root / "plain").write_text("a file", encoding="utf-8")
    folder = "plain/b" if parent else "plain"
    said = house.refused("core", option, folder, run_dir=option == "--state", state=option != "--state")
    why = "Not a directory" if parent else "File exists"
    assert said == f"{option} {folder}: no folder can be made there ({why}); name another."


DEFECT = """
import sys
import kiosk.menu
kiosk.menu.services = lambda *_: int("no number")
import main
sys.argv = ["main.py", "core", "--config", "config/branch.toml", "--run-dir", "run", "--state", "var"]
main.main()
"""


def test_a_defect_of_a_process_keeps_its_traceback_and_is_no_word_for_the_operator(house: House) -> None:
    house.driven()
    argv = [sys.executable, "-c", DEFECT]
    done = subprocess.run(argv, cwd=house.root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.endswith("ValueError: invalid literal for int() with base 10: 'no number'\n")


STOPPED = """
import sys
import main
from kiosk.processes import Child
words = "import sys; print('the line of a process', file=sys.stderr); sys.exit(2)"
main.household = lambda place, window: [Child("core", [sys.executable, "-c", words])]
sys.argv = ["main.py", "tour", "--config", "config/branch.toml"]
main.main()
"""


def test_a_tour_ends_at_once_with_the_word_and_the_code_of_the_process_that_has_ended(house: House) -> None:
    argv, begun = [sys.executable, "-c", STOPPED], time.monotonic()
    done = subprocess.run(argv, cwd=house.root, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "the line of a process\n")
    assert time.monotonic() - begun < 60  # nobody waits for what cannot come any more


def test_a_tariff_that_is_not_there_is_named(house: House) -> None:
    house.driven()
    house.change("branch.toml", "tariffs/domestic_parcel.toml", "tariffs/none.toml")
    said = house.refused("core", "--config", "config/branch.toml")
    assert "tariffs/none.toml: no such file" in said
