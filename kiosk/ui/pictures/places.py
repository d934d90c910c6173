"""What is larger than the counter or stands about it: lockers, counter, house, truck, bell, clock, telephone."""

from math import cos, sin

from kiosk.ui.pictures import goods
from kiosk.ui.pictures.iso import Flat, Sheet, facing_left, facing_right, lying, oval, plane, project, rect


def lockers(sheet: Sheet, columns: int, rows: int, opened: tuple[int, int]) -> None:
    """A wall of lockers from (0, 0, 0) along x; the opened one shows its parcel."""
    side, gap = 100, 14
    w, h = columns * (side + gap) + gap, rows * (side + gap) + gap
    sheet.box((0, -110, 0), (w, 110, h), "steel")
    front = facing_left(0, 0, 0)
    for column in range(columns):
        for row in range(rows):
            corner = gap + column * (side + gap), gap + row * (side + gap)
            door = front.all(rect(*corner, side, side))
            if (column, row) == opened:
                _opened(sheet, corner, door)
            else:
                sheet.shape(door, "steelTop")
                sheet.line(front.all([(corner[0] + 82, corner[1] + b) for b in (40, 64)]), 6)


def _opened(sheet: Sheet, corner: Flat, door: list[Flat]) -> None:
    a, b = corner
    sheet.shape(door, "deviceDark")
    goods.parcel(sheet, (a + 6, -38, b + 4), (48, 34, 44))
    sheet.line([*door, door[0]])
    swung = plane((a, 0, b), (-0.5, 0.86, 0), (0, 0, 1))
    sheet.shape(swung.all(rect(0, 0, 96, 100)), "steelDark", 5)


def house(sheet: Sheet) -> None:
    """A house with its door to the left and its gable to the right."""
    sheet.box((-190, -170, -24), (380, 340, 24), "counter")
    w, d, h, ridge = 140, 120, 160, 286
    roof = [project(-w, d, h), project(w, d, h), project(w, 0, ridge), project(-w, 0, ridge)]
    gable = [project(w, y, z) for y, z in ((d, 0), (-d, 0), (-d, h), (0, ridge), (d, h))]
    wall = facing_left(-w, d, 0)
    sheet.solid([(roof, "deviceTop"), (wall.all(rect(0, 0, 2 * w, h)), "counterTop"), (gable, "counterDark")])
    sheet.shape(wall.all(rect(50, 0, 64, 112)), "kraftMid")
    sheet.shape(wall.all(rect(156, 52, 76, 60)), "glassTop")
    sheet.shape(facing_right(w, d, 0).all(rect(84, 64, 72, 64)), "glassMid")


def truck(sheet: Sheet) -> None:
    """A delivery truck, its front to the left, lines of wind behind it."""
    for x, z, length in ((-20, 200, 90), (40, 150, 130), (100, 100, 90)):
        sheet.line([project(x, -310 - length, z), project(x, -310, z)], 6)
    sheet.box((-100, -270, 34), (200, 340, 226), "counter")
    _envelope(sheet)
    _cab(sheet)
    for middle in (66, 404):
        sheet.disc(facing_right(100, 216, 34), (middle, 4), 44, "deviceMid", 6)
        sheet.disc(facing_right(100, 216, 34), (middle, 4), 17, "steelTop")


def _envelope(sheet: Sheet) -> None:
    side = facing_right(100, 70, 34).all
    sheet.shape(side(rect(90, 82, 160, 104)), "kraftTop", 5)
    sheet.line(side([(90, 186), (170, 128), (250, 186)]), 5)


def _cab(sheet: Sheet) -> None:
    sheet.box((-100, 74, 34), (200, 142, 160), "kraft")
    front, side = facing_left(-100, 216, 34), facing_right(100, 216, 34)
    sheet.shape(front.all(rect(18, 72, 164, 68)), "glassTop")
    sheet.shape(side.all(rect(18, 72, 78, 68)), "glassMid")
    for a in (18, 146):
        sheet.shape(front.all(rect(a, 24, 36, 22)), "amber")


def bell(sheet: Sheet) -> None:
    """The bell that calls staff, on its end of the counter."""
    sheet.box((-210, -200, -44), (400, 370, 44), "counter")
    sheet.disc(lying(0, 0, 0), (0, 0), 104, "deviceMid", 6)
    sheet.disc(lying(0, 0, 14), (0, 0), 100, "deviceTop", 5)
    sheet.shape(oval((0, -24), 108, 112, 60), "amber", 6)
    sheet.line(oval((0, -24), 82, 86, 0)[33:41], 5)
    sheet.line([(0, -136), (0, -158)], 14)
    sheet.shape(oval((0, -166), 26, 14, 14), "deviceTop", 5)
    for way in (-1, 1):
        for angle in (0.35, 0.7, 1.05):
            ray = way * cos(angle), -sin(angle)
            sheet.line([(ray[0] * out, ray[1] * out - 62) for out in (140, 176)], 6)


def clock(sheet: Sheet) -> None:
    """A clock standing on the counter."""
    sheet.box((-190, -110, -44), (380, 220, 44), "counter")
    sheet.box((-130, -46, 0), (260, 92, 260), "steel")
    dial = facing_left(0, 46, 130)
    sheet.disc(dial, (0, 0), 104, "counterTop", 5)
    for a, b in ((0, 88), (88, 0), (0, -88), (-88, 0)):
        sheet.line(dial.all([(a, b), (a * 0.9, b * 0.9)]), 5)
    sheet.line(dial.all([(0, 66), (0, 0), (42, -26)]), 8)


def telephone(sheet: Sheet) -> None:
    """The telephone to staff: a desk with keys, its handset beside them."""
    sheet.box((-150, -130, 0), (300, 260, 50), "device")
    top = lying(-150, -130, 50)
    sheet.shape(top.all(rect(140, 26, 132, 62)), "glassTop")
    for row in range(4):
        for column in range(3):
            sheet.shape(top.all(rect(142 + column * 46, 106 + row * 34, 34, 22)), "lit", 0)
    sheet.box((-128, -150, 62), (70, 300, 26), "steel", 5)
    for y in (-150, 84):
        sheet.box((-132, y, 52), (78, 66, 50), "steel", 5)


def roller_table(sheet: Sheet) -> None:
    """Rollers that carry a parcel away, between two rails."""
    sheet.box((-150, -290, -50), (300, 560, 50), "steel")
    on = lying(-150, -290, 0)
    for row in range(12):
        sheet.shape(on.all(rect(22, 14 + row * 45, 256, 26)), "steelMid", 3.5)


def measuring_rod(sheet: Sheet, foot: tuple[float, float], height: float) -> None:
    """A rod with marks, standing on the ground."""
    x, y = foot
    sheet.box((x - 34, y - 12, 0), (68, 24, height), "counter")
    face = facing_left(x - 34, y + 12, 0)
    for step in range(1, int(height // 26)):
        sheet.line(face.all([(0, step * 26), (40 if step % 3 == 0 else 22, step * 26)]), 4)
