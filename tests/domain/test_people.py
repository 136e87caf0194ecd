"""Who may do what: the table of roles, read aloud."""

import pytest

from audit.domain.errors import InvalidField, NotAllowed
from audit.domain.people import ROLES, May, Person, Role, Scope
from tests import cast


def test_the_table_of_roles_says_this_and_nothing_more() -> None:
    assert {
        role.value: (sorted(may.value for may in row.permissions), row.scope.value) for role, row in ROLES.items()
    } == {
        "admin": (
            [
                "administer",
                "assign visits",
                "correct visits",
                "have a home",
                "publish checklists",
                "publish visits",
                "read reports",
                "read visits",
                "see shoppers",
                "share reports",
            ],
            "everything",
        ),
        "reviewer": (["have a home", "read reports", "read visits", "see shoppers"], "everything"),
        "area_manager": (["have a home", "read reports", "share reports"], "area"),
        "branch_manager": (["have a home", "read reports"], "branch"),
        "shopper": (["have a home", "make visits"], "own"),
    }


def test_a_manager_without_a_place_is_refused() -> None:
    with pytest.raises(InvalidField):
        Person("1", "Amir", Role.AREA_MANAGER)
    with pytest.raises(InvalidField):
        Person("2", "Bea", Role.BRANCH_MANAGER)


@pytest.mark.parametrize("permission", May)
def test_whoever_was_shown_out_may_nothing_at_all(permission: May) -> None:
    for person in cast.EVERYBODY:
        assert not person.dismissed().may(permission)
        with pytest.raises(NotAllowed):
            person.dismissed().must(permission)


def test_a_shopper_is_a_pseudonym_outside_the_programme_office() -> None:
    for viewer in (cast.AMIR, cast.BEA, cast.OTTO_AREA, cast.OTTO_SHOPPER):
        assert cast.SAM.named_for(viewer) == "Shopper 7"
    for viewer in (cast.ADA, cast.RITA, cast.SAM):
        assert cast.SAM.named_for(viewer) == cast.SAM.name
    assert cast.AMIR.named_for(cast.BEA) == cast.AMIR.name


def test_scopes_follow_the_role() -> None:
    assert [person.scope for person in (cast.ADA, cast.AMIR, cast.BEA, cast.SAM)] == [
        Scope.EVERYTHING,
        Scope.AREA,
        Scope.BRANCH,
        Scope.OWN,
    ]
