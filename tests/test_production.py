"""Production: whoever is not paired is not spoken to, and neither peers nor training are in the package."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

import main
from devices.bench.call_desk import CallDeskPeer
from devices.ports import DeviceFault, FaultCode
from kiosk.config import Branch, ConfigError
from kiosk.core import Core
from tests.devices.keys import before, holder
from tests.house.tree import ROOT, name, product

CONFIG = (ROOT / "config" / "branch.toml").read_text(encoding="utf-8")
PIN = "sha256:" + "0" * 64
NETWORK = 'host = "127.0.0.1"\nport = 9'
DEVICES = {
    "scale": 'driver = "mt_sics"\nport = "/dev/nowhere"',
    "measurer": 'driver = "measurer"\nsocket = "run/measurer.sock"',
    "scanner": 'driver = "table_scanner"\nsocket = "run/measurer.sock"',
    "payment": 'driver = "nexo"\nurl = "http://127.0.0.1:9"',
    "hatch": f'driver = "modbus_hatch"\n{NETWORK}',
    "label_printer": f'driver = "zpl"\n{NETWORK}',
    "receipt_printer": f'driver = "escpos"\n{NETWORK}',
    "staff_call": 'driver = "call_desk"\nurl = "http://127.0.0.1:9"',
}
BLIND = """
import importlib, json, sys
from importlib.abc import MetaPathFinder
from pathlib import Path
class Without(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.startswith(("devices.bench", "vision.training")):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Without())
for module in sys.argv[3:]:
    importlib.import_module(module)
