"""The form of a checklist file as JSON Schema, for editors that complete and check it while somebody writes.

Made from the same tables that read the file, so the two cannot drift apart. What needs the whole file (references,
order, what can be true) only `audit checklist check` knows.
"""

from __future__ import annotations

from audit.domain.checklist.fields import Schema
from audit.domain.checklist.rules import CONNECTIVES, DEEPEST, LISTS, LONGEST_LIST, OPERATORS, SUBJECTS
from audit.domain.checklist.shapes import FLAGS, LANGUAGE_PATTERN
from audit.domain.checklist.structure import CHECKLIST, QuestionShape

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WORD: Schema = {"type": ["string", "number"]}
SUBJECT_MEANINGS = {
    "question": "the id of an earlier question",
    "branch": "the name of an attribute of the branch",
    "scenario": "always the word id",
}
OPERATOR_MEANINGS = {
    "is": "the answer is exactly this",
    "is_not": "there is an answer, and it is another",
    "any_of": "the answer is one of these",
    "all_of": "all of these were ticked",
    "at_least": "the number or time is this or more",
    "at_most": "the number or time is this or less",
    "answered": "whether there is an answer at all",
}


def json_schema() -> Schema:
    """The JSON Schema (2020-12) of a checklist file."""
    return {
        "$schema": DIALECT,
        "title": "A checklist of Candour",
        **CHECKLIST.schema(),
        "$defs": {"text": _text(), "test": _test(), "rule": _rule(), **_questions()},
    }


def _text() -> Schema:
    words = {"type": "string", "minLength": 1}
    return {
        "description": "Words, or words by language.",
        "anyOf": [
            words,
            {
                "type": "object",
                "patternProperties": {LANGUAGE_PATTERN: words},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ],
    }


def _operator(name: str) -> Schema:
    if name == "answered":
        shape: Schema = {"enum": [True, False, *FLAGS]}
    elif name in LISTS:
        shape = {"type": "array", "items": WORD, "minItems": 1, "maxItems": LONGEST_LIST}
    else:
        shape = WORD
    return {**shape, "description": OPERATOR_MEANINGS[name]}


def _test() -> Schema:
    return {
        "description": "A test of the question's own answer.",
        "type": "object",
        "properties": {name: _operator(name) for name in OPERATORS},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _rule() -> Schema:
    return {
        "description": f"One subject with one test, or rules combined, at most {DEEPEST} deep.",
        "anyOf": [*(_condition(subject) for subject in SUBJECTS), *(_combination(name) for name in CONNECTIVES)],
    }


def _condition(subject: str) -> Schema:
    name = {"const": "id"} if subject == "scenario" else WORD
    return {
        "type": "object",
        "properties": {
            subject: {**name, "description": SUBJECT_MEANINGS[subject]},
            **{operator: _operator(operator) for operator in OPERATORS},
        },
        "required": [subject],
        "additionalProperties": False,
        "minProperties": 2,
        "maxProperties": 2,
    }


def _combination(connective: str) -> Schema:
    rule = {"$ref": "#/$defs/rule"}
    rules = {"type": "array", "items": rule, "minItems": 1, "maxItems": LONGEST_LIST}
    return {
        "type": "object",
        "properties": {connective: rule if connective == "not" else rules},
        "required": [connective],
        "additionalProperties": False,
    }


def _questions() -> Schema:
    questions: Schema = {}
    for name, keys in QuestionShape.by_kind.items():
        schema = keys.schema()
        schema["properties"]["kind"] = {**schema["properties"]["kind"], "enum": [name]}
        questions[name] = schema
    return questions
