"""What can be read but makes no sense as a whole, or is unwise: errors and warnings over a whole checklist.

Owns the house's advice about the trade. Nothing here changes a checklist.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from operator import gt, lt

from audit.domain.checklist.fields import Fields
from audit.domain.checklist.linking import Links
from audit.domain.checklist.model import Checklist, Question, Section
from audit.domain.checklist.possibility import Possibilities
from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.questions.rating import Rating
from audit.domain.checklist.reading import quoted
from audit.domain.checklist.structure import MOST_QUESTIONS

LONG_MINUTES = 30
QUICKEST_SECONDS = 10
"""Faster than this for each question, nobody reads, looks and answers: our own rule."""
MOST_SUBJECTIVE = Fraction(1, 3)
LEAST_FOR_DIMENSION = 2
ALL_SECTIONS = 100

Pairs = Sequence[tuple[Section, Fields]]


def check_checklist(checklist: Checklist, fields: Fields, links: Links) -> None:
    """Complain about all that is wrong or unwise in a checklist whose parts could be read."""
    sections = list(zip(checklist.sections, fields["sections"], strict=False))
    _check_possible(checklist, sections, links)
    _check_size(fields, sections)
    _check_bands(fields)
    _check_languages(fields)
    _check_section_weights(sections)
    _check_questions(sections)
    _advise_weights(fields, sections)
    _advise_impressions(fields, sections)
    _advise_dimensions(checklist, fields, sections)
    _advise_length(checklist, fields, sections)


def _check_possible(checklist: Checklist, sections: Pairs, links: Links) -> None:
    possible = Possibilities(checklist, unsound=links.unsound)
    for section, written in sections:
        if not possible.enter(section):
            written.complain("show_if", "This rule can never be true, so nobody ever sees the section. Mend the rule.")
        for question, asked in zip(section.questions, written["questions"], strict=True):
            _check_question_possible(possible, section, question, asked)


def _check_question_possible(possible: Possibilities, section: Section, question: Question, asked: Fields) -> None:
    own, seen = possible.meet(section, question)
    if question.show_if is not None and not own:
        what = f"{'required ' * question.required}question {quoted(question.id)}"
        asked.complain("show_if", f"This rule can never be true, so nobody ever sees the {what}. Mend the rule.")
    elif question.show_if is not None and not seen and possible.can_be_entered(section):
        asked.complain("show_if", "This rule and the rule of its section are never true together. Mend one of them.")
    if question.critical is not None and not possible.can_be_met(question, question.critical):
        asked.complain("critical", "No answer ever meets this test. Mend it.")
    for demand, written in zip(question.demands, (d for d in asked["demands"] if d["when"] is not None), strict=True):
        if not possible.can_be_met(question, demand.when):
            written.complain("when", "No answer ever meets this test. Mend it.")


def _check_size(fields: Fields, sections: Pairs) -> None:
    count = _count(sections)
    if count > MOST_QUESTIONS:
        fields.complain("sections", f"There are {count} questions. Keep it to {MOST_QUESTIONS}.")


def _check_bands(fields: Fields) -> None:
    froms = [band["from"] for band in fields["bands"] if band["from"] is not None]
    rising, falling = (all(test(a, b) for a, b in pairwise(froms)) for test in (lt, gt))
    if not rising and not falling:
        doubled = len(set(froms)) < len(froms)
        problem = "Two bands begin at the same score." if doubled else "The bands are out of order."
        fields.complain("bands", f"{problem} Write each from once, from the highest to the lowest.")
    elif froms and min(froms) > 0:
        lowest = decimal_text(min(froms))
        mend = "Add a band with from: 0."
        fields.complain("bands", f"A score below {lowest} has no band. {mend}", error=False)


def _check_languages(fields: Fields) -> None:
    languages = fields["languages"] or ()
    if len(set(languages)) < len(languages):
        fields.complain("languages", "A language stands here twice. Write each once.")


def _check_section_weights(sections: Pairs) -> None:
    for section, written in sections:
        if section.weight and "questions" not in written.flawed and not any(q.scored for q in section.questions):
            mend = "Write weight: 0, or add a question that is scored."
            written.complain("weight", f"The section counts, but none of its questions can earn points. {mend}")


def _check_questions(sections: Pairs) -> None:
    for section, written in sections:
        for question, asked in zip(section.questions, written["questions"], strict=True):
            _check_question(question, asked)


def _check_question(question: Question, asked: Fields) -> None:
    if isinstance(question.kind, Rating) and question.kind.unworded:
        points = ", ".join(question.kind.unworded)
        asked.complain("points", f"Points without words: {points}. Word each as an act that can be seen.", error=False)
    if {"dimension", "dimensions"} <= asked.given:
        asked.complain("dimension", "dimension stands beside dimensions. Keep one of the two.")
    if question.bonus and not question.scored and "bonus" not in asked.flawed and asked["kind"] is not None:
        asked.complain("bonus", "A bonus that earns nothing. Give it a weight and answers with shares.")
    if "weight" in asked.given and question.weight and not question.kind.scored and asked["kind"] is not None:
        mend = "Give its answers shares or bands, or write weight: 0."
        message = f"A {question.kind.name} question without shares earns nothing, whatever its weight. {mend}"
        asked.complain("weight", message, error=False)


def _advise_weights(fields: Fields, sections: Pairs) -> None:
    weights = [section.weight for section, _ in sections if section.weight is not None]
    total = sum(weights, Fraction(0))
    if weights and len(weights) < len(sections):
        problem = f"{len(weights)} of {len(sections)} sections have a weight."
        mend = "The others count with the weights of their questions: give every section a weight, or none."
        fields.complain("sections", f"{problem} {mend}", error=False)
    if weights and total != ALL_SECTIONS:
        mend = f"They count relative to each other; let them add up to {ALL_SECTIONS} to be read as percent."
        problem = f"The section weights add up to {decimal_text(total)}, not {ALL_SECTIONS}."
        fields.complain("sections", f"{problem} {mend}", error=False)


def _advise_impressions(fields: Fields, sections: Pairs) -> None:
    asked = [question for section, _ in sections for question in section.questions]
    subjective = sum(question.subjective for question in asked)
    if asked and Fraction(subjective, len(asked)) > MOST_SUBJECTIVE:
        mend = "Keep it to a third: ask for what can be seen or heard."
        fields.complain(
            "sections", f"{subjective} of {len(asked)} questions ask for an impression. {mend}", error=False
        )


def _advise_dimensions(checklist: Checklist, fields: Fields, sections: Pairs) -> None:
    fed = [dimension for section, _ in sections for question in section.questions for dimension in question.dimensions]
    for written in fields["dimensions"]:
        if written["id"] is not None and (count := fed.count(written["id"])) < LEAST_FOR_DIMENSION:
            asked = "no question" if not count else "one question"
            mend = "Give it two or more, or leave it out."
            written.complain("id", f"The dimension {quoted(written['id'])} has {asked}. {mend}", error=False)
    for scenario, written in zip(checklist.scenarios, fields["scenarios"], strict=True):
        for dimension in scenario.plants:
            if dimension not in fed:
                mend = "Add questions that feed it, or plant something else."
                message = f"The scenario plants {quoted(dimension)}, which no question asks about. {mend}"
                written.complain("plants", message, error=False)


def _advise_length(checklist: Checklist, fields: Fields, sections: Pairs) -> None:
    minutes, count = checklist.estimated_minutes, _count(sections)
    if minutes > LONG_MINUTES:
        mend = f"Shoppers tire after {LONG_MINUTES}: shorten it, or split it over two checklists."
        fields.complain("estimated_minutes", f"The checklist takes {minutes} minutes. {mend}", error=False)
    elif minutes and count * QUICKEST_SECONDS > minutes * 60:
        problem = f"{count} questions in {minutes} minutes leave less than {QUICKEST_SECONDS} seconds for each."
        fields.complain("estimated_minutes", f"{problem} Ask less, or allow more time.", error=False)
    elif not minutes and "estimated_minutes" not in fields.flawed and count * QUICKEST_SECONDS > LONG_MINUTES * 60:
        problem = f"{count} questions take more than {LONG_MINUTES} minutes."
        fields.complain("sections", f"{problem} Shorten it, and say estimated_minutes.", error=False)


def _count(sections: Pairs) -> int:
    """How many questions there are but the closing ones."""
    return sum(len(section.questions) for section, _ in sections)
