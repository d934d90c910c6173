"""The held-out renders share no randomness, paper, table or light with what training draws."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vision.measure.rig import load_rig
from vision.training.cycles import draw, papers
from vision.training.cycles.hand import limbs
from vision.training.cycles.plan import LIGHTS, PAPERS, TABLES, mounted, plan
from vision.training.cycles.sensor import lens_rig
from vision.training.cycles.shapes import sheets
from vision.training.recipe import sample

RIG = load_rig(Path("config/rig.toml"))
Opened = set[tuple[int, ...]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Every seed that a generator is made from."""
    found: Opened = set()
    make = np.random.default_rng

    def watched(seed: list[int] | int | None = None) -> np.random.Generator:
        assert seed is not None, "unseeded"
        found.add(tuple(int(n) for n in np.atleast_1d(np.asarray(seed))))
        return make(seed)

    monkeypatch.setattr(np.random, "default_rng", watched)
    return found


def during(opened: Opened, work: Callable[[], object]) -> Opened:
    opened.clear()
    work()
    return set(opened)


def make(split: str, numbers: range) -> None:
    """All that is drawn for these scenes but the rendering itself."""
    for number in numbers:
        scene = plan(number, RIG, split)
        papers.table_top(scene.table, split, number)
        papers.surroundings(scene.light, split, number)
        for camera in RIG.cameras:
            mounted(camera, number, split)
        for body in scene.bodies:
            sheets(body)
            papers.paper(body.paper, split, body.seed, body.finish, (40, 30))
        if scene.hand_to_mm:
            list(limbs(draw.stream(split, number, "hand"), np.array(scene.hand_to_mm)))


def test_no_seed_of_training_is_a_seed_of_the_held_out_sets(opened: Opened) -> None:
    training = during(opened, lambda: [sample(number) for number in range(12)])
    held_out = during(opened, lambda: make("test", range(24)))
    assert len(training) > 40
    assert len(held_out) > 100
    assert {seed[0] for seed in training}.isdisjoint({seed[0] for seed in held_out})


def test_neither_has_the_tuning_split_one(opened: Opened) -> None:
    tuning = during(opened, lambda: make("tune", range(12)))
    held_out = during(opened, lambda: make("test", range(12)))
    assert {seed[0] for seed in tuning}.isdisjoint({seed[0] for seed in held_out})


@pytest.mark.parametrize("names", [PAPERS, TABLES, LIGHTS], ids=["papers", "tables", "lights"])
def test_splits_share_no_paper_table_or_light(names: dict[str, tuple[str, ...]]) -> None:
    assert set(names["test"]).isdisjoint(names["tune"])


def test_every_paper_is_painted_differently() -> None:
    assert set(papers.PAINTERS) == set(PAPERS["test"]) | set(PAPERS["tune"])
    assert len(set(papers.PAINTERS.values())) == len(papers.PAINTERS)


@pytest.mark.parametrize("finish", ["black", "white", "glossy", "grey_plastic", "white_plastic", "black_plastic",
                                    "pink_plastic"])
def test_no_finish_is_painted_alike_in_both_splits(finish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From one and the same stream."""
    monkeypatch.setattr(papers, "stream", lambda _split, seed, *_: np.random.default_rng([1, seed]))
    for seed in range(4):
        held_out, tuning = (papers.paper("fibre", split, seed, finish, (160, 120)) for split in ("test", "tune"))
        assert np.abs(held_out - tuning).mean() > 3


def test_lens_and_mounts_are_not_those_of_the_bench() -> None:
    text = Path("config/rig.toml").read_text()
    changed = lens_rig(text)
    assert all(line not in changed for line in text.splitlines() if line.startswith(("matrix", "distortion")))
    views = [mounted(RIG.cameras[0], number, "test").centre() for number in range(2)]
    assert np.abs(views[0] - views[1]).max() > 0.5
