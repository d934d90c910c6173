"""Documents and what reads them: cards, passports, the glass of the camera, the chip reader. Pixels of the panel."""

from kiosk.ui.pictures.iso import Flat, Plane, Sheet, lying, oval, plane, project, rect

#: A card's and a passport page's size; a: along its writing, b: down its lines.
CARD, PAGE = (330.0, 208.0), (344.0, 244.0)
#: Where the photograph lies (its corner), and the lines of writing: name -> (a, b, length).
RESIDENT = (228.0, 30.0), {"name": (26, 74, 90), "number": (26, 104, 156), "issued": (92, 184, 130)}
LICENCE = (26.0, 48.0), {"number": (132, 58, 170), "name": (132, 86, 84), "issued": (180, 184, 124)}
PASSPORT = (22.0, 40.0), {"number": (214, 34, 108), "birth": (128, 104, 112), "expiry": (128, 144, 112)}
KINDS = {"resident_card": RESIDENT, "licence": LICENCE, "passport": PASSPORT}
#: What else is written there: (a, b, length).
MORE = {
    "resident_card": ((26, 134, 176), (26, 154, 120)), "licence": ((132, 114, 150), (132, 138, 170), (132, 158, 110)),
    "passport": ((128, 64, 130), (128, 84, 90), (128, 124, 76)),
}  # fmt: skip
FACE = (76.0, 96.0)


def reading(x: float, y: float, z: float) -> Plane:
    """Horizontal, read from the lower left: a away to the right, b down to the right; (x, y) is its left corner."""
    return plane((x, y, z), (0, -1, 0), (1, 0, 0))


def card(sheet: Sheet, on: Plane, kind: str = "resident_card", mark: str = "") -> None:
    """A printed card; the line `mark` is shown in blue."""
    width, height = CARD
    sheet.shape(on.all(rect(0, 0, width, height)), "counterTop", 6)
    title = rect(26, 26, 116, 20) if kind == "resident_card" else rect(26, 18, 150, 18)
    sheet.shape(on.all(title), "ink", 0)
    _written(sheet, on, kind, mark)


def passport(sheet: Sheet, on: Plane, mark: str = "") -> None:
    """A passport's page with the photograph, below the upper page of the open book; its two lines for machines."""
    width, height = PAGE
    sheet.shape(on.all(rect(0, -110, width, height + 110)), "glassMid", 6)
    sheet.shape(on.all(rect(10, -100, width - 20, 100)), "counterMid", 4)
    for row in (-72, -50, -28):
        sheet.line(on.all([(40, row), (width - 60 - (row % 3) * 30, row)]), 4)
    sheet.shape(on.all(rect(10, 0, width - 20, height - 10)), "counterTop", 5)
    for low in (height - 50, height - 28):
        sheet.line(on.all([(26, low), (width - 28, low)]), 7, "ink", "8 12")
    _written(sheet, on, "passport", mark)


def _written(sheet: Sheet, on: Plane, kind: str, mark: str) -> None:
    corner, lines = KINDS[kind]
    _face(sheet, on, corner)
    for a, b, length in MORE[kind]:
        sheet.line(on.all([(a, b), (a + length, b)]), 4)
    for name, (a, b, length) in lines.items():
        if name == mark:
            sheet.shape(on.all(rect(a - 15, b - 17, length + 30, 34)), "glassTop", 6, "blue")
        sheet.line(on.all([(a, b), (a + length, b)]), 11 if name == mark else 6, "blue" if name == mark else "ink")


def _face(sheet: Sheet, on: Plane, corner: Flat) -> None:
    a, b = corner
    width, height = FACE
    sheet.shape(on.all(rect(a, b, width, height)), "glassTop", 4)
    shoulders = [(12, height), (14, 76), (26, 64), (50, 64), (62, 76), (64, height)]
    sheet.shape(on.all((a + x, b + y) for x, y in shoulders), "glassDark", 4)
    sheet.disc(on, (a + width / 2, b + 40), 19, "skin", 4)


