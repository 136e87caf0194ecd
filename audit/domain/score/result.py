"""The score of a visit and its parts, and how they are written down as JSON without losing a digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from audit.domain.score.marking import UNSCORED, QuestionScore


class Part(NamedTuple):
    """A dimension or a section: `score` 0 to 100 exact, None if nothing in it applied; `n` questions that counted."""

    score: Fraction | None
    earned: Fraction
    possible: Fraction
    n: int
    not_applicable: int = 0
    not_observed: int = 0


@dataclass(frozen=True)
class Score:
    """The score of one visit. Fractions are exact points out of 100, shares 0 to 1.

    `base` has no bonus and no cap: it is what statistics use. `official` is with the bonus and, after a failed critical
    question, under the cap. `shown` is the whole percent for print, None if unscored.
    """

    status: str
    base: Fraction | None
    with_bonus: Fraction | None
    official: Fraction | None
    na_share: Fraction | None
    low_if_na_failed: Fraction | None
    high_if_na_passed: Fraction | None
    shown: int | None
    band: str | None
    earned: Fraction
    possible: Fraction
    critical_failed: tuple[str, ...] = ()
    not_observed: int = 0
    dimensions: Mapping[str, Part] = field(default_factory=dict)
    sections: Mapping[str, Part] = field(default_factory=dict)
    questions: tuple[QuestionScore, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it may enter an average: unscored visits do not."""
        return self.status != UNSCORED

    def to_tree(self) -> dict[str, Any]:
        """Plain JSON values; every exact number as [numerator, denominator]."""
        exact = {name: _pair(getattr(self, name)) for name in _EXACT}
        return {
            "status": self.status,
            **exact,
            "shown": self.shown,
            "band": self.band,
            "critical_failed": list(self.critical_failed),
            "not_observed": self.not_observed,
            "dimensions": {id: _part_to_tree(part) for id, part in self.dimensions.items()},
            "sections": {id: _part_to_tree(part) for id, part in self.sections.items()},
            "questions": [question.tree for question in self.questions],
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Score:
        """The score that `to_tree` wrote."""
        exact = {name: _fraction(tree[name]) for name in _EXACT}
        return cls(
            status=tree["status"],
            **exact,  # type: ignore[arg-type]
            shown=tree["shown"],
            band=tree["band"],
            critical_failed=tuple(tree["critical_failed"]),
            not_observed=tree["not_observed"],
            dimensions={id: _part_from_tree(part) for id, part in tree["dimensions"].items()},
            sections={id: _part_from_tree(part) for id, part in tree["sections"].items()},
            questions=tuple(_question_from_tree(question) for question in tree["questions"]),
        )


_EXACT = (
    *("base", "with_bonus", "official", "na_share", "low_if_na_failed", "high_if_na_passed"),
    *("earned", "possible"),
)


def _pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else list(value.as_integer_ratio())


def _fraction(pair: Sequence[int] | None) -> Fraction | None:
    return None if pair is None else Fraction(pair[0], pair[1])


def _exactly(pair: Sequence[int]) -> Fraction:
    return Fraction(pair[0], pair[1])


def _part_to_tree(part: Part) -> dict[str, Any]:
    exact = {"score": _pair(part.score), "earned": _pair(part.earned), "possible": _pair(part.possible)}
    return {**exact, "n": part.n, "not_applicable": part.not_applicable, "not_observed": part.not_observed}


def _part_from_tree(tree: Mapping[str, Any]) -> Part:
    return Part(
        _fraction(tree["score"]), _exactly(tree["earned"]), _exactly(tree["possible"]),
        tree["n"], tree["not_applicable"], tree["not_observed"],
    )  # fmt: skip


def _question_from_tree(tree: Mapping[str, Any]) -> QuestionScore:
    earned, possible, lost = (_exactly(tree[name]) for name in ("earned", "possible", "lost"))
    return QuestionScore(tree["id"], earned, possible, lost, tree["why"], tree["bonus"])
