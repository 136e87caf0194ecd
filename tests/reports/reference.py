"""A small organisation whose reports are the same whenever and wherever they are made: fixed days, ids and answers."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from audit import __version__
from audit.actions.binding import read_paper
from audit.domain.assignment import Assignment
from audit.domain.checklist.canonical import canonical, digest
from audit.domain.checklist.model import Answer, Circumstances, PublishedChecklist
from audit.domain.people import Person, Role
from audit.domain.programme import Area, Branch, Programme
from audit.domain.score import score_visit
from audit.domain.visit import ENTER, LEAVE, Mark, Visit, VisitState
from audit.intake.photos import clean_photo
from audit.intake.yaml_trees import read_yaml
from audit.reports.codes import code_of
from audit.reports.paper import Desk, Report, Sheet, draw_sheet
from audit.reports.pdf import Printer
from audit.reports.period import quarter_of
from audit.storage.editions import Paper
from audit.storage.store import Store, open_store
from audit.web.languages import catalogue
from tests import cast
from tests.builders import DAY_STAFF_WAS_TOLD, id_number

CHECKLIST = Path(__file__).parents[1] / "samples" / "reference.yaml"
QUARTER = quarter_of(date(2026, 11, 12))
PUBLISHED = datetime(2026, 1, 2, tzinfo=UTC)
SEALED = "http://127.0.0.1:8000/verify"
KINDS = ("visit", "branch", "area", "programme")
SHOPPERS = tuple(
    Person(id_number(90_000 + n), f"Shopper {n}", Role.SHOPPER, pseudonym=f"Shopper {n}") for n in range(1, 5)
)
# How likely a good answer is in each branch: two that differ for sure, and some that do not.
BRANCHES = (
    ("N01", "NORTH", 0.72),
    ("N02", "NORTH", 0.97),
    ("N03", "NORTH", 0.70),
    ("N04", "NORTH", 0.25),
    ("S01", "SOUTH", 0.80),
    ("S02", "SOUTH", 0.66),
)


@dataclass(frozen=True)
class Names:
    """What everything is called in one language, and what its shoppers write."""

    programme: str
    areas: tuple[str, str]
    branches: tuple[str, ...]
    locality: str
    comments: tuple[str, ...]
    narratives: tuple[str, ...]


NAMES: Mapping[str, Names] = {
    "en": Names(
        "Harbour Stores",
        ("North", "South"),
        ("Mill Lane", "Old Bridge", "Station Square", "Long Acre", "Quayside", "Lighthouse Road"),
        "Ferry Town",
        (
            "Nobody looked up; two were filling the shelf and one spoke on the telephone.",
            "“Next!” was the first word.",
            "She turned to the screen before I had finished, and asked what I had said.",
        ),
        (
            "They were quick and kind, and the tall man at the till walked me to the shelf.",
            "It took long. Nobody was rude, and nobody was glad that I had come.",
        ),
    ),
    "ar": Names(
        "متاجر المرفأ",
        ("الشمال", "الجنوب"),
        ("شارع الطاحونة", "الجسر القديم", "ساحة المحطة", "الحقل الطويل", "رصيف الميناء", "طريق المنارة"),
        "مدينة العبّارة",
        (
            "لم يرفع أحد رأسه؛ كان اثنان يرتبان الرف، وثالث يتحدث في الهاتف.",
            "كانت أول كلمة: «التالي!».",
            "التفتت إلى الشاشة قبل أن أكمل، ثم سألت عمّا قلت.",
        ),
        (
            "كانوا سريعين ولطفاء، ورافقني الرجل الطويل عند الصندوق إلى الرف.",
            "طال الأمر. لم يكن أحد فظًّا، ولم يفرح أحد بقدومي.",
        ),
    ),
}


@dataclass(frozen=True)
class Organisation:
    """A store with its visits, and the language in which it speaks."""

    store: Store
    language: str

    def report(self, kind: str, branch: str = "N01") -> Report:
        """One of KINDS in the quarter: of the latest visit to N01, of a branch, of its area, or of the programme."""
        area = self.store.branches.find(branch).area_code or "" if kind == "area" else ""
        subject = {"visit": id_number(1), "branch": branch, "area": area, "programme": ""}[kind]
        return read_paper(self.store, Paper(kind, subject, QUARTER.first, QUARTER.last, self.language))

    def sheet(self, kind: str, archive: bool = False, branch: str = "N01") -> Sheet:
        desk = Desk(self.language, catalogue(self.language), self.store.photos.pictures.has)
        return draw_sheet(self.report(kind, branch), desk, archive)

    def print_sheet(self, printer: Printer, sheet: Sheet) -> bytes:
        return printer.print_sheet(sheet, lambda sha256: self.store.photos.read(sha256, "paper"))


@contextmanager
def organisation(folder: Path, language: str = "en", visits: int = 6) -> Iterator[Organisation]:
    """With so many visits to N01 in the quarter, and up to six to every other branch; as many in the one before."""
    store = open_store(folder / "candour.sqlite", folder / "photos")
    try:
        with store.transaction():
            published = _furnish(store, NAMES[language])
            _visit_all(store, published, NAMES[language], visits)
        yield Organisation(store, language)
    finally:
        store.close()


def stamped(sheet: Sheet) -> Sheet:
    """The same with a seal and a version of the program that never change, so that its pages always look alike."""
    content = sheet.content
    code = next(name for name in sheet.drawings if f'class="code" src="{name}"' in sheet.xhtml)
    xhtml = sheet.xhtml.replace(content.number, "00000-00000-00000").replace(f"Candour {__version__}", "Candour 0.0.0")
    xhtml = re.sub("\u200b?".join(content.digest), f"{0:064}", xhtml)
    return replace(sheet, xhtml=xhtml, drawings={**sheet.drawings, code: code_of(f"{SEALED}/00000-00000-00000")})


def _furnish(store: Store, names: Names) -> PublishedChecklist:
    language = next(tag for tag, each in NAMES.items() if each is names)
    store.programme.save(Programme(name=names.programme, time_zone="Europe/Zurich", language=language))
    for code, name in zip(("NORTH", "SOUTH"), names.areas, strict=True):
        store.areas.save(Area(code, name))
    for (code, area, _), name in zip(BRANCHES, names.branches, strict=True):
        store.branches.save(Branch(code, name, area, locality=names.locality, staff_told_on=DAY_STAFF_WAS_TOLD))
    for person in (cast.ADA, *SHOPPERS):
        store.people.save(person)
    tree = read_yaml(CHECKLIST.read_bytes(), CHECKLIST.name).tree
    assert isinstance(tree, dict)
    version = store.checklists.publish(
        "reference", canonical(tree), CHECKLIST.read_text("utf-8"), digest(tree), PUBLISHED, cast.ADA.id
    )
    return store.checklists.find("reference", version)


def _visit_all(store: Store, published: PublishedChecklist, names: Names, visits: int) -> None:
    number = 1
    photo = clean_photo(picture())
    if visits:
        store.photos.add(photo, PUBLISHED)
    for code, _, kept in BRANCHES:
        made = visits if code == "N01" else min(visits, 6)
        for first_day in (QUARTER.first, QUARTER.before().first):
            for place in range(made):
                day = first_day + timedelta(days=(83 - place * 11) % 90)
                visit = _visit(number, code, day, _answers(number, kept, names, photo.sha256))
                _save(store, published, visit, photo.sha256)
                number += 1


def _save(store: Store, published: PublishedChecklist, visit: Visit, photo: str) -> None:
    until = visit.started_at.date() + timedelta(days=7)
    store.assignments.save(
        Assignment(
            visit.assignment_id,
            visit.branch_code,
            "reference",
            1,
            visit.shopper_id,
            until,
            visit.started_at,
            "wrong-bill",
        )
    )
    store.visits.save(visit)
    store.scores.save(visit.id, score_visit(published.checklist, visit.answers, Circumstances({}, visit.scenario)))
    if visit.photos:
        store.photos.attach(visit.id, "shelf", photo, visit.started_at)
    store.journal.write("system", "visit.published", visit.id, visit.started_at)


def _visit(number: int, code: str, day: date, answers: Mapping[str, Answer]) -> Visit:
    entered = datetime(day.year, day.month, day.day, (9, 14, 17)[number % 3], 10, tzinfo=UTC)
    return Visit(
        id=id_number(number),
        assignment_id=id_number(1000 + number),
        branch_code=code,
        shopper_id=SHOPPERS[number % len(SHOPPERS)].id,
        checklist_id="reference",
        version=1,
        state=VisitState.PUBLISHED,
        started_at=entered - timedelta(minutes=5),
        scenario="wrong-bill",
        answers=dict(answers),
        marks=(Mark(ENTER, entered), Mark(LEAVE, entered + timedelta(minutes=20))),
        submitted_at=entered + timedelta(hours=1),
        visited_on=day,
        published_at=entered + timedelta(days=1),
    )


def _answers(number: int, kept: float, names: Names, photo: str) -> dict[str, Answer]:
    chance = random.Random(number)

    def good() -> bool:
        return chance.random() < kept

    def yes() -> Answer:
        return Answer("yes" if good() else "no")

    greeted = yes()
    if greeted.value == "no":
        comment = names.comments[chance.randrange(len(names.comments))]
        greeted = Answer("no", comment, ("busy",) if good() else ("talking",))
    grid = {row: "always" if good() else "partly" if good() else "never" for row in ("facing", "hands")}
    return {
        "greeted": greeted,
        "wait": Answer(30 if good() else 150 if good() else 400),
        "smile": Answer(3 if good() else 2 if good() else 1),
        "entered": Answer("10:10"),
        "listened": yes()._replace(comment="" if good() else names.comments[2]),
        "posture": Answer(grid),
        "asked_back": yes(),
        "solved": yes() if chance.random() < 0.8 else Answer("not_observed"),
        "sorry": yes() if chance.random() < 0.8 else Answer("not_observed"),
        "till": Answer("no" if kept < 0.5 and number % 4 == 0 else "yes"),
        "shelf": Answer(None, "", (), (photo,)) if number % 5 == 1 else Answer(None),
        "customer_state": Answer("delighted" if good() and good() else "satisfied" if good() else "dissatisfied"),
        "narrative": Answer(names.narratives[0 if good() else 1]),
    }


def picture() -> bytes:
    """A shelf as a phone might see it, as JPEG."""
    shelf = Image.new("RGB", (800, 600), (206, 200, 186))
    pen = ImageDraw.Draw(shelf)
    for row in range(4):
        pen.rectangle((40, 140 + row * 130, 760, 152 + row * 130), fill=(96, 70, 48))
        for place in range(9):
            shade = 60 + (row * 9 + place) * 37 % 150
            pen.rectangle((60 + place * 78, 60 + row * 130, 110 + place * 78, 139 + row * 130), fill=(shade, 90, 110))
    kept = io.BytesIO()
    shelf.save(kept, "JPEG", quality=90)
    return kept.getvalue()
