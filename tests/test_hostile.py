"""People who do what no page offers: photos of others, forms filled with rubbish, two things at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from audit.actions.inviting import add_device
from audit.actions.publishing import publish_visit
from audit.domain.visit import VisitState
from tests import cast
from tests.web.office import CHECKLIST, Office, open_office, text_of
from tests.web.walking import ENOUGH, Walk, begin_walk, hidden_fields, picture


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.store.close()


def with_a_photo(walk: Walk) -> str:
    """Sam photographs what was seen; the photo's name."""
    walk.post("save", greeted="no", greeted__photos=picture("red"))
    return walk.visit.photos[0]


def sent(walk: Walk) -> Walk:
    """The visit with the least that is needed, sent."""
    walk.post("check", **dict(ENOUGH))
    assert walk.send().status_code == 303
    return walk


# Photos.


def test_a_photo_of_another_visit_is_not_shown_to_whoever_names_it(office: Office) -> None:
    sha256 = with_a_photo(begin_walk(office))
    other = begin_walk(office, shopper=cast.OTTO_SHOPPER)
    other.post("save", greeted="no", greeted__kept=sha256)
    assert other.visit.photos == (sha256,)
    assert other.browser.get(f"/photos/{other.visit_id}/{sha256}").status_code == 404
    assert office.browser(cast.ADA).get(f"/photos/{other.visit_id}/{sha256}").status_code == 404


def test_a_photo_of_another_visit_is_in_no_report_of_the_visit_that_names_it(office: Office) -> None:
    sha256 = with_a_photo(begin_walk(office))
    other = begin_walk(office, shopper=cast.OTTO_SHOPPER)
    other.post("save", greeted="no", greeted__kept=sha256, greeted__facts="busy", greeted__comment="Nobody looked.")
    sent(other)
    publish_visit(office.store, cast.ADA, other.visit_id, office.clock())
    amir = office.browser(cast.AMIR)
    assert sha256 not in text_of(amir.get(f"/visits/{other.visit_id}/report"))
    assert sha256 not in text_of(amir.get("/branches/N01/report"))


def test_a_photo_of_the_visit_itself_stays_in_its_reports(office: Office) -> None:
    walk = begin_walk(office)
    sha256 = with_a_photo(walk)
    seen = {"greeted": "no", "greeted__facts": "busy", "greeted__comment": "Nobody looked.", "greeted__kept": sha256}
    walk.post("check", **{**dict(ENOUGH), **seen})
    assert walk.visit.photos == (sha256,)
    assert walk.send().status_code == 303
    publish_visit(office.store, cast.ADA, walk.visit_id, office.clock())
    amir = office.browser(cast.AMIR)
    assert sha256 in text_of(amir.get(f"/visits/{walk.visit_id}/report"))
    assert sha256 in text_of(amir.get("/branches/N01/report"))
    assert amir.get(f"/photos/{walk.visit_id}/{sha256}").status_code == 200


def test_a_kept_picture_is_not_shown_again_to_the_next_one_at_a_shared_computer(office: Office) -> None:
    walk = begin_walk(office)
    sha256 = with_a_photo(walk)
    shown = walk.browser.get(f"/photos/{walk.visit_id}/{sha256}")
    assert "Cookie" in shown.headers["Vary"]


# Who was there, and when.


def test_the_address_of_a_visit_tells_its_day_and_not_its_minute(office: Office) -> None:
    office.clock.go_on(hours=2, minutes=34)
    visit = office.draft()
    begun = datetime.fromtimestamp((UUID(visit.id).int >> 80) / 1000, UTC)
    assert UUID(visit.id).version == 7
    assert begun == datetime(2026, 11, 21, tzinfo=UTC)


def test_two_visits_of_a_day_have_addresses_that_nobody_can_guess(office: Office) -> None:
    ids = {UUID(office.draft(shopper).id).int & (1 << 76) - 1 for shopper in (cast.SAM, cast.OTTO_SHOPPER)}
    assert len(ids) == 2
    assert all(id.bit_count() > 15 for id in ids)


# Sign-ins.


