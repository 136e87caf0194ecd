"""What all shelves share: how a row is put, sealed and found, and how a shelf is narrowed to what somebody may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from functools import cache

from audit.domain.errors import not_here
from audit.domain.people import Person, Scope
from audit.storage.columns import Column
from audit.storage.connections import Connections, Row
from audit.storage.seals import seal

AT_ONCE = 5_000  # values in one question; some SQLites take no more than six times as many


@dataclass(frozen=True)
class Narrowing:
    """A condition on the rows of a shelf, in SQL of our own, and what stands for its question marks."""

    where: str
    parameters: tuple[Column, ...] = ()


EVERYTHING = Narrowing("1")
NOTHING = Narrowing("0")


def narrowed_to(person: Person, by_scope: Mapping[Scope, Narrowing]) -> Narrowing:
    """What somebody may see: nothing once shown out, everything in the programme office, and else what stands in the
    table for the person's scope; nothing where nothing stands."""
    if not person.active:
        return NOTHING
    if person.scope is Scope.EVERYTHING:
        return EVERYTHING
    return by_scope.get(person.scope, NOTHING)


class Shelf:
    """A shelf over some tables; `narrowing` is what it refuses to see beyond."""

    def __init__(self, connections: Connections, narrowing: Narrowing = EVERYTHING) -> None:
        self._connections = connections
        self._narrowing = narrowing

    def _rows(self, select: str, where: str = "1", parameters: tuple[Column, ...] = (), tail: str = "") -> list[Row]:
        """The rows that `where` and the narrowing both let through; all three texts are ours, never a user's."""
        sql = f"{select} where ({self._narrowing.where}) and ({where}) {tail}"
        return self._connections.rows(sql, (*self._narrowing.parameters, *parameters))

    def _rows_among(
        self,
        select: str,
        column: str,
        wanted: Iterable[str],
        where: str = "1",
        parameters: tuple[Column, ...] = (),
        tail: str = "",
    ) -> list[Row]:
        """The same of those whose column holds one of the values wanted, however many these are; `tail` puts those of
        one value in order. `parameters` are those of the select and of `where`."""
        values, found = sorted(set(wanted)), list[Row]()
        for start in range(0, len(values), AT_ONCE):
            some = values[start : start + AT_ONCE]
            found += self._rows(select, f"({where}) and {column} in ({many(some)})", (*parameters, *some), tail)
        return found

    def _row(self, select: str, where: str, parameters: tuple[Column, ...], tail: str = "") -> Row:
        """The first row; NotFound, in the same words whether it is missing or out of sight."""
        found = self._rows(select, where, parameters, tail)
        if not found:
            raise not_here()
        return found[0]

    def _put(self, table: str, key: tuple[str, ...], row: Mapping[str, Column]) -> None:
        """Write the row, sealed, in place of the one with the same key."""
        sealed = {**row, "digest": seal(row)}
        self._connections.change(_putting(table, key, tuple(sealed)), tuple(sealed.values()))

    def _add(self, table: str, row: Mapping[str, Column]) -> None:
        """Write a new row, sealed; Conflict if its key is taken."""
        sealed = {**row, "digest": seal(row)}
        self._connections.change(_adding(table, tuple(sealed)), tuple(sealed.values()))


def many(parameters: Sized) -> str:
    """As many question marks, for `in (...)`."""
    return ", ".join("?" * len(parameters))


@cache
def _adding(table: str, columns: tuple[str, ...]) -> str:
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"  # noqa: S608 - our names


@cache
def _putting(table: str, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changed = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    return f"{_adding(table, columns)} on conflict ({', '.join(key)}) do update set {changed}"
