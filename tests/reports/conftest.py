"""The press, started once for all tests of a process."""

from __future__ import annotations

import pytest

from audit.reports.pdf import Printer
from tests.presses import the_press


@pytest.fixture(scope="session")
def printer() -> Printer:
    return the_press()
