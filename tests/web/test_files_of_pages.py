"""Everything on a screen can be taken along: whatever shows a table or a figure leads to both files, and these say what
the page says, row by row."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from audit.actions.reckoning import await_workings
from audit.actions.weighing import tell_traffic
from audit.config import Config
from audit.demo import fill_demo
from audit.domain.people import Person, Role
from audit.domain.statistics.traffic import WEEK, Traffic
from audit.domain.visit import VisitState
from audit.formatting import Formats
from audit.reports.period import read_period
from audit.storage.store import open_store
from audit.web import open_app
from tests.demo.passwords import PlainPasswords
from tests.web.office import QUICK, Browser, Clock, Office, doors, own_copy, text_of

AFTERNOON = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
ROLES = (Role.ADMIN, Role.REVIEWER, Role.AREA_MANAGER, Role.BRANCH_MANAGER)
CHECKLIST = "six-secrets"
YEAR = "from=2026-01-01&to=2026-12-31"

# Pages with a table that lead to no file of it, and why.
WITHOUT_FILES = {
    "/programme/scenes": "what is compared came in with the question, and goes out as a file from the same form",
}
# Addresses that stand for something of the demo; a rule that is missing here and wants something is not a page to walk.
FILES = (".pdf", ".zip", ".<any(csv, xlsx):kind>")


@dataclass
class Line:
    """A row of a table on a page: what it is about, and what it says of that."""

    about: str = ""
    cells: list[str] = field(default_factory=list)


class Tables(HTMLParser):
    """The rows below the headings of all tables of a page, and its large figures, without drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.figures: list[str] = []
        self._inside: list[str] = []
        self._figure = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            self.handle_data(dict(attributes).get("value") or "")
        elif tag in ("thead", "svg", "button", "details"):
            self._inside.append(tag)
        elif tag == "tr":
            self.lines.append(Line())
        elif tag == "td":
            self.lines[-1].cells.append("")
        elif tag in ("th", "tbody", "caption"):
            self._inside.append(tag)
        elif tag == "p" and ("class", "figure") in attributes:
            self._figure = True
            self.figures.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        elif tag == "p":
            self._figure = False

    def handle_data(self, words: str) -> None:
        if self._figure:
            self.figures[-1] += words
        if "thead" in self._inside or "svg" in self._inside or "details" in self._inside or "tbody" not in self._inside:
            return
        if "th" in self._inside:
            self.lines[-1].about += words
        elif self.lines[-1].cells:
            self.lines[-1].cells[-1] += words


