"""The panel of the guarded dock: scenes to play on its floor, and what can be done to its camera."""

from __future__ import annotations

from functools import partial
from typing import Any

from devices.bench.window_panels import Act, Panel, button, mark, row, text_label

SCENES = {"forklift_meets_person": "지게차와 사람 · Forklift meets person",
          "person_lies_down": "사람이 쓰러짐 · Person lies down"}
FAULTS = {
    "covered": "가리기 · Cover", "dark": "불 끄기 · Dark", "defocused": "흐리게 · Blur", "moved": "돌리기 · Turn",
    "frozen": "멈춤 · Freeze", "slow": "느리게 · Slow", "lost": "선 뽑기 · Unplug",
}  # fmt: skip


class DockPanel(Panel):
    """Hidden where the bench has no dock."""

    def __init__(self, act: Act) -> None:
        super().__init__("위험 감시 · Guarded dock", act)
        self._said = text_label()
        self._on: set[str] = set()
        self._buttons = {word: button(label, partial(self._turn, word)) for word, label in FAULTS.items()}
        made = list(self._buttons.values())
        for scene, label in SCENES.items():
            self.add(self.do(label, "floor", scene=scene))
        self.add(row(*made[:3]), row(*made[3:]), self._said)

    def _turn(self, word: str) -> None:
        self.act("camera", fault=word, on=word not in self._on)

    def show_state(self, state: dict[str, Any]) -> None:
        """What is played, and what ails the camera."""
        dock = state["dock"]
        self.setVisible(dock is not None)
        if dock is None:
            return
        self._on = set(dock["faults"])
        for word, each in self._buttons.items():
            mark(each, word in self._on)
        playing = f"상영 중 Playing: {dock['playing']}" if dock["playing"] else ""
        self._said.setText(f"그리는 중 Drawing: {dock['drawing']} …" if dock["drawing"] else playing)
