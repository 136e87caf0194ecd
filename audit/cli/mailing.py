"""`audit mail`: links to the reports of a period that is over, by mail to those who manage the branches."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import click

from audit.actions.mailing import Desk, Letter, note_as_sent, take_letter_back, who_is_written_to, write_letter
from audit.actions.sharing import LASTS_DAYS
from audit.cli.doors import refuse
from audit.cli.opening import opened_store
from audit.config import LOOPBACK_HOSTS, Config, clock
from audit.domain.errors import InvalidField
from audit.domain.programme import Branch
from audit.reports.period import NAMED
from audit.storage.store import Store
from audit.web.languages import catalogue
from audit.web.link_keys import open_key

PATIENCE_SECONDS = 30
ENCRYPTED_AT_ONCE = 465


@click.command()
@click.option("--period", type=click.Choice(list(NAMED)), default="month", show_default=True, help="The last one over.")
@click.option("--days", type=click.Choice([str(days) for days in LASTS_DAYS]), default="30", show_default=True)
@click.option("--dry-run", is_flag=True, help="Only say who would be written to.")
def mail(period: str, days: str, dry_run: bool) -> None:
    """Mail managers links to the reports of the last month, quarter or year, good for so many DAYS.

    Nothing is mailed unless AUDIT_SMTP_HOST and AUDIT_SMTP_FROM are set. Meant for a timer; a second time nobody is
    written to twice. Every link can be taken back under "Shared reports"."""
    config = Config.from_environment()
    if not dry_run and not (config.smtp_host and config.smtp_from):
        raise InvalidField("Nothing is mailed: set AUDIT_SMTP_HOST and AUDIT_SMTP_FROM. See docs/configuration.md.")
    with opened_store(config) as store:
        programme, now = store.programme.find(), clock()
        over = NAMED[period](Branch("-", "-").day_of(now, programme)).before()
        readers = who_is_written_to(store, over, now)
        if dry_run:
            for reader in readers:
                click.echo(f"{reader.person.email}: {', '.join(branch.code for branch in reader.branches)}")
            if not readers:
                click.echo(f"Nobody: from {over.first} to {over.last} nothing was published, or it was mailed before.")
            return
        desk = Desk(catalogue, config.address_of, open_key(config.link_key_file), programme.language, int(days))
        letters = (write_letter(store, reader, over, desk, clock()) for reader in readers)
        all_sent = [_sent(store, config, letter) for letter in letters if letter]
        sent, failed = all_sent.count(True), all_sent.count(False)
        click.echo(f"{sent} mail was sent." if sent == 1 else f"{sent} mails were sent.")
    if failed:
        raise InvalidField("Some mails could not be sent; their links were taken back. Run this again.")


def _sent(store: Store, config: Config, letter: Letter) -> bool:
    """Send one letter; if that fails its links end, and it is said."""
    has_left = False
    try:
        message = _message(config.smtp_from, letter)
        with _server(config) as server:
            server.send_message(message)
            has_left = True
    except Exception as error:  # whatever an address or a server does, all others are written to
        if not has_left:  # else nothing calls it back that the server says of it afterwards, and its links must open
            take_letter_back(store, letter, clock())
            refuse(f"{letter.to}: {type(error).__name__}: {error}")
            return False
    except BaseException:  # Ctrl-C: a letter too many is better than one that is never written
        take_letter_back(store, letter, clock())
        raise
    note_as_sent(store, letter)
    return True


def _message(sender: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


@contextmanager
def _server(config: Config) -> Iterator[smtplib.SMTP]:
    """The mail server, encrypted and signed in to; unencrypted only on this very machine."""
    safe = ssl.create_default_context()
    if config.smtp_port == ENCRYPTED_AT_ONCE:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            config.smtp_host, config.smtp_port, timeout=PATIENCE_SECONDS, context=safe
        )
    else:
        server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=PATIENCE_SECONDS)
    with server:
        server.ehlo()
        local = config.smtp_host in LOOPBACK_HOSTS
        if config.smtp_port != ENCRYPTED_AT_ONCE and (not local or server.has_extn("starttls")):
            server.starttls(context=safe)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
        yield server
