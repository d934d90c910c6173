"""What stands at the counter: table and cameras, terminal, printers, hatch. Sizes are pixels of the panel."""

from itertools import pairwise
from math import cos, radians, sin

from kiosk.ui.pictures import goods
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
            fill = "ok" if (row, column) == (3, 2) else "lit"
            sheet.shape(on.all(rect(32 + column * 52, 130 + row * 33, 42, 22)), fill, 0)
    sheet.shape(facing_left(-70, 150, 16).all(rect(0, 0, 140, 18)), "deviceDark", 4)
    if card:
        goods.bank_card(sheet, lying(-55, 150, 24), card)


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
    sheet.box((-170, -130, 0), (340, 260, 165), "steel")
    lid = lying(-170, -130, 165)
    sheet.shape(lid.all(rect(34, 30, 272, 170)), "steelMid", 4)
    sheet.shape(lid.all(rect(90, 66, 160, 98)), "glassTop", 4)
    sheet.shape(facing_left(-170, 130, 0).all(rect(60, 84, 220, 26)), "deviceDark", 4)
    if crumpled:
        _crumpled(sheet)
    elif out:
        _tongue(sheet, out)


def _tongue(sheet: Sheet, out: float) -> None:
    near = plane((-90, 130, 97), (1, 0, 0), _unit(10, -1))
    sheet.shape(near.all(rect(0, 0, 180, out)), "counterTop", 5)
    for row, part in ((out - 26, 0.8), (out - 50, 0.5)):
        sheet.line(near.all([(18, row), (18 + 180 * part, row)]), 4)
    goods.bars(sheet, near, (18, out - 118), (144, 46))


def _crumpled(sheet: Sheet) -> None:
    folds = [(130.0, 97.0), (172.0, 66.0), (196.0, 98.0), (226.0, 48.0), (262.0, 62.0)]
    for (y, z), (far, low) in pairwise(folds):
        fill = "counterTop" if low >= z else "counterMid"
        shift = (far - 130) * 0.12
        sheet.shape([project(-90, y, z), project(90 - shift / 2, y, z), project(90 - shift, far, low),
                     project(-90 + shift, far, low)], fill, 5)


def receipt_printer(sheet: Sheet, out: float) -> None:
    """The receipt printer, a dark desk with the slip standing out of its top."""
    sheet.box((-150, -150, -40), (300, 300, 40), "steel")
    on = _wedge(sheet, 110, ((-110, 120), (-30, 120), (120, 70), (120, 0)), "device")
    sheet.shape(on.all(rect(20, 24, 180, 26)), "deviceDark", 4)
    goods.slip(sheet, plane((-75, -14, 113), (1, 0, 0), (0, 0.28, 0.96)), 150, out)
    sheet.disc(on, (188, 118), 9, "okTint", 3.5)


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
    sheet.shape(on.all(rect(110, 226, 100, 20)), "deviceDark", 4)
    sheet.shape(on.all(rect(104, 92, 112, 76)), "steelTop", 4)
    sheet.line(on.all([(104, 168), (160, 122), (216, 168)]))
