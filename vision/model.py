"""An ONNX model by its manifest line: checksum checked, one thread, no spinning."""
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no stubs

Floats32 = npt.NDArray[np.float32]


class ModelError(ValueError):
    """A model cannot be used; the text is one sentence with file and remedy."""


@dataclass(frozen=True)
class Line:
    """One [[models]] line of manifest.toml; format says how the answer is laid out where a reader knows several."""
    name: str
    file: str
    sha256: str
    input_shape: tuple[int, ...]
    classes: tuple[str, ...]
    licence: str
    format: str = ""


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded model; run takes and gives float32 arrays."""
    line: Line
    session: onnxruntime.InferenceSession

    def run(self, batch: Floats32) -> Floats32:
        """First output for a batch shaped (N, *input_shape[1:])."""
        name = self.session.get_inputs()[0].name
        return np.asarray(self.session.run(None, {name: batch})[0], dtype=np.float32)


def load_model(models: Path, name: str) -> Model:
    """The model of that name from models/manifest.toml; ModelError says what is wrong and what to do."""
    line = read_line(models / "manifest.toml", name)
    path = models / line.file
    try:
        body = path.read_bytes()
    except OSError:
        raise ModelError(f"{path} is missing; restore it from the repository.") from None
    if hashlib.sha256(body).hexdigest() != line.sha256:
        raise ModelError(f"{path} does not have the sha256 that {models / 'manifest.toml'} names; "
                         "restore both from the repository.")
    return Model(line, _session(path, body))


def _session(path: Path, body: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(body, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own unrelated classes
        raise ModelError(f"{path} is no model that onnxruntime can load: {str(error).splitlines()[0]}") from None


def read_line(manifest: Path, name: str) -> Line:
    """The manifest's line of that name; ModelError names file and key."""
    try:
        document = tomllib.loads(manifest.read_text())
    except FileNotFoundError:
        raise ModelError(f"{manifest} is missing; restore it from the repository.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{manifest} is not valid TOML: {error}; restore it from the repository.") from None
    for values in document.get("models", []):
        if values.get("name") == name:
            return _line(manifest, values)
    raise ModelError(f"{manifest} has no model named {name!r}; restore it from the repository.")


def _line(manifest: Path, values: dict[str, object]) -> Line:
    try:
        return Line(str(values["name"]), str(values["file"]), str(values["sha256"]),
                    tuple(int(str(n)) for n in _listed(values["input"])),
                    tuple(str(c) for c in _listed(values["classes"])), str(values["licence"]),
                    str(values.get("format", "")))
    except (KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{manifest}: model {values.get('name')!r} lacks a good {error}; restore it.") from None


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"list ({value!r})")
    return value
