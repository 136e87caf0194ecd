"""What the kinds of question have in common: the tests that suit them, and how bands and options are read.

Refuses to know any one kind.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key, Keys, ListOf
from audit.domain.checklist.model import Option, Value
from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.reading import quoted
from audit.domain.checklist.shapes import Exact, Id, Words
from audit.domain.errors import InvalidAnswer

WORD_TESTS = ("is", "is_not", "any_of", "answered")
SCALE_TESTS = ("is", "is_not", "any_of", "at_least", "at_most", "answered")
SET_TESTS = ("is", "is_not", "any_of", "all_of", "answered")

MOST_PHOTOS = 30
SHARE = "what part of the weight it earns, from 0 to 1"
OPTION_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "what the shopper reads", needed=True),
    Key("share", Exact(0, 1), SHARE),
)
BAND_KEYS = (
    Key("up_to", Exact(-(10**9)), "the highest value that still earns this share; left out in the last one"),
    Key("share", Exact(0, 1), SHARE, needed=True),
)


class Kind(ABC):
    """What a kind does unless it says otherwise: nothing is set for it in the file; a value is shown as it stands,
    earns nothing, and is complete once it is given."""

    operators: ClassVar[tuple[str, ...]] = WORD_TESTS
    keys: ClassVar[tuple[Key, ...]] = ()

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """The kind as a question sets it."""
        return cls()

    @abstractmethod
    def clean(self, raw: object) -> Value:
        """The canonical value; each kind has its own."""

    def show(self, value: Value, language: str) -> str:
        """The value in words for people."""
        return str(value)

    def points(self, value: Value) -> Fraction | None:
        """The share that the value earns, 0 to 1; None: unscored."""
        return None

    def complete(self, value: Value) -> bool:
        """Whether nothing is left open in a value that was given."""
        return True

    def words(self) -> tuple[str, ...]:
        """The words that can be answered, where they are few."""
        return ()

    def word(self, raw: object) -> str:
        """What a rule compares with, in the canonical words; InvalidAnswer if no answer can look like that."""
        return str(self.clean(raw))

    def samples(self, words: Collection[str]) -> tuple[Value, ...] | None:
        """Values among which any test that names only `words` finds one that meets it, if any does."""
        return tuple(words)

    @property
    def scored(self) -> bool:
        return False

    @property
    def photos_needed(self) -> int:
        return 0

    @property
    def photos_for_office(self) -> bool:
        """Whether nobody but the programme office sees the photos of an answer."""
        return False

    @property
    def photos_taken(self) -> int:
        return MOST_PHOTOS


@dataclass(frozen=True)
class ShareBand:
    """Values up to and including `up_to` earn `share`; None: whatever is above the band before."""

    up_to: Fraction | None
    share: Fraction


def read_options(options: Iterable[Fields]) -> tuple[Option, ...]:
    """The options as they were read; those without a name or words, and doubles, are left out after a complaint."""
    seen: dict[str, Option] = {}
    for option in options:
        id, title = option["id"], option["title"]
        if id in seen:
            option.complain("id", f"{quoted(id)} stands in this list already. Give each a name of its own.")
        elif id in ("not_applicable", "not_observed"):
            option.complain("id", f"{quoted(id)} is taken. Offer it with offer: [{id}] instead.")
        elif id is not None and title is not None:
            seen[id] = Option(id, title, option["share"])
    return tuple(seen.values())


def shares_of(options: Iterable[Option]) -> dict[str, Fraction | None]:
    """What each option earns, by its id, in their order."""
    return {option.id: option.share for option in options}


def check_shares(fields: Fields, name: str, options: Sequence[Option]) -> None:
    """Complain if some options have a share and others have none."""
    bare = [option.id for option in options if option.share is None]
    if bare and len(bare) < len(options):
        fields.complain(name, f"{name}: {', '.join(bare)} has no share, others have. Give every one a share, or none.")


def read_bands(fields: Fields) -> tuple[ShareBand, ...]:
    """The bands in their order, after complaints about those that do not ascend or leave something open above."""
    bands: list[ShareBand] = []
    highest: Fraction | None = None
    read: tuple[Fields, ...] = fields["bands"]
    for place, band in enumerate(read):
        up_to, share = band["up_to"], band["share"]
        if "up_to" not in band.given and place < len(read) - 1:
            band.complain("share", "Only the last band may leave out up_to. Write up to which value this one goes.")
        elif up_to is not None and highest is not None and up_to <= highest:
            order = f"{decimal_text(up_to)} comes after {decimal_text(highest)}"
            band.complain("up_to", f"The bands are out of order: {order}. Write the lowest first.")
        if share is not None:
            bands.append(ShareBand(up_to, share))
        highest = up_to if up_to is not None else highest
    if read and "up_to" in read[-1].given:
        fields.complain(
            "bands", "The last band stops short. Add one more with a share and without up_to, for all above."
        )
    return tuple(bands)


def points_of_bands(bands: Sequence[ShareBand], value: Fraction) -> Fraction | None:
    """The share of the first band that reaches the value; None without bands."""
    for band in bands:
        if band.up_to is None or value <= band.up_to:
            return band.share
    return Fraction(0) if bands else None


def is_blank(raw: object) -> bool:
    """Whether nothing was answered: None, or a text in which nothing stands."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def one_word(raw: object, words: Collection[str]) -> str | None:
    """The raw value if it is one of the words, None if it is empty, else InvalidAnswer."""
    if raw is None or raw == "":
        return None
    word = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**9 else raw
    if not isinstance(word, str) or word not in words:
        raise InvalidAnswer("Choose one of the answers on offer.")
    return word


BANDS = ListOf(Keys("a band", BAND_KEYS), 1, 50)
OPTIONS = ListOf(Keys("an option", OPTION_KEYS), 2, 100)
