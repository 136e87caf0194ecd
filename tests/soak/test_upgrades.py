"""An upgrade that is killed at any step: the database opens again, of whichever schema it was, with all its visits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.served import ROOT
from tests.soak.disk import Trouble, built_watch, folder_in_memory, watching

KILLS = int(os.environ.get("CANDOUR_UPGRADE_KILLS", "60"))
VISITS = int(os.environ.get("CANDOUR_UPGRADE_VISITS", "200"))
FEW_VISITS, MANY_KILLS = 3, 200

pytestmark = pytest.mark.soak


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


def upgraded(folder: Path, visits: int, kills: int, *words: str) -> list[dict[str, Any]]:
    """For each earlier schema how often its upgrade was killed, and what was wrong afterwards."""
    work, trouble = folder / "work", Trouble(folder / "trouble")
    work.mkdir()
    environment = {**os.environ, **watching(built_watch(folder), work, trouble=trouble)}
    words = (str(visits), str(kills), *words)
    command = [sys.executable, "-m", "tests.soak.upgrading", str(folder), str(trouble.path), *words]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_an_upgrade_that_is_killed_at_any_step_loses_no_visit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = upgraded(folder, VISITS, KILLS)
    killed = sum(one["killed"] for one in told)
    with capsys.disabled():
        print(f"\n{len(told)} earlier schemas with {VISITS:,} visits each, upgrades killed {killed} times")
    assert killed > KILLS // 2
    assert [one for one in told if one["wrong"]] == []


def test_an_upgrade_in_pieces_that_is_killed_does_not_open_again(folder: Path) -> None:
    told = upgraded(folder, FEW_VISITS, MANY_KILLS, "piecemeal")
    assert [one for one in told if one["wrong"]] != []
