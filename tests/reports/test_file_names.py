"""A file is called after its branch, in any script, by a name that every file system and every header takes."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.reports.file_names import file_name, in_ascii
from audit.web.downloads import kept_as

DAYS = "2026-10-01"
CODES = st.text(min_size=1, max_size=100)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("N01", "candour-N01-2026-10-01"),
        ("A--1.b", "candour-A--1.b-2026-10-01"),
        ("a/b \\ c", "candour-a_b_c-2026-10-01"),
        ("../../etc", "candour-.._.._etc-2026-10-01"),
        ("फ़रीदाबाद", "candour-फ़रीदाबाद-2026-10-01"),
        ("Zu\u0308rich", "candour-Zürich-2026-10-01"),
        ("x\u202egpj.exe\x00", "candour-x_gpj.exe_-2026-10-01"),
        ("", "candour-2026-10-01"),
    ],
)
def test_a_name_keeps_letters_and_numbers_of_every_script_and_no_more(code: str, name: str) -> None:
    assert unicodedata.normalize("NFC", name) == file_name(code, DAYS)


@given(CODES)
def test_any_code_makes_a_name_that_file_systems_take(code: str) -> None:
    name = file_name("area", code, DAYS, DAYS, "archive") + ".pdf"
    assert len(name.encode()) <= 255
    assert not re.search(r'[\s/\\:*?"<>|\x00-\x1f\u200e\u200f\u202a-\u202e]', name)


@given(CODES, CODES)
def test_two_names_are_as_distinct_in_ascii_as_they_are(one: str, other: str) -> None:
    names = file_name(one, DAYS), file_name(other, DAYS)
    plain = in_ascii(names[0]), in_ascii(names[1])
    assert all(name.isascii() for name in plain)
    assert (names[0] == names[1]) == (plain[0] == plain[1])


@given(CODES)
def test_a_header_holds_nothing_that_could_end_it(code: str) -> None:
    assert re.fullmatch(
        r"""attachment; filename="candour-[\w.-]+\.pdf"(; filename\*=UTF-8''candour-[\w.%~-]+\.pdf)?""",
        kept_as(file_name(code, DAYS), ".pdf"),
        re.ASCII,
    )


def test_of_very_long_codes_each_keeps_a_name_of_its_own() -> None:
    long = "長" * 99
    assert file_name(long + "一") != file_name(long + "二")
