"""The press: what it prints, what it refuses, and what it survives."""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cffi.cparser import Parser
from pypdf import PdfReader

from audit.domain.errors import TooMany
from audit.reports import pdf, press
from audit.reports.branch import compose
from audit.reports.drawer import Drawer
from audit.reports.laying_down import LOCK, sweep
from audit.reports.paper import Desk, Sheet, draw_sheet, photo_name
from audit.reports.pdf import NotPrinted, Printer
from audit.reports.period import year_of
from tests.builders import NOON_IN_NOVEMBER, Answer, good_answers
from tests.cast import N01, NORTH, PROGRAMME
from tests.reports.reading import structure, words_of
from tests.reports.tiny import PHOTO, TINY, jpeg
from tests.reports.visits import scored

MOST_SECONDS = 60


def sheet_of(narrative: str = "They were quick and kind.", comment: str = "Nobody looked up.") -> Sheet:
    cold = Answer("no", comment, ("busy",), (PHOTO,))
    visits = [scored(1, answers=good_answers(greeted=cold, narrative=narrative)), scored(2)]
    return draw_sheet(compose(PROGRAMME, N01, NORTH, year_of(NOON_IN_NOVEMBER.date()), visits))


def print_sheet(printer: Printer, sheet: Sheet) -> bytes:
    return printer.print_sheet(sheet, lambda sha256: jpeg())


def test_the_pdf_says_what_the_report_says(printer: Printer) -> None:
    words = words_of(print_sheet(printer, sheet_of()))
    for said in ("Mill Lane", "85 %", "from 2 visits", "Nobody looked up.", "They were quick and kind.", "All busy"):
        assert said in words
    for said in ("For coaching; not for discipline.", "Checklist welcome, version 1, digest cccccccccccc"):
        assert said in words


def test_the_pdf_names_no_shopper_and_no_minute(printer: Printer) -> None:
    words = words_of(print_sheet(printer, sheet_of()))
    assert "Shopper 7" in words
    assert "Samuel" not in words
    assert not re.search(r"\b(12:30|13:30)\b", words.replace("12:30 UTC", ""))


def test_the_pdf_is_tagged_and_has_language_title_and_bookmarks(printer: Printer) -> None:
    reader = PdfReader(io.BytesIO(print_sheet(printer, sheet_of())))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Mill Lane · 1 January – 31 December 2026"
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["Mill Lane"]  # type: ignore[union-attr]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_every_picture_has_words_and_every_header_cell_a_scope(printer: Printer) -> None:
    kinds = list(structure(print_sheet(printer, sheet_of())))
    figures = [element for kind, element in kinds if kind == "/Figure"]
    heads = [element for kind, element in kinds if kind == "/TH"]
    assert len(figures) > 10
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    assert {str(head["/A"]["/Scope"]) for head in heads} == {"/Row", "/Column"}


@pytest.mark.parametrize("archive", [False, True])
def test_only_the_archive_copy_leaves_photos_unsmoothed(printer: Printer, archive: bool) -> None:
    visit = scored(1, answers=good_answers(greeted=Answer("no", "", (), (PHOTO,))))
    report = compose(PROGRAMME, N01, NORTH, year_of(NOON_IN_NOVEMBER.date()), [visit])
    reader = PdfReader(io.BytesIO(print_sheet(printer, draw_sheet(report, archive=archive))))
    pictures = [image.indirect_reference.get_object() for page in reader.pages for image in page.images]
    assert {picture["/Interpolate"].value for picture in pictures} == {not archive}


def test_the_same_sheet_gives_the_same_bytes_from_another_press(printer: Printer) -> None:
    other = Printer()
    try:
        assert print_sheet(other, sheet_of()) == print_sheet(printer, sheet_of())
    finally:
        other.close()


def test_the_key_changes_with_what_is_printed() -> None:
    assert sheet_of().key == sheet_of().key
    assert sheet_of(comment="Nobody looked up.").key != sheet_of(comment="Nobody looked down.").key


