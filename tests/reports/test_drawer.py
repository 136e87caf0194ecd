"""The drawer of printed reports: whole files or none, and nothing that a killed process left half written."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from audit.reports import drawer as drawers
from audit.reports.drawer import LEFT_LYING_SECONDS, LOOKED_AT_AGAIN_SECONDS, SEAL, Drawer

KEY, OTHER = "a" * 64, "b" * 64
PDF = b"%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF\n"


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("area.pdf", PDF)
    return file.getvalue()


FILES = {".pdf": PDF, ".zip": packed()}


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    return Drawer(tmp_path / "reports")


def test_what_was_put_in_is_there_until_all_is_taken_out(drawer: Drawer) -> None:
    for ending, file in FILES.items():
        drawer.keep(KEY, file, ending)
        assert drawer.find(KEY, ending) == file
    assert (drawer.empty(), drawer.find(KEY), drawer.file(KEY, ".zip")) == (2, None, None)


@given(some.sampled_from(list(FILES)), some.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_was_broken_off_is_none_and_the_next_takes_its_place(
    drawer: Drawer, ending: str, data: some.DataObject
) -> None:
    whole = FILES[ending]
    drawer.keep(KEY, whole, ending)
    left = data.draw(some.integers(0, len(whole.rstrip()) - 1))
    (drawer.folder / f"{KEY}{ending}").write_bytes(whole[:left])
    assert (drawer.file(KEY, ending), drawer.find(KEY, ending)) == (None, None)
    drawer.keep(KEY, whole, ending)
    assert drawer.find(KEY, ending) == whole


def test_what_a_killed_process_left_half_written_goes_and_what_another_is_writing_stays(drawer: Drawer) -> None:
    drawer.keep(KEY, PDF)
    left, written = drawer.folder / f"{KEY}.7-0badcafe", drawer.folder / f"{KEY}.8-0badcafe"
    for path in (left, written, drawer.folder / f"{KEY}.pdf"):
        path.write_bytes(PDF)
    long_ago = time.time() - LEFT_LYING_SECONDS - 60
    for path in (left, drawer.folder / f"{KEY}.pdf"):
        os.utime(path, (long_ago, long_ago))
    drawer.keep(OTHER, PDF)
    sealed = {f"{key}.pdf{end}" for key in (KEY, OTHER) for end in ("", SEAL)}
    assert {path.name for path in drawer.folder.iterdir()} == {*sealed, written.name}


@pytest.mark.parametrize("ending", FILES)
def test_a_bit_that_turned_anywhere_is_found_at_the_next_start_though_the_disk_tells_of_no_change(
    drawer: Drawer, ending: str
) -> None:
    drawer.keep(KEY, FILES[ending], ending)
    path = drawer.folder / f"{KEY}{ending}"
    written = path.stat()
    for at in range(len(FILES[ending])):
        turned = bytearray(FILES[ending])
        turned[at] ^= 1
        path.write_bytes(turned)
        os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
        assert Drawer(drawer.folder).file(KEY, ending) is None
    drawer.keep(KEY, FILES[ending], ending)
    assert drawer.find(KEY, ending) == FILES[ending]


def test_a_bit_that_turned_while_the_server_went_on_is_found_within_a_day_or_as_soon_as_the_disk_tells(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer.keep(KEY, PDF)
    path, now = drawer.folder / f"{KEY}.pdf", time.monotonic()
    assert drawer.file(KEY) == path
    written = path.stat()
    path.write_bytes(PDF.replace(b"9", b"8"))
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
    monkeypatch.setattr(time, "monotonic", lambda: now + LOOKED_AT_AGAIN_SECONDS + 1)
    assert drawer.file(KEY) is None
    drawer.keep(KEY, PDF)
    assert drawer.file(KEY) == path
    path.write_bytes(PDF.replace(b"9", b"8"))
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns + 1))
    assert drawer.file(KEY) is None


def test_a_file_without_its_seal_is_none_and_a_seal_goes_with_its_file(drawer: Drawer) -> None:
    for ending, file in FILES.items():
        drawer.keep(KEY, file, ending)
    (drawer.folder / f"{KEY}.pdf{SEAL}").unlink()
    assert drawer.file(KEY) is None
    assert drawer.file(KEY, ".zip") is not None
    drawer.discard(KEY)
    assert list(drawer.folder.iterdir()) == []


def test_of_very_many_files_those_asked_for_longest_ago_are_looked_at_once_more(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawers, "MOST_REMEMBERED", 3)
    read: list[str] = []
    sha256_of = drawers._sha256_of

    def read_whole(path: Path) -> bytes:
        read.append(path.name[:1])
        return sha256_of(path)

    for key in "abcd":
        drawer.keep(key * 64, PDF)
    monkeypatch.setattr(drawers, "_sha256_of", read_whole)
    for key in "abcadba":
        assert drawer.find(key * 64) == PDF
    assert read == list("abcdb")
