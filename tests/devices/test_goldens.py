"""What comes out of the printers, bit by bit: Korean and English paper against golden pictures."""

from __future__ import annotations

import asyncio

import pytest
from PIL import Image, ImageChops

from tests.devices import goldens


def differing(one: Image.Image, other: Image.Image) -> int:
    """Dots that are not the same in both."""
    return sum(ImageChops.logical_xor(one, other).histogram()[1:])


@pytest.mark.parametrize("name", goldens.papers())
def test_the_printed_page_is_the_golden_one(name: str) -> None:
    page = asyncio.run(goldens.printed(name, goldens.papers()[name]())).image
    wanted = goldens.golden(name)
    assert page.size == wanted.size
    dots = differing(page, wanted)
    assert dots == 0, f"{dots} dots differ; if they are meant: python -m tests.devices.goldens, and look at them"


def test_one_dot_makes_a_difference() -> None:
    page = goldens.golden("claim_ko")
    other = page.copy()
    other.putpixel((3, 3), 0 if page.getpixel((3, 3)) else 255)
    assert differing(page, other) == 1


def test_every_golden_picture_has_its_paper() -> None:
    assert {path.stem for path in goldens.FOLDER.glob("*.png")} == set(goldens.papers())
