"""The bench window: a newcomer's hands. Chooses a parcel, pays or declines, orders faults, reads the paper.

Everything in it is simulated, and it says so. It is a client of the bench's control socket and knows nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from devices.bench.badge import PIN
from devices.bench.client import BenchClient, BenchError

#: Nominal sizes of the boxes sold at Korea Post's counters, mm, and a weight (g) that suits them.
BOXES = {
    "Box 1 · 22×19×9 cm": (220, 190, 90, 800), "Box 2 · 27×18×15 cm": (270, 180, 150, 1500),
    "Box 2-1 · 35×25×10 cm": (350, 250, 100, 1800), "Box 3 · 34×25×21 cm": (340, 250, 210, 3200),
    "Box 4 · 41×31×28 cm": (410, 310, 280, 6500), "Box 5 · 48×38×34 cm": (480, 380, 340, 11000),
}  # fmt: skip
CALLS = {"Answered": "answered", "On the way": "on_the_way", "Closed": "closed"}
POLL_MS = 400
PAPER_PX = 300
STYLE = """
QWidget { font-size: 13px; color: #1d2530; background: #f5f6f8; }
QGroupBox { font-weight: 600; border: 1px solid #d5dae1; border-radius: 8px; margin-top: 10px; padding: 8px;
            background: #ffffff; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; }
QGroupBox QLabel, QGroupBox QCheckBox, QGroupBox QWidget#row { background: #ffffff; }
QScrollArea { border: none; }
QScrollArea QWidget { background: #e4e7ec; }
QPushButton { padding: 7px 12px; border: 1px solid #c3cad4; border-radius: 6px; background: #ffffff; }
QPushButton:hover { background: #eef2f8; }
QPushButton[main="true"] { background: #1f4fd8; color: #ffffff; border-color: #1f4fd8; }
#banner { background: #fff4d6; color: #5c4300; padding: 8px; border-radius: 8px; font-weight: 600; }
#said { color: #8a1c1c; background: #f5f6f8; }
QTreeWidget { border: none; background: #ffffff; }
"""


class BenchWindow(QWidget):
    """Polls the bench's state; every button is one act."""

    def __init__(self, bench: BenchClient, run_dir: Path) -> None:
        super().__init__()
        self._bench, self._run_dir = bench, run_dir
        self._pages: dict[str, int] = {}
        self._papers: dict[str, QLabel] = {}
        self._said = text_label("said")
        self._place, self._waiting, self._calls = text_label(), text_label(), text_label()
        self._place.setMinimumHeight(56)
        self._sides = {name: spin(low, high, unit) for name, (low, high, unit) in FIELDS.items()}
        self._kind, self._preset = QComboBox(), QComboBox()
        self._auto = QCheckBox("The customer pays by himself")
        self._faults = QTreeWidget()
        self._leaves: list[QTreeWidgetItem] = []
        self.setWindowTitle("Bench · simulated devices")
        self.setStyleSheet(STYLE)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(POLL_MS)
        self.refresh()

    def _lay_out(self) -> None:
        banner = text_label("banner")
        words = "Everything here is simulated: no real money moves, no real door opens."
        banner.setText(f"{words} The PIN of the staff badge is {PIN}.")
        columns = QHBoxLayout()
        columns.addLayout(column(self._parcel_group(), self._terminal_group(), self._calls_group()), 2)
        columns.addLayout(column(self._faults_group()), 2)
        columns.addLayout(column(self._paper_group("Label", "label_printer")), 3)
        columns.addLayout(column(self._paper_group("Receipt", "receipt_printer")), 3)
        whole = QVBoxLayout(self)
        whole.addWidget(banner)
        whole.addLayout(columns, 1)
        whole.addWidget(self._said)

    def _parcel_group(self) -> QGroupBox:
        self._preset.addItems(list(BOXES))
        self._preset.currentTextChanged.connect(self._choose)
        self._kind.addItems(["box", "polybag", "tube"])
        self._choose(self._preset.currentText())
        hand = QCheckBox("Hand over the table")
        hand.toggled.connect(lambda on: self.act("hand", on=on))
        sizes = [row(text(name), field) for name, field in self._sides.items()]
        return group(
            "Parcel", self._preset, row(text("Kind"), self._kind), *sizes,
            button("Put on the table", self._put, main=True),
            row(button("Take away", partial(self.act, "take")), button("Stick the label", partial(self.act, "stick"))),
            row(button("Drop in the hatch", partial(self.act, "drop")),
                button("Close the door", partial(self.act, "close_door"))),
            hand, self._place,
        )  # fmt: skip

    def _terminal_group(self) -> QGroupBox:
        self._auto.toggled.connect(lambda on: self.act("auto", on=on, after_s=2))
        approve = button("Hold the card", partial(self.act, "approve"), main=True)
        return group(
            "Payment terminal", self._waiting, row(approve, button("Decline", partial(self.act, "decline"))), self._auto
        )

    def _calls_group(self) -> QGroupBox:
        answers = [button(word, partial(self.act, "answer_call", state=state)) for word, state in CALLS.items()]
        return group("Call desk", self._calls, row(*answers))

    def _faults_group(self) -> QGroupBox:
        self._faults.setHeaderHidden(True)
        self._faults.setIndentation(12)
        self._faults.setMinimumWidth(215)
        for device, faults in self._bench.do("faults")["faults"].items():
            branch = QTreeWidgetItem(self._faults, [device.replace("_", " ")])
            branch.setExpanded(True)
            for fault in faults:
                leaf = QTreeWidgetItem(branch, [WORDS.get(fault, fault.replace("_", " "))])
                leaf.setData(0, Qt.ItemDataRole.UserRole, (device, fault))
                leaf.setCheckState(0, Qt.CheckState.Unchecked)
                self._leaves.append(leaf)
        self._faults.itemChanged.connect(self._order)
        return group("Faults", self._faults)

    def _paper_group(self, title: str, printer: str) -> QGroupBox:
        paper = QLabel("nothing printed yet")
        paper.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._papers[printer] = paper
        scroll = QScrollArea()
        scroll.setWidget(paper)
        scroll.setWidgetResizable(True)
        scroll.setMinimumWidth(PAPER_PX + 40)
        return group(title, scroll)

    def _choose(self, preset: str) -> None:
        for field, value in zip(self._sides.values(), BOXES[preset], strict=False):
            field.setValue(value)

    def _put(self) -> None:
        sides = {KEYS[name]: field.value() for name, field in self._sides.items()}
        self.act("put", **sides, kind=self._kind.currentText())

    def _order(self, item: QTreeWidgetItem) -> None:
        chosen = item.data(0, Qt.ItemDataRole.UserRole)
        if chosen:
            self.act("fault", device=chosen[0], name=chosen[1], on=item.checkState(0) is Qt.CheckState.Checked)

    def act(self, act: str, **fields: object) -> None:
        """Do one act and say what the bench says of it."""
        try:
            self._bench.do(act, **fields)
            self._said.setText("")
        except BenchError as error:
            self._said.setText(str(error))
        self.refresh()

    def refresh(self) -> None:
        """Show the bench's state; a bench that is gone closes the window."""
        try:
            state = self._bench.do("state")
        except (OSError, ValueError):
            self.close()
            return
        self._place.setText(place(state["world"]))
        waiting = state["terminal"]["waiting"]
        taken = f"{state['terminal']['taken']:,} won taken so far"
        self._waiting.setText(f"Asks for {waiting['won']:,} won\n{taken}" if waiting else f"Nothing to pay\n{taken}")
        self._calls.setText(
            "\n".join(f"{call['reason']}: {call['state']}" for call in state["calls"][-3:]) or "No calls"
        )
        self._show_faults(state["faults"])
        for printer, pages in state["pages"].items():
            self._show_page(printer, len(pages))

    def _show_faults(self, faults: dict[str, list[str]]) -> None:
        """Tick what is on, without ordering it again."""
        self._faults.blockSignals(True)
        for leaf in self._leaves:
            device, fault = leaf.data(0, Qt.ItemDataRole.UserRole)
            on = fault in faults.get(device, [])
            leaf.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._faults.blockSignals(False)

    def _show_page(self, printer: str, count: int) -> None:
        if count == self._pages.get(printer, 0):
            return
        self._pages[printer] = count
        path = self._run_dir / f"window-{printer}.png"
        self._bench.do("page", printer=printer, index=-1, path=str(path))
        smooth = Qt.TransformationMode.SmoothTransformation
        self._papers[printer].setPixmap(QPixmap(str(path)).scaledToWidth(PAPER_PX, smooth))


FIELDS = {
    "Length": (1, 2000, " mm"), "Width": (1, 2000, " mm"), "Height": (1, 2000, " mm"), "Weight": (1, 60000, " g"),
    "Turn": (-180, 180, "°"),
}  # fmt: skip
WORDS = {"unplug": "cable pulled", "unplug_mid_job": "cable pulled mid job", "mute": "silent",
         "mute_before": "silent, nothing taken", "mute_after": "silent, money taken", "enquiry_down": "enquiry silent",
         "decline": "card refused", "moving": "never still", "dark": "light off"}  # fmt: skip
KEYS = {"Length": "length_mm", "Width": "width_mm", "Height": "height_mm", "Weight": "grams", "Turn": "yaw_deg"}


def place(world: dict[str, Any]) -> str:
    """Table and hatch in two lines."""
    parcel, hatch = world["parcel"], world["hatch"]
    sides = ("length_mm", "width_mm", "height_mm")
    on_table = "×".join(f"{parcel[side]:g}" for side in sides) + f" mm, {parcel['grams']} g" if parcel else "empty"
    label = ", with label" if parcel and parcel["label"] else ""
    door = "closed" if hatch["closed"] else "open"
    return f"Table: {on_table}{label}\nHatch: {door}, bin {hatch['bin_percent']} %, {world['taken_in']} taken in"


def text(words: str) -> QLabel:
    """A plain label."""
    return QLabel(words)


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


def button(words: str, pressed: Callable[[], None], main: bool = False) -> QPushButton:
    """A button that does one thing."""
    made = QPushButton(words)
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


def group(title: str, *widgets: QWidget) -> QGroupBox:
    """A titled box of widgets, one below the other."""
    made = QGroupBox(title)
    layout = QVBoxLayout(made)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def column(*groups: QGroupBox) -> QVBoxLayout:
    """Groups, one below the other."""
    made = QVBoxLayout()
    for each in groups:
        made.addWidget(each)
    return made


def connect(run_dir: Path) -> BenchClient:
    """A connection to the bench of this run; ValueError in one sentence when there is none."""
    try:
        return BenchClient(run_dir / "bench.sock")
    except OSError as error:
        raise ValueError(f"{run_dir / 'bench.sock'}: no bench answers ({error.strerror}); start it first") from error


def run(run_dir: Path) -> int:
    """Show the window until it is closed or the bench ends; returns the exit code."""
    with connect(run_dir) as bench:
        app = QApplication(sys.argv[:1])
        window = BenchWindow(bench, run_dir)
        window.resize(1240, 820)
        window.show()
        room = window.screen().availableGeometry()
        window.move(max(room.x(), room.right() - window.width() - 20), room.y() + 30)  # the kiosk stands at the left
        return app.exec()
