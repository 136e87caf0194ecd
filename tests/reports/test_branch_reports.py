"""The report of a branch: what it says, and what it does not say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from audit.domain.checklist.model import Answer, Option, Question
from audit.domain.checklist.questions.grid import Grid, GridRow
from audit.domain.statistics.measuring import ScoredVisit as Measured
from audit.domain.statistics.measuring import measure_visits
from audit.domain.visit import VisitState
from audit.reports.branch import BranchReport, compose
from audit.reports.figures import ScoredVisit
from audit.reports.paper import draw_sheet
from audit.reports.period import Period
from audit.reports.question_lines import MOST_SEEN
from tests.builders import NOON_IN_NOVEMBER, build_checklist, build_published, good_answers, text
from tests.cast import N01, NORTH, PROGRAMME
from tests.reports.visits import entered_at, scored

AUTUMN = Period(date(2026, 10, 1), date(2026, 12, 31), "quarter")


def report_of(*visits: ScoredVisit) -> BranchReport:
    return compose(PROGRAMME, N01, NORTH, AUTUMN, visits)


def test_the_figure_is_the_mean_of_exact_scores_rounded_once() -> None:
    # 7/10, 8/10 and 10/10 points: the mean is 83 1/3.
    visits = (
        scored(1, answers=good_answers(greeted="no")),
        scored(2, answers=good_answers(listened="no")),
        scored(3),
    )
    figure = report_of(*visits).parts[0].figure
    assert figure.score == Fraction(250, 3)
    assert (figure.shown, figure.n, figure.band) == ("83", 3, "Good")
    assert figure.reaches_target


def test_rounding_does_not_lift_a_branch_over_its_target() -> None:
    just_below = replace(build_checklist(), target=Fraction(251, 3))
    visits = [
        scored(1, build_published(just_below), answers=good_answers(greeted="no")),
        scored(2, build_published(just_below), answers=good_answers(listened="no")),
        scored(3, build_published(just_below)),
    ]
    figure = report_of(*visits).parts[0].figure
    assert figure.shown == "83"
    assert not figure.reaches_target


def test_tests_drafts_and_visits_that_wait_never_count() -> None:
    report = report_of(
        scored(1, test=True),
        scored(2, state=VisitState.SUBMITTED, published_at=None),
        scored(3, state=VisitState.STOPPED),
        scored(4),
    )
    assert report.n == 1
    assert [visit.visit.id for visit in report.parts[0].visits] == [scored(4).visit.id]


def test_a_visit_outside_the_period_does_not_count() -> None:
    assert report_of(entered_at(1, datetime(2026, 9, 30, 10, tzinfo=UTC))).parts == ()


def test_visits_with_different_checklists_are_never_in_one_figure() -> None:
    call = build_published(replace(build_checklist(), id="call", channel="phone"))
    report = report_of(scored(1, call), scored(2, answers=good_answers(greeted="no")))
    assert [(part.checklist.id, part.figure.shown, part.figure.n) for part in report.parts] == [
        ("welcome", "70", 1),
        ("call", "100", 1),
    ]


def test_a_report_of_two_checklists_begins_with_a_line_for_each() -> None:
    call = build_published(replace(build_checklist(), id="call", channel="phone", title=text("The call")))
    report = report_of(scored(1, call), scored(2, answers=good_answers(greeted="no")))
    table = draw_sheet(report).xhtml.partition('<table class="ranges contents">')[2].partition("</table>")[0]
    figures = re.findall(r'<th scope="row">(.*?)</th>.*?<td class="number">(\d+ %)</td><td>(.*?)</td>', table)
    assert figures == [("A good welcome, in person", "70 %", "1 visit"), ("The call, by telephone", "100 %", "1 visit")]


def test_beside_whether_the_target_was_reached_stands_how_sure_that_is() -> None:
    scores = {"N01": 95.0, **dict.fromkeys(("b1", "b2", "b3", "b4"), 70.0)}
    made = [
        Measured(code, score + 5 * (n - 1), "North", "", f"{code}-{n}")
        for code, score in scores.items()
        for n in range(3)
    ]
    measured = {"welcome": measure_visits(made).areas[0]}
    report = compose(PROGRAMME, N01, NORTH, AUTUMN, [scored(n) for n in (1, 2, 3)], measured=measured)
    said = re.findall(r'<p class="line">(.*?)</p>', draw_sheet(report).xhtml)
    assert "Clearly above the mean of its area. Clearly above the target of 80." in said


def test_a_sheet_has_no_places_of_its_own_so_that_a_volume_can_be_bound_of_it() -> None:
    call = build_published(replace(build_checklist(), id="call", channel="phone"))
    assert " id=" not in draw_sheet(report_of(scored(1, call), scored(2))).xhtml


def test_a_report_of_one_checklist_says_its_figure_once() -> None:
    assert "contents" not in draw_sheet(report_of(scored(1))).xhtml


def test_a_question_that_nobody_observed_is_kept_in_no_number_of_visits() -> None:
    report = report_of(scored(1, answers=good_answers(solved="not_observed")))
    (line,) = [line for line in report.parts[0].questions if line.id == "solved"]
    assert (line.n, line.not_observed) == (0, 1)
    said = draw_sheet(report).xhtml.partition("Every question")[2]
    assert f'<span class="absent">not observed (1)</span>&#8194;{line.title}' in said
    assert "0 of 0" not in said


def test_a_dimension_has_an_n_of_its_own_and_not_observed_is_told_apart() -> None:
    report = report_of(
        scored(1, answers=good_answers(solved="no")),
        scored(2, answers=good_answers(solved="not_observed")),
        scored(3, answers=good_answers(solved="not_applicable")),
        scored(4),
    )
    recovery = next(line for line in report.parts[0].dimensions if line.id == "recovery")
    assert (recovery.shown, recovery.n, recovery.not_observed) == ("50", 2, 1)


def test_an_unscored_visit_is_said_and_not_averaged() -> None:
    mostly_absent = good_answers(greeted="not_applicable", listened="not_applicable", solved="not_applicable")
    part = report_of(scored(1, answers=mostly_absent), scored(2)).parts[0]
    assert (part.figure.n, part.unscored, len(part.visits)) == (1, 1, 2)


def test_where_nothing_was_scored_no_heading_stands_above_nothing() -> None:
    absent = good_answers(greeted="not_applicable", listened="not_applicable", solved="not_applicable")
    for name in ("smile", "till"):
        del absent[name]
    said = draw_sheet(report_of(scored(1, answers=absent))).xhtml
    assert "no score" in said
    assert not [each for each in ("Points lost", "No points", "Every question", "The figure above") if each in said]


def test_a_partial_visit_brings_its_bounds() -> None:
    part = report_of(scored(1, answers=good_answers(greeted="not_applicable"))).parts[0]
    assert (part.partial, part.figure.shown, part.low, part.high) == (1, "100", "70", "100")


def test_what_was_kept_in_half_of_the_visits_is_not_among_the_best() -> None:
    part = report_of(scored(1, answers=good_answers(greeted="no")), scored(2)).parts[0]
    assert "greeted" not in [line.id for line in part.best]
    assert len(part.best) == 3


def test_a_lost_point_stands_beside_the_shoppers_sentence() -> None:
    cold = Answer("no", "Nobody looked up.", ("busy",), ("a" * 64,))
    lost = report_of(scored(1, answers=good_answers(greeted=cold))).parts[0].lost
    assert [(line.id, line.lost, line.possible) for line in lost] == [("greeted", 3, 3)]
    line = lost[0].seen[0].line
    assert (line.shown, line.comment, line.facts, line.photos) == (
        "No",
        "Nobody looked up.",
        ("All busy",),
        ("a" * 64,),
    )


def test_a_failed_critical_question_comes_first_though_it_cost_less() -> None:
    lost = report_of(scored(1, answers=good_answers(greeted="no", till="no"))).parts[0].lost
    assert [line.id for line in lost] == ["till", "greeted"]
    assert lost[0].critical == 1


def test_the_same_bare_answer_is_said_once() -> None:
    visits = [
        entered_at(n, NOON_IN_NOVEMBER - timedelta(days=n), answers=good_answers(greeted="no")) for n in (1, 2, 3)
    ]
    (line,) = report_of(*visits).parts[0].lost
    assert line.seen == ()
    assert [(same.line.shown, len(same.visits)) for same in line.bare] == [("No", 3)]


def test_of_a_grid_only_the_rows_that_lost_something_are_told() -> None:
    points = (Option("always", text("All the time"), Fraction(1)), Option("never", text("Never"), Fraction(0)))
    rows = (GridRow("looked", text("Looked up")), GridRow("faced", text("Faced you")), GridRow("asked", text("Asked")))
    checklist = build_checklist()
    arrival = replace(
        checklist.sections[0],
        questions=(
            *checklist.sections[0].questions,
            Question("manner", text("How often?"), Grid(rows, points, ("not_observed",)), Fraction(2), required=False),
        ),
    )
    published = build_published(replace(checklist, sections=(arrival, *checklist.sections[1:])))
    kept = {"looked": "always", "asked": "not_observed"}
    visits = [
        scored(1, published, answers=good_answers(manner=Answer({**kept, "faced": "never"}))),
        scored(2, published, answers=good_answers(manner=Answer({"looked": "always", "faced": "never"}))),
    ]
    (line,) = report_of(*visits).parts[0].lost
    assert [(same.line.shown, len(same.visits)) for same in line.bare] == [("Faced you: Never", 2)]


def test_many_comments_are_cut_and_the_rest_is_counted() -> None:
    answers = good_answers(greeted=Answer("no", "Nobody looked up."))
    visits = [scored(n, answers=answers) for n in range(1, MOST_SEEN + 4)]
    (line,) = report_of(*visits).parts[0].lost
    assert (len(line.seen), line.more) == (MOST_SEEN, 3)


def test_a_photo_beside_a_lost_point_is_not_printed_again() -> None:
    answers = good_answers(greeted=Answer("no", "", (), ("a" * 64,)), shelf=Answer(None, "", (), ("a" * 64, "b" * 64)))
    photos = report_of(scored(1, answers=answers)).parts[0].photos
    assert [(title, sha256) for _, title, sha256 in photos] == [("A picture of the shelf", "b" * 64)]


def test_a_visit_late_in_the_evening_belongs_to_the_day_of_the_branch() -> None:
    late = entered_at(1, datetime(2026, 12, 31, 23, 30, tzinfo=UTC), visited_on=None)
    assert late.day == date(2027, 1, 1)
    assert report_of(late).parts == ()


def test_a_branch_nobody_visited_has_no_figure_at_all() -> None:
    report = report_of()
    assert (report.parts, report.n, report.provenance.cut) == ((), 0, None)


@given(st.lists(st.sampled_from(["yes", "no", "not_applicable"]), min_size=1, max_size=6))
def test_the_order_in_which_visits_arrive_changes_nothing(greetings: list[str]) -> None:
    visits = [scored(n, answers=good_answers(greeted=word)) for n, word in enumerate(greetings, 1)]
    assert report_of(*visits) == report_of(*reversed(visits))
