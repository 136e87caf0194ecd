"""A finished print, taken apart: the PDF that our own press wrote, as its parts by number.

Knows the one shape in which the press writes: streams one after the other, all else in one compressed stream of parts,
and a cross-reference stream. Refuses every other PDF; opens none that came from outside.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_FIRST_BYTES = b"%PDF-1.7\n"
_END = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_HEAD = re.compile(rb"(\d+) 0 obj\n")
_STREAM = b">>\nstream\n"
_NUMBER = re.compile(rb"/(\w+) (\d+)")
_WIDTHS = re.compile(rb"/W \[1 (\d) (\d)\]")
_UNCOMPRESSED = 1


class NotOurs(ValueError):
    """A PDF that is not spelled as our press spells; the words are for whoever mends it."""


@dataclass(frozen=True)
class Stream:
    """A part with a body: what its dictionary says, and its bytes as they lie in the file."""

    dictionary: bytes
    body: bytes

    def unpacked(self) -> bytes:
        """The bytes before they were compressed. NotOurs if they were compressed otherwise, or not at all."""
        if b"/Filter /FlateDecode" not in self.dictionary:
            raise NotOurs("a part is not compressed as the press does it")
        return zlib.decompress(self.body)


@dataclass(frozen=True)
class Print:
    """A PDF by the numbers of its parts: `dictionaries` as they are spelled, and `streams`; `root` is the number of its
    catalog, and `about` that of what it says about itself."""

    dictionaries: Mapping[int, bytes]
    streams: Mapping[int, Stream]
    root: int
    about: int


def take_apart(pdf: bytes) -> Print:
    """The parts of a print. NotOurs if it is spelled otherwise than the press spells."""
    try:
        return _take_apart(pdf)
    except (ValueError, KeyError, IndexError, zlib.error) as error:
        raise NotOurs(f"not as the press writes it: {error}") from None


def _take_apart(pdf: bytes) -> Print:
    end = _END.search(pdf, len(pdf) - 60)
    if not pdf.startswith(_FIRST_BYTES) or end is None:
        raise NotOurs("it begins or ends otherwise")
    at = int(end[1])
    table = _stream(pdf, at)
    offsets = _offsets(table)
    streams = {number: _stream(pdf, offset) for number, offset in offsets.items() if offset != at}
    [packed] = [number for number, one in streams.items() if one.dictionary.startswith(b"<</Type /ObjStm")]
    named = _numbers(table.dictionary)
    dictionaries = _unpack(streams.pop(packed))
    return Print(dictionaries, streams, named["Root"], named["Info"])


def _stream(pdf: bytes, at: int) -> Stream:
    head = _HEAD.match(pdf, at)
    if head is None:
        raise NotOurs("there is no part where it says that one begins")
    end = pdf.index(_STREAM, head.end()) + len(b">>")
    dictionary = pdf[head.end() : end]
    begin = end + len(_STREAM) - len(b">>")
    return Stream(dictionary, pdf[begin : begin + _numbers(dictionary)["Length"]])


def _numbers(dictionary: bytes) -> dict[str, int]:
    return {name.decode(): int(number) for name, number in _NUMBER.findall(dictionary)}


def _offsets(table: Stream) -> dict[int, int]:
    """Where each part that lies in the file by itself begins. Reads ISO 32000-1, 7.5.8."""
    widths = _WIDTHS.search(table.dictionary)
    if widths is None:
        raise NotOurs("its cross-reference has another shape")
    first, second = int(widths[1]), int(widths[2])
    row, lines = 1 + first + second, table.unpacked()
    return {
        at // row: int.from_bytes(lines[at + 1 : at + 1 + first], "big")
        for at in range(0, len(lines), row)
        if lines[at] == _UNCOMPRESSED
    }


def _unpack(packed: Stream) -> dict[int, bytes]:
    """The parts in a stream of parts (ISO 32000-1, 7.5.7)."""
    text, said = packed.unpacked(), _numbers(packed.dictionary)
    first = said["First"]
    heads = [int(number) for number in text[:first].split()]
    begins = [first + begin for begin in heads[1::2]]
    ends = [*begins[1:], len(text) + 1]
    return {number: text[begin : end - 1] for number, begin, end in zip(heads[::2], begins, ends, strict=True)}
