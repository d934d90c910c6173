"""The panels of the bench window: each shows one part of the bench's state and offers the acts that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from devices.bench import window_words as words
from devices.bench.badge import PIN
from devices.bench.client import BenchClient

PAPER_PX = 250
DOORS = 16

Act = Callable[..., None]


class Panel(QGroupBox):
    """One titled box of controls, one below the other; `act` does an act of the bench."""

    def __init__(self, title: str, act: Act) -> None:
        super().__init__(title)
        self.act = act
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(4)

    def add(self, *widgets: QWidget) -> None:
        """More of them."""
        for widget in widgets:
            self._rows.addWidget(widget)

    def do(self, label: str, act: str, main: bool = False, **fields: object) -> QPushButton:
        """A button for one act."""
        return button(label, partial(self.act, act, **fields), main)

    def show_state(self, state: dict[str, Any]) -> None:
        """Show what the bench says."""


class TablePanel(Panel):
    """The parcel and the hatch."""

    def __init__(self, act: Act) -> None:
        super().__init__("소포 · Parcel", act)
        self._place, self._kind, self._preset = text_label(), QComboBox(), QComboBox()
        self._sides = {key: spin(low, high, unit) for _, key, low, high, unit in words.SIDES}
        self._preset.addItems(list(words.BOXES))
        self._preset.currentTextChanged.connect(self._choose)
        for kind, label in words.KINDS.items():
            self._kind.addItem(label, kind)
        self._choose(self._preset.currentText())
        hand = QCheckBox("탁자 위에 손 · Hand over the table")
        hand.toggled.connect(lambda on: self.act("hand", on=on))
        self.add(
            self._preset, self._kind, self._grid(),
            button("탁자에 올리기 · Put on the table", self._put, True),
            row(self.do("치우기 · Take away", "take"), self.do("라벨 붙이기 · Stick", "stick")),
            row(self.do("투입하기 · Drop in", "drop"), self.do("문 닫기 · Close door", "close_door")),
            hand, self._place,
        )  # fmt: skip

    def _grid(self) -> QWidget:
        made = QWidget()
        made.setObjectName("row")
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        for at, (label, key, *_) in enumerate(words.SIDES):
            grid.addWidget(QLabel(label), at // 2, 2 * (at % 2))
            grid.addWidget(self._sides[key], at // 2, 2 * (at % 2) + 1)
        return made

    def _choose(self, preset: str) -> None:
        for field, value in zip(self._sides.values(), words.BOXES[preset], strict=False):
            field.setValue(value)

    def _put(self) -> None:
        self.act("put", **{key: field.value() for key, field in self._sides.items()}, kind=self._kind.currentData())

    def show_state(self, state: dict[str, Any]) -> None:
        """What lies where."""
        self._place.setText(place(state["world"]))


class PaymentPanel(Panel):
    """The terminal and the call desk: both wait for a person."""

    def __init__(self, act: Act) -> None:
        super().__init__("결제와 호출 · Payment and calls", act)
        self._waiting, self._calls = text_label(), text_label()
        auto = QCheckBox("손님이 알아서 결제 · Customer pays by himself")
        auto.toggled.connect(lambda on: self.act("auto", on=on, after_s=2))
        answers = [self.do(word, "answer_call", state=said) for word, said in words.CALLS.items()]
        pays = row(self.do("카드 대 주기 · Hold the card", "approve", True), self.do("거절 · Decline", "decline"))
        self.add(self._waiting, pays, auto, self._calls, row(*answers))

    def show_state(self, state: dict[str, Any]) -> None:
        """What is to be paid, and who has called."""
        waiting, taken = state["terminal"]["waiting"], f"받은 돈 {state['terminal']['taken']:,}원 taken so far"
        asks = f"청구 Asks for {waiting['won']:,}원" if waiting else "청구 없음 · Nothing to pay"
        self._waiting.setText(f"{asks}\n{taken}")
        calls = "\n".join(f"{call['reason']}: {call['state']}" for call in state["calls"][-2:])
        self._calls.setText(calls or "호출 없음 · No calls")


class ReaderPanel(Panel):
    """The ID reader: what is laid on it, and what is printed there to be typed."""

    def __init__(self, act: Act) -> None:
        super().__init__("신분증 판독기 · ID reader", act)
        self._card, self._lies, self._page = QComboBox(), text_label(), text_label("page")
        for card, label in words.CARDS.items():
            self._card.addItem(label, card)
        self._page.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        lay = button("올려놓기 · Lay down", self._lay, True)
        self._hands = row(lay, self.do("집어 가기 · Pick up", "lift_card"))
        self.add(self._card, self._hands, self._lies, self._page)

    def _lay(self) -> None:
        self.act("lay_card", card=self._card.currentData())

    def show_state(self, state: dict[str, Any]) -> None:
        """What lies there; where there is no reader, why."""
        reader = state["id_reader"]
        for part in (self._card, self._hands):
            part.setEnabled("missing" not in reader)
        self._page.setText(f"{reader['mrz']}\nCAN {reader['can']}" if "mrz" in reader else "")
        self._page.setVisible("mrz" in reader)
        if "missing" in reader:
            self._lies.setText(f"판독기 없음 · No reader: {reader['missing']}")
        elif reader["lies"].endswith("_badge"):
            self._lies.setText(f"{words.CARDS[reader['lies']]}, PIN {PIN}")
        else:
            self._lies.setText(words.CARDS.get(reader["lies"], f"비어 있음 · empty (staff badge's PIN is {PIN})"))


class HousePanel(Panel):
    """Locker wall, signal tower, code reader."""

    def __init__(self, act: Act) -> None:
        super().__init__("보관함 · 경광등 · 스캐너 · Lockers, tower, scanner", act)
        self._doors = [self.do(str(door), "shut_locker", door=door) for door in range(1, DOORS + 1)]
        self._open, self._alarm = text_label(), text_label()
        self._lamps = [QLabel(f"● {name}") for name in words.LAMPS]
        self._code = QLineEdit("RR473124829KR")
        self._code.setMaxLength(200)
        wall, grid = QWidget(), QGridLayout()
        wall.setObjectName("row")
        wall.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for at, door in enumerate(self._doors):
            grid.addWidget(door, at // 8, at % 8)
        self.add(self._open, wall, row(*self._lamps), self._alarm, row(self._code, button("스캔 · Scan", self._show)))

    def _show(self) -> None:
        self.act("show_code", text=self._code.text())

    def show_state(self, state: dict[str, Any]) -> None:
        """Open doors can be shut; lamps that are lit have their colour."""
        standing = state["lockers_open"]
        doors = ", ".join(map(str, standing)) or "없음 none"
        self._open.setText(f"열린 문 Open: {doors} (누르면 닫힘 · press to shut)")
        for number, door in enumerate(self._doors, 1):
            mark(door, number in standing)
        for lamp, colour, lit in zip(self._lamps, words.LAMPS.values(), state["tower"]["lit"], strict=True):
            lamp.setStyleSheet(f"color: {colour if lit else '#c9ced6'}; font-weight: {700 if lit else 400};")
        self._alarm.setText("경보 계전기 풀림 · ALARM" if state["tower"]["alarm"] else "경보 없음 · No alarm")


class FaultsPanel(Panel):
    """Every fault of every peer, folded by device, found by a word; a bold device has one on."""

    def __init__(self, act: Act, known: dict[str, list[str]]) -> None:
        super().__init__("고장 내기 · Faults to order", act)
        self._search, self._tree = QLineEdit(), QTreeWidget()
        self._branches: dict[str, QTreeWidgetItem] = {}
        self._leaves: dict[tuple[str, str], QTreeWidgetItem] = {}
        self._search.setPlaceholderText("찾기 · search: 용지, paper, unplug …")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(14)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for device, faults in known.items():
            self._grow(device, faults)
        self._tree.itemChanged.connect(self._order)
        self._mend = button("모두 고치기 · Mend everything", self._mend_all)
        self.add(self._search, self._tree, self._mend)

    def _grow(self, device: str, faults: list[str]) -> None:
        branch = self._branches[device] = QTreeWidgetItem(self._tree, [words.device(device)])
        for fault in faults:
            leaf = QTreeWidgetItem(branch, [words.fault(fault)])
            leaf.setData(0, Qt.ItemDataRole.UserRole, (device, fault))
            leaf.setCheckState(0, Qt.CheckState.Unchecked)
            self._leaves[device, fault] = leaf

    def _find(self, wanted: str) -> None:
        """Only what holds the word, unfolded; everything folded without one."""
        shown = set[str]()
        for (device, fault), leaf in self._leaves.items():
            hit = wanted.lower() in f"{self._branches[device].text(0)} {leaf.text(0)} {fault}".lower()
            leaf.setHidden(not hit)
            shown |= {device} if hit else set()
        for device, branch in self._branches.items():
            branch.setHidden(device not in shown)
            branch.setExpanded(bool(wanted))

    def _order(self, item: QTreeWidgetItem) -> None:
        chosen = item.data(0, Qt.ItemDataRole.UserRole)
        if chosen:
            self.act("fault", device=chosen[0], name=chosen[1], on=item.checkState(0) is Qt.CheckState.Checked)

    def _mend_all(self) -> None:
        for leaf in self._leaves.values():
            if leaf.checkState(0) is Qt.CheckState.Checked:
                leaf.setCheckState(0, Qt.CheckState.Unchecked)

    def show_state(self, state: dict[str, Any]) -> None:
        """Tick what is on, without ordering it again."""
        self._tree.blockSignals(True)
        faults = state["faults"]
        for (device, fault), leaf in self._leaves.items():
            on = fault in faults.get(device, [])
            leaf.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        for device, branch in self._branches.items():
            font = branch.font(0)
            font.setBold(device in faults)
            branch.setFont(0, font)
        self._tree.blockSignals(False)
        self._tree.viewport().update()
        self._mend.setEnabled(bool(faults))


class PapersPanel(QTabWidget):
    """The newest page of each printer; a new one comes to the front."""

    def __init__(self, bench: BenchClient, run_dir: Path) -> None:
        super().__init__()
        self._bench, self._run_dir = bench, run_dir
        self._pages: dict[str, int] = {}
        self._papers: dict[str, QLabel] = {}
        for printer, title in (("label_printer", "라벨 · Label"), ("receipt_printer", "영수증 · Receipt")):
            paper = QLabel("아직 인쇄 없음\nnothing printed yet")
            paper.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
            self._papers[printer] = paper
            scroll = QScrollArea()
            scroll.setWidget(paper)
            scroll.setWidgetResizable(True)
            self.addTab(scroll, title)

    def show_state(self, state: dict[str, Any]) -> None:
        """Fetch what is new."""
        for at, (printer, pages) in enumerate(state["pages"].items()):
            if len(pages) != self._pages.get(printer, 0):
                self._pages[printer] = len(pages)
                self._show(printer)
                self.setCurrentIndex(at)

    def _show(self, printer: str) -> None:
        path = self._run_dir / f"window-{printer}.png"
        self._bench.do("page", printer=printer, index=-1, path=str(path))
        smooth = Qt.TransformationMode.SmoothTransformation
        self._papers[printer].setPixmap(QPixmap(str(path)).scaledToWidth(PAPER_PX, smooth))


def place(world: dict[str, Any]) -> str:
    """Table and hatch in two lines."""
    parcel, hatch = world["parcel"], world["hatch"]
    sides = ("length_mm", "width_mm", "height_mm")
    on_table = "비었음 empty"
    if parcel:
        on_table = "×".join(f"{parcel[side]:g}" for side in sides) + f" mm, {parcel['grams']} g"
    label = ", 라벨 labelled" if parcel and parcel["label"] else ""
    door = "닫힘 closed" if hatch["closed"] else "열림 open"
    return f"탁자 {on_table}{label}\n투입구 {door}, 보관통 {hatch['bin_percent']} %, 접수 {world['taken_in']}"


def mark(door: QPushButton, stands_open: bool) -> None:
    """A door that stands open is yellow and can be pressed shut."""
    if door.isEnabled() != stands_open or door.property("open") is None:
        door.setEnabled(stands_open)
        door.setProperty("open", stands_open)
        door.setStyleSheet(door.styleSheet())  # the style is worked out anew


def text_label(name: str = "") -> QLabel:
    """An empty label that wraps."""
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


def spin(low: int, high: int, unit: str) -> QSpinBox:
    """A number with its unit."""
    box = QSpinBox()
    box.setRange(low, high)
    box.setSuffix(unit)
    return box


def button(label: str, pressed: Callable[[], None], main: bool = False) -> QPushButton:
    """A button that does one thing."""
    made = QPushButton(label)
    made.setProperty("main", main)
    made.clicked.connect(lambda _: pressed())  # `clicked` brings a flag that no act takes
    return made


def row(*widgets: QWidget) -> QWidget:
    """Widgets side by side."""
    made = QWidget()
    made.setObjectName("row")
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def column(*groups: QGroupBox) -> QVBoxLayout:
    """Groups, one below the other, room left at the end."""
    made = QVBoxLayout()
    for each in groups:
        made.addWidget(each)
    made.addStretch(1)
    return made
