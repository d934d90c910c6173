"""The bench as a process: its overlay leads real drivers to its peers, its control socket takes acts and faults."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from devices.bench import window_words
from devices.bench.acts import ACTS
from devices.bench.client import AsyncBenchClient, BenchClient, BenchError
from devices.bench.id_slot import CARDS, IdSlot
from devices.bench.window import BenchWindow, connect
from devices.catalog import Devices, assemble
from devices.ports import CallState, DeviceFault, FaultCode, Lamp, PaymentState, Picture
from devices.supervisor import Pace, Supervisor
from kiosk.services.maintenance.readings import WORDS, row

pytestmark = pytest.mark.branch

RUN = """
import asyncio, sys
from pathlib import Path
from devices.bench.process import run
asyncio.run(run(Path(sys.argv[1]), 7))
"""
LIMITS = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 5000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 5000]
PARCEL = {"length_mm": 340, "width_mm": 250, "height_mm": 180, "grams": 2400, "kind": "box", "yaw_deg": 12}


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The run directory of a bench in a process of its own."""
    folder = tmp_path_factory.mktemp("b")
    with subprocess.Popen([sys.executable, "-c", RUN, str(folder)]) as process:
        for _ in range(600):
            if (folder / "bench.toml").exists() or process.poll() is not None:
                break
            time.sleep(0.05)
        try:
            yield folder
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert not (folder / "bench.toml").exists()


@pytest.fixture
def bench(run_dir: Path) -> Iterator[BenchClient]:
    """A control connection to a bench with an empty table and no faults."""
    with BenchClient(run_dir / "bench.sock") as client:
        yield client
        for name, faults in client.do("state")["faults"].items():
            for fault in faults:
                client.do("fault", device=name, name=fault, on=False)
        client.do("auto", on=False)
        with contextlib.suppress(BenchError):
            client.do("take")


def overlay(run_dir: Path) -> dict[str, Any]:
    return tomllib.loads((run_dir / "bench.toml").read_text(encoding="utf-8"))


def devices(run_dir: Path) -> Devices:
    return assemble(overlay(run_dir)["devices"])


