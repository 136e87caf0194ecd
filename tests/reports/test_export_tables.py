"""Tables of exports: what stands in their cells, and what never does."""

from datetime import date

from audit.domain.checklist.model import Answer
from audit.reports import visit as visits
from audit.reports.branch import compose
from audit.reports.cells import Cell
from audit.reports.exports import Exports
from audit.reports.period import year_of
from tests import cast
from tests.builders import good_answers
from tests.reports.visits import scored
from tests.reports.words import Shouting

YEAR = year_of(date(2026, 11, 12))


def rows_of_visit(**answers: Answer) -> list[dict[str, Cell]]:
    report = visits.compose(cast.PROGRAMME, cast.N01, cast.NORTH, scored(answers={**good_answers(), **answers}))
    table = Exports().of_visit(report)
    return [dict(zip((column.title for column in table.columns), row, strict=True)) for row in table.rows]


def test_a_minute_typed_as_an_answer_leaves_the_office_as_a_part_of_the_day() -> None:
    rows = rows_of_visit(entered=Answer("14:07"))
    assert [row["Answer"] for row in rows if row["Question"] == "When did you come in?"] == ["afternoon"]
    assert not any("14:07" in str(cell) for row in rows for cell in row.values())


def test_what_was_not_answered_says_so_and_earns_nothing() -> None:
    rows = rows_of_visit(listened=Answer("not_observed"), greeted=Answer("not_applicable"))
    said = {row["Question"]: (row["Answer"], row["Points possible"]) for row in rows}
    assert said["Did they let you finish?"] == ("not observed", 0)
    assert said["Did someone greet you within a minute?"] == ("does not apply", 0)
    assert said["A picture of the shelf"] == ("not answered", 0)


def test_the_points_of_a_file_add_up_to_the_points_of_the_visit() -> None:
    visit = scored(answers=good_answers(greeted="no", smile=2))
    report = visits.compose(cast.PROGRAMME, cast.N01, cast.NORTH, visit)
    rows = list(Exports().of_visit(report).rows)
    heads = [column.title for column in Exports().of_visit(report).columns]
    earned, lost = heads.index("Points earned"), heads.index("Points lost")
    assert sum(row[earned] for row in rows) == visit.score.earned  # type: ignore[misc]
    assert sum(row[lost] for row in rows) == visit.score.possible - visit.score.earned  # type: ignore[misc]


def test_every_row_is_as_long_as_the_headings() -> None:
    report = compose(cast.PROGRAMME, cast.N01, cast.NORTH, YEAR, [scored(1), scored(2)])
    for table in Exports().tables(report):
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_headings_and_words_speak_the_readers_language() -> None:
    report = compose(cast.PROGRAMME, cast.N01, cast.NORTH, YEAR, [scored()])
    for table in Exports(Shouting()).tables(report):
        heads = [column.title for column in table.columns]
        assert heads == [head.upper() for head in heads]
    assert Exports(language="ar").of_branch(report).right_to_left
