"""The small world that every test of an action plays in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.storage.store import Store
from tests.world import opened_world


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_world(tmp_path) as store:
        yield store
