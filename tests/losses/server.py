"""`audit serve` as it lives and dies: killed, held still, started again at the same port, or from another tree."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.served import ROOT, SERVE, Installation, free_port, wait_for

TREE = ("audit", "static", "templates", "checklists", "tests", "pyproject.toml")
NOT_COPIED = ("__pycache__", ".*", "*.pyc")


class Server:
    """The process over one installation. `root` is the tree that it runs from."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.root, self.port = installation, ROOT, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """From now on it answers."""
        log = self.installation.folder / "server.log"
        settings = {
            "AUDIT_DATABASE": str(self.installation.folder / "candour.sqlite"),
            "AUDIT_PHOTOS": str(self.installation.folder / "photos"),
            "AUDIT_URL": f"http://127.0.0.1:{self.port}",
            "AUDIT_LOG_LEVEL": "warning",
        }
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*SERVE, "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=self.root,
                env={**os.environ, **settings},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(self.process, f"http://127.0.0.1:{self.port}/health", log)

    def must_run(self) -> None:
        """Whatever a test did to it: it runs, from this very tree."""
        if self.process is None or self.root != ROOT:
            self.kill()
            self.root = ROOT
            self.start()

    def kill(self) -> None:
        """At once, without a word to anybody."""
        if self.process is not None:
            self._tell(signal.SIGCONT)
            self._tell(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def hold(self) -> None:
        """It takes connections and says nothing."""
        self._tell(signal.SIGSTOP)

    def let_go(self) -> None:
        """It goes on where it was held."""
        self._tell(signal.SIGCONT)

    def _tell(self, sign: signal.Signals) -> None:
        """All the processes of it."""
        assert self.process is not None
        os.killpg(self.process.pid, sign)


def copy_tree(folder: Path) -> Path:
    """The whole program once more, to be changed without harm."""
    for name in TREE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
        else:
            folder.mkdir(exist_ok=True, parents=True)
            shutil.copy(source, folder / name)
    return folder


def change(root: Path, file: str, old: str, new: str) -> None:
    """Put `new` where `old` stands in that file; AssertionError unless `old` stands there exactly once."""
    text = (root / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {text.count(old)} times {old!r}; it must stand there once"
    (root / file).write_text(text.replace(old, new), encoding="utf-8")
