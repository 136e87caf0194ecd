"""Who may do what, and where: people, roles, permissions, scopes. Refuses to know how anybody signs in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from audit.domain.errors import InvalidField, NotAllowed


class May(StrEnum):
    """One thing a person may do; every door names one of these."""

    ADMINISTER = "administer"  # branches, people, devices, settings
    PUBLISH_CHECKLISTS = "publish checklists"
    ASSIGN_VISITS = "assign visits"
    READ_VISITS = "read visits"
    PUBLISH_VISITS = "publish visits"
    CORRECT_VISITS = "correct visits"  # an answer of one that was sent, in the open
    SEE_SHOPPERS = "see shoppers"  # who the pseudonym is, clock times, position
    READ_REPORTS = "read reports"
    SHARE_REPORTS = "share reports"  # with somebody who is not let in, by a link
    MAKE_VISITS = "make visits"  # be a shopper: own assignments, own drafts, own photos
    HAVE_A_HOME = "have a home"  # the own home page, the own devices, signing out


class Scope(StrEnum):
    """How far a role sees."""

    EVERYTHING = "everything"
    AREA = "area"
    BRANCH = "branch"
    OWN = "own"


class Role(StrEnum):
    ADMIN = "admin"
    REVIEWER = "reviewer"
    AREA_MANAGER = "area_manager"
    BRANCH_MANAGER = "branch_manager"
    SHOPPER = "shopper"


@dataclass(frozen=True)
class RoleRow:
    """One row of the table of roles."""

    permissions: frozenset[May]
    scope: Scope


ROLES: dict[Role, RoleRow] = {
    Role.ADMIN: RoleRow(frozenset(May) - {May.MAKE_VISITS}, Scope.EVERYTHING),
    Role.REVIEWER: RoleRow(
        frozenset({May.READ_VISITS, May.SEE_SHOPPERS, May.READ_REPORTS, May.HAVE_A_HOME}), Scope.EVERYTHING
    ),
    Role.AREA_MANAGER: RoleRow(frozenset({May.READ_REPORTS, May.SHARE_REPORTS, May.HAVE_A_HOME}), Scope.AREA),
    Role.BRANCH_MANAGER: RoleRow(frozenset({May.READ_REPORTS, May.HAVE_A_HOME}), Scope.BRANCH),
    Role.SHOPPER: RoleRow(frozenset({May.MAKE_VISITS, May.HAVE_A_HOME}), Scope.OWN),
}


@dataclass(frozen=True)
class Person:
    """Somebody with one role. `area_code` and `branch_code` narrow the scope of area and branch managers.

    `pseudonym` is what everybody outside the programme office reads instead of a shopper's name. `language` is the tag
    of the language chosen for the pages; empty until one is.
    """

    id: str
    name: str
    role: Role
    email: str | None = None
    area_code: str | None = None
    branch_code: str | None = None
    pseudonym: str = ""
    language: str = ""
    active: bool = True

    def __post_init__(self) -> None:
        if self.role is Role.AREA_MANAGER and not self.area_code:
            raise InvalidField("An area manager needs an area.", place="area")
        if self.role is Role.BRANCH_MANAGER and not self.branch_code:
            raise InvalidField("A branch manager needs a branch.", place="branch")

    @property
    def scope(self) -> Scope:
        return ROLES[self.role].scope

    def may(self, permission: May) -> bool:
        """Whether the role's row in the table holds this permission."""
        return self.active and permission in ROLES[self.role].permissions

    def must(self, permission: May) -> None:
        """Raise NotAllowed unless the person may."""
        if not self.may(permission):
            raise NotAllowed("You may not do this.")

    def named_for(self, viewer: Person) -> str:
        """The name that this viewer may read: a shopper is a pseudonym outside the programme office."""
        if self.role is not Role.SHOPPER or viewer.id == self.id or viewer.may(May.SEE_SHOPPERS):
            return self.name
        return self.pseudonym

    def speaking(self, language: str) -> Person:
        """The same person with this language chosen for the pages; with none if it is empty."""
        return replace(self, language=language)

    def dismissed(self) -> Person:
        """The same person, no longer let in anywhere."""
        return replace(self, active=False)