def test_a_link_made_on_a_stolen_phone_ends_with_that_phone(office: Office) -> None:
    stolen = office.browser(cast.SAM)
    link = re.search(r"/invitations/[\w-]{43}", text_of(stolen.post("/devices")))
    assert link
    page = text_of(office.browser(cast.SAM).get("/devices"))
    for device in set(re.findall(r"/devices/[0-9a-f-]{36}/revocation", page)):
        assert office.browser(cast.ADA).post(device).status_code == 303
    assert office.browser().post(f"{link[0]}/acceptance").status_code == 409


def test_a_link_for_another_phone_outlives_the_sign_in_of_somebody_else(office: Office) -> None:
    token, _ = add_device(office.store, cast.SAM, office.clock())
    other = office.browser(cast.OTTO_SHOPPER)
    assert other.post("/sign-out").status_code == 303
    assert office.browser().post(f"/invitations/{token}/acceptance").status_code == 303


# Forms filled with rubbish.


RUBBISH = (
    {"version": "9" * 5000},
    {"version": "٣"},
    {"checklist": "\0", "base": "x" * 10_000, "edit_id": "x"},
    {"q-people": "1e999999999"},
    {"q-people": "1e-999999999"},
    {"q-wait": "9" * 5000},
    {"q-manner": "9" * 5000},
    {"q-paid": "²²:²²"},
    {"q-day": "9999999999-01-01"},
    {"q-words": "a" + "\u0301" * 10_000},
    {"q-words": "\0\x01\u202e"},
    {"q-words": "\ufdfa" * 10_000},
    {"q-greeted": ["yes", "no"]},
    {"q-greeted--kept": ["../../etc/passwd"]},
    {"q-greeted--kept": [f"{n:064x}" for n in range(3000)]},
    {"q-seen": ["dust"] * 3000},
    {"q-often--look": "\0", "q-often": "x"},
    {"do": "stamp::"},
    {"do": "stamp:greeted:start"},
    {"do": "mark:"},
    {"do": "save:\r\nSet-Cookie: x=y"},
    {"do": "mark:enter", "position": "91,181,1", "refused": "\0" * 1000},
)


