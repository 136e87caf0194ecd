"""One report by a link: made by Amir, opened by a stranger who sees it and no more, and taken back."""

import re
from dataclasses import replace

import pytest

from audit.actions.keeping import HARMLESS
from audit.actions.sharing import MOST_OPENINGS
from audit.domain.checklist.model import Answer
from audit.domain.visit import Visit
from tests import cast
from tests.reports.reading import words_of
from tests.storage.conftest import Picture
from tests.web.links import ADDRESS, DAYS, is_like_no_page, share, take_back
from tests.web.office import PASSWORD, Browser, Office, text_of


@pytest.fixture
def amir(office: Office, visit: Visit) -> Browser:
    return office.browser(cast.AMIR)


def of_visit(visit: Visit) -> str:
    return f"/visits/{visit.id}/shares"


def test_a_stranger_reads_the_report_of_the_branch_on_page_and_paper(office: Office, amir: Browser) -> None:
    path, stranger = share(amir), office.browser()
    page, paper = text_of(stranger.get(path)), words_of(stranger.get(f"{path}/report.pdf").data)
    for said in ("Mill Lane", "50 %", "He looked at his telephone.", "Shopper 7"):
        assert said in page
        assert said in paper
    assert "Whitaker" not in page + paper


def test_a_stranger_reads_the_report_of_one_visit(office: Office, amir: Browser, visit: Visit) -> None:
    path = share(amir, of_visit(visit))
    assert "Did someone thank you?" in text_of(office.browser().get(path))
    assert "Did someone thank you?" in words_of(office.browser().get(f"{path}/report.pdf").data)


@pytest.mark.parametrize("about", ["branch", "visit"])
def test_from_the_report_no_way_leads_to_anything_else(office: Office, amir: Browser, visit: Visit, about: str) -> None:
    path = share(amir, of_visit(visit)) if about == "visit" else share(amir)
    page = text_of(office.browser().get(path))
    ways = set(re.findall(r'(?:href|src|action)="([^"]+)"', page))
    own = (path, "/static/", "#")
    assert {way for way in ways if not way.startswith(own)} == set()
    assert "<form" not in page
    assert "Sign out" not in page


def test_a_link_opens_no_other_door(office: Office, amir: Browser, visit: Visit) -> None:
    path, stranger = share(amir), office.browser()
    stranger.get(path)
    for door in ("/", "/branches/N01/report", f"/visits/{visit.id}/report", "/shares"):
        assert stranger.get(door).status_code == 303
    assert is_like_no_page(office, f"{path}/photos/{visit.id}/{'0' * 64}")


@pytest.mark.parametrize("about", ["branch", "visit"])
def test_its_photos_open_with_the_link_and_with_no_other(
    office: Office, amir: Browser, visit: Visit, about: str
) -> None:
    with_photo(office, visit)
    path = share(amir, of_visit(visit)) if about == "visit" else share(amir)
    other = share(amir, "/branches/N02/shares?period=year")
    stranger, photo = office.browser(), f"photos/{visit.id}/{'a' * 64}"
    assert f'src="{path}/{photo}"' in text_of(stranger.get(path))
    answer = stranger.get(f"{path}/{photo}")
    assert (answer.content_type, answer.data, answer.headers["Cache-Control"]) == ("image/jpeg", b"small", "no-store")
    assert stranger.get(f"/photos/{visit.id}/{'a' * 64}").status_code == 303
    assert is_like_no_page(office, f"{other}/{photo}")


def with_photo(office: Office, visit: Visit) -> None:
    """Give the visit a photo to the answer that lost a point."""
    answers = {**visit.answers, "thanked": Answer("no", photos=("a" * 64,))}
    office.store.photos.add(Picture(paper_jpeg=b"small"), office.clock())
    with office.store.transaction():
        office.store.visits.save(replace(visit, answers=answers))
        office.store.photos.attach(visit.id, "thanked", "a" * 64, office.clock())


def test_only_the_branch_and_the_days_that_were_shared_are_read(office: Office, amir: Browser) -> None:
    office.published(branch=cast.N02)
    page = text_of(office.browser().get(share(amir, "/branches/N01/shares?from=2026-01-01&to=2026-03-31")))
    assert "No visit was published in this period." in page
    path = share(amir)
    assert "Old Bridge" not in text_of(office.browser().get(f"{path}?from=2020-01-01&to=2026-12-31&code=N02"))


def test_no_cache_no_index_and_no_other_site_learns_the_link(office: Office, amir: Browser) -> None:
    path = share(amir)
    for ending in ("", "/report.pdf", "/printing"):
        headers = office.browser().get(f"{path}{ending}").headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]


def test_taken_back_it_is_like_a_page_that_never_was(office: Office, amir: Browser) -> None:
    path = share(amir)
    assert take_back(amir).location == "/shares"
    for ending in ("", "/report.pdf", "/printing"):
        assert is_like_no_page(office, path + ending)
    assert "Taken back" in text_of(amir.get("/shares"))


def test_past_its_end_it_is_like_a_page_that_never_was(office: Office, amir: Browser) -> None:
    path = share(amir, days="7")
    office.clock.go_on(days=6, hours=23)
    assert office.browser().get(path).status_code == 200
    office.clock.go_on(hours=1)
    assert is_like_no_page(office, path)
    office.browser(cast.BEA)  # the journal has seen this moment
    office.clock.go_on(days=-3)
    assert is_like_no_page(office, path)


@pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "../", "é" * 43])
def test_a_guess_is_like_a_page_that_never_was(office: Office, token: str) -> None:
    assert is_like_no_page(office, f"/shared/{token}")


