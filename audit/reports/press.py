"""The press: a process of its own that has WeasyPrint and our fonts loaded, and forks one child for each report.

Started by `pdf` with no more of the environment than where temporary files go; takes one socket for each job over its
own socket. The child reads the job, writes the answer and is gone: whatever a report does to memory or time ends with
it. Two print at a time. Owns the limits of a child, and kills the one that is too slow.
"""

from __future__ import annotations

import gc
import io
import logging
import math
import os
import re
import resource
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.ffi import ffi
from weasyprint.urls import URLFetcher, URLFetcherResponse

from audit.reports.faces import Faces
from audit.reports.job import Attachment, Job, unpack
from audit.reports.laying_down import folder_of_faces
from audit.reports.page import Page
from audit.reports.sample import sample
from audit.reports.shapes import finish_shapes
from audit.reports.tagging import finish_tags

STATIC = Path(__file__).resolve().parents[2] / "static"
STYLES = ("css/paper/page.css", "css/paper/report.css", "css/paper/board.css")
ARCHIVE_STYLE = "css/paper/archive.css"
MOST_BYTES_OF_MEMORY = 1 << 30
MOST_CPU_SECONDS = 30
MOST_WALL_SECONDS = 45
AT_ONCE = 2
TYPES = {".svg": "image/svg+xml", ".jpg": "image/jpeg", ".ttf": "font/ttf", ".css": "text/css", ".png": "image/png"}
FROM_THE_RIGHT = re.compile(r'\s*<html [^>]*dir="rtl"')
REHEARSALS = 2
# How long the arrays are by which a face is cut down: one holds the letters used, one all shapes up to the last used.
# That is a blank wherever there are words, since the blanks stand at the end of our Latin faces.
LETTERS_OF_A_FACE, BLANKS_OF_A_FACE = range(20, 120), range(987, 1016)
OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
ARCHIVE_OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "pdf_identifier": True, "output_intent": "srgb"}


class Locked(URLFetcher):  # type: ignore[misc]
    """Serves the assets that came with the job, by name, and the fonts. Knows no network and no other file."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__()
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url not in self._assets:
            raise ValueError("not registered for this report")
        kind = TYPES.get(os.path.splitext(url)[1], "application/octet-stream")
        return URLFetcherResponse(url, self._assets[url], {"Content-Type": kind})


class Complaints(logging.Handler):
    """Collects what WeasyPrint calls an error: a picture or a style that failed, which it would print without; and
    whether it met letters that no font on this machine has."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self.empty_boxes = False

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.messages.append(record.getMessage()[:500])
        elif str(record.msg).startswith(".notdef glyph"):
            self.empty_boxes = True


class Type:
    """The styles and fonts of the paper, read once before any job."""

    def __init__(self) -> None:
        self.fonts = Faces()
        assets = {f"static:fonts/{font.name}": font.read_bytes() for font in sorted((STATIC / "fonts").glob("*.ttf"))}
        fetcher = Locked(assets)
        self.styles = [
            weasyprint.CSS(string=(STATIC / name).read_text("utf-8"), font_config=self.fonts, url_fetcher=fetcher)
            for name in STYLES
        ]
        self.owning_up = weasyprint.CSS(string=".no-font { display: block }")
        self.for_archives = weasyprint.CSS(string=(STATIC / ARCHIVE_STYLE).read_text("utf-8"))
        self.from_the_right = weasyprint.CSS(string="@page { @bottom-left { direction: rtl; text-align: right } }")

    def styles_of(self, xhtml: str) -> list[weasyprint.CSS]:
        """A page has no direction of its own: where lines begin at the right, so does the one in the margin."""
        return [*self.styles, self.from_the_right] if FROM_THE_RIGHT.match(xhtml) else self.styles


def print_pdf(job: Job, type_: Type) -> bytes:
    """The PDF of a job: PDF/UA-1, or PDF/A-3a with something to attach. ValueError if anything failed on the way.

    Where a letter had to be printed as an empty box, it is printed again with the words that say so."""
    complaints = Complaints()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(complaints)
    try:
        styles = type_.styles_of(job.xhtml)
        pdf = _write(job, type_, styles)
        if complaints.empty_boxes:
            pdf = _write(job, type_, [*styles, type_.owning_up])
    finally:
        logger.removeHandler(complaints)
    if complaints.messages:
        raise ValueError("; ".join(complaints.messages))
    return pdf


def _write(job: Job, type_: Type, styles: list[weasyprint.CSS]) -> bytes:
    """No identifier is asked for, but by an archive: each PDF would be put together and compressed a second time."""
    page = Page(job.xhtml, Locked(job.assets))
    options: dict[str, Any] = dict(OPTIONS)
    if job.attachments:
        dated = datetime.fromisoformat(job.dated)
        styles = [*styles, type_.for_archives]
        options = {**ARCHIVE_OPTIONS, "attachments": [_attached(one, dated) for one in job.attachments]}
    pdf: bytes = page.write_pdf(stylesheets=styles, font_config=type_.fonts, finisher=finish, **options)
    return pdf


