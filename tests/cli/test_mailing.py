"""`audit mail`: links to reports for those who manage the branches; nothing unless a mail server is set."""

from __future__ import annotations

import re
import smtplib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from audit.actions.mailing import PATIENCE, Desk, Letter, Reader, who_is_written_to, write_letter
from audit.actions.publishing import publish_visit
from audit.actions.sharing import Terms, open_share, share_branches
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.cli import mailing
from audit.domain.errors import NotFound
from audit.reports.period import month_of
from audit.storage.store import Store
from audit.web.languages import catalogue
from audit.web.link_keys import LinkKey, open_key
from tests import cast
from tests.cli.conftest import Prompt, Said
from tests.world import GOOD, assign, edit, minutes

IN_DECEMBER = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
SMTP = {
    "AUDIT_SMTP_HOST": "mail.example.org",
    "AUDIT_SMTP_FROM": "candour@example.org",
    "AUDIT_SMTP_USER": "candour",
    "AUDIT_SMTP_PASSWORD": "a password",
    "AUDIT_URL": "https://audit.example.org",
}


class Server:
    """A mail server that takes everything but what goes to those it refuses; keeps what was said to it."""

    sent: list[EmailMessage]
    said: list[str]
    refuses: set[str]
    hangs: set[str]
    stumbles: set[str]

    def __init__(self, host: str, port: int, **_: object) -> None:
        self.said.append(f"{type(self).__name__} {host}:{port}")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.said.append("quit")

    def ehlo(self) -> None: ...

    def has_extn(self, name: str) -> bool:
        return False

    def starttls(self, context: object) -> None:
        self.said.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.said.append(f"login {user} {password}")

    def send_message(self, message: EmailMessage) -> None:
        if message["To"] in self.hangs:
            raise KeyboardInterrupt
        if message["To"] in self.stumbles:
            raise IndexError("string index out of range")
        if message["To"] in self.refuses:
            raise smtplib.SMTPRecipientsRefused({message["To"]: (550, b"nobody here")})
        self.sent.append(message)


class Encrypted(Server):
    """The same, encrypted from the first byte on."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    Server.sent, Server.said, Server.refuses, Server.hangs, Server.stumbles = [], [], set(), set(), set()
    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Encrypted)
    monkeypatch.setattr(mailing, "clock", lambda: IN_DECEMBER)
    return Server


@pytest.fixture
def visited(world: Store) -> Store:
    """Sam's published visit to N01 in November."""
    visit = begin_visit(world, cast.SAM, assign(world).id, minutes(0))
    receive_submission(world, cast.SAM, *edit(visit, GOOD), minutes(30))
    publish_visit(world, cast.ADA, visit.id, minutes(60))
    return world


def mail(prompt: Prompt, *words: str, **settings: str) -> Said:
    return prompt.audit("mail", *words, **{**SMTP, **settings})


def tokens_in(message: EmailMessage) -> list[str]:
    return re.findall(r"https://audit\.example\.org/shared/([\w.-]+)", message.get_content())


def key_of(prompt: Prompt) -> LinkKey:
    return open_key(prompt.folder / "candour.sqlite.link-key")


