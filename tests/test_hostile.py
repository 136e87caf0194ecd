"""People who do what no page offers: photos of others, forms filled with rubbish, two things at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from audit.actions.inviting import add_device
from audit.actions.publishing import publish_visit
from audit.domain.visit import VisitState
from audit.reports.press import Locked
from audit.web.passwords import Passwords
from tests import cast
from tests.web.office import CHECKLIST, PASSWORD, Browser, Office, open_office, text_of
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


def everything_for(browser: Browser) -> dict[str, str]:
    """Every page, picture and header that somebody comes to from the home page, by address; no PDF."""
    pages: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        if address in pages or len(pages) > 60:
            continue
        answer = browser.get(address)
        pages[address] = f"{answer.headers}\n{answer.get_data().decode('utf-8', 'replace')}"
        if answer.mimetype == "text/html":
            found = (unescape(link) for link in re.findall(r'(?:href|src)="([^"#]+)', pages[address]))
            waiting += [link for link in found if link.startswith("/") and not re.match(r"/static/|.*\.pdf", link)]
    return pages


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


def test_managers_find_no_name_no_minute_and_no_place_of_a_shopper_wherever_they_click(office: Office) -> None:
    office.clock.go_on(hours=1, minutes=23)
    walk = begin_walk(office)
    walk.browser.post(walk.address("draft"), data={"do": "mark:enter", "position": "47.37689,8.54169,12"})
    office.clock.go_on(minutes=14)
    walk.post("mark:leave", paid="14:37", wait="45")
    sha256 = with_a_photo(walk)
    walk.post("check", **dict(ENOUGH), greeted__kept=sha256)
    assert walk.send().status_code == 303
    office.clock.go_on(days=1, hours=3, minutes=-37)
    publish_visit(office.store, cast.ADA, walk.visit_id, office.clock())
    canaries = (
        cast.SAM.name,
        cast.SAM.id,
        "47.37",
        "8.54",
        "13:23",
        "13:37",
        "14:37",
        "12:37",
        walk.visit.assignment_id,
    )
    for manager in (cast.AMIR, cast.BEA):
        pages = everything_for(office.browser(manager))
        assert f"/visits/{walk.visit_id}/report" in pages
        found = {(canary, address) for canary in canaries for address, said in pages.items() if canary in said}
        assert found == set()
        assert any("Shopper 7" in said for said in pages.values())


def test_a_shopper_finds_no_points_wherever_she_clicks(office: Office) -> None:
    visit = office.published()
    shown = office.store.scores.of(visit.id)
    assert shown
    assert shown.shown == 50
    for address, said in everything_for(office.browser(cast.SAM)).items():
        # The cookie of the sign-in is made of chance, and of a time that ends in fifty seconds as often as in others.
        words = re.sub(r"<style>[^<]*|<[^>]*>|^Set-Cookie: candour=.*$", " ", said, flags=re.MULTILINE)
        assert not re.search(r"\b50\b|\d %|points|score", words, re.IGNORECASE), address
    for page in ("", "/report", "/report.pdf"):
        assert office.browser(cast.SAM).get(f"/visits/{visit.id}{page}").status_code == 403


# Sign-ins.


def test_somebody_who_was_shown_out_while_signing_in_is_not_in(office: Office) -> None:
    sam = office.browser(cast.SAM)
    with office.store.transaction():
        office.store.people.save(cast.SAM.dismissed())
    assert sam.get("/").status_code == 303


def test_a_neighbour_of_many_addresses_has_no_more_tries_than_others(office: Office) -> None:
    def try_from(host: int) -> int:
        fields = {"email": f"nobody{host}@example.org", "password": "wrong"}
        address = {"REMOTE_ADDR": f"2001:db8:0:7::{host:x}"}
        return office.browser().post("/sign-in", data=fields, environ_overrides=address).status_code

    assert {try_from(host) for host in range(1, 41)} == {422}
    assert try_from(41) == 429


def test_a_name_that_nobody_has_costs_the_same_work_as_one_that_somebody_has() -> None:
    passwords = Passwords(memory_kib=64, time_cost=1)
    looked_at: list[str] = []

    class Watched:
        def verify(self, kept: str, password: str) -> bool:
            looked_at.append(kept.rsplit("$", 2)[0])
            return hasher.verify(kept, password)

    hasher, passwords._hasher = passwords._hasher, Watched()  # type: ignore[assignment]
    assert not passwords.check(None, "wrong")
    assert not passwords.check(hasher.hash("right"), "wrong")
    assert looked_at[0] == looked_at[1]


@pytest.mark.parametrize("next", ["///evil.example", "////evil.example", "/\t/evil.example", "/%0a/evil.example/../.."])
def test_nobody_is_led_away_by_slashes(office: Office, next: str) -> None:
    fields = {"email": "ada@example.org", "password": PASSWORD, "next": next}
    location = office.browser().post("/sign-in", data=fields).location
    assert location.startswith("/")
    assert not location.startswith("//")


# What every answer carries, and what paper may ask for.


def test_no_answer_can_be_framed_embedded_or_made_to_send_its_forms_elsewhere(office: Office) -> None:
    headers = office.browser().get("/sign-in").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["default-src"] == "'none'"
    assert policy["form-action"] == policy["script-src"] == "'self'"
    assert re.fullmatch(r"'self' 'sha256-[\w+/]{43}='", policy["style-src"])
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("scheme", ["file://", "", "data:text/css,", "http://127.0.0.1:9"])
def test_paper_is_given_what_came_with_the_job_and_no_file_of_this_machine(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "secret.css").write_text("p { color: red }")
    fetcher = Locked({"static:a.css": b"p {}"})
    assert fetcher.fetch("static:a.css").read() == b"p {}"
    with pytest.raises(ValueError, match="not registered"):
        fetcher.fetch(f"{scheme}{tmp_path}/secret.css")


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


@pytest.mark.parametrize(
    "limit", ["1e999999", "1e-9999", "9" * 5000, "1000000001", "0.00001", "-1", "NaN", "Infinity", "\ud7ff"]
)
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
