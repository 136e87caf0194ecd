"""Who may come through which door: the whole table, role by page, own and stranger's, against the doors as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, Response, request

from audit.domain.people import ROLES, May, Person, Role
from audit.domain.programme import BranchRow, sort_rows
from audit.domain.visit import Visit
from audit.web.access import PUBLIC, access_of, public, requires
from tests import cast
from tests.doors import DOORS
from tests.web.office import Office, open_office, text_of


@dataclass(frozen=True)
class Scene:
    """An installation in which something of everybody's is going on."""

    office: Office
    draft: Visit
    published: Visit

    def fill(self, door: str) -> str:
        """The address of a door, about what belongs to Sam, Mill Lane and the North."""
        device = self.office.store.devices.of_person(cast.SAM.id)[0]
        values = {
            "<device_id>": device.id,
            "<assignment_id>": self.draft.assignment_id,
            "<visit_id>": self.visit_at(door).id,
            "<question_id>": "thanked",
            "<path:code>": cast.N01.code,
            "<path:area_code>": cast.NORTH.code,
            "<person_id>": cast.OTTO_SHOPPER.id,
            "<invitation_id>": "01900000-0000-7000-8000-00000000dead",
            "<share_id>": "01900000-0000-7000-8000-00000000dead",
            "<checklist_id>": "corner-shop",
            "<int:version>": "1",
            "<shipped>": "six-secrets",
            "<sha256>": "0" * 64,
            "<name>": "counter.svg",
            "<any(csv, xlsx):kind>": "csv",
            "<token>": "x" * 43,
            "<order_id>": "0" * 32,
            "<number>": "00000-00000-00000",
            "<tag>": "none",
            "<path:name>": "css/desk.css",
        }
        path = door.split(" ", 1)[1]
        for placeholder, value in values.items():
            path = path.replace(placeholder, value)
        return path

    def visit_at(self, door: str) -> Visit:
        of_shopper = any(
            door.endswith(end) for end in ("/form", "/draft", "/check", "/submission", "/receipt", "/stop")
        )
        return self.draft if of_shopper else self.published


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("scene")
    office = open_office(folder)
    published = office.published()
    draft = office.draft(branch=cast.N02)
    office.browser(cast.SAM)
    yield Scene(office, draft, published)
    office.close()


def doors_of(app: Flask) -> dict[str, May | str | None]:
    return {
        f"{method} {rule.rule}": access_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
        if method != "HEAD" or "GET" not in (rule.methods or set())
    }


def test_every_door_is_marked_and_stands_in_the_table(scene: Scene) -> None:
    assert doors_of(scene.office.app) == DOORS


def test_a_door_that_nobody_marked_lets_nobody_in(tmp_path: Path) -> None:
    office = open_office(tmp_path, own_doors=True)
    office.app.add_url_rule("/forgotten", view_func=lambda: "secret")
    answer = office.browser(cast.ADA).get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in text_of(answer)
    office.close()


GUARDED = [door for door, access in DOORS.items() if access != PUBLIC]
OPEN = [door for door, access in DOORS.items() if access == PUBLIC]
CALLS = ("GET /me", "GET /visits/<visit_id>/draft")  # asked by a program, which a page for signing in would not help
ONE_OF_EACH = (cast.ADA, cast.RITA, cast.AMIR, cast.BEA, cast.SAM)


@pytest.mark.parametrize("door", GUARDED)
def test_somebody_who_is_not_signed_in_is_shown_the_way(scene: Scene, door: str) -> None:
    answer = scene.office.browser().open(scene.fill(door), method=door.split()[0])
    if door.startswith("GET") and door not in CALLS:
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in?next=/")
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize("door", OPEN)
def test_an_open_door_asks_nobody_to_sign_in(scene: Scene, door: str) -> None:
    answer = scene.office.browser().open(scene.fill(door), method=door.split()[0])
    assert answer.status_code not in (401, 403)
    assert "/sign-in?next" not in (answer.location or "")