@pytest.mark.parametrize("fields", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_in_the_form_of_a_visit_breaks_no_page(office: Office, fields: dict[str, object]) -> None:
    walk = begin_walk(office)
    typed = {"q-narrative": "Kept, whatever else came along.", "do": "save"}
    answer = walk.browser.post(walk.address("draft"), data={**hidden_fields(walk.page()), **typed, **fields})
    assert answer.status_code in (303, 404, 422)
    if answer.status_code != 404:  # a button that no page has
        assert walk.visit.answers["narrative"].value == typed["q-narrative"]
    whole = {**hidden_fields(walk.page()), **typed, **fields, "whole": "1"}
    assert walk.browser.post(walk.address("submission"), data=whole).status_code in (303, 422)
    for page in ("form", "check"):
        assert walk.browser.get(walk.address(page)).status_code == 200
    assert office.browser(cast.ADA).get(f"/visits/{walk.visit_id}").status_code == 200


@pytest.mark.parametrize("limit", ["1e999999", "1e-9999", "9" * 5000, "1000000001", "0.00001", "-1", "NaN", "Infinity", "\ud7ff"])
def test_a_spending_limit_beyond_all_money_is_refused_beside_its_field(office: Office, limit: str) -> None:
    fields = {
        "branch": "N01",
        "scenario": f"corner-shop/{office.checklist()}/",
        "shopper": cast.SAM.id,
        "until": "2026-11-25",
        "spending_limit": limit,
    }
    answer = office.browser(cast.ADA).post("/assignments", data=fields)
    assert answer.status_code == 422
    assert office.store.assignments.list_all() == []


@pytest.mark.parametrize("field", ["email", "password"])
def test_a_name_or_a_password_beyond_all_length_is_refused_beside_its_field(office: Office, field: str) -> None:
    answer = office.browser().post("/sign-in", data={"email": "a@b.example", "password": "x", field: "x" * 5000})
    assert answer.status_code == 422
    assert "This is too long." in text_of(answer)


@pytest.mark.parametrize("kept", ["é", "\0", "====", "AA", "x" * 101])
def test_a_table_that_was_tampered_with_between_two_pages_is_refused(office: Office, kept: str) -> None:
    fields = {"kept": kept, "name": "a\0.csv", "confirm": "1"}
    assert office.browser(cast.ADA).post("/branches/import", data=fields).status_code == 422


@pytest.mark.parametrize("name", ["{0}{x}.yaml", "a\0.yaml", "x" * 5000, "../../x.yaml"])
def test_a_checklist_may_have_any_file_name(office: Office, name: str) -> None:
    broken = CHECKLIST.replace(b"languages: [en]", b"languages: {x}}{0}")
    answer = office.browser(cast.ADA).post("/checklists", data={"file": (BytesIO(broken), name)})
    assert answer.status_code == 422


@pytest.mark.parametrize("version", ["0", "-1", "9" * 30, "9" * 5000, "1.0", "²"])
def test_a_version_that_there_cannot_be_is_not_there(office: Office, version: str) -> None:
    office.checklist()
    assert office.browser(cast.ADA).get(f"/checklists/corner-shop/{version}").status_code == 404


@pytest.mark.parametrize("asked", ["from=2000-01-01&to=2026-01-05", "from=2000-01-01&to=2199-12-31", "to=2000-01-01"])
def test_a_report_may_begin_on_the_first_day_there_is(office: Office, asked: str) -> None:
    amir = office.browser(cast.AMIR)
    assert amir.get(f"/branches/N01/report?{asked}").status_code == 200
    page = text_of(amir.get(f"/?{asked}"))
    assert "1999" not in page


# Two things at once.


def test_a_visit_that_was_stopped_elsewhere_and_is_sent_here_ends_on_a_page(office: Office) -> None:
    walk = begin_walk(office)
    walk.post("check", **dict(ENOUGH))
    page = hidden_fields(walk.page("check"))
    walk.browser.post(walk.address("stop"), data={"reason": "The shop was on fire."})
    answer = walk.browser.post(walk.address("submission"), data=page)
    assert walk.visit.state is VisitState.STOPPED
    assert walk.browser.get(answer.location).status_code == 200


# Codes of branches.


@pytest.mark.parametrize(
    "code", ["12/3", "a?b#c", "%2F", "a%20b", "<i>", "a\\b", ";x", "import", "Zürich 1", "x" * 100]
)
def test_a_branch_with_a_strange_code_has_a_page_that_can_be_found(office: Office, code: str) -> None:
    ada = office.browser(cast.ADA)
    quoted = '"' + code + '"'
    table = (BytesIO(f"code,name\n{quoted},Strange\n".encode()), "a.csv")
    assert ada.post("/branches/import", data={"table": table, "confirm": "1"}).status_code == 303
    page = text_of(ada.get("/branches?q=Strange"))
    address = re.findall(r'href="(/branches/[^"]+)"', page)[0]
    assert ada.get(address).status_code == 200
    told = ada.post(f"{address}/staff-told", data={"day": "2026-11-20"})
    assert told.status_code == 303
    assert ada.get(told.location).status_code == 200
    assert ada.get(f"{address}/report").status_code == 200


@pytest.mark.parametrize("code", [".", "..", "/", "//evil.example", "a//b", "/a", "a/", "a/../b", "x/report"])
def test_a_code_that_no_address_can_hold_is_refused_with_its_row(office: Office, code: str) -> None:
    table = (BytesIO(f"code,name\n{code},Strange\nN09,Good\n".encode()), "a.csv")
    answer = office.browser(cast.ADA).post("/branches/import", data={"table": table, "confirm": "1"})
    assert answer.status_code == 200
    assert code not in {branch.code for branch in office.store.branches.list_all()}
    assert "N09" in {branch.code for branch in office.store.branches.list_all()}
    assert "code" in text_of(answer)


def test_a_code_loses_signs_that_turn_the_rest_of_the_line_round(office: Office) -> None:
    table = (BytesIO("code,name\n\u202eabc,Strange\n".encode()), "a.csv")
    office.browser(cast.ADA).post("/branches/import", data={"table": table, "confirm": "1"})
    assert "\u202e" not in "".join(branch.code for branch in office.store.branches.list_all())


# A clock that was set back.


def test_a_clock_that_was_set_back_revives_no_sign_in(office: Office) -> None:
    ada = office.browser(cast.ADA)
    assert ada.post("/sign-out").status_code == 303
    office.clock.now -= timedelta(days=400)
    assert ada.get("/").status_code == 303
