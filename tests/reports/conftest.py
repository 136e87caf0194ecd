"""The press, started once for each file of tests that prints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from audit.reports.pdf import Printer


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    opened = Printer()
    yield opened
    opened.close()
