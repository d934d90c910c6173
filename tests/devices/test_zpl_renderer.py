"""The label's bytes drawn by somebody else's ZPL renderer (npm zpl-renderer-js, in node): the same dots and codes.

Without node and npm, or without a package registry on the first run, these tests are skipped and say so.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from devices.bench.printer import Page
from tests.devices import goldens
from tests.devices.test_goldens import differing

FOLDER = Path(__file__).parent / "zpl"
INSTALLED = FOLDER / "node_modules" / "zpl-renderer-js"
INSTALL = (
    "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0",
    "--fetch-timeout=20000",
)  # fmt: skip
#: A registry that does not answer holds up nobody; the test itself has 120 s.
INSTALL_S = 60
#: The environment's own programs come first, so that a node installed there is found too.
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
LABELS = [name for name in goldens.papers() if name.startswith("label")]


def program(name: str) -> str:
    """Where this program lies; the test is skipped where it does not."""
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"ZPL is not verified independently: {name} is not installed (apt-get install nodejs npm)")
    return found


@pytest.fixture(scope="module")
def node() -> str:
    """The node program, with the renderer installed beside the script."""
    found = program("node")
    if not INSTALLED.is_dir() and (failed := install(program("npm"))):
        pytest.skip(f"ZPL is not verified independently: npm ci failed: {failed}")
    return found


def install(npm: str) -> str:
    """Bring the renderer from the registry; '' or why not."""
    environment = {**os.environ, "PATH": PATH}
    try:
        made = subprocess.run(
            [npm, *INSTALL], cwd=FOLDER, env=environment, capture_output=True, text=True, check=False, timeout=INSTALL_S
        )
    except subprocess.TimeoutExpired:
        shutil.rmtree(FOLDER / "node_modules", ignore_errors=True)  # half of it would be taken for the whole
        return f"not done in {INSTALL_S} s"
    return made.stderr.strip()[-200:] if made.returncode else ""


@cache
def page(name: str) -> Page:
    """What the driver sent for this label, and what the peer made of it."""
    return asyncio.run(goldens.printed(name, goldens.papers()[name]()))


def rendered(node: str, job: bytes, size: tuple[int, int]) -> Image.Image:
    """The renderer's picture, mode "1"; 8 dots are a millimetre for it."""
    command = [node, "render.mjs", str(size[0] / 8), str(size[1] / 8), "8"]
    done = subprocess.run(command, cwd=FOLDER, input=job, capture_output=True, check=True, timeout=60)
    grey = Image.open(io.BytesIO(done.stdout)).convert("L")
    return grey.point(lambda level: 255 if level >= 128 else 0).convert("1")


@pytest.mark.parametrize("name", LABELS)
def test_the_label_has_the_same_dots_and_codes(node: str, name: str) -> None:
    ours = page(name)
    theirs = rendered(node, ours.job, ours.image.size)
    assert theirs.size == ours.image.size
    assert differing(theirs, ours.image) == 0
    codes = {(code.text, str(code.format)) for code in zxingcpp.read_barcodes(theirs.convert("L"))}
    assert codes == {(goldens.NUMBER, "Code 128"), (goldens.NUMBER, "Data Matrix")}


def test_another_label_has_other_dots(node: str) -> None:
    ours = page(LABELS[0])
    assert differing(rendered(node, page(LABELS[1]).job, ours.image.size), ours.image) > 1000


def test_a_wrong_count_in_the_graphic_is_seen(node: str) -> None:
    """What the peer would take for a fault of the driver shows in the other renderer too."""
    ours = page(LABELS[0])
    shifted = ours.job.replace(b",104,", b",103,", 1)
    assert shifted != ours.job
    assert differing(rendered(node, shifted, ours.image.size), ours.image) > 1000
