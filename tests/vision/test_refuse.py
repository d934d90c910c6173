"""Every refusal that frames and masks alone tell, on maps made by hand."""
from dataclasses import replace

import numpy as np
import pytest

from tests.vision.table import MODELS, rig
from tests.vision.test_outline import mask_of
from vision.measure.answer import Finding, Tuning
from vision.measure.camera import Floats
from vision.measure.corners import Seen
from vision.measure.depth import Relief
from vision.measure.measure import Measurer
from vision.measure.refuse import kinds, outside, what_hinders
from vision.measure.soft import measure_relief
from vision.model import load_model
from vision.scene.table import ParcelModel

BOX = ParcelModel(340, 250, 210, 10, -20, 25)


def views(*bodies: ParcelModel, **maps: Floats) -> dict[str, Seen]:
    found = {name: mask_of(name, list(bodies))[1] for name in ("left", "right")}
    return {name: replace(seen, maps={**seen.maps, **maps}) for name, seen in found.items()}


def filled(seen: dict[str, Seen], channel: str, chance: float) -> dict[str, Seen]:
    return {name: replace(s, maps={**s.maps, channel: s.maps["parcel"] * chance}) for name, s in seen.items()}


def test_a_parcel_alone_is_hindered_by_nothing() -> None:
    assert what_hinders(views(BOX)) is None


def test_an_empty_table_holds_no_parcel() -> None:
    assert what_hinders(views()) == "no_parcel"


def test_a_hand_in_one_view_is_enough() -> None:
    seen = views(BOX)
    hand = np.zeros_like(seen["left"].maps["hand"])
    hand[40:50, 10:20] = 1
    seen["right"] = replace(seen["right"], maps={**seen["right"].maps, "hand": hand})
    assert what_hinders(seen) == "hand_in_view"


def test_print_on_a_parcel_that_looks_like_a_hand_is_none() -> None:
    seen = views(BOX)
    whole = seen["right"].maps["parcel"]
    assert what_hinders({**seen, "right": replace(seen["right"], maps={**seen["right"].maps, "hand": whole})}) is None


def test_two_that_stand_apart_and_two_that_touch() -> None:
    apart = views(ParcelModel(180, 140, 120, -180, 180, 10), ParcelModel(170, 150, 100, 180, -180, 30))
    assert what_hinders(apart) == "two_objects"
    touching = views(ParcelModel(180, 140, 120, -60, 0, 0), ParcelModel(170, 150, 100, 115, 0, 0))
    assert what_hinders(touching) is None
    assert what_hinders(filled(touching, "crowd", 0.9)) == "two_objects"


def test_what_leaves_the_picture_is_too_tall_or_out_of_the_zone() -> None:
    assert what_hinders(views(ParcelModel(200, 180, 900, 0, 0, 20))) == "too_tall"
    assert what_hinders(views(ParcelModel(300, 200, 60, 0, 560, 0))) == "out_of_zone"
    seen = views(BOX)
    edge = seen["left"].maps["parcel"].copy()
    edge[:, 0] = 1
    seen["left"] = replace(seen["left"], maps={**seen["left"].maps, "parcel": edge})
    assert what_hinders(seen) == "out_of_zone"


def test_light_that_drowns_the_picture_or_the_parcel_is_glare() -> None:
    seen = views(BOX)
    white = np.full_like(seen["left"].picture, 255)
    assert what_hinders({**seen, "left": replace(seen["left"], picture=white)}) == "glare"
    spot = seen["left"].picture.copy()
    middle = seen["left"].raw.project(np.array([[10.0, -20.0, 150.0]]))[0].astype(int)
    spot[middle[1] - 190:middle[1] + 190, middle[0] - 190:middle[0] + 190] = 255
    assert what_hinders({**seen, "left": replace(seen["left"], picture=spot)}) == "glare"


def test_kinds_add_up_to_one_and_a_net_without_them_sees_boxes() -> None:
    seen = list(views(BOX).values())
    assert kinds(seen)["box"] == 1
    found = kinds(list(filled(filled(views(BOX), "tube", 0.9), "polybag", 0.2).values()))
    assert max(found, key=lambda kind: found[kind]) == "tube"
    assert sum(found.values()) == pytest.approx(1)
    old = [replace(s, maps={k: v for k, v in s.maps.items() if k not in ("tube", "polybag", "irregular")})
           for s in seen]
    assert kinds(old)["box"] == 1


def test_outside_is_measured_from_the_zones_edge() -> None:
    corners = np.array([[-350.0, 0], [349, 340]])
    assert not outside(corners, (700, 700), 1)
    assert outside(np.add(corners, (5, 0)), (700, 700), 1)


def test_an_answer_is_longer_than_wide_whichever_way_round() -> None:
    one = Finding(np.array([0, 0, 0, 300, 200, 100.0]), np.array([1, 2, 3.0]), "box")
    turned = Finding(np.array([0, 0, 1.5, 204, 300, 100.0]), np.array([1, 2, 3.0]), "tube")
    assert one.answer(0.1).document()["length_mm"] == 300
    assert turned.answer(0.1).width_mm == 204
    assert turned.answer(0.1).uncertainty_mm == (2, 1, 3)


def test_relief_alone_is_refused_beside_the_zone_and_above_the_height() -> None:
    box, rim = np.array([0, 0, 0, 300, 200, 120.0]), np.array([[-150.0, -100], [150, 100]])
    assert measure_relief(Relief(box, rim, 120, 1), "irregular", (700, 700), Tuning()).reason is None
    assert measure_relief(Relief(box, rim + 300, 120, 1), "irregular", (700, 700), Tuning()).reason == "out_of_zone"
    assert measure_relief(Relief(box, rim, 560, 1), "irregular", (700, 700), Tuning()).reason == "too_tall"


def test_an_odd_thing_is_unknown_without_depth_and_measured_with_it() -> None:
    measurer = Measurer(rig(), load_model(MODELS, "parcel_corners"))
    seen = list(filled(views(BOX), "irregular", 1.0).values())
    assert measurer._find(seen, None) is None
    box = np.array([10, -20, 0, 341, 252, 211.0])
    found = measurer._find(seen, Relief(box, np.zeros((1, 2)), 211.0, 1))
    assert found is not None
    assert (found.kind, found.reason) == ("irregular", None)


def test_two_kinds_that_are_nearly_as_likely_but_differ_are_an_unknown_shape() -> None:
    measurer = Measurer(rig(), load_model(MODELS, "parcel_corners"))
    body = ParcelModel(340, 120, 120, 10, -20, 25, "tube")
    seen = list(filled(filled(views(body), "tube", 0.5), "irregular", 0.5).values())
    found = measurer._find(seen, None)
    assert found is None or found.reason is not None
