"""The visits of the programme as a table, however many there are: rows are made while the file is written."""

from __future__ import annotations

from collections.abc import Iterator

from flask import get_template_attribute
from markupsafe import Markup

from audit.domain.people import Person
from audit.domain.programme import Branch
from audit.formatting import Formats
from audit.reports.cells import Cell, Column, Table
from audit.reports.side_tables import NAME, SHORT, TITLE
from audit.storage.store import Store
from audit.storage.visit_lines import VisitLine
from audit.web.languages import gettext, language
from audit.web.list_tables import branch_columns


def table_of_visits(store: Store, person: Person) -> Table:
    """A row for each visit that this person may see, with its state, what the office should know of it, and the score
    that its page shows. The rows ask the store: write them before the request lets go of it."""
    columns = (
        *branch_columns(),
        Column(gettext("Day"), SHORT),
        Column(gettext("Shopper"), NAME),
        Column(gettext("State"), NAME),
        Column(gettext("To be known"), TITLE),
        Column(gettext("Score"), SHORT),
    )
    return Table(gettext("Visits"), columns, _rows(store, person), Formats(language()).direction == "rtl")


def _rows(store: Store, person: Person) -> Iterator[tuple[Cell, ...]]:
    """Branches, shoppers and words are looked up once, however many visits share them."""
    branches, shoppers = dict[str, Branch](), dict[str, str]()
    said = dict[tuple[object, ...], tuple[str, str]]()
    for page in store.visit_lines.visible_to(person).in_pages():
        branches.update(store.branches.find_many({line.branch_code for line in page} - branches.keys()))
        strangers = store.people.find_many({line.shopper_id for line in page} - shoppers.keys())
        shoppers.update((id, shopper.named_for(person)) for id, shopper in strangers.items())
        for line in page:
            alike = line.state, line.untouched, line.test, line.flags
            if alike not in said:
                said[alike] = _words("state", line), _words("flags", line)
            name, shopper = branches[line.branch_code].name, shoppers[line.shopper_id]
            yield line.branch_code, name, line.visited_on, shopper, *said[alike], line.shown


def _words(macro: str, line: VisitLine) -> str:
    """What the page says of a visit, without its looks."""
    return str(Markup(get_template_attribute("submitted_visits/states.html", macro)(line)).striptags())  # noqa: S704
