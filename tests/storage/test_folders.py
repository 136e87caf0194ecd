"""Folders last, with all above them, before anything is kept in them."""

import errno
from pathlib import Path

import pytest

from audit.storage import folders
from audit.storage.folders import make_folder
from audit.storage.photos import PhotoStore


@pytest.fixture
def waited_for(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose names were waited for, in their order."""
    waited: list[Path] = []
    monkeypatch.setattr(folders, "sync_folder", waited.append)
    return waited


def test_every_folder_that_is_made_is_waited_for(tmp_path: Path, waited_for: list[Path]) -> None:
    make_folder(tmp_path / "far" / "away" / "photos")
    assert set(waited_for) == {tmp_path / "far" / "away", tmp_path / "far", tmp_path}
    assert (tmp_path / "far" / "away" / "photos").stat().st_mode & 0o077 == 0


def test_a_folder_that_somebody_else_made_is_waited_for_all_the_same(tmp_path: Path, waited_for: list[Path]) -> None:
    (tmp_path / "photos").mkdir()
    make_folder(tmp_path / "photos")
    assert waited_for == [tmp_path]


def test_of_many_photos_in_a_folder_the_first_alone_waits_for_it(tmp_path: Path, waited_for: list[Path]) -> None:
    pictures = PhotoStore(tmp_path / "photos")
    for digit in "123":
        pictures.keep("a" * 63 + digit, "full", b"a picture")
    assert waited_for == [tmp_path, tmp_path / "photos"]


def test_a_folder_above_that_may_not_be_read_hinders_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "not yours", str(folder))

    monkeypatch.setattr(folders, "sync_folder", refuse)
    make_folder(tmp_path / "photos")
    assert (tmp_path / "photos").is_dir()


def test_a_folder_that_does_not_reach_the_disk_is_not_taken_for_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> None:
        raise OSError(errno.EIO, "broken", str(folder))

    pictures = PhotoStore(tmp_path / "photos")
    with monkeypatch.context() as broken:
        broken.setattr(folders, "sync_folder", fail)
        with pytest.raises(OSError, match="broken"):
            pictures.keep("a" * 64, "full", b"a picture")
    assert list(pictures.files()) == []
    pictures.keep("a" * 64, "full", b"a picture")
    assert pictures.read("a" * 64) == b"a picture"
