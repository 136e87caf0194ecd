"""Other presses with the same words, tables and pictures: fetched at pinned versions, each in a process of its own.

Nothing of theirs belongs to the repository: the packages stand in .venv/presses. What cannot be fetched is left out,
and named with the reason. They print plain blocks without our styles, so their pages are fewer or more than ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.reports.paper import Sheet, photo_name
from audit.storage.store import Store
from tests.bench.presses.blocks import blocks_of, file_of
from tests.bench.processes import Peak

PRESSES = Path(__file__).parent / "presses"
PINS = PRESSES / "requirements.txt"
CACHE = Path(__file__).parent.parent.parent / ".venv" / "presses"
PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes")
MOST_SECONDS = 600


@dataclass(frozen=True)
class Rival:
    """A press: the package, and the ending of what its script writes."""

    package: str
    name: str

    @property
    def title(self) -> str:
        """With its pinned version."""
        return f"{self.name} {PINS.read_text('utf-8').partition(f'{self.package}==')[2].split()[0]}"


RIVALS = (Rival("typst", "Typst"), Rival("reportlab", "ReportLab"))


@dataclass(frozen=True)
class Run:
    """Seconds from starting the process to its first print; wall clock and CPU seconds of each later one; the most
    memory it ever had, in MiB; and the prints."""

    cold: float
    seconds: tuple[float, ...]
    cpu: tuple[float, ...]
    peak_mib: float
    prints: tuple[bytes, ...]


def fetch_rivals(cache: Path = CACHE) -> str:
    """Put the packages into the cache, unless they are there; why they are not, or nothing."""
    stamp = cache / "pins.txt"
    if stamp.exists() and stamp.read_bytes() == PINS.read_bytes():
        return ""
    try:
        command = (*PIP, "--upgrade", "--target", str(cache), "-r", str(PINS))
        subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return "its package cannot be fetched; is there a network?"
    stamp.write_bytes(PINS.read_bytes())
    return ""


def lay_out_jobs(store: Store, sheets: Sequence[Sheet], folder: Path) -> None:
    """The blocks and pictures of the sheets as files, in their order."""
    for number, sheet in enumerate(sheets):
        (folder / f"{number:03}.json").write_text(json.dumps(blocks_of(sheet.xhtml)), "utf-8")
        for name, body in sheet.drawings.items():
            (folder / file_of(name)).write_bytes(body)
        for sha256 in sheet.photos:
            (folder / file_of(photo_name(sha256))).write_bytes(store.photos.read(sha256, "paper"))


def run_rival(rival: Rival, folder: Path, cache: Path = CACHE) -> Run:
    """Have it print all jobs of the folder. RuntimeError with what it said if it cannot."""
    script, lines, cold = PRESSES / f"with_{rival.package}.py", [], 0.0
    begun, environment = time.perf_counter(), {**os.environ, "PYTHONPATH": str(cache)}
    command = [sys.executable, str(script), str(folder)]
    with (
        (folder / "said.txt").open("w+") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, env=environment) as running,
        Peak(script.name) as peak,
    ):
        for line in running.stdout or ():
            cold = cold or time.perf_counter() - begun
            lines.append(json.loads(line))
        if running.wait():
            said.seek(0)
            raise RuntimeError(said.read())
    later = lines[1:] or lines
    prints = sorted(folder.glob(f"*.{rival.package}.pdf"))
    return Run(
        cold,
        tuple(line["seconds"] for line in later),
        tuple(line["cpu"] for line in later),
        peak.mib,
        tuple(path.read_bytes() for path in prints),
    )
