"""The key that signs links to reports: made once, kept to one account; and a link of which one sign was altered."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actions.signing_in import new_token
from audit.config import Config, InvalidSetting
from audit.web.link_keys import LinkKey, open_key, read_key

NOON = datetime(2026, 11, 21, 12, 0, 0, 250_000, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)
SECRET = "s" * 43
KEY, OTHER = LinkKey("k" * 43), LinkKey("l" * 43)
LINK = KEY.sign(SECRET, TOMORROW)
SIGNS = st.sampled_from("ABCXYZabcxyz0123456789-_.~=+/% é\0\ud800")


def test_what_was_signed_is_read_until_it_ends_and_no_longer() -> None:
    assert KEY.read(LINK, NOON) == (SECRET, KEY.name)
    assert KEY.read(LINK, TOMORROW) == (SECRET, KEY.name)
    assert KEY.read(LINK, TOMORROW + timedelta(seconds=1)) is None


@given(st.integers(0, len(LINK) - 1), SIGNS)
def test_a_link_in_which_one_sign_was_altered_is_refused(place: int, sign: str) -> None:
    altered = LINK[:place] + sign + LINK[place + 1 :]
    assert (KEY.read(altered, NOON) is None) == (altered != LINK)


@given(st.one_of(st.text(SIGNS, max_size=120), st.builds("{}.{}.{}".format, *[st.text(SIGNS, max_size=43)] * 3)))
def test_a_link_that_nobody_signed_is_refused(link: str) -> None:
    assert KEY.read(link, NOON) is None


@pytest.mark.parametrize("part", range(3))
def test_no_part_of_a_link_is_good_for_another(part: int) -> None:
    parts, other = LINK.split("."), KEY.sign("t" * 43, TOMORROW + timedelta(days=1)).split(".")
    assert KEY.read(".".join([*parts[:part], other[part], *parts[part + 1 :]]), NOON) is None


@pytest.mark.parametrize("spelled", [f"{LINK}=", f" {LINK}", f"{LINK}\n", SECRET, LINK.rpartition(".")[0], f"x.{LINK}"])
def test_a_link_has_one_spelling(spelled: str) -> None:
    assert KEY.read(spelled, NOON) is None


def test_another_key_reads_nothing_and_has_another_name() -> None:
    assert OTHER.read(LINK, NOON) is None
    assert OTHER.name != KEY.name
    assert "k" * 43 not in (KEY.name, repr(KEY))


def test_every_secret_that_a_link_may_have_can_be_signed_and_read() -> None:
    secret = new_token()
    assert KEY.read(KEY.sign(secret, TOMORROW), NOON) == (secret, KEY.name)


def test_the_key_is_made_once_and_kept_to_one_account(tmp_path: Path) -> None:
    file = tmp_path / "link-key"
    assert read_key(file) is None
    first = open_key(file)
    assert open_key(file).name == first.name
    assert not stat.S_IMODE(file.stat().st_mode) & 0o077
    assert [path.name for path in tmp_path.iterdir()] == ["link-key"]


def test_however_many_start_at_the_same_time_they_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        names = {key.name for key in several.map(open_key, [tmp_path / "link-key"] * 32)}
    assert len(names) == 1


def test_where_no_file_has_two_names_the_key_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    assert open_key(tmp_path / "link-key").name == open_key(tmp_path / "link-key").name


@pytest.mark.parametrize(
    ("content", "mode", "mend"),
    [
        (b"", 0o600, "remove the file"),
        (b"no key", 0o600, "remove the file"),
        (b"\xff" * 43, 0o600, "remove the file"),
        (b"k" * 43, 0o644, "chmod 600"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_mend(
    tmp_path: Path, content: bytes, mode: int, mend: str
) -> None:
    file = tmp_path / "link-key"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(InvalidSetting, match=mend) as refused:
        open_key(file)
    assert str(refused.value).startswith("AUDIT_LINK_KEY: ")


def test_a_place_where_no_file_can_be_made_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="nowhere/link-key cannot be read or made: No such file"):
        open_key(tmp_path / "nowhere" / "link-key")


def test_the_key_stands_beside_the_database_unless_it_was_said_where() -> None:
    beside = Config.from_environment({"AUDIT_DATABASE": "/srv/candour.sqlite"})
    assert beside.link_key_file == Path("/srv/candour.sqlite.link-key")
    assert Config.from_environment({"AUDIT_LINK_KEY": "/run/link.key"}).link_key_file == Path("/run/link.key")
