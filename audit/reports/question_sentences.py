"""The sentences about single questions of a branch: what became of each since the period before.

Owns words; works nothing out. Says "kept", as the report does; refuses p-values, and to call luck a change.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.domain.statistics.change import IMPROVED, WORSENED
from audit.formatting import ENGLISH, Catalogue
from audit.reports.question_changes import QuestionChange, QuestionChanges


@dataclass(frozen=True)
class QuestionSentences:
    """The sentences in the language of a catalogue."""

    words: Catalogue = ENGLISH

    def questions_moved(self, found: QuestionChanges) -> str:
        """How many of the questions of a page clearly changed."""
        compared, clear = len(found.by_question), len(found.clear)
        if not clear:
            say = self.words.ngettext(
                "The only question that was asked in both periods did not clearly change.",
                "Of %(num)s questions that were asked in both periods none clearly changed.",
                compared,
            )
            return say % {"num": compared}
        say = self.words.ngettext(
            "%(num)s of %(all)s questions that were asked in both periods clearly changed. They are looked at "
            "together: of those called clear at most one in ten is expected to be luck.",
            "%(num)s of %(all)s questions that were asked in both periods clearly changed. They are looked at "
            "together: of those called clear at most one in ten is expected to be luck.",
            clear,
        )
        return say % {"all": compared, "num": clear}

    def questions_power(self, found: QuestionChanges) -> str:
        """That so few visits cannot show what became of a single question; empty where they could, or did."""
        if found.could_show or found.clear:
            return ""
        before, now = found.most_visits
        say = self.words.ngettext(
            "%(before)s before and %(num)s visit now cannot show the change of a single question: one that was never "
            "kept before and always now could still be luck.",
            "%(before)s before and %(num)s visits now cannot show the change of a single question: one that was never "
            "kept before and always now could still be luck.",
            now,
        )
        return say % {"before": before, "num": now}

    def question_moved(self, change: QuestionChange) -> str:
        """A question that clearly changed, with its visits before and now."""
        say = {
            IMPROVED: self.words.gettext(
                "kept in %(before)s of %(all_before)s before, in %(kept)s of %(all)s now: a clear improvement"
            ),
            WORSENED: self.words.gettext(
                "kept in %(before)s of %(all_before)s before, in %(kept)s of %(all)s now: a clear decline"
            ),
        }[change.verdict]
        return say % {
            "before": change.kept_before, "all_before": change.visits_before, "kept": change.kept, "all": change.visits,
        }  # fmt: skip

    def question_before(self, change: QuestionChange, found: QuestionChanges) -> str:
        """The same beside the figure of now in a list of all; nothing is judged where nothing changed, nor where no
        change could be seen."""
        if change.is_none or not (found.could_show or change.is_clear):
            say = self.words.gettext("before %(before)s of %(all_before)s")
        elif change.verdict == IMPROVED:
            say = self.words.gettext("before %(before)s of %(all_before)s: a clear improvement")
        elif change.verdict == WORSENED:
            say = self.words.gettext("before %(before)s of %(all_before)s: a clear decline")
        else:
            say = self.words.gettext("before %(before)s of %(all_before)s: could be luck")
        return say % {"before": change.kept_before, "all_before": change.visits_before}
