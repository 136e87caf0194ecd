"""The fields of an envelope that are plain: words of a fixed shape, whole numbers, and lists that end somewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

from audit.domain.errors import InvalidSubmission

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")


def text_in(tree: Mapping[str, object], name: str, shape: re.Pattern[str]) -> str:
    """The word under this name; InvalidSubmission if none of that shape is there."""
    value = tree.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise InvalidSubmission("The field “{field}” of the submission is missing or malformed.", field=name)
    return value


def whole_in(tree: Mapping[str, object], name: str) -> int:
    """The whole number under this name, from 0 up to what a script can count to exactly; else InvalidSubmission."""
    value = tree.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise InvalidSubmission("The field “{field}” of the submission is a whole number from 0.", field=name)
    return value


def list_in(tree: Mapping[str, object], name: str, most: int) -> list[object]:
    """The list under this name, empty if there is none; InvalidSubmission if it holds more than `most`."""
    value = tree.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise InvalidSubmission("The field “{field}” is a list of at most {most}.", field=name, most=most)
    return value
