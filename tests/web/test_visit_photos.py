"""Photos of a visit: kept when they come, whatever else is wrong; shown to whoever may see the visit."""

from io import BytesIO

import pytest

from audit.actions.publishing import publish_visit
from tests import cast
from tests.web.office import Office, text_of
from tests.web.walking import ENOUGH, Walk, begin_walk, fieldset, picture


@pytest.fixture
def walk(office: Office) -> Walk:
    return begin_walk(office)


def test_a_photo_is_kept_and_shown_small_even_when_an_answer_beside_it_is_wrong(walk: Walk) -> None:
    response = walk.post("save", people="a few", shelf__photos=[picture()])
    assert response.status_code == 422
    (sha,) = walk.visit.photos
    assert f'src="/photos/{walk.visit_id}/{sha}?size=paper"' in fieldset(text_of(response), "shelf")
    shown = walk.browser.get(f"/photos/{walk.visit_id}/{sha}?size=paper")
    assert shown.content_type == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_a_photo_stays_with_its_tick_and_goes_without_it(walk: Walk) -> None:
    walk.post("save", shelf__photos=[picture(), picture("navy")])
    first, second = walk.visit.photos
    walk.post("save", shelf__kept=[second])
    assert walk.visit.answers["shelf"].photos == (second,)
    assert walk.browser.get(f"/photos/{walk.visit_id}/{first}").status_code == 404


def test_the_office_is_told_that_a_photo_is_no_longer_kept_and_shown_no_broken_picture(walk: Walk) -> None:
    walk.post("save", shelf__photos=[picture(), picture("navy")])
    first, second = walk.visit.photos
    walk.office.store.photos.pictures.remove(first)
    page = text_of(walk.office.browser(cast.ADA).get(f"/visits/{walk.visit_id}"))
    assert f"/photos/{walk.visit_id}/{second}" in page
    assert f"/photos/{walk.visit_id}/{first}" not in page
    assert page.count("A photo that is no longer kept.") == 1


def test_the_same_photo_twice_is_one_photo(walk: Walk) -> None:
    walk.post("save", shelf__photos=[picture(), picture()])
    assert len(walk.visit.photos) == 1


def test_a_file_that_is_no_photo_is_told_beside_its_question_and_the_others_are_kept(walk: Walk) -> None:
    pretender = (BytesIO(b"<html>not a photo</html>"), "holiday.jpg")
    response = walk.post("save", words="Hello", shelf__photos=[pretender, picture()])
    assert response.status_code == 422
    assert 'class="complaint"' in fieldset(text_of(response), "shelf")
    assert len(walk.visit.photos) == 1
    assert walk.visit.answers["words"].value == "Hello"


def test_photos_are_not_taken_where_no_answer_can_ask_for_them(walk: Walk) -> None:
    walk.post("save", words="Hello", words__photos=[picture()])
    assert not walk.visit.photos


def test_a_photo_belongs_to_its_visit_and_otto_sees_neither(office: Office, walk: Walk) -> None:
    walk.post("save", shelf__photos=[picture()])
    (sha,) = walk.visit.photos
    address = f"/photos/{walk.visit_id}/{sha}"
    for stranger in (cast.OTTO_SHOPPER, cast.OTTO_AREA, cast.OTTO_BRANCH):
        assert office.browser(stranger).get(address).status_code == 404
    assert office.browser(cast.RITA).get(address).status_code == 200
    other = begin_walk(office)
    assert walk.browser.get(f"/photos/{other.visit_id}/{sha}").status_code == 404


def test_only_the_reference_pictures_that_are_there_are_served(office: Office) -> None:
    browser = office.browser(cast.SAM)
    assert browser.get("/pictures/shop-front.svg").content_type.startswith("image/svg+xml")
    for name in ("nothing.svg", "..%2F..%2FREADME.md", "README.md"):
        assert browser.get(f"/pictures/{name}").status_code == 404


def test_a_receipt_tells_the_minute_to_the_office_and_to_nobody_else(office: Office, walk: Walk) -> None:
    walk.post("save", shelf__photos=[picture("green")], receipt__photos=[picture("white")], **dict(ENOUGH))
    (shelf,), (receipt,) = (walk.visit.answers[asked].photos for asked in ("shelf", "receipt"))
    assert walk.send().status_code == 303
    publish_visit(office.store, cast.ADA, walk.visit_id, office.clock())
    for outside in (cast.AMIR, cast.BEA):
        browser = office.browser(outside)
        assert browser.get(f"/photos/{walk.visit_id}/{shelf}").status_code == 200
        assert browser.get(f"/photos/{walk.visit_id}/{receipt}").status_code == 404
        for report in (f"/visits/{walk.visit_id}/report", "/branches/N01/report"):
            page = text_of(browser.get(report))
            assert shelf in page
            assert receipt not in page
    told = text_of(office.browser(cast.BEA).get(walk.address("report")))
    assert "1 photo (only the programme office sees this)" in told
    for inside in (cast.ADA, cast.RITA, cast.SAM):
        assert office.browser(inside).get(f"/photos/{walk.visit_id}/{receipt}").status_code == 200


def test_the_office_learns_nothing_of_a_photo_that_was_taken_away_again(office: Office, walk: Walk) -> None:
    walk.post("save", shelf__photos=[picture("green"), picture("red")], **dict(ENOUGH))
    kept, taken_away = walk.visit.photos
    walk.post("save", shelf__kept=[kept])
    walk.send()
    page = text_of(office.browser(cast.RITA).get(f"/visits/{walk.visit_id}"))
    assert kept in page
    assert taken_away not in page
