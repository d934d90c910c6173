"""A benchmark that was stopped goes on where it was, and puts its table into the page that tells of it."""
from pathlib import Path

import pytest

from tests.benchmarks.guarding.kept import Kept, published

CODE = "tests/benchmarks/guarding/kept.py"


def test_what_was_found_before_a_stop_is_not_found_again_and_a_torn_line_is(tmp_path: Path) -> None:
    asked: list[str] = []

    def work(key: str) -> list[int]:
        asked.append(key)
        return [len(asked)]

    assert Kept("x", CODE, under=tmp_path).all(["a", "b"], work) == [[1], [2]]
    file, = tmp_path.iterdir()
    file.write_text(file.read_text()[:-3])
    assert Kept("x", CODE, under=tmp_path).all(["a", "b", "c"], work) == [[1], [3], [4]]
    assert asked == ["a", "b", "b", "c"]
    assert Kept("x", "tests/benchmarks", under=tmp_path).rows == {}


def test_a_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("head\n<!-- health -->\nold\n<!-- /health -->\ntail\n")
    published(page, "health", ["one", "two"])
    assert page.read_text() == "head\n<!-- health -->\none\ntwo\n<!-- /health -->\ntail\n"
    with pytest.raises(ValueError, match="has no place for days"):
        published(page, "days", [])
