"""The codes of the golden label and receipt, as a scanner meets them: blurred, noisy, turned, pale. 8 dots are 1 mm.

Measured limits at contrast 170 of 255 and noise 12: the label's Code 128 (bars of 0.5 mm) to a blur of sigma 1.75 dots,
the receipt's (0.375 mm) to 1.0, the Data Matrix (modules of 3.5 mm) to 10; noise to 30 at sigma 1.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from kiosk.paper import to_image
from kiosk.services.send_parcel import slips
from tests.devices import goldens

MARGIN = 80
LINE, MATRIX = "Code 128", "Data Matrix"


def seen(paper: Image.Image, seed: int, sigma: float, contrast: int, noise: float = 12.0) -> Image.Image:
    """The paper as a camera of one pixel per dot sees it: turned by up to 5°, blurred, pale, noisy."""
    made = random.Random(seed)
    table = Image.new("L", (paper.width + 2 * MARGIN, paper.height + 2 * MARGIN), 255)
    table.paste(paper, (MARGIN, MARGIN))
    turned = table.rotate(made.uniform(-5, 5), Image.Resampling.BICUBIC, fillcolor=255)
    dark = made.uniform(10, 245 - contrast)
    grey = np.asarray(turned.filter(ImageFilter.GaussianBlur(sigma)), float) / 255 * contrast + dark
    grey += np.random.default_rng(seed).normal(0, noise, grey.shape)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def read(image: Image.Image) -> set[str]:
    """The symbologies that give the parcel's number, at full and at half resolution: optics average too."""
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    codes = [code for size in (image, half) for code in zxingcpp.read_barcodes(size)]
    assert {code.text for code in codes} <= {goldens.NUMBER}
    return {str(code.format) for code in codes}


@pytest.mark.parametrize("seed", range(20))
def test_both_codes_of_the_label_are_read_after_blur_and_noise(seed: int) -> None:
    made = random.Random(-seed - 1)
    sigma, contrast, noise = made.uniform(0, 1.5), made.randrange(100, 200), made.uniform(0, 12)
    assert read(seen(goldens.golden("label_ko").convert("L"), seed, sigma, contrast, noise)) == {LINE, MATRIX}


@pytest.mark.parametrize("seed", range(8))
def test_the_code_of_the_receipt_is_read_after_blur_and_noise(seed: int) -> None:
    made = random.Random(-seed - 1)
    sigma, contrast, noise = made.uniform(0, 1.0), made.randrange(120, 200), made.uniform(0, 10)
    assert read(seen(goldens.golden("receipt_ko").convert("L"), seed, sigma, contrast, noise)) == {LINE}


@pytest.mark.parametrize(("sigma", "codes"), [(1.5, {LINE, MATRIX}), (5.0, {MATRIX}), (30.0, set())])
def test_where_reading_ends(sigma: float, codes: set[str]) -> None:
    label = goldens.golden("label_real").convert("L")
    assert [read(seen(label, seed, sigma, 170)) for seed in range(3)] == [codes] * 3


def test_at_300_dpi_too() -> None:
    picture = slips.label(goldens.LABEL, goldens.KO, goldens.EN, 1228, 300)
    assert read(seen(to_image(picture).convert("L"), 1, 1.5, 150)) == {LINE, MATRIX}
