"""A number with its unit. Bands say what each range earns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Text, Value
from audit.domain.checklist.questions.kind import (
    BANDS,
    SCALE_TESTS,
    Kind,
    ShareBand,
    is_blank,
    points_of_bands,
    read_bands,
)
from audit.domain.checklist.questions.numbers import decimal_text, read_decimal
from audit.domain.checklist.shapes import NUMBER_LIMIT, Exact, Whole, Words
from audit.domain.errors import InvalidAnswer

BOUND = Exact(-NUMBER_LIMIT)


@dataclass(frozen=True)
class Number(Kind):
    """`minimum` and `maximum` are included; `decimals` is how many digits may follow the point."""

    unit: Text | None = None
    unit_for_one: Text | None = None
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    decimals: int = 0
    bands: tuple[ShareBand, ...] = ()

    name: ClassVar[str] = "number"
    operators: ClassVar[tuple[str, ...]] = SCALE_TESTS
    keys: ClassVar[tuple[Key, ...]] = (
        Key("unit", Words(60), "what is counted, such as minutes"),
        Key("unit_for_one", Words(60), "the same where there is 1 of it, such as minute"),
        Key("least", BOUND, "the smallest number that is taken"),
        Key("most", BOUND, "the largest number that is taken"),
        Key("decimals", Whole(0, 6), "how many digits may follow the point", default=0),
        Key("bands", BANDS, "what each range earns, lowest first; unscored without", default=()),
    )

    @classmethod
    def read(cls, fields: Fields) -> Self:
        least, most = fields["least"], fields["most"]
        if least is not None and most is not None and least > most:
            fields.complain("least", "least is above most. Swap the two.")
        if fields["unit_for_one"] is not None and fields["unit"] is None:
            fields.complain("unit_for_one", "unit_for_one stands without unit. Write unit, too.")
        return cls(fields["unit"], fields["unit_for_one"], least, most, fields["decimals"], read_bands(fields))

    def clean(self, raw: object) -> Value:
        if is_blank(raw):
            return None
        number = self._read(raw)
        if self.minimum is not None and number < self.minimum:
            raise InvalidAnswer("Write a number that is not below {least}.", least=decimal_text(self.minimum))
        if self.maximum is not None and number > self.maximum:
            raise InvalidAnswer("Write a number that is not above {most}.", most=decimal_text(self.maximum))
        return decimal_text(number)

    def _read(self, raw: object) -> Fraction:
        number = read_decimal(raw)
        if number is None:
            raise InvalidAnswer("Write a number with digits, such as 12.")
        if 10**self.decimals % number.denominator:
            if self.decimals:
                raise InvalidAnswer("Write at most {places} digits after the point.", places=self.decimals)
            raise InvalidAnswer("Write a whole number.")
        return number

    def points(self, value: Value) -> Fraction | None:
        return points_of_bands(self.bands, Fraction(str(value)))

    def show(self, value: Value, language: str) -> str:
        unit = self.unit_for_one if self.unit_for_one and value == "1" else self.unit
        return f"{value} {unit.in_language(language)}" if unit else str(value)

    def word(self, raw: object) -> str:
        return decimal_text(self._read(raw))

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        """The numbers named, their neighbours and the bounds, as far as they can be answered."""
        step = Fraction(1, 10**self.decimals)
        named = [Fraction(word) for word in words]
        corners = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        near = {
            corner for number in (*named, *corners, Fraction(0)) for corner in (number - step, number, number + step)
        }
        return tuple(decimal_text(number) for number in sorted(near) if self._can_be(number))

    def _can_be(self, number: Fraction) -> bool:
        try:
            self.clean(decimal_text(number))
        except InvalidAnswer:
            return False
        return True

    @property
    def scored(self) -> bool:
        return bool(self.bands)
