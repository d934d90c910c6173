"""One made-up country and its trust folder, for all tests of the ID reader, and one pcscd for each file of them."""

from collections.abc import Iterator

import pytest

from devices.bench.authority import Authority
from tests.pcsc import Daemon, missing


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority(seed=3)


@pytest.fixture(scope="session")
def trust(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("trust")
    authority.write_trust(folder)
    return str(folder)


@pytest.fixture(scope="module")
def shared_daemon() -> Iterator[Daemon]:
    """One for each file of tests: a machine has one pcscd at a time, and the bench in another file wants its own."""
    if reason := missing():
        pytest.skip(reason)
    with Daemon() as running:
        yield running


@pytest.fixture
def daemon(shared_daemon: Daemon) -> Daemon:
    """The one pcscd, started again where a test has ended it, without a card."""
    shared_daemon.start()
    shared_daemon.wait_empty()
    return shared_daemon
