"""One application for every test of this folder: pytest-qt's, which all of them can share."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QCoreApplication) -> QCoreApplication:
    """Made before the first screen asks for one."""
    return qapp
