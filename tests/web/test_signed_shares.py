"""Links to reports are signed: what nobody made here is refused before the links are looked at; older ones go on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from audit.actions.sharing import MOST_GUESSES
from audit.actions.signing_in import hash_of, new_token
from audit.domain.visit import Visit
from audit.storage.shares import Share
from audit.web.link_keys import LinkKey, open_key
from tests import cast
from tests.web.links import DAYS, is_like_no_page, share
from tests.web.office import Browser, Office, open_office, text_of

STRANGERS = LinkKey("x" * 43)


@pytest.fixture
def amir(office: Office, visit: Visit) -> Browser:
    return office.browser(cast.AMIR)


def of_before(office: Office, days: int = 7) -> str:
    """The path of a link of before links were signed: Amir's, to the report of Mill Lane."""
    now, secret = office.clock(), new_token()
    period = (now.date() - timedelta(days=60), now.date())
    older = Share(f"before {secret}", "N01", "en", cast.AMIR.id, now, now + timedelta(days=days), "", None, *period)
    with office.store.transaction():
        office.store.shares.create(hash_of(secret), older)
    return f"/shared/{secret}"


def let_nobody_look(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("somebody asked the database for a link that nobody made")

    for shelf, name in ((office.store.shares, "by_token_hash"), (office.store.throttles, "count")):
        monkeypatch.setattr(shelf, name, refuse)


@pytest.mark.parametrize("ending", ["", "/report.pdf", "/printing", f"/photos/any/{'0' * 64}"])
def test_a_link_that_was_not_signed_here_is_refused_before_the_links_are_looked_at(
    office: Office, amir: Browser, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    path = share(amir)
    secret = path.removeprefix("/shared/").split(".")[0]
    until = office.clock() + timedelta(days=30)
    forged = [STRANGERS.sign(secret, until), f"{path[8:-1]}{'B' if path[-1] == 'A' else 'A'}", secret, new_token()]
    let_nobody_look(office, monkeypatch)
    for token in forged:
        assert is_like_no_page(office, f"/shared/{token}{ending}")


def test_no_link_lasts_longer_than_it_was_signed_for(
    office: Office, amir: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, end, signature = share(amir, days="7").removeprefix("/shared/").split(".")
    later = f"{int(end, 16) + 86_400:x}"
    assert is_like_no_page(office, f"/shared/{secret}.{later}.{signature}")
    office.clock.go_on(days=7, seconds=1)
    let_nobody_look(office, monkeypatch)
    assert is_like_no_page(office, f"/shared/{secret}.{end}.{signature}")


def test_a_copy_of_the_database_is_not_enough_to_make_a_link(office: Office, amir: Browser) -> None:
    share(amir)
    row = office.store.shares.list_all()[0]
    secret = new_token()
    with office.store.transaction():
        office.store.shares.create(hash_of(secret), replace(row, id="planted"))
    for token in (
        secret,
        STRANGERS.sign(secret, row.expires_at),
        LinkKey(row.signed_with).sign(secret, row.expires_at),
    ):
        assert is_like_no_page(office, f"/shared/{token}")


def test_a_link_given_out_before_links_were_signed_opens_until_it_ends(office: Office, amir: Browser) -> None:
    path, stranger = of_before(office), office.browser()
    assert "Mill Lane" in text_of(stranger.get(path))
    assert stranger.get(f"{path}/report.pdf").status_code == 200
    assert [line.what for line in office.store.journal.of(office.store.shares.list_all()[0].id)] == ["share.opened"] * 2
    office.clock.go_on(days=7)
    assert is_like_no_page(office, path)


def test_a_link_given_out_before_can_be_taken_back(office: Office, amir: Browser) -> None:
    path = of_before(office)
    assert office.browser().get(path).status_code == 200
    assert amir.post(f"/shares/{office.store.shares.list_all()[0].id}/revocation").status_code == 303
    assert is_like_no_page(office, path)


def test_a_signed_link_without_its_signature_opens_nothing_while_older_ones_do(office: Office, amir: Browser) -> None:
    older = of_before(office)
    assert is_like_no_page(office, share(amir).split(".")[0])
    assert office.browser().get(older).status_code == 200


def test_once_the_last_older_link_has_ended_nobody_looks_for_one_any_more(
    office: Office, amir: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = of_before(office)
    assert office.browser().get(path).status_code == 200
    office.clock.go_on(days=7)
    let_nobody_look(office, monkeypatch)
    assert is_like_no_page(office, path)


def test_who_guesses_links_of_before_is_stopped_and_then_learns_nothing(office: Office, amir: Browser) -> None:
    of_before(office)
    path, stranger = share(amir), office.browser()
    for n in range(MOST_GUESSES):
        assert stranger.get(f"/shared/{n:043}").status_code == 404
    assert stranger.get("/shared/" + "y" * 43).status_code == 429
    assert stranger.get(path).status_code == 429
    elsewhere = stranger.get(path, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 200
    office.clock.go_on(minutes=16)
    assert stranger.get(path).status_code == 200


def test_where_the_key_was_lost_a_link_opens_nothing_and_the_list_says_why(
    office: Office, amir: Browser, tmp_path: Path
) -> None:
    path = share(amir)
    assert "Good until" in text_of(amir.get("/shares"))
    office.app.extensions["link_key"] = open_key(tmp_path / "another-key")
    assert is_like_no_page(office, path)
    page = text_of(amir.get("/shares"))
    assert "It opens nothing any more: the key it was signed with is gone. Make a new link." in page
    assert "Take back" not in page


def test_two_installations_have_two_keys_and_one_opens_no_link_of_the_other(
    office: Office, amir: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = open_office(tmp_path_factory.mktemp("another"))
    try:
        of_the_other = share(other.browser(cast.AMIR), f"/branches/N01/shares?{DAYS}")
        assert other.browser().get(of_the_other).status_code == 200
        assert is_like_no_page(office, of_the_other)
    finally:
        other.close()
