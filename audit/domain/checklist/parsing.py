"""A plain tree becomes a checklist. Owns the order of reading; every complaint is collected before any is told.

What can be read but makes no sense as a whole is for `checks`. A published checklist is read without those checks, so
that it stays readable when they grow stricter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.checklist.checks import check_checklist
from audit.domain.checklist.fields import Fields
from audit.domain.checklist.linking import Links
from audit.domain.checklist.model import (
    CLOSING,
    CUSTOMER_STATE,
    NARRATIVE,
    Band,
    Checklist,
    Demand,
    Dimension,
    Option,
    Question,
    QuestionKind,
    Scenario,
    Section,
    Text,
)
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.checklist.questions.choice import Choice
from audit.domain.checklist.questions.long_text import LongText
from audit.domain.checklist.reading import Complaint, Lines, Reading, quoted
from audit.domain.checklist.structure import CHECKLIST, CHECKLIST_KEYS
from audit.domain.checklist.wording import (
    CLOSING_TITLE,
    NARRATIVE_HINT,
    NARRATIVE_TITLE,
    STATE_HINT,
    STATE_TITLE,
    STATES,
)
from audit.domain.errors import InvalidChecklist

EMPTY = Text({})
LANGUAGES = next(key for key in CHECKLIST_KEYS if key.name == "languages").shape


@dataclass(frozen=True)
class Parsed:
    """What came of a file: the checklist, unless there was an error, and every complaint in the order of its lines."""

    checklist: Checklist | None
    complaints: tuple[Complaint, ...]


def parse_checklist(tree: object, lines: Lines, earlier: Iterable[tuple[int, str]] = ()) -> Parsed:
    """The checklist in a plain tree, with errors and warnings at the lines of the file.

    `lines` gives the line (from 1) of a path of keys and places; `earlier` are the errors that whoever read the text
    found, as lines and messages.
    """
    reading = Reading(lines)
    for line, message in earlier:
        reading.complaints.append(Complaint(line, message))
        reading.errors += 1
    checklist = _build(tree, reading, thorough=True)
    found = tuple(sorted(reading.complaints, key=lambda complaint: (complaint.line, complaint.message)))
    return Parsed(checklist if not reading.errors else None, found)


def checklist_from_tree(tree: object) -> Checklist:
    """The checklist in the tree of a published version; InvalidChecklist holds every error."""
    reading = Reading({})
    checklist = _build(tree, reading, thorough=False)
    if checklist is None or reading.errors:
        first = next((complaint.message for complaint in reading.complaints if complaint.error), "It is empty.")
        raise InvalidChecklist(
            "The checklist cannot be used: {reason}", complaints=tuple(reading.complaints), reason=first
        )
    return checklist


def _build(tree: object, reading: Reading, *, thorough: bool) -> Checklist | None:
    if isinstance(tree, dict) and tree.get("languages") is not None:
        languages = LANGUAGES.read(Reading({}), ("languages",), tree["languages"])
        reading.languages = tuple(dict.fromkeys(languages or ())) or reading.languages
    fields = CHECKLIST.read(reading, (), tree)
    if fields is None:
        return None
    links = Links.of(fields)
    sections = tuple(_section(section, links) for section in fields["sections"])
    checklist = Checklist(
        id=fields["id"] or "",
        title=fields["title"] or EMPTY,
        languages=reading.languages,
        sections=(*sections, _closing()),
        dimensions=tuple(Dimension(part["id"] or "", part["title"] or EMPTY) for part in fields["dimensions"]),
        scenarios=tuple(_scenario(scenario, links) for scenario in fields["scenarios"]),
        bands=tuple(Band(b["id"] or "", b["title"] or EMPTY, b["from"] or Fraction(0)) for b in fields["bands"]),
        target=fields["target"],
        critical_cap=Fraction(49) if fields["critical_cap"] is None else fields["critical_cap"],
        brief=fields["brief"],
        remember=fields["remember"],
        estimated_minutes=fields["estimated_minutes"],
        channel=fields["channel"],
    )
    if thorough:
        check_checklist(checklist, fields, links)
    return checklist


def _section(fields: Fields, links: Links) -> Section:
    return Section(
        id=fields["id"] or "",
        title=fields["title"] or EMPTY,
        show_if=links.rule_of(fields),
        questions=tuple(_question(question, links) for question in fields["questions"]),
        intro=fields["intro"],
        weight=fields["weight"],
    )


def _question(fields: Fields, links: Links) -> Question:
    show_if = links.rule_of(fields)
    kind = _kind(fields, links)
    critical = fields["critical"]
    return Question(
        id=fields["id"] or "",
        title=fields["ask"] or EMPTY,
        kind=kind,
        weight=Fraction(1) if fields["weight"] is None else fields["weight"],
        dimensions=links.dimensions_of(fields, "dimension", "dimensions"),
        required=fields["required"],
        offers=tuple(dict.fromkeys(fields["offer"])),
        critical=None if critical is None else links.own_test(fields, critical),
        bonus=fields["bonus"],
        hint=fields["hint"],
        picture=fields["picture"],
        demands=tuple(_demand(demand, fields, links) for demand in fields["demands"] if demand["when"] is not None),
        show_if=show_if,
        subjective=fields["subjective"],
    )


def _kind(fields: Fields, links: Links) -> QuestionKind:
    """The question's kind; one that could not be read stands in as a text, and nothing is said about its answers."""
    if fields["kind"] is None:
        kind: QuestionKind = LongText()
        links.met(fields, kind, sound=False)
        return kind
    made = QUESTION_KINDS[fields["kind"]]
    errors = fields.reading.errors
    kind = made.read(fields)
    flawed = fields.flawed.intersection({"offer", *(key.name for key in made.keys)})
    links.met(fields, kind, sound=not flawed and fields.reading.errors == errors)
    return kind


def _demand(fields: Fields, question: Fields, links: Links) -> Demand:
    facts: dict[str, Option] = {}
    for fact in fields["facts"]:
        if fact["id"] in facts:
            fact.complain("id", f"{quoted(fact['id'])} stands in this list already. Give each a name of its own.")
        elif fact["id"] is not None and fact["title"] is not None:
            facts[fact["id"]] = Option(fact["id"], fact["title"])
    if not (fields["comment"] or fields["photo"] or fields["facts"] or fields.flawed):
        fields.complain("when", "The demand asks for nothing. Add comment: true, photo: true or a list of facts.")
    return Demand(
        when=links.own_test(question, fields["when"]),
        prompt=fields["prompt"],
        comment=fields["comment"],
        photo=fields["photo"],
        facts=tuple(facts.values()),
    )


def _scenario(fields: Fields, links: Links) -> Scenario:
    return Scenario(
        id=fields["id"] or "",
        title=fields["title"] or EMPTY,
        pretend=fields["pretend"] or EMPTY,
        plants=links.dimensions_of(fields, "plants"),
        spending_limit=fields["spending_limit"],
        risk=fields["risk"],
    )


def _closing() -> Section:
    """The last section of every checklist: reported, never scored."""
    states = tuple(Option(id, title) for id, title in STATES.items())
    return Section(
        CLOSING,
        CLOSING_TITLE,
        (
            Question(CUSTOMER_STATE, STATE_TITLE, Choice(states), Fraction(0), hint=STATE_HINT, subjective=True),
            Question(NARRATIVE, NARRATIVE_TITLE, LongText(10_000, 1), Fraction(0), hint=NARRATIVE_HINT),
        ),
    )
