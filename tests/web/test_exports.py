"""Exports: the figures of a page as files, the password that is asked for before, and what no file gives away."""

from datetime import date, datetime

import pytest

from audit.domain.people import Person
from audit.domain.visit import Visit
from tests import cast
from tests.web.handed_out import book_of, cells_of, lines_of
from tests.web.office import PASSWORD, Browser, Office, text_of

EVERYWHERE = ("/areas/NORTH/figures", "/branches/N01/figures", "/visits/{visit}/figures")
READERS = (cast.ADA, cast.RITA, cast.AMIR, cast.BEA)


@pytest.fixture
def amir(office: Office, visit: Visit) -> Browser:
    return office.browser(cast.AMIR)


def test_amir_takes_his_branches_with_figure_n_and_range(amir: Browser) -> None:
    mill_lane, old_bridge = lines_of(amir.get("/areas/NORTH/figures.csv"))
    assert (mill_lane["Branch code"], mill_lane["Branch"], mill_lane["Area"]) == ("N01", "Mill Lane", "NORTH")
    assert (mill_lane["Score"], mill_lane["Visits with a score"]) == ("50", "1")
    low, high = float(mill_lane["Likely range, lower end"]), float(mill_lane["Likely range, upper end"])
    assert 0 <= low < 50 < high <= 100
    assert (mill_lane["First day"], mill_lane["Last day"]) == ("2026-10-01", "2026-12-31")
    assert (old_bridge["Branch"], old_bridge["Score"], old_bridge["Visits with a score"]) == ("Old Bridge", "", "0")


def test_the_file_is_about_the_period_that_was_asked_for(amir: Browser) -> None:
    assert [line["Score"] for line in lines_of(amir.get("/areas/NORTH/figures.csv?from=2026-01-01&to=2026-03-31"))] == [
        "",
        "",
    ]
    assert lines_of(amir.get("/branches/N01/figures.csv?from=2026-01-01&to=2026-03-31")) == []


def test_the_visits_of_a_branch_have_day_score_and_words(amir: Browser) -> None:
    (line,) = lines_of(amir.get("/branches/N01/figures.csv"))
    assert (line["Day"], line["Shopper"], line["Score"]) == ("2026-11-21", "Shopper 7", "50")
    assert (line["Points earned"], line["Points possible"]) == ("1", "2")
    assert line["In the shopper’s words"] == "Quick, but cold."


def test_the_questions_of_a_visit_have_answers_points_and_comments(amir: Browser, visit: Visit) -> None:
    greeted, thanked = lines_of(amir.get(f"/visits/{visit.id}/figures.csv"))
    assert (greeted["Question"], greeted["Answer"], greeted["Result"]) == ("Did someone greet you?", "Yes", "kept")
    assert (thanked["Result"], thanked["Points lost"]) == ("not kept", "1")
    assert thanked["Comment"] == "He looked at his telephone."


def test_a_workbook_holds_the_same_and_says_where_it_comes_from(amir: Browser) -> None:
    answer = amir.get("/branches/N01/figures.xlsx")
    book = book_of(answer)
    visits, questions, figures, left, about = book.worksheets
    assert (visits.title, questions.title, about.title) == ("Visits", "Every question", "About these figures")
    assert (figures.title, left.title) == ("Figures", "How the shoppers left")
    assert "Did someone greet you?" in [row[4] for row in questions.values]
    heads = [cell.value for cell in visits[1]]
    assert heads == list(lines_of(amir.get("/branches/N01/figures.csv"))[0])
    assert visits.cell(2, heads.index("Day") + 1).value == datetime(2026, 11, 21)  # noqa: DTZ001 - a day
    assert visits.cell(2, heads.index("Score") + 1).value == 50
    assert any("version 1" in str(cell.value) for row in about.iter_rows() for cell in row)


def test_the_day_is_the_day_where_the_branch_stands(office: Office) -> None:
    office.clock.now = datetime.fromisoformat("2026-11-20T23:30:00+00:00")
    office.published()
    (line,) = lines_of(office.browser(cast.AMIR).get("/branches/N01/figures.csv"))
    assert line["Day"] == date(2026, 11, 21).isoformat()


def test_a_file_is_named_by_ids_and_kept_by_nobody(amir: Browser, visit: Visit) -> None:
    answer = amir.get("/branches/N01/figures.xlsx?from=2026-11-01&to=2026-11-30")
    name = 'attachment; filename="candour-N01-2026-11-01-2026-11-30.xlsx"'
    assert (answer.headers["Content-Disposition"], answer.headers["Cache-Control"]) == (name, "no-store")
    assert (
        amir.get("/areas/NORTH/figures.csv")
        .headers["Content-Disposition"]
        .startswith('attachment; filename="candour-area-NORTH-2026')
    )
    assert amir.get(f"/visits/{visit.id}/figures.csv").content_type == "text/csv; charset=utf-8"


