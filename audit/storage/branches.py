"""The programme, its areas and its branches on their shelves, and who may see which."""

from __future__ import annotations

from collections.abc import Iterable

from audit.domain.errors import NotFound
from audit.domain.people import Person, Scope
from audit.domain.programme import Area, Branch, Programme
from audit.storage.columns import Column, day_from, day_text, json_from, json_text
from audit.storage.connections import Row
from audit.storage.shelf import EVERYTHING, Narrowing, Shelf, narrowed_to


class ProgrammeShelf(Shelf):
    """The one programme of an installation."""

    def find(self) -> Programme:
        """The programme; NotFound before it has been named."""
        return self._connections.once("programme", self._look)

    def _look(self) -> Programme:
        rows = self._rows("select * from programme")
        if not rows:
            raise NotFound("There is no programme yet. Make one with: audit init")
        return _programme_from_row(rows[0])

    def save(self, programme: Programme) -> None:
        self._put("programme", ("id",), _programme_to_row(programme))


class AreaShelf(Shelf):
    """Areas, by code."""

    def visible_to(self, person: Person) -> AreaShelf:
        """The areas this person may see: all, or the one they belong to."""
        return AreaShelf(self._connections, _areas_of(person))

    def find(self, code: str) -> Area:
        return _area_from_row(self._row("select * from area", "code = ?", (code,)))

    def list_all(self) -> list[Area]:
        """By name, then code."""
        return [_area_from_row(row) for row in self._rows("select * from area", tail="order by name, code")]

    def save(self, area: Area) -> None:
        self._put("area", ("code",), {"code": area.code, "name": area.name})


class BranchShelf(Shelf):
    """Branches, by code."""

    def visible_to(self, person: Person) -> BranchShelf:
        """The branches this person may see: all, those of the area, the own one, or those of the own assignments."""
        return BranchShelf(self._connections, _branches_of(person))

    def find(self, code: str) -> Branch:
        if self._narrowing is not EVERYTHING:
            return self._look(code)
        return self._connections.once(("branch", code), lambda: self._look(code))

    def _look(self, code: str) -> Branch:
        return _branch_from_row(self._row("select * from branch", "code = ?", (code,)))

    def find_many(self, codes: Iterable[str]) -> dict[str, Branch]:
        """Those of these codes that are there."""
        rows = self._rows_among("select * from branch", "code", codes)
        return {row["code"]: _branch_from_row(row) for row in rows}

    def list_all(self) -> list[Branch]:
        """By name, then code."""
        return self._list("1")

    def of_area(self, area_code: str | None) -> list[Branch]:
        """The branches of an area; None asks for those that belong to none."""
        return self._list("area_code is ?", (area_code,))

    def without_staff_told(self) -> list[Branch]:
        """The branches where no visit may be assigned yet, since it is not on file that their staff were told."""
        return self._list("staff_told_on is null")

    def count(self) -> int:
        return int(self._rows("select count(*) from branch")[0][0])

    def save(self, branch: Branch) -> None:
        self._put("branch", ("code",), _branch_to_row(branch))

    def _list(self, where: str, parameters: tuple[Column, ...] = ()) -> list[Branch]:
        rows = self._rows("select * from branch", where, parameters, "order by name, code")
        return [_branch_from_row(row) for row in rows]


def _areas_of(person: Person) -> Narrowing:
    around = "code = (select area_code from branch where branch.code = ?)"
    return narrowed_to(
        person,
        {
            Scope.AREA: Narrowing("code = ?", (person.area_code,)),
            Scope.BRANCH: Narrowing(around, (person.branch_code,)),
        },
    )


def _branches_of(person: Person) -> Narrowing:
    asked = "code in (select branch_code from assignment where shopper_id = ?)"
    return narrowed_to(
        person,
        {
            Scope.AREA: Narrowing("area_code = ?", (person.area_code,)),
            Scope.BRANCH: Narrowing("code = ?", (person.branch_code,)),
            Scope.OWN: Narrowing(asked, (person.id,)),
        },
    )


def _programme_to_row(programme: Programme) -> dict[str, Column]:
    return {
        "id": 1,
        "name": programme.name,
        "time_zone": programme.time_zone,
        "language": programme.language,
        "currency": programme.currency,
        "demo": int(programme.demo),
    }


def _programme_from_row(row: Row) -> Programme:
    return Programme(row["name"], row["time_zone"], row["language"], row["currency"], bool(row["demo"]))


def _area_from_row(row: Row) -> Area:
    return Area(row["code"], row["name"])


def _branch_to_row(branch: Branch) -> dict[str, Column]:
    return {
        "code": branch.code,
        "name": branch.name,
        "area_code": branch.area_code,
        "address": branch.address,
        "locality": branch.locality,
        "time_zone": branch.time_zone,
        "attributes": json_text(dict(branch.attributes)),
        "staff_told_on": day_text(branch.staff_told_on),
    }


def _branch_from_row(row: Row) -> Branch:
    return Branch(
        code=row["code"],
        name=row["name"],
        area_code=row["area_code"],
        address=row["address"],
        locality=row["locality"],
        time_zone=row["time_zone"],
        attributes=json_from(row["attributes"]),
        staff_told_on=day_from(row["staff_told_on"]),
    )
