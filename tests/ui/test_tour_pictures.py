"""The tour's pictures show the table as it is at that moment, not as it was before."""

from __future__ import annotations

from PySide6.QtGui import QColor

from kiosk.ui.camera import Frame
from kiosk.ui.screen import Screen
from kiosk.ui.speech import Silent
from kiosk.ui.tour import refreshed
from tests.ui.pictures import SCREENS
from tests.ui.views import view

OLD, NEW = QColor("#102030"), QColor("#20C040")


def filled(number: int, colour: QColor) -> Frame:
    """A small frame of one colour."""
    return Frame(4, 3, number, bytes([colour.blue(), colour.green(), colour.red()]) * 12)


def test_a_picture_waits_for_a_frame_of_now() -> None:
    """An empty table that the camera saw before the parcel lay on it is no picture of the parcel."""
    frames, asked = [filled(1, OLD)], 0

    def look() -> Frame:
        nonlocal asked
        asked += 1
        if asked == 3:  # the camera is slower than whoever asks
            frames.append(filled(2, NEW))
        return frames[-1]

    screen = Screen(SCREENS, look=lambda: frames[-1], motion=0, mouth=Silent(lambda text: None))
    screen.open()
    screen.show(view("send_parcel/Place", {"again": False}, ("confirm", "cancel")))
    screen.settle()
    refreshed(screen, look)
    seen = screen.scene.window.grabWindow()
    screen.close()
    colours = {seen.pixelColor(x, y).rgb() for x in range(0, seen.width(), 8) for y in range(0, seen.height(), 8)}
    assert (OLD.rgb() in colours, NEW.rgb() in colours) == (False, True)
