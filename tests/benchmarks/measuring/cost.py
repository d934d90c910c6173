"""What a measure costs: time from the camera's bytes to the answer at one and two threads, and the worker's memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no stubs

from vision.measure.camera import Floats
from vision.measure.measure import Measurer
from vision.measure.table import Figure, several
from vision.model import Model

Jpegs = Mapping[str, bytes]
TIMES = [f"{what} {quantile}" for what in ("wall", "processor") for quantile in ("p50", "p95")]
CHILD = """
import sys
from pathlib import Path
import cv2
from vision.measure.measure import Measurer
from vision.measure.rig import load_rig
from vision.model import load_model
cv2.setNumThreads(1)
rig = load_rig(Path(sys.argv[1]))
measurer = Measurer(rig, load_model(Path(sys.argv[2]), "parcel_corners"))
for _ in range(5):
    measurer.measure({c.name: cv2.imread(f"{sys.argv[3]}/{c.name}.jpg") for c in rig.cameras})
rollup = dict(line.split(":") for line in open("/proc/self/smaps_rollup").read().splitlines()[1:])
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print(int(rollup["Pss"].split()[0]), int(peak.split()[1]))
"""


def with_threads(model: Model, models: Path, threads: int) -> Model:
    """The same model on that many threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    body = (models / model.line.file).read_bytes()
    return replace(model, session=onnxruntime.InferenceSession(body, options, providers=["CPUExecutionProvider"]))


def latency(
    measurer: Measurer, models: Path, shots: Mapping[str, Sequence[Jpegs]], threads: int
) -> dict[str, dict[str, Figure]]:
    """From JPEG bytes to the answer, ms, by kind and of all: decoding, straightening, tags, net, fit; wall clock and
    processor time."""
    cv2.setNumThreads(threads)
    ready = replace(measurer, model=with_threads(measurer.model, models, threads))
    _timed(ready, next(iter(shots.values()))[0])
    spent = {kind: np.array([_timed(ready, shot) for shot in some]) for kind, some in shots.items()}
    cv2.setNumThreads(1)
    spent["all"] = np.vstack([*spent.values()])
    return {kind: several(TIMES, rows, _quantiles) for kind, rows in spent.items()}


def _quantiles(rows: Floats) -> Floats:
    return np.asarray(np.quantile(rows, [0.5, 0.95], axis=0).T.ravel())


def _timed(measurer: Measurer, shot: Jpegs) -> tuple[float, float]:
    wall, work = time.perf_counter(), time.process_time()
    frames = {name: np.asarray(cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR), np.uint8)
              for name, body in shot.items()}  # fmt: skip
    measurer.measure(frames)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - work) * 1000


def memory_mb(rig: Path, models: Path, shot: Jpegs, folder: Path) -> tuple[float, float]:
    """Resident share (PSS) and peak of a process of its own that has measured five pairs, MB."""
    for name, body in shot.items():
        (folder / f"{name}.jpg").write_bytes(body)
    run = subprocess.run([sys.executable, "-c", CHILD, str(rig), str(models), str(folder)], capture_output=True,
                         text=True, check=True)  # fmt: skip
    pss, peak = (int(word) / 1024 for word in run.stdout.split())
    return round(pss, 1), round(peak, 1)
