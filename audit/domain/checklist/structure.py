"""The keys of a checklist file, mapping by mapping: the tables from which it is read, described and completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from audit.domain.checklist.fields import Fields, Key, Keys, ListOf, Schema
from audit.domain.checklist.model import ABSENCES
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.checklist.reading import Path, Reading, described, did_you_mean, quoted
from audit.domain.checklist.rules import RuleShape, TestShape
from audit.domain.checklist.shapes import LANGUAGE_PATTERN, Exact, Flag, Id, OneOf, PlainWords, Whole, Words

MOST_QUESTIONS = 250
MOST_SECTIONS = 20
LONG_WORDS = Words(10_000)
CHANNELS = ("visit", "phone", "online")

FACT_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "what was seen, in the shopper's words", needed=True),
)
DEMAND_KEYS = (
    Key("when", TestShape(), "the test of the answer that calls for more", needed=True),
    Key("prompt", Words(), "what is asked on the spot"),
    Key("comment", Flag(), "whether a comment is needed", default=False),
    Key("photo", Flag(), "whether a photo is needed", default=False),
    Key("facts", ListOf(Keys("a fact", FACT_KEYS), 1, 50), "a pick-list of what can be seen", default=()),
)
QUESTION_KEYS = (
    Key("id", Id(), "a short name, once in the whole checklist", needed=True),
    Key("ask", Words(), "what the shopper is asked", needed=True),
    Key("kind", OneOf(tuple(QUESTION_KINDS)), "the kind of question", needed=True),
    Key("weight", Exact(), "what it counts: 1, unless said; 0 is measured, not scored", default=None),
    Key("dimension", Id(), "the one dimension that it feeds"),
    Key("dimensions", ListOf(Id(), 1, 20), "the dimensions that it feeds, if there are several"),
    Key("required", Flag(), "whether it must be answered: true, unless said otherwise", default=True),
    Key("offer", ListOf(OneOf(ABSENCES), 0, 2), "the answers not_applicable and not_observed, if they fit", default=()),
    Key("critical", TestShape(), "the test that a knock-out answer meets"),
    Key("bonus", Flag(), "whether it only adds to the score", default=False),
    Key("hint", Words(), "a line below the question"),
    Key("picture", PlainWords(r"^[a-z0-9][a-z0-9_-]*\.(svg|png|jpg|webp)$", "counter.svg"), "a file in pictures/"),
    Key("subjective", Flag(), "whether it asks for an impression, not a fact", default=False),
    Key("show_if", RuleShape(), "the rule that decides whether it is seen"),
    Key("demands", ListOf(Keys("a demand", DEMAND_KEYS), 1, 20), "what given answers ask for on the spot", default=()),
)


class QuestionShape:
    """A question: the keys that every question has, and those of its kind."""

    by_kind: Mapping[str, Keys] = {
        name: Keys(f"a {name} question", QUESTION_KEYS + kind.keys) for name, kind in QUESTION_KINDS.items()
    }

    def read(self, reading: Reading, path: Path, tree: object) -> Fields | None:
        if not isinstance(tree, dict):
            reading.complain(path, f"A question is {described(tree)}. Write its keys: id, ask, kind.")
            return None
        kind = tree.get("kind")
        if isinstance(kind, str) and kind in self.by_kind:
            return self.by_kind[kind].read(reading, path, tree)
        self._complain_about_kind(reading, path, kind)
        return self._read_what_all_kinds_have(reading, path, tree)

    @staticmethod
    def _complain_about_kind(reading: Reading, path: Path, kind: object) -> None:
        if kind is None:
            reading.complain(path, f"A question has no kind. {did_you_mean('', QUESTION_KINDS)}")
        elif isinstance(kind, str):
            mend = did_you_mean(kind, QUESTION_KINDS)
            reading.complain((*path, "kind"), f"There is no kind of question {quoted(kind)}. {mend}")
        else:
            reading.complain((*path, "kind"), f"kind is {described(kind)}. {did_you_mean('', QUESTION_KINDS)}")

    def _read_what_all_kinds_have(self, reading: Reading, path: Path, tree: dict[object, object]) -> Fields | None:
        """The question without its kind, so that what else is wrong with it is told at once, too."""
        of_any_kind = {key.name for keys in self.by_kind.values() for key in keys.table}
        shared = {key.name for key in QUESTION_KEYS}
        known = {key: value for key, value in tree.items() if key in shared or key not in of_any_kind}
        fields = Keys("a question", QUESTION_KEYS).read(reading, path, {**known, "kind": next(iter(QUESTION_KINDS))})
        return None if fields is None else replace(fields, values={**fields.values, "kind": None})

    def schema(self) -> Schema:
        return {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in self.by_kind]}


SECTION_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "the place or the moment", needed=True),
    Key("intro", LONG_WORDS, "a few lines above its questions"),
    Key("weight", Exact(), "what the weights of its questions are scaled to add up to"),
    Key("show_if", RuleShape(), "the rule that decides whether the section is seen"),
    Key("questions", ListOf(QuestionShape(), 1, MOST_QUESTIONS), "its questions", needed=True, default=()),
)
DIMENSION_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "what it is called on paper", needed=True),
)
SCENARIO_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "what it is called", needed=True),
    Key("pretend", LONG_WORDS, "what the shopper pretends and does", needed=True),
    Key("plants", ListOf(Id(), 0, 20), "the dimensions that it plants", default=()),
    Key("spending_limit", Exact(), "the most that may be spent, in the programme's currency"),
    Key("risk", LONG_WORDS, "why it is safe and legal, and when to stop and leave"),
)
BAND_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "the verdict", needed=True),
    Key("from", Exact(0, 100), "the lowest score, from 0 to 100, that reaches it", needed=True),
)
CHECKLIST_KEYS = (
    Key("id", PlainWords("^[a-z0-9]+(-[a-z0-9]+)*$", "bank-branch", 64), "a short name: the file's own", needed=True),
    Key("title", Words(), "what the checklist is called", needed=True),
    Key("languages", ListOf(PlainWords(LANGUAGE_PATTERN, "en", 35), 1, 20), "its languages, its own first: [en]"),
    Key("channel", OneOf(CHANNELS), "how the service is met: visit, unless said otherwise", default="visit"),
    Key("estimated_minutes", Whole(1, 480), "how long it takes, in minutes", default=0),
    Key("brief", LONG_WORDS, "what the shopper does"),
    Key("remember", ListOf(Words(), 1, 10), "the three things to remember", default=()),
    Key("target", Exact(0, 100), "the score that is aimed at, from 0 to 100"),
    Key("critical_cap", Exact(0, 100), "the highest score after a knock-out answer: 49, unless said otherwise"),
    Key("bands", ListOf(Keys("a band", BAND_KEYS), 1, 20), "the verdicts on a score", default=()),
    Key(
        "dimensions", ListOf(Keys("a dimension", DIMENSION_KEYS), 1, 50), "what is measured across sections", default=()
    ),
    Key("scenarios", ListOf(Keys("a scenario", SCENARIO_KEYS), 1, 50), "what the shopper may pretend", default=()),
    Key(
        "sections",
        ListOf(Keys("a section", SECTION_KEYS), 1, MOST_SECTIONS),
        "places or moments",
        needed=True,
        default=(),
    ),
)
CHECKLIST = Keys("a checklist", CHECKLIST_KEYS)
