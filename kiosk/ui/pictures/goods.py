"""What customers carry and get: parcel, open box, label, slip, card. Sizes are pixels of the panel."""

from collections.abc import Callable

from kiosk.ui.pictures.iso import (
    Flat,
    Plane,
    Sheet,
    Solid,
    cut,
    facing_left,
    facing_right,
    hull,
    lying,
    oval,
    project,
    rect,
)

DASH = "18 13"
BARS = (3.0, 6.0, 3.0, 8.0, 4.0, 3.0, 7.0, 3.0, 5.0)


def parcel(sheet: Sheet, corner: Solid, size: Solid, *, labelled: bool = False) -> None:
    """A taped box; `labelled` only after the label was stuck."""
    (x, y, z), (w, d, h) = corner, size
    sheet.box(corner, size, "kraft")
    tape = w * 0.16
    middle, low, front = x + (w - tape) / 2, h - min(h * 0.3, 56), facing_left(x, y + d, z)
    sheet.shape(lying(middle, y, z + h).all(rect(0, 0, tape, d)), "tape", 3.5)
    end = [(0.0, h), (tape, h), (tape, low), (tape / 2, low + tape * 0.2), (0.0, low)]
    sheet.shape(front.all((a + middle - x, b) for a, b in end), "tapeMid", 3.5)
    if labelled:
        label(sheet, lying(x, y, z + h), (w * 0.2, d * 0.2), (w * 0.6, d * 0.62))


def label(sheet: Sheet, on: Plane, corner: Flat, size: Flat) -> None:
    """A parcel label: two lines of address above a barcode."""
    (a, b), (w, h) = corner, size
    sheet.shape(on.all(rect(a, b, w, h)), "counterTop", 4)
    for row, part in ((0.2, 0.76), (0.38, 0.5)):
        sheet.line(on.all([(a + w * 0.12, b + h * row), (a + w * (0.12 + part), b + h * row)]), 4)
    bars(sheet, on, (a + w * 0.12, b + h * 0.56), (w * 0.76, h * 0.28))


def bars(sheet: Sheet, on: Plane, corner: Flat, size: Flat) -> None:
    """A barcode filling a rectangle of the plane."""
    (a, b), (w, h) = corner, size
    step = w / (len(BARS) - 0.3)
    for place, width in enumerate(BARS):
        thick = step * width / 9
        sheet.shape(on.all(rect(a + place * step, b, thick, h)), "ink", 0)


def target(sheet: Sheet, on: Plane, corner: Flat, size: Flat) -> None:
    """Where something goes: a dashed blue rectangle."""
    points = on.all(rect(*corner, *size))
    sheet.line([*points, points[0]], 6, "blue", DASH)


def bank_card(sheet: Sheet, on: Plane, out: float) -> None:
    """A card standing out of a slot along +b."""
    sheet.shape(on.all(rect(0, 0, 110, out)), "glassTop", 5)
    sheet.shape(on.all(rect(36, out * 0.3, 38, 30)), "amber", 3.5)
    sheet.shape(on.all(rect(2, out - 40, 106, 20)), "deviceTop", 0)
    sheet.line(on.all([(0, 0), (0, out), (110, out), (110, 0)]), 5)


def slip(sheet: Sheet, on: Plane, width: float, length: float) -> None:
    """A strip of paper along +b from b = 0, torn at its end, printed with lines."""
    teeth = 8
    torn = [(width * (1 - i / teeth), length - (9 if i % 2 else 0)) for i in range(teeth + 1)]
    sheet.shape(on.all([(0, 0), (width, 0), *torn]), "counterTop", 5)
    row, parts = length - 40, (0.74, 0.5, 0.74, 0.6, 0.74, 0.5)
    for part in parts:
        if row > 16:
            sheet.line(on.all([(width * 0.13, row), (width * (0.13 + part), row)]), 4)
        row -= 30


def open_box(sheet: Sheet, size: Solid, fill: Callable[[Sheet], None]) -> None:
    """An open box around (0, 0, 0); `fill` draws what is in it, before its near sides."""
    w, d, h = size
    x, y, flap = -w / 2, -d / 2, min(w, d) * 0.36
    rim = lying(x, y, h).all(rect(0, 0, w, d))
    sheet.shape([project(x, y, h), project(x, -y, h), project(x - flap, -y, h + 20), project(x - flap, y, h + 20)],
                "kraftMid", 5)
    sheet.shape([project(x, y, h), project(-x, y, h), project(-x, y - flap, h + 20), project(x, y - flap, h + 20)],
                "kraftTop", 5)
    sheet.shape(rim, "kraftDark")
    sheet.shape(cut(facing_left(x, y, 0).all(rect(0, 0, w, h)), rim), "kraftMid")
    sheet.shape(cut(facing_right(x, -y, 0).all(rect(0, 0, d, h)), rim), "kraftDark")
    fill(sheet)
    _front(sheet, size, flap)


def _front(sheet: Sheet, size: Solid, flap: float) -> None:
    w, d, h = size
    x, y = w / 2, d / 2
    left, right = facing_left(-x, y, 0).all(rect(0, 0, w, h)), facing_right(x, y, 0).all(rect(0, 0, d, h))
    sheet.shape(left, "kraftMid", 6)
    sheet.shape(right, "kraftDark", 6)
    sheet.shape([project(-x, y, h), project(x, y, h), project(x, y + flap, h - 46), project(-x, y + flap, h - 46)],
                "kraftTop", 5)
    sheet.shape([project(x, -y, h), project(x, y, h), project(x + flap, y, h - 46), project(x + flap, -y, h - 46)],
                "kraftTop", 5)


def can(sheet: Sheet, foot: Solid, radius: float, height: float) -> None:
    """A tin with a paper band; `foot` is the middle of its lower end."""
    x, y = project(*foot)
    across, deep = radius * 1.225, radius * 0.707
    rings = [oval((x, y - height * part), across, deep, deep) for part in (0, 0.25, 0.78, 1)]
    sheet.shape(hull([*rings[0], *rings[3]]), "steelMid", 6)
    sheet.shape(hull([*rings[1], *rings[2]]), "amber")
    sheet.shape(hull([*rings[2], *rings[3]]), "steelMid")
    sheet.shape(rings[3], "steelTop", 5)


def book(sheet: Sheet, corner: Solid, size: Solid) -> None:
    """A book standing on its edge, its cover to the left, its pages above and to the right."""
    (x, y, z), (w, d, h) = corner, size
    sheet.solid([
        (lying(x, y, z + h).all(rect(0, 0, w, d)), "counterTop"),
        (facing_left(x, y + d, z).all(rect(0, 0, w, h)), "glassMid"),
        (facing_right(x + w, y + d, z).all(rect(0, 0, d, h)), "counterDark"),
    ])
    sheet.shape(facing_left(x, y + d, z).all(rect(w * 0.2, h * 0.62, w * 0.6, h * 0.2)), "counterTop")
