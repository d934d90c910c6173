"""Drawn pictures of a dock through real statistics and rules; every fault is really in the pixels."""
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from vision.guard.health import Fault, Health, HealthLimits, Look, verdict
from vision.guard.picture import Reference, look, reference

Picture = npt.NDArray[np.uint8]
FPS = 10.0


def dock(seed: int = 0) -> Picture:
    """A drawn dock, 640 x 360 grey: racks, doors, floor marks."""
    rng = np.random.default_rng(seed)
    picture = np.full((360, 640), 120, np.uint8)
    picture[180:] = 90
    for _ in range(120):
        x, y, w, h = (int(rng.integers(0, n)) for n in (620, 340, 70, 60))
        filled = -1 if rng.random() < 0.6 else 2
        cv2.rectangle(picture, (x, y), (x + w + 5, y + h + 5), int(rng.integers(40, 220)), filled)
    return picture


def noisy(picture: Picture, rng: np.random.Generator, sigma: float = 2.5) -> Picture:
    return np.asarray(np.clip(picture + rng.normal(0, sigma, picture.shape), 0, 255), np.uint8)


def gained(picture: Picture, gain: float) -> Picture:
    return np.asarray(np.clip(picture * gain, 0, 255), np.uint8)


def sprayed(picture: Picture) -> Picture:
    spoiled = picture.copy()
    cv2.ellipse(spoiled, (240, 170), (200, 150), 0, 0, 360, 60, -1)
    return spoiled


