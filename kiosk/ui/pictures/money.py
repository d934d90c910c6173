"""What the bank counter shows: the bank's house, papers, notes and coins, a bill before its reader, a guarded card."""

from kiosk.ui.pictures import goods, papers
from kiosk.ui.pictures.iso import Plane, Sheet, Solid, facing_left, facing_right, lying, project, rect

SHEET_SIZE = (250.0, 330.0)


def bank(sheet: Sheet) -> None:
    """A bank's house: steps, four columns before its wall, a gable."""
    sheet.box((-220, -160, -30), (440, 320, 30), "counter")
    sheet.box((-190, -120, 0), (380, 230, 26), "counter", 4)
    sheet.box((-160, -100, 26), (320, 150, 190), "steel", 5)
    sheet.shape(facing_left(-160, 50, 26).all(rect(130, 0, 60, 120)), "deviceMid", 4)
    for x in (-160, -66, 28, 122):
        sheet.box((x, 62, 26), (38, 38, 190), "counter", 5)
    sheet.box((-176, -116, 216), (352, 226, 26), "counter", 5)
    _roof(sheet)


def _roof(sheet: Sheet) -> None:
    """The gable over the columns, its ridge running away from the viewer."""
    front, back, foot, ridge = 110, -116, 242, 330
    right = [project(0, front, ridge), project(176, front, foot), project(176, back, foot), project(0, back, ridge)]
    left = [project(0, front, ridge), project(-176, front, foot), project(-176, back, foot), project(0, back, ridge)]
    gable = [project(-176, front, foot), project(0, front, ridge), project(176, front, foot)]
    for points, fill in ((left, "kraftMid"), (right, "kraftDark"), (gable, "kraftTop")):
        sheet.shape(points, fill, 5)
    sheet.disc(facing_left(-176, front, foot), (176, 30), 18, "amber", 4)


def leaf(sheet: Sheet, on: Plane) -> None:
    """A written sheet: a title, lines, a signature's line."""
    width, height = SHEET_SIZE
    sheet.shape(on.all(rect(0, 0, width, height)), "counterTop", 6)
    sheet.shape(on.all(rect(28, 30, 120, 22)), "ink", 0)
    for row, part in ((88, 190), (118, 150), (148, 190), (178, 170), (208, 120)):
        sheet.line(on.all([(28, row), (28 + part, row)]), 4)
    sheet.line(on.all([(120, 286), (222, 286)]), 5)


def papers_there(sheet: Sheet) -> None:
    """Two sheets on a piece of the counter."""
    sheet.box((-200, -190, -40), (400, 400, 40), "counter")
    leaf(sheet, papers.reading(-180, 80, 0))
    leaf(sheet, papers.reading(-140, 165, 12))


def paper_on_glass(sheet: Sheet) -> None:
    """A sheet that is to be photographed: it goes onto the glass."""
    papers.glass(sheet)
    sheet.part(lambda inner: leaf(inner, papers.reading(-165, 125, 0)), project(0, 0, 290), 0.86)


def notes(sheet: Sheet) -> None:
    """A bundle of notes and two stacks of coins."""
    sheet.box((-190, -200, -40), (380, 400, 40), "counter")
    _bundle(sheet, (-150, -150, 0))
    for x, y, high in ((20, 100, 5), (100, 20, 3)):
        for step in range(high):
            coin(sheet, (x, y, step * 22.0))


def _bundle(sheet: Sheet, corner: Solid) -> None:
    x, y, z = corner
    sheet.box(corner, (140, 250, 50), "counter", 5)
    on = lying(x, y, z + 50)
    sheet.shape(on.all(rect(0, 0, 140, 250)), "okTint", 5)
    sheet.disc(on, (70, 125), 40, "counterTop", 4)
    sheet.shape(on.all(rect(0, 34, 140, 34)), "kraftTop", 4)
    sheet.shape(facing_left(x, y + 250, z).all(rect(0, 0, 140, 50)), "counterMid", 4)
    for row in (16, 32):
        sheet.line(facing_left(x, y + 250, z).all([(4, row), (136, row)]), 3)
        sheet.line(facing_right(x + 140, y + 250, z).all([(4, row), (246, row)]), 3)


def coin(sheet: Sheet, middle: Solid) -> None:
    """One coin lying."""
    x, y, z = middle
    sheet.disc(lying(x, y, z), (0, 0), 48, "tape", 5)
    sheet.disc(lying(x, y, z + 18), (0, 0), 48, "amber", 5)
    sheet.disc(lying(x, y, z + 18), (0, 0), 27, "amber", 3)


def bill(sheet: Sheet) -> None:
    """A bill with its code, held before the window of the reader."""
    sheet.box((-150, -190, -44), (300, 380, 44), "steel")
    sheet.box((-110, -150, 0), (220, 300, 70), "device")
    sheet.shape(lying(-110, -150, 70).all(rect(26, 26, 168, 248)), "glassTop", 5)
    on = papers.reading(-110, 120, 250)
    sheet.shape(on.all(rect(0, 0, 240, 230)), "counterTop", 6)
    sheet.shape(on.all(rect(24, 24, 110, 20)), "ink", 0)
    for row, part in ((66, 190), (86, 130)):
        sheet.line(on.all([(24, row), (24 + part, row)]), 4)
    goods.bars(sheet, on, (24, 110), (190, 56))


def guarded(sheet: Sheet, sign: str) -> None:
    """A bank card on the counter with a shield beside it."""
    sheet.box((-134, -195, -40), (268, 390, 40), "counter")
    on = papers.reading(-104, 165, 0)
    sheet.shape(on.all(rect(0, 0, 330, 208)), "glassTop", 6)
    sheet.shape(on.all(rect(3, 28, 324, 36)), "deviceMid", 0)
    sheet.shape(on.all(rect(36, 96, 58, 44)), "amber", 4)
    for a, length in ((36, 120), (200, 90)):
        sheet.line(on.all([(a, 172), (a + length, 172)]), 5)
    sheet.icon(sign, project(140, 20, 44), 180)