def test_who_is_shown_out_shows_nothing_any_more(office: Office, amir: Browser) -> None:
    path = share(amir)
    office.browser(cast.ADA).post(f"/people/{cast.AMIR.id}/dismissal")
    assert is_like_no_page(office, path)
    assert office.store.shares.list_all()[0].revoked_at is not None


def test_who_leads_another_area_now_shows_nothing_of_the_old_one(office: Office, amir: Browser) -> None:
    path = share(amir)
    with office.store.transaction():
        office.store.branches.save(replace(cast.N01, area_code="SOUTH"))
    assert is_like_no_page(office, path)


def test_openings_are_counted_shown_and_journalled(office: Office, amir: Browser) -> None:
    path = share(amir)
    assert "Not opened yet" in text_of(amir.get("/shares"))
    office.browser().get(path)
    office.browser().get(f"{path}/report.pdf")
    page = text_of(amir.get("/shares"))
    assert "Opened 2 times" in page
    assert "For: the landlord" in page
    lines = office.store.journal.of(office.store.shares.list_all()[0].id)
    assert [(line.what, line.who) for line in lines] == [
        ("share.created", cast.AMIR.id),
        ("share.opened", None),
        ("share.opened", None),
    ]


def test_a_link_that_nobody_opened_waits_for_it_until_it_ends(office: Office, amir: Browser) -> None:
    share(amir)
    assert "Not opened yet" in text_of(amir.get("/shares"))
    office.clock.go_on(days=40)
    page = text_of(office.browser(cast.AMIR).get("/shares"))
    assert "Never opened" in page
    assert "Not opened yet" not in page


def test_the_database_cannot_tell_the_link(office: Office, amir: Browser) -> None:
    secret = share(amir).removeprefix("/shared/")
    rows = office.store.connections.rows("select * from share")
    lines = office.store.connections.rows("select * from journal")
    assert secret not in " ".join(str(cell) for row in (*rows, *lines) for cell in row)


def test_only_a_published_visit_is_shared(office: Office) -> None:
    waiting = office.submitted()
    assert office.browser(cast.AMIR).get(of_visit(waiting)).status_code == 404
    ada = office.browser(cast.ADA)
    assert "Share by a link" not in text_of(ada.get(f"/visits/{waiting.id}/report"))
    assert ada.post(of_visit(waiting), data={"days": "7"}).status_code == 409


def test_the_report_speaks_the_language_of_whoever_shared_it(office: Office, visit: Visit) -> None:
    with office.store.transaction():
        office.store.people.save(cast.AMIR.speaking("fr"))
    page = office.browser().get(share(office.browser(cast.AMIR)), headers={"Accept-Language": "de"})
    assert '<html lang="fr"' in text_of(page)


def test_a_latin_name_in_an_arabic_list_does_not_draw_the_day_to_itself(office: Office, visit: Visit) -> None:
    with office.store.transaction():
        office.store.people.save(cast.AMIR.speaking("ar"))
    amir = office.browser(cast.AMIR)
    share(amir)
    for page in ("/shares", f"/branches/N01/shares?{DAYS}"):
        assert '<bdi dir="ltr">Mill Lane</bdi></b>' in text_of(amir.get(page))


def test_a_link_is_a_key_and_the_password_is_asked_for_again(office: Office, amir: Browser) -> None:
    office.clock.go_on(minutes=6)
    assert "Your own password, once more" in text_of(amir.get(f"/branches/N01/shares?{DAYS}"))
    refused = amir.post(f"/branches/N01/shares?{DAYS}", data={"days": "7", "own_password": "not this one"})
    assert (refused.status_code, ADDRESS.search(text_of(refused))) == (422, None)
    assert share(amir, own_password=PASSWORD)


@pytest.mark.parametrize(
    "wrong",
    [{"days": "365"}, {"days": ""}, {"days": "x"}, {"days": "7" * 5000}, {"days": "7", "note": "n" * 201}],
    ids=lambda wrong: wrong["days"][:9],
)
def test_what_cannot_be_is_refused_beside_its_field(amir: Browser, wrong: dict[str, str]) -> None:
    answer = amir.post(f"/branches/N01/shares?{DAYS}", data=wrong)
    assert (answer.status_code, 'class="complaint"' in text_of(answer)) == (422, True)


def test_one_link_is_not_opened_without_end(office: Office, amir: Browser) -> None:
    path, stranger = share(amir), office.browser()
    with office.store.transaction():
        id = office.store.shares.list_all()[0].id
        for _ in range(MOST_OPENINGS):
            office.store.throttles.add(f"share:{id}", office.clock())
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")


def test_ada_sees_every_link_and_otto_none_of_amirs(office: Office, amir: Browser) -> None:
    share(amir)
    assert "made by Amir Nasser" in text_of(office.browser(cast.ADA).get("/shares"))
    otto = office.browser(cast.OTTO_AREA)
    assert "Mill Lane" not in text_of(otto.get("/shares"))
    id = office.store.shares.list_all()[0].id
    assert otto.post(f"/shares/{id}/revocation").status_code == 404
    assert office.browser(cast.ADA).post(f"/shares/{id}/revocation").status_code == 303
    assert office.store.shares.find(id).revoked_at is not None


def test_bea_has_no_way_to_share(office: Office, visit: Visit) -> None:
    bea = office.browser(cast.BEA)
    assert "Share by a link" not in text_of(bea.get("/branches/N01/report"))
    assert bea.get(f"/branches/N01/shares?{DAYS}").status_code == 403


def test_opening_a_link_throws_no_kept_figure_away(office: Office, amir: Browser) -> None:
    last = office.store.journal.last_id()
    office.browser().get(share(amir))
    assert office.store.journal.changed_since(last) == {"share.created", "share.opened"}
    assert "share.".startswith(HARMLESS)
