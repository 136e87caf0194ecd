"""A hundred hostile fragments in reports: each is printed as what it is or refused at the door, reaches nobody, brings
nothing of another into the file, and is done within the limits of the press."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from audit.domain.checklist.model import Answer, Checklist, PublishedChecklist
from audit.domain.checklist.parsing import checklist_from_tree
from audit.domain.errors import InvalidChecklist, InvalidPhoto
from audit.domain.programme import Area
from audit.domain.score import score_visit
from audit.intake.photos import clean_photo
from audit.reports import branch, visit
from audit.reports.figures import ScoredVisit
from audit.reports.job import Job
from audit.reports.paper import Desk, Report, draw_sheet, photo_name
from audit.reports.pdf import NotPrinted, Printer
from audit.reports.period import year_of
from tests.builders import NOON_IN_NOVEMBER, Circumstances, build_visit, good_answers
from tests.cast import N01, PROGRAMME
from tests.reports.hostile import CHECKLISTS, MARKED, PHOTOS, TEXTS
from tests.reports.reading import places_in, words_of
from tests.reports.reference import organisation
from tests.reports.visits import ZURICH, scored

pytestmark = pytest.mark.soak  # minutes of printing

SECRET = b"the words of a file that no report may hold"
READ_AT_MOST = 400  # signs
NAME = 200  # signs of a name; what a shopper writes may be longer
SHA256 = "a" * 64


@dataclass(frozen=True)
class Trap:
    """An address at which somebody listens, and a file with a secret."""

    listener: socket.socket
    file: Path

    def set(self, fragment: str) -> str:
        address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        return fragment.replace("{web}", address).replace("{file}", self.file.as_uri())

    def set_in(self, tree: object) -> object:
        if isinstance(tree, dict):
            return {key: self.set_in(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [self.set_in(value) for value in tree]
        return self.set(tree) if isinstance(tree, str) else tree

    def nobody_came(self) -> bool:
        """A connection that was made waits here until it is taken, so that this needs no time."""
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return True
        return False


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    file = tmp_path_factory.mktemp("secret") / "secret.txt"
    file.write_bytes(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Trap(listener, file)


def reports_of(words: str) -> list[Report]:
    """A visit and its branch with these words wherever somebody can write some."""
    name = words[:NAME] if words[:NAME].strip() else "x"
    told = Answer("no", words, ("busy",), (SHA256,))
    visits = [scored(1, answers=good_answers(greeted=told, narrative=words)), scored(2)]
    seen = [replace(each, pseudonym=name) for each in visits]
    place = replace(N01, name=name, locality=name, address=name)
    programme, area = replace(PROGRAMME, name=name), Area("NORTH", name)
    period = year_of(NOON_IN_NOVEMBER.date())
    return [visit.compose(programme, place, area, seen[0]), branch.compose(programme, place, area, period, seen)]


def print_all(printer: Printer, reports: list[Report], photo: bytes) -> Iterator[bytes]:
    for report in reports:
        yield printer.print_sheet(draw_sheet(report, Desk(keeps=lambda sha256: True)), lambda sha256: photo)


def assert_clean(pdf: bytes, trap: Trap) -> None:
    """Nobody was asked for anything, and nothing of a stranger is in the file."""
    assert trap.nobody_came()
    addresses, files = places_in(pdf)
    assert all(each.startswith("http://127.0.0.1:8000/verify/") for each in addresses)
    assert not files
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for each in opened.objects:
            if isinstance(each, pikepdf.Stream):
                body = each.read_bytes() if each.get("/Filter") == "/FlateDecode" else each.read_raw_bytes()
                assert SECRET not in body
                assert MARKED.encode() not in body


def test_there_are_a_hundred() -> None:
    assert len(TEXTS) + len(PHOTOS) + len(CHECKLISTS) >= 100


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_words_are_printed_as_words(printer: Printer, trap: Trap, photo: bytes, name: str) -> None:
    words = trap.set(TEXTS[name])
    for pdf in print_all(printer, reports_of(words), photo):
        assert_clean(pdf, trap)
        if len(words) < READ_AT_MOST:
            assert read(words) in read(words_of(pdf))


GROUPS = [list(TEXTS)[at : at + 9] for at in range(0, len(TEXTS), 9)]


@pytest.mark.parametrize("names", GROUPS, ids=map(str, range(len(GROUPS))))
def test_hostile_names_are_printed_as_names_in_the_reports_of_many_branches(
    printer: Printer, trap: Trap, names: list[str], tmp_path: Path
) -> None:
    # A file that somebody brings is read as UTF-8, which holds no half signs.
    words = [trap.set(TEXTS[name])[:NAME].encode("utf-8", "replace").decode().strip() or "x" for name in names]
    with organisation(tmp_path, visits=2) as opened:
        store = opened.store
        with store.transaction():
            store.programme.save(replace(store.programme.find(), name=words[0]))
            for area, name in zip(store.areas.list_all(), words[1:], strict=False):
                store.areas.save(replace(area, name=name))
            for place, name in zip(store.branches.list_all(), words[3:], strict=False):
                store.branches.save(replace(place, name=name, locality=name))
        for kind in ("area", "programme"):
            assert_clean(opened.print_sheet(printer, opened.sheet(kind)), trap)


def test_twenty_narratives_of_very_many_lines_do_not_keep_a_branch_from_its_report(printer: Printer) -> None:
    went = [scored(n, answers=good_answers(narrative="x\n" * 2_500)) for n in range(1, 21)]
    report = branch.compose(PROGRAMME, N01, None, year_of(NOON_IN_NOVEMBER.date()), went)
    (pdf,) = print_all(printer, [report], b"")
    assert pdf.startswith(b"%PDF")


def read(words: str) -> str:
    """What every reader of PDFs reads alike: plain signs, whatever stands between them."""
    return re.sub("[^!-~]", "", words)


@pytest.fixture(scope="module")
def photo() -> bytes:
    return clean_photo(PHOTOS["words in the photo"]()).paper_jpeg


@pytest.mark.parametrize("name", PHOTOS)
def test_a_hostile_photo_is_refused_or_printed_without_what_it_hides(printer: Printer, trap: Trap, name: str) -> None:
    raw = trap.set(PHOTOS[name]().decode("latin-1")).encode("latin-1")
    try:
        clean = clean_photo(raw)
    except InvalidPhoto:
        assert trap.nobody_came()
        return
    assert MARKED.encode() not in clean.jpeg + clean.paper_jpeg
    for pdf in print_all(printer, reports_of("A photo."), clean.paper_jpeg):
        assert_clean(pdf, trap)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_that_went_past_the_door_takes_no_report_along_with_it(printer: Printer, trap: Trap, name: str) -> None:
    """As if somebody had put it among the kept photos."""
    raw = trap.set(PHOTOS[name]().decode("latin-1")).encode("latin-1")
    sheet = (
        f'<html lang="en"><head><title>x</title></head><body><img src="{photo_name(SHA256)}" alt="x"/></body></html>'
    )
    try:
        pdf = printer.render_job(Job(sheet, {photo_name(SHA256): raw}))
    except NotPrinted:
        pass
    else:
        assert pdf.startswith(b"%PDF")
        assert SECRET not in pdf
    assert trap.nobody_came()


def published(tree: object) -> PublishedChecklist:
    return PublishedChecklist(checklist_from_tree(tree), 1, "c" * 64, datetime(2026, 1, 2, tzinfo=UTC))


def answered(checklist: Checklist) -> dict[str, Answer]:
    """Some good answer to each question."""
    made = {}
    for question in checklist.questions():
        samples = [value for value in question.kind.samples(()) if value not in (None, "", (), {})]
        made[question.id] = Answer(samples[-1]) if samples else Answer("not_observed")
    return made


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_hostile_checklist_is_refused_or_its_visits_are_printed(
    printer: Printer, trap: Trap, photo: bytes, name: str
) -> None:
    try:
        made = published(trap.set_in(CHECKLISTS[name]))
    except InvalidChecklist:
        assert trap.nobody_came()
        return
    went = build_visit(1, checklist_id=made.checklist.id, answers=answered(made.checklist))
    score = score_visit(made.checklist, went.answers, Circumstances({}, None))
    one = ScoredVisit(went, score, made, "Shopper 7", ZURICH)
    period = year_of(NOON_IN_NOVEMBER.date())
    reports: list[Report] = [
        visit.compose(PROGRAMME, N01, None, one),
        branch.compose(PROGRAMME, N01, None, period, [one]),
    ]
    for pdf in print_all(printer, reports, photo):
        assert_clean(pdf, trap)
