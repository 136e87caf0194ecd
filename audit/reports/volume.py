"""A volume: finished prints bound into one PDF, each as it is, with bookmarks over all of them.

Nothing is laid out again: pages, pictures and fonts go in as they lie in the prints. What a file has only once is
joined on purpose: the tags below one Document, the tree that leads from marked words to their tags, bookmarks, names of
cells and of fonts, labels of pages. Title and conformance are those of the first print, which opens the volume; the
language must be one. The same prints give the same bytes.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from audit.reports.prints import NotOurs, Print, Stream, take_apart
from audit.reports.renumbering import renumbering

FORM = "1"  # raised whenever the same prints are bound otherwise than before
HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
LEVEL = 3  # a hundredth larger than at 6, in a third of the time
CATALOG, PAGES, BOOKMARKS, TREE, DOCUMENT, PARENTS, ABOUT = range(1, 8)
LINE = struct.Struct(">BII")  # kind, where, and place in a stream of parts: /W [1 4 4]

_ROOTS = re.compile(
    rb"<</Type /Catalog/Pages (?P<pages>\d+) 0 R/Outlines (?P<bookmarks>\d+) 0 R/Lang (?P<language>\([^()\\]*\))"
    rb"/StructTreeRoot (?P<tree>\d+) 0 R/ViewerPreferences <</DisplayDocTitle true>>/MarkInfo <</Marked true>>"
    rb"/Metadata (?P<metadata>\d+) 0 R>>"
)
_TREE = re.compile(rb"<</Type /StructTreeRoot/ParentTree (?P<parents>\d+) 0 R/K \[(?P<document>\d+) 0 R\]>>")
_BOOKMARKS = re.compile(rb"<</Count \d+/First (?P<top>\d+) 0 R/Last (?P=top) 0 R>>")
_TOP = re.compile(rb"(<<.*/Count )(\d+)((?:/First \d+ 0 R/Last \d+ 0 R)?/Parent \d+ 0 R)>>", re.S)
_DOCUMENT = b"<</Type /StructElem/S /Document/"
_PAGES = re.compile(rb"<</Type /Pages/Kids \[[^\]]*\]/Count (\d+)>>")
_PARENTS = re.compile(rb"<</Nums \[(.*)\]>>")
_KEY = re.compile(rb"(\d+) (\[[^\]]*\]|\d+ 0 R)")


@dataclass(frozen=True)
class Roots:
    """What a print has once, and a volume too: their numbers in the print. `top` is its bookmark over all others,
    `language` stands as it is spelled."""

    pages: int
    bookmarks: int
    tree: int
    metadata: int
    parents: int
    document: int
    top: int
    language: bytes


class Binder:
    """Writes a volume into a file, one print after the other; `finish` ends it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = 0
        self._lines: list[tuple[int, int, int]] = [(0, 0, 0)] * (ABOUT + 1)
        self._pages = self._keys = self._metadata = 0
        self._about = self._language = b""
        self._page_trees: list[int] = []
        self._documents: list[int] = []
        self._parents: list[int] = []
        self._tops: list[tuple[int, bytes]] = []
        self._labels: list[bytes] = []
        self._write(HEAD)

    def add(self, label: str, pdf: bytes) -> None:
        """Bind a print in; its pages are labelled with `label`, if any, and their own number. NotOurs if it is not of
        the kind that can be bound."""
        made = take_apart(pdf)
        roots = _roots_of(made)
        numbers = self._numbers(made, roots)
        renumber = renumbering({**numbers, roots.bookmarks: BOOKMARKS, roots.tree: DOCUMENT}, self._keys, self._place)
        parts = {numbers[old]: renumber(said) for old, said in made.dictionaries.items() if old in numbers}
        for old, stream in made.streams.items():
            if old in numbers:
                self._write_stream(numbers[old], Stream(renumber(stream.dictionary), stream.body))
        if not self._tops:
            self._about = made.dictionaries[made.about]
            self._language, self._metadata = roots.language, numbers[roots.metadata]
        elif self._language != roots.language:
            raise NotOurs("it is in another language than those before it")
        self._labels.append(_label(self._pages, label))
        self._take_tags(parts, numbers[roots.parents], numbers[roots.document])
        self._take_pages(parts, numbers[roots.pages])
        self._tops.append((numbers[roots.top], parts.pop(numbers[roots.top])))
        self._write_parts(parts)

    def finish(self) -> None:
        """Write what leads to all prints, and the cross-reference. NotOurs if there is none."""
        if not self._tops:
            raise NotOurs("a volume holds at least one print")
        self._write_parts({
            CATALOG: b"<</Type /Catalog/Pages %d 0 R/Outlines %d 0 R/Lang %b/StructTreeRoot %d 0 R/PageLabels"
            b" <</Nums [%b]>>/PageMode /UseOutlines/ViewerPreferences <</DisplayDocTitle true>>/MarkInfo"
            b" <</Marked true>>/Metadata %d 0 R>>"
            % (PAGES, BOOKMARKS, self._language, TREE, b" ".join(self._labels), self._metadata),
            PAGES: b"<</Type /Pages/Kids [%b]/Count %d>>" % (_references(self._page_trees), self._pages),
            **_bookmarks(self._tops),
            TREE: b"<</Type /StructTreeRoot/ParentTree %d 0 R/ParentTreeNextKey %d/K [%d 0 R]>>"
            % (PARENTS, self._keys, DOCUMENT),
            DOCUMENT: b"<</Type /StructElem/S /Document/K [%b]/P %d 0 R>>" % (_references(self._documents), TREE),
            PARENTS: b"<</Kids [%b]>>" % _references(self._parents),
            ABOUT: self._about,
        })  # fmt: skip
        self._write_lines()

    @property
    def _place(self) -> int:
        return len(self._tops)

    def _numbers(self, made: Print, roots: Roots) -> dict[int, int]:
        """The number in the volume of each part that goes into it."""
        gone = {made.root, made.about, roots.tree, roots.bookmarks}
        if self._tops:
            gone.add(roots.metadata)
        return {old: self._new() for old in sorted({*made.dictionaries, *made.streams} - gone)}

    def _take_tags(self, parts: dict[int, bytes], parents: int, document: int) -> None:
        """The tags of a print become a Part of the whole Document."""
        keys = _KEY.findall(_match(_PARENTS, parts[parents])[1])
        first, last = self._keys, self._keys + len(keys) - 1
        if [int(key) for key, _ in keys] != list(range(len(keys))):
            raise NotOurs("the keys of its parent tree are not counted from 0")
        shifted = b" ".join(b"%d %b" % (first + number, leads_to) for number, (_, leads_to) in enumerate(keys))
        parts[parents] = b"<</Limits [%d %d]/Nums [%b]>>" % (first, last, shifted)
        if not parts[document].startswith(_DOCUMENT):
            raise NotOurs("its tags do not begin with a Document")
        parts[document] = parts[document].replace(b"/S /Document/", b"/S /Part/", 1)
        self._parents.append(parents)
        self._documents.append(document)
        self._keys += len(keys)

    def _take_pages(self, parts: dict[int, bytes], pages: int) -> None:
        self._pages += int(_match(_PAGES, parts[pages])[1])
        parts[pages] = parts[pages][:-2] + b"/Parent %d 0 R>>" % PAGES
        self._page_trees.append(pages)

    def _new(self) -> int:
        self._lines.append((0, 0, 0))
        return len(self._lines) - 1

    def _write(self, written: bytes) -> None:
        self._file.write(written)
        self._at += len(written)

    def _write_stream(self, number: int, stream: Stream) -> None:
        self._lines[number] = 1, self._at, 0
        self._write(b"%d 0 obj\n%b\nstream\n" % (number, stream.dictionary))
        self._write(stream.body)
        self._write(b"\nendstream\nendobj\n")

    def _write_parts(self, parts: Mapping[int, bytes]) -> None:
        """In one compressed stream (ISO 32000-1, 7.5.7)."""
        packed, at = self._new(), 0
        heads = []
        for place, (number, said) in enumerate(parts.items()):
            self._lines[number] = 2, packed, place
            heads.append(b"%d %d" % (number, at))
            at += len(said) + 1
        head = b" ".join(heads) + b"\n"
        body = zlib.compress(head + b"\n".join(parts.values()), LEVEL)
        dictionary = b"<</Type /ObjStm/N %d/First %d/Filter /FlateDecode/Length %d>>"
        self._write_stream(packed, Stream(dictionary % (len(parts), len(head), len(body)), body))

    def _write_lines(self) -> None:
        """The cross-reference (ISO 32000-1, 7.5.8)."""
        number, at = self._new(), self._at
        self._lines[0], self._lines[number] = (0, 0, 65535), (1, at, 0)
        body = zlib.compress(b"".join(LINE.pack(*line) for line in self._lines), LEVEL)
        dictionary = (
            b"<</Type /XRef/Index [0 %d]/W [1 4 4]/Size %d/Root %d 0 R/Info %d 0 R/Filter /FlateDecode/Length %d>>"
        )
        size = len(self._lines)
        self._write_stream(number, Stream(dictionary % (size, size, CATALOG, ABOUT, len(body)), body))
        self._write(b"startxref\n%d\n%%%%EOF\n" % at)


