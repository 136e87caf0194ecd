"""Every sentence about how sure a number is, in the reader's language, for pages, paper and the command line.

Owns words; works nothing out. Says "9 times out of 10"; refuses p-values, and decimals that the visits do not carry.
Those about changes, rows of waves and weeks stand in `overview_sentences`, about questions in `question_sentences`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from audit.domain.statistics.groups import (
    ABOVE,
    ALIKE,
    BELOW,
    LEAST_BRANCHES,
    LEAST_SHOPPERS,
    LEAST_VISITS,
    LEAST_VISITS_AT_CEILING,
    NOT_RANKED,
)
from audit.domain.statistics.ranges import Range
from audit.reports.overview_sentences import OverviewSentences
from audit.reports.question_sentences import QuestionSentences


class Grouped(Protocol):
    """A branch in its group."""

    @property
    def group(self) -> str: ...

    @property
    def visits(self) -> int: ...

    @property
    def shoppers(self) -> int: ...


@dataclass(frozen=True)
class Sentences(OverviewSentences, QuestionSentences):
    """The sentences in the language of a catalogue. Points are whole, and come as they are printed."""

    def level(self, shown: str, visits: int, reach: Range) -> str:
        """A branch's figure in one line: "84 from 3 visits. 9 times out of 10 the true level lies between ..."."""
        first = self.words.ngettext("%(shown)s from %(num)s visit.", "%(shown)s from %(num)s visits.", visits)
        return f"{first % {'shown': shown, 'num': visits}} {self.lies(reach)}"

    def lies(self, reach: Range) -> str:
        """Where the level of a branch probably is."""
        sentence = self.words.gettext("9 times out of 10 the true level lies between %(low)s and %(high)s.")
        return sentence % _ends(reach)

    def likely(self, reach: Range) -> str:
        """The same beside a figure in a list."""
        return self.words.gettext("probably between %(low)s and %(high)s") % _ends(reach)

    def area_lies(self, reach: Range) -> str:
        """Where the level of the branches of an area together probably is."""
        sentence = self.words.gettext(
            "9 times out of 10 the level of these branches together lies between %(low)s and %(high)s."
        )
        return sentence % _ends(reach)

    def drawn(self, shown: str, reach: Range, area: str = "") -> str:
        """What a drawing of a range shows, for whoever cannot see it. `area` is the area's mean, or empty."""
        named = {"shown": shown, "area": area, **_ends(reach)}
        if area:
            return self.words.gettext("%(shown)s, likely range %(low)s to %(high)s; mean of the area %(area)s") % named
        return self.words.gettext("%(shown)s, likely range %(low)s to %(high)s") % named

    def title(self, group: str) -> str:
        """The heading of a group of branches."""
        return {
            ABOVE: self.words.gettext("Clearly above"),
            ALIKE: self.words.gettext("Cannot be told apart"),
            BELOW: self.words.gettext("Clearly below"),
            NOT_RANKED: self.words.gettext("Not ranked yet"),
        }[group]

    def groups(self, branches: Sequence[Grouped], standard: str = "") -> str:
        """How many branches are clearly above and below, that the others cannot be told apart, and how many are not
        ranked yet. `standard` is what they are held against, in points; empty: the mean of their area."""
        above, alike, below, unranked = (
            [each for each in branches if each.group == group] for group in (ABOVE, ALIKE, BELOW, NOT_RANKED)
        )
        told = self._told_apart(len(above), len(below), standard) if above or below else ""
        said = []
        if told and alike:
            said.append(self._join(told, self._others(alike, standard)))
        elif told:
            said.append(self.words.gettext("%(told)s.") % {"told": told})
        elif alike:
            said.append(self._nobody(alike, standard))
        if unranked:
            say = self.words.ngettext(
                "%(num)s branch is not ranked yet: fewer than %(visits)s visits or %(shoppers)s shoppers.",
                "%(num)s branches are not ranked yet: fewer than %(visits)s visits or %(shoppers)s shoppers.",
                len(unranked),
            )
            said.append(say % {"num": len(unranked), "visits": LEAST_VISITS, "shoppers": LEAST_SHOPPERS})
        return " ".join(said)

    def target(self, points: str) -> str:
        """The target of a checklist, as what branches are held against."""
        return self.words.gettext("the target of %(points)s") % {"points": points}

    def group(self, branch: Grouped, standard: str = "") -> str:
        """Where one branch stands, held against the mean of its area or a standard."""
        against = standard or self.words.gettext("the mean of its area")
        if branch.group == NOT_RANKED:
            missing = self.not_ranked_yet(branch)
            return f"{missing[:1].upper()}{missing[1:]}."
        return self.stands(branch.group, against)

    def stands(self, group: str, against: str) -> str:
        """The same of a branch that is ranked, by its group."""
        say = {
            ABOVE: self.words.gettext("Clearly above %(this)s."),
            ALIKE: self.words.gettext("Cannot be told apart from %(this)s."),
            BELOW: self.words.gettext("Clearly below %(this)s."),
        }
        return say[group] % {"this": against}

    def too_few_branches(self) -> str:
        """Why the branches of a small area are not compared."""
        say = self.words.gettext("Not ranked: fewer than %(branches)s branches are not compared with one another.")
        return say % {"branches": LEAST_BRANCHES}

    def areas(self, areas: Sequence[Grouped], standard: str = "") -> str:
        """The same of the areas of a programme, each taken as if it were a branch."""
        found = [each.group for each in areas]
        if len(areas) == 1:
            return self.group(areas[0], standard)
        if all(each == NOT_RANKED for each in found):
            say = self.words.ngettext(
                "%(num)s area is not ranked yet: fewer than %(visits)s visits or %(shoppers)s shoppers.",
                "%(num)s areas are not ranked yet: fewer than %(visits)s visits or %(shoppers)s shoppers.",
                len(areas),
            )
            return say % {"num": len(areas), "visits": LEAST_VISITS, "shoppers": LEAST_SHOPPERS}
        named = {
            "num": len(found), "above": found.count(ABOVE), "below": found.count(BELOW), "alike": found.count(ALIKE),
            "standard": standard,
        }  # fmt: skip
        say = self.words.gettext(
            "Of %(num)s areas: %(above)s clearly above, %(below)s clearly below, %(alike)s that cannot be told apart."
        )
        if standard:
            say = self.words.gettext(
                "Of %(num)s areas: %(above)s clearly above %(standard)s, %(below)s clearly below, %(alike)s that "
                "cannot be told apart from it."
            )
        said = say % named
        unranked = found.count(NOT_RANKED)
        if unranked:
            missing = self.words.gettext("Not ranked yet: %(num)s.")
            said = f"{said} {missing % {'num': unranked}}"
        return said

    def too_few_areas(self) -> str:
        """Why the areas of a small programme are not compared."""
        say = self.words.gettext("Not ranked: fewer than %(areas)s areas are not compared with one another.")
        return say % {"areas": LEAST_BRANCHES}

    def not_ranked_yet(self, branch: Grouped) -> str:
        """Why one branch has no group; empty where nothing is missing but a comparison."""
        if branch.visits < LEAST_VISITS:
            say = self.words.gettext("not ranked yet: %(visits)s of %(needed)s visits")
            return say % {"visits": branch.visits, "needed": LEAST_VISITS}
        if branch.shoppers < LEAST_SHOPPERS:
            say = self.words.gettext("not ranked yet: %(shoppers)s of %(needed)s shoppers")
            return say % {"shoppers": branch.shoppers, "needed": LEAST_SHOPPERS}
        return ""

    def one_shopper(self, branch: Grouped) -> str:
        """What the range of a branch hides that one shopper visited again and again; empty for all others."""
        if branch.visits < 2 or branch.shoppers != 1:
            return ""
        return self.words.gettext(
            "All visits were made by one shopper: how kindly or severely that shopper marks is in the figure, and the "
            "range cannot show it."
        )

    def ceiling(self) -> str:
        """Why nobody with few visits is called below where scores pile up at 100."""
        say = self.words.gettext(
            "More than a quarter of the scores are 100, so no branch with fewer than %(visits)s visits is called below."
        )
        return say % {"visits": LEAST_VISITS_AT_CEILING}

    def few_lost(self, branches: int) -> str:
        """Why nobody is called below for a question or two where hardly any is ever lost."""
        say = self.words.gettext(
            "So few points are lost here that luck alone may take a question or two from one of %(num)s branches: no "
            "branch is called below for that."
        )
        return say % {"num": branches}

    def held_against(self, level: str, areas: bool = False) -> str:
        """What is compared with what, where that is not the mean that is drawn, in which every visit counts alike."""
        say = self.words.gettext("Branches are held against the mean of the branches, each counting alike: %(mean)s.")
        if areas:
            say = self.words.gettext("Areas are held against the mean of the areas, each counting alike: %(mean)s.")
        return say % {"mean": level}

    def _told_apart(self, above: int, below: int, standard: str) -> str:
        if above and standard:
            first = self.words.ngettext(
                "%(num)s branch is clearly above %(standard)s", "%(num)s branches are clearly above %(standard)s", above
            )
        elif above:
            first = self.words.ngettext("%(num)s branch is clearly above", "%(num)s branches are clearly above", above)
        elif standard:
            first = self.words.gettext("No branch is clearly above %(standard)s")
        else:
            first = self.words.gettext("No branch is clearly above")
        second = self.words.ngettext("%(num)s clearly below", "%(num)s clearly below", below)
        if not below:
            second = self.words.gettext("none clearly below")
        parts = {"above": first % {"num": above, "standard": standard}, "below": second % {"num": below}}
        return self.words.gettext("%(above)s, %(below)s") % parts

    def _join(self, told: str, others: str) -> str:
        return self.words.gettext("%(told)s; %(others)s.") % {"told": told, "others": others}

    def _others(self, alike: Sequence[Grouped], standard: str) -> str:
        n = len(alike)
        if standard:
            say = self.words.ngettext(
                "the other cannot be told apart from %(standard)s %(each)s",
                "the other %(num)s cannot be told apart from %(standard)s %(each)s",
                n,
            )
        else:
            say = self.words.ngettext(
                "the other cannot be told apart %(each)s", "the other %(num)s cannot be told apart %(each)s", n
            )
        return say % {"num": n, "standard": standard, "each": self._each(alike)}

    def _nobody(self, alike: Sequence[Grouped], standard: str) -> str:
        n = len(alike)
        if standard:
            say = self.words.ngettext(
                "%(num)s branch cannot be told apart from %(standard)s %(each)s.",
                "None of %(num)s branches can be told apart from %(standard)s %(each)s.",
                n,
            )
        else:
            say = self.words.ngettext(
                "%(num)s branch cannot be told apart %(each)s.",
                "None of %(num)s branches can be told apart %(each)s.",
                n,
            )
        return say % {"num": n, "standard": standard, "each": self._each(alike)}

    def _each(self, branches: Sequence[Grouped]) -> str:
        least, most = min(each.visits for each in branches), max(each.visits for each in branches)
        if len(branches) == 1:
            return self.words.ngettext("with %(num)s visit", "with %(num)s visits", most) % {"num": most}
        if least == most:
            return self.words.ngettext("with %(num)s visit each", "with %(num)s visits each", most) % {"num": most}
        say = self.words.ngettext("with %(least)s to %(num)s visit each", "with %(least)s to %(num)s visits each", most)
        return say % {"least": least, "num": most}


def _ends(reach: Range) -> dict[str, int]:
    low, high = reach.ends
    return {"low": low, "high": high}
