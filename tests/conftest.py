"""What every test stands on: property tests without a stopwatch, since two busy cores are no law of nature; one driver
of browsers for a process, which cannot hold two; and an order in which two processes end at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

settings.register_profile("all", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", settings.get_profile("all"), max_examples=50)


def pytest_configure(config: pytest.Config) -> None:
    """Half as many examples of each law where the long runs are left out."""
    settings.load_profile("short" if "not soak" in config.getoption("markexpr") else "all")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in which something takes long come first. The last ones are short, so that no process waits for another."""
    long = {item.path for item in items for mark in ("soak", "journey") if item.get_closest_marker(mark)}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright  # only those who want a browser wait for it

    with sync_playwright() as driver:
        yield driver
