"""The screen's end of the Unix socket: lines down, lines up, reconnecting for ever."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

from kiosk.ui import messages

log = logging.getLogger(__name__)
RETRY_MS = 200
LINE_BYTES = 65_536


class Wire(QObject):
    """Emits what arrives as the dataclasses of messages; `linked` says whether the core is there."""

    arrived = Signal(object)
    linked = Signal(bool)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._rest = b""
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self._up)
        self._socket.disconnected.connect(self._down)
        self._socket.errorOccurred.connect(self._down)
        self._socket.readyRead.connect(self._read)
        self._again = QTimer(self, singleShot=True, interval=RETRY_MS)
        self._again.timeout.connect(self.open)

    def open(self) -> None:
        """Connect; while that fails, try again for ever."""
        self._again.stop()
        self._socket.abort()
        self._socket.connectToServer(str(self._path))

    def close(self) -> None:
        """Hang up and stay so."""
        self._socket.blockSignals(True)
        self._again.stop()
        self._socket.abort()

    def send(self, message: Mapping[str, Any]) -> bool:
        """One message up; False while nobody is there."""
        if self._socket.state() != QLocalSocket.LocalSocketState.ConnectedState:
            return False
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._socket.write(line)
        self._socket.flush()
        return True

    def _up(self) -> None:
        self._rest = b""
        self.linked.emit(True)

    def _down(self) -> None:
        self.linked.emit(False)
        self._again.start()

    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._socket.readAll().data()).split(b"\n")
        if len(self._rest) > LINE_BYTES:
            log.error("the core sent a line that is too long; connecting again")
            self.open()
            return
        for line in lines:
            self._line(line)

    def _line(self, line: bytes) -> None:
        message = messages.read(line)
        if message is None:
            log.error("the core sent a line of %d bytes that is not of the contract", len(line))
        else:
            self.arrived.emit(message)
