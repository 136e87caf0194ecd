"""The lists of the office as tables for a spreadsheet program, in the language of the page.

Owns which columns there are. Says of everybody what the page says to this reader, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from audit.domain.assignment import Assignment
from audit.domain.people import Person, Role
from audit.domain.programme import Area, Branch
from audit.domain.statistics.severity import Severity
from audit.domain.statistics.traffic import DAYS, PARTS, Traffic
from audit.formatting import Formats
from audit.reports.cells import Cell, Column, Table
from audit.reports.exports import CODE, NAME, SENTENCES, SHORT, TITLE
from audit.reports.side_tables import hours_of
from audit.reports.workings import LeftOut, QuestionWorking
from audit.reports.workings_sentences import WorkingsSentences
from audit.storage.shares import Share
from audit.web.access import viewer
from audit.web.dates import programme_zone
from audit.web.languages import gettext, language

Row = Sequence[Cell]


def table_of_branches(branches: Iterable[Branch], areas: Mapping[str, Area]) -> Table:
    """A row for each branch, with the day on which its staff were told."""
    columns = (
        *branch_columns(),
        Column(gettext("Area code"), CODE),
        Column(gettext("Area"), NAME),
        Column(gettext("Staff told"), SHORT),
    )
    rows = (
        (each.code, each.name, each.area_code or "", _name_of(areas, each.area_code), each.staff_told_on)
        for each in branches
    )
    return table(gettext("Branches"), columns, rows)


def table_of_people(
    people: Iterable[Person], titles: Mapping[Role, object], areas: Mapping[str, Area], branches: Mapping[str, Branch]
) -> Table:
    """A row for each person; those who were shown out say so."""
    columns = (
        Column(gettext("Name"), NAME),
        Column(gettext("Pseudonym"), NAME),
        Column(gettext("Role"), TITLE),
        Column(gettext("Area"), NAME),
        *branch_columns(),
        Column(gettext("Shown out"), SHORT),
    )
    rows = (
        (
            each.name,
            each.pseudonym,
            str(titles[each.role]),
            _name_of(areas, each.area_code),
            each.branch_code or "",
            _name_of(branches, each.branch_code),
            not each.active,
        )
        for each in people
    )
    return table(gettext("People"), columns, rows)


def table_of_assignments(
    assignments: Iterable[Assignment],
    asked: Mapping[str, str],
    overdue: set[str],
    branches: Mapping[str, Branch],
    shoppers: Mapping[str, Person],
) -> Table:
    """A row for each visit that is still to be made; `asked` says by assignment what is to be walked."""
    columns = (
        *branch_columns(),
        Column(gettext("Checklist"), TITLE),
        Column(gettext("Shopper"), NAME),
        Column(gettext("Last day"), SHORT),
        Column(heading(gettext("overdue")), SHORT),
        Column(heading(gettext("test")), SHORT),
    )
    rows = (
        (
            each.branch_code,
            branches[each.branch_code].name,
            asked[each.id],
            shoppers[each.shopper_id].named_for(viewer()),
            each.until,
            each.id in overdue,
            each.test,
        )
        for each in assignments
    )
    return table(gettext("Assignments"), columns, rows)


def table_of_shares(
    shares: Iterable[Share],
    names: Mapping[str, str],
    makers: Mapping[str, Person],
    days: Mapping[str, tuple[date, date]],
) -> Table:
    """A row for each link to a report; by share `names` say of what, and `days` over which days. No link is in it."""
    columns = (
        Column(gettext("What"), NAME),
        Column(gettext("First day"), SHORT),
        Column(gettext("Last day"), SHORT),
        Column(gettext("For whom"), TITLE),
        Column(gettext("Made by"), NAME),
        Column(gettext("Times opened"), SHORT),
        Column(gettext("Last opened"), SHORT),
        Column(gettext("Good until"), SHORT),
        Column(gettext("Taken back"), SHORT),
    )
    rows = (
        (
            names[each.id],
            *days[each.id],
            each.note,
            makers[each.made_by].name,
            each.uses,
            _day(each.used_at),
            _day(each.expires_at),
            _day(each.revoked_at),
        )
        for each in shares
    )
    return table(gettext("Shared reports"), columns, rows)


def table_of_questions(questions: Iterable[QuestionWorking], tell: WorkingsSentences) -> Table:
    """A row for each question over all visits; the likely range of its rate of passing in percent, and its correlation
    with the rest of a visit, from -1 to 1."""
    columns = (
        Column(gettext("Question"), SENTENCES),
        Column(heading(gettext("critical")), SHORT),
        Column(gettext("Visits"), SHORT),
        Column(gettext("Passed"), SHORT),
        Column(gettext("Likely range, lower end"), SHORT),
        Column(gettext("Likely range, upper end"), SHORT),
        Column(gettext("Did not apply"), SHORT),
        Column(gettext("With the rest of the visit"), SHORT),
        Column(gettext("Meaning"), TITLE),
    )
    rows = (
        (
            each.title,
            each.critical,
            each.figure.visits,
            each.figure.passed,
            100 * each.figure.range.low if each.figure.range else None,
            100 * each.figure.range.high if each.figure.range else None,
            each.left_out,
            each.figure.with_rest,
            tell.relation(each.relation),
        )
        for each in questions
    )
    return table(gettext("Questions"), columns, rows)


def table_of_dimensions(
    compared: Iterable[tuple[str, str]], shares: Iterable[float], ranges: Iterable[tuple[float, float]]
) -> Table:
    """A row for each dimension: its share, in percent, of what goes together with a good impression."""
    columns = (
        Column(gettext("Dimension"), TITLE),
        Column(gettext("Share"), SHORT),
        Column(gettext("Likely range, lower end"), SHORT),
        Column(gettext("Likely range, upper end"), SHORT),
    )
    rows = (
        (title, 100 * share, 100 * low, 100 * high)
        for (_, title), share, (low, high) in zip(compared, shares, ranges, strict=True)
    )
    return table(gettext("What goes together with a good impression"), columns, rows)


def table_of_two_figures(both: Iterable[tuple[Branch, float, tuple[float, float], int, float]]) -> Table:
    """A row for each branch: recorded figure, its likely range, visits, and the calibrated figure, all in points."""
    columns = (
        *branch_columns(),
        Column(gettext("Recorded"), SHORT),
        Column(gettext("Likely range, lower end"), SHORT),
        Column(gettext("Likely range, upper end"), SHORT),
        Column(gettext("Visits"), SHORT),
        Column(gettext("Calibrated"), SHORT),
    )
    rows = (
        (branch.code, branch.name, recorded, *reach, visits, calibrated)
        for branch, recorded, reach, visits, calibrated in both
    )
    return table(gettext("Two figures of each branch"), columns, rows)


def table_of_severities(clear: Iterable[Severity], names: Mapping[str, str]) -> Table:
    """A row for each shopper whose direction is sure, by name: points above or below colleagues."""
    columns = (
        Column(gettext("Shopper"), NAME),
        Column(gettext("Visits"), SHORT),
        Column(gettext("Points above or below colleagues"), SHORT),
        Column(gettext("Likely range, lower end"), SHORT),
        Column(gettext("Likely range, upper end"), SHORT),
    )
    rows = ((names[str(each.shopper)], each.visits, each.points, each.range.low, each.range.high) for each in clear)
    return table(gettext("Kindly or severely"), columns, rows)


def table_of_left_out(left_out: Iterable[LeftOut], names: Mapping[str, str]) -> Table:
    """A row for each shopper, by name: how many answers say that it does not apply, of how many that could have
    counted."""
    columns = (
        Column(gettext("Shopper"), NAME),
        Column(gettext("Did not apply"), SHORT),
        Column(gettext("Of how many"), SHORT),
    )
    rows = ((names[each.shopper], each.left_out, each.asked) for each in left_out)
    return table(gettext("Answers that say it does not apply"), columns, rows)


def table_of_plans(title: str, heading: str, steps: Iterable[tuple[int, int]]) -> Table:
    """A row for each number of points, and how many visits to each branch it takes."""
    return table(title, (Column(heading, NAME), Column(gettext("Visits"), SHORT)), steps)


def table_of_traffic(traffic: Traffic, titles: Mapping[str, str]) -> Table:
    """A row for each part of the week: the customers who come then, in the unit in which they were counted."""
    columns = (
        Column(gettext("Part of the day"), NAME),
        Column(gettext("Hours"), SHORT),
        Column(gettext("Day"), NAME),
        Column(gettext("Customers"), SHORT),
    )
    formats = Formats(language())
    rows = (
        (titles[part], hours_of(part), formats.weekday(day), traffic.customers.get((day, part)))
        for part in PARTS
        for day in DAYS
    )
    return table(gettext("When customers come"), columns, rows)


def table(title: str, columns: Sequence[Column], rows: Iterable[Row]) -> Table:
    """Made at once: a file is sent after the page has let go of the shelves."""
    return Table(title, columns, list(rows), right_to_left=Formats(language()).direction == "rtl")


def branch_columns() -> tuple[Column, Column]:
    """A branch by its code and its name."""
    return Column(gettext("Branch code"), CODE), Column(gettext("Branch"), NAME)


def heading(mark: str) -> str:
    """A mark of the page as the heading of a column that holds 1 or 0."""
    return mark[:1].upper() + mark[1:]


def _name_of(places: Mapping[str, Area] | Mapping[str, Branch], code: str | None) -> str:
    return places[code].name if code else ""


def _day(at: datetime | None) -> date | None:
    return at.astimezone(programme_zone()).date() if at else None
