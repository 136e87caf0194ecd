"""The visits behind a figure: those whose mean it is, and a stranger's not at all."""

from __future__ import annotations

import pytest

from audit.actions.looking_behind import AskedFigure, read_behind
from audit.actions.measuring import areas_in, measure_period
from audit.domain.errors import NotFound
from audit.domain.people import Person
from tests import cast
from tests.web.office import Office
from tests.web.rounds import YEAR
from tests.web.rounds import two_rounds as two_rounds


def test_the_visits_behind_a_figure_have_its_mean(office: Office) -> None:
    figure = areas_in(measure_period(office.store, YEAR), "NORTH")["corner-shop"]
    behind = read_behind(office.store, cast.AMIR, YEAR, AskedFigure("corner-shop", area="NORTH"))
    assert float(sum(behind.scores.values())) / len(behind.scores) == pytest.approx(figure.mean)
    days = [visit.day for visit in behind.visits]
    assert days == sorted(days, reverse=True)
    of_dimension = read_behind(
        office.store, cast.AMIR, YEAR, AskedFigure("corner-shop", area="NORTH", dimension="warmth")
    )
    assert (of_dimension.dimension, of_dimension.scores) == ("Warmth", behind.scores)
    own = read_behind(office.store, cast.BEA, YEAR, AskedFigure("corner-shop", branch="N01"))
    assert {visit.branch_code for visit in own.visits} == {"N01"}


@pytest.mark.parametrize(
    ("person", "asked"),
    [
        (cast.OTTO_AREA, AskedFigure("corner-shop", area="NORTH")),
        (cast.OTTO_AREA, AskedFigure("corner-shop", branch="N01")),
        (cast.BEA, AskedFigure("corner-shop", area="NORTH")),
        (cast.BEA, AskedFigure("corner-shop", branch="N02")),
        (cast.AMIR, AskedFigure("corner-shop")),
        (cast.AMIR, AskedFigure("corner-shop", area="NORTH", dimension="charm")),
        (cast.AMIR, AskedFigure("no-such", area="NORTH")),
    ],
)
def test_the_visits_behind_a_strangers_figure_are_not_there(office: Office, person: Person, asked: AskedFigure) -> None:
    with pytest.raises(NotFound):
        read_behind(office.store, person, YEAR, asked)
