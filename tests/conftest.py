"""What every test stands on: property tests without a stopwatch, since two busy cores are no law of nature; and one
driver of browsers for a process, which cannot hold two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

settings.register_profile("candour", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("candour")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright  # only those who want a browser wait for it

    with sync_playwright() as driver:
        yield driver
