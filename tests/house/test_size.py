"""Files and functions stay small enough to be read at one sitting."""

from statistics import median

from tests.house.tree import ROOT, checks, functions, length, name, product, texts

FILE_LINES = 400
FUNCTION_LINES = 40
MEDIAN_LINES = 10


def test_no_file_is_over_400_lines() -> None:
    code = [path for path in texts() if path.suffix in {".py", ".qml", ".sh"}]
    counts = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {file: lines for file, lines in counts.items() if lines > FILE_LINES} == {}


def test_no_function_is_over_40_lines() -> None:
    counts = {f"{name(path)}:{node.name}": length(node) for path in product() + checks() for node in functions(path)}
    assert {function: lines for function, lines in counts.items() if lines > FUNCTION_LINES} == {}


def test_the_median_function_is_under_ten_lines() -> None:
    assert median(length(node) for path in product() for node in functions(path)) < MEDIAN_LINES


def test_the_house_is_where_these_tests_look() -> None:
    assert (ROOT / "pyproject.toml").exists()
    assert len(product()) > 10
