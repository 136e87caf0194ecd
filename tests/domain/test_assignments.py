"""What may be offered to whom, and when an offer ends."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from audit.domain.assignment import Assignment, must_be_assignable
from audit.domain.errors import CandourError, InvalidField, NotAllowed, TooLate
from tests import cast
from tests.builders import build_checklist
from tests.domain.offers import NOW, TODAY, an_assignment


def offer(assignment: Assignment, shopper=cast.SAM, branch=cast.N01) -> None:  # type: ignore[no-untyped-def]
    must_be_assignable(assignment, branch, build_checklist(), shopper, TODAY)


def test_a_visit_can_be_offered_until_today() -> None:
    offer(an_assignment(scenario="wrong-bill", not_before=TODAY, spending_limit=Fraction(0)))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"until": date(2026, 11, 11)}, "until"),
        ({"not_before": date(2026, 11, 13)}, "not_before"),
        ({"scenario": "no-such"}, "scenario"),
        ({"spending_limit": Fraction(-1, 100)}, "spending_limit"),
    ],
)
def test_an_offer_that_cannot_be_met_names_its_field(changes: dict, place: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        offer(an_assignment(**changes))
    assert refusal.value.place == place


def test_no_visit_where_the_staff_were_not_told() -> None:
    with pytest.raises(NotAllowed) as refusal:
        offer(an_assignment(), branch=replace(cast.N01, staff_told_on=None))
    assert cast.N01.name in str(refusal.value)


@pytest.mark.parametrize("other", [cast.AMIR, cast.ADA, cast.SAM.dismissed()], ids=["manager", "admin", "dismissed"])
def test_only_a_shopper_who_is_let_in_is_offered_a_visit(other) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidField):
        offer(an_assignment(), shopper=other)


def test_an_assignment_is_overdue_after_its_last_day_only() -> None:
    assert not an_assignment().is_overdue(TODAY)
    assert an_assignment().is_overdue(date(2026, 11, 13))


def test_an_assignment_is_cancelled_once() -> None:
    cancelled = an_assignment().cancelled(NOW)
    assert cancelled.cancelled_at == NOW
    with pytest.raises(TooLate):
        cancelled.cancelled(NOW)


def test_every_refusal_is_a_whole_sentence() -> None:
    for changes in ({"until": date(2020, 1, 1)}, {"scenario": "x"}):
        with pytest.raises(CandourError) as refusal:
            offer(an_assignment(**changes))
        assert str(refusal.value).endswith(".")
