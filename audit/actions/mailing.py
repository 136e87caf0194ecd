"""Mailing: letters to managers with links to the reports of a period that is over. Links, never attachments.

Each link is a share like one that somebody made by hand: it ends, and stands in the list of whoever answers for it, who
can take it back. Until its letter has left, it says that it is being sent: what a killed process left so is taken out
by the next, which writes that letter anew. Owns who is written to, and that nobody is written to twice. Refuses to know
how mail is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.actions import SYSTEM
from audit.actions.sharing import MOST_OF_NOTE, LinkSigner, Terms, share_branches
from audit.domain.people import Person, Role
from audit.domain.programme import Branch
from audit.reports.mails import Catalogue, compose
from audit.reports.period import Period
from audit.storage.shares import Share
from audit.storage.store import Store

BEING_SENT = " (being sent)"
PATIENCE = timedelta(minutes=15)  # no mail server is talked to for longer about one letter


@dataclass(frozen=True)
class Reader:
    """A manager with an address, whose branches were visited in the period; `sharer` answers for the links."""

    person: Person
    sharer: Person
    branches: tuple[Branch, ...]

    @property
    def note(self) -> str:
        """How the list of links says for whom they are."""
        return f"mail to {self.person.email}"[:MOST_OF_NOTE]

    @property
    def first_note(self) -> str:
        """What it says until the letter has left."""
        return f"{self.note[: MOST_OF_NOTE - len(BEING_SENT)]}{BEING_SENT}"


@dataclass(frozen=True)
class Letter:
    """What is sent to one reader, and the links in it, with their `note` once it has left."""

    to: str
    subject: str
    text: str
    shares: tuple[Share, ...]
    note: str


@dataclass(frozen=True)
class Desk:
    """What letters are written with: the words of each language, the public address of a path of ours, and what signs
    the links."""

    words: Callable[[str], Catalogue]
    address_of: Callable[[str], str]
    signer: LinkSigner
    language: str
    days: int = 30


def who_is_written_to(store: Store, period: Period, now: datetime) -> list[Reader]:
    """Area managers, for the visited branches of their area, and branch managers, for theirs; not those to whom the
    links of this period were mailed before, be it that they were taken back since, or are being mailed just now."""
    people = [person for person in store.people.list_all() if person.active]
    answering = {person.area_code: person for person in people if person.role is Role.AREA_MANAGER}
    office = next((person for person in people if person.role is Role.ADMIN), None)
    with_visits = store.visit_lines.visited_branches(period.first, period.last)
    visited = [branch for branch in store.branches.list_all() if branch.code in with_visits]
    readers = []
    for person in people:
        own = tuple(branch for branch in visited if _manages(person, branch))
        sharer = (
            person if person.role is Role.AREA_MANAGER else answering.get(own[0].area_code if own else None, office)
        )
        if person.email and own and sharer:
            readers.append(Reader(person, sharer, own))
    shares = store.shares.list_all()
    return [reader for reader in readers if not _is_written_to(reader, period, shares, now)]


def write_letter(store: Store, reader: Reader, period: Period, desk: Desk, now: datetime) -> Letter | None:
    """Make the links and the letter with them, in the reader's language; None if another process was quicker."""
    language = reader.person.language or desk.language
    terms = Terms(desk.days, language, desk.signer, reader.first_note)
    codes = [branch.code for branch in reader.branches]
    with store.transaction():
        shares = store.shares.list_all()
        if _is_written_to(reader, period, shares, now):
            return None
        _take_out(store, _about(reader, period, reader.first_note, shares), now)
        made = share_branches(store, reader.sharer, codes, period, terms, now)
    links = [
        (branch.name, desk.address_of(f"/shared/{token}"))
        for branch, (token, _) in zip(reader.branches, made, strict=True)
    ]
    until = made[0][1].expires_at.date()
    subject, text = compose(store.programme.find().name, period, links, until, desk.words(language), language)
    return Letter(reader.person.email or "", subject, text, tuple(share for _, share in made), reader.note)


def note_as_sent(store: Store, letter: Letter) -> None:
    """The letter has left: its links say for whom they are, and nobody writes it again."""
    with store.transaction():
        for share in letter.shares:
            store.shares.note(share.id, letter.note)


def take_letter_back(store: Store, letter: Letter, now: datetime) -> None:
    """Take out the links of a letter that could not be sent, so that it can be written anew."""
    with store.transaction():
        _take_out(store, letter.shares, now)


def _take_out(store: Store, shares: Iterable[Share], now: datetime) -> None:
    for share in shares:
        store.shares.remove(share.id)
        store.journal.write(who=SYSTEM, what="share.removed", which=share.id, when=now, why="the mail was not sent")


def _is_written_to(reader: Reader, period: Period, shares: Iterable[Share], now: datetime) -> bool:
    being_sent = _about(reader, period, reader.first_note, shares)
    return bool(_about(reader, period, reader.note, shares)) or any(
        now - PATIENCE < share.created_at <= now for share in being_sent
    )


def _about(reader: Reader, period: Period, note: str, shares: Iterable[Share]) -> list[Share]:
    """By branch: who manages another area could note the same beside a link of its own, and keep a letter back."""
    codes, days = {branch.code for branch in reader.branches}, (period.first, period.last)
    return [
        share
        for share in shares
        if share.note == note and share.branch_code in codes and (share.first, share.last) == days
    ]


def _manages(person: Person, branch: Branch) -> bool:
    if person.role is Role.AREA_MANAGER:
        return branch.area_code == person.area_code
    return person.role is Role.BRANCH_MANAGER and branch.code == person.branch_code
