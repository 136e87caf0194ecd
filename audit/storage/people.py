"""People on their shelf, and the hashes of their passwords beside them; an e-mail address belongs to one person."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from audit.domain.errors import Conflict
from audit.domain.people import Person, Role, Scope
from audit.storage.columns import Column
from audit.storage.connections import Row
from audit.storage.shelf import Narrowing, Shelf, narrowed_to


class PersonShelf(Shelf):
    """Everybody with a role, let in or not."""

    def visible_to(self, person: Person) -> PersonShelf:
        """The people this person may see: everybody for the office, otherwise themselves alone."""
        themselves = Narrowing("id = ?", (person.id,))
        return PersonShelf(self._connections, narrowed_to(person, dict.fromkeys(Scope, themselves)))

    def find(self, id: str) -> Person:
        return person_from_row(self._row("select * from person", "id = ?", (id,)))

    def find_many(self, ids: Iterable[str]) -> dict[str, Person]:
        """Those of these ids that are there."""
        return {row["id"]: person_from_row(row) for row in self._rows_among("select * from person", "id", ids)}

    def by_email(self, email: str) -> Person:
        """Whoever has this address, however its letters are written; NotFound if nobody has."""
        return person_from_row(self._row("select * from person", "email = ?", (address(email),)))

    def list_all(self, role: Role | None = None) -> list[Person]:
        """Everybody, or everybody with that role, by name."""
        where, parameters = ("role = ?", (role.value,)) if role else ("1", ())
        rows = self._rows("select * from person", where, parameters, "order by name, id")
        return [person_from_row(row) for row in rows]

    def save(self, person: Person) -> None:
        """Conflict if somebody else has the e-mail address already."""
        if person.email:
            taken = self._rows("select id from person", "email = ? and id <> ?", (address(person.email), person.id))
            if taken:
                raise Conflict("Somebody with this e-mail address is there already.", place="email")
        self._put("person", ("id",), _person_to_row(person))

    def password_hash(self, person_id: str) -> str | None:
        """The hash of the person's password; None if there is none yet."""
        rows = self._connections.rows("select hash from password where person_id = ?", (person_id,))
        return rows[0]["hash"] if rows else None

    def set_password(self, person_id: str, hash: str) -> None:
        self.find(person_id)
        self._connections.change(
            "insert into password values (?, ?) on conflict (person_id) do update set hash = excluded.hash",
            (person_id, hash),
        )

    def forget_password(self, person_id: str) -> None:
        """Take the password away, so that only a new invitation lets the person in."""
        self._connections.change("delete from password where person_id = ?", (person_id,))


def address(email: str) -> str:
    """An e-mail address in the one spelling in which it is kept and looked for."""
    return unicodedata.normalize("NFC", email).strip().casefold()


def _person_to_row(person: Person) -> dict[str, Column]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role.value,
        "email": address(person.email) if person.email else None,
        "area_code": person.area_code,
        "branch_code": person.branch_code,
        "pseudonym": person.pseudonym,
        "language": person.language,
        "active": int(person.active),
    }


def person_from_row(row: Row, id: str = "id") -> Person:
    """The person in a row with all its columns; `id` names the one that holds the id."""
    return Person(
        id=row[id],
        name=row["name"],
        role=Role(row["role"]),
        email=row["email"],
        area_code=row["area_code"],
        branch_code=row["branch_code"],
        pseudonym=row["pseudonym"],
        language=row["language"],
        active=bool(row["active"]),
    )
