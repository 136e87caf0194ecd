"""Modules joined into one script for the wire: fewer requests and bytes, and no build step for whoever writes them.

Owns the order: what is imported stands first. Refuses two modules of one script that both own a name, and everything
but plain named imports from the same folder tree.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
ANY_IMPORT = re.compile(r"^import\b.*", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let)\b)", re.MULTILINE)
OWNED = re.compile(r"^(export )?(?:async function|function|class|const|let)\s+([\w$]+)", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """One script on the wire: the module that it begins with, and the script whose names it finds there already.

    `names` is what a shared script calls itself on `self`; empty for one that nobody shares."""

    entry: str
    shares: str = ""
    names: str = ""
    worker: bool = False


def join(files: Mapping[str, bytes], scripts: Mapping[str, Script], name: str) -> bytes:
    """The script of that name: its modules in order; only the first one's own exports are left.

    ValueError names the module that cannot be joined; KeyError a module that is not there."""
    script = scripts[name]
    shared = scripts[script.shares] if script.shares else None
    there = set(_in_order(files, shared.entry)) if shared else set()
    modules = [module for module in _in_order(files, script.entry) if module not in there]
    _must_own_each_name_once(files, modules)
    parts = [_bare(files, module) for module in modules]
    first = ""
    if shared:
        borrowed = sorted({one for module in modules for one in _imported(files, module, there)})
        parts.insert(0, f"const {{ {', '.join(borrowed)} }} = self.{shared.names};\n")
        if not script.worker:
            first = f'import "./{posixpath.basename(script.shares)}";\n'
    return f"{first}{_closed(''.join(parts), _exported(files, script.entry))}".encode()


def _closed(text: str, exported: list[str]) -> str:
    """Names that nobody else can see may be changed for shorter ones; and whoever shares a script declares its names
    anew."""
    if not exported:
        return f"(() => {{\n{text}}})();\n"
    names = f"{{ {', '.join(exported)} }}"
    return f"export const {names} = (() => {{\n{text}return {names};\n}})();\n"


def _in_order(files: Mapping[str, bytes], entry: str) -> list[str]:
    found: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{name}: imports itself, by way of {' and '.join(above)}")
        for path in (_path(name, match[2]) for match in IMPORT.finditer(files[name].decode())):
            visit(path, (*above, name))
        if name not in found:
            found.append(name)

    visit(entry, ())
    return found


def _must_own_each_name_once(files: Mapping[str, bytes], modules: list[str]) -> None:
    owners: dict[str, str] = {}
    for module in modules:
        for _, owned in OWNED.findall(files[module].decode()):
            if owners.setdefault(owned, module) != module:
                raise ValueError(f"{module}: the name {owned} is owned by {owners[owned]} already")


def _imported(files: Mapping[str, bytes], module: str, there: set[str]) -> list[str]:
    found = [match for match in IMPORT.finditer(files[module].decode()) if _path(module, match[2]) in there]
    return [name.strip() for match in found for name in match[1].split(",") if name.strip()]


def _exported(files: Mapping[str, bytes], module: str) -> list[str]:
    return [owned for export, owned in OWNED.findall(files[module].decode()) if export]


def _bare(files: Mapping[str, bytes], module: str) -> str:
    text = IMPORT.sub("", files[module].decode())
    if left := ANY_IMPORT.search(text):
        raise ValueError(f"{module}: only `import {{ name }} from './module.js'` can be joined, not {left[0]!r}")
    return EXPORT.sub("", text)


def _path(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))
