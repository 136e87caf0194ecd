"""The table of rooms, the order of the chapters, and the sizes of the house; what is not allowed here is not allowed.

Each rule stands once, is held against the whole tree, and is shown to fail on a few lines that break it.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import house
from tests.house import Finding, Module, Room

ROOT = Path(__file__).resolve().parent.parent


def room(of_audit: str, packages: str = "") -> Room:
    return Room(frozenset(of_audit.split()), frozenset(packages.split()))


# `_typeshed` is names of types, never there when a page is served.
DOORS = (
    "flask wtforms werkzeug jinja2 markupsafe argon2 itsdangerous segno waitress babel brotli cryptography _typeshed"
)
YAML_TABLES_AND_PICTURES = "ruamel PIL pillow_heif openpyxl"
PAPER = "jinja2 markupsafe weasyprint cssselect2 tinycss2 pydyf fontTools openpyxl segno"
ALL_ROOMS = "domain storage intake actions reports formatting config __version__"

# A room, what of `audit` it may import besides itself, and which packages besides the standard library.
ROOMS = {
    "domain": room(""),
    "storage": room("domain", "sqlite_utils uuid6 orjson"),
    "intake": room("domain.errors", YAML_TABLES_AND_PICTURES),
    "reports": room("domain formatting", PAPER),
    "actions": room("domain storage intake reports"),
    "formatting": room("domain", "babel"),
    "config": room("domain.errors"),
    "demo": room("domain storage intake actions", "PIL"),
    "web": room(ALL_ROOMS, DOORS),
    "cli": room(ALL_ROOMS + " web demo", DOORS + " click"),
}

# The story: a chapter looks only back. `errors` is free to all.
CHAPTERS = (
    "people",
    "programme",
    "checklist",
    "assignment",
    "visit",
    "notification",
    "submission",
    "score",
    "correction",
    "review",
    "statistics",
)
FREE = frozenset({"errors"})

# Where the pure half of the house would touch the world: clock, chance, environment, files, other machines.
WORLD = frozenset(
    "asyncio getpass glob http importlib io locale logging multiprocessing os pathlib platform random secrets shutil "
    "signal socket sqlite3 ssl subprocess sys tempfile threading time urllib.request uuid".split()
)

MODULE_LINES, FUNCTION_LINES, DOOR_LINES, PARAMETERS = 400, 50, 40, 7
TEMPLATE_LINES, SCRIPT_LINES, STYLE_LINES = 150, 250, 250

NOT_OUR_WORDS = frozenset(
    "survey entity entitie item record data info object util utils helper common core services manager".split()
)
NOT_OUR_CLASSES = NOT_OUR_WORDS - {"common", "core", "services"}
ROLES = frozenset({"area_manager", "branch_manager", "programme_manager"})

TOP_LEVEL = frozenset(
    "audit static templates checklists tests docs bin .ci README.md CHANGELOG.md LICENSE pyproject.toml "
    "requirements.lock requirements-dev.lock .gitignore .gitattributes".split()
)


# --- the house as it stands


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return house.read_modules(ROOT, "audit")


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of the files that belong to it")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.split("\0") if path]


def of(modules: list[Module], *rooms: str) -> list[Module]:
    return [module for module in modules if module.room in rooms]


def assert_none(found: list[Finding]) -> None:
    assert not found, "\n" + "\n".join(found)


def test_there_is_a_house_to_look_at(modules: list[Module]) -> None:
    assert {"domain", "storage", "actions", "web"} <= {module.room for module in modules}


def test_every_room_imports_only_what_the_table_allows(modules: list[Module]) -> None:
    assert_none(house.wrong_imports(modules, ROOMS))


def test_a_chapter_of_the_domain_looks_only_back(modules: list[Module]) -> None:
    assert_none(house.wrong_chapters(modules, CHAPTERS, FREE))


def test_the_domain_touches_no_clock_no_chance_no_files_and_no_environment(modules: list[Module]) -> None:
    assert_none(house.touched_world(of(modules, "domain"), WORLD))


def test_actions_are_told_what_time_it_is(modules: list[Module]) -> None:
    assert_none(house.clock_readings(of(modules, "actions")))


def test_only_the_shelves_speak_sql(modules: list[Module]) -> None:
    assert_none(house.spoken_sql([module for module in modules if module.room != "storage"]))


def test_sqlite_comes_through_sqlite_utils(modules: list[Module]) -> None:
    assert_none(house.direct_sqlite(modules))


def test_what_two_tests_need_has_a_home_of_its_own() -> None:
    assert_none(house.imported_tests(house.read_modules(ROOT, "tests")))


def test_modules_functions_and_parameter_lists_stay_short(modules: list[Module]) -> None:
    assert_none(house.long_modules(modules + house.read_modules(ROOT, "tests"), MODULE_LINES))
    assert_none(house.long_functions(modules, FUNCTION_LINES, DOOR_LINES))
    assert_none(house.many_parameters(modules, PARAMETERS))


def test_templates_scripts_and_styles_stay_short() -> None:
    assert_none(house.long_files(ROOT, ["templates/**/*"], TEMPLATE_LINES))
    assert_none(house.long_files(ROOT, ["static/**/*.js", "static/**/*.mjs", "tests/**/*.*js"], SCRIPT_LINES))
    assert_none(house.long_files(ROOT, ["static/**/*.css"], STYLE_LINES))


# What was copied in as it is: libraries, and the page that the bench measures beside ours.
COPIED = ("static/vendor/", "tests/bench/floor/")


def test_files_and_classes_bear_our_words(modules: list[Module], tracked: list[str]) -> None:
    ours = [path for path in tracked if not path.startswith(COPIED)]
    assert_none(house.wrong_file_names(ours, NOT_OUR_WORDS, ROLES))
    assert_none(house.wrong_class_names(modules, NOT_OUR_CLASSES, ROLES))


def test_modules_and_what_they_offer_are_described(modules: list[Module]) -> None:
    assert_none(house.undescribed(modules, frozenset({"domain", "storage", "actions"})))


UNESCAPED = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")


def test_templates_escape_everything() -> None:
    templates = [
        path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()
    ]
    assert_none(house.lines_matching(ROOT, templates, UNESCAPED, "what a person typed would reach the page as it is"))


# Spelled in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(?:work|root|farm|(?:home|Users)/[a-z][\w.-]*)/")
REGISTRIES = re.compile(r"\b(?:pypi|npmjs|pythonhosted|debian)\." + r"(?:org|com)\b")


def test_the_repository_names_no_machine_and_no_registry(tracked: list[str]) -> None:
    ours = [path for path in tracked if not path.startswith(COPIED)]
    assert_none(house.lines_matching(ROOT, ours, MACHINE_PATHS, "a path of one machine"))
    assert_none(house.lines_matching(ROOT, ours, REGISTRIES, "the address of a package registry"))


def test_the_repository_holds_only_what_belongs_at_its_top(tracked: list[str]) -> None:
    assert {path.split("/")[0] for path in tracked} <= TOP_LEVEL


# --- each rule can fail: a few lines that break it

Check = Callable[[list[Module]], list[Finding]]
LONG_BODY = "    x = 1\n" * 40
NINE = ", ".join("abcdefghi")

BROKEN: dict[str, tuple[Check, str, str, str]] = {
    # what is broken: the check, the module's path, its text, what is said
    "a package in the domain": (
        lambda m: house.wrong_imports(m, ROOMS),
        "audit/domain/visit.py",
        "import dataclasses\nimport flask\n",
        "audit/domain/visit.py:2: domain may not import flask",
    ),
    "the pages seen from the shelves, by a relative import inside a function": (
        lambda m: house.wrong_imports(m, ROOMS),
        "audit/storage/visits.py",
        "def find():\n    from ..web.access import requires\n",
        "audit/storage/visits.py:2: storage may not import audit.web.access.requires",
    ),
    "a whole room through its package": (
        lambda m: house.wrong_imports(m, ROOMS),
        "audit/reports/branch.py",
        "from audit import storage\n",
        "audit/reports/branch.py:1: reports may not import audit.storage",
    ),
    "more of the domain than its errors in the post room": (
        lambda m: house.wrong_imports(m, ROOMS),
        "audit/intake/photos.py",
        "from audit.domain.errors import InvalidPhoto\nfrom audit.domain.visit import Visit\n",
        "audit/intake/photos.py:2: intake may not import audit.domain.visit.Visit",
    ),
    "a room nobody planned": (
        lambda m: house.wrong_imports(m, ROOMS),
        "audit/cellar/wine.py",
        "",
        "audit/cellar/wine.py:1: `cellar` is no room of the house",
    ),
    "a chapter that looks forward": (
        lambda m: house.wrong_chapters(m, CHAPTERS, FREE),
        "audit/domain/programme.py",
        "from audit.domain.errors import NotFound\nfrom audit.domain.visit import Visit\n",
        "audit/domain/programme.py:2: the chapter `programme` looks forward to `visit`",
    ),
    "a chapter that looks forward from inside a package": (
        lambda m: house.wrong_chapters(m, CHAPTERS, FREE),
        "audit/domain/checklist/model.py",
        "from ..score import score_visit\n",
        "audit/domain/checklist/model.py:1: the chapter `checklist` looks forward to `score`",
    ),
    "errors that know a chapter": (
        lambda m: house.wrong_chapters(m, CHAPTERS, FREE),
        "audit/domain/errors.py",
        "from audit.domain import people\n",
        "audit/domain/errors.py:1: the chapter `errors` looks forward to `people`",
    ),
    "a module that is no chapter": (
        lambda m: house.wrong_chapters(m, CHAPTERS, FREE),
        "audit/domain/weather.py",
        "",
        "audit/domain/weather.py:1: `weather` is no chapter of the domain",
    ),
    "the clock in the domain": (
        lambda m: house.touched_world(m, WORLD),
        "audit/domain/visit.py",
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)\n",
        "audit/domain/visit.py:2: domain may not call datetime.datetime.now()",
    ),
    "the environment in the domain": (
        lambda m: house.touched_world(m, WORLD),
        "audit/domain/visit.py",
        "from os import environ\n",
        "audit/domain/visit.py:1: domain may not touch the world through os.environ",
    ),
    "a file in the domain": (
        lambda m: house.touched_world(m, WORLD),
        "audit/domain/visit.py",
        "text = open('a').read()\n",
        "audit/domain/visit.py:1: domain may not call open()",
    ),
    "the clock in an action": (
        house.clock_readings,
        "audit/actions/visiting.py",
        "from datetime import date\n\n\nday = date.today()\n",
        "audit/actions/visiting.py:4: actions may not call date.today()",
    ),
    "SQL in a page": (
        house.spoken_sql,
        "audit/web/visits.py",
        "find(\n    'select me'\n)\nfind('SELECT *\\nFROM visit')\n",
        "audit/web/visits.py:4: web may not speak SQL; ask a shelf",
    ),
    "an old SQLite": (
        house.direct_sqlite,
        "audit/storage/store.py",
        "from sqlite_utils.utils import sqlite3\nimport sqlite3\n",
        "audit/storage/store.py:2: import sqlite3 from sqlite_utils.utils, never directly",
    ),
    "a test that borrows from another": (
        house.imported_tests,
        "audit/web/test_lists.py",
        "from tests.web.office import Office\nfrom tests.web.test_shares import share\n",
        "audit/web/test_lists.py:2: tests.web.test_shares.share stands among tests; give it a home",
    ),
    "a long module": (
        lambda m: house.long_modules(m, MODULE_LINES),
        "audit/web/visits.py",
        "\n" * 401,
        "audit/web/visits.py:1: 401 lines; a module has at most 400",
    ),
    "a long function": (
        lambda m: house.long_functions(m, FUNCTION_LINES, DOOR_LINES),
        "audit/domain/score.py",
        "def score_visit():\n    '''Two\n    lines.'''\n" + LONG_BODY + "    x = 1\n" * 10,
        "audit/domain/score.py:1: score_visit has 51 lines; it may have 50",
    ),
    "a long action": (
        lambda m: house.long_functions(m, FUNCTION_LINES, DOOR_LINES),
        "audit/actions/visiting.py",
        "def submit_visit():\n" + LONG_BODY,
        "audit/actions/visiting.py:1: submit_visit has 41 lines; it may have 40",
    ),
    "a long view": (
        lambda m: house.long_functions(m, FUNCTION_LINES, DOOR_LINES),
        "audit/web/visits.py",
        "@pages.get('/visits')\ndef visits():\n" + LONG_BODY,
        "audit/web/visits.py:2: visits has 41 lines; it may have 40",
    ),
    "too many parameters": (
        lambda m: house.many_parameters(m, PARAMETERS),
        "audit/domain/visit.py",
        f"class Visit:\n    def fine(self, {NINE[:19]}): ...\n    def make(self, {NINE}): ...\n",
        "audit/domain/visit.py:3: make takes 9 parameters; at most 7",
    ),
    "a class in words that are not ours": (
        lambda m: house.wrong_class_names(m, NOT_OUR_CLASSES, ROLES),
        "audit/domain/visit.py",
        "class AreaManager: ...\nclass VisitManager: ...\n",
        "audit/domain/visit.py:2: the class VisitManager: manager is not our word",
    ),
    "a public function without a docstring": (
        lambda m: house.undescribed(m, frozenset({"actions"})),
        "audit/actions/visiting.py",
        "'''Owns it.'''\ndef _own(): ...\ndef submit_visit(): ...\n",
        "audit/actions/visiting.py:3: submit_visit is public and has no docstring",
    ),
    "a module without a docstring": (
        lambda m: house.undescribed(m, frozenset()),
        "audit/web/visits.py",
        "x = 1\n",
        "audit/web/visits.py:1: a module says what it owns and what it refuses",
    ),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_rule_is_reported_with_its_place(case: tuple[Check, str, str, str], tmp_path: Path) -> None:
    check, path, source, said = case
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(source, encoding="utf-8")
    assert check(house.read_modules(tmp_path, "audit")) == [said]


def test_a_long_template_is_reported_and_what_others_wrote_is_not(tmp_path: Path) -> None:
    for path in ("static/js/visit.js", "static/vendor/chart.js"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("x\n" * 251, encoding="utf-8")
    found = house.long_files(tmp_path, ["static/**/*.js"], SCRIPT_LINES)
    assert found == ["static/js/visit.js:251: 251 lines; at most 250"]


@pytest.mark.parametrize(
    "path", ["audit/web/utils.py", "templates/items/index.html", "audit/form_response.py", "a/info.d"]
)
def test_a_file_named_in_words_that_are_not_ours_is_reported(path: str) -> None:
    assert len(house.wrong_file_names([path], NOT_OUR_WORDS, ROLES)) == 1


@pytest.mark.parametrize(
    "path", ["templates/home/area_manager.html", "checklists/internal-service.yaml", "audit/web/forms.py"]
)
def test_a_role_and_a_trade_word_are_ours(path: str) -> None:
    assert house.wrong_file_names([path], NOT_OUR_WORDS, ROLES) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNESCAPED, "{{ remark | safe }}"),
        (UNESCAPED, "{%- autoescape false %}"),
        (MACHINE_PATHS, "open('/" + "work/main/x')"),
        (MACHINE_PATHS, "#!/" + "home/ann/.venv/bin/python"),
        (REGISTRIES, "index-url = https://" + "pypi" + ".org/simple"),
    ],
)
def test_a_line_that_must_not_be_there_is_reported(pattern: re.Pattern[str], line: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"fine\n{line}\n", encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    found = house.lines_matching(tmp_path, ["page.html", "photo.jpg", "gone.html"], pattern, "no")
    assert [finding.split(": ")[0] for finding in found] == ["page.html:2"]
