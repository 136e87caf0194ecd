"""The sentences about how far shoppers agree on filmed scenes, for the programme office and the command line.

Owns words; works nothing out. Says what a figure means each time it is said; says nothing of any one shopper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from audit.domain.statistics.ranges import Range
from audit.domain.statistics.scenes import Agreement, SceneMarked, ScenesCompared
from audit.formatting import ENGLISH, Catalogue, Formats

MOST_MARKINGS = 6
_NEARLY_ALL = 0.99


@dataclass(frozen=True)
class AgreementSentences:
    """The sentences in the language of a catalogue; `formats` writes numbers and lists."""

    words: Catalogue = ENGLISH
    formats: Formats = field(default_factory=Formats)

    def compared(self, found: ScenesCompared) -> str:
        """How much was compared: scenes that two or more marked, shoppers, markings."""
        scenes, shoppers, markings = found.together.scenes, found.together.shoppers, found.markings
        counted = (
            self.words.ngettext("%(num)s scene", "%(num)s scenes", scenes) % {"num": scenes},
            self.words.ngettext("%(num)s shopper", "%(num)s shoppers", shoppers) % {"num": shoppers},
            self.words.ngettext("%(num)s marking", "%(num)s markings", markings) % {"num": markings},
        )
        return self.formats.listed(counted)

    def left_out(self, found: ScenesCompared) -> str:
        """What had no part in it: markings that are missing, and those that nobody else's can be held against."""
        said = []
        if found.missing:
            say = self.words.ngettext(
                "%(num)s marking is missing: it counts neither for agreement nor against.",
                "%(num)s markings are missing: they count neither for agreement nor against.",
                found.missing,
            )
            said.append(say % {"num": found.missing})
        if found.alone:
            say = self.words.ngettext(
                "%(num)s marking stands alone: no other shopper marked the same.",
                "%(num)s markings stand alone: no other shopper marked the same.",
                found.alone,
            )
            said.append(say % {"num": found.alone})
        return " ".join(said)

    def alike(self, found: Agreement) -> str:
        """In how many of a hundred cases two shoppers mark alike, with the range that so many scenes leave."""
        if found.share is None or found.range is None:
            return self.words.gettext("Nothing can be compared: no scene was marked by two shoppers.")
        low, high = _of_hundred(found.range).ends
        say = self.words.ngettext(
            "Two shoppers who see the same scene mark it alike in %(share)s of 100 cases, from %(num)s scene. 9 times "
            "out of 10 it lies between %(low)s and %(high)s, if other scenes like these are filmed.",
            "Two shoppers who see the same scene mark it alike in %(share)s of 100 cases, from %(num)s scenes. 9 times "
            "out of 10 it lies between %(low)s and %(high)s, if other scenes like these are filmed.",
            found.scenes,
        )
        return say % {"share": self.of_hundred(found), "num": found.scenes, "low": low, "high": high}

    def few(self) -> str:
        """In place of trust in figures from so few scenes."""
        return self.words.gettext(
            "So few scenes say little about how far shoppers agree: use them to talk about what was marked differently."
        )

    def ac1(self, found: Agreement) -> str:
        """What is left of the agreement once chance is taken off, as AC1 has it."""
        if found.ac1 is None:
            return self.words.gettext(
                "All markings are the same. Whether shoppers agree, or nothing else could be marked, cannot be told: "
                "film scenes that ask for different markings."
            )
        if found.ac1 <= 0:
            say = self.words.gettext("AC1 is %(figure)s: shoppers agree no more often than chance would have it.")
        else:
            say = self.words.gettext(
                "AC1 is %(figure)s: some agreement is chance; of what chance leaves open, shoppers reach %(share)s %%."
            )
        return say % {"figure": self.figure(found.ac1), "share": _hundredths(found.ac1)}

    def alpha(self, found: Agreement) -> str:
        """The same as Krippendorff's alpha has it, and why the two may differ."""
        if found.alpha is None:
            return self.words.gettext(
                "Alpha cannot be worked out: wherever two markings can be compared, all are the same."
            )
        say = self.words.gettext(
            "Alpha is %(figure)s. It takes for chance what would come of mixing all markings, and so falls where "
            "nearly all are the same although shoppers agree: then go by AC1."
        )
        return say % {"figure": self.figure(found.alpha)}

    def both(self) -> str:
        """What AC1 and alpha are, where they stand in a table."""
        return self.words.gettext(
            "AC1 and alpha take off what chance would bring, each in its own way. Where nearly all markings are the "
            "same, alpha falls although shoppers agree: then go by AC1."
        )

    def scale(self) -> str:
        """What both figures mean at their ends."""
        return self.words.gettext(
            "For AC1 and alpha, 1 is full agreement and 0 is chance. Markings are compared as kinds: a 4 is as unlike "
            "a 5 as a 1."
        )

    def marked(self, found: SceneMarked) -> str:
        """A scene, and how often each marking was given to it."""
        apart = self.formats.apart_in_plain_text
        many = [f"{times} × {apart(kind)}" for kind, times in found.markings]
        named = {
            "scene": apart(found.scene),
            "question": apart(found.question),
            "markings": self.formats.listed([*many[:MOST_MARKINGS], *(["…"] if len(many) > MOST_MARKINGS else [])]),
        }
        if found.question:
            return self.words.gettext("Scene “%(scene)s”, “%(question)s”: %(markings)s") % named
        return self.words.gettext("Scene “%(scene)s”: %(markings)s") % named

    def all_alike(self) -> str:
        """In place of scenes that were marked differently."""
        return self.words.gettext("No scene was marked differently.")

    def of_hundred(self, found: Agreement) -> str:
        """The share of pairs in whole hundredths; a dash without one. Never 100 unless all agree."""
        return "–" if found.share is None else str(_hundredths(found.share))

    def range(self, found: Agreement) -> str:
        """Its range in whole hundredths; empty without one."""
        return "" if found.range is None else _of_hundred(found.range).shown.replace("-", "–")

    def figure(self, value: float | None) -> str:
        """AC1 or alpha, with two decimals; a dash where there is none. Never 1.00 unless all agree."""
        if value is None:
            return "–"
        return self.formats.hundredths(Fraction(value if value == 1 else min(value, _NEARLY_ALL)))


def _of_hundred(share: Range) -> Range:
    return Range(100 * share.low, 100 * share.high)


def _hundredths(share: float) -> int:
    return 100 if share == 1 else min(99, int(100 * share + 0.5))
