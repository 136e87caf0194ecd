"""What `audit measure` says about figures, in sentences and tables of text. Owns words; works nothing out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from audit.domain.score import round_half_up
from audit.domain.statistics.groups import ABOVE, ALIKE, BELOW, LEAST_BRANCHES, NOT_RANKED
from audit.domain.statistics.measuring import AreaFigures, Measurement
from audit.reports.sentences import Sentences

SAY = Sentences()
HEADINGS = ("branch", "visits", "mean", "likely range")
MOST_LETTERS = 40  # of a name before its figures move to the right: one long name must not fill every line with blanks
_BLOCKS = {
    ABOVE: "clearly above",
    ALIKE: "cannot be told apart (A-Z)",
    BELOW: "clearly below",
    NOT_RANKED: "not ranked",
}


def tell(measured: Measurement) -> Iterable[str]:
    """The lines for a person: what the dispersion means, then each area in three blocks, with its sentence."""
    dispersion = measured.dispersion
    yield (
        f"One visit carries as much as {1 / dispersion.phi:.1f} yes-or-no answers (dispersion {dispersion.phi:.3f}, "
        f"{dispersion.degrees_of_freedom:,} degree{'s' * (dispersion.degrees_of_freedom != 1)} of freedom)."
    )
    yield "9 times out of 10 the true level of a branch lies in its likely range."
    name_width = max(len(figure.branch) for area in measured.areas for figure in area.branches)
    for area in measured.areas:
        yield ""
        width = max(min(name_width, MOST_LETTERS), len(HEADINGS[0]))
        yield from _tell_area(area, name_of(area, measured), measured.standard, width)


def name_of(area: AreaFigures, measured: Measurement) -> str:
    """How an area is called; beside others the one without a name is not all there is."""
    if area.area:
        return f"Area {area.area}"
    return "All branches" if len(measured.areas) == 1 else "Branches without an area"


def sentence_about(area: AreaFigures, standard: float | None) -> str:
    """How many branches are clearly above and below, and that the others cannot be told apart."""
    if standard is None and len(area.branches) < LEAST_BRANCHES:
        return f"{SAY.too_few_branches()} To rank them, hold them against --standard."
    return SAY.groups(area.branches, "" if standard is None else plain_number(standard))


def ceiling_note(area: AreaFigures, measured: Measurement) -> str:
    """Why nobody with few visits is called below where scores pile up at 100."""
    return f"{name_of(area, measured)}: {SAY.ceiling()}"


def few_lost_note(area: AreaFigures, measured: Measurement) -> str:
    """Why nobody is called below for a question or two where hardly any is ever lost."""
    return f"{name_of(area, measured)}: {SAY.few_lost(len(area.branches))}"


def plain_number(value: float) -> str:
    """As it was typed: 90, not 90.0."""
    return f"{value:g}"


def _tell_area(area: AreaFigures, whose: str, standard: float | None, width: int) -> Iterable[str]:
    level = f"mean {_points(area.mean, standard)}, likely range {area.likely_range.shown}"
    yield f"{whose}: {level}. {sentence_about(area, standard)}"
    yield _line(HEADINGS, width)
    for group, title in _BLOCKS.items():
        block = [each for each in area.branches if each.group == group]
        if block:
            yield f"{title}:"
        for each in sorted(block, key=lambda each: each.branch.casefold()):
            mean = _points(each.mean, standard)
            yield _line((each.branch, str(each.visits), mean, each.likely_range.shown), width)


def _line(cells: Sequence[str], width: int) -> str:
    name, visits, mean, reach = cells
    return f"  {name:<{width}}  {visits:>6}  {mean:>4}  {reach:>12}"


def _points(mean: float, standard: float | None) -> str:
    return round_half_up(Fraction(mean), 0, None if standard is None else Fraction(standard))
