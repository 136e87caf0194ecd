"""The pack of an area: the report of the area, and that of each of its branches, as a ZIP and bound into one PDF.

Owns what belongs into it and how the files are called. The PDFs go in as they are: they are packed inside already.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from audit.reports.file_names import file_name
from audit.reports.volume import FORM, Binder
from audit.storage.editions import Paper
from audit.storage.store import Store

MISSING = "not-printed.txt"


@dataclass(frozen=True)
class Part:
    """One report, and the name of its file in the pack."""

    name: str
    paper: Paper

    @property
    def label(self) -> str:
        """What the pages of a branch are called by in the volume, before their numbers; nothing for the area."""
        return self.paper.subject if self.paper.what == "branch" else ""


@dataclass(frozen=True)
class Pack:
    """What belongs together, the report of the area first, then the branches by name."""

    paper: Paper
    parts: tuple[Part, ...]

    def key(self, members: Sequence[tuple[str, str]], failed: Sequence[str]) -> str:
        """The sha256 of what the pack holds: names of files with the keys of their PDFs, and how they are bound."""
        named = [f"{name}\0{key}" for name, key in members] + [f"-{name}" for name in failed]
        return hashlib.sha256("\n".join((self.paper.series, FORM, *named)).encode()).hexdigest()

    def write(self, members: Sequence[tuple[str, Path]], failed: Sequence[str], file: IO[bytes]) -> None:
        """The ZIP with these files; it says by name which reports could not be printed. The same files give the same
        bytes."""
        day = self.paper.last
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, path in members:
                archive.writestr(_entry(name, (day.year, day.month, day.day)), path.read_bytes())
            if failed:
                told = "\n".join(("These reports could not be printed:", *failed, ""))
                archive.writestr(_entry(MISSING, (day.year, day.month, day.day)), told.encode())

    def bind(self, files: Sequence[Path], file: IO[bytes]) -> None:
        """The volume: all parts in their order as one PDF with bookmarks; `files` are theirs. The same files give the
        same bytes. NotOurs if one cannot be bound."""
        binder = Binder(file)
        for part, path in zip(self.parts, files, strict=True):
            binder.add(part.label, path.read_bytes())
        binder.finish()


def pack_of(store: Store, paper: Paper) -> Pack:
    """The pack of an area over a period."""
    whole = replace(paper, what="area")
    parts = [Part(f"{name_of(whole)}.pdf", whole)]
    taken = {parts[0].name.casefold()}  # not every file system tells a and A apart
    for branch in store.branches.of_area(paper.subject):
        own = replace(paper, what="branch", subject=branch.code)
        name = name_of(own)
        while f"{name}.pdf".casefold() in taken:
            name += "_"
        taken.add(f"{name}.pdf".casefold())
        parts.append(Part(f"{name}.pdf", own))
    return Pack(paper, tuple(parts))


def name_of(paper: Paper) -> str:
    """What the file of a paper is called, without its ending."""
    if paper.what == "method":
        return file_name("how-we-score", paper.language)
    what = {"area": "area", "pack": "area", "programme": "programme"}.get(paper.what, "")
    ending = "all" if paper.what == "pack" else "archive" if paper.archive else ""
    subject = "" if paper.what == "programme" else paper.subject
    days = (paper.first.isoformat(), paper.last.isoformat())
    return file_name(what, subject, *days, ending)


def _entry(name: str, day: tuple[int, int, int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (*day, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    return entry
