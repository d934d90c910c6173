"""The measurer's driver over a guide, a lens, an overhead camera and a worker that cannot begin."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from devices.measurer import WorkerMeasurer
from devices.ports import TOLERABLE, DeviceFault, FaultCode, Observation
from devices.scanner import TableScanner
from devices.sizing import Calibration, Guidance
from tests.devices.test_worker import Answer, worker
from vision.measure.idle import Idle
from vision.model import ModelError
from vision.serve import serve


def guided(tmp_path: Path, answer: Answer) -> Any:
    """A look at the board, a solution, and a word that the cameras stand rightly."""

    async def story() -> Any:
        async with worker(tmp_path / "w.sock", answer) as path:
            measurer = WorkerMeasurer("measurer", path, reply_s=0.5)
            await measurer.open()
            try:
                found = await measurer.guide("left", True, 1.0), await measurer.calibrate("left", 1.0)
                await measurer.settle(1.0)
                return found
            finally:
                await measurer.close()

    return asyncio.run(story())


STEP = {"views": 3, "cells": [1] * 40, "hint": "move", "ready": False}


def test_a_guide_and_a_lens_are_read(tmp_path: Path) -> None:
    asked: list[tuple[object, ...]] = []

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        asked.append((request["do"], request.get("camera"), request.get("step")))
        solved = {"solved": True, "residual_px": 0.2, "views": 12, "matrix": [1, 1, 1, 1]}
        return solved if request.get("step") == "solve" else STEP

    step, lens = guided(tmp_path, answer)
    assert step == Guidance(3, (1,) * 40, "move", False)
    assert lens == Calibration(True, 0.2, 12)
    assert asked == [("guide", "left", "begin"), ("guide", "left", "solve"), ("settle", None, None)]


@pytest.mark.parametrize(
    "wrong",
    [{"views": -1}, {"views": True}, {"cells": [1] * 39}, {"cells": [1.5] * 40}, {"hint": "dance"}, {"ready": 1}],
)
def test_a_guide_that_makes_no_sense_is_no_guide(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(DeviceFault) as caught:
        guided(tmp_path, lambda _: {**STEP, **wrong})
    assert caught.value.code is FaultCode.PROTOCOL


def test_a_lens_that_was_not_found_says_why(tmp_path: Path) -> None:
    none = {**STEP, "solved": False, "why": "spread", "residual_px": 1.25}
    _, lens = guided(tmp_path, lambda _: none)
    assert lens == Calibration(False, 1.25, why="spread")
    _, lens = guided(tmp_path, lambda _: {**none, "why": "few", "residual_px": None})
    assert lens == Calibration(False, why="few")


@pytest.mark.parametrize("wrong", [{"why": "hold the board still"}, {"why": None}, {"residual_px": -1.0}])
def test_no_lens_without_a_reason_that_is_known_is_a_fault(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(DeviceFault, match="protocol"):
        guided(tmp_path, lambda _: {**STEP, "solved": False, "why": "spread", "residual_px": 1.25, **wrong})


@pytest.mark.parametrize("kind", [WorkerMeasurer, TableScanner])
def test_a_worker_whose_model_cannot_be_used_is_misconfigured_and_says_why(
    tmp_path: Path, kind: type[WorkerMeasurer | TableScanner]
) -> None:
    why = "models/parcel_corners.onnx does not have the sha256 that the manifest names."

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        return {"cameras": {}, "misconfigured": why} if request["do"] == "status" else {"error": why}

    async def story() -> Observation:
        async with worker(tmp_path / "w.sock", answer) as path:
            device = kind("one", path)
            await device.open()
            try:
                with pytest.raises(DeviceFault, match=r"misconfigured|internal: models"):
                    await (device.measure(1) if isinstance(device, WorkerMeasurer) else device.scan(1))
                return await device.probe()
            finally:
                await device.close()

    said = asyncio.run(story())
    assert (said.faults, said.detail) == (frozenset({FaultCode.MISCONFIGURED}), why)


def probed(tmp_path: Path, depth: object, right: str = "ok") -> Observation:
    """What a probe tells of a rig with an overhead camera."""
    cameras = {"left": {"state": "ok"}, "right": {"state": right}}

    async def story() -> Observation:
        async with worker(tmp_path / "w.sock", lambda _: {"cameras": cameras, "depth": depth}) as path:
            measurer = WorkerMeasurer("measurer", path, reply_s=0.5)
            await measurer.open()
            try:
                return await measurer.probe()
            finally:
                await measurer.close()

    return asyncio.run(story())


@pytest.mark.parametrize("state", ["lost", "misfit", "moved", "covered"])
def test_an_overhead_camera_that_does_not_serve_is_a_fault_that_boxes_can_live_with(tmp_path: Path, state: str) -> None:
    said = probed(tmp_path, {"name": "above", "state": state, "why": "The table does not lie there."})
    assert said.faults == {FaultCode.CAMERA_LOST} <= TOLERABLE
    assert ("camera above", state) in said.values
    assert said.detail == "The table does not lie there."
    well = probed(tmp_path, {"name": "above", "state": "ok", "why": ""})
    assert (well.faults, dict(well.values)["camera above"], well.detail) == (frozenset(), "ok", "")
    assert probed(tmp_path, None).values == (("camera left", "ok"), ("camera right", "ok"))
    with pytest.raises(DeviceFault, match="protocol"):
        probed(tmp_path, {"name": "above", "state": "tired"})


def test_the_worker_that_waits_for_its_model_is_understood_and_ends_once_it_is_there(tmp_path: Path) -> None:
    """The real one, at the other end of the real wire."""
    there: list[bool] = []

    def prepare() -> None:
        if not there:
            raise ModelError("models/parcel_corners.onnx is still missing; restore it.")

    async def story() -> Observation:
        listening = asyncio.Event()
        idle = Idle("models/parcel_corners.onnx is missing; restore it.", prepare, 0.05)
        serving = asyncio.create_task(serve(idle, tmp_path / "w.sock", listening))
        await listening.wait()
        measurer = WorkerMeasurer("measurer", str(tmp_path / "w.sock"))
        await measurer.open()
        with pytest.raises(DeviceFault, match="misconfigured"):
            await measurer.measure(1)
        said = await measurer.probe()
        await asyncio.sleep(0.2)
        assert "still missing" in (await measurer.probe()).detail
        await measurer.close()
        there.append(True)
        await asyncio.wait_for(serving, 5)
        return said

    said = asyncio.run(story())
    assert (said.faults, said.detail) == (
        frozenset({FaultCode.MISCONFIGURED}), "models/parcel_corners.onnx is missing; restore it.")
