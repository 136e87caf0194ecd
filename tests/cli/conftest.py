"""A prompt at which commands are typed, over an installation in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.cli import command_line
from audit.storage.store import Store, open_store
from tests.presses import AtThePress
from tests.world import furnish


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said on its two streams."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Prompt:
    """Commands typed in `folder`, where the database and the photos are too."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "candour.sqlite"

    @property
    def photos(self) -> Path:
        return self.folder / "photos"

    @property
    def settings(self) -> dict[str, str]:
        return {"AUDIT_DATABASE": str(self.database), "AUDIT_PHOTOS": str(self.photos)}

    def audit(self, *words: object, input: str | bytes | None = None, **settings: str) -> Said:
        """One command, run inside this process: quick."""
        none_of_ours = {name: None for name in os.environ if name.startswith("AUDIT_")}
        environment = {**none_of_ours, **self.settings, **settings}
        said = [str(word) for word in words]
        ended = CliRunner().invoke(command_line, said, input=input, env=environment, catch_exceptions=False)
        return Said(ended.exit_code, ended.stdout, ended.stderr)

    def audit_without_power(self, *words: object) -> Said:
        """The same command by one for whom permissions of files hold: they do not for the system's administrator."""
        powers = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        if powers and shutil.which("setpriv") is None:
            pytest.skip("the system's administrator may read everything, and there is no setpriv to run as less")
        return self.audit_outside(*words, by=powers)

    def audit_outside(self, *words: object, input: str | None = None, by: Sequence[str] = (), **settings: str) -> Said:
        """The same command in a process of its own, as people run it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AUDIT_")}
        ended = subprocess.run(
            [*by, sys.executable, "-c", "from audit.cli import main; main()", *map(str, words)],
            cwd=self.folder,
            env={**environment, **self.settings, "PYTHONPATH": str(Path(__file__).parents[2]), **settings},
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Said(ended.returncode, ended.stdout, ended.stderr)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prompt:
    """Nothing there yet. What is printed inside this process is printed at the press that all tests share."""
    monkeypatch.setattr("audit.actions.printing.Printer", AtThePress)
    return Prompt(tmp_path)


@pytest.fixture
def world(prompt: Prompt) -> Iterator[Store]:
    """The same folder with the cast, their branches and the checklist `welcome` in it."""
    store = open_store(prompt.database, prompt.photos)
    try:
        furnish(store)
        yield store
    finally:
        store.close()