@pytest.mark.parametrize("person", ONE_OF_EACH, ids=lambda person: person.role.value)
@pytest.mark.parametrize("door", GUARDED)
def test_a_role_comes_in_where_the_table_says_and_nowhere_else(scene: Scene, door: str, person: Person) -> None:
    method, path = door.split()[0], scene.fill(door)
    permitted = DOORS[door] in ROLES[person.role].permissions
    if permitted and method in ("POST", "PUT"):
        return  # what comes of it is tried where it is told; here it would change the scene
    if permitted and path.endswith((".pdf", ".zip")):
        return  # takes its time, and is tried with the reports
    answer = scene.office.browser(person).open(path, method=method)
    assert (answer.status_code != 403) == permitted, text_of(answer)
    if permitted:
        assert answer.status_code in (200, 303, 404)


def is_about_one(door: str) -> bool:
    """Whether a door of reports names an area, a branch or a visit; the others show whatever is one's own."""
    return any(named in door for named in ("<path:area_code>", "<path:code>", "<visit_id>"))


# The stranger has the right role, elsewhere. Whatever is Sam's or the North's is to be missing, not forbidden.
STRANGERS: list[tuple[Person, str]] = [
    *((cast.OTTO_SHOPPER, door) for door in DOORS if DOORS[door] is May.MAKE_VISITS and "<" in door),
    (cast.OTTO_SHOPPER, "POST /devices/<device_id>/revocation"),
    (cast.OTTO_SHOPPER, "GET /photos/<visit_id>/<sha256>"),
    *((cast.OTTO_AREA, door) for door in DOORS if DOORS[door] is May.READ_REPORTS and is_about_one(door)),
    *((cast.OTTO_BRANCH, door) for door in DOORS if DOORS[door] is May.READ_REPORTS and is_about_one(door)),
    *((cast.OTTO_AREA, door) for door in DOORS if DOORS[door] is May.SHARE_REPORTS and is_about_one(door)),
    (cast.OTTO_AREA, "GET /photos/<visit_id>/<sha256>"),
    (cast.OTTO_BRANCH, "GET /photos/<visit_id>/<sha256>"),
    (cast.OTTO_AREA, "POST /devices/<device_id>/revocation"),
]


@pytest.mark.parametrize(("stranger", "door"), STRANGERS)
def test_a_stranger_finds_nothing_and_cannot_tell_it_from_what_is_not_there(
    scene: Scene, stranger: Person, door: str
) -> None:
    method, path = door.split()[0], scene.fill(door)
    browser = scene.office.browser(stranger)
    strange = browser.open(path, method=method)
    for real in (cast.N01.code, cast.NORTH.code, scene.draft.id, scene.published.id, scene.draft.assignment_id):
        path = path.replace(
            real, "Z99" if real in (cast.N01.code, cast.NORTH.code) else "01900000-0000-7000-8000-0000000000ff"
        )
    for device in scene.office.store.devices.of_person(cast.SAM.id):
        path = path.replace(device.id, "01900000-0000-7000-8000-0000000000ff")
    missing = browser.open(path, method=method)
    assert (strange.status_code, missing.status_code) == (404, 404)
    assert strange.get_data() == missing.get_data()


OWN: list[tuple[Person, str]] = [
    (cast.SAM, "GET /assignments/<assignment_id>"),
    (cast.SAM, "GET /visits/<visit_id>/form"),
    (cast.AMIR, "GET /branches/<path:code>/report"),
    (cast.AMIR, "GET /areas/<path:area_code>"),
    (cast.ADA, "GET /areas/<path:area_code>"),
    (cast.ADA, "GET /programme"),
    (cast.RITA, "GET /programme"),
    (cast.BEA, "GET /branches/<path:code>/report"),
    (cast.AMIR, "GET /visits/<visit_id>/report"),
    (cast.BEA, "GET /visits/<visit_id>/report"),
    (cast.ADA, "GET /visits/<visit_id>"),
    (cast.RITA, "GET /visits/<visit_id>"),
]


