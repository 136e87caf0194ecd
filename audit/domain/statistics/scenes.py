"""What a table of markings says: how far shoppers who saw the same filmed scenes mark alike. Owns the table's rows and
its figures; refuses a figure of any one shopper.

Markings and names are compared without capitals and spaces around them, and markings as kinds: a 4 is as unlike a 5 as
a 1. Only markings of the same question are compared with each other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.domain.errors import CandourError, InvalidField
from audit.domain.programme import RefusedRow
from audit.domain.statistics.agreement import gwet_ac1, krippendorff_alpha, percent_agreement
from audit.domain.statistics.quantiles import LEVEL, two_sided_quantile
from audit.domain.statistics.ranges import Range, wilson_range

FEW_SCENES = 20  # with fewer the range of a share near the middle is more than a third of all there is
MOST_LETTERS = 200

Place = tuple[str, str]
"""A question and a scene, as they are compared."""


@dataclass(frozen=True, slots=True)
class MarkingRow:
    """One row of a table as somebody brought it: what a shopper marked at a scene. An empty `marking` is a missing one;
    `question` is None in a table that names none."""

    number: int
    scene: str
    shopper: str
    marking: str
    question: str | None = None

    @property
    def place(self) -> Place:
        return _plain(self.question or ""), _plain(self.scene)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far shoppers mark alike: `share` (0 to 1) of pairs, each scene counting alike, with its range; None without
    a pair. `scenes` and `shoppers` are those in some pair. AC1 and alpha are 1 for full agreement and 0 for chance,
    None where there is no telling."""

    question: str
    scenes: int
    shoppers: int
    share: float | None
    range: Range | None
    ac1: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class SceneMarked:
    """One scene, with the share of pairs that marked it alike and how often each marking was given, oftenest first."""

    scene: str
    question: str
    share: float
    markings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ScenesCompared:
    """All scenes together and each question by itself. `together` has AC1 and alpha only where there is one question:
    what chance would bring is another for each. `alone` scenes have a single marking; `missing` markings are empty.
    `unlike` are the scenes on which not all agree, the most different first."""

    together: Agreement
    questions: tuple[Agreement, ...]
    markings: int
    missing: int
    alone: int
    unlike: tuple[SceneMarked, ...]

    @property
    def few(self) -> bool:
        """Whether so few scenes were compared that the figures say little."""
        return self.together.scenes < FEW_SCENES


def sort_markings(rows: Iterable[MarkingRow]) -> tuple[tuple[MarkingRow, ...], tuple[RefusedRow, ...]]:
    """Part the rows that can be compared from those that cannot. A marking that stands twice is taken once; one that
    is contradicted is not taken at all, since nobody can know which row holds."""
    refused: list[RefusedRow] = []
    standing: dict[tuple[Place, str], list[MarkingRow]] = {}
    for row in rows:
        refusal = _refusal_of(row)
        if refusal:
            refused.append(RefusedRow(row.number, refusal))
        else:
            standing.setdefault((row.place, _plain(row.shopper)), []).append(row)
    taken = []
    for same in standing.values():
        if len({_plain(row.marking) for row in same}) == 1:
            taken.append(same[0])
            refused += [RefusedRow(row.number, _repeats(same[0])) for row in same[1:]]
        else:
            refused += [RefusedRow(row.number, _contradicts(row, same)) for row in same]
    return tuple(taken), tuple(sorted(refused, key=lambda each: each.row))


def compare_markings(rows: Sequence[MarkingRow]) -> ScenesCompared:
    """The figures of these rows, of which each is another shopper, scene or question. Their order, and the names of
    shoppers, change nothing."""
    marked = [row for row in rows if row.marking]
    places: dict[Place, list[MarkingRow]] = {}
    for row in marked:
        places.setdefault(row.place, []).append(row)
    by_question: dict[str, list[Sequence[MarkingRow]]] = {}
    for (question, _), same in sorted(places.items()):
        by_question.setdefault(question, []).append(same)
    figures = [_agreement(each) for each in by_question.values()]
    together = figures[0] if len(figures) == 1 else _figures("", places.values())
    return ScenesCompared(
        together=together,
        questions=tuple(figures),
        markings=len(marked),
        missing=len(rows) - len(marked),
        alone=sum(len(same) == 1 for same in places.values()),
        unlike=tuple(_unlike(places)),
    )


