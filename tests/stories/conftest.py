"""One branch of processes for every story that leaves it as it found it: resting, the table empty, nothing broken."""

from collections.abc import Iterator

import pytest

from devices.bench.client import BenchClient
from tests.branch import Branch


@pytest.fixture(scope="session")
def branch() -> Iterator[Branch]:
    with Branch() as running:
        yield running


@pytest.fixture
def bench(branch: Branch) -> Iterator[BenchClient]:
    with branch.bench() as client:
        yield client
