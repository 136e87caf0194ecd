"""What is sent to a phone is known to the oldest browsers that we promise, or it is written what they go without.

The table tells since when browsers know what our stylesheets use (facts of MDN's browser-compat-data). What is not in
it is looked up there before it is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2  # type: ignore[import-untyped]

from audit.web.assets import SCRIPTS, Assets

ROOT = Path(__file__).parent.parent
TABLE: dict[str, Any] = json.loads((ROOT / "tests" / "cases" / "browsers.json").read_text("utf-8"))
SHEETS = ("css/first.css", "css/phone.css", "css/desk.css", "css/paper/screen.css", "css/paper/overview.css")
# Of January and of August 2021 the first two, of 2023 the others.
PROMISED = TABLE["promised"]
SIMPLE = ("number", "percentage", "dimension", "hash", "string", "whitespace", "literal", "comment", "url")


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(ROOT / "static")


@pytest.fixture(scope="module")
def used(assets: Assets) -> set[str]:
    return {name for sheet in SHEETS for name in features(assets.body(sheet).decode())}


def features(sheet: str) -> set[str]:
    """What a stylesheet asks of a browser: "display: flex", "@media scripting", ":has()", "min()"."""
    return set(_in_rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))


def _in_rules(rules: list[Any]) -> Iterator[str]:
    for rule in rules:
        assert rule.type in ("qualified-rule", "at-rule"), rule
        if rule.type == "at-rule":
            yield from _in_head(rule)
            yield from _in_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
        else:
            yield from _in_selector(rule.prelude)
            for one in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
                assert one.type == "declaration", f"rules in rules: {tinycss2.serialize([one])}"
                yield from _in_declaration(one)


def _in_head(rule: Any) -> Iterator[str]:
    yield f"@{rule.at_keyword}"
    if rule.at_keyword != "media":
        yield from (f"@{rule.at_keyword} {part.name}()" for part in rule.prelude if part.type == "function")
        return
    for block in (part for part in rule.prelude if part.type == "() block"):
        yield f"@media {block.content[0].value}"
        yield from (f"@media {part.value}" for part in block.content if part.type == "literal" and part.value in "<>=")


def _in_selector(parts: list[Any]) -> Iterator[str]:
    colons = ""
    for part in parts:
        if part.type == "literal" and part.value == ":":
            colons += ":"
            continue
        if colons and part.type == "ident":
            yield colons + part.value
        if part.type == "function":
            yield f"{colons}{part.name}()"
            if part.name == "not" and any(sign == "," for sign in part.arguments):
                yield ":not(,)"
            yield from _in_selector(part.arguments)
        if part.type == "literal" and part.value == "&":
            yield "&"
        colons = ""


def _in_declaration(one: Any) -> Iterator[str]:
    if one.name.startswith("--"):
        yield from _in_value("", one.value)
        return
    yield one.name
    if one.name == "content" and any(part == "/" for part in one.value):
        yield "content: /"
    yield from _in_value(one.name, one.value)


def _in_value(name: str, parts: list[Any]) -> Iterator[str]:
    for part in parts:
        if part.type == "function":
            yield f"{part.name}()"
            yield from _in_value("", part.arguments)
        elif part.type == "ident" and name and not part.value.startswith("--"):
            yield f"{name}: {part.value}"
        else:
            assert part.type in (*SIMPLE, "ident", "() block"), part


def _heads(rules: list[Any]) -> Iterator[list[Any]]:
    """What stands before the braces of each rule."""
    for rule in rules:
        if rule.type == "at-rule":
            yield from _heads(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
        else:
            yield rule.prelude


def newer(since: dict[str, Any]) -> bool:
    """Whether one of the promised browsers does not know it. `since` has None where a maker has not built it."""
    return any(
        found is None or float(found) > float(PROMISED[maker]) for maker, found in since.items() if maker in PROMISED
    )


def test_the_table_says_since_when_browsers_know_what_our_stylesheets_use(used: set[str]) -> None:
    assert used - set(TABLE["known"]) - set(TABLE["newer"]) == set(), "look these up, and write them down"


def test_the_table_names_nothing_that_is_used_no_longer(used: set[str]) -> None:
    assert {*TABLE["known"], *TABLE["newer"]} - used == set()


@pytest.mark.parametrize("name", TABLE["newer"])
def test_what_is_newer_than_the_promised_browsers_says_what_they_go_without(name: str) -> None:
    assert newer(TABLE["newer"][name]), "this one is known to all of them"
    assert len(TABLE["newer"][name]["without"]) > 10


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_is_newer_takes_no_older_name_along(sheet: str, assets: Assets) -> None:
    """A browser that does not know one of a list of selectors drops the rule for all of them."""
    rules = tinycss2.parse_stylesheet(assets.body(sheet).decode(), skip_comments=True, skip_whitespace=True)
    for head in _heads(rules):
        if any(part == "," for part in head):
            assert not set(_in_selector(head)) & set(TABLE["newer"]), tinycss2.serialize(head)


# What scripts may ask for only where a browser without it was thought of: since 2021 in Chrome, since later elsewhere.
NEWER_IN_SCRIPTS = re.compile(
    r"""(?x)
    \.(?: at | findLast(?:Index)? | to(?:Sorted|Reversed|Spliced) | groupBy | fromAsync | withResolvers | hasOwn
        | isWellFormed | randomUUID | timeout | any | checkVisibility | (?:show|hide|toggle)Popover | showPicker
        | canParse | getSetCookie | startViewTransition | moveBefore | setHTML | intersection | union | difference )\(
    | \b(?: structuredClone | requestIdleCallback | URLPattern | CloseWatcher )\(
    | \b(?: navigation | scheduler )\. | \bstatic\s*\{ | \#\w+\s+in\s | /[a-z]*[dv][a-z]*\.(?:test|exec)\( | \bcause:
    """
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_ask_for_nothing_newer_than_the_promised_browsers(name: str, assets: Assets) -> None:
    found = {match[0] for match in NEWER_IN_SCRIPTS.finditer(assets.body(name).decode())}
    assert found == set()


@pytest.mark.parametrize(
    "written", ["rows.at(-1)", "crypto.randomUUID()", "structuredClone(tree)", "class A { static { b() } }"]
)
def test_the_words_of_newer_scripts_are_found(written: str) -> None:
    assert NEWER_IN_SCRIPTS.search(written)


def test_the_words_of_newer_stylesheets_are_found() -> None:
    sheet = "@media (width >= 30rem) { a:not(b, c):has(> i)::before { color: oklch(1 0 0); content: 'x' / ''; } }"
    assert features(sheet) == {
        *("@media", "@media width", "@media >", "@media =", ":not()", ":not(,)", ":has()", "::before"),
        *("color", "oklch()", "content", "content: /"),
    }