def _refusal_of(row: MarkingRow) -> CandourError | None:
    if not row.scene:
        return InvalidField("There is no scene. Write which scene was marked.")
    if not row.shopper:
        return InvalidField("There is no shopper. Write who marked it; any sign for the person will do.")
    if row.question == "":
        return InvalidField("There is no question. Write which question was marked.")
    if max(map(len, (row.scene, row.shopper, row.marking, row.question or ""))) > MOST_LETTERS:
        return InvalidField(
            "A text has more than {most} letters. Check that the columns are the right ones.", most=MOST_LETTERS
        )
    return None


def _repeats(first: MarkingRow) -> CandourError:
    return InvalidField("The same marking stands in row {row} already. Leave one of them out.", row=first.number)


def _contradicts(row: MarkingRow, same: Sequence[MarkingRow]) -> CandourError:
    other = next(each for each in same if _plain(each.marking) != _plain(row.marking))
    return InvalidField(
        "The same shopper marked the same scene otherwise in row {row}. Keep the row that holds.", row=other.number
    )


def _agreement(places: Collection[Sequence[MarkingRow]]) -> Agreement:
    """The figures of one question."""
    scenes = [[_plain(row.marking) for row in same] for same in places]
    name = min(row.question or "" for same in places for row in same)
    together = _figures(name, places)
    if together.share is None:
        return together
    return replace(together, ac1=gwet_ac1(scenes), alpha=krippendorff_alpha(scenes))


def _figures(name: str, places: Collection[Sequence[MarkingRow]]) -> Agreement:
    paired = [same for same in places if len(same) > 1]
    share = percent_agreement([[_plain(row.marking) for row in same] for same in paired])
    scenes = {row.place[1] for same in paired for row in same}
    return Agreement(
        question=name,
        scenes=len(scenes),
        shoppers=len({_plain(row.shopper) for same in paired for row in same}),
        share=share,
        range=None if share is None else _range(share, len(scenes)),
        ac1=None,
        alpha=None,
    )


def _range(share: float, scenes: int) -> Range:
    """Wilson's range with scenes for answers: what a scene brings lies between 0 and 1 and so never varies more than a
    yes or no would, and several questions of one scene count as one."""
    return wilson_range(share, scenes, two_sided_quantile(LEVEL))


def _unlike(places: Mapping[Place, Sequence[MarkingRow]]) -> Iterator[SceneMarked]:
    found = []
    for same in places.values():
        share = percent_agreement([[_plain(row.marking) for row in same]])
        if share is not None and share < 1:
            found.append(_marked(same, share))
    yield from sorted(found, key=lambda each: (each.share, *_natural(each.scene), *_natural(each.question)))


def _marked(same: Sequence[MarkingRow], share: float) -> SceneMarked:
    spelled: dict[str, str] = {}
    for row in same:
        spelled[_plain(row.marking)] = min(row.marking, spelled.get(_plain(row.marking), row.marking))
    times = Counter(_plain(row.marking) for row in same)
    markings = sorted(((spelled[kind], n) for kind, n in times.items()), key=lambda each: (-each[1], each[0]))
    scene, question = (min(texts) for texts in zip(*((row.scene, row.question or "") for row in same), strict=True))
    return SceneMarked(scene, question, share, tuple(markings))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _natural(name: str) -> tuple[float, str]:
    """Scene 2 before scene 10."""
    digits = "".join(sign for sign in name if sign.isdecimal())
    return (int(digits[:18]) if digits else math.inf), name
