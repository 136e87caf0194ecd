"""The sentences about what stands beside a figure: places, a change, a row of waves, a week, versions of a checklist.

Owns words; works nothing out. An arrow for each difference would be luck for most of them: none is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.domain.statistics.change import UNCLEAR
from audit.domain.statistics.places import PlaceRange, StrictPlaces
from audit.domain.statistics.ranges import Range, rate_range
from audit.domain.statistics.trend import LEAST_WAVES, RUN, RunChart
from audit.domain.statistics.versions import Offset
from audit.formatting import Formats
from audit.reports.overview import ARROW, Moved, Series, Shift, Week
from audit.reports.traffic_sentences import TrafficSentences

MOST_NAMED_DAYS = 3
MOST_NAMED = 12
_WORTH_TELLING = 0.05


@dataclass(frozen=True)
class OverviewSentences(TrafficSentences):
    """The sentences in the language of a catalogue."""

    def place(self, places: PlaceRange, branches: int) -> str:
        """Between which places of its area a branch probably stands; never one place alone as if it were known."""
        best, worst = places
        say = self.words.gettext("probably place %(best)s to %(worst)s of %(num)s")
        if best == worst:
            say = self.words.gettext("probably place %(best)s of %(num)s")
        return say % {"best": best, "worst": worst, "num": branches}

    def strict(self, found: StrictPlaces) -> str:
        """Whether a bonus may be paid by place: it may be only as far as places hold for all branches at once."""
        if not found.settled:
            say = self.words.gettext(
                "No. These visits settle no place: each of %(num)s branches may stand anywhere from place 1 to "
                "%(num)s, and a bonus by place would be paid for luck."
            )
        elif len(found.settled) == found.branches:
            say = self.words.gettext("Only as far as these places of %(num)s branches go:")
        else:
            say = self.words.gettext(
                "Only as far as these places go. Every other of %(num)s branches may stand anywhere from place 1 to "
                "%(num)s."
            )
        return say % {"num": found.branches}

    def strict_place(self, places: PlaceRange) -> str:
        """Between which places a branch stands for sure."""
        best, worst = places
        say = self.words.gettext("place %(best)s to %(worst)s")
        if best == worst:
            say = self.words.gettext("place %(best)s")
        return say % {"best": best, "worst": worst}

    def strict_meant(self) -> str:
        """How strict places are meant, beside those of a list."""
        return self.words.gettext(
            "Strict places hold for all branches at once, at least 9 times out of 10; a probable place holds for one "
            "branch alone, and in a long list some of those are wrong."
        )

    def places_to_come(self) -> str:
        """In place of places that are not worked out yet."""
        return self.words.gettext("The places are being worked out. Open this page again in a moment.")

    def change(self, shift: Shift, since: str) -> str:
        """From one period to the next, and whether that is more than luck; `since` names the period before."""
        named = {"before": shift.before, "after": shift.after, "since": since}
        if shift.change is None:
            say = self.words.gettext(
                "From %(before)s in %(since)s to %(after)s, with different versions of the checklist: not compared."
            )
            return say % named
        named |= self._between(shift.change.range)
        if shift.change.verdict == UNCLEAR:
            say = self.words.gettext("From %(before)s in %(since)s to %(after)s: could be luck (%(low)s to %(high)s).")
        elif shift.change.points > 0:
            say = self.words.gettext(
                "From %(before)s in %(since)s to %(after)s: a clear improvement (%(low)s to %(high)s)."
            )
        else:
            say = self.words.gettext(
                "From %(before)s in %(since)s to %(after)s: a clear decline (%(low)s to %(high)s)."
            )
        return say % named

    def moved(self, shift: Shift) -> str:
        """The same in the row of a table whose head names the period before."""
        named: dict[str, object] = {"before": shift.before}
        if shift.change is None:
            return self.words.gettext("before %(before)s, with another version: not compared") % named
        named |= self._between(shift.change.range)
        if shift.change.verdict == UNCLEAR:
            say = self.words.gettext("before %(before)s: could be luck (%(low)s to %(high)s)")
        elif shift.change.points > 0:
            say = self.words.gettext("before %(before)s: a clear improvement (%(low)s to %(high)s)")
        else:
            say = self.words.gettext("before %(before)s: a clear decline (%(low)s to %(high)s)")
        return say % named

    def _between(self, reach: Range) -> dict[str, str]:
        """The ends of a difference in whole points; a clear one never ends at 0, for its range does not hold 0."""
        low, high = reach.ends
        ends = {"low": signed(low), "high": signed(high)}
        if reach.holds(0):
            return ends
        if not low:
            ends["low"] = self.words.gettext("just above 0")
        if not high:
            ends["high"] = self.words.gettext("just below 0")
        return ends

    def power(self, shift: Shift) -> str:
        """How large a change must be before so many visits can show it; empty where nothing is compared."""
        if shift.change is None:
            return ""
        points = shift.needed or 0
        if points < 2:
            return self.words.gettext("So many visits can only show changes of about one point or more.")
        if shift.visits == shift.visits_before:
            say = self.words.ngettext(
                "%(num)s visit each time can only show changes of about %(points)s points.",
                "%(num)s visits each time can only show changes of about %(points)s points.",
                shift.visits,
            )
            return say % {"num": shift.visits, "points": points}
        say = self.words.ngettext(
            "%(before)s before and %(num)s visit now can only show changes of about %(points)s points.",
            "%(before)s before and %(num)s visits now can only show changes of about %(points)s points.",
            shift.visits,
        )
        return say % {"before": shift.visits_before, "num": shift.visits, "points": points}

    def moved_apart(self, found: Moved, names: Mapping[str, str], formats: Formats) -> str:
        """Which branches of a list clearly changed, by their `names`; empty where fewer than two could be compared."""
        if found.compared < 2:
            return ""
        if not (found.up or found.down):
            say = self.words.gettext("Of %(num)s that were visited often enough in both periods none clearly changed.")
            return say % {"num": found.compared}
        said = []
        if found.up:
            said.append(self.words.gettext("Clearly up: %(names)s.") % {"names": _listed(found.up, names, formats)})
        if found.down:
            said.append(self.words.gettext("Clearly down: %(names)s.") % {"names": _listed(found.down, names, formats)})
        luck = self.words.gettext(
            "%(num)s were visited often enough in both periods to be compared; of those named at most one in ten is "
            "expected to be luck."
        )
        return " ".join([*said, luck % {"num": found.compared}])

    def arrows(self, found: Moved) -> str:
        """What an arrow for each difference would be worth; empty where hardly any would be luck."""
        if found.compared < 2 or found.by_luck < _WORTH_TELLING:
            return ""
        say = self.words.gettext(
            "No arrows: with so many visits %(share)s of 100 that did not change at all would differ by %(points)s "
            "points or more."
        )
        return say % {"share": min(99, _whole(100 * found.by_luck)), "points": ARROW}

    def shifted(self, shift: Shift) -> str:
        """What a drawing of a change shows, for whoever cannot see it."""
        if shift.change is None:
            return ""
        (low, high), (later_low, later_high) = shift.change.before.ends, shift.change.after.ends
        say = self.words.gettext(
            "Before: %(before)s, likely range %(low)s to %(high)s; now: %(after)s, likely range %(from)s to %(to)s"
        )
        return say % {
            "before": shift.before, "low": low, "high": high, "after": shift.after, "from": later_low, "to": later_high,
        }  # fmt: skip

    def versions(self, versions: Sequence[int], offset: Offset | None) -> str:
        """What a figure over several versions of the checklist hides; empty over one."""
        if len(versions) < 2:
            return ""
        if offset is None or not offset.is_usable:
            return self.words.gettext(
                "Several versions of the checklist stand behind this figure; too few branches were visited with the "
                "newest and an earlier one to say what that changes."
            )
        points = abs(offset.whole_points)
        named = {"version": versions[-1], "num": offset.branches, "points": points}
        if not points:
            say = self.words.gettext(
                "Version %(version)s of the checklist marks as the earlier ones did in the same %(num)s branches."
            )
        elif offset.points > 0:
            say = self.words.ngettext(
                "Version %(version)s of the checklist marks about %(points)s point higher than the earlier ones in the "
                "same %(num)s branches.",
                "Version %(version)s of the checklist marks about %(points)s points higher than the earlier ones in "
                "the same %(num)s branches.",
                points,
            )
        else:
            say = self.words.ngettext(
                "Version %(version)s of the checklist marks about %(points)s point lower than the earlier ones in the "
                "same %(num)s branches.",
                "Version %(version)s of the checklist marks about %(points)s points lower than the earlier ones in the "
                "same %(num)s branches.",
                points,
            )
        return f"{say % named} {self._differ(points, offset.range)}" if offset.range else say % named

    def versions_briefly(self, versions: Sequence[int], offset: Offset | None) -> str:
        """The same in a row of many checklists."""
        if len(versions) < 2:
            return ""
        if offset is None or offset.range is None:
            return self.words.gettext("Several versions, and nobody knows what that changes.")
        points = {"version": versions[-1], "points": signed(offset.whole_points), **self._between(offset.range)}
        say = self.words.gettext("Version %(version)s against earlier ones: %(points)s (%(low)s to %(high)s).")
        return say % points

    def _differ(self, points: int, reach: Range) -> str:
        """How far two versions of the checklist may differ in truth, and whether the `points` named could be luck."""
        say = self.words.gettext("9 times out of 10 the true difference lies between %(low)s and %(high)s.")
        if points and reach.holds(0):
            say = self.words.gettext(
                "9 times out of 10 the true difference lies between %(low)s and %(high)s: it could be luck."
            )
        return say % self._between(reach)

    def taken_off(self, shift: Shift) -> str:
        """That the newer version was reckoned with before two periods were compared; empty where it was not."""
        if shift.offset is None:
            return ""
        return self.words.gettext("What the newer version of the checklist does to the scores was taken off first.")

    def critical(self, failed: int, visits: int) -> str:
        """How often a critical question was failed, and between which rates the truth lies; empty if never."""
        if not failed:
            return ""
        share = rate_range(failed, visits)
        low, high = Range(100 * share.low, 100 * share.high).ends
        say = self.words.ngettext(
            "In %(failed)s of %(num)s visit a critical question was failed. 9 times out of 10 the true share lies "
            "between %(low)s and %(high)s %%.",
            "In %(failed)s of %(num)s visits a critical question was failed. 9 times out of 10 the true share lies "
            "between %(low)s and %(high)s %%.",
            visits,
        )
        return say % {"failed": failed, "num": visits, "low": low, "high": high}

    def row(self, series: Series) -> str:
        """Whether a series of waves moves or only shakes."""
        if series.chart is None:
            say = self.words.gettext(
                "Fewer than %(waves)s waves in a row cannot show what is usual: no limits are drawn."
            )
            return say % {"waves": LEAST_WAVES}
        if not series.chart.is_moving:
            say = self.words.gettext("All waves lie within the limits of chance, %(low)s to %(high)s.")
            return say % _limits(series.chart)
        signs = []
        if series.chart.outside:
            say = self.words.ngettext(
                "%(num)s wave lies outside the limits of chance, %(low)s to %(high)s.",
                "%(num)s waves lie outside the limits of chance, %(low)s to %(high)s.",
                len(series.chart.outside),
            )
            signs.append(say % {"num": len(series.chart.outside), **_limits(series.chart)})
        if series.chart.run_starts:
            say = self.words.gettext("%(waves)s or more waves in a row lie on one side of the middle: the level moved.")
            signs.append(say % {"waves": RUN})
        return " ".join(signs)

    def drawn_row(self, series: Series, names: Sequence[str]) -> str:
        """What a drawing of a series shows, for whoever cannot see it: each wave with its figure."""
        waves = (f"{name}: {_whole(wave.mean)}" for name, wave in zip(names, series.waves, strict=True))
        return "; ".join(waves)

    def week(self, week: Week, days: str) -> str:
        """Which days and parts of the day nobody saw. `days` are the missing days in words, joined by "or"."""
        said = []
        if not week.missing_days:
            said.append(self.words.gettext("There were visits on every day of the week."))
        elif len(week.missing_days) <= MOST_NAMED_DAYS:
            said.append(self.words.gettext("No visit on %(days)s.") % {"days": days})
        else:
            seen = 7 - len(week.missing_days)
            say = self.words.ngettext(
                "Visits on %(num)s day of the week alone.", "Visits on %(num)s of the seven days of the week.", seen
            )
            said.append(say % {"num": seen})
        said += [self._unseen_part(part) for part in week.missing_parts]
        if week.untimed:
            say = self.words.ngettext(
                "Of %(num)s visit the time of day is not known.",
                "Of %(num)s visits the time of day is not known.",
                week.untimed,
            )
            said.append(say % {"num": week.untimed})
        return " ".join(said)

    def _unseen_part(self, part: str) -> str:
        return {
            "morning": self.words.gettext("None in the morning."),
            "afternoon": self.words.gettext("None in the afternoon."),
            "evening": self.words.gettext("None in the evening."),
        }[part]


def _limits(chart: RunChart) -> dict[str, int]:
    low, high = Range(max(0.0, chart.low), min(100.0, chart.high)).ends
    return {"low": low, "high": high}


def _listed(codes: Sequence[str], names: Mapping[str, str], formats: Formats) -> str:
    called = [formats.apart_in_plain_text(names.get(code, code)) for code in codes[:MOST_NAMED]]
    return formats.listed([*called, *(["…"] if len(codes) > MOST_NAMED else [])])


def signed(points: int) -> str:
    """Whole points with their sign, the minus as long as the plus."""
    return f"{points:+d}".replace("-", "\u2212") if points else "0"


def _whole(points: float) -> int:
    """Whole points, halves up."""
    return math.floor(points + 0.5)
