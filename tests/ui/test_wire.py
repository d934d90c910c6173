"""The screen against a real socket: first view, intents, asks, a core that dies and comes back, nonsense."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from kiosk.ui import focus
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from tests.ui.pictures import SCREENS
from tests.ui.test_chrome import read
from tests.ui.views import FOUND, view

HOME = ("home/Home", {"services": [{"name": "send_parcel", "available": True, "reason": ""}]}, ("choose",))


class Core:
    """The core's end, as far as a screen can tell."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.server = QLocalServer()
        self.client: QLocalSocket | None = None
        self.heard: list[dict[str, Any]] = []

    def open(self) -> None:
        """Listen."""
        QLocalServer.removeServer(str(self.path))
        assert self.server.listen(str(self.path))
        self.server.newConnection.connect(self._greet)

    def close(self) -> None:
        """Die."""
        if self.client:
            self.client.abort()
        self.server.close()
        self.server.newConnection.disconnect()
        self.client = None

    def _greet(self) -> None:
        self.client = self.server.nextPendingConnection()
        self.client.readyRead.connect(self._hear)
        self.send(view(*HOME).model_dump_json())

    def _hear(self) -> None:
        assert self.client
        for line in bytes(self.client.readAll().data()).splitlines():
            self.heard.append(json.loads(line))

    def send(self, line: str) -> None:
        """One line down."""
        assert self.client
        self.client.write(line.encode() + b"\n")
        self.client.flush()


@pytest.fixture
def pair() -> Iterator[tuple[Core, Screen]]:
    """A core and a screen that have found each other."""
    with TemporaryDirectory() as folder:
        core = Core(Path(folder) / "link.sock")
        core.open()
        screen = Screen(SCREENS, core.path, motion=0, mouth=Silent(lambda text: None))
        screen.open()
        screen.wait("home/Home")
        yield core, screen
        screen.close()
        core.close()


def until(screen: Screen, true: Callable[[], bool]) -> None:
    """Let things happen until it is so."""
    end = time.monotonic() + 5
    while not true():
        screen.settle()
        assert time.monotonic() < end


def test_intent(pair: tuple[Core, Screen]) -> None:
    """A touch goes up with the seq of the view that was shown, and the time to the next view is measured."""
    core, screen = pair
    screen.tap("service-send_parcel")
    until(screen, lambda: any(said["type"] == "intent" and said["name"] == "choose" for said in core.heard))
    said = next(said for said in core.heard if said.get("name") == "choose")
    assert said == {"type": "intent", "name": "choose", "seq": 1, "args": {"service": "send_parcel"}}
    core.send(view("send_parcel/Place", {"again": False}, ("confirm", "cancel"), 2).model_dump_json())
    screen.wait("send_parcel/Place")
    assert screen.times_ms
    assert screen.times_ms[-1] > 0


def test_ask(pair: tuple[Core, Screen]) -> None:
    """Typing asks; the answer to the newest question is shown, an older one is not."""
    core, screen = pair
    core.send(
        view(
            "send_parcel/Address", {"who": "receiver", "chosen": None}, ("choose_address", "back"), 2
        ).model_dump_json()
    )
    screen.wait("send_parcel/Address")
    screen.tap("key-ㅅ")
    screen.tap("key-ㅔ")
    until(screen, lambda: sum(said["type"] == "ask" for said in core.heard) == 2)
    older, newer = [said for said in core.heard if said["type"] == "ask"]
    assert (older["text"], newer["text"]) == ("ㅅ", "세")
    core.send(json.dumps({"type": "answer", "ask": "address", "n": newer["n"], "items": FOUND[:1]}))
    core.send(json.dumps({"type": "answer", "ask": "address", "n": older["n"], "items": FOUND[1:]}))
    until(screen, lambda: "choice-sejong-209" in [item.objectName() for item in focus.stops(screen.scene.root)])
    assert "choice-long" not in [item.objectName() for item in focus.stops(screen.scene.root)]


def test_refusal_tells_what_to_do(pair: tuple[Core, Screen]) -> None:
    """A refusal with words is shown until the next view."""
    core, screen = pair
    core.send(
        view("send_parcel/Phone", {"who": "receiver", "digits": "010"}, ("set_phone", "back"), 2).model_dump_json()
    )
    screen.wait("send_parcel/Phone")
    core.send(json.dumps({"type": "refused", "intent": "set_phone", "reason": "error.phone", "args": {}}))
    until(screen, lambda: "전화번호를 다시 보아 주세요. 0으로 시작합니다." in read(screen))


def test_core_dies_and_comes_back(pair: tuple[Core, Screen]) -> None:
    """While the core is away a calm page covers all; it is left as soon as a view arrives."""
    core, screen = pair
    core.close()
    until(screen, lambda: focus.stops(screen.scene.root) == [])
    core.open()
    until(screen, lambda: focus.stops(screen.scene.root) != [])


def test_nonsense_changes_nothing(pair: tuple[Core, Screen], caplog: pytest.LogCaptureFixture) -> None:
    """A line that is not of the contract, and a screen that has no page, are logged."""
    core, screen = pair
    with caplog.at_level(logging.ERROR):
        core.send("{not json")
        core.send(json.dumps({"type": "view", "seq": 2, "step_seq": 2, "screen": "../../etc/Passwd"}))
        until(screen, lambda: len(caplog.records) == 2)
    current = screen.current()
    assert current
    assert current.screen == "home/Home"
    core.send(view("send_parcel/Nowhere", {}, (), 3).model_dump_json())
    with caplog.at_level(logging.ERROR):
        until(screen, lambda: any("Nowhere" in record.message for record in caplog.records))
    assert focus.stops(screen.scene.root) == []