@pytest.mark.parametrize(("owner", "door"), OWN)
def test_what_a_stranger_is_refused_opens_to_its_own_people(scene: Scene, owner: Person, door: str) -> None:
    answer = scene.office.browser(owner).get(scene.fill(door))
    assert answer.status_code == 200, text_of(answer)


def test_an_unpublished_visit_is_missing_for_its_own_branch(scene: Scene) -> None:
    path = f"/visits/{scene.draft.id}/report"
    assert scene.office.browser(cast.AMIR).get(path).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home(role: Role, scene: Scene) -> None:
    person = next(person for person in cast.EVERYBODY if person.role is role)
    answer = scene.office.browser(person).get("/")
    assert answer.status_code == 200, text_of(answer)


def test_a_page_that_only_shows_cannot_write(tmp_path: Path) -> None:
    office = open_office(tmp_path, own_doors=True)

    @requires(May.HAVE_A_HOME)
    def sly() -> str:
        with office.store.transaction():
            office.store.programme.save(cast.PROGRAMME)
        return "written"

    office.app.add_url_rule("/sly", view_func=sly)
    office.app.add_url_rule("/sly", endpoint="slyly", view_func=sly, methods=["POST"])
    assert office.browser(cast.ADA).get("/sly").status_code == 500
    assert office.browser(cast.ADA).post("/sly").status_code == 200
    office.close()


def test_a_mark_does_not_change_what_a_door_does() -> None:
    def show() -> str:
        return "shown"

    marks: list[Callable[[Callable[[], str]], Callable[[], str]]] = [public, requires(May.ADMINISTER)]
    for mark in marks:
        assert mark(show) is show
        assert show() == "shown"


# What a door takes in megabytes, where it is more than the one that is enough for text.
LARGE: dict[str, int] = {
    "POST /branches/import": 14,
    "POST /programme/scenes": 11,
    "POST /visits/import": 120,
    "POST /visits/<visit_id>/draft": 100,
    "POST /visits/<visit_id>/submission": 100,
    "PUT /visits/<visit_id>/draft": 2,
    "PUT /visits/<visit_id>/photos/<sha256>": 12,
    "PUT /visits/<visit_id>/submission": 2,
    "POST /submissions": 8,
}
TAKING = [door for door in DOORS if door.startswith(("POST", "PUT"))]


@pytest.mark.parametrize("door", TAKING)
def test_a_door_takes_no_larger_body_than_it_needs(scene: Scene, door: str) -> None:
    taken: list[int | None] = []

    def look(response: Response) -> Response:
        taken.append(request.max_content_length)
        return response

    scene.office.app.after_request_funcs.setdefault(None, []).append(look)
    try:
        scene.office.browser().open(scene.fill(door), method=door.split()[0])
    finally:
        scene.office.app.after_request_funcs[None].remove(look)
    assert taken == [LARGE.get(door, 1) << 20]


def test_text_of_more_than_a_megabyte_is_refused_and_a_large_photo_is_not(scene: Scene) -> None:
    sam, ada = scene.office.browser(cast.SAM), scene.office.browser(cast.ADA)
    assert ada.post("/assignments", data={"note": "n" * (1 << 20)}).status_code == 413
    photo = f"/visits/{scene.draft.id}/photos/{'0' * 64}"
    assert sam.put(photo, data=b"\xff\xd8\xff" + bytes(2 << 20)).status_code == 422
    assert sam.put(photo, data=b"\xff\xd8\xff" + bytes(12 << 20)).status_code == 413


def test_no_code_of_a_branch_hides_one_of_its_pages(scene: Scene) -> None:
    below = "/branches/<path:code>/"
    endings = {rule.rule.removeprefix(below) for rule in scene.office.app.url_map.iter_rules() if below in rule.rule}
    words = {re.sub(r"<any\(csv, xlsx\):kind>", kind, ending) for ending in endings for kind in ("csv", "xlsx")}
    assert words
    for word in words:
        (refused,) = sort_rows([BranchRow(2, f"N01/{word}", "Mill Lane")])[1]
        assert "cannot stand in an address" in refused.why
