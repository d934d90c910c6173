"""Evidence: the seconds around an alarm, nobody in it to be told, and nobody but the key's holder to read it."""
import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.vision.guard.painted import Picture
from vision.guard.clip import opened, packed, unpacked
from vision.guard.evidence import Box, Clip, Recorder, coarsen, sealed
from vision.guard.seal import MAGIC, SealError, public_of, seal, unseal

PRIVATE = X25519PrivateKey.generate().private_bytes_raw()
FACE: Box = (600.0, 200.0, 700.0, 500.0)


def stripes() -> Picture:
    """A picture full of detail."""
    picture = np.full((720, 1280, 3), 60, np.uint8)
    picture[:, ::12] = 230
    picture[::12] = 20
    return picture


def recorded(seconds: float, alarm_at: float, box_from: float = 0.0) -> tuple[Recorder, str, float]:
    """A recorder after an alarm in a stream with one person, seen only from some second on."""
    recorder, picture, name, t = Recorder("dock"), stripes(), "", 0.0
    for n in range(round(seconds * 10)):
        t = 1000 + n / 10
        recorder.see(t, picture, [FACE] if n / 10 >= box_from else [])
        if not name and n / 10 >= alarm_at:
            name = recorder.want(t)
    return recorder, name, t


def test_a_clip_holds_ten_seconds_before_and_after() -> None:
    recorder, name, t = recorded(40, 20)
    clip = recorder.finished(t)
    assert clip is not None
    assert clip.id == name
    times = [shot.t for shot in clip.shots]
    assert times[0] == pytest.approx(1010, abs=0.3)
    assert [shot for shot in clip.shots if shot.t <= 1030][-1].t == pytest.approx(1030, abs=0.3)
    assert recorder.finished(t) is None


def test_alarms_during_a_clip_share_it_and_none_grows_without_end() -> None:
    recorder, picture = Recorder("dock"), stripes()
    names, closed = set(), []
    for n in range(0, 1000, 2):
        t = n / 10
        recorder.see(t, picture, [])
        names.add(recorder.want(t))
        closed += [clip for clip in [recorder.finished(t)] if clip is not None]
    assert len(names) == 2
    assert closed[0].shots[-1].t - closed[0].shots[0].t <= 61


def test_everybody_is_pixelated_even_in_frames_where_the_detector_missed_them() -> None:
    recorder, name, t = recorded(31, 20, box_from=20.0)
    clip = recorder.finished(t)
    assert clip is not None
    camera, frames = opened(sealed(clip, public_of(PRIVATE)), name, PRIVATE)
    assert camera == "dock"
    body = np.s_[105:245, 302:348]

    def detail(jpeg: bytes) -> float:
        picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), float)
        return float(np.abs(np.diff(picture[body], axis=1)).mean())

    shown = {round(at - 1000, 1): detail(jpeg) for at, jpeg in frames}
    assert all(value < 3 for at, value in shown.items() if at >= 19.5)
    assert all(value > 10 for at, value in shown.items() if at < 19.2)


def test_an_alarm_late_in_a_clip_has_its_own_ten_seconds_after() -> None:
    recorder, picture, clips = Recorder("dock"), stripes(), list[Clip]()
    wanted: dict[float, str] = {}
    for n in range(0, 1000, 2):
        t = n / 10
        recorder.see(t, picture, [])
        if t in (10.0, 15.0, 24.0, 33.0, 42.0, 51.0, 59.0, 64.0, 69.0):
            wanted[t] = recorder.want(t)
        clips += [clip for clip in [recorder.finished(t)] if clip is not None]
    assert [wanted[t] == wanted[10.0] for t in wanted] == [True] * 7 + [False] * 2
    assert [clip.id for clip in clips] == [wanted[10.0], wanted[64.0]]
    for t, name in wanted.items():
        times = [shot.t for shot in next(clip for clip in clips if clip.id == name).shots]
        assert times[0] <= t - 9.8
        assert times[-1] >= t + 9.8


def test_nobody_is_to_be_told_while_the_detector_does_not_look_nor_before_that_is_found_out() -> None:
    recorder, name = Recorder("dock"), ""
    for n in range(0, 300, 2):
        t = n / 10
        recorder.see(t, stripes(), [], blind=15 <= t < 20)
        if t == 15:
            name = recorder.want(t)
    clip = recorder.finished(30.0)
    assert clip is not None
    _, frames = opened(sealed(clip, public_of(PRIVATE)), name, PRIVATE)
    detail = {round(t, 1): float(np.abs(np.diff(_frame(jpeg).astype(float), axis=1)).mean()) for t, jpeg in frames}
    assert max(value for t, value in detail.items() if 11.6 <= t <= 20.4) < 3
    assert min(value for t, value in detail.items() if t < 11.4 or t > 20.7) > 10


def _frame(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_a_box_at_the_edge_and_one_outside_do_no_harm() -> None:
    picture = stripes()
    coarsen(picture, (-50.0, -50.0, 20.0, 30.0))
    coarsen(picture, (2000.0, 10.0, 2100.0, 90.0))
    assert np.array_equal(picture[100:], stripes()[100:])
    assert len(np.unique(picture[:30, :20].reshape(-1, 3), axis=0)) < 12


def test_a_box_opens_only_whole_under_its_name_and_for_its_key() -> None:
    box = seal(public_of(PRIVATE), "a1", b"what was seen")
    assert b"seen" not in box
    assert unseal(PRIVATE, "a1", box) == b"what was seen"
    assert seal(public_of(PRIVATE), "a1", b"what was seen") != box
    spoilt = box[:-1] + bytes([box[-1] ^ 1])
    for private, name, wrong in ((PRIVATE, "a2", box), (PRIVATE, "a1", spoilt), (bytes(31) + b"1", "a1", box),
                                 (PRIVATE, "a1", b""), (PRIVATE, "a1", MAGIC + b"x")):
        with pytest.raises(SealError):
            unseal(private, name, wrong)
    with pytest.raises(SealError, match="no X25519 public key"):
        seal(b"short", "a1", b"")


def test_frames_come_back_as_they_were_packed() -> None:
    frames = [(1.5, b"one"), (2.0, b""), (3.25, b"\n{}")]
    assert unpacked(packed("dock", frames)) == ("dock", frames)


def test_what_is_not_sealed_can_be_forgotten() -> None:
    recorder, _, t = recorded(5, 2)
    recorder.forget()
    assert recorder.finished(t + 60) is None
