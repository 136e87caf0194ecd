"""How modules are joined into scripts, and scripts made short: what others call them by stays as it is."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.web import shortening
from audit.web.assets import SCRIPTS, SHARED, Assets
from audit.web.scripts import Script, join
from audit.web.shortening import shorten, why_unable

STATIC = Path(__file__).parent.parent.parent / "static"
FILES = {
    "js/a.js": b'// About.\nimport { b } from "./low/b.js";\n\nexport function a() {\n  return b();\n}\n',
    "js/low/b.js": b'/** Two\n * lines. */\nimport { c } from "./c.js";\nexport const b = () => c;\n',
    "js/low/c.js": b"export const c = 1;\n",
    "js/shared.js": b'import { c } from "./low/c.js";\n\nself.All = { c };\n',
    "js/twice.js": b'import { c as d } from "./low/c.js";\nimport { b } from "./low/b.js";\nconst c = 2;\n',
    "js/round.js": b'import { round } from "./round.js";\n',
    "js/other.js": b'import other from "./a.js";\n',
}


def joined(entry: str, shares: str = "", worker: bool = False) -> str:
    """The script that begins with this module, without its comments and empty lines."""
    scripts = {"js/all.js": Script("js/shared.js", names="All"), "js/x.js": Script(entry, shares, worker=worker)}
    text = join(FILES, scripts, "js/x.js").decode()
    return re.sub(r"^(?://.*|/\*\*[\s\S]*?\*/)?\n", "", text, flags=re.MULTILINE)


def test_what_is_imported_stands_first_and_only_the_first_module_exports() -> None:
    inner = "const c = 1;\nconst b = () => c;\nfunction a() {\n  return b();\n}\n"
    assert joined("js/a.js") == f"export const {{ a }} = (() => {{\n{inner}return {{ a }};\n}})();\n"


def test_names_of_a_shared_script_are_borrowed_not_repeated() -> None:
    inner = "const { c } = self.All;\nconst b = () => c;\n"
    ours = f"export const {{ b }} = (() => {{\n{inner}return {{ b }};\n}})();\n"
    assert joined("js/low/b.js", "js/all.js") == f'import "./all.js";\n{ours}'
    assert joined("js/low/b.js", "js/all.js", worker=True) == ours, "a worker has fetched it by other means"


def test_a_script_that_exports_nothing_keeps_its_names_to_itself() -> None:
    assert joined("js/shared.js") == "(() => {\nconst c = 1;\nself.All = { c };\n})();\n"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("js/twice.js", "the name c is owned by js/low/c.js already"),
        ("js/round.js", "imports itself"),
        ("js/other.js", "can be joined, not"),
    ],
)
def test_modules_that_cannot_be_joined_are_refused_with_the_reason(entry: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        joined(entry)


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(STATIC)


def test_each_script_is_said_in_much_fewer_bytes(assets: Assets) -> None:
    files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in STATIC.rglob("*.js")}
    for name in SCRIPTS:
        assert len(assets.body(name)) < 0.6 * len(join(files, SCRIPTS, name)), name


def test_what_scripts_borrow_from_one_another_keeps_its_names(assets: Assets) -> None:
    shared = assets.body(SHARED).decode()
    files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in STATIC.rglob("*.js")}
    for name in (name for name, script in SCRIPTS.items() if script.shares):
        wanted = borrowed(join(files, SCRIPTS, name).decode())
        assert wanted
        assert borrowed(assets.body(name).decode()) == wanted, name
        for one in wanted:
            assert re.search(rf"[{{,]{one}[:,}}]", shared), f"{name} borrows {one}"


def borrowed(script: str) -> set[str]:
    """The names under which a script finds there what it shares."""
    found = re.search(r"\{([^{}]*)\} ?= ?self\.Phone", script)
    assert found
    return {one.partition(":")[0].strip() for one in found[1].split(",")}


def test_what_another_script_fetches_by_name_is_still_called_so(assets: Assets) -> None:
    assert assets.body("js/keeping.js").startswith(b'import"./phone.js";export const{keepVisit}=')
    assert b"keepVisit:" in assets.body("js/visit.js")


@pytest.fixture
def asked_anew() -> Iterator[None]:
    shortening._shortened.cache_clear()
    yield
    shortening._shortened.cache_clear()


TROUBLES = {
    "no Python": ("executable", "/nowhere/python", "No such file"),
    "no library": ("program", "import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
    "no answer": ("program", "pass", "Expecting value"),
    "killed": ("program", "import os; os.kill(os.getpid(), 9)", "ended with -9"),
}


@pytest.mark.usefixtures("asked_anew")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_nothing_can_be_shortened_scripts_go_out_as_they_are_and_it_is_said_why(
    trouble: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    what, instead, said = TROUBLES[trouble]
    if what == "executable":
        monkeypatch.setattr(sys, "executable", instead)
    else:
        monkeypatch.setattr(shortening, "_PROGRAM", instead)
    with caplog.at_level(logging.WARNING, "audit.server"):
        assert shorten({"a.js": b"let one = 1;"}) == {"a.js": b"let one = 1;"}
    assert said in caplog.records[0].facts["why"]  # type: ignore[attr-defined]
    assert said in why_unable()


@pytest.mark.usefixtures("asked_anew")
def test_what_is_no_script_is_left_as_it_is_and_told(caplog: pytest.LogCaptureFixture) -> None:
    assert shorten({"a.js": b"let = = 1;"}) == {"a.js": b"let = = 1;"}
    assert "unexpected" in caplog.records[0].facts["why"]  # type: ignore[attr-defined]
    assert why_unable() == ""


@pytest.mark.usefixtures("asked_anew")
def test_all_scripts_are_shortened_at_once_and_the_same_ones_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = {"a.js": b"const one = 1;\n", "b.js": 'const two = "\u00e9\u202f\U0001f44b";\n'.encode()}
    shorter = {"a.js": b"const one=1", "b.js": 'const two="\u00e9\u202f\U0001f44b"'.encode()}
    assert shorten(scripts) == shorter
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert shorten(scripts) == shorter
