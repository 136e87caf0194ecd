"""A text of one line. Never scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from audit.domain.checklist.fields import Key
from audit.domain.checklist.questions.writing import WrittenText, length_keys


@dataclass(frozen=True)
class ShortText(WrittenText):
    max_length: int = 200

    name: ClassVar[str] = "short_text"
    one_line: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = length_keys(1_000, 200)
