"""Any well-formed checklist, as property tests want it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as some

from audit.domain.checklist.questions import QUESTION_KINDS
from tests.domain.checklist.small import asked, section, tree_of

titles = some.text(some.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
weights = some.decimals(min_value=0, max_value=99, places=2)


@some.composite
def checklists(draw: some.DrawFn) -> dict[str, Any]:
    """A well-formed checklist with rules that look back."""
    yes_no: list[str] = []
    sections = []
    for place in range(draw(some.integers(1, 3))):
        questions = []
        for number in range(draw(some.integers(1, 4))):
            id, kind = f"q{place}-{number}", draw(some.sampled_from(list(QUESTION_KINDS)))
            question = asked(id, kind, ask=draw(titles), required=draw(some.booleans()), weight=draw(weights))
            if yes_no and draw(some.booleans()):
                rule = {"question": draw(some.sampled_from(yes_no)), "is": draw(some.sampled_from(["yes", "no"]))}
                question["show_if"] = draw(some.sampled_from([rule, {"not": rule}, {"or": [rule, rule]}]))
            if kind == "yes_no":
                yes_no.append(id)
            questions.append(question)
        sections.append(section(f"s{place}", *questions))
    return tree_of(*sections, title={"en": draw(titles), "ar": draw(titles)}, languages=["en", "ar"])