@pytest.mark.parametrize(
    "words",
    [
        '<img src="http://127.0.0.1:9/x.png"/>',
        '<svg><image href="file:///etc/hostname"/></svg>',
        '</p></body></html><link rel="attachment" href="file:///etc/hostname"/>',
        "<style>@import url(http://127.0.0.1:9/x.css)</style>",
        "url(file:///etc/hostname) expression(1) ]]> <!-- &lt; &#x41; {{ 7 * 7 }} {% raw %}",
        "\x00\x0b\x1f \ufffe \ud800",
    ],
)
def test_hostile_words_are_printed_as_words(printer: Printer, words: str) -> None:
    pdf = print_sheet(printer, sheet_of(narrative=words, comment=words))
    assert b"/EmbeddedFile" not in pdf
    visible = re.sub("[^ -~]", "", words).replace(" ", "")
    assert visible in words_of(pdf).replace(" ", "")


@pytest.mark.parametrize(
    "fragment",
    [
        '<img src="http://127.0.0.1:9/x.png" alt="x"/>',
        '<img src="file:///etc/hostname" alt="x"/>',
        f'<img src="{photo_name(PHOTO)}" alt="x"/>',
        '<link rel="stylesheet" href="file:///etc/hostname"/>',
        '<link rel="attachment" href="file:///etc/hostname"/>',
        '<p style="background: url(https://example.org/x.png)">x</p>',
        "<p>not closed",
        "<p>&undefined;</p>",
    ],
)
def test_what_was_not_registered_is_not_fetched_and_fails_the_report(printer: Printer, fragment: str) -> None:
    with pytest.raises(NotPrinted):
        printer.render_pdf(TINY.format(fragment), {})


def test_entities_are_not_expanded(printer: Printer) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + TINY.format("<p>&b;</p>")
    with pytest.raises(NotPrinted):
        printer.render_pdf(bomb, {})


def test_a_report_that_wants_too_much_memory_is_ended_and_the_next_one_is_printed(printer: Printer) -> None:
    greedy = TINY.format('<table><tr><td colspan="1000000000">x</td></tr></table>')
    with pytest.raises(NotPrinted):
        printer.render_pdf(greedy, {})
    assert printer.render_pdf(TINY.format("<p>x</p>"), {}).startswith(b"%PDF")


def test_a_press_that_died_is_started_again() -> None:
    printer = Printer()
    try:
        printer.render_pdf(TINY.format("<p>x</p>"), {})
        assert printer._process is not None
        os.kill(printer._process.pid, signal.SIGKILL)
        printer._process.wait(MOST_SECONDS)
        assert printer.render_pdf(TINY.format("<p>x</p>"), {}).startswith(b"%PDF")
    finally:
        printer.close()


def end_the_press(printer: Printer) -> None:
    printer.close()


def kill_the_application_of(printer: Printer) -> None:
    """All that the press hears of it is that nobody is at the other end any longer."""
    assert printer._orders is not None
    printer._orders.close()


@pytest.mark.parametrize("end", [end_the_press, kill_the_application_of])
def test_a_press_that_ends_takes_away_the_faces_it_laid_down(end: Callable[[Printer], None]) -> None:
    printer = Printer()
    try:
        printer.render_pdf(TINY.format("<p>x</p>"), {})
        process = printer._process
        assert process is not None
        laid_down = laid_down_by(process)
        assert any(laid_down.rglob("*")), "it prints from files"
        end(printer)
        process.wait(MOST_SECONDS)
        assert not laid_down.exists()
    finally:
        printer.close()


def laid_down_by(process: subprocess.Popen[bytes] | None) -> Path:
    assert process is not None
    [folder] = Path(tempfile.gettempdir()).glob(f"candour-press-{process.pid}-*")
    return folder


