"""Average precision on detections counted by hand."""
import numpy as np
import pytest

from vision.guard.detect import Detection
from vision.guard.records import Kind
from vision.scene.dock.photo import Truth
from vision.training.guard.score import Seen, falls_told, precision, recall, table

PERSON, TRUCK = Kind.PERSON, Kind.FORKLIFT
BOX = (0.0, 0.0, 10.0, 10.0)


def there(box: tuple[float, float, float, float] = BOX, kind: Kind = PERSON, ignored: bool = False) -> Truth:
    return Truth(kind, box, (5.0, 10.0), None, (0.0, 0.0), 0.0, ignored)


def told(score: float, box: tuple[float, float, float, float] = BOX, kind: Kind = PERSON) -> Detection:
    return Detection(kind, score, box, (5.0, 10.0))


def moved(by: float) -> tuple[float, float, float, float]:
    return (by, 0.0, 10.0 + by, 10.0)


def half(*pictures: Seen) -> float:
    found = precision(pictures, PERSON)
    assert found is not None
    return float(found[0])


def test_finding_all_and_nothing_else_is_one_and_finding_nothing_is_zero() -> None:
    assert half(Seen([there()], [told(0.9)])) == pytest.approx(1.0)
    assert half(Seen([there()], [])) == 0.0
    assert precision([Seen([], [told(0.9)])], PERSON) is None


def test_a_false_alarm_costs_only_where_it_scores_higher() -> None:
    assert half(Seen([there()], [told(0.9), told(0.5, moved(50))])) == pytest.approx(1.0)
    assert half(Seen([there()], [told(0.5), told(0.9, moved(50))])) == pytest.approx(0.5)


def test_half_of_the_truths_found_is_half_the_area() -> None:
    pictures = [Seen([there()], [told(0.9)]), Seen([there()], [])]
    assert half(*pictures) == pytest.approx(51 / 101)


def test_a_second_box_on_one_truth_is_a_false_alarm() -> None:
    twice = Seen([there(), there(moved(100))], [told(0.9), told(0.8, moved(1)), told(0.7, moved(100))])
    assert half(twice) == pytest.approx(51 / 101 + 50 / 101 * 2 / 3)


def test_overlap_decides_level_by_level() -> None:
    found = precision([Seen([there()], [told(0.9, (0, 0, 10, 7.6))])], PERSON)
    assert found is not None
    assert found.tolist() == pytest.approx([1, 1, 1, 1, 1, 1, 0, 0, 0, 0])


def test_what_is_ignored_is_neither_missed_nor_a_false_alarm() -> None:
    pictures = [Seen([there(ignored=True), there(moved(100))], [told(0.9), told(0.8, moved(100))])]
    assert half(*pictures) == pytest.approx(1.0)
    assert table(pictures, list(Kind))["person"][0] == 1
    assert half(Seen([there(ignored=True), there(moved(100))], [])) == 0.0


def test_classes_do_not_mix_and_the_mean_is_over_classes_that_occur() -> None:
    rows = table([Seen([there(), there(moved(40), TRUCK)], [told(0.9), told(0.8, moved(40), PERSON)])], list(Kind))
    assert set(rows) == {"person", "forklift", "all"}
    assert rows["forklift"][1] == 0.0
    assert rows["all"][1] == pytest.approx((rows["person"][1] + 0.0) / 2)


def test_recall_counts_truths_at_a_score() -> None:
    pictures = [Seen([there(), there(moved(100))], [told(0.45), told(0.3, moved(100))])]
    assert recall(pictures, PERSON, 0.4) == (1, 2)
    assert recall(pictures, PERSON, 0.2) == (2, 2)
    assert recall([Seen([there(ignored=True)], [])], PERSON, 0.2) == (0, 0)


def test_the_order_of_pictures_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    pictures = [Seen([there(moved(float(x)))], [told(float(rng.random()), moved(float(x + rng.normal(0, 3))))])
                for x in rng.uniform(0, 100, 30)]
    assert half(*pictures) == pytest.approx(half(*pictures[::-1]))


def test_who_lies_is_found_by_name_or_by_a_broad_box_and_what_lies_between_is_not_counted() -> None:
    low, high = (0.0, 0.0, 100.0, 40.0), (0.0, 0.0, 40.0, 100.0)
    between = (there(low, Kind.PERSON, True), there(low, Kind.PERSON_DOWN, True))
    pictures = [Seen([there(low, Kind.PERSON_DOWN)], [told(0.3, low, Kind.PERSON_DOWN)]),
                Seen([there(low, Kind.PERSON_DOWN)], [told(0.3, low, Kind.PERSON)]),
                Seen([there(low, Kind.PERSON_DOWN)], [told(0.3, high, Kind.PERSON)]),
                Seen([there(high, Kind.PERSON)], [told(0.9, high, Kind.PERSON)]),
                Seen([there(high, Kind.PERSON)], [told(0.9, low, Kind.PERSON)]),
                Seen(between, [told(0.9, low, Kind.PERSON_DOWN)])]
    assert falls_told(pictures, 0.2, by_shape=False) == (1, 3, 0, 2)
    assert falls_told(pictures, 0.2, by_shape=True) == (2, 3, 1, 2)
    assert falls_told(pictures, 0.4, by_shape=True) == (0, 3, 1, 2)
