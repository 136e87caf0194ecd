"""What a disk may hold after the power was cut: all that was waited for, and of the rest some, in parts, or nothing.

Stricter than most file systems are: a name that was given, changed or taken away lasts only once its folder was waited
for; what was written last only once its file was; of all else each 512 bytes are there or not, by lot.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.disk import CREATE, CUT, MAKE_FOLDER, REMOVE, RENAME, SAID, SYNC, WRITE, Step

SECTOR = 512
NOT_KEPT = ("-shm", "-turn", "-next")  # of a database: made anew by whoever opens it


@dataclass(eq=False)
class Kept:
    """A file as it lasts, and what was changed since. `version` tells one lasting content from another."""

    content: bytearray = field(default_factory=bytearray)
    changes: list[Step] = field(default_factory=list)
    version: int = 0

    def settle(self) -> None:
        """The file was waited for."""
        for step in self.changes:
            change(self.content, step)
        self.version += bool(self.changes)
        self.changes = []


@dataclass(eq=False)
class Shelved:
    """A folder: the names that last, and those given and taken since, in their order."""

    names: dict[str, Kept | Shelved] = field(default_factory=dict)
    changes: list[tuple[tuple[str, Kept | Shelved | None], ...]] = field(default_factory=list)

    def settle(self) -> None:
        """The folder was waited for."""
        for one in self.changes:
            give_names(self.names, one)
        self.changes = []


Laid = dict[Path, tuple[Kept, int]]
"""What lies in a folder: which version of which file."""


def give_names(names: dict[str, Kept | Shelved], given: Sequence[tuple[str, Kept | Shelved | None]]) -> None:
    for name, what in given:
        if what is None:
            names.pop(name, None)
        else:
            names[name] = what


def change(content: bytearray, step: Step) -> None:
    """Write or cut, as the step says."""
    if step.what == CUT:
        content[step.offset :] = b""
        content.extend(bytes(step.offset - len(content)))
        return
    content.extend(bytes(max(0, step.offset - len(content))))
    content[step.offset : step.offset + len(step.content)] = step.content


class Disk:
    """The folder of a program, from how it lay there before the first step to how it lies after the last one done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._known: dict[int, Kept | Shelved] = {}
        self._root = Shelved()
        self._known[self.folder.stat().st_ino] = self._root
        self._now: dict[str, Kept | Shelved] = {str(self.folder): self._root}
        for path in sorted(self.folder.rglob("*")):
            if not path.name.endswith(NOT_KEPT):
                self._now[str(path)] = self._shelf(path).names[path.name] = self._found(path)

    def do(self, step: Step) -> None:
        """One step more."""
        if step.what == SYNC:
            if step.file in self._known:
                self._known[step.file].settle()
        elif step.what in (WRITE, CUT):
            if step.file in self._known:
                kept = self._known[step.file]
                assert isinstance(kept, Kept)
                kept.changes.append(step)
        elif not step.path.endswith(NOT_KEPT):
            self._change_names(step)

    def _change_names(self, step: Step) -> None:
        path = Path(step.path)
        shelf = self._shelf(path)
        if step.what in (CREATE, MAKE_FOLDER):
            made = self._now[step.path] = self._known[step.file] = Kept() if step.what == CREATE else Shelved()
            shelf.changes.append(((path.name, made),))
        elif step.what == REMOVE:
            self._now.pop(step.path)
            shelf.changes.append(((path.name, None),))
        elif step.what == RENAME:
            moved, to = self._now.pop(step.path), Path(step.other)
            self._now[step.other] = moved
            assert self._shelf(to) is shelf, "nothing of ours moves to another folder"
            shelf.changes.append(((path.name, None), (to.name, moved)))

    def lay_out(self, folder: Path, chance: random.Random, laid: Laid) -> None:
        """Lay out what may be there if the power is cut now. `laid` holds what lies in the folder from the last time
        and has not changed since; nobody may have changed it there either."""
        laid_before = dict(laid)
        laid.clear()
        self._lay_shelf(self._root, folder, chance, laid_before, laid)
        for path in laid_before.keys() - laid.keys():
            path.unlink(missing_ok=True)

    def _lay_shelf(self, shelf: Shelved, folder: Path, chance: random.Random, before: Laid, laid: Laid) -> None:
        folder.mkdir(exist_ok=True)
        names = dict(shelf.names)
        for given in shelf.changes:
            if chance.random() < 0.5:
                give_names(names, given)
        for name, what in names.items():
            path = folder / name
            if isinstance(what, Shelved):
                self._lay_shelf(what, path, chance, before, laid)
                continue
            if what.changes or before.get(path) != (what, what.version):
                path.write_bytes(survived(what, chance))
            laid[path] = (what, -1 if what.changes else what.version)
        for path in folder.iterdir():
            if path.name not in names and path not in before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _found(self, path: Path) -> Kept | Shelved:
        found = Shelved() if path.is_dir() else Kept(bytearray(path.read_bytes()))
        self._known[path.stat().st_ino] = found
        return found

    def _shelf(self, path: Path) -> Shelved:
        shelf = self._now[os.path.dirname(path)]
        assert isinstance(shelf, Shelved)
        return shelf


def survived(kept: Kept, chance: random.Random) -> bytes:
    """What the power left of the file: all that was waited for, and by lot all, nothing or parts of what came since."""
    content = bytearray(kept.content)
    all_of_it = chance.random() < 0.2  # as after a kill, or on a disk that was quick
    for step in kept.changes:
        lot = 0.9 if all_of_it else chance.random()
        if lot < 0.4:
            continue
        if step.what == CUT or lot >= 0.7:
            change(content, step)
            continue
        for start in range(0, len(step.content), SECTOR):
            if chance.random() < 0.5:
                part = step.content[start : start + SECTOR]
                change(content, Step(WRITE, offset=step.offset + start, content=part))
    return bytes(content)


def cuts(disk: Disk, steps: Sequence[Step], number: int, seed: int) -> Iterator[tuple[random.Random, list[str]]]:
    """Do the steps, and stop at so many moments, spread over all of them by lot; what was said until then."""
    chance = random.Random(seed)
    moments = sorted(chance.randrange(len(steps) + 1) for _ in range(number))
    said: list[str] = []
    done = 0
    for moment in moments:
        for step in steps[done:moment]:
            if step.what == SAID:
                said.append(step.content.decode())
            else:
                disk.do(step)
        done = moment
        yield chance, said
