"""Numbers of messages to a bank, drawn by several threads of one process at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from devices.trace_book import TraceBook


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_no_number_is_given_twice(tmp_path: Path) -> None:
    book = TraceBook(tmp_path / "trace.jsonl")
    with ThreadPoolExecutor(8) as threads:
        drawn = [each.serial for each in threads.map(lambda _: book.question(), range(4_000))]
    assert len(set(drawn)) == 4_000


@pytest.mark.usefixtures("hasty_threads")
def test_one_key_has_one_number_whoever_asks(tmp_path: Path) -> None:
    book = TraceBook(tmp_path / "trace.jsonl")
    with ThreadPoolExecutor(8) as threads:
        drawn = {each.serial for each in threads.map(lambda _: book.order("v-1"), range(40))}
    assert len(drawn) == 1
    assert TraceBook(tmp_path / "trace.jsonl").find("v-1") == book.find("v-1")
