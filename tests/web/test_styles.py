"""How stylesheets are joined and parted for the wire."""

from __future__ import annotations

import pytest

from audit.web.styles import join, join_first, join_rest

SHEET = """/* What it is about. */
@layer base {
  a {
    color: red;
  }
}

/* Below: what can wait. */
@layer base {
  b > i,
  b:hover {
    margin: 0.5rem -0.5rem; /* why */
  }
}
"""


def test_what_stands_above_the_line_is_the_first_screens_and_the_rest_is_what_stands_below() -> None:
    assert join_first([SHEET]) == b"a{color:red}"
    assert join_rest([SHEET]) == b"b>i,b:hover{margin:.5rem -0.5rem}"


def test_a_sheet_without_the_line_is_all_of_it_the_first_screens() -> None:
    assert join_first(["a { b: c; }"]) == b"a{b:c}"
    assert join_rest(["a { b: c; }"]) == b""


def test_no_layer_is_sent_and_what_stood_in_one_stands_in_the_order_of_the_layers() -> None:
    order, base, pages = "@layer base, pages;", "@layer base { p { top: 0; } }", "@layer pages { q { top: 1px; } }"
    assert join([order, pages, base, pages]) == b"p{top:0}q{top:1px}q{top:1px}"
    assert join([pages, base, "a { top: 0; }", pages]) == b"q{top:1px}q{top:1px}p{top:0}a{top:0}"


def test_the_rest_keeps_the_order_that_the_first_screen_names() -> None:
    below = "/* Below: more. */\n"
    sheets = [
        f"@layer base, pages;\n{below}@layer pages {{ q {{ top: 0; }} }}",
        f"{below}@layer base {{ p {{ top: 0; }} }}",
    ]
    assert join_first(sheets) == b""
    assert join_rest(sheets) == b"p{top:0}q{top:0}"


def test_braces_that_are_said_end_no_layer() -> None:
    sheet = '@layer base { @media print { p::before { content: "} }"; } } }'
    assert join([sheet]) == b'@media print{p::before{content:"} }"}}'


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ('p::before { content: ": {  } "; }', 'p::before{content:": {  } "}'),
        ('a [data-part="x"] :focus { top: 0; }', 'a [data-part="x"] :focus{top:0}'),
        ("p { inline-size: calc(1px + 2 * 3px); }", "p{inline-size:calc(1px + 2 * 3px)}"),
        ("p { font: 1rem / 1.5 x; }", "p{font:1rem / 1.5 x}"),
        ("p:has(> :checked) { top: 0 !important; }", "p:has(>:checked){top:0 !important}"),
        ("@media (min-width: 30rem) and (hover) { p { top: 0; } }", "@media (min-width:30rem) and (hover){p{top:0}}"),
    ],
)
def test_only_spaces_that_mean_nothing_are_left_out(written: str, sent: str) -> None:
    assert join([written]).decode() == sent
