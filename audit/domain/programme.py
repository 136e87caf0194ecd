"""The programme, its areas and its branches. Refuses a branch without a code, and visits where staff were not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audit.domain.errors import CandourError, InvalidField, NotAllowed


@dataclass(frozen=True)
class Programme:
    """The organisation's programme. `demo` marks an invented organisation on every page and every sheet of paper."""

    name: str
    time_zone: str = "UTC"
    language: str = "en"
    currency: str = "EUR"
    demo: bool = False

    def __post_init__(self) -> None:
        zone_named(self.time_zone)


@dataclass(frozen=True)
class Area:
    code: str
    name: str


@dataclass(frozen=True)
class Branch:
    """One branch. `attributes` are what rules of a checklist may ask about: names to short texts.

    `staff_told_on` is the day its staff were told that visits will happen; without it no visit is assigned here.
    """

    code: str
    name: str
    area_code: str | None = None
    address: str = ""
    locality: str = ""
    time_zone: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    staff_told_on: date | None = None

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise InvalidField("A branch needs a code.", place="code")
        if not self.name.strip():
            raise InvalidField("A branch needs a name.", place="name")
        if self.time_zone:
            zone_named(self.time_zone)

    def zone(self, programme: Programme) -> ZoneInfo:
        """The branch's own time zone, or the programme's."""
        return zone_named(self.time_zone or programme.time_zone)

    def day_of(self, instant: datetime, programme: Programme) -> date:
        """The calendar day of an instant where the branch stands."""
        return instant.astimezone(self.zone(programme)).date()

    def must_know_of_visits(self) -> None:
        """Raise NotAllowed unless it is on file that the staff were told that visits will happen."""
        if self.staff_told_on is None:
            raise NotAllowed(
                "The staff of {branch} have not been told that visits will happen. Record first when they were told.",
                branch=self.name,
            )


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name in the tz database; InvalidField names the wrong one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidField(
            "“{name}” is not a time zone. Write it like Europe/Zurich.", place="time_zone", name=name
        ) from None


@dataclass(frozen=True)
class BranchRow:
    """One row of a table of branches as somebody brought it; `number` is the row as they see it in their file."""

    number: int
    code: str
    name: str
    area: str = ""
    address: str = ""
    locality: str = ""
    time_zone: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken; the refusal says what is wrong and the mend."""

    row: int
    refusal: CandourError

    @property
    def why(self) -> str:
        """The same in English, for the command line."""
        return self.refusal.message.format(**self.refusal.values)


def can_be_seen(name: str) -> bool:
    """Whether a name has a sign that somebody can see: no blank, control or sign that stands for nothing."""
    return any(sign.isprintable() and not sign.isspace() for sign in name)


def sort_rows(rows: Iterable[BranchRow]) -> tuple[tuple[BranchRow, ...], tuple[RefusedRow, ...]]:
    """Part the rows that can be taken from those that cannot; of a code that stands twice, the first row is taken."""
    taken: dict[str, BranchRow] = {}
    refused: list[RefusedRow] = []
    for row in rows:
        refusal = _refusal_of(row, taken)
        if refusal:
            refused.append(RefusedRow(row.number, refusal))
        else:
            taken[row.code] = row
    return tuple(taken.values()), tuple(refused)


def _refusal_of(row: BranchRow, taken: Mapping[str, BranchRow]) -> CandourError | None:
    if not row.code:
        return InvalidField("There is no code. Give the branch a code of its own.")
    if not _fits_an_address(row.code):
        return InvalidField(
            "The code cannot stand in an address. Leave out signs that cannot be seen, and slashes at its ends."
        )
    if row.code in taken:
        return InvalidField(
            "The code {code} stands in row {row} already. Give each branch a code of its own.",
            code=row.code,
            row=taken[row.code].number,
        )
    if not can_be_seen(row.name):
        return InvalidField("The branch {code} has no name. Fill in its name.", code=row.code)
    if len(row.code) > 100 or len(row.name) > 300:
        return InvalidField("The code or the name is too long. Check that the columns are the right ones.")
    if row.time_zone:
        try:
            zone_named(row.time_zone)
        except InvalidField as refusal:
            return refusal
    return None


# What stands after the code of a branch in the addresses of its other pages.
_BELOW_A_BRANCH = {"report", "report.pdf", "staff-told", "figures.csv", "figures.xlsx", "shares"}


def _fits_an_address(code: str) -> bool:
    """Whether /branches/<code> is the page of this branch, in every browser, and nothing else."""
    parts = code.split("/")
    return code.isprintable() and not {"", ".", "..", *_BELOW_A_BRANCH} & set(parts)