def test_managers_of_visited_branches_get_links_and_nobody_else(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    said = mail(prompt)
    assert (said.status, said.out, said.err) == (0, "2 mails were sent.\n", "")
    assert sorted(message["To"] for message in server.sent) == ["amir@example.org", "bea@example.org"]
    for message in server.sent:
        assert message["Subject"] == "Harbour Stores: reports of 1–30 November 2026"
        assert "Mill Lane\nhttps://audit.example.org/shared/" in message.get_content()
        assert not list(message.iter_attachments())
        assert "Whitaker" not in message.as_string()


def test_a_link_shows_the_report_ends_and_stands_in_the_list_of_the_area_manager(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    mail(prompt, "--days", "7")
    for message in server.sent:
        (token,) = tokens_in(message)
        carried = key_of(prompt).read(token, IN_DECEMBER)
        assert carried
        share = open_share(visited, carried, "198.51.100.7", "page", IN_DECEMBER)
        assert (share.branch_code, str(share.first), str(share.last)) == ("N01", "2026-11-01", "2026-11-30")
        assert share.expires_at == IN_DECEMBER + timedelta(days=7)
    notes = {share.note for share in visited.shares.visible_to(cast.AMIR).list_all()}
    assert notes == {"mail to amir@example.org", "mail to bea@example.org"}


def test_a_second_time_nobody_is_written_to_not_even_whose_link_was_taken_back(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    mail(prompt)
    with visited.transaction():
        visited.shares.revoke(visited.shares.list_all()[0].id, IN_DECEMBER)
    assert mail(prompt).out == "0 mails were sent.\n"
    assert len(server.sent) == 2


def test_the_longest_address_keeps_no_letter_back(prompt: Prompt, visited: Store, server: type[Server]) -> None:
    address = f"{'a' * 242}@example.org"
    with visited.transaction():
        visited.people.save(replace(cast.AMIR, email=address))
    assert mail(prompt).out == "2 mails were sent.\n"
    assert address in [message["To"] for message in server.sent]
    assert mail(prompt).out == "0 mails were sent.\n"


def test_otto_cannot_keep_a_letter_of_another_area_back_by_what_he_notes(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    november, note = month_of(IN_DECEMBER.date()).before(), "mail to amir@example.org"
    with visited.transaction():
        share_branches(visited, cast.OTTO_AREA, ["S01"], november, Terms(30, "en", key_of(prompt), note), IN_DECEMBER)
    mail(prompt)
    assert "amir@example.org" in [message["To"] for message in server.sent]


def test_a_mail_that_cannot_be_sent_leaves_no_link_and_is_sent_the_next_time(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    server.refuses = {"bea@example.org"}
    said = mail(prompt)
    assert (said.status, said.out) == (1, "1 mail was sent.\n")
    assert "bea@example.org: SMTPRecipientsRefused" in said.err
    assert [share.note for share in visited.shares.list_all()] == ["mail to amir@example.org"]
    server.refuses = set()
    assert mail(prompt).out == "1 mail was sent.\n"


def test_a_mail_that_was_taken_has_left_however_the_server_says_goodbye(
    prompt: Prompt, visited: Store, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_rude(*_: object) -> None:
        raise smtplib.SMTPResponseException(421, b"too many connections")

    monkeypatch.setattr(server, "__exit__", is_rude)
    assert mail(prompt).out == "2 mails were sent.\n"
    assert len(visited.shares.list_all()) == 2
    assert mail(prompt).out == "0 mails were sent.\n"


def test_a_mail_at_which_somebody_loses_patience_is_sent_the_next_time(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    server.hangs = {"bea@example.org"}
    assert mail(prompt).status != 0
    assert [share.note for share in visited.shares.list_all()] == ["mail to amir@example.org"]
    server.hangs = set()
    assert mail(prompt).out == "1 mail was sent.\n"


def test_a_letter_has_all_its_links_or_none_is_made(prompt: Prompt, visited: Store) -> None:
    november, terms = month_of(IN_DECEMBER.date()).before(), Terms(30, "en", key_of(prompt))
    with pytest.raises(NotFound), visited.transaction():
        share_branches(visited, cast.ADA, ["N01", "gone"], november, terms, IN_DECEMBER)
    assert visited.shares.list_all() == []


def begin_letters(prompt: Prompt, store: Store) -> list[Letter | None]:
    """What a process has done that is killed before it sends."""
    november = month_of(IN_DECEMBER.date()).before()
    desk = Desk(catalogue, lambda path: f"https://audit.example.org{path}", key_of(prompt), "en")
    readers = who_is_written_to(store, november, IN_DECEMBER)
    return [write_letter(store, reader, november, desk, IN_DECEMBER) for reader in readers]


def test_a_letter_whose_process_was_killed_before_it_left_is_written_by_a_later_one(
    prompt: Prompt, visited: Store, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(begin_letters(prompt, visited)) == 2
    assert (mail(prompt).out, server.sent) == ("0 mails were sent.\n", [])  # it may still be about it
    monkeypatch.setattr(mailing, "clock", lambda: IN_DECEMBER + PATIENCE)
    assert mail(prompt).out == "2 mails were sent.\n"
    notes = [share.note for share in visited.shares.list_all()]
    assert sorted(notes) == ["mail to amir@example.org", "mail to bea@example.org"]
    assert mail(prompt).out == "0 mails were sent.\n"


def test_a_clock_that_was_set_back_keeps_no_letter_back(
    prompt: Prompt, visited: Store, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_letters(prompt, visited)
    monkeypatch.setattr(mailing, "clock", lambda: IN_DECEMBER - timedelta(hours=2))
    assert mail(prompt).out == "2 mails were sent.\n"


def test_of_two_processes_that_write_at_the_same_time_one_sends_each_letter(
    prompt: Prompt, visited: Store, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_meanwhile(*asked: Any) -> list[Reader]:
        readers = who_is_written_to(*asked)
        monkeypatch.setattr(mailing, "who_is_written_to", who_is_written_to)
        mail(prompt)
        return readers

    monkeypatch.setattr(mailing, "who_is_written_to", and_meanwhile)
    mail(prompt)
    assert sorted(message["To"] for message in server.sent) == ["amir@example.org", "bea@example.org"]


def test_an_address_at_which_the_library_stumbles_keeps_nobody_elses_letter_back(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    server.stumbles = {"amir@example.org"}
    said = mail(prompt)
    assert (said.status, said.out) == (1, "1 mail was sent.\n")
    assert [message["To"] for message in server.sent] == ["bea@example.org"]


def test_the_connection_is_encrypted_before_the_password_is_said(
    prompt: Prompt, visited: Store, server: type[Server]
) -> None:
    mail(prompt)
    assert server.said[:3] == ["Server mail.example.org:587", "starttls", "login candour a password"]
    server.said.clear()
    with visited.transaction():
        for share in visited.shares.list_all():
            visited.shares.remove(share.id)
    mail(prompt, AUDIT_SMTP_PORT="465")
    assert server.said[:2] == ["Encrypted mail.example.org:465", "login candour a password"]


@pytest.mark.parametrize("missing", ["AUDIT_SMTP_HOST", "AUDIT_SMTP_FROM"])
def test_without_a_mail_server_nothing_is_mailed_and_no_link_is_made(
    prompt: Prompt, visited: Store, server: type[Server], missing: str
) -> None:
    said = mail(prompt, **{missing: ""})
    assert (said.status, said.out) == (1, "")
    assert "set AUDIT_SMTP_HOST and AUDIT_SMTP_FROM" in said.err
    assert (server.sent, visited.shares.list_all()) == ([], [])


def test_a_dry_run_says_who_would_be_written_to(prompt: Prompt, visited: Store, server: type[Server]) -> None:
    said = mail(prompt, "--dry-run", AUDIT_SMTP_HOST="")
    assert said.status == 0
    assert sorted(said.out.splitlines()) == ["amir@example.org: N01", "bea@example.org: N01"]
    assert (server.sent, visited.shares.list_all()) == ([], [])


def test_a_dry_run_that_would_write_to_nobody_says_so(prompt: Prompt, visited: Store, server: type[Server]) -> None:
    assert mail(prompt).status == 0
    said = mail(prompt, "--dry-run")
    assert said.status == 0
    assert said.out == "Nobody: from 2026-11-01 to 2026-11-30 nothing was published, or it was mailed before.\n"


def test_a_letter_speaks_the_readers_language(prompt: Prompt, visited: Store, server: type[Server]) -> None:
    with visited.transaction():
        visited.people.save(cast.BEA.speaking("de"))
    mail(prompt)
    (letter,) = [message for message in server.sent if message["To"] == "bea@example.org"]
    assert "Die Berichte" in letter.get_content()
    assert "Berichte" in letter["Subject"]


def test_whoever_left_gets_no_letter(prompt: Prompt, visited: Store, server: type[Server]) -> None:
    with visited.transaction():
        visited.people.save(cast.BEA.dismissed())
    mail(prompt)
    assert [message["To"] for message in server.sent] == ["amir@example.org"]