def test_what_a_killed_press_laid_down_goes_with_the_next_and_what_a_living_one_prints_from_stays() -> None:
    neighbour, printer = Printer(), Printer()
    try:
        neighbour.render_pdf(TINY.format("<p>x</p>"), {})
        printer.render_pdf(TINY.format("<p>x</p>"), {})
        lived_in, left = laid_down_by(neighbour._process), laid_down_by(printer._process)
        assert printer._process is not None
        printer._process.kill()
        printer._process.wait(MOST_SECONDS)
        assert any(left.rglob("*")), "nobody takes it away where it is killed"
        printer.render_pdf(TINY.format("<p>x</p>"), {})
        assert not left.exists()
        assert any(path.name == "lived-in" for path in lived_in.iterdir())
        assert neighbour.render_pdf(TINY.format("<p>y</p>"), {}).startswith(b"%PDF")
    finally:
        neighbour.close()
        printer.close()


def test_no_folder_is_swept_away_that_may_be_somebody_elses(tmp_path: Path) -> None:
    unlocked, linked, elsewhere = (tmp_path / name for name in ("candour-press-1-a", "candour-press-2-b", "other"))
    for folder in (unlocked, elsewhere):
        folder.mkdir()
        (folder / "face.ttf").write_bytes(b"face")
    (elsewhere / LOCK).touch()
    linked.symlink_to(elsewhere)
    sweep(tmp_path)
    assert (unlocked / "face.ttf").exists()
    assert (elsewhere / "face.ttf").exists()
    (unlocked / LOCK).touch()
    sweep(tmp_path)
    assert not unlocked.exists()


class Dying(Printer):
    """A way to a press whose jobs are killed, so many of them, and which then prints."""

    def __init__(self, deaths: int, close: bool = False, drawer: Drawer | None = None) -> None:
        super().__init__(drawer)
        self.deaths, self.jobs, self.closes = deaths, 0, close

    def _order(self, connection: socket.socket) -> None:
        self.jobs += 1
        if self.closes:
            self.close()
        if self.jobs > self.deaths:
            answering = connection.dup()
            threading.Thread(target=answer, args=(answering,)).start()


def answer(connection: socket.socket) -> None:
    with connection:
        while connection.recv(1 << 20):
            pass
        connection.sendall(b"ok%PDF")


def test_a_job_that_somebody_killed_is_printed_once_more() -> None:
    printer = Dying(deaths=1)
    assert (printer.render_pdf(TINY, {}), printer.jobs) == (b"%PDF", 2)


def test_a_job_that_dies_each_time_is_not_printed_without_end() -> None:
    printer = Dying(deaths=9)
    with pytest.raises(NotPrinted, match="too much memory"):
        printer.render_pdf(TINY, {})
    assert printer.jobs == 2


