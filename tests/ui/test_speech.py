"""What is spoken, when, and what is not."""

from __future__ import annotations

import shutil
import time

import pytest
from PySide6.QtCore import QCoreApplication, QProcess

from kiosk.ui.messages import Refused, View
from kiosk.ui.scene import Keys, application
from kiosk.ui.screen import Screen, speaker
from kiosk.ui.speech import Announcer, Espeak, Heard, Silent, script, ways
from tests.kiosk.bank.ear import OWED, owed
from tests.ui.bank_views import BANK
from tests.ui.pictures import SCREENS
from tests.ui.views import view

SAY = speaker()


def spoken(**chrome: object) -> View:
    """A view with a script that carries a name and a sum."""
    made = view("send_parcel/Pledge", {"items": []}, ("confirm",), 1, access={"voice": True}, **chrome)
    lines = [{"id": "review.agree", "args": {"won": 5000}}, {"id": "review.name", "args": {"name": "김우정"}}]
    return View.model_validate({**made.model_dump(), "speech": lines, "type": "view"})


def test_script_has_position_and_words() -> None:
    """Position first, then the step's own lines."""
    text = script(spoken(privacy=False), SAY)
    assert text.startswith("5단계 중 3단계.")
    assert "5,000원" in text
    assert "김우정" in text


def test_private_texts_are_not_spoken() -> None:
    """Names stay on the screen; sums are said."""
    text = script(spoken(privacy=True), SAY)
    assert "김우정" not in text
    assert "화면에 있습니다" in text
    assert "5,000원" in text


def test_once_interrupted_repeated() -> None:
    """Each step is said once; what has the focus interrupts; repeat says all again; off is silent."""
    said: list[str] = []
    announcer = Announcer(SAY, Silent(said.append))
    announcer.view(spoken())
    announcer.view(spoken().model_copy(update={"seq": 2}))
    assert len(said) == 1
    announcer.focus("다음", False, spoken())
    announcer.repeat(spoken())
    assert said[1].endswith("다음")
    assert said[2] == said[0]
    announcer.view(view("send_parcel/Pledge", {"items": []}, (), 3))
    announcer.focus("다음", False, view("send_parcel/Pledge", {"items": []}, (), 3))
    assert len(said) == 3


def test_the_keys_are_named_by_what_stands_on_the_screen() -> None:
    """After the script the voice names what arrows, Enter and Escape do now."""
    said: list[str] = []
    keys = Keys("보내기", "", "이전", choosing=True)
    Announcer(SAY, Silent(said.append), lambda: keys).view(spoken())
    assert said[0].endswith("다른 단추는 화살표 키로 고르세요. 엔터 키, 보내기. 이에스시 키, 이전.")
    assert ways(Keys(choosing=True), SAY, "ko") == ["화살표 키로 고르고 엔터 키를 누르세요."]
    assert ways(Keys(later="다음"), SAY, "en") == ["Then Enter: 다음."]


def test_what_changes_within_a_step_is_said_and_what_does_not_is_not() -> None:
    said: list[str] = []
    announcer, first = Announcer(SAY, Silent(said.append)), spoken()
    other = View.model_validate({**first.model_dump(), "speech": [{"id": "review.agree", "args": {"won": 7000}}]})
    for each in (first, first, other, other):
        announcer.view(each)
    assert len(said) == 2
    assert "7,000원" in said[1]


def test_a_refusal_is_spoken() -> None:
    said: list[str] = []
    announcer = Announcer(SAY, Silent(said.append))
    refused = Refused(type="refused", intent="set_phone", reason="error.phone")
    announcer.refuse(refused, spoken())
    assert said == [f"spoken (ko): {SAY('ko', 'error.phone', {})}"]
    announcer.refuse(refused, view("send_parcel/Pledge", {"items": []}, (), 3))
    assert len(said) == 1


def test_personal_focus_is_hidden() -> None:
    """An address under the focus is not read aloud on a private screen."""
    said: list[str] = []
    announcer = Announcer(SAY, Silent(said.append))
    announcer.focus("세종대로 209", True, spoken(privacy=True))
    announcer.focus("세종대로 209", True, spoken(privacy=False))
    assert "세종대로" not in said[0]
    assert "세종대로 209" in said[1]


def test_what_was_chosen_says_so() -> None:
    """The plate under the focus has another name once it is pressed: nobody agrees without knowing to what."""
    mouth = Mouth()
    screen = Screen(SCREENS, motion=0, mouth=mouth)
    screen.open()
    try:
        values = {"consent": "intake", "required": ["use", "check", "bank"], "optional": ["contact"]}
        screen.show(view("identity/Consent", values, ("consent", "cancel"), 1, access={"voice": True}))
        screen.hand.key("Tab")
        for state in ("골랐습니다", "고르지 않아도 됩니다."):
            screen.key("Return")
            assert mouth.said[-1] == f"은행이 전화해도 됩니다, {state}"
        screen.key("Return")
        screen.tap("primary")
        assert screen.sent[-1] == ("consent", {"optional": ["contact"]})
    finally:
        screen.close()


