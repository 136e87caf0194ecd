"""A printed report is handed out whole or in one part, and parts of two editions are never put together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from audit.web.downloads import send_kept

WHOLE = bytes(range(256)) * 4
KEY = "a" * 64
WRITTEN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT_THAT_TIME, LATER = "Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 2026 14:00:00 GMT"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[FlaskClient]:
    file = tmp_path / "kept.pdf"
    file.write_bytes(WHOLE)
    os.utime(file, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    app = Flask("downloads")
    app.get("/kept")(lambda: send_kept(file, "application/pdf", KEY))
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=1000-", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=1023-1023", 1023, 1023),
        ("bytes=1000-99999", 1000, 1023),
        ("BYTES= 0-0", 0, 0),
    ],
)
def test_the_part_that_was_asked_for_is_sent(reader: FlaskClient, asked: str, first: int, last: int) -> None:
    answer = reader.get("/kept", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, WHOLE[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/1024"
    assert answer.headers["ETag"] == f'"{KEY}"'


@pytest.mark.parametrize(
    "asked",
    [
        *("bytes=0-0,10-19", "bytes=0-,-1", "bytes=" + "0-," * 1000 + "0-", "bytes=5-2", "bytes=", "bytes=abc"),
        *("lines=1-2", "bytes=--5", "bytes=+1-5", "bytes=1_0-1_9", "bytes=0x1-5", "bytes=-", "bytes", "0-5"),
        *("bytes=\u0661-\u0662", "bytes=0-99999999999999999999", "bytes=0-5;"),
    ],
)
def test_who_asks_for_several_parts_or_for_none_that_can_be_read_is_sent_the_whole(
    reader: FlaskClient, asked: str
) -> None:
    answer = reader.get("/kept", headers={"Range": asked.encode().decode("latin-1")})
    assert (answer.status_code, answer.data) == (200, WHOLE)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(reader: FlaskClient, asked: str) -> None:
    assert reader.get("/kept", headers={"Range": asked}).status_code == 416


@pytest.mark.parametrize("begun", [f'"{KEY}"', None])
def test_a_download_goes_on_with_the_edition_that_it_began_with(reader: FlaskClient, begun: str | None) -> None:
    headers = {"Range": "bytes=1000-", **({"If-Range": begun} if begun else {})}
    assert reader.get("/kept", headers=headers).status_code == 206


@pytest.mark.parametrize("begun", [f'"{"b" * 64}"', f'W/"{KEY}"', LATER, AT_THAT_TIME, "*", KEY, ""])
def test_a_download_that_may_have_begun_with_another_edition_begins_anew(reader: FlaskClient, begun: str) -> None:
    answer = reader.get("/kept", headers={"Range": "bytes=1000-", "If-Range": begun})
    assert (answer.status_code, answer.data) == (200, WHOLE)


def test_who_has_the_file_is_sent_no_part_of_it_again(reader: FlaskClient) -> None:
    answer = reader.get("/kept", headers={"Range": "bytes=0-9", "If-None-Match": f'"{KEY}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_who_asks_only_about_it_is_told_its_length(reader: FlaskClient) -> None:
    answer = reader.head("/kept")
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "1024")
