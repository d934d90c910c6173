import json

import pytest

from vision.guard.records import Event, Frame, Kind, Level, RecordError, Seen, frame_line, read_log

LINE = '{"t": 10.0, "objects": [{"id": 1, "class": "forklift", "x": 1, "y": 2.5, "sigma_m": 0.1, "heading_rad": 0.2}]}'


def test_a_log_reads_and_writes_back() -> None:
    frame, = read_log([LINE, "\n"])
    assert frame == Frame(10.0, (Seen(1, Kind.FORKLIFT, 1.0, 2.5, 0.1, 0.2),))
    assert list(read_log([frame_line(frame)])) == [frame]
    frame, = read_log([LINE.replace('"sigma_m"', '"spread_m2": [0.04, -0.01, 0.01], "sigma_m"')])
    assert frame.objects[0].spread_m2 == (0.04, -0.01, 0.01)
    assert list(read_log([frame_line(frame)])) == [frame]


def test_an_event_line_has_every_key_and_null_where_it_does_not_apply() -> None:
    event = json.loads(Event(
        1.23456, "collision", Level.WARNING, (1, "a"), ("forklift", "person"), 1.5, -0.0001).line())
    assert event == {"t": 1.235, "kind": "collision", "level": "WARNING", "ids": [1, "a"], "separation_m": 1.5,
                     "classes": ["forklift", "person"], "ttc_s": 0.0, "probability": None, "zone": None}


@pytest.mark.parametrize(("line", "says"), [
    ("not json", "is not JSON"),
    ("[1]", "needs"),
    ('{"t": 11}', "needs"),
    ('{"t": 9, "objects": []}', "back in time"),
    ('{"t": 10.0, "objects": []}', "back in time"),
    ('{"t": NaN, "objects": []}', "t = nan"),
    ('{"t": -1, "objects": []}', "seconds since 1970"),
    ('{"t": 1e11, "objects": [], "t": 1e13}', "must be finite"),
    ('{"t": 1e12, "objects": []}', "seconds since 1970"),
    (LINE.replace("10.0", "11").replace('"x": 1,', '"x": NaN,'), "object 1 has x = nan"),
    (LINE.replace("10.0", "11").replace('"x": 1,', '"x": 1' + "0" * 400 + ","), "object 1 has x"),
    (LINE.replace("10.0", "11").replace('"x": 1,', ""), "needs a number x"),
    (LINE.replace("10.0", "11").replace("0.1,", "-0.1,"), "negative sigma_m"),
    (LINE.replace("10.0", "11").replace('"x": 1,', '"x": 2e6,'), "x = 2e+06, more than 100000; measure from a corner"),
    (LINE.replace("10.0", "11").replace("0.1,", "2000,"), "sigma_m = 2000, more than 1000"),
    *((LINE.replace("10.0", "11").replace('"sigma_m"', f'"spread_m2": {spread}, "sigma_m"'), says) for spread, says in (
        ("0.1", "not a list of xx, xy and yy"), ("[0.1, 0]", "not a list of xx, xy and yy"),
        ("[0.1, 0.2, 0.1]", "no covariance"), ("[-0.1, 0, 0.1]", "no covariance"), ("[0.1, NaN, 0.1]", "nan"))),
    (LINE.replace("10.0", "11").replace("forklift", "tank"), "unknown class"),
    (LINE.replace("10.0", "11").replace('"id": 1', '"id": true'), "needs an id"),
    ('{"t": 11, "objects": [3]}', "object 1 is not an object"),
    (LINE.replace("10.0", "11").replace("}]", '}, {"id": 1, "class": "person", "x": 0, "y": 0, "sigma_m": 0}]'),
     "one id twice"),
])
def test_a_bad_line_is_refused_in_one_sentence_with_its_number(line: str, says: str) -> None:
    with pytest.raises(RecordError, match="Line 2 of the track log") as caught:
        list(read_log([LINE, line]))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