def hushed(sink: list[str]) -> Silent:
    """An outlet that writes down what it says."""
    return Silent(sink.append)


def private(**args: object) -> View:
    """A private view, the voice on, with one line for everybody and one for the ear."""
    made = spoken(privacy=True)
    lines = [{"id": "bank.balance.speech"}, {"id": "bank.ear.balance", "args": args, "private": True}]
    return View.model_validate({**made.model_dump(), "speech": lines})


def test_a_private_line_is_said_through_earphones_alone() -> None:
    """Without them it is told where it is to be had; in the ear, nothing is left out, and nothing comes out loud."""
    loud, ear, shown = list[str](), list[str](), private(won=3_141_000, available_won=2_718_000)
    announcer = Announcer(SAY, hushed(loud))
    announcer.view(shown)
    assert "3,141,000" not in loud[-1]
    assert loud[-1].endswith(SAY("ko", "speech.private.aloud", {}))
    announcer.outlet(hushed(ear))
    announcer.repeat(shown)
    assert loud[-1].endswith(SAY("ko", "speech.private.unplugged", {}))
    announcer.plugged(True, shown)
    assert ("3,141,000" in ear[-1], "2,718,000" in ear[-1], len(loud)) == (True, True, 2)
    assert script(shown, SAY, Heard.ALONE) in ear[-1]
    announcer.plugged(False, shown)
    announcer.repeat(shown)
    assert len(ear) == 1
    assert "3,141,000" not in loud[-1]


def test_a_plug_where_nothing_is_wired_changes_nothing() -> None:
    """A branch without an earphone outlet believes no key that says that there is one."""
    loud = list[str]()
    announcer = Announcer(SAY, hushed(loud))
    announcer.plugged(True, private(won=1, available_won=1))
    announcer.repeat(private(won=3_141_000, available_won=1))
    assert (len(loud), "3,141,000" in loud[0]) == (1, False)


class Mouth:
    """An outlet that keeps what it said, and whether it was stopped."""

    def __init__(self) -> None:
        self.said, self.hushed = list[str](), 0

    def say(self, text: str, language: str) -> None:
        self.said.append(text)

    def hush(self) -> None:
        self.hushed += 1


def test_the_sentence_ends_when_the_plug_is_pulled() -> None:
    ear = Mouth()
    announcer = Announcer(SAY, Mouth())
    announcer.outlet(ear)
    announcer.plugged(True, private(won=1, available_won=1))
    before = ear.hushed
    announcer.plugged(False, None)
    assert ear.hushed == before + 1


def test_earphones_turn_the_voice_on_and_no_loudspeaker_says_what_is_private() -> None:
    """Every bank screen that owes something to the ear, and every name that the focus meets on it."""
    loud, ear = Mouth(), Mouth()
    screen = Screen(SCREENS, motion=0, mouth=loud)
    screen.announcer.outlet(ear)
    screen.open()
    try:
        screen.show(view("bank/Balance", {"won": 1, "available_won": 1}, ("confirm",), 1, privacy=True))
        screen.key("F15")
        assert screen.sent[-1] == ("access", {"mode": "voice", "on": True})
        screen.key("F16")
        cases = [case for case in BANK if case[1] in {*OWED, "Entries"}]
        for n, (_, name, values, offers) in enumerate(cases, 2):
            loud.said.clear()
            screen.show(view(f"bank/{name}", values, offers, n * 10, privacy=True, access={"voice": True}))
            for _ in range(6):
                screen.hand.key("Tab")
            screen.settle()
            assert loud.said
            assert [each for each in owed(f"bank/{name}", values) for text in loud.said if each in text] == [], name
    finally:
        screen.close()
    assert ear.said == []


def test_espeak_never_blocks() -> None:
    """Starting to speak, and interrupting, returns at once; hushing ends the process."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed")
    app, mouth = application(), Espeak(program)
    begun = time.monotonic()
    for _ in range(3):
        mouth.say("소포를 올려 주세요. " * 20, "ko")
    assert time.monotonic() - begun < 0.5
    processes = mouth.findChildren(QProcess)
    mouth.hush()
    end = time.monotonic() + 5
    while mouth.findChildren(QProcess) and time.monotonic() < end:
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, 52)  # QEvent.Type.DeferredDelete
    assert processes
    assert mouth.findChildren(QProcess) == []
