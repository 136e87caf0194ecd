"""The eight checklists that ship: each is whole, fair and worded, and the parser has nothing to say about any."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from audit.domain.checklist.model import (
    CLOSING,
    CUSTOMER_STATE,
    NARRATIVE,
    NOT_OBSERVED,
    Answer,
    Checklist,
    Circumstances,
    Condition,
    Question,
    Text,
    Value,
)
from audit.domain.checklist.parsing import Parsed, parse_checklist
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.checklist.questions.choice import Choice
from audit.domain.checklist.questions.choices import Choices
from audit.domain.checklist.questions.grid import Grid
from audit.domain.checklist.questions.number import Number
from audit.domain.checklist.questions.rating import Rating
from audit.domain.checklist.questions.stopwatch import Stopwatch
from audit.domain.checklist.questions.yes_no import YesNo
from audit.domain.checklist.visibility import visible
from audit.domain.score import score_visit
from audit.intake.yaml_trees import read_yaml

FOLDER = Path(__file__).parents[3] / "checklists"
PICTURES = FOLDER / "pictures"
SIX_DIMENSIONS = {"warmth", "importance", "listening", "name", "flexibility", "recovery"}
EIGHT = {
    "six-secrets": "visit",
    "bank-branch": "visit",
    "restaurant": "visit",
    "phone-call": "phone",
    "online-enquiry": "online",
    "complaint-handling": "visit",
    "internal-service": "phone",
    "care-policy": "visit",
}
NO_SCENARIO_NEEDED = {"care-policy"}  # an open review, announced beforehand: nothing is pretended
each = pytest.mark.parametrize("name", sorted(EIGHT))


@cache
def parsed(name: str) -> Parsed:
    path = FOLDER / f"{name}.yaml"
    yaml = read_yaml(path.read_bytes(), path.name)
    return parse_checklist(yaml.tree, yaml.lines)


def checklist(name: str) -> Checklist:
    read = parsed(name).checklist
    assert read is not None, parsed(name).complaints
    return read


def own_questions(name: str) -> list[Question]:
    return [question for question in checklist(name).questions() if question.id not in (CUSTOMER_STATE, NARRATIVE)]


def texts_of(thing: object) -> list[Text]:
    """Every text in a tree of dataclasses."""
    if isinstance(thing, Text):
        return [thing]
    if isinstance(thing, tuple | list):
        return [text for part in thing for text in texts_of(part)]
    if is_dataclass(thing):
        return [text for field in fields(thing) for text in texts_of(getattr(thing, field.name))]
    return []


def test_the_eight_are_there() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} >= set(EIGHT)


@each
def test_nothing_to_complain_about(name: str) -> None:
    assert parsed(name).complaints == ()


@each
def test_named_as_its_file_and_told_its_channel(name: str) -> None:
    assert (checklist(name).id, checklist(name).channel) == (name, EIGHT[name])


@each
def test_between_fifteen_and_forty_questions_in_half_an_hour(name: str) -> None:
    assert 15 <= len(own_questions(name)) <= 40
    assert 0 < checklist(name).estimated_minutes <= 30


@each
def test_what_to_do_and_three_things_to_remember(name: str) -> None:
    assert checklist(name).brief
    assert len(checklist(name).remember) == 3


@each
def test_each_dimension_is_fed_by_two_scored_questions(name: str) -> None:
    for dimension in checklist(name).dimensions:
        feeding = [q.id for q in own_questions(name) if dimension.id in q.dimensions and q.scored]
        assert len(feeding) >= 2, dimension.id


@each
def test_each_rating_has_three_to_five_points_that_differ_in_words(name: str) -> None:
    for question in own_questions(name):
        if isinstance(question.kind, Rating):
            words = [str(point.title) for point in question.kind.points_worded]
            assert 3 <= len(words) <= 5, question.id
            assert len(set(words)) == len(words), question.id
            assert all(re.search(r"[a-z]{2}", word) for word in words), question.id


@each
def test_no_yes_or_no_asks_for_two_facts_at_once(name: str) -> None:
    asked = [str(q.title) for q in own_questions(name) if q.kind.name == "yes_no"]
    assert [title for title in asked if re.search(r"\band\b", title)] == []


@each
def test_facts_come_first_and_impressions_are_few(name: str) -> None:
    marks = [question.subjective for question in own_questions(name)]
    assert marks == sorted(marks), "an impression stands before a fact"
    assert sum(marks) * 3 < len(marks)


@each
def test_impressions_are_measured_not_scored(name: str) -> None:
    assert [q.id for q in own_questions(name) if q.subjective and q.scored] == []


@each
def test_the_best_answer_earns_the_whole_weight_and_the_worst_nothing(name: str) -> None:
    for question in own_questions(name):
        if question.scored:
            assert shares_of(question) >= {Fraction(0), Fraction(1)}, question.id


def shares_of(question: Question) -> set[Fraction | None]:
    return {question.kind.points(value) for value in answers_to(question)}


def answers_to(question: Question) -> list[Value]:
    """Answers that a shopper can give, the best and the worst among them; none for words, times and photos."""
    kind = question.kind
    if isinstance(kind, YesNo):
        return ["yes", "no"]
    if isinstance(kind, Rating):
        return [int(point.id) for point in kind.points_worded]
    if isinstance(kind, Choice):
        return [option.id for option in kind.options]
    if isinstance(kind, Choices):
        gains = tuple(option.id for option in kind.options if (option.share or 0) > 0)
        return [gains, *((option.id,) for option in kind.options)]
    if isinstance(kind, Grid):
        return [{row.id: point.id for row in kind.rows} for point in kind.scale]
    if isinstance(kind, Number | Stopwatch):
        tops = [band.up_to for band in kind.bands if band.up_to is not None]
        values = [*tops, max(tops) + 1] if tops else [Fraction(1)]
        return [kind.clean(int(value)) for value in values]
    return []


@each
@pytest.mark.parametrize(("choose", "shown"), [(max, 100), (min, 0)], ids=["faultless", "hopeless"])
def test_a_faultless_visit_scores_a_hundred_and_a_hopeless_one_nothing(
    name: str, choose: Callable[..., Value], shown: int
) -> None:
    answers: dict[str, Answer] = {}
    scenario = next((scenario.id for scenario in checklist(name).scenarios), None)
    circumstances = Circumstances({"car_park": "yes"}, scenario)
    for question in checklist(name).questions():
        possible = answers_to(question)
        if possible and question.id in visible(checklist(name), answers, circumstances).questions:
            answers[question.id] = Answer(choose(possible, key=lambda value: question.kind.points(value) or 0))
    assert score_visit(checklist(name), answers, circumstances).shown == shown


@each
def test_critical_answers_are_few(name: str) -> None:
    assert sum(question.critical is not None for question in own_questions(name)) <= 2


@each
def test_every_picture_is_there_and_every_picture_is_used(name: str) -> None:
    for question in own_questions(name):
        assert question.picture is None or (PICTURES / question.picture).is_file()


def test_no_picture_lies_idle() -> None:
    used = {question.picture for name in EIGHT for question in own_questions(name) if question.picture}
    assert {path.name for path in PICTURES.glob("*")} == used


def test_pictures_say_in_words_what_they_show_and_fetch_nothing() -> None:
    for path in PICTURES.glob("*.svg"):
        drawing = path.read_text(encoding="utf-8")
        assert "<title" in drawing, path.name
        assert not re.search(r"href|url\(|<script|<style|<image", drawing), path.name


@each
def test_each_scenario_says_why_it_is_safe_and_what_may_be_spent(name: str) -> None:
    scenarios = checklist(name).scenarios
    assert scenarios or name in NO_SCENARIO_NEEDED
    for scenario in scenarios:
        assert scenario.risk is not None, scenario.id
        assert scenario.spending_limit is not None, scenario.id


@pytest.mark.parametrize("name", sorted(set(EIGHT) - {"care-policy", "complaint-handling"}))
@pytest.mark.parametrize("dimension", ["flexibility", "recovery"])
def test_what_rarely_happens_is_planted_and_may_stay_unobserved(name: str, dimension: str) -> None:
    assert any(dimension in scenario.plants for scenario in checklist(name).scenarios)
    first = next(q for q in own_questions(name) if dimension in q.dimensions)
    assert NOT_OBSERVED in first.offers
    assert first.show_if is None or not _asks_for_the_scenario(first)


def _asks_for_the_scenario(question: Question) -> bool:
    return isinstance(question.show_if, Condition) and question.show_if.subject == "scenario"


@each
def test_every_text_is_there_in_every_language_that_is_promised(name: str) -> None:
    languages = set(checklist(name).languages)
    written = [section for section in checklist(name).sections if section.id != CLOSING]
    others = [checklist(name).title, *texts_of(checklist(name).dimensions), *texts_of(checklist(name).scenarios)]
    others += [*texts_of(checklist(name).bands), *checklist(name).remember, *texts_of(checklist(name).brief)]
    for text in [*others, *texts_of(tuple(written))]:
        assert set(text.versions) == languages, str(text)


def test_six_secrets_asks_for_each_of_the_six_things() -> None:
    assert {dimension.id for dimension in checklist("six-secrets").dimensions} == SIX_DIMENSIONS
    assert 25 <= len(own_questions("six-secrets")) <= 35
    assert len(checklist("six-secrets").scenarios) >= 4


def test_six_secrets_uses_every_kind_of_question() -> None:
    assert {question.kind.name for question in own_questions("six-secrets")} == set(QUESTION_KINDS)


def test_six_secrets_weights_its_places_to_a_hundred() -> None:
    assert sum(section.weight or 0 for section in checklist("six-secrets").sections) == 100


def test_an_ordinary_visit_does_not_show_what_follows_from_a_problem() -> None:
    shown = visible(checklist("six-secrets"), {}, Circumstances()).questions
    assert "problem_outcome" in shown
    assert not {"problem_minutes", "sorry", "blame", "told_again"} & set(shown)
