"""The bench window: a newcomer's hands. Puts parcels, pays, lays cards, shuts doors, orders faults, reads the paper.

Everything in it is simulated, and it says so. It is a client of the bench's control socket and knows nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from devices.bench import window_words as words
from devices.bench.client import BenchClient, BenchError
from devices.bench.window_dock import DockPanel
from devices.bench.window_panels import (
    FaultsPanel,
    HousePanel,
    PapersPanel,
    PaymentPanel,
    ReaderPanel,
    TablePanel,
    column,
    text_label,
)

POLL_MS = 400
STYLE = """
QWidget { font-family: Pretendard, sans-serif; font-size: 12px; color: #1d2530; background: #f5f6f8; }
QGroupBox { font-weight: 600; border: 1px solid #d5dae1; border-radius: 8px; margin-top: 9px; padding: 5px 6px 4px 6px;
            background: #ffffff; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; }
QGroupBox QLabel, QGroupBox QCheckBox, QGroupBox QWidget#row { background: #ffffff; font-weight: 400; }
QScrollArea, QTabWidget::pane { border: none; }
QScrollArea QWidget { background: #e4e7ec; }
QPushButton { padding: 5px 8px; border: 1px solid #c3cad4; border-radius: 6px; background: #ffffff; }
QPushButton:hover { background: #eef2f8; }
QPushButton:disabled { color: #9aa3af; background: #f5f6f8; }
QPushButton[main="true"] { background: #1f4fd8; color: #ffffff; border-color: #1f4fd8; }
QPushButton[main="true"]:disabled { background: #b9c5ea; border-color: #b9c5ea; }
QPushButton[open="true"] { background: #fff4d6; border-color: #d99a00; color: #5c4300; font-weight: 600; }
#banner { background: #fff4d6; color: #5c4300; padding: 6px; border-radius: 8px; font-weight: 600; }
#said { color: #8a1c1c; background: #f5f6f8; }
#page { font-family: monospace; font-size: 11px; }
QLineEdit, QSpinBox, QComboBox { background: #ffffff; padding: 3px; }
QTreeWidget { border: none; background: #ffffff; }
QTreeWidget::item { padding: 3px 0; }
"""


class BenchWindow(QWidget):
    """Polls the bench's state; every button is one act."""

    def __init__(self, bench: BenchClient, run_dir: Path) -> None:
        super().__init__()
        self._bench, self._run_dir = bench, run_dir
        self._said = text_label("said")
        self._table = TablePanel(self.act)
        self._pay = PaymentPanel(self.act)
        self._reader = ReaderPanel(self.act)
        self._house = HousePanel(self.act)
        self._dock = DockPanel(self.act)
        self._faults = FaultsPanel(self.act, bench.do("faults")["faults"])
        self._papers = PapersPanel(bench, run_dir)
        self.setWindowTitle("모의 장치 · Bench of simulated devices")
        self.setStyleSheet(STYLE)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(POLL_MS)
        self.refresh()

    def _lay_out(self) -> None:
        banner = text_label("banner")
        banner.setText(words.BANNER)
        columns = QHBoxLayout()
        columns.addLayout(column(self._table, self._pay), 5)
        columns.addLayout(column(self._reader, self._house, self._dock), 6)
        columns.addWidget(self._papers, 5)
        columns.addWidget(self._faults, 5)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 8, 10, 6)
        whole.addWidget(banner)
        whole.addLayout(columns, 1)
        whole.addWidget(self._said)

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
        for panel in (self._table, self._pay, self._reader, self._house, self._dock, self._faults, self._papers):
            panel.show_state(state)


def connect(run_dir: Path) -> BenchClient:
    """A connection to the bench of this run; ValueError in one sentence when there is none."""
    try:
        return BenchClient(run_dir / "bench.sock")
    except OSError as error:
        raise ValueError(f"{run_dir / 'bench.sock'}: no bench answers ({error.strerror}); start it first") from error


def run(run_dir: Path, fonts: Path = Path("kiosk/ui/fonts")) -> int:
    """Show the window until it is closed or the bench ends; `fonts` holds a font with Hangul. Returns the exit code."""
    with connect(run_dir) as bench:
        app = QApplication(sys.argv[:1])
        for font in sorted(fonts.glob("*.otf")):
            QFontDatabase.addApplicationFont(str(font))
        window = BenchWindow(bench, run_dir)
        window.resize(1240, 760)
        window.show()
        room = window.screen().availableGeometry()
        window.move(max(room.x(), room.right() - window.width() - 20), room.y() + 30)  # the kiosk stands at the left
        return app.exec()