@pytest.mark.parametrize("reader", READERS, ids=lambda person: person.role.value)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_file_names_a_shopper_or_tells_the_minute(office: Office, visit: Visit, reader: Person, kind: str) -> None:
    browser = office.browser(reader)
    for place in EVERYWHERE[1:] if reader is cast.BEA else EVERYWHERE:
        answer = browser.get(f"{place.format(visit=visit.id)}.{kind}")
        said = " ".join(map(str, cells_of(answer))) if kind == "xlsx" else text_of(answer)
        assert "Mill Lane" in said
        for secret in (cast.SAM.name, "Whitaker", cast.SAM.id, "12:00", "13:00"):
            assert secret not in said


def test_bea_takes_her_branch_and_nothing_else(office: Office, visit: Visit) -> None:
    bea = office.browser(cast.BEA)
    assert [line["Branch code"] for line in lines_of(bea.get("/branches/N01/figures.csv"))] == ["N01"]
    for place in ("/areas/NORTH/figures.csv", "/programme/figures.csv", "/branches/N02/figures.csv"):
        assert bea.get(place).status_code == 404


def test_ada_takes_the_areas_of_the_programme(office: Office, visit: Visit) -> None:
    north, south = lines_of(office.browser(cast.ADA).get("/programme/figures.csv"))
    assert (north["Area"], north["Score"], north["Visits with a score"]) == ("North", "50", "1")
    assert float(north["Likely range, lower end"]) < 50 < float(north["Likely range, upper end"])
    assert (south["Area code"], south["Score"], south["Visits with a score"]) == ("SOUTH", "", "0")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("place", EVERYWHERE)
def test_after_five_minutes_the_password_is_asked_for_again(
    office: Office, visit: Visit, amir: Browser, place: str, kind: str
) -> None:
    path = f"{place.format(visit=visit.id)}.{kind}?period=year"
    assert amir.get(path).status_code == 200
    office.clock.go_on(minutes=6)
    answer = amir.get(path)
    assert answer.status_code == 303
    assert answer.location == f"/confirmation?next={path.replace('?', '%3F').replace('=', '%3D')}"
    assert f'value="{path}"' in text_of(amir.get(answer.location))
    wrong = amir.post("/confirmation", data={"own_password": "not this one", "next": path})
    assert (wrong.status_code, "The password is wrong." in text_of(wrong)) == (422, True)
    assert amir.get(path).status_code == 303
    right = amir.post("/confirmation", data={"own_password": PASSWORD, "next": path})
    assert f'<meta http-equiv="refresh" content="0; url={path}">' in text_of(right)
    assert amir.get(path).status_code == 200
    assert office.browser(cast.AMIR).get(path).status_code == 200
    office.clock.go_on(minutes=6)
    assert amir.get(path).status_code == 303


def test_the_password_given_on_one_device_opens_nothing_on_another(office: Office, amir: Browser) -> None:
    other = office.browser(cast.AMIR)
    office.clock.go_on(minutes=6)
    amir.post("/confirmation", data={"own_password": PASSWORD, "next": "/areas/NORTH/figures.csv"})
    assert amir.get("/areas/NORTH/figures.csv").status_code == 200
    assert other.get("/areas/NORTH/figures.csv").status_code == 303


def test_a_clock_that_was_set_back_does_not_make_the_password_fresh(office: Office, amir: Browser) -> None:
    office.clock.go_on(minutes=20)
    office.browser(cast.BEA)  # somebody signs in, and the journal has seen that moment
    office.clock.go_on(minutes=-19)
    assert amir.get("/areas/NORTH/figures.csv").status_code == 303


def test_after_the_password_nobody_is_led_to_another_site(amir: Browser) -> None:
    said = text_of(amir.post("/confirmation", data={"own_password": PASSWORD, "next": "https://elsewhere.example/x"}))
    assert "elsewhere" not in said
    assert 'content="0; url=/"' in said


def test_a_program_that_asks_is_told_in_its_own_way(office: Office, amir: Browser) -> None:
    office.clock.go_on(minutes=6)
    answer = amir.get("/areas/NORTH/figures.csv", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (403, {"status": 403, "error": "Give your password once more."})
