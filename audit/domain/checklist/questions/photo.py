"""One or more photos. Never scored; what is in the picture is asked by another question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Value
from audit.domain.checklist.questions.kind import MOST_PHOTOS, Kind
from audit.domain.checklist.shapes import Flag, Whole
from audit.domain.errors import InvalidAnswer


@dataclass(frozen=True)
class Photos(Kind):
    """`least` and `most` count photos; the photos themselves stand beside the value, which is always None.

    `for_office`: what they show, such as the minute on a receipt, is for the programme office alone.
    """

    least: int = 1
    most: int = 5
    for_office: bool = False

    name: ClassVar[str] = "photo"
    operators: ClassVar[tuple[str, ...]] = ("answered",)
    keys: ClassVar[tuple[Key, ...]] = (
        Key("least", Whole(0, MOST_PHOTOS), "how many photos are needed: 1, unless said otherwise", default=1),
        Key("most", Whole(1, MOST_PHOTOS), "how many photos are taken: 5, unless said otherwise"),
        Key("for_office", Flag(), "whether only the programme office sees them, as with a receipt", default=False),
    )

    @classmethod
    def read(cls, fields: Fields) -> Self:
        least = fields["least"]
        most = fields["most"] if fields["most"] is not None else max(5, least)
        if least > most:
            fields.complain("least", "least is above most. Swap the two.")
        return cls(least, most, fields["for_office"])

    def clean(self, raw: object) -> Value:
        if raw not in (None, "", [], ()):
            raise InvalidAnswer("Add photos here, no words.")
        return None

    def show(self, value: Value, language: str) -> str:
        return ""

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        return ("a photo",)

    @property
    def photos_needed(self) -> int:
        return self.least

    @property
    def photos_taken(self) -> int:
        return self.most

    @property
    def photos_for_office(self) -> bool:
        return self.for_office
