"""The bench itself still runs from end to end: every part, one short round."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "run.py"


@pytest.mark.soak
@pytest.mark.parametrize(
    ("part", "row"),
    [
        ("bytes", r"Candour, six-secrets +\d"),
        ("submissions", r"a phone's envelope +\d"),
        ("fleet", r"in batches of 50 +\d"),
        ("together", r"pages, beside +40 (?s:.)+ cold start, seconds +\d"),
        ("paper", r"our press +9\.\d (?s:.)+ one branch renamed +\d"),
    ],
)
def test_a_part_measures_us_beside_its_yardstick(part: str, row: str) -> None:
    done = subprocess.run([sys.executable, RUN, part, "--quick"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert re.search(row, done.stdout)
    assert f"Again: bin/bench {part}" in done.stdout


def test_a_part_that_is_not_there_is_wrong_usage() -> None:
    done = subprocess.run([sys.executable, RUN, "coffee"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "there is no part coffee" in done.stderr
