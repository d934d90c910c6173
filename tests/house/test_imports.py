"""What import-linter cannot see: main.py, single modules of other people's packages, and what importing does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, checks, imported, name, product

HOMES = {
    "PySide6": ("kiosk/ui/", "devices/bench/window"),
    "cv2": ("vision/", "devices/bench/"),
    "torch": ("vision/training/",),
    "bpy": ("vision/training/cycles/",),
    "onnx": ("vision/training/",),
    "onnxruntime": ("vision/",),
    "sqlalchemy": ("kiosk/journal", "kiosk/migrations/", "kiosk/vault"),
    "escpos": ("devices/",),
    "serial": ("devices/",),
    "pymodbus": ("devices/",),
    "smartcard": ("devices/",),
}

PROBE = """
import importlib, json, sys, threading
seen, armed = [], True
def hook(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    acts = event in {"socket.bind", "socket.connect", "subprocess.Popen", "os.mkdir", "os.remove"}
    if armed and (writes or acts):
        seen.append(f"{event} {args[0]!s:.80}")
sys.addaudithook(hook)
sys.dont_write_bytecode = True
found = {}
for module in sys.argv[1:]:
    seen.clear()
    importlib.import_module(module)
    threads = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    if seen or threads:
        found[module] = seen[:] + threads
armed = False
print(json.dumps(found))
"""


def test_nothing_imports_main() -> None:
    assert [name(path) for path in product() if "main" in {found.split(".")[0] for found in imported(path)}] == []


@pytest.mark.parametrize("package", HOMES)
def test_a_package_is_imported_only_where_it_lives(package: str) -> None:
    users = [name(path) for path in product() if package in {found.split(".")[0] for found in imported(path)}]
    assert [user for user in users if not user.startswith(HOMES[package]) and user != "main.py"] == []


def test_main_imports_nothing_of_ours_before_a_verb_is_chosen() -> None:
    main = ROOT / "main.py"
    top = {
        line.split()[1].split(".")[0] for line in main.read_text().splitlines() if line.startswith(("import ", "from "))
    }
    assert top.isdisjoint({"centre", "kiosk", "devices", "vision", "PySide6", "cv2", "numpy"})


def modules() -> list[str]:
    files = [path for path in product() if not name(path).startswith(("vision/training/", "kiosk/migrations/"))]
    return sorted(name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files)


def test_importing_does_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE, *modules()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    assert run.stdout.count("\n") == 1
    assert json.loads(run.stdout) == {}


def test_the_probe_of_importing_notices_a_file_written(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text("open('noise', 'w').close()\n")
    run = subprocess.run(
        [sys.executable, "-c", PROBE, "loud"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert list(json.loads(run.stdout)) == ["loud"]


def test_the_tests_are_found() -> None:
    assert len(checks()) > 3
