"""Every page of every role, after a mistake too: WCAG 2.2 AA by axe, light and dark, 320 px wide, text at 200 %."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audit.actions import signing_in
from audit.actions.publishing import publish_visit
from audit.actions.sharing import Terms, share_visit
from audit.actions.submitting import save_draft
from audit.actions.visiting import keep_photo, stop_visit
from audit.config import Config, clock
from audit.domain.people import Person
from audit.domain.visit import Visit
from audit.reports.content import GROUPS, IN_A_GROUP, SIGNS
from audit.storage.editions import Edition, Paper
from audit.web import create_app
from audit.web.link_keys import open_key
from tests import cast
from tests.journeys.conftest import Site
from tests.journeys.looking import wrongs_of
from tests.journeys.sending import message, send
from tests.journeys.walking import photo
from tests.served import Installation, now

NO_PAGES = {
    *("/static/<tag>/<path:name>", "/health", "/robots.txt", "/photos/<visit_id>/<sha256>", "/pictures/<name>"),
    "/shared/<token>/photos/<visit_id>/<sha256>",
    "/confirmation",  # has a test of its own
    *(
        "/me",
        "/visits/<visit_id>/draft",
        "/sw.js",
        "/manifest.webmanifest",
        "/panels/<tag>/<tongue>",
    ),  # for the phone's script
}
FILES = (".pdf", ".zip", ".<any(csv, xlsx):kind>")
EDITION = "-".join([SIGNS[:IN_A_GROUP]] * GROUPS)


@dataclass(frozen=True)
class Place:
    """A page: its rule in the URL map, who looks, and what is done there first, if anything."""

    rule: str
    person: Person | None
    path: str = ""
    first: Callable[[Page], None] | None = None


def press(words: str) -> Callable[[Page], None]:
    """Press a button without filling anything in."""

    def do(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=words, exact=True).first.click()

    return do


def save_nonsense(page: Page) -> None:
    page.locator('input[name="q-queue"]').evaluate("(box) => { box.value = 'a few' }")
    with page.expect_navigation():
        page.locator('button[value="save:outside"]').click()


def open_first_question(page: Page) -> None:
    page.get_by_role("main").locator("details > summary").first.click()


def choose_a_table(page: Page) -> None:
    table = b"code;name;area\nN07;Hill Street;NORTH\n;Nameless;NORTH\n"
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "branches.csv", "mimeType": "text/csv", "buffer": table}]
    )
    page.locator("form:has(input[type=file]) button").first.click()
    page.wait_for_load_state()


def choose_markings(page: Page) -> None:
    table = (
        b"scene;question;shopper;marking\n1;greeted;A;yes\n1;greeted;B;no\n1;warmth;A;4\n1;warmth;B;4\n;warmth;B;4\n"
    )
    page.locator("input[type=file]").set_input_files([{"name": "scenes.csv", "mimeType": "text/csv", "buffer": table}])
    press("Compare")(page)


PLACES: Mapping[str, Place] = {
    "the way in": Place("/sign-in", None),
    "the way in, nothing filled in": Place("/sign-in", None, first=press("Sign in")),
    "an invitation to the office": Place("/invitations/<token>", None, "/invitations/{office}"),
    "an invitation, nothing filled in": Place(
        "/invitations/<token>", None, "/invitations/{office}", press("Accept and sign in")
    ),
    "a link for a phone": Place("/invitations/<token>", None, "/invitations/{phone}"),
    "a link that nobody made": Place("/invitations/<token>", None, "/invitations/nobody-made-this"),
    "a page that is not on the phone": Place("/offline", None),
    "no such page": Place("/", cast.SAM, "/nowhere"),
    "the shopper's list": Place("/", cast.SAM),
    "the shopper's devices": Place("/devices", cast.SAM),
    "notifications on a phone": Place("/notifications", cast.SAM),
    "one more phone": Place("/devices", cast.SAM, first=press("Show a code that adds a phone")),
    "the brief": Place("/assignments/<assignment_id>", cast.SAM, "/assignments/{offer}"),
    "the form": Place("/visits/<visit_id>/form", cast.SAM, "/visits/{draft}/form"),
    "the form at another section": Place("/visits/<visit_id>/form", cast.SAM, "/visits/{draft}/form#s-served"),
    "the form after a mistake": Place("/visits/<visit_id>/form", cast.SAM, "/visits/{draft}/form", save_nonsense),
    "the check of a draft": Place("/visits/<visit_id>/check", cast.SAM, "/visits/{draft}/check"),
    "stop and leave": Place("/visits/<visit_id>/stop", cast.SAM, "/visits/{draft}/stop"),
    "after stopping": Place("/visits/<visit_id>/stop", cast.SAM, "/visits/{stopped}/stop"),
    "the receipt": Place("/visits/<visit_id>/receipt", cast.SAM, "/visits/{waiting}/receipt"),
    "the programme manager's home": Place("/", cast.ADA),
    "the visits": Place("/visits", cast.ADA),
    "a visit from a file": Place("/visits/import", cast.ADA),
    "a file that is none": Place("/visits/import", cast.ADA, first=press("Take the visit in")),
    "a visit that waits": Place("/visits/<visit_id>", cast.ADA, "/visits/{waiting}"),
    "a visit that was stopped": Place("/visits/<visit_id>", cast.ADA, "/visits/{stopped}"),
    "the branches": Place("/branches", cast.ADA),
    "branches from a table": Place("/branches", cast.ADA, first=choose_a_table),
    "a branch": Place("/branches/<path:code>", cast.ADA, "/branches/N01"),
    "the people": Place("/people", cast.ADA),
    "the people, nothing filled in": Place("/people", cast.ADA, first=press("Make the invitation")),
    "somebody about to be shown out": Place("/people", cast.ADA, first=open_first_question),
    "the assignments": Place("/assignments", cast.ADA),
    "the assignments, nothing filled in": Place("/assignments", cast.ADA, first=press("Assign the visit")),
    "the checklists": Place("/checklists", cast.ADA),
    "a checklist that is ready": Place("/checklists/ready/<shipped>", cast.ADA, "/checklists/ready/six-secrets"),
    "a checklist": Place("/checklists/<checklist_id>/<int:version>", cast.ADA, "/checklists/six-secrets/1"),
    "the devices of the office": Place("/devices", cast.ADA),
    "the reviewer's home": Place("/", cast.RITA),
    "correcting an answer": Place(
        "/visits/<visit_id>/answers/<question_id>/correction",
        cast.ADA,
        "/visits/{published}/answers/greeted/correction",
    ),
    "correcting an answer without a reason": Place(
        "/visits/<visit_id>/answers/<question_id>/correction",
        cast.ADA,
        "/visits/{waiting}/answers/attention/correction",
        press("Correct the answer"),
    ),
    "a visit to read": Place("/visits/<visit_id>", cast.RITA, "/visits/{published}"),
    "the area manager's home": Place("/", cast.AMIR),
    "an area without visits": Place("/", cast.OTTO_AREA),
    "the whole programme": Place("/programme", cast.ADA),
    "behind the figures": Place("/programme/workings", cast.ADA),
    "planning": Place("/programme/planning", cast.ADA),
    "when customers come": Place("/programme/traffic", cast.ADA),
    "when customers come, nothing said": Place("/programme/traffic", cast.ADA, first=press("Keep it")),
    "shoppers": Place("/programme/shoppers", cast.ADA),
    "filmed scenes": Place("/programme/scenes", cast.ADA),
    "filmed scenes, nothing chosen": Place("/programme/scenes", cast.ADA, first=press("Compare")),
    "filmed scenes, compared": Place("/programme/scenes", cast.ADA, first=choose_markings),
    "an area, for the office": Place("/areas/<path:area_code>", cast.RITA, "/areas/NORTH"),
    "the visits behind a figure": Place(
        "/figures/visits", cast.AMIR, "/figures/visits?area=NORTH&checklist=six-secrets&period=year"
    ),
    "the report of a branch": Place("/branches/<path:code>/report", cast.AMIR, "/branches/N01/report"),
    "the report of a branch without visits": Place("/branches/<path:code>/report", cast.AMIR, "/branches/N02/report"),
    "a period in the wrong order": Place(
        "/branches/<path:code>/report", cast.AMIR, "/branches/N01/report?from=2026-05-01&to=2026-01-01"
    ),
    "the report of a visit": Place("/visits/<visit_id>/report", cast.AMIR, "/visits/{published}/report"),
    "how we score": Place("/how-we-score", cast.AMIR),
    "how we score, on a phone": Place("/how-we-score", cast.SAM),
    "the branch manager's home": Place("/", cast.BEA),
    "the report of the own branch": Place("/branches/<path:code>/report", cast.BEA, "/branches/N01/report"),
    "the report of an area": Place("/areas/<path:code>/report", cast.AMIR, "/areas/NORTH/report"),
    "the report of the programme": Place("/programme/report", cast.ADA),
    "the links to reports": Place("/shares", cast.AMIR),
    "a link to the report of a branch": Place("/branches/<path:code>/shares", cast.AMIR, "/branches/N01/shares"),
    "a link to the report of an area": Place("/areas/<path:area_code>/shares", cast.AMIR, "/areas/NORTH/shares"),
    "a link to the report of the programme": Place("/programme/shares", cast.ADA),
    "a link that was just made": Place(
        "/visits/<visit_id>/shares", cast.AMIR, "/visits/{published}/shares", press("Make the link")
    ),
    "a report read by a link": Place("/shared/<token>", None, "/shared/{shared}"),
    "a report by a link that is being printed": Place("/shared/<token>/printing", None, "/shared/{shared}/printing"),
    "a report that could not be printed": Place("/printing/<order_id>", cast.AMIR, "/printing/{unprinted}"),
    "the number on a report, for strangers": Place("/verify/<number>", None, "/verify/{edition}"),
    "the number on a report, for its reader": Place("/verify/<number>", cast.AMIR, "/verify/{edition}"),
    "a number that is on no report": Place("/verify/<number>", None, "/verify/1234"),
}


@pytest.fixture(scope="module")
def ids(served: Site) -> dict[str, str]:
    """The ids and tokens that the paths above ask for."""
    ours = served.installation
    draft, waiting, published, stopped = (ours.begin(ours.assign("six-secrets", "return-goods")) for _ in range(4))
    keep(ours, draft, {"ready": "hours", "greeted": "no", "attention": 2, "queue": 2})
    for visit in (waiting, published):
        send(ours, visit)
    publish_visit(ours.store, cast.ADA, published.id, now())
    stop_visit(ours.store, cast.SAM, stopped.id, "Somebody recognised me.", now())
    terms = Terms(7, "en", open_key(ours.folder / "candour.sqlite.link-key"))
    return {
        "unprinted": order_in_vain(ours).id,
        "edition": EDITION,
        "shared": share_visit(ours.store, cast.AMIR, published.id, terms, now())[0],
        "draft": draft.id,
        "waiting": waiting.id,
        "published": published.id,
        "stopped": stopped.id,
        "offer": ours.assign("six-secrets", "off-the-menu", note="The side entrance is closed.").id,
        "office": ours.invitation("reviewer"),
        "phone": ours.link(cast.SAM).removeprefix("/invitations/"),
    }


# Every page in the long run; in the short one a third of them, and the browser is the same.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.soak] if at % 3 else []) for at, name in enumerate(PLACES)]
)
def test_a_page_is_within_everybodys_reach(name: str, site: Site, ids: dict[str, str]) -> None:
    place = PLACES[name]
    page = site.page(place.person)
    page.goto((place.path or place.rule).format(**ids))
    if place.first:
        place.first(page)
    assert not wrongs_of(page), "\n".join([page.url, *wrongs_of(page)])


def test_no_page_is_left_out(served: Site, tmp_path: Path) -> None:
    app = create_app(Config.from_environment({}), served.installation.store, clock)
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {place.rule for place in PLACES.values()} | NO_PAGES
    assert {page for page in pages if not page.endswith(FILES)} == looked_at


def test_the_page_that_asks_for_the_password_once_more_is_within_everybodys_reach(site: Site) -> None:
    store, a_while_ago = site.installation.store, now() - timedelta(minutes=10)
    with store.transaction():
        token, _ = signing_in.open_device(store, cast.AMIR, "Chrome, Linux", a_while_ago)
    page = site.page()
    page.context.add_cookies([{"name": "candour", "value": token, "url": site.address}])
    page.goto("/confirmation?next=/")
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    assert not wrongs_of(page)
    press("Go on")(page)
    assert not wrongs_of(page)


def order_in_vain(ours: Installation) -> Paper:
    """A report that could not be printed, of which an earlier edition is known."""
    today = now().date()
    paper = Paper("branch", "N01", today.replace(day=1), today, "en")
    with ours.store.transaction():  # the server's own print room sees it only when it is over
        ours.store.orders.ask(paper, now())
        ours.store.orders.fail(paper, "The disk is full.")
        ours.store.editions.add(Edition(EDITION, paper.series, paper, "0" * 64, 3, now()))
    return paper


def keep(ours: Installation, visit: Visit, answers: Mapping[str, object]) -> None:
    """Save a few answers, and a photo, in a draft of Sam's."""
    keep_photo(ours.store, cast.SAM, visit.id, "front_photo", photo()["buffer"], now())
    save_draft(ours.store, cast.SAM, *message(visit, answers), now())