def finish(document: object, pdf: Any) -> None:
    """What WeasyPrint leaves open, done before the PDF is written."""
    finish_tags(pdf)
    finish_shapes(pdf)


def _attached(attachment: Attachment, dated: datetime) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        file_obj=io.BytesIO(attachment.body),
        name=attachment.name,
        description=attachment.description,
        created=dated,
        modified=dated,
        relationship=attachment.relationship,
    )


def _read_all(connection: socket.socket) -> bytes:
    parts: list[bytes] = []
    while part := connection.recv(1 << 20):
        parts.append(part)
    return b"".join(parts)


def _answer(connection: socket.socket, type_: Type) -> None:
    """In the child: read the job, print it, write `ok` and the PDF, or `no` and the reason."""
    limit()
    try:
        type_.fonts.take_out()
        answer = b"ok" + print_pdf(unpack(_read_all(connection)), type_)
    except (Exception, SystemExit) as error:
        answer = b"no" + f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:2000]
    connection.sendall(answer)


def limit() -> None:
    """Hold this process to its limits: memory, CPU, and no file written at all."""
    for what, value in (
        (resource.RLIMIT_AS, MOST_BYTES_OF_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (value, value))


@dataclass
class Child:
    """A process that prints one report; at `late_at`, by the monotonic clock, it is killed."""

    pid: int
    late_at: float


class Press:
    """The loop: take a job, fork, take leave, kill what is late.

    `running` is by the end of a pipe whose other end the child alone holds: it closes with the child, so that nothing
    has to be looked at again and again until one is done."""

    def __init__(self, orders: socket.socket) -> None:
        self.orders = orders
        self.type = Type()
        self.running: dict[int, Child] = {}

    def run(self) -> None:
        while True:
            awaited: list[int | socket.socket] = [*self.running]
            if len(self.running) < AT_ONCE:
                awaited.append(self.orders)
            ready, _, _ = select.select(awaited, [], [], self._patience())
            for end in ready:
                if isinstance(end, int):
                    self._take_leave(end)
            self._kill_the_late()
            if self.orders in ready:
                _, handles, _, _ = socket.recv_fds(self.orders, 1, 1)
                if not handles:
                    return  # the application is gone
                self._fork(socket.socket(fileno=handles[0]))

    def end(self) -> None:
        """Kill whatever is being printed."""
        for child in self.running.values():
            os.kill(child.pid, signal.SIGKILL)

    def _fork(self, connection: socket.socket) -> None:
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid:
            self.running[ours] = Child(pid, time.monotonic() + MOST_WALL_SECONDS)
            os.close(theirs)
            connection.close()
            return
        try:
            self.orders.close()
            _answer(connection, self.type)
        finally:
            os._exit(0)

    def _take_leave(self, end: int) -> None:
        os.close(end)
        os.waitpid(self.running.pop(end).pid, 0)

    def _patience(self) -> float | None:
        """Seconds until the next child is late; None if none is going to be."""
        nearest = min((child.late_at for child in self.running.values()), default=math.inf)
        return None if nearest == math.inf else max(0.0, nearest - time.monotonic())

    def _kill_the_late(self) -> None:
        for child in self.running.values():
            if time.monotonic() > child.late_at:
                os.kill(child.pid, signal.SIGKILL)
                child.late_at = math.inf


def warm_up(type_: Type) -> None:
    """Meet before any job what every job meets. The type of an array takes 2 ms to declare for each new length; and
    Python goes through a step faster once it has been there some times, which a child would have to begin with."""
    for _ in range(REHEARSALS):
        print_pdf(sample(), type_)
    for number in (*LETTERS_OF_A_FACE, *BLANKS_OF_A_FACE):
        ffi.typeof(f"hb_codepoint_t[{number}]")


def main() -> None:
    """Take orders from the socket whose number is the first argument, until the application is gone or ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    if hasattr(os, "nice"):
        os.nice(10)
    # WeasyPrint lays the faces down as files, and takes them away at an end that a killed process does not have.
    with folder_of_faces() as folder:
        tempfile.tempdir = str(folder)
        press = Press(socket.socket(fileno=int(sys.argv[1])))
        warm_up(press.type)
        gc.collect()
        press.type.fonts.put_away()
        gc.freeze()
        gc.disable()
        try:
            press.run()
        finally:
            _leave_in_peace()
            press.end()


def _leave(*_: object) -> None:
    """By the way out, so that whatever was laid down is taken away."""
    _leave_in_peace()
    sys.exit()


def _leave_in_peace() -> None:
    """Whoever is on the way out is not told to leave once more: that would be raised wherever Python just cleans up,
    and printed as an exception that was ignored. To ignore the signal would be told of, too, if one has just come."""
    signal.signal(signal.SIGTERM, lambda *_: None)


if __name__ == "__main__":
    main()
