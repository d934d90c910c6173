"""The scenes by name, each as it stands on the horizon of its screen."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from kiosk.ui.pictures import goods, machines, money, papers, places
from kiosk.ui.pictures.iso import (
    Plane,
    Sheet,
    arrow,
    lying,
    plane,
    project,
    rect,
)

DOWN, UP = ((0.0, 1.0), (-1.0, 0.0)), ((0.0, -1.0), (1.0, 0.0))
INWARD, OUTWARD = ((0.0, -1.0, 0.0), (1.0, 0.0, 0.0)), ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0))


def _downward(sheet: Sheet, x: float, y: float, length: float) -> None:
    sheet.arrow(Plane((x, y), *DOWN), arrow(0, 0, length, 96), 26)


def _place_parcel(sheet: Sheet) -> None:
    machines.stand(sheet)
    machines.table(sheet)
    goods.target(sheet, lying(-105, -80, 10), (0, 0), (210, 160))
    goods.parcel(sheet, (-105, -80, 206), (210, 160, 130))
    _downward(sheet, 0, -106, 104)


def _measuring(sheet: Sheet) -> None:
    machines.stand(sheet)
    machines.table(sheet)
    goods.parcel(sheet, (-100, -80, 10), (200, 160, 130))
    machines.sight(sheet, (100, 80, 140))


def _measured_parcel(sheet: Sheet) -> None:
    machines.table(sheet)
    goods.parcel(sheet, (-110, -90, 10), (220, 180, 140))


def _take_back(sheet: Sheet) -> None:
    machines.table(sheet)
    goods.parcel(sheet, (-105, -80, 206), (210, 160, 130))
    sheet.arrow(Plane((0, 0), *UP), arrow(0, 0, 100, 96), 22)


def _home_parcel(sheet: Sheet) -> None:
    _scale(sheet)
    goods.parcel(sheet, (-100, -80, 10), (200, 160, 130))


def _pay_terminal(sheet: Sheet) -> None:
    machines.terminal(sheet, card=130)
    sheet.arrow(plane((0, 440, 0), *INWARD), arrow(0, 0, 110, 90), 24)


def _money_back(sheet: Sheet) -> None:
    machines.terminal(sheet, card=150)
    sheet.arrow(plane((0, 330, 0), *OUTWARD), arrow(0, 0, 110, 90), 24)


def _unsure_payment(sheet: Sheet) -> None:
    machines.terminal(sheet, card=0)
    sheet.icon("clock", (150, -250), 150)


def _stick_label(sheet: Sheet) -> None:
    goods.parcel(sheet, (-190, -160, 0), (380, 320, 210))
    goods.target(sheet, lying(-100, -75, 210), (0, 0), (200, 150))
    goods.label(sheet, lying(-100, -75, 450), (0, 0), (200, 150))
    _downward(sheet, 0, -342, 118)


def _working_print(sheet: Sheet) -> None:
    machines.label_printer(sheet, 130)


def _printer_trouble(sheet: Sheet) -> None:
    machines.label_printer(sheet, 0, crumpled=True)
    sheet.icon("warning", (0, -268), 160)


def _hatch_open(sheet: Sheet) -> None:
    machines.hatch(sheet, 90)
    goods.parcel(sheet, (-95, 70, 50), (190, 170, 120), labelled=True)
    sheet.arrow(plane((0, 400, 50), *INWARD), arrow(0, 0, 110, 90), 24)


def _working_open(sheet: Sheet) -> None:
    machines.hatch(sheet, 32)


def _hatch_closed(sheet: Sheet) -> None:
    machines.hatch(sheet, 0)


def _hatch_trouble(sheet: Sheet) -> None:
    machines.hatch(sheet, 32)
    sheet.icon("warning", (190, -300), 150)


def _take_receipt(sheet: Sheet) -> None:
    machines.receipt_printer(sheet, 220)
    sheet.arrow(Plane((150, -190), *UP), arrow(0, 0, 100, 90), 24)


def _working_receipt(sheet: Sheet) -> None:
    machines.receipt_printer(sheet, 96)


def _attract(sheet: Sheet) -> None:
    sheet.part(_lockers, project(-300, -210, -60), 1.0)
    sheet.box((-190, -40, -60), (520, 250, 110), "counter")
    sheet.box((-10, -10, 50), (300, 190, 16), "steel")
    goods.parcel(sheet, (40, 20, 66), (200, 140, 120), labelled=True)
    _envelope(sheet)


def _lockers(sheet: Sheet) -> None:
    places.lockers(sheet, 4, 3, (1, 1))


def _envelope(sheet: Sheet) -> None:
    letter = lying(-168, 24, 50)
    sheet.shape(letter.all(rect(0, 0, 110, 150)), "counterTop", 5)
    sheet.shape(letter.all([(0, 0), (64, 75), (0, 150)]), "kraftTop")


def _refused_parcel(sheet: Sheet) -> None:
    goods.parcel(sheet, (-170, -150, 0), (340, 300, 330))
    places.measuring_rod(sheet, (-226, 180), 210)
    rim = (project(-192, 180, 207), project(-170, 150, 207), project(170, 150, 207), project(170, -150, 207))
    sheet.line(rim, 7, "blue", goods.DASH)


def _choose_size(sheet: Sheet) -> None:
    for place, size in ((-290, 110), (-66, 165), (262, 235)):
        low = place * 0.6 - size / 2, -place * 0.6 - size * 0.4
        goods.parcel(sheet, (*low, 0), (size, size * 0.8, size * 0.72))


def _done_parcel(sheet: Sheet) -> None:
    places.roller_table(sheet)
    goods.parcel(sheet, (-110, -150, 0), (220, 190, 150), labelled=True)
    sheet.icon("done", (-190, -210), 150)


def _claim_slip(sheet: Sheet) -> None:
    sheet.box((-160, -230, -44), (320, 460, 44), "counter")
    paper = lying(-110, -190, 0)
    teeth = [(220 - i * 22, 380 - (12 if i % 2 else 0)) for i in range(11)]
    sheet.shape(paper.all([(0, 0), (220, 0), *teeth]), "counterTop", 5)
    sheet.shape(paper.all(rect(30, 34, 160, 34)), "ink", 0)
    for row, part in ((104, 150), (138, 110), (172, 150), (206, 90)):
        sheet.line(paper.all([(30, row), (30 + part, row)]), 5)
    sheet.line(paper.all([(0, 246), (220, 246)]), 4, "ink", "12 10")
    goods.bars(sheet, paper, (30, 274), (160, 60))


def _phone_desk(sheet: Sheet) -> None:
    sheet.box((-190, -330, -44), (380, 580, 44), "counter")
    sheet.part(places.telephone, project(0, 90, 0), 0.86)
    paper = lying(-100, -300, 0)
    sheet.shape(paper.all(rect(0, 0, 220, 150)), "counterTop", 5)
    sheet.shape(paper.all(rect(24, 22, 110, 26)), "ink", 0)
    for row, part in ((74, 170), (100, 120), (126, 150)):
        sheet.line(paper.all([(24, row), (24 + part, row)]), 4)


def _pause(sheet: Sheet) -> None:
    """Pause, telephone, a person at the desk: wait, hang up, ask."""
    sheet.icon("hold", (-250, 0), 230)
    sheet.icon("phone", (0, -30), 260)
    sheet.icon("staff", (250, 0), 230)


def _insure(sheet: Sheet) -> None:
    goods.parcel(sheet, (-150, -120, 0), (300, 240, 180))
    sheet.icon("shield", (150, 40), 200)


def _contents(sheet: Sheet) -> None:
    goods.open_box(sheet, (300, 250, 160), _goods)


def _goods(sheet: Sheet) -> None:
    goods.book(sheet, (-124, -96, 60), (150, 56, 190))
    goods.can(sheet, (88, -56, 70), 46, 150)
    sheet.box((-60, 20, 60), (170, 84, 130), "counter")


def _pledge(sheet: Sheet) -> None:
    goods.open_box(sheet, (300, 250, 160), lambda inner: None)
    for name, x, y in (("no-flammable", -158, -340), ("no-battery", 0, -400), ("no-glass", 158, -340)):
        sheet.icon(name, (x, y), 144)


def _address(sheet: Sheet) -> None:
    places.house(sheet)
    sheet.icon("pin", (0, -400), 170)


def _working_ready(sheet: Sheet) -> None:
    sheet.box((-400, -150, -60), (800, 300, 60), "counter")
    sheet.part(lambda inner: machines.label_printer(inner, 0), project(-260, 0, 0), 0.68)
    sheet.part(lambda inner: machines.terminal(inner, card=0), project(15, -5, 30), 0.66)
    sheet.part(_scale, project(265, 0, 28), 0.66)


def _scale(sheet: Sheet) -> None:
    sheet.box((-165, -165, -44), (330, 330, 44), "steel")
    sheet.box((-140, -140, 0), (280, 280, 10), "counter", 4)


def _id_glass(sheet: Sheet) -> None:
    papers.glass(sheet)
    papers.card(sheet, papers.reading(-104, 165, 280))
    _downward(sheet, 0, -176, 128)


def _id_on_glass(sheet: Sheet) -> None:
    papers.glass(sheet)
    papers.card(sheet, papers.reading(-104, 165, 24))


def _id_chip(sheet: Sheet) -> None:
    papers.pad(sheet)
    papers.cover(sheet, papers.reading(-160, 115, 290))
    _downward(sheet, 0, -146, 120)


def _id_chip_card(sheet: Sheet) -> None:
    papers.pad(sheet)
    papers.card(sheet, papers.reading(-104, 165, 280))
    _downward(sheet, 0, -170, 128)


def _id_on_chip(sheet: Sheet) -> None:
    papers.pad(sheet)
    papers.cover(sheet, papers.reading(-160, 115, 30))


def _id_on_chip_card(sheet: Sheet) -> None:
    papers.pad(sheet)
    papers.card(sheet, papers.reading(-104, 165, 30))


def _card_at_bank(sheet: Sheet) -> None:
    machines.terminal(sheet, card=60)


def _id_both(sheet: Sheet) -> None:
    sheet.box((-230, -180, -44), (460, 360, 44), "counter")
    sheet.part(lambda inner: papers.cover(inner, papers.reading(-160, 115, 0)), project(-104, 0, 0), 0.62)
    sheet.part(lambda inner: papers.card(inner, papers.reading(-104, 165, 0)), project(116, 0, 0), 0.72)


def _paper_glass(sheet: Sheet) -> None:
    money.paper_on_glass(sheet)
    _downward(sheet, 0, -150, 110)


def _bill(sheet: Sheet) -> None:
    money.bill(sheet)
    _downward(sheet, 0, -128, 70)


SCENES: Mapping[str, Callable[[Sheet], None]] = MappingProxyType({
    "place-parcel": _place_parcel, "measuring": _measuring, "measured-parcel": _measured_parcel,
    "take-back": _take_back, "home-parcel": _home_parcel, "pay-terminal": _pay_terminal, "money-back": _money_back,
    "unsure-payment": _unsure_payment, "stick-label": _stick_label, "working-print": _working_print,
    "printer-trouble": _printer_trouble, "hatch-open": _hatch_open, "working-open": _working_open,
    "hatch-closed": _hatch_closed, "hatch-trouble": _hatch_trouble, "take-receipt": _take_receipt,
    "working-receipt": _working_receipt, "attract": _attract, "refused-parcel": _refused_parcel,
    "choose-size": _choose_size, "done-parcel": _done_parcel, "claim-slip": _claim_slip, "phone-desk": _phone_desk,
    "pause": _pause, "bell-staff": places.bell, "wait": places.clock, "insure": _insure, "pledge": _pledge,
    "address": _address,
    "speed": places.truck, "contents": _contents, "working-ready": _working_ready,
    "id-glass": _id_glass, "id-on-glass": _id_on_glass, "id-chip": _id_chip, "id-chip-card": _id_chip_card,
    "id-on-chip": _id_on_chip, "id-on-chip-card": _id_on_chip_card, "card-at-bank": _card_at_bank,
    "id-both": _id_both, "id-keys": papers.keys, "sealed-letter": papers.envelope,
    "bank-house": money.bank, "papers": money.papers_there, "paper-glass": _paper_glass, "notes-coins": money.notes,
    "bill": _bill, "card-guarded": partial(money.guarded, sign="shield"),
    "card-blocked": partial(money.guarded, sign="shield-check"),
    **{f"id-{name}": partial(papers.signed, sign=sign) for name, sign in (
        ("consent", "shield"), ("checked", "shield-check"), ("asked", "search"), ("again", "repeat"))},
    **{f"id-{kind}".replace("_", "-"): partial(papers.at, kind=kind, mark="") for kind in papers.KINDS},
    "id-residence-permit": partial(papers.at, kind="resident_card", mark=""),
    **{f"at-{kind}-{mark}".replace("_", "-"): partial(papers.at, kind=kind, mark=mark)
       for kind, (_, lines) in papers.KINDS.items() for mark in lines},
})


def svg(name: str) -> str:
    """The SVG of one scene."""
    sheet = Sheet()
    SCENES[name](sheet)
    return sheet.svg()