@pytest.mark.parametrize("patience", [0.0, 60.0])
def test_what_took_long_or_ended_with_the_press_is_not_printed_again(
    monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr(pdf, "SOON_SECONDS", patience)
    printer = Dying(deaths=9, close=patience > 0)
    with pytest.raises(NotPrinted):
        printer.render_pdf(TINY, {})
    assert printer.jobs == 1


def test_letters_without_a_font_are_owned_up_to_and_others_are_not(printer: Printer) -> None:
    private = "\U000f0000\U000f0001"
    assert "stand as empty boxes" in words_of(print_sheet(printer, sheet_of(comment=f"The sign says {private}.")))
    assert "stand as empty boxes" not in words_of(print_sheet(printer, sheet_of()))


def test_a_name_of_the_other_direction_scrambles_nothing_beside_it() -> None:
    branch = replace(N01, name="فرع شارع الياسمين", locality="مرسى الزيتون")
    comment = Answer("no", "لم ينظر إلي أحد.")
    visits = [scored(1, answers=good_answers(greeted=comment))]
    xhtml = draw_sheet(compose(PROGRAMME, branch, NORTH, year_of(NOON_IN_NOVEMBER.date()), visits)).xhtml
    assert '<bdi dir="rtl">مرسى الزيتون</bdi> · 1 January' in xhtml
    assert '<p dir="rtl">لم ينظر إلي أحد.</p>' in xhtml
    assert "<title>\u2068فرع شارع الياسمين\u2069 · 1 January" in xhtml
    assert "<bdi" not in sheet_of().xhtml


def test_a_code_in_latin_letters_does_not_take_the_digits_of_the_day_beside_it_along() -> None:
    report = compose(PROGRAMME, N01, NORTH, year_of(NOON_IN_NOVEMBER.date()), [scored(1)])
    assert 'Branch <bdi dir="ltr">N01</bdi> · ' in draw_sheet(report, Desk(language="ar")).xhtml
    assert "Branch N01 · " in draw_sheet(report).xhtml


def test_a_longest_answer_without_a_space_is_printed_in_time(printer: Printer) -> None:
    words = words_of(print_sheet(printer, sheet_of(narrative="W" * 10_000)))
    assert words.count("W") >= 10_000


def test_what_lies_in_the_drawer_is_not_printed_again_unless_its_end_is_missing(tmp_path: Path) -> None:
    drawer = Drawer(tmp_path / "reports")
    printer = Dying(deaths=0, drawer=drawer)
    drawer.keep(sheet_of().key, b"%PDF kept %%EOF")
    assert print_sheet(printer, sheet_of()) == b"%PDF kept %%EOF"
    (drawer.folder / f"{sheet_of().key}.pdf").write_bytes(b"%PDF kep")
    assert (print_sheet(printer, sheet_of()), printer.jobs) == (b"%PDF", 1)


def test_too_many_at_once_are_asked_to_come_again() -> None:
    printer = Printer(most_waiting=1)
    started, go_on = threading.Event(), threading.Event()

    def slow(sha256: str) -> bytes:
        started.set()
        assert go_on.wait(MOST_SECONDS)
        raise OSError("the photo is gone")

    def wait_for_it() -> None:
        with pytest.raises(OSError, match="gone"):
            printer.print_sheet(sheet_of(), slow)

    first = threading.Thread(target=wait_for_it)
    first.start()
    try:
        assert started.wait(MOST_SECONDS)
        with pytest.raises(TooMany) as refused:
            print_sheet(printer, sheet_of())
        assert refused.value.retry_after_seconds > 0
    finally:
        go_on.set()
        first.join()


def test_the_web_process_does_not_load_the_engine() -> None:
    check = "import sys, audit.web.reports; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_warm_press_declares_no_type_for_a_report_in_latin_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    type_, declared, parse = press.Type(), [], Parser.parse_type
    press.warm_up(type_)
    monkeypatch.setattr(Parser, "parse_type", lambda parser, kind: declared.append(kind) or parse(parser, kind))
    sheet = sheet_of("They were quick, and kind.", "Quoted words are in italics.")
    photos = {photo_name(PHOTO): jpeg()}
    assert press.print_pdf(press.Job(sheet.xhtml, {**sheet.drawings, **photos}), type_).startswith(b"%PDF")
    assert declared == []


def test_a_child_is_held_to_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(press.resource, "setrlimit", lambda limit, values: held.update({limit: values}))
    press.limit()
    assert held[press.resource.RLIMIT_AS] == (1 << 30, 1 << 30)
    assert held[press.resource.RLIMIT_CPU] == (30, 30)
    assert held[press.resource.RLIMIT_FSIZE] == (0, 0)


@pytest.mark.soak
def test_a_report_that_never_ends_is_killed(printer: Printer) -> None:
    inside = "<div style='display:flex'>" * 14 + "x" + "</div>" * 14
    with pytest.raises(NotPrinted):
        printer.render_pdf(TINY.format(inside * 40), {})
