"""A campaign that was interrupted goes on where it stopped, and computes nothing twice."""
from pathlib import Path

from tests.encounters.score import Score
from tests.encounters.shelf import everyone, kept, shelf


def judged(seed: int) -> Score:
    return Score(seed, "crossing", 10, 1.5 if seed % 2 else None, seed % 2 == 0, True, True, {"guard": [seed / 4]})


def test_what_was_computed_is_kept_and_a_line_cut_short_is_computed_again(tmp_path: Path) -> None:
    computed: list[int] = []

    def work(seed: int) -> Score:
        computed.append(seed)
        return judged(seed)
    path = shelf(tmp_path, "encounters")
    first = everyone(work, Score, range(3), path, 1)
    path.write_text(path.read_text()[:-20])
    again = everyone(work, Score, range(5), path, 1)
    assert again[:3] == first == [judged(seed) for seed in range(3)]
    assert computed == [0, 1, 2, 2, 3, 4]
    assert kept(path, Score) == {seed: judged(seed) for seed in range(5)}
    assert everyone(judged, Score, range(4), path, 2) == again[:4]
