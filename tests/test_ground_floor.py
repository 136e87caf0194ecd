"""The front doors on machines that lack something, and the locks that say what is installed."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOORS = ("bin/run", "bin/test", "bin/bench")
PLAIN_TOOLS = ("sh", "env", "dirname", "cat", "grep", "sed", "cksum", "ls", "rm", "mkdir", "head")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout on a machine with Python and plain tools alone: no Chromium, no Node.js, no apt-get."""
    for name in ("bin", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "tools").mkdir()
    for tool in PLAIN_TOOLS:
        (tmp_path / "tools" / tool).symlink_to(shutil.which(tool) or tool)
    give(tmp_path, "python3", f'exec {sys.executable} "$@"')
    return tmp_path


def give(machine: Path, tool: str, script: str) -> None:
    path = machine / "tools" / tool
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def open_door(machine: Path, door: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / door, "--setup-only"],
        env={"PATH": str(machine / "tools"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_plain_sh_and_can_be_opened(door: str) -> None:
    assert os.access(ROOT / door, os.X_OK)
    assert (ROOT / door).read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    for script in (ROOT / door, ROOT / "bin/setup"):
        subprocess.run(["sh", "-n", script], check=True)


def test_what_is_missing_is_named_where_it_cannot_be_installed(machine: Path) -> None:
    answer = open_door(machine, "bin/test")
    assert answer.returncode == 1
    assert answer.stderr.strip().endswith("run this again: poppler-utils qpdf nodejs chromium")


def test_whoever_is_not_root_is_told_the_command(machine: Path) -> None:
    give(machine, "apt-get", "exit 9")
    give(machine, "id", "echo 1000")
    answer = open_door(machine, "bin/test")
    assert answer.returncode == 1
    assert "apt-get update && apt-get install poppler-utils qpdf nodejs chromium" in answer.stderr


def test_an_empty_chromium_package_is_not_installed_but_explained(machine: Path) -> None:
    give(machine, "apt-get", 'case "$*" in *install*) echo installed >&2;; esac')
    give(machine, "apt-cache", "echo '  Candidate: 2:1snap1-0ubuntu2'")
    give(machine, "id", "echo 0")
    answer = open_door(machine, "bin/test")
    assert answer.returncode == 1
    assert "snap install chromium" in answer.stderr
    assert "installed" not in answer.stderr


def test_a_launcher_that_only_talks_about_a_snap_is_no_chromium(machine: Path) -> None:
    for tool in ("pdftotext", "qpdf", "node"):
        give(machine, tool, "exit 0")
    give(machine, "chromium-browser", "echo 'Command requires the chromium snap to be installed.'; exit 1")
    assert open_door(machine, "bin/test").stderr.strip().endswith("run this again: chromium")


def test_a_packages_install_that_fails_is_not_called_done(machine: Path) -> None:
    give(machine, "apt-get", "exit 0")
    give(machine, "apt-cache", "echo '  Candidate: 150.0-1'")
    give(machine, "id", "echo 0")
    answer = open_door(machine, "bin/test")
    assert answer.returncode == 1
    assert "still missing after installing: poppler-utils" in answer.stderr


def test_a_python_that_is_too_old_is_refused_by_name(machine: Path) -> None:
    give(machine, "oldpython", "exit 1")
    answer = open_door(machine, "bin/run", PYTHON="oldpython")
    assert answer.returncode == 1
    assert "PYTHON=oldpython is no Python 3.11 to 3.14" in answer.stderr


def test_a_folder_in_the_way_is_left_alone(machine: Path) -> None:
    (machine / ".venv").mkdir()
    (machine / ".venv" / "diary.txt").write_text("mine", encoding="utf-8")
    answer = open_door(machine, "bin/run")
    assert answer.returncode == 1
    assert "is in the way" in answer.stderr
    assert (machine / ".venv" / "diary.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "settings", "address"),
    [
        ((), {}, "http://127.0.0.1:8000"),
        (("--port", "9000"), {}, "http://127.0.0.1:9000"),
        (("--host", "0.0.0.0", "--port=9000"), {}, "http://127.0.0.1:9000"),
        ((), {"AUDIT_PORT": "9001"}, "http://127.0.0.1:9001"),
        (("--port", "9000"), {"AUDIT_URL": "https://demo.example.org/"}, "https://demo.example.org"),
    ],
)
def test_the_welcome_names_the_address_that_is_served(
    machine: Path, words: tuple[str, ...], settings: dict[str, str], address: str
) -> None:
    everything_is_there = 'root=$(cd "$(dirname "$0")/.." && pwd)\nvenv=$root/.venv\nset_up() { :; }\nsay() { :; }\n'
    (machine / "bin" / "setup").write_text(everything_is_there, encoding="utf-8")
    (machine / ".venv" / "bin").mkdir(parents=True)
    give(machine, "mv", f'exec {shutil.which("mv")} "$@"')
    audit = machine / ".venv" / "bin" / "audit"
    audit.write_text('#!/bin/sh\n[ "$1" = serve ] || echo "Office, at ${AUDIT_URL}/sign-in"\n', encoding="utf-8")
    audit.chmod(0o755)
    for _ in ("made", "found again"):
        said = subprocess.run(
            [machine / "bin" / "run", *words],
            env={"PATH": str(machine / "tools"), **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout == f"Office, at {address}/sign-in\n"


def test_the_lock_says_what_it_needs_and_what_it_takes(machine: Path) -> None:
    without = open_door(machine, "bin/lock")
    assert (without.returncode, without.stderr) == (1, "lock: this needs uv. Install it with: pip install uv\n")
    asked = subprocess.run([ROOT / "bin" / "lock", "--help"], capture_output=True, text=True, check=True)
    assert "bin/lock --upgrade" in asked.stdout


# --- the locks


def locked(name: str) -> dict[str, str]:
    """Package -> version, of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


def wanted(requirements: list[str]) -> set[str]:
    return {re.sub(r"[._]", "-", re.split(r"[^\w.-]", text)[0]).lower() for text in requirements}


def test_every_package_that_is_asked_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert wanted(project["dependencies"] + extras["setup"]) <= locked("requirements.lock").keys()
    assert wanted(extras["dev"]) <= locked("requirements-dev.lock").keys()


def test_the_tests_run_with_the_versions_that_the_product_runs_with() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    pinned = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    assert pinned
    assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
