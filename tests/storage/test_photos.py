"""The folder of photos: in full or not at all, named by what was sent, and nothing else."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from audit.domain.errors import NoSpace, NotFound
from audit.storage.photos import PhotoStore
from audit.storage.store import Store
from tests.storage.conftest import NOW, Picture, begun

SHA = "ab" + "0" * 62


def left_over(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_kept_in_two_sizes_and_read_back(programme: Store) -> None:
    programme.photos.add(Picture(), NOW)
    assert programme.photos.read("a" * 64) == b"a large picture"
    assert programme.photos.read("a" * 64, "paper") == b"a small picture"
    photo = programme.photos.find("a" * 64)
    assert (photo.size, photo.width, photo.position) == (15, 2048, (47.37, 8.54))
    assert programme.photos.known(["a" * 64, "b" * 64]) == {"a" * 64}


def test_sending_a_photo_twice_changes_nothing(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
        for _ in range(2):
            programme.photos.add(Picture(), NOW)
            programme.photos.attach(visit.id, "shelf", "a" * 64, NOW)
    assert len(programme.photos.of_visit(visit.id)) == 1
    assert len(left_over(programme.photos.pictures.folder)) == 2


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "a" * 63 + "/"])
def test_a_name_that_is_no_sha256_is_not_found(tmp_path: Path, name: str) -> None:
    pictures = PhotoStore(tmp_path / "photos")
    with pytest.raises(NotFound):
        pictures.read(name)
    with pytest.raises(NotFound):
        pictures.keep(name, "full", b"x")
    assert left_over(tmp_path) == []


def test_a_size_that_is_not_kept_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        PhotoStore(tmp_path).read(SHA, "original")


@pytest.mark.parametrize("moment", ["write", "fsync"])
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_leaves_no_half_picture_and_no_row(
    programme: Store, monkeypatch: pytest.MonkeyPatch, moment: str, fault: int
) -> None:
    programme.photos.add(replace(Picture(), sha256=SHA), NOW)
    before = left_over(programme.photos.pictures.folder)

    def fail(*_: object) -> None:
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patched:
        if moment == "fsync":
            patched.setattr(os, "fsync", fail)
        else:
            patched.setattr(os, "fdopen", fail)
        with pytest.raises(NoSpace if fault == errno.ENOSPC else OSError):
            programme.photos.add(Picture(), NOW)
    assert programme.photos.known(["a" * 64]) == set()
    assert left_over(programme.photos.pictures.folder) == before
    programme.photos.add(Picture(), NOW)
    assert programme.photos.read("a" * 64) == b"a large picture"


def test_the_folder_is_on_the_disk_before_the_row_is(programme: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        happened.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        real_sync(handle)

    def rename(path: Path, target: Path) -> Path:
        happened.append("rename")
        return real_replace(path, target)

    programme.photos.add(Picture(), NOW)
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("this system cannot tell a folder's handle from a file's")
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    programme.photos.pictures.keep("a" * 64, "full", b"again")
    assert happened == ["file", "rename", "folder"]


def test_pictures_are_for_their_owner_alone(programme: Store) -> None:
    programme.photos.add(Picture(), NOW)
    if os.name != "nt":
        assert [path.stat().st_mode & 0o077 for path in programme.photos.pictures.files()] == [0, 0]
