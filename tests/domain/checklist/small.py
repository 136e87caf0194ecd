"""Small checklists for tests: a tree with one section, to which each test adds what it is about."""

from typing import Any

from audit.domain.checklist.model import Checklist, Question
from audit.domain.checklist.parsing import checklist_from_tree, parse_checklist

YES_NO = {"id": "greeted", "ask": "Did someone greet you?", "kind": "yes_no"}


def asked(id: str, kind: str = "yes_no", **keys: Any) -> dict[str, Any]:
    """A question as in a file; the keys that its kind needs are there unless given."""
    needed: dict[str, dict[str, Any]] = {
        "rating": {"points": [{"point": n, "title": f"Does this {n} times"} for n in (1, 2, 3, 4)]},
        "choice": {"options": [{"id": "cash", "title": "Cash"}, {"id": "card", "title": "Card"}]},
        "choices": {"options": [{"id": "smile", "title": "A smile"}, {"id": "name", "title": "My name"}]},
        "stopwatch": {"start": "Entered", "stop": "Greeted"},
        "grid": {
            "rows": [{"id": "floor", "title": "Floor"}, {"id": "table", "title": "Tables"}],
            "scale": [{"id": "clean", "title": "Clean", "share": 1}, {"id": "dirty", "title": "Dirty", "share": 0}],
        },
    }
    return {"id": id, "ask": f"What about {id}?", "kind": kind, **needed.get(kind, {}), **keys}


def section(id: str, *questions: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"id": id, "title": f"At the {id}", "questions": list(questions), **keys}


def tree_of(*sections: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"id": "small", "title": "A small checklist", "sections": list(sections), **keys}


def tree_with(*questions: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return tree_of(section("counter", *questions), **keys)


def errors(tree: object) -> list[str]:
    return [complaint.message for complaint in parse_checklist(tree, {}).complaints if complaint.error]


def warnings(tree: object) -> list[str]:
    return [complaint.message for complaint in parse_checklist(tree, {}).complaints if not complaint.error]


def read(tree: object) -> Checklist:
    return checklist_from_tree(tree)


def question_of(keys: dict[str, Any]) -> Question:
    """The question that these keys make, as the only one of a checklist."""
    return read(tree_with({"id": "asked", "ask": "What did you see?", **keys})).question("asked")
