"""What every test shares: no display, the software scene graph, and no test skipped without leave."""

import os
import re
import sys
from collections.abc import Iterator

import pytest

#: Set by `.ci/run`: a real transport that cannot be tested fails the run.
ALL_TRANSPORTS = os.environ.get("ALL_TRANSPORTS") == "1"
ALLOWED_SKIPS = (
    r"espeak-ng is not installed",  # speech is offered only where it is
    r"this machine writes no memory dumps beside a program",  # its kernel pipes them away, or forbids them
    r"ZPL is not verified independently: ",  # needs node and its registry; `.ci/run` brings node
    *(() if ALL_TRANSPORTS else (r"no PC/SC: ",)),  # only root can run a pcscd, and pyscard may fail to build
)


def pytest_configure(config: pytest.Config) -> None:
    """Chooses Qt's platform before anything asks for it; subprocesses inherit the choice."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_QUICK_BACKEND"] = "software"
    os.environ["QV4_FORCE_INTERPRETER"] = "1"  # as kiosk.ui.scene does, for whichever engine is the first


def unexpected_skips(reports: list[pytest.TestReport]) -> Iterator[str]:
    """One line for each skipped or expected-to-fail test whose reason nobody allowed."""
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(re.search(allowed, reason) for allowed in ALLOWED_SKIPS):
            yield f"{report.nodeid}: {reason}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that skipped a test without leave has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    surprises = list(unexpected_skips(reporter.stats.get("skipped", []) + reporter.stats.get("xfailed", [])))
    for line in surprises:
        sys.stderr.write(f"\nskipped without leave (see ALLOWED_SKIPS): {line}")
    if surprises and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
