"""Lays out paper as a 1-bit image at the printer's dots per inch. Lengths are millimetres from the top left corner.

Type is Pretendard (Hangul, Latin, Vietnamese, Cyrillic, kana); codes are drawn by zxing-cpp in whole dots per module.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from devices.ports import Picture

FONTS = Path(__file__).parent / "ui" / "fonts"
MM_PER_INCH = 25.4
#: Pillow's own layout: the other one is used only where a system library lies, and the same paper would differ.
LAYOUT = ImageFont.Layout.BASIC
#: Line pitch in em.
LEADING = 1.32
Align = Literal["left", "centre", "right"]
Symbology = Literal["QRCode", "DataMatrix", "Aztec"]
ANCHOR = {"left": "ls", "centre": "ms", "right": "rs"}
QUIET = {"QRCode": 4, "DataMatrix": 2, "Aztec": 2}


class Sheet:
    """A sheet of paper being drawn on; `width_mm` and `height_mm` are what the printer can reach."""

    def __init__(self, width_dots: int, height_dots: int, dpi: int, fonts: Path = FONTS) -> None:
        self.dpi = dpi
        self.width_mm = width_dots * MM_PER_INCH / dpi
        self.height_mm = height_dots * MM_PER_INCH / dpi
        self._fonts = fonts
        self._faces: dict[tuple[bool, float], ImageFont.FreeTypeFont] = {}
        self._image = Image.new("L", (width_dots, height_dots), 255)
        self._draw = ImageDraw.Draw(self._image)

    def dots(self, mm: float) -> int:
        """Whole dots nearest to this length."""
        return round(mm * self.dpi / MM_PER_INCH)

    def width(self, text: str, em: float, bold: bool = False) -> float:
        """Advance of one line of text, mm."""
        return self._face(em, bold).getlength(text) * MM_PER_INCH / self.dpi

    def put(
        self, x: float, base: float, text: str, em: float, bold: bool = False, align: Align = "left", ink: int = 0
    ) -> None:
        """One line of text on its baseline, which starts, is centred or ends at x; ink 0 is black, 255 white."""
        at = (self.dots(x), self.dots(base))
        self._draw.text(at, text, fill=ink, font=self._face(em, bold), anchor=ANCHOR[align])

    def fit(self, x: float, base: float, text: str, em: float, width: float, bold: bool = False) -> float:
        """One line made smaller, down to 30 %, until it fits the width; the em that was used."""
        used = max(em * 0.3, min(em, em * width / max(self.width(text, em, bold), 0.01)))
        self.put(x, base, text, used, bold)
        return used

    def wrap(self, text: str, em: float, width: float, bold: bool = False) -> list[str]:
        """Lines no wider than `width`, broken at spaces, else between characters; no character is lost but spaces."""
        lines: list[str] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if self.width(longer, em, bold) <= width:
                line = longer
                continue
            lines += [line] if line else []
            *whole, line = self._chop(word, em, width, bold)
            lines += whole
        return [*lines, line] if line else lines

    def even(self, text: str, em: float, width: float, bold: bool = False) -> list[str]:
        """The same number of lines as `wrap`, of lengths as alike as it gets."""
        lines = self.wrap(text, em, width, bold)
        while len(lines) > 1 and width > em:
            width -= em
            narrower = self.wrap(text, em, width, bold)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def shrink(self, text: str, ems: tuple[float, ...], width: float, height: float) -> tuple[float, list[str]]:
        """The first em of these at which the text fits width and height, else the last; and its lines, bold."""
        for em in ems:
            lines = self.wrap(text, em, width, True)
            if len(lines) * em * LEADING <= height:
                break
        return em, lines

    def block(
        self, x: float, top: float, lines: Iterable[str], em: float, bold: bool = False, align: Align = "left",
        ink: int = 0,
    ) -> float:  # fmt: skip
        """Lines below each other; the y below them."""
        for line in lines:
            self.put(x, top + em, line, em, bold, align, ink)
            top += em * LEADING
        return top

    def rule(self, x: float, y: float, width: float, weight: float = 0.25, dash: float = 0.0) -> None:
        """A horizontal line; dash 0 is unbroken."""
        step = 2 * dash if dash else width
        for index in range(math.ceil(width / step)):
            left = x + index * step
            self.fill(left, y, min(dash or width, x + width - left), weight)

    def fill(self, x: float, y: float, width: float, height: float, ink: int = 0) -> None:
        """A filled rectangle, at least one dot thick."""
        left, top = self.dots(x), self.dots(y)
        right, bottom = left + max(1, self.dots(width)), top + max(1, self.dots(height))
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=ink)

    def code128(
        self, x: float, y: float, text: str, height: float, module: float = 0.33, align: Align = "left"
    ) -> float:
        """Code 128 with modules of whole dots, none narrower than `module` mm; its width without quiet zones, mm."""
        dots = math.ceil(module * self.dpi / MM_PER_INCH)
        bars = Image.fromarray(symbol(text, "Code128")[:1])
        bars = bars.resize((bars.width * dots, self.dots(height)), Image.Resampling.NEAREST)
        left = self.dots(x) - {"left": 0, "centre": bars.width // 2, "right": bars.width}[align]
        self._image.paste(bars, (left, self.dots(y)))
        return bars.width * MM_PER_INCH / self.dpi

    def matrix(self, x: float, y: float, text: str, side: float, kind: Symbology = "QRCode") -> tuple[float, float]:
        """A square code no larger than `side` mm, its quiet zone outside; (side drawn, quiet zone), mm."""
        modules = Image.fromarray(symbol(text, kind))
        dots = int(side * self.dpi / MM_PER_INCH) // modules.width
        if not dots:
            raise ValueError(f"a {kind} of {modules.width} modules has no room in {side} mm at {self.dpi} dpi")
        drawn = modules.resize((modules.width * dots, modules.height * dots), Image.Resampling.NEAREST)
        self._image.paste(drawn, (self.dots(x), self.dots(y)))
        return drawn.width * MM_PER_INCH / self.dpi, QUIET[kind] * dots * MM_PER_INCH / self.dpi

    def picture(self, height_mm: float | None = None) -> Picture:
        """The sheet, cut off at `height_mm`, for a printer."""
        height = self._image.height if height_mm is None else min(self._image.height, self.dots(height_mm))
        return to_picture(self._image.crop((0, 0, self._image.width, height)), self.dpi)

    def _chop(self, word: str, em: float, width: float, bold: bool) -> list[str]:
        """A word in pieces that fit."""
        pieces = [""]
        for character in word:
            if pieces[-1] and self.width(pieces[-1] + character, em, bold) > width:
                pieces.append("")
            pieces[-1] += character
        return pieces

    def _face(self, em: float, bold: bool) -> ImageFont.FreeTypeFont:
        if (bold, em) not in self._faces:
            size = em * self.dpi / MM_PER_INCH
            self._faces[bold, em] = ImageFont.truetype(self._fonts / face(bold), size, layout_engine=LAYOUT)
        return self._faces[bold, em]


class Column:
    """A strip of paper filled from top to bottom, as long as it needs to be."""

    def __init__(self, width_dots: int, dpi: int, margin: float = 1.5, fonts: Path = FONTS) -> None:
        self.sheet = Sheet(width_dots, round(600 * dpi / MM_PER_INCH), dpi, fonts)
        self.left = margin
        self.right = self.sheet.width_mm - margin
        self.inner = self.right - self.left
        self.y = 0.0

    def gap(self, mm: float) -> None:
        """Leave paper white."""
        self.y += mm

    def rule(self, weight: float = 0.25, dash: float = 0.0, around: float = 2.2) -> None:
        """A line across, with white above and below."""
        self.y += around
        self.sheet.rule(self.left, self.y, self.inner, weight, dash)
        self.y += weight + around

    def text(self, text: str, em: float, bold: bool = False, align: Align = "left") -> None:
        """A paragraph, wrapped."""
        x = {"left": self.left, "centre": (self.left + self.right) / 2, "right": self.right}[align]
        self.y = self.sheet.block(x, self.y, self.sheet.even(text, em, self.inner, bold), em, bold, align)

    def titles(self, first: str, second: str, em: float, small: float, align: Align = "left") -> None:
        """A bold line and the same in the second language, smaller, below it."""
        self.text(first, em, True, align)
        if second != first:
            self.text(second, small, False, align)

    def heading(self, first: str, second: str, em: float, small: float) -> None:
        """A bold line and beside it, where there is room, else below, the same in the second language."""
        end = self.left + self.sheet.width(first, em, True) + em * 0.35
        if second == first or end + self.sheet.width(second, small) > self.right:
            self.titles(first, second, em, small)
            return
        self.sheet.put(self.left, self.y + em, first, em, True)
        self.sheet.put(end, self.y + em, second, small)
        self.y += em * LEADING

    def pair(self, first: str, second: str, value: str, em: float = 3.3, bold: bool = False) -> None:
        """Label, the same in the second language beside it, and the value at the right edge; too long: on two lines."""
        small, base = min(em * 0.7, 3.4), self.y + em
        self.sheet.put(self.left, base, first, em, bold)
        end = self.left + self.sheet.width(first, em, bold)
        if second != first:
            self.sheet.put(end + em * 0.4, base, second, small)
            end += em * 0.4 + self.sheet.width(second, small)
        if end + em > self.right - self.sheet.width(value, em, bold):
            self.y = base + em * 0.35
            lines = self.sheet.wrap(value, em, self.inner, bold)
            self.y = self.sheet.block(self.right, self.y, lines, em, bold, "right")
        else:
            self.sheet.put(self.right, base, value, em, bold, "right")
            self.y += em * 1.5

    def banner(self, text: str, em: float = 4.2) -> None:
        """White on black across the paper."""
        lines = self.sheet.wrap(text, em, self.inner - 4, True)
        height = len(lines) * em * LEADING + em * 0.5
        self.sheet.fill(self.left, self.y, self.inner, height)
        self.sheet.block((self.left + self.right) / 2, self.y + em * 0.15, lines, em, True, "centre", 255)
        self.y += height

    def code128(self, text: str, height: float = 12.0, module: float = 0.33) -> None:
        """Code 128 in the middle."""
        self.sheet.code128((self.left + self.right) / 2, self.y, text, height, module, "centre")
        self.y += height

    def picture(self, tail: float = 2.0) -> Picture:
        """What was laid out, with a white tail."""
        return self.sheet.picture(self.y + tail)


def face(bold: bool) -> str:
    """Font file of a weight."""
    return "Pretendard-Bold.otf" if bold else "Pretendard-Medium.otf"


def symbol(text: str, kind: str) -> Any:
    """The modules of a code as an array of 0 (black) and 255, one per module, without quiet zone."""
    code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    return np.array(code.to_image(scale=1, add_quiet_zones=False))


def undrawable(text: str, fonts: Path = FONTS) -> str:
    """The characters of the text that the paper's type has no glyph for (Han, Thai, emoji …), each once."""
    font, box = _probe(fonts)
    return "".join(character for character in dict.fromkeys(text) if bytes(font.getmask(character)) == box)


@cache
def _probe(fonts: Path) -> tuple[ImageFont.FreeTypeFont, bytes]:
    """A face to look glyphs up in, and what it draws where it has none."""
    font = ImageFont.truetype(fonts / face(False), 20, layout_engine=LAYOUT)
    return font, bytes(font.getmask("\uffff"))


def to_picture(image: Image.Image, dpi: int) -> Picture:
    """An image as a printer's picture; darker than middle grey is black."""
    black = image.convert("L").point(lambda level: 255 if level < 128 else 0).convert("1", dither=Image.Dither.NONE)
    return Picture(black.width, black.height, dpi, black.tobytes())


def to_image(picture: Picture) -> Image.Image:
    """A picture as a black-on-white image, mode "1"."""
    white = bytes(byte ^ 0xFF for byte in picture.rows)
    return Image.frombytes("1", (picture.width, picture.height), white)


def to_png(picture: Picture) -> bytes:
    """A picture as a PNG file that knows its dots per inch."""
    file = io.BytesIO()
    to_image(picture).save(file, "PNG", dpi=(picture.dpi, picture.dpi))
    return file.getvalue()
