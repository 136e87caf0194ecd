"""Mailing: letters to managers with links to the reports of a period that is over. Links, never attachments.

Each link is a share like one that somebody made by hand: it ends, and stands in the list of whoever answers for it, who
can take it back. Owns who is written to, and that nobody is written to twice. Refuses to know how mail is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from audit.actions import SYSTEM
from audit.actions.sharing import MOST_OF_NOTE, LinkSigner, Terms, share_branches
from audit.domain.people import Person, Role
from audit.domain.programme import Branch
from audit.reports.mails import Catalogue, compose
from audit.reports.period import Period
from audit.storage.shares import Share
from audit.storage.store import Store


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


@dataclass(frozen=True)
class Letter:
    """What is sent to one reader, and the links in it."""

    to: str
    subject: str
    text: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Desk:
    """What letters are written with: the words of each language, the public address of a path of ours, and what signs
    the links."""

    words: Callable[[str], Catalogue]
    address_of: Callable[[str], str]
    signer: LinkSigner
    language: str
    days: int = 30


def who_is_written_to(store: Store, period: Period) -> list[Reader]:
    """Area managers, for the visited branches of their area, and branch managers, for theirs; not those to whom the
    links of this period were mailed before, be it that they were taken back since."""
    people = [person for person in store.people.list_all() if person.active]
    answering = {person.area_code: person for person in people if person.role is Role.AREA_MANAGER}
    office = next((person for person in people if person.role is Role.ADMIN), None)
    # By branch: who manages another area could note the same beside a link of its own, and keep a letter back.
    mailed = {(share.note, share.branch_code, share.first, share.last) for share in store.shares.list_all()}
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
    return [
        reader
        for reader in readers
        if mailed.isdisjoint((reader.note, branch.code, period.first, period.last) for branch in reader.branches)
    ]


def write_letter(store: Store, reader: Reader, period: Period, desk: Desk, now: datetime) -> Letter:
    """Make the links and the letter with them, in the reader's language."""
    language = reader.person.language or desk.language
    terms = Terms(desk.days, language, desk.signer, reader.note)
    codes = [branch.code for branch in reader.branches]
    made = share_branches(store, reader.sharer, codes, period, terms, now)
    links = [
        (branch.name, desk.address_of(f"/shared/{token}"))
        for branch, (token, _) in zip(reader.branches, made, strict=True)
    ]
    until = made[0][1].expires_at.date()
    subject, text = compose(store.programme.find().name, period, links, until, desk.words(language), language)
    return Letter(reader.person.email or "", subject, text, tuple(share for _, share in made))


def take_letter_back(store: Store, letter: Letter, now: datetime) -> None:
    """Take out the links of a letter that could not be sent, so that it can be written anew."""
    with store.transaction():
        for share in letter.shares:
            store.shares.remove(share.id)
            store.journal.write(who=SYSTEM, what="share.removed", which=share.id, when=now, why="the mail was not sent")


def _manages(person: Person, branch: Branch) -> bool:
    if person.role is Role.AREA_MANAGER:
        return branch.area_code == person.area_code
    return person.role is Role.BRANCH_MANAGER and branch.code == person.branch_code
