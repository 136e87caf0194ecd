"""The 24 questions are the same in the format of every tool that is measured."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.bench import form24

ASKED = [one for part in form24.parts() for one in part.asked]
X = f"{{{form24.XFORMS}}}"


def in_surveyjs() -> list[dict[str, Any]]:
    return [one for page in json.loads(form24.surveyjs())["pages"] for one in page["elements"]]


def in_formio() -> list[dict[str, Any]]:
    panels = [part for part in json.loads(form24.formio())["components"] if part["type"] == "panel"]
    return [one for panel in panels for one in panel["components"]]


def in_xform() -> list[ElementTree.Element]:
    groups = ElementTree.fromstring(form24.xform()).iter(f"{X}group")
    return [control for group in groups for control in group if control.tag != f"{X}label"]


def bound() -> dict[str, dict[str, str]]:
    found = ElementTree.fromstring(form24.xform()).iter(f"{X}bind")
    return {one.attrib["nodeset"].rsplit("/", 1)[1]: one.attrib for one in found}


def words(control: ElementTree.Element) -> list[tuple[str | None, str | None]]:
    return [(each.findtext(f"{X}value"), each.findtext(f"{X}label")) for each in control.iter(f"{X}item")]


def test_there_are_24_questions_in_four_sections() -> None:
    assert [len(part.asked) for part in form24.parts()] == [6, 6, 6, 6]


def test_every_tool_asks_them_in_the_same_order_and_words() -> None:
    asked = [(one.id, one.title) for one in ASKED]
    assert [(one["name"], one["title"]) for one in in_surveyjs()] == asked
    assert [(one["key"], one["label"]) for one in in_formio()] == asked
    shown = [(one.attrib["ref"].rsplit("/", 1)[1], one.findtext(f"{X}label")) for one in in_xform()]
    assert shown == asked


def test_every_tool_offers_the_same_answers() -> None:
    offered = [list(one.options) for one in ASKED]
    assert [[(c["value"], c["text"]) for c in one.get("choices", [])] for one in in_surveyjs()] == offered
    of_formio = [one.get("values") or one.get("data", {}).get("values", []) for one in in_formio()]
    assert [[(c["value"], c["label"]) for c in choices] for choices in of_formio] == offered
    assert [words(one) for one in in_xform()] == offered


def test_every_tool_insists_on_the_same_answers() -> None:
    required = [one.required for one in ASKED]
    assert required.count(True) == 18
    assert [one["isRequired"] for one in in_surveyjs()] == required
    assert [one["validate"]["required"] for one in in_formio()] == required
    assert [bound()[one.id].get("required") == "true()" for one in ASKED] == required


def test_every_tool_hides_the_same_question_until_it_is_due() -> None:
    assert [(one.id, one.when) for one in ASKED if one.when] == [("upsell_what", ("upsell", "yes"))]
    of_surveyjs = {one["name"]: one["visibleIf"] for one in in_surveyjs() if "visibleIf" in one}
    assert of_surveyjs == {"upsell_what": "{upsell} = 'yes'"}
    of_formio = {one["key"]: one["conditional"] for one in in_formio() if "conditional" in one}
    assert of_formio == {"upsell_what": {"show": True, "when": "upsell", "eq": "yes"}}
    relevant = {id: bind["relevant"] for id, bind in bound().items() if "relevant" in bind}
    assert relevant == {"upsell_what": "/data/s3/upsell = 'yes'"}


@pytest.mark.parametrize(
    ("id", "of_surveyjs", "of_formio", "of_xform"),
    [
        ("visit_date", "text", "day", ("input", "date")),
        ("arrive_time", "text", "time", ("input", "time")),
        ("branch", "dropdown", "select", ("select1", "string")),
        ("staff_seen", "text", "number", ("input", "int")),
        ("in_stock", "checkbox", "selectboxes", ("select", "string")),
        ("tidy", "radiogroup", "radio", ("select1", "string")),
        ("staff_desc", "comment", "textarea", ("input", "string")),
        ("amount", "text", "number", ("input", "decimal")),
        ("receipt", "file", "file", ("upload", "binary")),
    ],
)
def test_a_kind_is_what_each_tool_calls_it(
    id: str, of_surveyjs: str, of_formio: str, of_xform: tuple[str, str]
) -> None:
    place = [one.id for one in ASKED].index(id)
    assert in_surveyjs()[place]["type"] == of_surveyjs
    assert in_formio()[place]["type"] == of_formio
    assert (in_xform()[place].tag.removeprefix(X), bound()[id]["type"]) == of_xform
