"""A text of any number of lines. Never scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from audit.domain.checklist.fields import Key
from audit.domain.checklist.questions.writing import LONGEST, WrittenText, length_keys


@dataclass(frozen=True)
class LongText(WrittenText):
    max_length: int = 5_000

    name: ClassVar[str] = "long_text"
    keys: ClassVar[tuple[Key, ...]] = length_keys(LONGEST, 5_000)
