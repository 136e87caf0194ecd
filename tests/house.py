"""Reads source trees and says where a house rule is broken, as `file:line: what`; test_architecture holds the rules."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Finding = str


@dataclass(frozen=True)
class Room:
    """What one room may import: of `audit` (rooms or single modules) and of packages (None: any of the house's)."""

    of_audit: frozenset[str]
    packages: frozenset[str]


@dataclass(frozen=True)
class Module:
    """One Python file, parsed. `name` is dotted (`audit.domain.visit`), `shown` is its path below the root."""

    name: str
    shown: str
    tree: ast.Module
    is_package: bool
    lines: int

    def at(self, node: ast.AST | None, what: str) -> Finding:
        return f"{self.shown}:{getattr(node, 'lineno', 1)}: {what}"

    @property
    def room(self) -> str:
        return second_part(self.name)

    def functions(self) -> Iterator[FunctionNode]:
        return (node for node in ast.walk(self.tree) if isinstance(node, FunctionNode))

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))


def read_modules(root: Path, folder: str) -> list[Module]:
    """Every Python file below `root/folder`; an empty list where the folder is not there."""
    return [_read_module(root, path) for path in sorted((root / folder).rglob("*.py"))]


def _read_module(root: Path, path: Path) -> Module:
    source = path.read_text(encoding="utf-8")
    below = path.relative_to(root)
    is_package = path.name == "__init__.py"
    parts = below.parent.parts if is_package else below.with_suffix("").parts
    return Module(".".join(parts), below.as_posix(), ast.parse(source), is_package, len(source.splitlines()))


def second_part(dotted: str) -> str:
    """`audit.domain.visit` -> `domain`; `audit` -> ``."""
    return [*dotted.split("."), ""][1]


def imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every imported name, dotted and absolute, wherever in the module it is imported."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from ((node, f"{base}.{alias.name}") for alias in node.names)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    keep = len(parts) - node.level + (1 if module.is_package else 0)
    return ".".join(parts[:keep] + ([node.module] if node.module else []))


# --- who may import what


def wrong_imports(modules: Iterable[Module], rooms: Mapping[str, Room], package: str = "audit") -> list[Finding]:
    """Imports that the table of rooms does not allow, and modules in a room that the table does not know."""
    found = []
    for module in modules:
        if not module.room:
            found += [
                module.at(node, f"the story's page imports nothing, not {name}") for node, name in imports(module)
            ]
        elif module.room not in rooms:
            found.append(module.at(None, f"`{module.room}` is no room of the house"))
        else:
            found += [
                module.at(node, f"{module.room} may not import {name}")
                for node, name in imports(module)
                if not _allowed(module.room, rooms[module.room], name, package)
            ]
    return found


def _allowed(own_room: str, room: Room, name: str, package: str) -> bool:
    top = name.split(".")[0]
    if top != package:
        return top in sys.stdlib_module_names or top in room.packages
    where = name.removeprefix(package).removeprefix(".")
    if where in ("__version__", "") or second_part(name) == own_room:
        return bool(where)
    return any(where == door or where.startswith(door + ".") for door in room.of_audit)


def wrong_chapters(modules: Iterable[Module], order: tuple[str, ...], free: frozenset[str]) -> list[Finding]:
    """Chapters that look forward, and modules that are no chapter. All may read `free`; it reads none."""
    found = []
    for module in modules:
        chapter = _chapter(module.name)
        if module.room != "domain" or not chapter:
            continue
        if chapter not in order and chapter not in free:
            found.append(module.at(None, f"`{chapter}` is no chapter of the domain"))
            continue
        for node, name in imports(module):
            other = _chapter(name)
            if second_part(name) != "domain" or other in free | {chapter, ""}:
                continue
            if chapter in free or other not in order or order.index(other) > order.index(chapter):
                found.append(module.at(node, f"the chapter `{chapter}` looks forward to `{other}`"))
    return found


def _chapter(dotted: str) -> str:
    return [*dotted.split("."), "", ""][2]


def direct_sqlite(modules: Iterable[Module]) -> list[Finding]:
    """Imports of an SQLite that may be older than the one the house brings."""
    return [
        module.at(node, "import sqlite3 from sqlite_utils.utils, never directly")
        for module in modules
        for node, name in imports(module)
        if name.split(".")[0] in ("sqlite3", "pysqlite3")
    ]


# --- what may be touched


def touched_world(modules: Iterable[Module], worldly: frozenset[str]) -> list[Finding]:
    """In modules that must stay pure: imports of the world (clock, chance, files) and calls that reach it."""
    found = []
    for module in modules:
        for node, name in imports(module):
            if name in worldly or name.split(".")[0] in worldly:
                found.append(module.at(node, f"{module.room} may not touch the world through {name}"))
        found += [
            module.at(call, f"{module.room} may not call {ast.unparse(call.func)}()")
            for call in ast.walk(module.tree)
            if isinstance(call, ast.Call) and (_reads_clock(call) or _opens_file(call))
        ]
    return found


def clock_readings(modules: Iterable[Module]) -> list[Finding]:
    """Calls that read the clock: `now` comes in as an argument."""
    return [
        module.at(call, f"{module.room} may not call {ast.unparse(call.func)}()")
        for module in modules
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and _reads_clock(call)
    ]


