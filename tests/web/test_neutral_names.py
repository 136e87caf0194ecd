"""What a phone shows that lies open in a shop: nowhere what this is, nor for whom."""

from __future__ import annotations

import pytest

from tests import cast
from tests.web.guests import invited
from tests.web.neutral import must_be_neutral
from tests.web.office import Office, text_of


@pytest.mark.parametrize("path", ["/", "/devices", "/no-such-page", "/visits/none/form", "/branches", "/offline"])
def test_no_page_of_a_shopper_says_what_this_is_not_even_an_error(office: Office, path: str) -> None:
    must_be_neutral(office, text_of(office.browser(cast.SAM).get(path)))


@pytest.mark.parametrize("path", ["/no-such-page", "/sign-in", "/offline"])
def test_whoever_is_not_signed_in_is_told_nothing_either(office: Office, path: str) -> None:
    must_be_neutral(office, text_of(office.browser().get(path)))


def test_the_link_for_a_phone_and_the_code_for_another_one_are_neutral(office: Office) -> None:
    must_be_neutral(office, text_of(office.browser().get(invited(office, name="Nadia Noor", role="shopper"))))
    must_be_neutral(office, text_of(office.browser(cast.SAM).post("/devices")))


def test_the_office_knows_where_it_is(office: Office) -> None:
    assert "Candour" in text_of(office.browser(cast.ADA).get("/no-such-page"))
    assert "Candour" in text_of(
        office.browser().get(invited(office, name="Ben Berg", email="ben@x.org", role="reviewer"))
    )
