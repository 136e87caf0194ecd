"""Modules joined into one script for the wire: fewer requests and bytes, and no build step for whoever writes them.

Owns the order (what is imported stands first) and what is left out (comments, indentation, ends of lines). Refuses two
modules of one script that both own a name, and everything but plain named imports from the same folder tree.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
ANY_IMPORT = re.compile(r"^import\b.*", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*[\s\S]*?\*/)[ \t]*\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let)\b)", re.MULTILINE)
OWNED = re.compile(r"^(?:async function|function|class|const|let)\s+([\w$]+)", re.MULTILINE)
# Strings and patterns stay as they are; so does every line with another slash or with a template inside a template.
LITERAL = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`"""
    r"""|(?:(?<=[(,=:!&|?;])|(?<=[(,=:!&|?;] ))/(?![/*])(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/)"""
)
# What is shorter and means the same. Two signs in a row keep their spaces: together they would be another one.
SHORTER = (
    (re.compile(r"(?<![+-]) ([+*/%-]) (?![+-])"), r"\1"),
    (re.compile(r" ?([={}(),;:?&|<>]) ?"), r"\1"),
    (re.compile(r"(?<![\w$])\(([A-Za-z_$][\w$]*)\)(?==>)"), r"\1"),
    (re.compile(r"(?<![\w$.])const(?=[ {])"), "let"),
    (re.compile(r"(?<![\w$.])(let|of|return) (?=\[)"), r"\1"),
)
DIVIDED = re.compile(r"(?<=[\w)\]]) / ")
LEADING = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
LOOP = re.compile(r"(?:for|while)\b")


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
    parts = [_without_imports(files, module, keep_exports=module == script.entry) for module in modules]
    if shared:
        borrowed = sorted({one for module in modules for one in _imported(files, module, there)})
        parts.insert(0, f"let{{{','.join(borrowed)}}}=self.{shared.names};")
        if not script.worker:
            parts.insert(0, f'import "./{posixpath.basename(script.shares)}";')
    text = "\n".join(parts) + "\n"
    # A shared script keeps its names to itself: whoever shares it declares them anew.
    return (f"(() => {{\n{text}}})();\n" if script.names else text).encode()


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
        for owned in OWNED.findall(EXPORT.sub("", files[module].decode())):
            if owners.setdefault(owned, module) != module:
                raise ValueError(f"{module}: the name {owned} is owned by {owners[owned]} already")


def _imported(files: Mapping[str, bytes], module: str, there: set[str]) -> list[str]:
    found = [match for match in IMPORT.finditer(files[module].decode()) if _path(module, match[2]) in there]
    return [name.strip() for match in found for name in match[1].split(",") if name.strip()]


def _without_imports(files: Mapping[str, bytes], module: str, *, keep_exports: bool) -> str:
    text = IMPORT.sub("", files[module].decode())
    if left := ANY_IMPORT.search(text):
        raise ValueError(f"{module}: only `import {{ name }} from './module.js'` can be joined, not {left[0]!r}")
    bare = LEADING.sub("", COMMENT.sub("", text if keep_exports else EXPORT.sub("", text))).strip()
    lines = [_narrowed(line) for line in bare.split("\n")]
    followed = zip(lines, [*lines[1:], ("", False)], strict=True)
    return "".join(
        _ended(line, following) if sure else f"{line}\n" for (line, sure), (following, _) in followed
    ).strip()


def _narrowed(line: str) -> tuple[str, bool]:
    """The line said as shortly as it can be, without the comment at its end; and whether all of it was understood."""
    parts = LITERAL.split(line)
    nested = any(part.startswith("`") and part.count("${") > part.count("}") for part in parts[1::2])
    at = next((at for at, part in enumerate(parts) if not at % 2 and "//" in part), None)
    if at is not None and not nested:
        parts = [*parts[:at], parts[at].partition("//")[0].rstrip()]
    code = DIVIDED.sub("", "".join(parts[::2]))
    if nested or "/" in code or "`" in code:
        return line, False
    return "".join(part if at % 2 else _shortened(part) for at, part in enumerate(parts)), True


def _shortened(code: str) -> str:
    for pattern, shorter in SHORTER:
        code = pattern.sub(shorter, code)
    return code


def _ended(line: str, following: str) -> str:
    """With a new line behind it, unless it cannot end a sentence, or a bracket ends it. A bracket alone ends a block:
    one that ends a sentence is written with its semicolon."""
    if following.startswith("}") and line.endswith(";") and not LOOP.match(line):
        return line[:-1]
    goes_on = line.endswith((";", "{", ",", "(", "[")) or line == "}" or following.startswith(("}", ")", "]"))
    return line if goes_on else f"{line}\n"


def _path(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))