def _roots_of(made: Print) -> Roots:
    """Refuses whatever else may be in a catalog and would be lost: names, forms, output intents, attachments."""
    catalog = _match(_ROOTS, made.dictionaries[made.root])
    numbers = {name: int(catalog[name]) for name in ("pages", "bookmarks", "tree", "metadata")}
    tree = _match(_TREE, made.dictionaries[numbers["tree"]])
    top = int(_match(_BOOKMARKS, made.dictionaries[numbers["bookmarks"]])["top"])
    return Roots(
        **numbers, parents=int(tree["parents"]), document=int(tree["document"]), top=top, language=catalog["language"]
    )


def _match(pattern: re.Pattern[bytes], said: bytes) -> re.Match[bytes]:
    found = pattern.fullmatch(said)
    if found is None:
        raise NotOurs(f"one of its roots has another shape: {said[:200]!r}")
    return found


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _label(first: int, label: str) -> bytes:
    """From page `first`, counted from 0, on: the label, and the number that stands on the page."""
    before = b"/P <%b>" % ("\ufeff" + label + " ").encode("utf-16-be", "replace").hex().encode() if label else b""
    return b"%d <<%b/S /D>>" % (first, before)


def _bookmarks(tops: list[tuple[int, bytes]]) -> dict[int, bytes]:
    """Those over all others in their order, closed, so that the whole can be seen at a glance."""
    numbers = [number for number, _ in tops]
    made = {BOOKMARKS: b"<</Count %d/First %d 0 R/Last %d 0 R>>" % (len(tops), numbers[0], numbers[-1])}
    for place, (number, said) in enumerate(tops):
        before, count, below = _match(_TOP, said).groups()
        before_it = b"/Prev %d 0 R" % numbers[place - 1] if place else b""
        after_it = b"/Next %d 0 R" % numbers[place + 1] if place + 1 < len(numbers) else b""
        made[number] = b"%b-%b%b%b%b>>" % (before, count, below, before_it, after_it)
    return made