def shifted(pixels: int) -> Callable[[Picture], Picture]:
    return lambda picture: np.roll(picture, (pixels // 2, pixels), (0, 1))


FAULTS: dict[str, tuple[Callable[[Picture], Picture], Fault]] = {
    "lights and lamp out": (lambda picture: gained(picture, 0.02), Fault.DARK),
    "cap": (lambda picture: np.full_like(picture, 25), Fault.COVERED),
    "white cloth": (lambda picture: np.full_like(picture, 200), Fault.COVERED),
    "hand": (lambda picture: cv2.GaussianBlur(dock(99), (0, 0), 60).astype(np.uint8), Fault.COVERED),
    "defocused": (lambda picture: cv2.GaussianBlur(picture, (0, 0), 8).astype(np.uint8), Fault.DEFOCUSED),
    "smeared": (lambda picture: cv2.GaussianBlur(picture, (0, 0), 12).astype(np.uint8), Fault.DEFOCUSED),
    "pushed 16 px": (shifted(16), Fault.MOVED),
    "pushed 40 px": (shifted(40), Fault.MOVED),
    "turned away": (lambda picture: dock(7), Fault.MOVED),
    "spray": (sprayed, Fault.SPRAYED),
}


def run(health: Health, against: Reference, pictures: Callable[[int], Picture], frames: int, start: float = 0.0
        ) -> list[tuple[float, Fault]]:
    raised = []
    for n in range(frames):
        t = start + n / FPS
        raised += [(t, fault) for fault in health.see(look(pictures(n), t, t, against))]
    return raised


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_spoiled_picture_is_named_within_five_seconds(name: str, seed: int) -> None:
    spoil, fault = FAULTS[name]
    place, rng, health = dock(seed), np.random.default_rng(seed), Health(FPS, 0.0)
    against = reference(noisy(place, rng))
    assert run(health, against, lambda n: noisy(place, rng), 45) == []
    spoiled = spoil(place)
    raised = run(health, against, lambda n: noisy(spoiled, rng), 50, 4.5)
    assert [fault for _, fault in raised] == [fault]
    assert raised[0][0] - 4.5 <= 5.0
    assert health.faults() == (fault,)
    run(health, against, lambda n: noisy(place, rng), 60, 9.5)
    assert health.faults() == ()


def passing(place: Picture, rng: np.random.Generator, people: int) -> Callable[[int], Picture]:
    """A crowd that walks through the picture."""
    walkers = rng.uniform((0, 40, -9, 20, 30), (640, 300, 9, 45, 220), (people, 5))

    def picture(n: int) -> Picture:
        crowd = place.copy()
        for x, y, step, wide, grey in walkers:
            left, top = int(x + step * n) % 640, int(y)
            cv2.rectangle(crowd, (left, top), (left + int(wide), top + int(3 * wide)), int(grey), -1)
            cv2.circle(crowd, (left + int(wide / 2), top), int(wide / 3), int(255 - grey), -1)
        return noisy(crowd, rng)
    return picture


def with_door(place: Picture, gain: float) -> Picture:
    """The dock door stands open: its place shines, and light falls on the floor before it."""
    lit = place.copy()
    lit[40:170, 80:200] = 250
    lit[200:330, 60:260] = gained(place[200:330, 60:260], 1.4)
    return gained(lit, gain)


@pytest.mark.parametrize("seed", [11, 12])
def test_a_day_of_ordinary_light_doors_and_crowds_raises_nothing(seed: int) -> None:
    """24 h in bursts of 3.2 s: night light at an eighth, day, doors open, crowds of up to twelve."""
    place, rng = dock(seed), np.random.default_rng(seed)
    health, against = Health(FPS, 0.0), reference(place)
    for half_hour in range(0, 48, 3):
        daylight = 0.125 + 0.9 * max(0.0, float(np.sin(np.pi * (half_hour - 12) / 26)))
        lit = with_door(place, daylight) if rng.random() < 0.3 else gained(place, daylight)
        crowd = passing(lit, rng, int(rng.integers(0, 13)))
        assert run(health, against, crowd, 32, half_hour * 1800.0) == []


def test_lights_switched_off_to_the_emergency_lamp_raise_nothing() -> None:
    place, rng, health = dock(3), np.random.default_rng(3), Health(FPS, 0.0)
    against = reference(place)
    assert run(health, against, lambda n: noisy(gained(place, 1.0 if n < 30 else 0.12), rng), 120) == []


GOOD = Look(0.0, 0.0, b"0", 100.0, 1.0, 0.9, 0.0, 0.9, 1.0)


def fed(health: Health, seconds: float, stamp: bool, digest: bool, fps: float = FPS) -> list[tuple[float, Fault]]:
    raised = []
    for n in range(round(seconds * fps)):
        t = n / fps
        seen = replace(GOOD, t=t, taken_s=t if stamp else 0.0, digest=str(n).encode() if digest else b"0")
        raised += [(t, fault) for fault in health.see(seen)]
    return raised


def test_a_frozen_picture_is_found_with_a_standing_and_with_a_running_timestamp() -> None:
    (standing, fault), = fed(Health(FPS, 0.0), 6, stamp=False, digest=False)
    assert fault is Fault.FROZEN
    assert standing == pytest.approx(3.0)
    (running, fault), = fed(Health(FPS, 0.0), 6, stamp=True, digest=False)
    assert fault is Fault.FROZEN
    assert running == pytest.approx(4.0)


def test_single_repeats_of_compressed_video_and_a_camera_without_clock_are_no_fault() -> None:
    assert fed(Health(FPS, 0.0), 10, stamp=False, digest=True) == []
    health = Health(FPS, 0.0)
    for n in range(200):
        assert health.see(replace(GOOD, t=n / FPS, taken_s=n / FPS, digest=str(n // 25).encode())) == []


def test_a_lost_camera_is_found_by_the_clock_and_comes_back_without_another_fault() -> None:
    health = Health(FPS, 100.0)
    assert health.tick(101.9) == []
    assert health.tick(102.0) == [Fault.LOST]
    assert health.tick(110.0) == []
    raised = [fault for n in range(100) for fault in health.see(replace(GOOD, t=120 + n / FPS, digest=str(n).encode()))]
    assert raised == []
    assert health.faults() == ()


@pytest.mark.parametrize(("fps", "slow"), [(4.0, True), (2.0, True), (6.0, False), (10.0, False)])
def test_a_low_frame_rate_is_found_within_five_seconds(fps: float, slow: bool) -> None:
    raised = fed(Health(FPS, 0.0), 6, stamp=True, digest=True, fps=fps)
    assert [fault for _, fault in raised] == ([Fault.SLOW] if slow else [])
    assert all(t <= 5 for t, _ in raised)


def test_somebody_who_walks_past_the_lens_is_no_cover() -> None:
    health = Health(FPS, 0.0)
    for n in range(200):
        close = 50 <= n < 70
        seen = replace(GOOD, t=n / FPS, taken_s=n / FPS, digest=str(n).encode(), flat=0.9 if close else 0.0)
        assert (verdict(seen, HealthLimits()) is not None) is close
        assert health.see(seen) == []
