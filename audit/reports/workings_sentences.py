"""The sentences about the workings behind figures, for the programme office alone.

Owns words; works nothing out. Says "goes together with", never "drives"; says of no shopper more than the visits carry.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from audit.domain.statistics.agreement import reliability
from audit.domain.statistics.lost_customers import CostOfWinning, Loss, two_digits
from audit.domain.statistics.planning import visits_for_reliability
from audit.domain.statistics.questions import AGAINST, UNCLEAR, UNDEFINED, WITH, QuestionFigure
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.severity import LEAST_SHOPPERS, LEAST_VISITS, Components, Severity
from audit.domain.statistics.together import LEAST_VISITS as LEAST_FOR_IMPRESSION
from audit.formatting import ENGLISH, Catalogue, Formats
from audit.reports.overview_sentences import signed
from audit.reports.workings import Workings

WANTED_RELIABILITY = 0.7


@dataclass(frozen=True)
class WorkingsSentences:
    """The sentences in the language of a catalogue; `formats` writes numbers and lists."""

    words: Catalogue = ENGLISH
    formats: Formats = field(default_factory=Formats)

    def components(self, found: Components) -> str:
        """What visits, shoppers and branches of this programme differ by."""
        say = self.words.gettext(
            "Standard deviations in points, estimated from this programme: about %(visits)s between visits to the same "
            "branch, %(shoppers)s between shoppers and %(branches)s between branches."
        )
        spreads = (found.sigma2, found.omega2, found.tau2)
        visits, shoppers, branches = (_whole(math.sqrt(max(0.0, each))) for each in spreads)
        return say % {"visits": visits, "shoppers": shoppers, "branches": branches}

    def taken(self, share: float) -> str:
        """What share of the spread between visits is taken to be the shoppers', 0 to 1, and what for."""
        say = self.words.gettext(
            "Ranges take %(share)s %% of the spread between visits to be the shoppers': so much less do further visits "
            "by the same shopper count."
        )
        return say % {"share": _whole(100 * share)}

    def reliable(self, found: Components, each: int) -> str:
        """How much of the differences between branch figures is of the branches; empty where that cannot be said."""
        if found.tau2 <= 0 or each < 1:
            return ""
        variance = found.sigma2 + max(0.0, found.omega2)
        say = self.words.ngettext(
            "With %(num)s visit to each branch about %(share)s %% of the differences between their figures are of the "
            "branches, the rest is chance.",
            "With %(num)s visits to each branch about %(share)s %% of the differences between their figures are of the "
            "branches, the rest is chance.",
            each,
        )
        share = min(99, max(1, _whole(100 * reliability(found.tau2, variance, each))))
        needed = visits_for_reliability(WANTED_RELIABILITY, found.tau2, variance)
        takes = self.words.ngettext("%(wanted)s %% takes %(num)s visit.", "%(wanted)s %% takes %(num)s visits.", needed)
        wanted = takes % {"wanted": _whole(100 * WANTED_RELIABILITY), "num": needed}
        return f"{say % {'num': each, 'share': share}} {wanted}"

    def to_tell_apart(self, points: str, needed: int, each: int) -> str:
        """How many visits it takes to tell two branches apart."""
        say = self.words.ngettext(
            "To tell two branches %(points)s points apart you need %(num)s visit to each; you have about %(have)s.",
            "To tell two branches %(points)s points apart you need %(num)s visits to each; you have about %(have)s.",
            needed,
        )
        return say % {"points": points, "num": needed, "have": each}

    def in_all(self, needed: int, branches: int) -> str:
        """What that makes together."""
        say = self.words.ngettext(
            "For %(num)s branch that is %(all)s visits.", "For all %(num)s branches that is %(all)s visits.", branches
        )
        return say % {"num": self.formats.number(branches), "all": self.formats.number(needed * branches)}

    def told_apart(self, points: int | None, each: int, largest: int) -> str:
        """Which differences so many visits to each branch show; `points` is None if not even `largest`."""
        if points is None:
            say = self.words.ngettext(
                "About %(num)s visit to each branch does not tell two branches apart, even where they differ by "
                "%(points)s points.",
                "About %(num)s visits to each branch do not tell two branches apart, even where they differ by "
                "%(points)s points.",
                each,
            )
            return say % {"num": each, "points": largest}
        say = self.words.ngettext(
            "About %(num)s visit to each branch tells two branches apart where they differ by %(points)s points or "
            "more.",
            "About %(num)s visits to each branch tell two branches apart where they differ by %(points)s points or "
            "more.",
            each,
        )
        return say % {"num": each, "points": points}

    def passed(self, figure: QuestionFigure) -> str:
        """How often a question was passed, and between which shares the truth lies."""
        say = self.words.ngettext(
            "passed %(passed)s of %(num)s time", "passed %(passed)s of %(num)s times", figure.visits
        )
        said = say % {"passed": figure.passed, "num": figure.visits}
        if figure.range is None:
            return said
        low, high = Range(100 * figure.range.low, 100 * figure.range.high).ends
        probably = self.words.gettext("%(passed)s, probably %(low)s to %(high)s %%")
        return probably % {"passed": said, "low": low, "high": high}

    def left_out(self, out: int, asked: int) -> str:
        """How often a question did not apply, of so many times that it could have."""
        say = self.words.ngettext(
            "did not apply %(out)s of %(num)s time", "did not apply %(out)s of %(num)s times", asked
        )
        return say % {"out": out, "num": asked}

    def worn_out(self, figure: QuestionFigure) -> str:
        """A question that nobody fails any more, and how often it may be failed all the same."""
        say = self.words.gettext(
            "Passed %(passed)s times out of %(visits)s: it no longer tells branches apart. Up to %(most)s %% of visits "
            "might still fail it."
        )
        most = math.ceil(100 * (figure.most_failures or 0))
        return say % {"passed": figure.passed, "visits": figure.visits, "most": most}

    def misread(self) -> str:
        """A question that goes against the rest."""
        return self.words.gettext(
            "Visits that went well otherwise failed it more often. It may be luck: look at its wording."
        )

    def relation(self, relation: str) -> str:
        """How a question goes with the rest of the visit."""
        return {
            WITH: self.words.gettext("goes with the rest of the visit"),
            AGAINST: self.words.gettext("goes against the rest of the visit"),
            UNCLEAR: self.words.gettext("with the rest of the visit: could be luck"),
            UNDEFINED: self.words.gettext("with the rest of the visit: not defined"),
        }[relation]

    def relations(self, workings: Workings) -> str:
        """What a drawing of all questions shows, for whoever cannot see it; each stands in the list as well."""
        found = workings.by_relation
        say = self.words.ngettext(
            "%(num)s question: %(with)s with the rest of the visit, %(luck)s where that could be luck, %(against)s "
            "against the rest, %(undefined)s where it is not defined",
            "%(num)s questions: %(with)s with the rest of the visit, %(luck)s where that could be luck, %(against)s "
            "against the rest, %(undefined)s where it is not defined",
            len(workings.questions),
        )
        return say % {
            "num": len(workings.questions), "with": found[WITH], "luck": found[UNCLEAR], "against": found[AGAINST],
            "undefined": found[UNDEFINED],
        }  # fmt: skip

    def together(self, workings: Workings) -> str:
        """Which dimensions go together with a good impression, as far as so many visits can tell."""
        found = workings.together
        if found is None:
            say = self.words.ngettext(
                "%(num)s visit marked these dimensions and ended with an impression. Below %(least)s visits nothing "
                "can be said, nor where all left alike.",
                "%(num)s visits marked these dimensions and ended with an impression. Below %(least)s visits nothing "
                "can be said, nor where all left alike.",
                workings.with_impression,
            )
            return say % {"num": workings.with_impression, "least": LEAST_FOR_IMPRESSION}
        leading = self.formats.listed(workings.compared[place][1] for place in found.leading)
        if len(found.leading) == 1:
            return self.words.gettext("“%(name)s” goes together most with a good overall impression.") % {
                "name": leading
            }
        say = self.words.gettext(
            "Leading: %(names)s. They go together with a good overall impression; we cannot separate them."
        )
        if len(found.leading) == len(workings.compared):
            say = self.words.gettext(
                "%(names)s go together with a good overall impression; we cannot say that one does more than another."
            )
        return say % {"names": leading}

    def severity(self, name: str, found: Severity) -> str:
        """By how much a shopper who is clearly kinder or more severe marks so; that is never nothing."""
        points = max(1, _whole(abs(found.points)))
        if found.points > 0:
            low, high = found.range.ends
            say = self.words.ngettext(
                "%(shopper)s marks about %(points)s point more kindly than colleagues in the same branches (9 times "
                "out of 10: %(low)s to %(high)s).",
                "%(shopper)s marks about %(points)s points more kindly than colleagues in the same branches (9 times "
                "out of 10: %(low)s to %(high)s).",
                points,
            )
        else:
            high, low = (-end for end in found.range.ends)
            say = self.words.ngettext(
                "%(shopper)s marks about %(points)s point more severely than colleagues in the same branches (9 times "
                "out of 10: %(low)s to %(high)s).",
                "%(shopper)s marks about %(points)s points more severely than colleagues in the same branches (9 times "
                "out of 10: %(low)s to %(high)s).",
                points,
            )
        least = low or self.words.gettext("just above 0")
        return say % {"shopper": name, "points": points, "low": least, "high": high}

    def nobody_is_clear(self, compared: Sequence[Severity]) -> str:
        """Why no shopper is named."""
        if not compared:
            say = self.words.gettext(
                "Shoppers cannot be compared yet: that takes at least %(shoppers)s shoppers with %(visits)s visits "
                "each, linked by branches that several of them visited."
            )
            return say % {"shoppers": LEAST_SHOPPERS, "visits": LEAST_VISITS}
        say = self.words.ngettext(
            "%(num)s shopper can be compared, and none is clearly kinder or more severe than colleagues.",
            "%(num)s shoppers can be compared, and none is clearly kinder or more severe than colleagues.",
            len(compared),
        )
        return say % {"num": len(compared)}

    def not_compared(self, shoppers: int) -> str:
        """That others made visits too, and why nothing is said of them."""
        say = self.words.ngettext(
            "%(num)s more shopper cannot be compared: fewer than %(visits)s visits, or no branch shared with others.",
            "%(num)s more shoppers cannot be compared: fewer than %(visits)s visits, or no branch shared with others.",
            shoppers,
        )
        return say % {"num": shoppers, "visits": LEAST_VISITS}

    def severities_scale(self, half: int) -> str:
        """What the drawings of severities mean; their scale goes so many points to both sides."""
        say = self.words.gettext(
            "The line in the middle is zero: what colleagues mark in the same branches. The scale begins at %(half)s "
            "points more severely and ends at %(half)s points more kindly; the band is the likely range."
        )
        return say % {"half": half}

    def drawn(self, found: Severity) -> str:
        """What the drawing of one severity shows, for whoever cannot see it."""
        low, high = found.range.ends
        say = self.words.gettext("%(shown)s, likely range %(low)s to %(high)s")
        return say % {"shown": signed(_away(found.points)), "low": signed(low), "high": signed(high)}

    def calibrated(self, differ: int, branches: int) -> str:
        """In how many branches the two figures differ as they are printed."""
        if not differ:
            say = self.words.ngettext(
                "In %(num)s branch the two figures are the same in whole points.",
                "In all %(num)s branches the two figures are the same in whole points.",
                branches,
            )
            return say % {"num": branches}
        say = self.words.ngettext(
            "In %(differ)s of %(num)s branch the two figures differ in whole points.",
            "In %(differ)s of %(num)s branches the two figures differ in whole points.",
            branches,
        )
        return say % {"differ": differ, "num": branches}

    def one_impression(self, name: str) -> str:
        """A shopper all of whose dimensions rise and fall together."""
        say = self.words.gettext(
            "In the visits of %(shopper)s all dimensions rise and fall together: one impression may stand behind all."
        )
        return say % {"shopper": name}

    def winning(self, cost: CostOfWinning, currency: str) -> str:
        """What it costs to win one customer, and of what that is made."""
        named = {
            "total": self.money(cost.total), "sales": self.money(cost.sales),
            "advertising": self.money(cost.advertising), "currency": currency,
        }  # fmt: skip
        say = self.words.gettext(
            "Winning one customer costs %(total)s %(currency)s: %(sales)s for the time of representatives and "
            "%(advertising)s for advertising."
        )
        return say % named

    def loss(self, found: Loss, affected: int, currency: str) -> str:
        """What replacing lost customers costs in a year, two digits that count, with its assumption."""
        low, best, high = (self.formats.number(two_digits(amount)) for amount in found.money)
        share = found.leaving_share
        named: Mapping[str, object] = {
            "best": best, "low": low, "high": high, "currency": currency, "num": self.formats.number(affected),
            "some": share.numerator, "of": self.formats.number(share.denominator),
        }  # fmt: skip
        say = self.words.gettext(
            "It could happen to %(num)s customers a year. If it goes wrong as often as in these visits and %(some)s in "
            "%(of)s then leave, winning as many again costs about %(best)s %(currency)s a year (%(low)s to %(high)s)."
        )
        return say % named

    def money(self, amount: Fraction) -> str:
        """An amount with its cents."""
        return self.formats.money(amount)


def _away(points: float) -> int:
    """Whole points, halves away from zero: as many as the sentence about the same severity says."""
    return _whole(points) if points > 0 else -_whole(-points)


def _whole(points: float) -> int:
    return math.floor(points + 0.5)
