"""The small world that every test of an action plays in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from audit.actions.printing import PrintShop, open_shop
from audit.formatting import ENGLISH
from audit.storage.store import Store
from tests.actions.ink import Press
from tests.web.office import Office
from tests.web.office import office as office
from tests.world import opened_world


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_world(tmp_path) as store:
        yield store


@pytest.fixture
def shop(office: Office) -> PrintShop:
    opened = open_shop(office.store, lambda tag: ENGLISH, "https://audit.example")
    return replace(opened, printer=Press(opened))  # type: ignore[arg-type]
