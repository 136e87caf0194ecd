"""From a report to a sheet: well-formed XHTML, the drawings in it and the names of its photos; ready for the press.

The same templates make the page; what differs is the layout around them and who draws: a canvas of the screen puts
drawings into the page, one of the paper keeps them beside it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audit.formatting import ENGLISH as ENGLISH
from audit.formatting import Catalogue as Catalogue
from audit.formatting import Formats
from audit.reports import charts, plots
from audit.reports.branch import MOST_BARE, MOST_NAMED, MOST_NARRATIVES, MOST_PHOTOS, BranchReport
from audit.reports.cells import csv_lines
from audit.reports.codes import code_of
from audit.reports.content import Content, content_of
from audit.reports.job import Attachment
from audit.reports.leaves import AreaOnPaper
from audit.reports.method import Method
from audit.reports.programme import ProgrammeOnPaper
from audit.reports.sentences import Sentences
from audit.reports.tables import table_of
from audit.reports.visit import VisitReport

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, STATIC = ROOT / "templates", ROOT / "static"
UNDATED = "2000-01-01T00:00:00+00:00"
PAPER_LAYOUT, SCREEN_LAYOUT = "reports/paper.html", "layouts/page.html"

Report = BranchReport | VisitReport | AreaOnPaper | ProgrammeOnPaper | Method
REPORTS: dict[type, str] = {
    BranchReport: "reports/branch.html",
    VisitReport: "reports/visit.html",
    AreaOnPaper: "reports/area.html",
    ProgrammeOnPaper: "reports/programme.html",
    Method: "reports/how_we_score.html",
}

# What XML 1.0 cannot hold, in case a name came in with it: controls, lone surrogates, non-characters. And signs that
# print what follows them backwards, so that a paper would say something else than was typed.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\u2027\u202f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("[\u0085\u2028\u2029]")  # lines that end where nobody pressed a key


_TAG = re.compile(r"(<[^>]*>)")
_LETTER = r"(?:&#?\w+;|[^\s<&])"
_OUTSIDE_AN_EMOJI = "(?<!\u200d)(?![\u200d\ufe0f\u20e3\U0001f3fb-\U0001f3ff])"
_ENDLESS = re.compile(f"({_LETTER}{{36}}){_OUTSIDE_AN_EMOJI}(?={_LETTER}{{12}})")
ENGINE = f"WeasyPrint {version('weasyprint')}"
Keeps = Callable[[str], bool]


class Canvas(Protocol):
    """Who draws for a template. Every drawing takes the arguments of `charts`."""

    def bar(self, score: object, title: str, **more: object) -> Markup: ...

    def strip(self, whys: object, title: str) -> Markup: ...

    def reach(self, score: object, low: float, high: float, title: str, **more: object) -> Markup: ...

    def plot(self, kind: str, title: str, *shown: object) -> Markup: ...

    def keeps(self, sha256: str) -> bool: ...

    def photo(self, visit_id: str, sha256: str, alt: str) -> Markup: ...


class ScreenCanvas:
    """Draws into the page, and shows photos by their address."""

    def __init__(self, keeps: Keeps = bool) -> None:
        self.keeps = keeps

    def bar(self, score: object, title: str, **more: object) -> Markup:
        return charts.bar(score, title.strip(), **more)  # type: ignore[arg-type]

    def strip(self, whys: object, title: str) -> Markup:
        return charts.strip(whys, title.strip())  # type: ignore[arg-type]

    def reach(self, score: object, low: float, high: float, title: str, **more: object) -> Markup:
        return charts.reach(score, low, high, title.strip(), **more)  # type: ignore[arg-type]

    def plot(self, kind: str, title: str, *shown: object) -> Markup:
        """One of `plots`: place, shift or row."""
        return plots.PLOTS[kind](*shown, title.strip())

    def photo(self, visit_id: str, sha256: str, alt: str) -> Markup:
        address = f"/photos/{visit_id}/{sha256}"
        return Markup('<a class="photo" href="{0}"><img src="{0}" alt="{1}" loading="lazy"/></a>').format(address, alt)


class PaperCanvas:
    """Keeps drawings beside the sheet, each once, and remembers which photos are asked for."""

    def __init__(self, keeps: Keeps = bool) -> None:
        self.keeps = keeps
        self.drawings: dict[str, bytes] = {}
        self.photos: dict[str, None] = {}

    def bar(self, score: object, title: str, **more: object) -> Markup:
        return self._keep(charts.bar(score, "", **more), "bar", title.strip())  # type: ignore[arg-type]

    def strip(self, whys: object, title: str) -> Markup:
        return self._keep(charts.strip(whys, ""), "strip", title.strip())  # type: ignore[arg-type]

    def reach(self, score: object, low: float, high: float, title: str, **more: object) -> Markup:
        return self._keep(charts.reach(score, low, high, "", **more), "reach", title.strip())  # type: ignore[arg-type]

    def plot(self, kind: str, title: str, *shown: object) -> Markup:
        """One of `plots`: place, shift or row."""
        return self._keep(plots.PLOTS[kind](*shown, ""), kind, title.strip())

    def photo(self, visit_id: str, sha256: str, alt: str) -> Markup:
        self.photos[sha256] = None
        return Markup('<img class="photo" src="{0}" alt="{1}"/>').format(photo_name(sha256), alt)

    def code(self, address: str, alt: str) -> Markup:
        """The address as a QR code."""
        return self._keep(Markup(code_of(address).decode()), "code", alt)  # noqa: S704 - drawn here

    def _keep(self, drawing: Markup, kind: str, alt: str) -> Markup:
        body = drawing.encode()
        name = f"drawn:{hashlib.sha256(body).hexdigest()[:16]}.svg"
        self.drawings[name] = body
        return Markup('<img class="{0}" src="{1}" alt="{2}"/>').format(kind, name, alt)


@dataclass(frozen=True)
class Seal:
    """What makes a print known again: the number of its edition, the sha256 of what it says, and where to ask."""

    number: str
    digest: str
    address: str


@dataclass(frozen=True)
class Sheet:
    """A report on paper before it is printed: what it says, and how. `key` names its content and everything that shapes
    the PDF. With `attachments` it is an archive copy, `dated` by its newest visit."""

    xhtml: str
    drawings: dict[str, bytes]
    photos: tuple[str, ...]
    content: Content
    attachments: tuple[Attachment, ...] = ()
    dated: str = UNDATED

    @property
    def key(self) -> str:
        """The sha256 of the sheet, of its drawings, photos and attachments, of our styles and fonts, and of the
        engine."""
        digest = hashlib.sha256(f"{ENGINE}\0{_shape()}\0{self.xhtml}".encode())
        for name in (*sorted(self.drawings), *self.photos):
            digest.update(name.encode())
        for one in self.attachments:
            digest.update(f"{one.name}\0{one.description}\0{self.dated}\0".encode() + one.body)
        return digest.hexdigest()


@dataclass(frozen=True)
class Desk:
    """What a sheet is written with besides the report: language and catalogue of the interface, whether a photo is
    still kept, and the public address of this installation."""

    language: str = "en"
    words: Catalogue = ENGLISH
    keeps: Keeps = bool
    address: str = "http://127.0.0.1:8000"


ENGLISH_DESK = Desk()


def draw_sheet(report: Report, desk: Desk = ENGLISH_DESK, archive: bool = False) -> Sheet:
    """The sheet of a report; the `archive` copy has what it says attached, as JSON and as a table."""
    canvas = PaperCanvas(desk.keeps)
    content = content_of(report, desk.language)
    template = _environment(desk.words).get_template(REPORTS[type(report)])
    seal = Seal(content.number, content.digest, f"{desk.address}/verify/{content.number}")
    made = context(report, desk.language, canvas, desk.words)
    xhtml = template.render(**made, layout=PAPER_LAYOUT, screen=False, seal=seal)
    cut = report.provenance.cut
    return Sheet(
        _soften(_UNPRINTABLE.sub("", _BREAKS.sub(" ", xhtml)).strip()),
        canvas.drawings,
        tuple(canvas.photos),
        content,
        _attachments(report, content) if archive else (),
        cut.isoformat() if cut else UNDATED,
    )


def _attachments(report: Report, content: Content) -> tuple[Attachment, ...]:
    table = "".join(csv_lines(table_of(report))).encode()
    return (
        Attachment("figures.csv", table, "The figures of this report as a table"),
        Attachment("figures.json", content.json, "All that this report says; its sha256 is printed on it", "Source"),
    )


@cache
def program_shape() -> str:
    """The sha256 of the program, its words and all that gives reports their looks: what was printed with another one is
    looked at again."""
    digest = hashlib.sha256(f"{ENGINE}\0{_shape()}".encode())
    for folder, ending in ((ROOT / "audit", "*.py"), (ROOT / "audit", "*.po"), (TEMPLATES, "*.html")):
        for path in sorted(folder.rglob(ending)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _soften(xhtml: str) -> str:
    """Let words break that no line can hold; `overflow-wrap: anywhere` would, in time that grows with the square."""
    parts = _TAG.split(xhtml)
    parts[::2] = [_ENDLESS.sub("\\1\u200b", text) for text in parts[::2]]
    return "".join(parts)


def context(report: Report, language: str, canvas: Canvas, words: Catalogue) -> dict[str, object]:
    """What the templates of a report want, on the page and on paper."""
    most = {"photos": MOST_PHOTOS, "bare": MOST_BARE, "narratives": MOST_NARRATIVES, "named": MOST_NAMED}
    made = {"r": report, "f": Formats(language), "canvas": canvas, "most": most, "say": Sentences(words)}
    return {**made, "strip_width": charts.strip_width, "strip_room": charts.strip_room}


def photo_name(sha256: str) -> str:
    """The name under which a sheet asks for a photo."""
    return f"photo:{sha256}.jpg"


@cache
def _environment(words: Catalogue) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    return environment


@cache
def _shape() -> str:
    """The sha256 of everything under static/ that the press reads."""
    digest = hashlib.sha256()
    for path in (*sorted((STATIC / "css" / "paper").glob("*.css")), *sorted((STATIC / "fonts").glob("*.ttf"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
