"""The scenes by name, each as it stands on the horizon of its screen."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kiosk.ui.pictures import things
from kiosk.ui.pictures.iso import (
    Plane,
    Sheet,
    arrow,
    facing_left,
    facing_right,
    facing_us,
    lying,
    plane,
    project,
    rect,
)

DOWN, UP = ((0.0, 1.0), (-1.0, 0.0)), ((0.0, -1.0), (1.0, 0.0))
INWARD, OUTWARD = ((0.0, -1.0, 0.0), (1.0, 0.0, 0.0)), ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0))


def _downward(sheet: Sheet, x: float, y: float, length: float) -> None:
    sheet.arrow(Plane((x, y), *DOWN), arrow(0, 0, length, 96), 26)


def place_parcel(sheet: Sheet) -> None:
    things.stand(sheet)
    things.table(sheet)
    things.target(sheet, lying(-90, -70, 10), (0, 0), (180, 140))
    things.parcel(sheet, (-90, -70, 168), (180, 140, 120))
    _downward(sheet, 0, -90, 84)


def measuring(sheet: Sheet) -> None:
    things.stand(sheet)
    things.table(sheet)
    things.parcel(sheet, (-100, -80, 10), (200, 160, 130))
    things.sight(sheet, (100, 80, 140))


def measured_parcel(sheet: Sheet) -> None:
    things.table(sheet)
    things.parcel(sheet, (-110, -90, 10), (220, 180, 140))


def take_back(sheet: Sheet) -> None:
    things.table(sheet)
    things.parcel(sheet, (-90, -70, 190), (180, 140, 120))
    sheet.arrow(Plane((0, -20), *UP), arrow(0, 0, 84, 96), 26)


def home_parcel(sheet: Sheet) -> None:
    sheet.box((-165, -165, -44), (330, 330, 44), "steel")
    sheet.box((-140, -140, 0), (280, 280, 10), "counter", 4)
    things.parcel(sheet, (-100, -80, 10), (200, 160, 130))


def pay_terminal(sheet: Sheet) -> None:
    things.terminal(sheet, card=130)
    sheet.arrow(plane((0, 440, 0), *INWARD), arrow(0, 0, 110, 90), 24)


def money_back(sheet: Sheet) -> None:
    things.terminal(sheet, card=150)
    sheet.arrow(plane((0, 330, 0), *OUTWARD), arrow(0, 0, 110, 90), 24)


def unsure_payment(sheet: Sheet) -> None:
    things.terminal(sheet, card=0)
    sheet.icon("clock", (150, -250), 150)


def stick_label(sheet: Sheet) -> None:
    things.parcel(sheet, (-190, -160, 0), (380, 320, 210))
    things.target(sheet, lying(-100, -75, 210), (0, 0), (200, 150))
    things.label(sheet, lying(-100, -75, 400), (0, 0), (200, 150))
    _downward(sheet, 0, -292, 74)


def working_print(sheet: Sheet) -> None:
    things.label_printer(sheet, 130)


def printer_trouble(sheet: Sheet) -> None:
    things.label_printer(sheet, 0, crumpled=True)
    sheet.icon("warning", (0, -262), 160)


def hatch_open(sheet: Sheet) -> None:
    things.hatch(sheet, 90)
    things.parcel(sheet, (-95, 70, 50), (190, 170, 120), labelled=True)
    sheet.arrow(plane((0, 400, 50), *INWARD), arrow(0, 0, 110, 90), 24)


def working_open(sheet: Sheet) -> None:
    things.hatch(sheet, 32)


def hatch_closed(sheet: Sheet) -> None:
    things.hatch(sheet, 0)


def hatch_trouble(sheet: Sheet) -> None:
    things.hatch(sheet, 32)
    sheet.icon("warning", (190, -300), 150)


def take_receipt(sheet: Sheet) -> None:
    things.receipt_printer(sheet, 220)
    sheet.arrow(Plane((150, -190), *UP), arrow(0, 0, 100, 90), 24)


def working_receipt(sheet: Sheet) -> None:
    things.receipt_printer(sheet, 96)


SCENES: Mapping[str, Callable[[Sheet], None]] = MappingProxyType({
    "place-parcel": place_parcel, "measuring": measuring, "measured-parcel": measured_parcel,
    "take-back": take_back, "home-parcel": home_parcel, "pay-terminal": pay_terminal, "money-back": money_back,
    "unsure-payment": unsure_payment, "stick-label": stick_label, "working-print": working_print,
    "printer-trouble": printer_trouble, "hatch-open": hatch_open, "working-open": working_open,
    "hatch-closed": hatch_closed, "hatch-trouble": hatch_trouble, "take-receipt": take_receipt,
    "working-receipt": working_receipt,
})


def svg(name: str) -> str:
    """The SVG of one scene."""
    sheet = Sheet()
    SCENES[name](sheet)
    return sheet.svg()
