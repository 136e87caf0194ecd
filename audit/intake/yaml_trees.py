"""YAML 1.2 text becomes a plain tree with the line of every part. Owns what of YAML is taken.

Refuses what makes files dangerous or hard to read: aliases, tags, several documents, great size and depth. `yes`, `no`,
`on` and `off` stay words; numbers stay exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from audit.domain.errors import InvalidChecklist

MOST_BYTES = 256 * 1024
DEEPEST = 20
# Keys and values: 80 for each of the 250 questions that a checklist has at most. Each takes its time, and 256 KB of
# commas would be 250,000 of them, for which the page that is asked to publish them would stand still for seconds.
MOST_PARTS = 20_000
LONGEST_NUMBER = 60
NULLS = ("", "~", "null", "Null", "NULL")
BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
WHOLE = re.compile(r"[-+]?[0-9]+")
OCTAL = re.compile(r"0o[0-7]+")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")
PLAIN_TAG = "!"
SURROGATE = re.compile("[\ud800-\udfff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlTree:
    """A file as mappings, lists, words, exact numbers, true, false and None.

    `lines` gives the line (from 1) of each path of keys and places; `complaints` are errors by line that do not stop
    the reading, such as a key that stands twice. `source` is the text that was read.
    """

    tree: object
    lines: Mapping[Path, int]
    complaints: tuple[tuple[int, str], ...] = ()
    source: str = ""


def read_yaml(text: str | bytes, name: str) -> YamlTree:
    """The tree in a YAML 1.2 text; `name` is what the file is called in complaints.

    InvalidChecklist, placed at `name:line`, if it cannot be read at all.
    """
    growing = _Growing(name)
    yaml = YAML(typ="safe", pure=True)
    try:
        source = _decoded(text, name)
        for event in yaml.parse(source):
            growing.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(name, mark.line + 1 if mark else 1, _problem(error)) from None
    except (YAMLError, YAMLStreamError, ValueError, AttributeError, IndexError, TypeError) as error:
        # The library stumbles with plain Python errors over some broken texts.
        raise _unreadable(name, growing.line, f"This is not YAML that can be read ({type(error).__name__}).") from None
    if not growing.documents:
        raise _unreadable(name, 1, "The file is empty. Begin with id: and title:.")
    return YamlTree(growing.root, growing.lines, tuple(growing.complaints), source)


def _decoded(text: str | bytes, name: str) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise _unreadable(name, 1, f"The file has {size // 1024} KB. Keep it to {MOST_BYTES // 1024} KB.")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise _unreadable(name, line, "This is not UTF-8 text. Save the file as UTF-8.") from None
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    for line, words in enumerate(text.split("\n"), 1):
        strange = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", words)
        if strange:
            mend = "Delete it."
            raise _unreadable(name, line, f"There is a sign that cannot be printed (U+{ord(strange[0]):04X}). {mend}")
    return text


def _unreadable(name: str, line: int, message: str) -> InvalidChecklist:
    plain = message.replace("{", "{{").replace("}", "}}")
    return InvalidChecklist(plain, place=f"{name}:{line}", complaints=((line, message),))


def _problem(error: MarkedYAMLError) -> str:
    problem = (error.problem or error.context or "the text cannot be read").split("\n")[0]
    if "\\t" in problem or "tab" in problem:
        return "A tab stands where YAML wants spaces. Replace it by spaces."
    if "mapping values are not allowed" in problem:
        return "A colon stands where no key can be. Indent the line like those around it, or put the words in quotes."
    context = f" {error.context}" if error.context and error.problem else ""
    return f"This is not YAML that can be read: {problem}{context}. Mend the indentation, quotes or brackets here."


@dataclass
class _Open:
    """A mapping or a list that has begun and not ended."""

    path: Path
    members: dict[str, object] | list[object]
    key: str | None = None
    doubled: bool = False

    def next_path(self) -> Path:
        return (*self.path, len(self.members) if isinstance(self.members, list) else self.key or "")


@dataclass
class _Growing:
    """The tree as it grows from the parser's events, without recursion."""

    name: str
    root: object = None
    documents: int = 0
    parts: int = 0
    line: int = 1
    lines: dict[Path, int] = field(default_factory=dict)
    complaints: list[tuple[int, str]] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def take(self, event: Event) -> None:
        if event.start_mark is not None:
            self.line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _unreadable(
                    self.name, self.line, "A second document begins here. Keep one checklist in one file."
                )
        elif isinstance(event, AliasEvent):
            raise _unreadable(self.name, self.line, "An alias (*) stands here. Write out what it stands for.")
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.open.pop()
        elif isinstance(event, NodeEvent):
            self._begin(event)

    def _begin(self, event: NodeEvent) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise _unreadable(
                self.name,
                self.line,
                f"The file has more than {MOST_PARTS:,} keys and values. Make two checklists of it.",
            )
        inside = self.open[-1] if self.open else None
        if inside is not None and isinstance(inside.members, dict) and inside.key is None:
            self._take_key(inside, event)
            return
        path = inside.next_path() if inside else ()
        self.lines.setdefault(path, self.line)
        value = self._value(event, path)
        if inside is None:
            self.root = value
        elif isinstance(inside.members, list):
            inside.members.append(value)
        else:
            if not inside.doubled:
                inside.members[inside.key or ""] = value
            inside.key, inside.doubled = None, False

    def _take_key(self, inside: _Open, event: NodeEvent) -> None:
        if not isinstance(event, ScalarEvent):
            raise _unreadable(
                self.name, self.line, "A key cannot be a list or a mapping. Write a word before the colon."
            )
        key = str(event.value)
        assert isinstance(inside.members, dict)
        inside.doubled = key in inside.members
        if inside.doubled:
            first = self.lines[(*inside.path, key)]
            shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in key[:60])
            self.complaints.append(
                (self.line, f"The key “{shown}” stands in line {first} already. Keep one of the two.")
            )
        else:
            self.lines[(*inside.path, key)] = self.line
        inside.key = key

    def _value(self, event: NodeEvent, path: Path) -> object:
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) != PLAIN_TAG:
            self.complaints.append((self.line, f"The tag {str(tag)[:60]} is not understood. Leave it out."))
        if isinstance(event, ScalarEvent):
            quoted = event.style is not None or tag is not None
            return _paired(str(event.value)) if quoted else plain_value(str(event.value))
        members: dict[str, object] | list[object] = [] if isinstance(event, SequenceStartEvent) else {}
        assert isinstance(event, SequenceStartEvent | MappingStartEvent)
        if len(self.open) >= DEEPEST:
            raise _unreadable(self.name, self.line, f"The file is nested more than {DEEPEST} deep. Make it flatter.")
        self.open.append(_Open(path, members))
        return members


def _paired(words: str) -> str:
    """JSON writes signs beyond U+FFFF as two escapes, and JSON is YAML: each pair becomes the one sign it means."""
    if words.isascii() or not SURROGATE.search(words):
        return words
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def plain_value(words: str) -> object:
    """What unquoted words mean in YAML 1.2's core schema; numbers are exact, whole ones int, others Decimal."""
    if words in NULLS:
        return None
    if words in BOOLEANS:
        return BOOLEANS[words]
    if words[0] not in "-+.0123456789":
        return words
    if OCTAL.fullmatch(words) or HEXADECIMAL.fullmatch(words):
        return int(words, 0) if len(words) <= LONGEST_NUMBER else Decimal("Infinity")
    if INFINITE.fullmatch(words):
        return Decimal("Infinity")
    if NOT_A_NUMBER.fullmatch(words):
        return Decimal("NaN")
    return _number(words)


def _number(words: str) -> object:
    if not DECIMAL.fullmatch(words):
        return words
    if len(words) > LONGEST_NUMBER:
        return Decimal("Infinity")
    if WHOLE.fullmatch(words):
        return int(words)
    try:
        return Decimal(words)
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal("Infinity")
