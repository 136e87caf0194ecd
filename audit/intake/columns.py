"""Which column of a branch list is what, by its heading and by what stands in it. Proposes; a person confirms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from audit.intake.column_words import read_heading
from audit.intake.tables import Row, Table

FIELDS = (
    "code",
    "name",
    "area",
    "address",
    "locality",
    "postcode",
    "time_zone",
    "opens",
    "closes",
    "latitude",
    "longitude",
    "phone",
    "email",
    "kind",
)
# These have a place of their own in a branch; all else that a row says becomes an attribute.
_OWN_PLACE = frozenset({"code", "name", "area", "address", "locality", "time_zone"})
_AREA_WORTH = {"area": 95, "province": 85, "district": 75}
# A column of codes may lack or repeat one here and there, but what repeats more names something else.
_LEAST_DISTINCT = 0.5
_UNKNOWN_WORD = 8
_REPEATS = 45

T = TypeVar("T")


def match_columns(header: Sequence[str], rows: Sequence[Row] = ()) -> dict[str, int | None]:
    """For each of FIELDS the index of its column, or None; no column serves two fields.

    With `rows`, a column whose values mostly repeat (a bank's code beside that of its branch) is taken as the code only
    if there is no better one.
    """
    worths = [
        (worth if wanted != "code" or _names_each(index, rows) else worth - _REPEATS, wanted, index)
        for index, heading in enumerate(header)
        for wanted, worth in _worths(heading).items()
    ]
    columns: dict[str, int | None] = dict.fromkeys(FIELDS)
    taken: set[int] = set()
    # The surest first; among equals the order of FIELDS, then that of the columns.
    for _, wanted, index in sorted(worths, key=lambda each: (-each[0], FIELDS.index(each[1]), each[2])):
        if columns[wanted] is None and index not in taken:
            columns[wanted] = index
            taken.add(index)
    code = columns["code"]
    if (code is None or not _names_each(code, rows)) and _tells_apart(columns["postcode"], rows):
        # Post offices are known by their postcodes.
        columns["code"], columns["postcode"] = columns["postcode"], None
    return columns


def list_attribute_columns(header: Sequence[str], columns: Mapping[str, int | None]) -> dict[str, int]:
    """The columns that serve no field, by heading; the second of the same heading is called “heading (2)”."""
    attributes: dict[str, int] = {}
    for index, heading in enumerate(header):
        if index in columns.values():
            continue
        title = heading or f"column {index + 1}"
        again = 2
        unique = title
        while unique in attributes:
            unique = f"{title} ({again})"
            again += 1
        attributes[unique] = index
    return attributes


def read_branch_rows(table: Table, columns: Mapping[str, int | None], make: Callable[..., T]) -> list[T]:
    """The rows by the columns chosen. Without a column of names a branch is named after its locality and address.

    `make` is given number, code, name, area, address, locality, time_zone and attributes by name; nothing is decided
    here, so a code may be empty or stand twice.
    Attributes hold what is not empty: unmatched columns by their heading, and fields without a place of their own
    (kind, opens, closes, phone and so on) by the name of the field.
    """
    extra = list_attribute_columns(table.header, columns)
    for wanted, index in columns.items():
        if wanted not in _OWN_PLACE and index is not None:
            extra[wanted] = index
    localities = [row.cell(columns.get("locality")) for row in table.rows]
    times = Counter(localities)
    return [
        make(
            number=row.number,
            code=row.cell(columns.get("code")),
            name=_name(row, columns, alone=times[locality] == 1),
            area=row.cell(columns.get("area")),
            address=row.cell(columns.get("address")),
            locality=locality,
            time_zone=row.cell(columns.get("time_zone")),
            attributes={title: text for title, index in extra.items() if (text := row.cell(index))},
        )
        for row, locality in zip(table.rows, localities, strict=True)
    ]


def _name(row: Row, columns: Mapping[str, int | None], *, alone: bool) -> str:
    if columns.get("name") is not None:
        return row.cell(columns["name"])
    locality, address = row.cell(columns.get("locality")), row.cell(columns.get("address"))
    if locality and (alone or not address):
        return locality
    return ", ".join(filter(None, (locality, address))) or row.cell(columns.get("code"))


def _names_each(index: int, rows: Sequence[Row]) -> bool:
    values = [value for row in rows if (value := row.cell(index))]
    return not rows or len(set(values)) > _LEAST_DISTINCT * len(values)


def _tells_apart(index: int | None, rows: Sequence[Row]) -> bool:
    values = [row.cell(index) for row in rows]
    return index is not None and all(values) and len(set(values)) == len(values)


def _worths(heading: str) -> dict[str, int]:
    """How well a heading fits each field, 0 to 100; fields that it does not fit are left out."""
    meanings, unknown = read_heading(heading)
    if not meanings or "foreign" in meanings or unknown > 2:
        return {}
    worths = {
        wanted: worth
        for wanted, worth in (
            ("code", _code_worth(meanings)),
            ("name", _name_worth(meanings)),
            ("area", _area_worth(meanings)),
            *((each, _plain_worth(each, meanings)) for each in FIELDS[3:]),
        )
        if worth
    }
    return {wanted: max(1, worth - _UNKNOWN_WORD * unknown) for wanted, worth in worths.items()}


def _code_worth(meanings: frozenset[str]) -> int:
    if meanings <= {"branch", "code", "number"} and meanings & {"code", "number"}:
        return (70 if "code" in meanings else 50) + (30 if "branch" in meanings else 0)
    return 0


def _name_worth(meanings: frozenset[str]) -> int:
    if meanings <= {"branch", "name"} and meanings:
        return 100 if meanings == {"branch", "name"} else 90 if "name" in meanings else 70
    return 0


def _area_worth(meanings: frozenset[str]) -> int:
    worth = max((_AREA_WORTH.get(meaning, 0) for meaning in meanings), default=0)
    if not worth or not meanings <= {*_AREA_WORTH, "name", "code", "number", "branch"}:
        return 0
    return worth - (40 if meanings & {"code", "number"} else 0)


def _plain_worth(wanted: str, meanings: frozenset[str]) -> int:
    also = {
        "postcode": {"code", "number"},
        "phone": {"number"},
        "opens": {"hour"},
        "closes": {"hour"},
        "email": {"address"},
        "locality": {"name"},
        "kind": {"code", "name"},
    }.get(wanted, set())
    if wanted not in meanings or not meanings <= {wanted, "branch", *also}:
        return 0
    return 90 if meanings & {"code"} == set() or wanted == "postcode" else 60