@dataclass
class Row:
    """A row of a workbook: its words, and its numbers as a page may round them."""

    words: list[str]
    numbers: set[str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo, with customers who come, and with its workings worked out."""
    folder: Path = tmp_path_factory.mktemp("demo")
    store = open_store(folder / "candour.sqlite", folder / "photos")
    fill_demo(store, PlainPasswords(), AFTERNOON, seed=1)
    ada = person_of(store.people.list_all(), Role.ADMIN)
    tell_traffic(store, ada, Traffic({part: Fraction(place, 2) for place, part in enumerate(WEEK)}), AFTERNOON)
    await_workings(store, ada, read_period({"from": "2026-01-01", "to": "2026-12-31"}, AFTERNOON.date()), CHECKLIST)
    app = own_copy(doors())
    places = {"AUDIT_DATABASE": str(folder / "candour.sqlite"), "AUDIT_PHOTOS": str(folder / "photos")}
    open_app(app, Config.from_environment(places), store, Clock(AFTERNOON), QUICK)
    app.test_client_class = Browser
    opened = Office(app, store, Clock(AFTERNOON))
    yield opened
    opened.close()


def person_of(people: Sequence[Person], role: Role) -> Person:
    return next(person for person in people if person.role is role)


def pages_of(office: Office, person: Person) -> Iterator[tuple[str, str, str]]:
    """Of each page that this person may open: its rule, its address, what it says."""
    people = office.store.people.list_all()
    area = person_of(people, Role.AREA_MANAGER).area_code or ""
    branch = next(one for one in office.store.branches.list_all() if one.area_code == area)
    if person.branch_code:
        branch = office.store.branches.find(person.branch_code)
    visit = next(
        one for one in office.store.visits.latest(10_000, states=[VisitState.PUBLISHED])
        if one.branch_code == branch.code and one.checklist_id == CHECKLIST and not one.test
    )  # fmt: skip
    values = {
        "<visit_id>": visit.id, "<path:area_code>": area, "<checklist_id>": CHECKLIST, "<int:version>": "1",
        "<shipped>": CHECKLIST,
    }  # fmt: skip
    browser = office.browser(person)
    for rule in sorted(rule.rule for rule in office.app.url_map.iter_rules() if "GET" in (rule.methods or ())):
        path = rule.replace("<path:code>", area if rule.startswith("/areas") else branch.code)
        for placeholder, value in values.items():
            path = path.replace(placeholder, value)
        if "<" in path or path.endswith(FILES) or rule == "/confirmation":
            continue
        of_whom = f"area={area}" if person.scope.value != "branch" else f"branch={branch.code}"
        more = f"&checklist={CHECKLIST}&{of_whom}" if rule == "/figures/visits" else ""
        answer = browser.get(f"{path}?{YEAR}{more}")
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield rule, path, text_of(answer)


def files_of(page: str) -> dict[str, str]:
    """The address of each kind of file that a page leads to."""
    found = re.findall(r'href="([^"?]+\.(csv|xlsx)(?:\?[^"]*)?)"', page)
    return {kind: unescape(address) for address, kind in found}


def sheets_of(raw: bytes) -> list[list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def as_shown(cells: Sequence[object]) -> Row:
    """A row of a file as pages would write it."""
    words, numbers, formats = [], set[str](), Formats("en")
    for cell in cells:
        if isinstance(cell, datetime | date):
            day = cell.date() if isinstance(cell, datetime) else cell
            words += [formats.day(day), formats.short_day(day), formats.day_of_year(day)]
        elif isinstance(cell, str):
            words.append(plain(cell))
        elif isinstance(cell, int | float):
            numbers |= {str(math.floor(cell)), str(math.ceil(cell)), str(math.floor(cell + 0.5))}
            numbers |= {f"{round(cell, places):g}" for places in (1, 2)}
    return Row(words, numbers)


def plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ")).strip()


def numbers_of(words: str, row: Row) -> set[str]:
    """What is said in figures, apart from days and names."""
    for known in sorted(filter(None, row.words), key=len, reverse=True):
        words = words.replace(known, " ")
    return set(re.findall(r"\d+(?:\.\d+)?", words))


def is_about(row: Row, about: str) -> bool:
    if not row.words:
        return set(re.findall(r"\d+", about)) <= row.numbers
    return any(words and (words in about or about in words) for words in row.words)


def is_told(line: Line, rows: Sequence[Row]) -> bool:
    """Whether the rows of the file that are about the same have every figure of the line on the page."""
    about, said = plain(line.about), plain(" ".join(line.cells))
    same = [row for row in rows if is_about(row, about)]
    told = Row([words for row in same for words in row.words], set().union(*(row.numbers for row in same)))
    return bool(same) and numbers_of(f"{about} {said}", told) <= told.numbers


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_whatever_shows_a_table_or_a_figure_leads_to_both_files_and_they_say_the_same(
    office: Office, role: Role
) -> None:
    person = person_of(office.store.people.list_all(), role)
    browser, walked = office.browser(person), list[str]()
    for rule, path, page in pages_of(office, person):
        seen, files = Tables(), files_of(page)
        seen.feed(page)
        if not ("<table" in page or seen.figures):
            continue
        if rule in WITHOUT_FILES:
            assert not files, f"{path} is no exception any longer"
            continue
        walked.append(rule)
        assert set(files) == {"csv", "xlsx"}, f"{path} has something to take along, and no file of it"
        workbook = browser.get(files["xlsx"])
        assert workbook.status_code == 200, files["xlsx"]
        sheets = sheets_of(workbook.get_data())
        rows = [as_shown(cells) for sheet in sheets for cells in sheet[1:]]
        for line in seen.lines:
            if line.about or "".join(line.cells).strip():
                assert is_told(line, rows), f"{path}: {line}"
        for figure in seen.figures:
            score = re.match(r"\s*(\d+) %", figure)
            assert not score or any(score[1] in row.numbers for row in rows), f"{path}: {figure}"
        lines = list(csv.reader(io.StringIO(browser.get(files["csv"]).get_data().decode("utf-8-sig"), newline="")))
        assert len(lines) == len(sheets[0]), path
        assert lines[0] == sheets[0][0], path
    assert walked
