"""A mark as plain JSON, as it is sent and as it is kept: its name, its moment, and a position or why there is none."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from audit.domain.errors import InvalidSubmission
from audit.domain.submission.fields import NAME, text_in
from audit.domain.visit import Mark, Position


def mark_to_tree(mark: Mark) -> dict[str, object]:
    """A mark as plain JSON values: name, at, and either a position, a reason for none, or neither."""
    tree: dict[str, object] = {"name": mark.name, "at": mark.at.isoformat()}
    if mark.position:
        place = mark.position
        tree["position"] = {"latitude": place.latitude, "longitude": place.longitude, "accuracy_m": place.accuracy_m}
    if mark.refused:
        tree["refused"] = mark.refused
    return tree


def mark_from_tree(tree: object, years: Container[int] | None = None) -> Mark:
    """A mark as it was sent or kept; InvalidSubmission if its name, moment or position cannot be read, or if the moment
    lies in none of `years`, if some are given."""
    if not isinstance(tree, dict):
        raise InvalidSubmission("A mark is an object with a name and a moment.", place="marks")
    try:
        at = datetime.fromisoformat(str(tree.get("at")))
        if years is not None and at.year not in years:
            raise ValueError
    except ValueError:
        raise InvalidSubmission("A mark needs its moment, like 2026-05-04T12:30:00+00:00.", place="marks") from None
    if at.tzinfo is None:
        raise InvalidSubmission("The moment of a mark needs its time zone, like +00:00.", place="marks")
    refused = tree.get("refused", "")
    if not isinstance(refused, str) or len(refused) > 500:
        raise InvalidSubmission("The reason for no position is a text of at most 500 characters.", place="marks")
    return Mark(text_in(tree, "name", NAME), at, _position(tree.get("position")), refused)


def _position(tree: object) -> Position | None:
    if tree is None:
        return None
    parts = [tree.get(name) for name in ("latitude", "longitude", "accuracy_m")] if isinstance(tree, dict) else []
    numbers = [part for part in parts if isinstance(part, int | float) and not isinstance(part, bool)]
    if len(numbers) != 3 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180 and 0 <= numbers[2] < 1e8):
        raise InvalidSubmission("A position is latitude, longitude and accuracy_m, as numbers.", place="marks")
    return Position(*map(float, numbers))
