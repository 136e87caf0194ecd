"""An installation with the whole cast, afresh for every test."""

import pytest

from audit.domain.visit import Visit
from tests import cast
from tests.web.office import Office
from tests.web.office import office as office
from tests.web.phones import Phone


@pytest.fixture
def visit(office: Office) -> Visit:
    """Sam's published visit to N01: greeted, not thanked."""
    return office.published()


@pytest.fixture
def phone(office: Office) -> Phone:
    return Phone(office, office.draft(), office.browser(cast.SAM))
