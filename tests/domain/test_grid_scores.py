"""The rows of a grid: each counts, does not apply, or was not observed for itself."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED, Circumstances
from audit.domain.score import UNANSWERED, Score, score_visit
from tests.domain.checklist.small import asked, read, tree_with

SCALE = [{"id": "clean", "title": "Clean", "share": 1}, {"id": "dirty", "title": "Dirty", "share": 0}]
OFFER = [NOT_APPLICABLE, NOT_OBSERVED]
ROWS = ["floor", "table", "window"]

grids = some.fixed_dictionaries({}, optional={row: some.sampled_from(["clean", "dirty", *OFFER]) for row in ROWS})


def scored_as_grid(said: dict[str, str]) -> Score:
    rows = [{"id": row, "title": row} for row in ROWS]
    checklist = read(tree_with(asked("tidy", "grid", rows=rows, scale=SCALE, offer=OFFER, weight=len(ROWS)), greeted()))
    tidy = clean_answer(checklist.question("tidy"), said)
    return score_visit(checklist, {"tidy": tidy, "greeted": clean_answer(checklist.question("greeted"), "yes")}, NOBODY)


def scored_one_by_one(said: dict[str, str]) -> Score:
    questions = [asked(row, "choice", options=SCALE, offer=OFFER, weight=1) for row in ROWS]
    checklist = read(tree_with(*questions, greeted()))
    answers = {id: clean_answer(checklist.question(id), raw) for id, raw in {**said, "greeted": "yes"}.items()}
    return score_visit(checklist, answers, NOBODY)


def greeted() -> dict:
    return asked("greeted", weight=2)


NOBODY = Circumstances()


@given(grids)
def test_the_rows_of_a_grid_count_like_as_many_questions(said: dict[str, str]) -> None:
    grid, questions = scored_as_grid(said), scored_one_by_one(said)
    for name in (
        "status",
        "base",
        "official",
        "na_share",
        "low_if_na_failed",
        "high_if_na_passed",
        "shown",
        "possible",
    ):
        assert getattr(grid, name) == getattr(questions, name), name


def test_a_row_that_does_not_apply_widens_the_bounds_though_no_other_row_counts() -> None:
    score = scored_as_grid({"floor": NOT_APPLICABLE, "table": NOT_OBSERVED, "window": NOT_OBSERVED})
    assert score.na_share == Fraction(1, 3)
    assert (score.low_if_na_failed, score.high_if_na_passed) == (Fraction(200, 3), 100)
    assert score.questions[0].why == NOT_OBSERVED
    assert score.not_observed == 1


def test_a_grid_without_any_row_is_unanswered() -> None:
    assert scored_as_grid({}).questions[0].why == UNANSWERED
