"""What Lighthouse gives a page, out of 100, for its speed on a phone and for being within everybody's reach.

Lighthouse comes with the peers' packages; without them nothing is said.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.browsers import chromium_path

FLAGS = "--headless --no-sandbox --disable-gpu"
MOST_SECONDS = 180


@dataclass(frozen=True)
class Marks:
    """Whole points, 0 to 100."""

    performance: int
    accessibility: int

    def __str__(self) -> str:
        return f"{self.performance} / {self.accessibility}"


def marks_of(packages: Path, url: str, cookie: str) -> Marks | None:
    """The marks of one run, signed in by that cookie; None if Lighthouse is not there or gave none."""
    command: list[str | Path] = [packages / "node_modules" / ".bin" / "lighthouse", url, "--quiet", "--output=json"]
    command += ["--output-path=stdout", "--only-categories=performance,accessibility", f"--chrome-flags={FLAGS}"]
    command += [f"--extra-headers={json.dumps({'Cookie': f'candour={cookie}'})}"]
    surroundings = {**os.environ, "CHROME_PATH": chromium_path() or ""}
    try:
        done = subprocess.run(
            command, env=surroundings, capture_output=True, text=True, timeout=MOST_SECONDS, check=True
        )
        return read_marks(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def read_marks(report: str) -> Marks | None:
    """The marks in a report in JSON; None if it gives none. ValueError if it is no JSON."""
    categories = json.loads(report).get("categories", {})
    scores = [categories.get(name, {}).get("score") for name in ("performance", "accessibility")]
    return None if None in scores else Marks(*(round(100 * score) for score in scores))