def _reads_clock(call: ast.Call) -> bool:
    return ast.unparse(call.func).split(".")[-2:] in [
        [owner, name] for owner in ("datetime", "date") for name in ("now", "utcnow", "today")
    ] + [["time", name] for name in ("time", "time_ns", "monotonic", "localtime", "gmtime")]


def _opens_file(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ("open", "input", "print", "exec", "eval", "__import__")


SQL = re.compile(
    r"\s*(SELECT\s.*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s+\w+|"
    r"(CREATE|DROP|ALTER)\s+(TABLE|INDEX|TRIGGER|VIEW)\s|BEGIN(\s+IMMEDIATE)?\s*$)",
    re.DOTALL,
)


def spoken_sql(modules: Iterable[Module]) -> list[Finding]:
    """SQL in a room that asks the shelves instead."""
    return [
        module.at(node, f"{module.room} may not speak SQL; ask a shelf")
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]


def imported_tests(modules: Iterable[Module]) -> list[Finding]:
    """Imports out of modules of tests: what two of them need has a home of its own, named for what it is."""
    return [
        module.at(node, f"{name} stands among tests; give it a home")
        for module in modules
        for node, name in imports(module)
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]


# --- sizes


def long_modules(modules: Iterable[Module], most: int) -> list[Finding]:
    return [m.at(None, f"{m.lines} lines; a module has at most {most}") for m in modules if m.lines > most]


def long_functions(modules: Iterable[Module], most: int, most_for_a_door: int) -> list[Finding]:
    """Functions over `most` lines, and actions and views over `most_for_a_door`. A docstring costs nothing."""
    found = []
    for module in modules:
        for function in module.functions():
            limit = most_for_a_door if is_door(module, function) else most
            length = _length(function)
            if length > limit:
                found.append(module.at(function, f"{function.name} has {length} lines; it may have {limit}"))
    return found


def is_door(module: Module, function: FunctionNode) -> bool:
    """A public function of `actions`, or a view: a function of `web` that is registered or marked by a decorator."""
    if module.room == "actions":
        return function in module.tree.body and not function.name.startswith("_")
    marks = {ast.unparse(d).split("(")[0].split(".")[-1] for d in function.decorator_list}
    return module.room == "web" and bool(marks & {"get", "post", "route", "requires", "public"})


def _length(function: FunctionNode) -> int:
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def many_parameters(modules: Iterable[Module], most: int) -> list[Finding]:
    found = []
    for module in modules:
        for function in module.functions():
            a = function.args
            names = [p.arg for p in [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg] if p is not None]
            count = len(names) - (names[:1] in (["self"], ["cls"]))
            if count > most:
                found.append(module.at(function, f"{function.name} takes {count} parameters; at most {most}"))
    return found


def long_files(root: Path, patterns: Iterable[str], most: int, but_not: str = "static/vendor/") -> list[Finding]:
    """Text files (templates, scripts, styles) of more than `most` lines; what others wrote is left alone."""
    found = []
    for path in sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()}):
        shown = path.relative_to(root).as_posix()
        lines = 0 if shown.startswith(but_not) else len(path.read_text(encoding="utf-8").splitlines())
        if lines > most:
            found.append(f"{shown}:{most + 1}: {lines} lines; at most {most}")
    return found


# --- words


def wrong_file_names(paths: Iterable[str], words: frozenset[str], allowed: frozenset[str]) -> list[Finding]:
    """Files and folders named with a word that is not ours. `allowed` holds compounds that are (a role's name)."""
    found = []
    for path in paths:
        for part in path.split("/"):
            stem = part.split(".")[0].lower().replace("-", "_")
            for compound in allowed:
                stem = stem.replace(compound, "")
            bad = words & {word for whole in stem.split("_") for word in (whole, whole.removesuffix("s"))}
            if bad or "form_response" in stem:
                found.append(
                    f"{path}:1: no file is named {part}: {', '.join(sorted(bad)) or 'form response'} is not our word"
                )
    return found


def wrong_class_names(modules: Iterable[Module], words: frozenset[str], allowed: frozenset[str]) -> list[Finding]:
    found = []
    for module in modules:
        for node in module.classes():
            snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower()
            for compound in allowed:
                snake = snake.replace(compound, "")
            bad = words & {word for whole in snake.split("_") for word in (whole, whole.removesuffix("s"))}
            if bad:
                found.append(module.at(node, f"the class {node.name}: {', '.join(sorted(bad))} is not our word"))
    return found


def undescribed(modules: Iterable[Module], rooms: frozenset[str]) -> list[Finding]:
    """Modules without a docstring, and in `rooms` public functions without one."""
    found = []
    for module in modules:
        if module.tree.body and ast.get_docstring(module.tree) is None:
            found.append(module.at(None, "a module says what it owns and what it refuses"))
        for node in module.tree.body if module.room in rooms else []:
            if not isinstance(node, FunctionNode) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                found.append(module.at(node, f"{node.name} is public and has no docstring"))
    return found


# --- text


def lines_matching(root: Path, paths: Iterable[str], pattern: re.Pattern[str], what: str) -> list[Finding]:
    """Lines of text files that match; files that are not UTF-8 text, or no longer there, are passed over."""
    found = []
    for shown in paths:
        try:
            text = (root / shown).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if match := pattern.search(line):
                found.append(f"{shown}:{number}: {what}: {match[0]}")
    return found
