"""Every door, with words that are none: no answer is an error of ours, and none leads away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest

from audit.domain.people import Person
from tests import cast
from tests.fuzzing import tries
from tests.web.office import Office, open_office
from tests.web.walking import begin_walk, picture

SOMEBODY = (None, *cast.EVERYBODY)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = open_office(tmp_path_factory.mktemp("rubbish"))
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def good(office: Office) -> Mapping[str, tuple[str, ...]]:
    """Words that addresses are made of, so that rubbish reaches what lies behind the first door."""
    published, draft = office.published(), office.draft(branch=cast.N02)
    walk = begin_walk(office)
    walk.post("save", greeted="no", greeted__photos=picture("red"))
    return {
        "visit_id": (published.id, draft.id, walk.visit_id),
        "assignment_id": (draft.assignment_id, walk.visit.assignment_id),
        "code": ("N01", "S01"),
        "sha256": walk.visit.photos,
        "checklist_id": ("corner-shop", "all-kinds"),
        "version": ("1",),
        "name": ("counter.svg",),
        "person_id": (cast.SAM.id, cast.OTTO_AREA.id),
    }


@pytest.mark.parametrize("person", SOMEBODY, ids=[person.id[-4:] if person else "nobody" for person in SOMEBODY])
def test_no_rubbish_breaks_a_door_or_leads_away(
    office: Office, good: Mapping[str, tuple[str, ...]], person: Person | None
) -> None:
    office.clock.go_on(hours=1)
    browser = office.browser(person)
    for one in tries(office.app, good, seed=SOMEBODY.index(person), number=150):
        if one.path.endswith(("/sign-out", "/revocation", "/dismissal", "report.pdf")):
            continue
        form = None if one.method in ("GET", "HEAD") else one.form
        answer = browser.open(one.path, method=one.method, query_string=one.query, data=form, headers=one.headers)
        assert answer.status_code < 500, one
        assert b"Traceback" not in answer.get_data()
        assert urlsplit(answer.headers.get("Location", "/")).netloc in ("", "localhost"), one
        assert not answer.headers.get("Location", "/").startswith("//"), one