def cover(sheet: Sheet, on: Plane) -> None:
    """A closed passport: its emblem and the sign of a chip."""
    width, height = 230.0, 320.0
    sheet.shape(on.all(rect(0, 0, width, height)), "glassDark", 6)
    sheet.disc(on, (width / 2, 138), 50, "glassTop", 5)
    for part in (rect(58, 42, width - 116, 12), rect(58, 228, width - 116, 12)):
        sheet.shape(on.all(part), "ink", 0)
    sheet.shape(on.all(rect(85, 262, 60, 30)), "amber", 4)
    sheet.disc(on, (115, 277), 8, "counterTop", 3)


def glass(sheet: Sheet) -> None:
    """The glass of the document camera: its surface is z = 24, its middle (0, 0); blue corners on it."""
    sheet.box((-190, -245, -48), (380, 490, 48), "steel")
    sheet.box((-164, -218, 0), (328, 436, 24), "device")
    on = reading(-136, 190, 24)
    sheet.shape(on.all(rect(0, 0, 380, 272)), "glassTop", 4)
    for a, da in ((24, 34), (356, -34)):
        for b, db in ((24, 34), (248, -34)):
            sheet.line(on.all([(a + da, b), (a, b), (a, b + db)]), 9, "blue")


def pad(sheet: Sheet) -> None:
    """The contactless reader: its surface is z = 30, its middle (0, 0), with the waves of a chip on it."""
    sheet.box((-190, -225, -48), (380, 450, 48), "steel")
    sheet.box((-160, -195, 0), (320, 390, 30), "device")
    waves(sheet, lying(52, 52, 30), "lit")


def waves(sheet: Sheet, on: Plane, colour: str) -> None:
    """Three arcs that widen: here a chip is read without contact."""
    for radius in (40.0, 76.0, 112.0):
        arc = [(radius * a, radius * b) for a, b in ARC]
        sheet.line(on.all((a - 40, b + 40) for a, b in arc), 9, colour)


ARC = ((0.26, -0.97), (0.5, -0.87), (0.71, -0.71), (0.87, -0.5), (0.97, -0.26))


def slab(sheet: Sheet) -> None:
    """A piece of the counter under a card; its surface is z = 0."""
    sheet.box((-134, -195, -40), (268, 390, 40), "counter")


def envelope(sheet: Sheet) -> None:
    """A closed letter lying on the counter, sealed."""
    sheet.box((-190, -250, -44), (380, 500, 44), "counter")
    on = reading(-120, 190, 0)
    sheet.shape(on.all(rect(0, 0, 380, 240)), "kraftTop", 6)
    sheet.shape(on.all([(0, 0), (190, 140), (380, 0)]), "kraftMid", 5)
    sheet.disc(on, (190, 126), 40, "okTint", 6)
    sheet.line(on.all([(172, 126), (186, 140), (210, 112)]), 8, "ok")


def keys(sheet: Sheet) -> None:
    """A card beside the keys that it is typed on."""
    sheet.box((-250, -250, -44), (500, 500, 44), "counter")
    card(sheet, reading(-220, 160, 0))
    sheet.box((50, -190, 0), (170, 340, 22), "device")
    on = reading(50, 150, 22)
    for row in range(3):
        for column in range(4):
            sheet.shape(on.all(rect(24 + column * 76, 20 + row * 46, 62, 34)), "lit", 0)


def at(sheet: Sheet, kind: str, mark: str) -> None:
    """Where on a document something stands."""
    if kind == "passport":
        passport(sheet, reading(-122, 172, 0), mark)
    else:
        slab(sheet)
        card(sheet, reading(-104, 165, 0), kind, mark)


def signed(sheet: Sheet, sign: str) -> None:
    """A card on the counter with a sign beside it."""
    slab(sheet)
    card(sheet, reading(-104, 165, 0))
    x, y = project(128, 150, 44)
    if sign == "repeat":  # two arrows alone are lost among the lines of the card
        sheet.shape(oval((x, y), 100, 100, 100), "counterTop", 6)
    sheet.icon(sign, (x, y), 180 if sign != "repeat" else 150)

