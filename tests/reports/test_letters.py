"""Which letters paper has: asked of the machine itself, in the words of writing systems."""

import subprocess
import sys

import pytest

from audit.reports import letters
from audit.reports.letters import SYSTEMS, NoPress, missing_letters, system_of, systems_without_font

OURS = ("Latin", "Greek", "Cyrillic", "Arabic", "Japanese")
NOBODYS = "\U00011ac0"  # a letter of Pau Cin Hau, which no system brings a font for


def test_the_scripts_whose_faces_come_along_are_there_on_every_machine() -> None:
    assert missing_letters(SYSTEMS[system] for system in OURS) == ""


def test_a_letter_that_no_font_has_is_named_and_marks_that_are_no_letters_are_not_asked_for() -> None:
    assert missing_letters([f"Mill {NOBODYS} Lane", "1 < 2 & 3 \U0001fa77 \x00 \ue000"]) == NOBODYS


def test_a_system_lacks_its_font_when_one_of_its_letters_is_missing() -> None:
    assert systems_without_font("") == []
    assert systems_without_font(f"{SYSTEMS['Thai'][1]}{SYSTEMS['Korean'][0]}x") == ["Thai", "Korean"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_letters_are_named_by_the_system_that_they_stand_for(system: str) -> None:
    named = {system_of(letter) for letter in SYSTEMS[system]}
    assert system in named
    assert named <= {system, "Chinese"}  # some letters of Japanese are Chinese


def test_where_nothing_can_be_printed_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, sys.executable, stderr=b"Traceback\nOSError: no library pango")

    monkeypatch.setattr(letters.subprocess, "run", fails)
    with pytest.raises(NoPress, match="no library pango"):
        missing_letters("a")
