"""Encounters seen from above: true paths, what the tracker saw, where everybody was at the alarm and at the danger."""
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import cos, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.encounters.calm import encounter
from tests.encounters.paths import STEP, STEPS, Actor
from tests.encounters.scene import Encounter
from tests.encounters.score import AHEAD, GUARD, LATENCY, Score, ordinary, until
from tests.encounters.sensing import tracked
from tests.encounters.truth import truth
from vision.guard.records import PEOPLE

SIDE, SCALE, PANELS = 560, 40, 3
FONT = Path(__file__).parents[2] / "kiosk" / "ui" / "fonts" / "Pretendard-Medium.otf"
PAPER, INK, GREY, TRUCK, PERSON, ALARM, DANGER = (
    "#FBFAF7", "#22262B", "#B9BDC2", "#2E5E8C", "#3B7D4F", "#D98A00", "#B3261E")

CHOICES: dict[str, Callable[[Score], bool]] = {
    "true-warnings": lambda score: score.foreseeable and (score.lead(GUARD, LATENCY) or 0.0) >= AHEAD,
    "nuisance": lambda score: score.safe and score.unprovoked and bool(score.alarms[GUARD]),
    "misses": lambda score: score.danger_s is not None and (score.lead(GUARD, LATENCY) or -1.0) < 0,
}


def draw(scores: Sequence[Score], folder: Path) -> Iterator[str]:
    """Three encounters of each sort, of different kinds, as one picture a sort; the files' names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, wanted in CHOICES.items():
        first = {score.kind: score for score in reversed(scores) if wanted(score)}
        chosen = list(islice((first[kind] for kind in sorted(first, key=_order)), PANELS))
        sheet = Image.new("RGB", (SIDE * PANELS, SIDE), PAPER)
        for n, score in enumerate(chosen):
            sheet.paste(panel(score), (n * SIDE, 0))
        sheet.quantize(64).save(folder / f"{name}.png", optimize=True)
        yield str(folder / f"{name}.png")


def _order(kind: str) -> tuple[bool, str]:
    """Turns and corners first: a straight crossing is soon understood."""
    return kind not in {"turning_into", "rear_swing", "blind_corner", "crossing", "wide_pass", "near_miss"}, kind


class Panel:
    """One encounter drawn about the middle of what matters in it."""

    def __init__(self, scene: Encounter, middle: tuple[float, float]) -> None:
        self.scene, self.middle = scene, middle
        self.image = Image.new("RGB", (SIDE, SIDE), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixel of a floor point."""
        return SIDE / 2 + (x - self.middle[0]) * SCALE, SIDE / 2 - (y - self.middle[1]) * SCALE

    def box(self, x: float, y: float, heading: float, size: tuple[float, float], colour: str,
            fill: bool = False) -> None:
        """An outline; the forks' end is thicker."""
        c, s, a, b = cos(heading), sin(heading), size[0] / 2, size[1] / 2
        corners = [self.at(x + u * c - v * s, y + u * s + v * c) for u, v in ((a, b), (a, -b), (-a, -b), (-a, b))]
        self.pen.polygon(corners, outline=colour, fill=colour if fill else None, width=2)
        self.pen.line(corners[:2], fill=colour, width=5)

    def path(self, actor: Actor, end: int, colour: str) -> None:
        """The way somebody's middle took."""
        self.pen.line([self.at(float(actor.x[n]), float(actor.y[n])) for n in range(0, end, 2)], fill=colour, width=2)

    def moment(self, n: int, colour: str) -> None:
        """Where everybody is at step n."""
        truck = self.scene.truck
        self.box(float(truck.x[n]), float(truck.y[n]), float(truck.heading[n]), truck.size, colour)
        for person in self.scene.people:
            x, y = self.at(float(person.x[n]), float(person.y[n]))
            r = 0.3 * SCALE
            self.pen.ellipse((x - r, y - r, x + r, y + r), outline=colour, width=3)

    def words(self, lines: Sequence[tuple[str, str]]) -> None:
        """What it shows."""
        font = ImageFont.truetype(str(FONT), 19)
        for n, (line, colour) in enumerate(lines):
            self.pen.text((14, 10 + 25 * n), line, font=font, fill=colour)


def panel(score: Score) -> Image.Image:
    """One encounter's picture."""
    scene = encounter(score.seed)
    told = [round((t + LATENCY) / STEP) for t in score.alarms[GUARD]]
    danger = None if score.danger_s is None else round(score.danger_s / STEP)
    found = truth(scene)
    n = min(STEPS - 1, danger if danger is not None else told[0] if told else int(found.apart.argmin()))
    shown = Panel(scene, (float(scene.truck.x[n]), float(scene.truck.y[n])))
    for rack in scene.racks:
        shown.box(rack.x, rack.y, rack.heading, (rack.length, rack.width), GREY, fill=True)
    end = min(STEPS, n + 40)
    shown.path(scene.truck, end, TRUCK)
    for person in scene.people:
        shown.path(person, end, PERSON)
    _dots(shown, score)
    if told:
        shown.moment(min(STEPS - 1, told[0]), ALARM)
    if danger is not None:
        shown.moment(min(STEPS - 1, danger), DANGER)
    shown.words(_said(score))
    return shown.image


def _dots(shown: Panel, score: Score) -> None:
    found = truth(shown.scene)
    for frame in until(found, tracked(shown.scene, score.seed, ordinary(score.seed))):
        for seen in frame.objects:
            x, y = shown.at(seen.x, seen.y)
            shown.pen.ellipse((x - 2, y - 2, x + 2, y + 2), fill=PERSON if seen.kind in PEOPLE else TRUCK)


def _said(score: Score) -> list[tuple[str, str]]:
    lead = score.lead(GUARD, LATENCY)
    lines = [(f"{score.kind.replace('_', ' ')}, seed {score.seed}, {score.fps} frames/s", INK)]
    if score.alarms[GUARD]:
        lines.append((f"alarm at {score.alarms[GUARD][0] + LATENCY:.1f} s", ALARM))
    if score.danger_s is not None:
        told = "no alarm before it" if lead is None or lead < 0 else f"{lead:.1f} s after the alarm"
        lines.append((f"danger at {score.danger_s:.1f} s, {told}", DANGER))
    elif score.safe:
        lines.append(("never within 1.2 m of a moving truck", INK))
    return lines
