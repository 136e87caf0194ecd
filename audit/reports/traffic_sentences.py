"""The sentences about visits and when customers come. Owns words; works nothing out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.score import round_half_up
from audit.formatting import ENGLISH, Catalogue
from audit.reports.traffic import Cell, TrafficFigure

MOST_NAMED_DAYS = 3


@dataclass(frozen=True)
class TrafficSentences:
    """The sentences in the language of a catalogue."""

    words: Catalogue = ENGLISH

    def reached(self, found: TrafficFigure, days: str) -> str:
        """What share of customers the visits reached, and when nobody was there. `days` are the missing days in words,
        joined by "or"."""
        said = []
        if found.reached == 1:
            said.append(self.words.gettext("There was a visit in every part of the week in which customers come."))
        else:
            say = self.words.gettext("%(share)s %% of your customers come at times when there was a visit.")
            said.append(say % {"share": math.floor(100 * found.reached)})
        if 0 < len(found.missing_days) <= MOST_NAMED_DAYS:
            say = self.words.gettext("No visit on %(days)s: %(share)s %% of your customers come then.")
            said.append(say % {"days": days, "share": _missed(found.share_of(days=found.missing_days))})
        for part in found.missing_parts:
            said.append(self._none_at(part) % {"share": _missed(found.share_of(part=part))})
        if found.untimed:
            say = self.words.ngettext(
                "Of %(num)s visit the time of day is not known.",
                "Of %(num)s visits the time of day is not known.",
                found.untimed,
            )
            said.append(say % {"num": found.untimed})
        return " ".join(said)

    def weighed(self, found: TrafficFigure) -> str:
        """The weighed mean beside the recorded one; empty where it is not weighed."""
        if found.range is None:
            return ""
        low, high = found.range.ends
        say = self.words.gettext(
            "Weighed by when your customers come, the mean is %(mean)s %%: 9 times out of 10 the level so weighed lies "
            "between %(low)s and %(high)s. The figure above, in which every visit counts alike, stays the recorded one."
        )
        return say % {"mean": found.shown, "low": low, "high": high}

    def not_weighed(self, found: TrafficFigure) -> str:
        """Why there is no weighed mean; empty where there is one."""
        if found.range is not None:
            return ""
        if not found.is_covered:
            say = self.words.gettext(
                "The mean is not weighed by when your customers come: for that the visits must reach at least "
                "%(least)s %% of them."
            )
            return say % {"least": _percent(found.least)}
        say = self.words.ngettext(
            "The mean is not weighed by when your customers come: so weighed %(num)s visit is worth about %(worth)s.",
            "The mean is not weighed by when your customers come: so weighed %(num)s visits are worth about %(worth)s.",
            found.visits,
        )
        return say % {"num": found.visits, "worth": math.floor(found.worth)}

    def crowd(self, cell: Cell) -> str:
        """What the drawing of one part of the week shows, for whoever cannot see it."""
        say = self.words.ngettext(
            "%(share)s %% of customers, %(num)s visit", "%(share)s %% of customers, %(num)s visits", cell.visits
        )
        return say % {"share": _percent(cell.share), "num": cell.visits}

    def share(self, cell: Cell) -> str:
        """The share of customers that come in a part of the week, below its drawing on paper."""
        return f"{_percent(cell.share)} %" if cell.share else "–"

    def crowd_key(self, found: TrafficFigure) -> str:
        """What shades and dots mean."""
        if found.dot == 1:
            return self.words.gettext("The stronger the shade, the more customers come then. Each dot is a visit.")
        say = self.words.gettext(
            "The stronger the shade, the more customers come then. Each dot stands for up to %(visits)s visits."
        )
        return say % {"visits": found.dot}

    def _none_at(self, part: str) -> str:
        return {
            "morning": self.words.gettext("None in the morning: %(share)s %% come then."),
            "midday": self.words.gettext("None at midday: %(share)s %% come then."),
            "afternoon": self.words.gettext("None in the afternoon: %(share)s %% come then."),
            "evening": self.words.gettext("None in the evening: %(share)s %% come then."),
        }[part]


def _percent(share: Fraction) -> str:
    return round_half_up(100 * share, 0)


def _missed(share: Fraction) -> str:
    """The share of customers who come when nobody was there: some, even if few, and so never 0."""
    return _percent(max(share, Fraction(1, 100)))
