"""Speaking: espeak-ng in a process of its own, interrupted by the next thing to say; a log where it is missing."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from PySide6.QtCore import QObject, QProcess

from kiosk.ui.bridge import Say
from kiosk.ui.messages import Refused, Said, View
from kiosk.ui.scene import Keys

log = logging.getLogger(__name__)
PROGRAM = "espeak-ng"
WORDS_A_MINUTE = 150


class Heard(StrEnum):
    """Who hears: everybody, where there is no earphone outlet or nothing is in it; or one person alone."""

    ALOUD = "aloud"
    UNPLUGGED = "unplugged"
    ALONE = "alone"


class Voice(Protocol):
    """Says a text aloud. Never blocks."""

    def say(self, text: str, language: str) -> None:
        """Start saying this; what was being said ends now."""

    def hush(self) -> None:
        """Fall silent."""


class Silent:
    """Where nothing can speak: writes to the log what would have been said."""

    def __init__(self, sink: Callable[[str], None] = log.info) -> None:
        self._sink = sink

    def say(self, text: str, language: str) -> None:
        """Log it."""
        self._sink(f"spoken ({language}): {text}")

    def hush(self) -> None:
        """Nothing to stop."""


class Espeak(QObject):
    """One espeak-ng process at a time. The text goes in by stdin, so it never stands in a process list."""

    def __init__(self, program: str, parent: QObject | None = None, device: str = "") -> None:
        super().__init__(parent)
        self._program = program
        self._to = ["-d", device] if device else []  # the sound device; else the machine's own choice
        self._process: QProcess | None = None

    def say(self, text: str, language: str) -> None:
        """Start saying this; what was being said ends now."""
        self.hush()
        process = QProcess(self)
        process.finished.connect(process.deleteLater)
        process.errorOccurred.connect(lambda error: log.warning("%s: %s", self._program, error))
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.start(self._program, ["-v", language, "-s", str(WORDS_A_MINUTE), *self._to, "--stdin"])
        process.write(text.encode() + b"\n")
        process.closeWriteChannel()
        self._process = process

    def hush(self) -> None:
        """Fall silent."""
        process, self._process = self._process, None
        if process is not None:
            process.errorOccurred.disconnect()
            process.kill()


def voice(parent: QObject | None = None, device: str = "") -> Voice:
    """espeak-ng where it is installed; else a log which says so once, and of earphones nothing at all."""
    program = shutil.which(PROGRAM)
    if program:
        return Espeak(program, parent, device)
    log.warning("%s is not installed: install it, or nothing is spoken", PROGRAM)
    return Silent((lambda text: None) if device else log.info)


class Announcer:
    """Speaks each view once, and again on request; what is private, through earphones alone."""

    def __init__(self, say: Say, voice: Voice, keys: Callable[[], Keys] = Keys) -> None:
        self._say = say
        self._loud = voice
        self._ear: Voice | None = None
        self._keys, self._named = keys, Keys()
        self._spoken: object = None
        self.heard = Heard.ALOUD

    def outlet(self, ear: Voice) -> None:
        """There is an earphone outlet, with nothing in it yet."""
        self._ear, self.heard = ear, Heard.UNPLUGGED

    @property
    def _voice(self) -> Voice:
        """The outlet that speaks now."""
        return self._ear if self._ear is not None and self.heard == Heard.ALONE else self._loud

    def plugged(self, there: bool, view: View | None) -> None:
        """Earphones are in or out: the sentence ends where it is; whoever has just plugged them in hears it anew."""
        if self._ear is None:
            return
        self._voice.hush()
        self.heard = Heard.ALONE if there else Heard.UNPLUGGED
        if there and view and view.chrome.access.voice:
            self.repeat(view)

    def view(self, view: View) -> None:
        """Speak what is new on this view, when the voice is on; within a step only what is told has to be new."""
        if not view.chrome.access.voice:
            self._spoken = None
            self._voice.hush()
            return
        told = tuple((line.id, tuple(sorted(line.args.items())), line.private) for line in view.speech)
        mark = (view.screen, view.step_seq, view.chrome.language, view.notice, view.chrome.staff.state, told)
        if mark != self._spoken:
            self._spoken = mark
            self.repeat(view)

    def focus(self, label: str, personal: bool, view: View) -> None:
        """Speak the name of what has the focus."""
        if view.chrome.access.voice and label:
            hidden = self._say(view.chrome.language, "speech.hidden", {})
            self._voice.say(hidden if personal and view.chrome.privacy else label, view.chrome.language)

    def repeat(self, view: View) -> None:
        """Say the whole script, and what the keys do now."""
        self._named, language = self._keys(), view.chrome.language
        whole = script(view, self._say, self.heard)
        self._voice.say(" ".join((whole, *ways(self._named, self._say, language))), language)

    def keys(self, view: View) -> None:
        """Say what the keys do now, where that has changed since it was said."""
        now, language = self._keys(), view.chrome.language
        if view.chrome.access.voice and now != self._named:
            self._named = now
            self._voice.say(" ".join(ways(now, self._say, language)), language)

    def refuse(self, refused: Refused, view: View) -> None:
        """Say why nothing changed: the sentence that stands on the screen."""
        if view.chrome.access.voice:
            self._voice.say(self._say(view.chrome.language, refused.reason, refused.args), view.chrome.language)

    def hush(self) -> None:
        """Fall silent: a key was pressed."""
        self._voice.hush()


def script(view: View, say: Say, heard: Heard = Heard.ALOUD) -> str:
    """What is spoken for a view: position, notice, the step's script. Aloud, no private line and no personal text."""
    language, alone = view.chrome.language, heard == Heard.ALONE
    lines: Sequence[Said] = ([view.notice] if view.notice else []) + view.speech
    hides = view.chrome.privacy and not alone
    told = [line for line in lines if alone or not line.private]
    said = [say(language, line.id, safe(line.args, hides, say, language)) for line in told]
    if len(told) < len(lines):
        said.append(say(language, f"speech.private.{heard}", {}))
    step, of = view.position
    where = say(language, "speech.position", {"n": step, "of": of}) if of else ""
    return " ".join(part for part in (where, *said) if part)


def ways(keys: Keys, say: Say, language: str) -> list[str]:
    """What the keypad's keys do, by the words that stand on the screen."""
    named = (("enter", keys.enter), ("later", keys.later), ("escape", keys.escape))
    told = [say(language, f"speech.keys.{key}", {"label": " ".join(label.split())}) for key, label in named if label]
    if keys.choosing:
        told.insert(0, say(language, f"speech.keys.{'more' if keys.enter or keys.later else 'choose'}", {}))
    return told


def safe(args: Mapping[str, Any], private: bool, say: Say, language: str) -> dict[str, Any]:
    """The values with every text replaced by "shown on the screen", when private; figures stay."""
    if not private:
        return dict(args)
    hidden = say(language, "speech.hidden", {})
    return {key: hidden if isinstance(value, str) else value for key, value in args.items()}
