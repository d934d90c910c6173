"""What stands on the counter: parcel, label, table, terminal, printers, hatch. Sizes are pixels of the panel."""

from math import cos, radians, sin

from kiosk.ui.pictures.iso import (
    Flat,
    Plane,
    Sheet,
    Solid,
    cut,
    facing_left,
    facing_right,
    lying,
    plane,
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
    middle, front = x + (w - tape) / 2, facing_left(x, y + d, z)
    sheet.shape(lying(middle, y, z + h).all(rect(0, 0, tape, d)), "tape", 3.5)
    end = [(0.0, h), (tape, h), (tape, h * 0.7), (tape / 2, h * 0.75), (0.0, h * 0.7)]
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


def table(sheet: Sheet) -> None:
    """The measuring table: tags around the zone, blue corners in it; its surface is z = 10, its middle (0, 0)."""
    sheet.box((-200, -200, -48), (400, 400, 48), "steel")
    sheet.box((-182, -182, 0), (364, 364, 10), "counter", 4)
    on = lying(0, 0, 10)
    for across in (-160, -54, 54, 160):
        for along in (-160, -54, 54, 160):
            if 160 in (abs(across), abs(along)):
                sheet.shape(on.all(rect(across - 11, along - 11, 22, 22)), "ink", 0)
    for i in (-1, 1):
        for j in (-1, 1):
            sheet.line(on.all([(i * 132, j * 92), (i * 132, j * 132), (i * 92, j * 132)]), 9, "blue")


def stand(sheet: Sheet) -> None:
    """The mast behind the table with a camera on either arm, both looking at its middle."""
    sheet.box((-236, -236, -48), (36, 36, 520), "steel")
    for corner, size in (((-200, -231, 438), (250, 26, 26)), ((-231, -200, 438), (26, 250, 26))):
        sheet.box(corner, size, "steel")
    sheet.box((20, -250, 386), (76, 62, 52), "device")
    sheet.disc(facing_left(58, -188, 410), (0, 0), 17, "glassTop")
    sheet.box((-250, 20, 386), (62, 76, 52), "device")
    sheet.disc(facing_right(-188, 58, 410), (0, 0), 17, "glassTop")


def sight(sheet: Sheet, onto: Solid) -> None:
    """Dashed blue lines from both cameras onto a block's near edges, given its half size and height."""
    w, d, h = onto
    for lens, ends in (
        ((58, -186, 404), ((w, -d, h), (w, d, h))),
        ((-186, 58, 404), ((-w, d, h), (w, d, h))),
    ):
        for end in ends:
            sheet.line([project(*lens), project(*end)], 5, "blue", "14 12")


def terminal(sheet: Sheet, *, card: float) -> None:
    """The payment terminal on its base; `card` tells how far the card stands out."""
    sheet.box((-150, -190, -44), (300, 380, 44), "steel")
    on = _wedge(sheet, 105, ((-160, 150), (-110, 150), (150, 56), (150, 0)), "device")
    sheet.shape(on.all(rect(28, 14, 154, 96)), "glassTop")
    for row in range(4):
        for column in range(3):
            fill = "okTint" if (row, column) == (3, 2) else "lit"
            sheet.shape(on.all(rect(32 + column * 52, 130 + row * 33, 42, 22)), fill, 0)
    sheet.shape(facing_left(-70, 150, 16).all(rect(0, 0, 140, 18)), "deviceDark", 4)
    if card:
        bank_card(sheet, lying(-55, 150, 24), card)


def bank_card(sheet: Sheet, on: Plane, out: float) -> None:
    """A card standing out of a slot along +b."""
    sheet.shape(on.all(rect(0, 0, 110, out)), "glassTop", 5)
    sheet.shape(on.all(rect(36, out * 0.3, 38, 30)), "amber", 3.5)
    sheet.shape(on.all(rect(2, out - 40, 106, 20)), "deviceTop", 0)
    sheet.line(on.all([(0, 0), (0, out), (110, out), (110, 0)]), 5)


def _wedge(sheet: Sheet, half: float, profile: tuple[Flat, ...], material: str) -> Plane:
    """A desk with a sloped top between x = ±half: profile back, ridge, front edge, foot in (y, z); gives the slope."""
    (back, high), (ridge, _), (front, low), _ = profile
    slope = plane((-half, ridge, high), (1, 0, 0), _unit(front - ridge, low - high))
    length = ((front - ridge) ** 2 + (high - low) ** 2) ** 0.5
    side = [(back, 0.0), (back, high), (ridge, high), (front, low), (front, 0.0)]
    faces = [
        (lying(-half, back, high).all(rect(0, 0, 2 * half, ridge - back)), f"{material}Top"),
        (slope.all(rect(0, 0, 2 * half, length)), f"{material}Top"),
        (facing_left(-half, front, 0).all(rect(0, 0, 2 * half, low)), f"{material}Mid"),
        ([project(half, y, z) for y, z in side], f"{material}Dark"),
    ]
    sheet.solid(faces)
    return slope


def _unit(along: float, up: float) -> Solid:
    length = (along * along + up * up) ** 0.5
    return 0, along / length, up / length


def label_printer(sheet: Sheet, out: float, *, crumpled: bool = False) -> None:
    """The label printer with a label out of its slot, `out` pixels long."""
    sheet.box((-170, -130, 0), (340, 260, 190), "steel")
    lid = lying(-170, -130, 190)
    sheet.shape(lid.all(rect(34, 30, 272, 170)), "steelMid", 4)
    sheet.shape(lid.all(rect(90, 66, 160, 98)), "glassTop", 4)
    sheet.shape(facing_left(-170, 130, 0).all(rect(60, 84, 220, 26)), "deviceDark", 4)
    if crumpled:
        _crumpled(sheet)
    else:
        _tongue(sheet, out)


def _tongue(sheet: Sheet, out: float) -> None:
    near = plane((-90, 130, 97), (1, 0, 0), _unit(10, -1))
    sheet.shape(near.all(rect(0, 0, 180, out)), "counterTop", 5)
    for row, part in ((out - 26, 0.8), (out - 50, 0.5)):
        sheet.line(near.all([(18, row), (18 + 180 * part, row)]), 4)
    bars(sheet, near, (18, out - 118), (144, 46))


def _crumpled(sheet: Sheet) -> None:
    folds = [(130.0, 97.0), (172.0, 66.0), (196.0, 98.0), (226.0, 48.0), (262.0, 62.0)]
    for (y, z), (far, low) in zip(folds, folds[1:], strict=False):
        fill = "counterTop" if low >= z else "counterDark"
        shift = (far - 130) * 0.12
        sheet.shape([project(-90, y, z), project(90 - shift / 2, y, z), project(90 - shift, far, low),
                     project(-90 + shift, far, low)], fill, 5)


def receipt_printer(sheet: Sheet, out: float) -> None:
    """The receipt printer, a dark desk with the slip standing out of its top."""
    sheet.box((-150, -150, -40), (300, 300, 40), "steel")
    on = _wedge(sheet, 110, ((-110, 120), (-30, 120), (120, 70), (120, 0)), "device")
    sheet.shape(on.all(rect(20, 24, 180, 26)), "deviceDark", 4)
    slip(sheet, plane((-75, -14, 113), (1, 0, 0), (0, 0.28, 0.96)), 150, out)
    sheet.disc(on, (188, 118), 9, "okTint", 3.5)


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


def hatch(sheet: Sheet, angle: float) -> None:
    """The parcel hatch in its wall; the flap at its foot is `angle` degrees open (0 closed, 90 level)."""
    sheet.box((-230, -50, -40), (460, 50, 440), "steel")
    front = facing_left(-230, 0, -40)
    opening = front.all(rect(70, 90, 320, 280))
    window = opening[::-1]
    sheet.shape(opening, "deviceDark", 0)
    floor = lying(-160, -220, 50).all(rect(0, 0, 320, 220))
    wall = facing_right(-160, 0, 50).all(rect(0, 0, 220, 280))
    sheet.shape(cut(wall, window), "deviceMid", 4)
    sheet.shape(cut(floor, window), "deviceTop", 4)
    sheet.line([*opening, opening[0]], 5)
    _flap(sheet, angle)


def _flap(sheet: Sheet, angle: float) -> None:
    """The flap, hinged at the opening's foot; its inside is seen once it is more than half open."""
    along, up = sin(radians(angle)), cos(radians(angle))
    on = plane((-160, 0, 50), (1, 0, 0), (0, along, up))
    panel = on.all(rect(0, 0, 320, 280))
    if angle > 45:
        edge = [on.at(0, 280), on.at(320, 280)]
        thick = [(x, y + 14) for x, y in edge]
        sheet.shape([on.at(320, 0), on.at(320, 280), thick[1], (on.at(320, 0)[0], on.at(320, 0)[1] + 14)], "steelDark")
        sheet.shape([*edge, *thick[::-1]], "steelMid")
        sheet.shape(panel, "steelTop", 6)
        return
    sheet.shape(panel, "steelMid", 6)
    sheet.shape(on.all(rect(110, 222, 100, 20)), "deviceDark", 4)