import main
place = main.where(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[2]) / "var")
print(json.dumps([child.name for child in main.household(place, True)]))
"""


def written(folder: Path, environment: str = "production", **devices: str) -> main.Where:
    """A branch of this environment; what is given of a device replaces its table."""
    text = CONFIG.replace('environment = "development"', f'environment = "{environment}"')
    text = text.replace("demonstration = true", "demonstration = false")
    text = re.sub(r"\[bank\][^\[]*", "", text)  # the banks' figures in the tree are invented: production takes none
    tables = {each: devices.get(each, table) for each, table in DEVICES.items()} if devices != {"none": ""} else {}
    (folder / "run").mkdir(exist_ok=True)
    file = folder / "branch.toml"
    file.write_text(text + "".join(f"\n[devices.{each}]\n{table}\n" for each, table in tables.items()), "utf-8")
    (folder / "addresses").symlink_to(ROOT / "config" / "addresses")
    (folder / "tariffs").symlink_to(ROOT / "config" / "tariffs")
    (folder / "rig.toml").symlink_to(ROOT / "config" / "rig.toml")
    return main.where(file, folder / "run", folder / "run" / "var")


def core_of(place: main.Where, monkeypatch: pytest.MonkeyPatch) -> tuple[Branch, Core]:
    """The ring of this branch, with a key as production wants it."""
    credentials = place.run / "credentials"
    credentials.mkdir(exist_ok=True)
    (credentials / "db.key").write_bytes(b"k" * 32)
    (credentials / "db.key").chmod(0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    branch = place.load()
    return branch, main.build_core(place, branch)


def test_open_lines_take_their_services_away_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, core = core_of(written(tmp_path), monkeypatch)
    found = core._crew.supervisor.statuses()
    barred = {each for each, status in found.items() if FaultCode.NOT_PAIRED in status.faults}
    assert barred == {"payment", "hatch", "label_printer", "receipt_printer", "staff_call"}
    assert "wired" in found["payment"].detail
    service = core._desk.available()["send_parcel"]
    assert service.state == "unavailable"
    assert ("payment", "not_paired") in [(reason.device, reason.code) for reason in service.reasons]
    assert "service_laptop" in service.bring
    with pytest.raises(DeviceFault, match="payment"):
        core._crew.check("payment")


def test_what_is_pinned_or_stands_in_the_cabinet_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = f'url = "https://127.0.0.1:9"\ntls_pin = "{PIN}"'
    place = written(
        tmp_path, payment=f'driver = "nexo"\n{pinned}', staff_call=f'driver = "call_desk"\n{pinned}',
        hatch=DEVICES["hatch"] + '\nwired = "cabinet"', label_printer=DEVICES["label_printer"] + f'\ntls_pin = "{PIN}"',
        receipt_printer=DEVICES["receipt_printer"] + '\nwired = "cabinet"',
    )  # fmt: skip
    _, core = core_of(place, monkeypatch)
    assert [e for e, s in core._crew.supervisor.statuses().items() if FaultCode.NOT_PAIRED in s.faults] == []


def test_in_development_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, core = core_of(written(tmp_path, "development"), monkeypatch)
    assert [e for e, s in core._crew.supervisor.statuses().items() if FaultCode.NOT_PAIRED in s.faults] == []


def test_a_peer_with_another_key_than_the_pinned_one_is_not_paired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        context, _ = holder(tmp_path)
        peer = CallDeskPeer()
        async with before(await peer.start(), context) as (port, heard):
            pinned = f'driver = "call_desk"\nurl = "https://127.0.0.1:{port}"\ntls_pin = "{PIN}"'
            _, core = core_of(written(tmp_path, staff_call=pinned), monkeypatch)
            status = await core._crew.supervisor.ready("staff_call")
            assert status.faults == {FaultCode.NOT_PAIRED}
            assert heard == []
            await core._crew.supervisor.stop()
        await peer.stop()

    asyncio.run(story())


def test_another_word_for_how_it_is_wired_is_refused(tmp_path: Path) -> None:
    place = written(tmp_path, hatch=DEVICES["hatch"] + '\nwired = "wall"')
    with pytest.raises(ConfigError, match=r"devices\.hatch\.wired = 'wall'"):
        place.load()


def test_a_recording_goes_into_the_run_s_folder_and_nowhere_else(tmp_path: Path) -> None:
    place = written(tmp_path, hatch=DEVICES["hatch"] + '\nrecord = "hatch.jsonl"')
    tables = {name: each.table(place.run) for name, each in place.load().devices.items()}
    assert tables["hatch"]["record"] == str(place.run / "hatch.jsonl")
    assert [each for each in tables if "record" in tables[each]] == ["hatch"]
    (tmp_path / "branch.toml").unlink()
    for link in ("addresses", "tariffs", "rig.toml"):
        (tmp_path / link).unlink()
    place = written(tmp_path, hatch=DEVICES["hatch"] + '\nrecord = "../hatch.jsonl"')
    with pytest.raises(ConfigError, match=r"devices\.hatch\.record"):
        place.load()


# The package


def left_out() -> list[str]:
    """What the production package excludes, as pyproject.toml says it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(project["tool"]["setuptools"]["packages"]["find"]["exclude"])


def packages() -> set[str]:
    """Every package of the house."""
    return {name(path.parent).replace("/", ".") for path in product() if path.parent != ROOT}


def test_peers_and_training_are_left_out_of_the_package_and_nothing_else_is() -> None:
    excluded = {each for each in packages() if any(fnmatch(each, pattern) for pattern in left_out())}
    assert excluded == {each for each in packages() if each.startswith(("devices.bench", "vision.training"))}
    assert len(excluded) >= 2


@pytest.mark.parametrize("devices", [{}, {"none": ""}], ids=["with devices", "without"])
def test_a_production_branch_runs_without_them_and_starts_no_bench(tmp_path: Path, devices: dict[str, str]) -> None:
    place = written(tmp_path, **devices)
    files = [path for path in product() if not name(path).startswith(("devices/bench", "vision/training", "kiosk/mig"))]
    modules = [name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files]
    argv = [sys.executable, "-c", BLIND, str(place.config), str(place.run), *modules]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.stderr == ""
    assert done.stdout.strip() == '["measurer", "core", "screen"]'
