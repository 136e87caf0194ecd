"""Reports in a language whose lines begin at the right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audit.reports import press
from audit.web.languages import catalogue
from tests.reports.reference import KINDS, organisation


@pytest.mark.parametrize("name", press.STYLES)
def test_the_styles_of_paper_know_a_beginning_and_an_end_and_no_left_and_right(name: str) -> None:
    styles = (press.STATIC / name).read_text("utf-8")
    assert styles
    assert not re.findall(r"(?:margin|padding|border)-(?:left|right)\b|text-align: (?:left|right)", styles)


def test_a_time_that_was_taken_stands_in_arabic_letters(tmp_path: Path) -> None:
    with organisation(tmp_path, "ar") as opened:
        xhtml = opened.sheet("branch").xhtml
    assert re.search("\\d+\u00a0د\u00a0\\d\\d\u00a0ث", xhtml)
    assert not re.search(r"\d\s(?:min|s)\b", xhtml)


@pytest.mark.parametrize("kind", KINDS)
def test_an_arabic_line_has_arabic_commas(tmp_path: Path, kind: str) -> None:
    with organisation(tmp_path, "ar") as opened:
        words = re.sub("<[^>]+>", "", opened.sheet(kind).xhtml)
    assert "، " in words
    assert not re.findall("[^,]{,20},[^,]{,20}", words)


def test_only_a_sheet_that_begins_at_the_right_has_its_running_line_there() -> None:
    type_ = press.Type()
    assert type_.from_the_right in type_.styles_of('<html lang="ar" dir="rtl">\n<head>')
    assert type_.from_the_right not in type_.styles_of('<html lang="en" dir="ltr"><body dir="rtl">')


@pytest.mark.parametrize("verdict", ["a clear decline", "a clear improvement", "could be luck"])
@pytest.mark.parametrize("begin", ["From %(before)s in %(since)s to %(after)s", "before %(before)s"])
def test_the_sign_of_a_change_stands_before_its_figure_in_an_arabic_line(begin: str, verdict: str) -> None:
    said = catalogue("ar").gettext(f"{begin}: {verdict} (%(low)s to %(high)s){'.' * begin.startswith('From')}")
    for end in ("low", "high"):
        assert f"\u200e%({end})s\u200e" in said
