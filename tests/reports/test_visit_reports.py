"""The report of one visit."""

from dataclasses import replace
from fractions import Fraction

from audit.domain.checklist.model import Question
from audit.domain.checklist.questions.day import Day
from audit.domain.visit import VisitState
from audit.reports.figures import ScoredVisit
from audit.reports.paper import draw_sheet
from audit.reports.visit import VisitReport, compose
from tests.builders import build_checklist, build_published, good_answers, text
from tests.cast import N01, NORTH, PROGRAMME
from tests.reports.visits import scored


def report_of(visit: ScoredVisit) -> VisitReport:
    return compose(PROGRAMME, N01, NORTH, visit)


def test_the_score_line_can_be_added_up_from_the_answers() -> None:
    report = report_of(scored(answers=good_answers(greeted="no")))
    assert (report.score.earned, report.score.possible, report.base_shown) == (7, 10, "70")
    lines = [line for section in report.sections for line in section.answers]
    assert sum(line.earned for line in lines) == 7
    assert sum(line.lost for line in lines) == 3


def test_a_failed_critical_question_is_named_and_caps_the_official_score_alone() -> None:
    report = report_of(scored(answers=good_answers(till="no")))
    assert report.critical == ("Did you get a receipt?",)
    assert (report.shown, report.base_shown) == ("49", "90")


def test_what_did_not_apply_is_shown_as_bounds() -> None:
    report = report_of(scored(answers=good_answers(greeted="not_applicable")))
    assert (report.left_out, report.low, report.high) == (Fraction(3, 10), "70", "100")
    warmth = next(line for line in report.dimensions if line.id == "warmth")
    assert (warmth.shown, warmth.left_out) == ("100", Fraction(3, 5))


def test_an_unscored_visit_shows_no_score() -> None:
    absent = good_answers(greeted="not_applicable", listened="not_applicable", solved="not_applicable")
    report = report_of(scored(answers=absent))
    assert (report.shown, report.base_shown, report.band) == ("", "", "")


def test_what_was_lost_comes_first_with_its_section_knock_outs_before_points() -> None:
    report = report_of(scored(answers=good_answers(greeted="no", till="no")))
    assert [(section.id, line.question.id, line.lost) for section, line in report.lost] == [
        ("counter", "till", 1),
        ("arrival", "greeted", 3),
    ]


def test_of_a_knock_out_that_carries_no_points_none_are_printed() -> None:
    arrival, counter, *closing = build_checklist().sections
    questions = tuple(replace(each, weight=Fraction(0)) if each.critical else each for each in counter.questions)
    checklist = build_checklist(sections=(arrival, replace(counter, questions=questions), *closing))
    report = report_of(scored(published=build_published(checklist), answers=good_answers(till="no")))
    assert [line.question.id for _, line in report.lost] == ["till"]
    beyond_the_score = draw_sheet(report).xhtml.partition("Points lost, and why")[2]
    assert "0 of 0" not in beyond_the_score


def test_every_question_stands_on_paper_once_whatever_it_lost() -> None:
    report = report_of(scored(answers=good_answers(greeted="no", till="no")))
    titles = [line.title for section in report.sections for line in section.answers]
    beyond_the_score = draw_sheet(report).xhtml.partition("Points lost, and why")[2]
    assert {title: beyond_the_score.count(title) for title in titles} == dict.fromkeys(titles, 1)


def test_what_is_in_no_figure_says_so_on_paper() -> None:
    test, waits = scored(test=True), scored(state=VisitState.APPROVED, published_at=None)
    assert "A test visit: it is in no figure." in draw_sheet(report_of(test)).xhtml
    assert "Not published yet: it is in no figure." in draw_sheet(report_of(waits)).xhtml
    assert "no figure" not in draw_sheet(report_of(scored())).xhtml


def test_a_day_that_was_promised_is_written_as_people_write_days() -> None:
    arrival, *others = build_checklist().sections
    promised = Question("promised", text("For which day was it promised?"), Day(), Fraction(0), required=False)
    checklist = build_checklist(sections=(replace(arrival, questions=(*arrival.questions, promised)), *others))
    visit = scored(published=build_published(checklist), answers=good_answers(promised="2026-11-25"))
    assert "25 Nov 2026" in draw_sheet(report_of(visit)).xhtml


def test_the_closing_questions_stand_apart_from_the_sections() -> None:
    report = report_of(scored())
    assert [section.part.id for section in report.sections] == ["arrival", "counter"]
    assert report.state == ("satisfied", "Satisfied")
    assert report.narrative == "They were quick and kind."
