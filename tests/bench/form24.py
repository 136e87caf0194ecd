"""The 24 questions of visit24.yaml in the formats of other form tools: SurveyJS, Form.io, XForms of Enketo and ODK.

All sections stand on one page, as each tool shows them if nobody says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from audit.intake.yaml_trees import read_yaml

VISIT24 = Path(__file__).parent / "visit24.yaml"
YES_NO = (("yes", "Yes"), ("no", "No"))
NOT_APPLICABLE = ("not_applicable", "Not applicable")
PICTURES = "image/*"
XFORMS, XHTML = "http://www.w3.org/2002/xforms", "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True)
class Asked:
    """One question in plain words. `options` are (word, title); `when` is (id of a question before, the word that
    must stand there)."""

    id: str
    title: str
    hint: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    when: tuple[str, str] | None = None
    decimals: int = 0


@dataclass(frozen=True)
class Part:
    """One section."""

    id: str
    title: str
    asked: tuple[Asked, ...]


@cache
def parts() -> tuple[Part, ...]:
    """The sections, as they stand in the file."""
    return tuple(Part(part["id"], part["title"], tuple(map(_asked, part["questions"]))) for part in _tree()["sections"])


def title() -> str:
    return str(_tree()["title"])


def surveyjs() -> str:
    """JSON of SurveyJS."""
    pages = [
        {"name": part.id, "title": part.title, "elements": [_of_surveyjs(one) for one in part.asked]}
        for part in parts()
    ]
    return json.dumps({"title": title(), "questionsOnPageMode": "singlePage", "pages": pages})


def formio() -> str:
    """JSON of Form.io."""
    panels = [
        {
            "type": "panel",
            "key": part.id,
            "title": part.title,
            "input": False,
            "components": [_of_formio(one) for one in part.asked],
        }
        for part in parts()
    ]
    send = {"type": "button", "action": "submit", "key": "submit", "label": "Send", "input": True}
    return json.dumps({"title": title(), "display": "form", "components": [*panels, send]})


def xform() -> str:
    """An XForm as ODK and Enketo read it."""
    ElementTree.register_namespace("", XFORMS)
    ElementTree.register_namespace("h", XHTML)
    page = ElementTree.Element(f"{{{XHTML}}}html")
    head, body = (ElementTree.SubElement(page, f"{{{XHTML}}}{name}") for name in ("head", "body"))
    ElementTree.SubElement(head, f"{{{XHTML}}}title").text = title()
    model = _under(head, "model")
    kept = _under(_under(model, "instance"), "data", id="visit24", version="1")
    for part in parts():
        group, shown = _under(kept, part.id), _under(body, "group", ref=f"/data/{part.id}")
        _under(shown, "label").text = part.title
        for one in part.asked:
            _under(group, one.id)
            _under(model, "bind", nodeset=_path(one), **_bound(one))
            _add_control(shown, one)
    _under(_under(kept, "meta"), "instanceID")
    bound = {"nodeset": "/data/meta/instanceID", "type": "string", "readonly": "true()"}
    _under(model, "bind", **bound, calculate="concat('uuid:', uuid())")
    return ElementTree.tostring(page, encoding="unicode", xml_declaration=False)


@cache
def _tree() -> Any:
    return read_yaml(VISIT24.read_bytes(), VISIT24.name).tree


def _asked(tree: Mapping[str, Any]) -> Asked:
    rule = tree.get("show_if")
    return Asked(
        id=tree["id"],
        title=tree["ask"],
        hint=tree.get("hint", ""),
        kind=tree["kind"],
        required=tree.get("required", True),
        options=tuple(_options(tree)),
        when=(rule["question"], rule["is"]) if rule else None,
        decimals=int(tree.get("decimals", 0)),
    )


def _options(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if tree["kind"] == "yes_no":
        yield from YES_NO
    for option in tree.get("options", ()):
        yield option["id"], option["title"]
    for point in tree.get("points", ()):
        yield str(point["point"]), point["title"]
    if NOT_APPLICABLE[0] in tree.get("offer", ()):
        yield NOT_APPLICABLE


SURVEYJS: Mapping[str, Mapping[str, object]] = {
    "date": {"type": "text", "inputType": "date"},
    "clock_time": {"type": "text", "inputType": "time"},
    "number": {"type": "text", "inputType": "number"},
    "choice": {"type": "dropdown"},
    "yes_no": {"type": "radiogroup"},
    "rating": {"type": "radiogroup"},
    "choices": {"type": "checkbox"},
    "short_text": {"type": "text"},
    "long_text": {"type": "comment"},
    "photo": {"type": "file", "acceptedTypes": PICTURES, "storeDataAsText": True},
}


def _of_surveyjs(one: Asked) -> dict[str, object]:
    tree: dict[str, object] = {"name": one.id, "title": one.title, "isRequired": one.required, **SURVEYJS[one.kind]}
    if one.hint:
        tree["description"] = one.hint
    if one.when:
        tree["visibleIf"] = f"{{{one.when[0]}}} = '{one.when[1]}'"
    if one.options:
        tree["choices"] = [{"value": word, "text": words} for word, words in one.options]
    return tree


FORMIO: Mapping[str, Mapping[str, object]] = {
    "date": {"type": "day"},
    "clock_time": {"type": "time"},
    "number": {"type": "number"},
    "choice": {"type": "select", "widget": "choicesjs"},
    "yes_no": {"type": "radio"},
    "rating": {"type": "radio"},
    "choices": {"type": "selectboxes"},
    "short_text": {"type": "textfield"},
    "long_text": {"type": "textarea"},
    "photo": {"type": "file", "image": True, "storage": "base64", "filePattern": PICTURES},
}


def _of_formio(one: Asked) -> dict[str, object]:
    tree: dict[str, object] = {
        "key": one.id,
        "label": one.title,
        "input": True,
        "validate": {"required": one.required},
        **FORMIO[one.kind],
    }
    if one.hint:
        tree["description"] = one.hint
    if one.when:
        tree["conditional"] = {"show": True, "when": one.when[0], "eq": one.when[1]}
    if one.options:
        options = [{"value": word, "label": words} for word, words in one.options]
        tree.update({"data": {"values": options}} if one.kind == "choice" else {"values": options})
    return tree


XFORM_TYPES = {"date": "date", "clock_time": "time", "photo": "binary"}
XFORM_CONTROLS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "choice": ("select1", {"appearance": "minimal"}),
    "yes_no": ("select1", {}),
    "rating": ("select1", {}),
    "choices": ("select", {}),
    "long_text": ("input", {"appearance": "multiline"}),
    "photo": ("upload", {"mediatype": PICTURES}),
}


def _bound(one: Asked) -> dict[str, str]:
    number = "decimal" if one.decimals else "int"
    bound = {"type": number if one.kind == "number" else XFORM_TYPES.get(one.kind, "string")}
    if one.required:
        bound["required"] = "true()"
    if one.when:
        other = next(each for part in parts() for each in part.asked if each.id == one.when[0])
        bound["relevant"] = f"{_path(other)} = '{one.when[1]}'"
    return bound


def _add_control(shown: ElementTree.Element, one: Asked) -> None:
    name, attributes = XFORM_CONTROLS.get(one.kind, ("input", {}))
    control = _under(shown, name, ref=_path(one), **attributes)
    _under(control, "label").text = one.title
    if one.hint:
        _under(control, "hint").text = one.hint
    for word, words in one.options:
        option = _under(control, "item")
        _under(option, "label").text = words
        _under(option, "value").text = word


def _path(one: Asked) -> str:
    return f"/data/{next(part.id for part in parts() if one in part.asked)}/{one.id}"


def _under(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{XFORMS}}}{name}", attributes)