def frame(run_dir: Path, camera: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None:
    """One frame read as any network camera is read; None when the camera gives none."""
    reader = cv2.VideoCapture(overlay(run_dir)["cameras"][camera], cv2.CAP_FFMPEG, LIMITS)
    try:
        answered, picture = reader.read()
        return picture.astype(np.uint8) if answered else None
    finally:
        reader.release()


def until_shown(bench: BenchClient) -> None:
    """Wait, ten seconds at most, until the cameras show what lies on the table."""
    for _ in range(200):
        if bench.do("state")["world"]["shown"]:
            return
        time.sleep(0.05)
    raise AssertionError(bench.do("state"))


def test_every_table_of_the_overlay_says_that_it_is_simulated(run_dir: Path) -> None:
    tables = overlay(run_dir)
    assert all(table["simulated"] is True for table in tables["devices"].values())
    assert set(tables["cameras"]) == {"left", "right"}
    assert (run_dir / "bench.sock").stat().st_mode & 0o777 == 0o600


def test_a_parcel_goes_through_every_device(run_dir: Path, bench: BenchClient, tmp_path: Path) -> None:
    async def story() -> None:
        crew = devices(run_dir)
        for device in (crew.scale, crew.hatch, crew.payment, crew.label_printer, crew.staff_call):
            await device.open()
        bench.do("put", **PARCEL)
        assert (await crew.scale.stable_weight(15)).grams == 2400
        paying = asyncio.create_task(crew.payment.pay("visit-1", 4500, 10))
        await asyncio.sleep(0.5)
        assert bench.do("state")["terminal"]["waiting"] == {"key": "visit-1", "won": 4500}
        bench.do("approve")
        assert (await paying).state is PaymentState.APPROVED
        await crew.label_printer.print("1", Picture(400, 300, 203, b"\xf0" * 50 * 300), 10)
        bench.do("stick")
        assert (await crew.scale.stable_weight(15)).grams == 2403
        await crew.hatch.unlock(8)
        bench.do("drop")
        assert (await crew.hatch.lock(8)).present
        assert (await crew.scale.stable_weight(15)).grams == 0
        assert await crew.staff_call.call("t1", "test", 3) is CallState.CALLING
        bench.do("answer_call", task="t1", state="on_the_way")
        assert await crew.staff_call.state("t1", 3) is CallState.ON_THE_WAY
        for each in crew.all():
            await each.close()

    asyncio.run(story())
    state = bench.do("state")
    assert state["simulated"] is True
    assert state["terminal"]["taken"] == 4500
    assert state["world"]["hatch"]["inside"]["label"] is True
    bench.do("page", printer="label_printer", index=-1, path=str(tmp_path / "label.png"))
    label = cv2.imread(str(tmp_path / "label.png"))
    assert label is not None
    assert label.shape == (300, 400, 3)


def test_the_cameras_see_the_parcel_and_their_faults(run_dir: Path, bench: BenchClient) -> None:
    empty = frame(run_dir, "left")
    bench.do("put", **PARCEL)
    until_shown(bench)
    full = frame(run_dir, "left")
    assert empty is not None
    assert full is not None
    assert full.shape == (1080, 1920, 3)
    assert np.mean(cv2.absdiff(empty, full).max(axis=2) > 40) > 0.02
    bench.do("fault", device="measurer", name="dark", on=True)
    bench.do("fault", device="cameras", name="left_lost", on=True)
    bench.do("take")
    bench.do("put", **PARCEL)
    until_shown(bench)
    dark = frame(run_dir, "right")
    assert dark is not None
    assert dark.mean() < full.mean() / 4
    assert frame(run_dir, "left") is None


def test_a_fault_ordered_here_is_met_by_the_driver(run_dir: Path, bench: BenchClient) -> None:
    async def story() -> None:
        scale = devices(run_dir).scale
        await scale.open()
        bench.do("fault", device="scale", name="overload", on=True)
        with pytest.raises(DeviceFault) as caught:
            await scale.stable_weight(0.5)
        assert caught.value.code is FaultCode.OVERLOAD
        assert bench.do("state")["faults"] == {"scale": ["overload"]}
        bench.do("fault", device="scale", name="overload", on=False)
        assert (await scale.stable_weight(15)).grams == 0
        await scale.close()

    asyncio.run(story())


def test_locker_tower_and_code_reader_stand_beside_the_table(run_dir: Path, bench: BenchClient) -> None:
    async def story() -> None:
        crew = devices(run_dir)
        assert crew.locker is not None
        assert crew.signal_tower is not None
        assert crew.code_reader is not None
        for device in (crew.locker, crew.signal_tower, crew.code_reader):
            await device.open()
        assert (await crew.locker.open_door(4, 5)).closed is False
        assert bench.do("state")["lockers_open"] == [4]
        bench.do("shut_locker", door=4)
        assert all(door.locked for door in await crew.locker.look())
        await crew.signal_tower.show(frozenset({Lamp.GREEN}), False, 3)
        assert bench.do("state")["tower"] == {"lit": [True, False, False, False], "alarm": False}
        scanning = asyncio.create_task(crew.code_reader.scan(5))
        bench.do("show_code", text="6899900000001")
        assert [code.text for code in await scanning] == ["6899900000001"]
        for device in (crew.locker, crew.signal_tower, crew.code_reader):
            await device.close()

    asyncio.run(story())


def test_every_pulled_cable_is_seen_and_every_replugged_device_found(run_dir: Path, bench: BenchClient) -> None:
    async def story() -> None:
        every = [device for device in devices(run_dir).all() if device.name not in ("measurer", "scanner")]
        names = [device.name for device in every]
        supervisor = Supervisor(every, Pace(0.1, 5.0, 3.0, first_pause_s=0.05, longest_pause_s=0.2), seed=1)
        await supervisor.start()
        await until(supervisor, names, True)
        values = [value for name in names for value in supervisor.status(name).values]
        assert {name.partition(" ")[0] for name, _ in values} - set(WORDS) == set()
        assert [text for name, text in values if text.isalpha() and row(name, text)["parts"] == [text]] == []
        for name in names:
            bench.do("fault", device=name, name="unplug", on=True)
        await told(supervisor, names, FaultCode.DISCONNECTED)
        for name in names:
            bench.do("fault", device=name, name="unplug", on=False)
        await until(supervisor, names, True)
        await supervisor.stop()

    asyncio.run(story())


async def told(supervisor: Supervisor, names: list[str], fault: FaultCode) -> None:
    """Wait, ten seconds at most, until this is told of every device; a doubt may come first."""
    for _ in range(200):
        if all(fault in supervisor.status(name).faults for name in names):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(supervisor.statuses())


async def until(supervisor: Supervisor, names: list[str], usable: bool) -> None:
    """Wait, ten seconds at most, until every device is usable, or none is."""
    for _ in range(200):
        if all(supervisor.status(name).usable is usable for name in names):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(supervisor.statuses())


def test_the_catalogue_names_every_fault(bench: BenchClient) -> None:
    faults = bench.do("faults")["faults"]
    assert set(faults) == {
        "scale", "cameras", "payment", "label_printer", "receipt_printer", "hatch", "staff_call", "locker",
        "code_reader", "signal_tower", "id_check", "bank_host", "bank_desk", "pin_pad", "document_camera", "officer",
    }  # fmt: skip
    for name, words in faults.items():
        for word in words:
            bench.do("fault", device=name, name=word, on=True)
            bench.do("fault", device=name, name=word, on=False)
    assert bench.do("state")["faults"] == {}


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("fly", {}, "'fly' cannot be done; use one of put, take"),
        ("put", {"length_mm": 340}, "width_mm must be a number"),
        ("put", {**PARCEL, "grams": -1}, "-1 g is no parcel"),
        ("put", {**PARCEL, "kind": "cube"}, "'cube' is no kind of parcel; use one of box, tube, polybag"),
        ("take", {}, "no parcel on the table"),
        ("stick", {}, "sticking needs a parcel"),
        ("drop", {}, "an open hatch"),
        ("approve", {}, "no payment waits"),
        ("fault", {"device": "toaster", "name": "x"}, "'toaster' is no device of the bench"),
        ("fault", {"device": "scale", "name": "x"}, "'x' is no fault of this device; it knows mute"),
        ("fault", {"device": "scale", "name": "mute", "on": "yes"}, "on must be true or false"),
        ("page", {"printer": "receipt_printer", "index": 99}, "no such page"),
        ("answer_call", {"state": "bored"}, "'bored' is no state of a call"),
        ("shut_locker", {"door": 4}, "locker door 4 does not stand open; open now: none"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    bench: BenchClient, act: str, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BenchError, match=sentence):
        bench.do(act, **fields)


def test_the_window_is_a_customers_hands(qtbot: QtBot, run_dir: Path, bench: BenchClient) -> None:
    with BenchClient(run_dir / "bench.sock") as own:
        window = BenchWindow(own, run_dir)
        qtbot.addWidget(window)
        buttons = {each.text().rpartition("· ")[2]: each for each in window.findChildren(QPushButton)}
        buttons["Put on the table"].click()
        parcel = bench.do("state")["world"]["parcel"]
        assert (parcel["length_mm"], parcel["width_mm"], parcel["height_mm"]) == (220, 190, 90)
        assert "simulated" in said(window)
        buttons["Hold the card"].click()
        assert "no payment waits at the terminal" in said(window)
        buttons["Take away"].click()
        assert bench.do("state")["world"]["parcel"] is None
        assert not buttons["Lay down"].isEnabled()
        assert "No reader: not asked for" in said(window)
        bench.do("fault", device="locker", name="door_left_open")
        window.refresh()
        buttons["1"].click()
        assert bench.do("state")["lockers_open"] == []
        window.close()


def test_every_fault_can_be_found_and_ordered_in_the_window(qtbot: QtBot, run_dir: Path, bench: BenchClient) -> None:
    with BenchClient(run_dir / "bench.sock") as own:
        window = BenchWindow(own, run_dir)
        qtbot.addWidget(window)
        tree = window.findChildren(QTreeWidget)[0]
        branches = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
        leaves = [each.child(at) for each in branches if each for at in range(each.childCount())]
        assert len(leaves) == sum(len(faults) for faults in bench.do("faults")["faults"].values())
        assert not any(each.isExpanded() for each in branches if each)
        search = next(each for each in window.findChildren(QLineEdit) if "search" in each.placeholderText())
        search.setText("용지 없음")
        found = [each for each in leaves if each and not each.isHidden()]
        assert [each.text(0) for each in found] == ["용지 없음 · paper out"] * 2
        found[0].setCheckState(0, Qt.CheckState.Checked)
        assert bench.do("state")["faults"] == {"label_printer": ["paper_out"]}
        next(each for each in window.findChildren(QPushButton) if "Mend" in each.text()).click()
        assert bench.do("state")["faults"] == {}
        window.close()


def test_the_window_fits_a_small_screen_and_says_every_fault_in_korean(
    qtbot: QtBot, run_dir: Path, bench: BenchClient
) -> None:
    with BenchClient(run_dir / "bench.sock") as own:
        window = BenchWindow(own, run_dir)
        qtbot.addWidget(window)
        needed = window.minimumSizeHint()
        assert needed.width() <= 1280
        assert needed.height() <= 800
        window.close()
    known = bench.do("faults")["faults"]
    assert {fault for faults in known.values() for fault in faults} <= set(window_words.FAULTS)
    assert {*known, "id_reader"} <= set(window_words.DEVICES)
    assert {*IdSlot.FAULTS} <= set(window_words.FAULTS)
    assert set(window_words.CARDS) == set(CARDS)


def said(window: BenchWindow) -> str:
    """All that stands in labels now."""
    return " ".join(label.text() for label in window.findChildren(QLabel))


def test_a_window_without_a_bench_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no bench answers"):
        connect(tmp_path)


def test_a_line_that_is_no_request_is_answered_too(run_dir: Path) -> None:
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(run_dir / "bench.sock"))
        control.sendall(b"garbage\n[1]\n")
        answers = control.makefile("rb")
        assert b'"ok": false' in answers.readline()
        assert b"one JSON object per line" in answers.readline()
        answers.close()


def test_the_asyncio_client_speaks_the_same(run_dir: Path, bench: BenchClient) -> None:
    async def story() -> None:
        client = AsyncBenchClient(run_dir / "bench.sock")
        both = await asyncio.gather(client.do("state"), client.do("faults"))
        assert both[0]["simulated"] is True
        with pytest.raises(BenchError):
            await client.do("take")
        await client.close()

    asyncio.run(story())
    assert "state" in ACTS
