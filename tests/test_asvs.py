"""The page about the verification standard leaves no requirement out, and names only what is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:3] for line in PAGE.splitlines() if re.match(r"\| \d", line)]

# Of each section, how many requirements are of level 1 or 2 (ASVS 5.0.0); those of level 3 come after them.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3
5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3
9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4
17.3:2
""".split()


def test_every_requirement_of_levels_one_and_two_stands_there_once() -> None:
    wanted = [
        f"{section}.{number}"
        for section, most in (one.split(":") for one in SECTIONS)
        for number in range(1, int(most) + 1)
    ]
    assert len(wanted) == 253
    named = Counter(number for numbers, _ in ROWS for number in numbers.replace(" ", "").split(","))
    assert named == Counter(wanted)


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:tests|audit)/[\w/.]+)`", PAGE))
    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_every_row_says_what_holds_it() -> None:
    said = re.compile(r"`tests/|\]\(|do(es)? not arise|\*\*not met\*\*|half:|left to|the package holds")
    assert [numbers for numbers, proof in ROWS if not said.search(proof)] == []


def test_those_that_are_not_met_are_counted_right() -> None:
    missed = sum(len(numbers.split(",")) for numbers, proof in ROWS if "**not met**" in proof)
    words = "no one two three four five six seven eight nine ten eleven twelve".split()
    assert f"**Not met** are {words[missed]}, " in PAGE
