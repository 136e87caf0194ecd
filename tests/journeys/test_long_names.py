"""Whatever somebody is called, the lists of the office stay whole: no row is cut off at the edge of a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import cast
from tests.journeys.conftest import DESK, PHONE, Site

ONE_WORD = "Donaudampfschifffahrt" * 8
TURNED = "\u202eegdirB dlO <script>"
CUT_OFF = """() => [...document.querySelectorAll('.scroll')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => `${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.fixture(scope="module")
def crowded(served: Site) -> Site:
    store = served.installation.store
    with store.transaction():
        store.areas.save(replace(cast.NORTH, name=ONE_WORD))
        store.branches.save(replace(cast.N01, name=ONE_WORD))
        store.branches.save(replace(cast.N02, name=TURNED))
        store.people.save(replace(cast.SAM, name=ONE_WORD))
    for code in ("N01", "N02"):
        served.installation.begin(served.installation.assign("six-secrets", branch_code=code))
        served.installation.assign("six-secrets", branch_code=code)
    return served


@pytest.mark.parametrize("settings", [PHONE, DESK], ids=["phone", "desk"])
def test_no_name_however_long_pushes_a_row_over_the_edge(
    crowded: Site, site: Site, settings: dict[str, object]
) -> None:
    page = site.page(cast.ADA, settings)
    for path in ("/branches", "/people", "/visits", "/assignments"):
        page.goto(path)
        assert page.get_by_text(ONE_WORD).first.is_visible()
        assert not page.evaluate(CUT_OFF), path


def test_a_name_that_turns_its_letters_round_turns_no_day_beside_it(crowded: Site, site: Site) -> None:
    page = site.page(cast.ADA)
    page.goto("/")
    order = """() => { const [time] = [...document.querySelectorAll('li')]
        .filter((one) => one.textContent.includes('egdirB')).map((one) => one.querySelector('time').firstChild);
        const at = (start) => { const range = document.createRange(); range.setStart(time, start);
            range.setEnd(time, start + 1); return range.getBoundingClientRect().x; };
        return at(0) < at(1); }"""
    assert page.evaluate(order)
