"""Sharing: one report, shown by a link to somebody who is not let in, until it ends or is taken back.

The link carries 256 random bits, of which the database keeps the hash, and is signed with a key that the database does
not hold. What it shows is read through the eyes of whoever made it, each time: who is shown out, or sees the branch no
more, shows it to nobody. Openings are journalled. Owns what a link opens; refuses to know how it is signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from audit.actions import SYSTEM
from audit.actions.binding import bind_programme, lay_out_area
from audit.actions.overseeing import find_own_area, must_see_all
from audit.actions.reporting import read_branch_report, read_visit_report
from audit.actions.signing_in import hash_of, network_of, new_token
from audit.domain.errors import InvalidField, NotFound, TooLate, TooMany, not_here
from audit.domain.people import May, Person
from audit.domain.visit import Visit, VisitState
from audit.reports.paper import Report
from audit.reports.period import Period
from audit.storage.editions import Paper
from audit.storage.identifiers import new_id
from audit.storage.shares import Share
from audit.storage.store import Store

LASTS_DAYS = (7, 30, 90)
MOST_OF_NOTE = 200
WINDOW = timedelta(minutes=15)
MOST_GUESSES = 30  # from one network, of links that show nothing
MOST_OPENINGS = 120  # of one link, pages and papers together


class LinkSigner(Protocol):
    """Signs links with a key whose `name` says which one it is, and tells nothing of it."""

    @property
    def name(self) -> str: ...

    def sign(self, secret: str, until: datetime) -> str: ...


class Token(NamedTuple):
    """What a link carried whose signature was found good: its secret, and the name of the key; empty for a link of
    before links were signed."""

    secret: str
    signed_with: str


@dataclass(frozen=True)
class Terms:
    """For how many days a link is good, in which language its report is read, who signs it, and a note for whom it
    is."""

    days: int
    language: str
    signer: LinkSigner
    note: str = ""


def share_branch(
    store: Store, person: Person, code: str, period: Period, terms: Terms, now: datetime
) -> tuple[str, Share]:
    """The signed token of a link to the report of a branch over a period, shown once, and the share."""
    with store.transaction():
        return share_branches(store, person, [code], period, terms, now)[0]


def share_branches(
    store: Store, person: Person, codes: Iterable[str], period: Period, terms: Terms, now: datetime
) -> list[tuple[str, Share]]:
    """The same for several branches, inside a transaction of the caller's: all of them are shared, or none."""
    person.must(May.SHARE_REPORTS)
    branches = [store.branches.visible_to(person).find(code) for code in codes]
    shares = [_new(person, each.code, terms, now, first=period.first, last=period.last) for each in branches]
    return [_create(store, share, terms.signer) for share in shares]


def share_area(
    store: Store, person: Person, code: str, period: Period, terms: Terms, now: datetime
) -> tuple[str, Share]:
    """The same for the report of an area; NotFound for whoever may not see all of it."""
    person.must(May.SHARE_REPORTS)
    with store.transaction():
        area = find_own_area(store, person, code)
        share = _new(person, None, terms, now, area_code=area.code, first=period.first, last=period.last)
        return _create(store, share, terms.signer)


def share_programme(store: Store, person: Person, period: Period, terms: Terms, now: datetime) -> tuple[str, Share]:
    """The same for the report of the whole programme; NotFound for whoever may not see all of it."""
    person.must(May.SHARE_REPORTS)
    must_see_all(person)
    with store.transaction():
        share = _new(person, None, terms, now, first=period.first, last=period.last)
        return _create(store, share, terms.signer)


def share_visit(store: Store, person: Person, visit_id: str, terms: Terms, now: datetime) -> tuple[str, Share]:
    """The signed token of a link to the report of a visit, and the share. TooLate unless it is published."""
    person.must(May.SHARE_REPORTS)
    with store.transaction():
        visit = store.visits.visible_to(person).find(visit_id)
        if not _is_reported(visit):
            raise TooLate("Only the report of a published visit can be shared.")
        return _create(store, _new(person, visit.branch_code, terms, now, visit_id=visit_id), terms.signer)


def open_share(store: Store, token: Token, address: str, shown: str, now: datetime) -> Share:
    """The share behind a link, noted as opened; `shown` says what of it: page or paper.

    NotFound, always the same, for a token that is known no more and for a share that has ended; TooMany after too
    many."""
    network = network_of(address)
    with store.transaction():
        _must_not_guess(store, network, now)
        share = _open(store, token, now)
        if share is None:
            store.throttles.add(f"share-guess:{network}", now)
        else:
            _must_not_hammer(store, share, now)
            store.shares.use(share.id, now)
            store.journal.write(who=None, what="share.opened", which=share.id, when=now, after={"shown": shown})
    if share is None:
        raise not_here()
    return share


def look_through_share(store: Store, token: Token, address: str, now: datetime) -> Share:
    """The same for what belongs to a page that was opened, as its photos: only a guess is noted."""
    network = network_of(address)
    _must_not_guess(store, network, now)
    share = _open(store, token, now)
    if share is None:
        with store.transaction():
            store.throttles.add(f"share-guess:{network}", now)
        raise not_here()
    return share


def read_shared_report(store: Store, share: Share) -> Report:
    """The report as whoever made the share would read it now; NotFound if it is not to be had any more."""
    maker, period = store.people.find(share.made_by), Period(*_days(store, share))
    if share.visit_id:
        return read_visit_report(store, maker, share.visit_id, share.language)
    if share.branch_code:
        return read_branch_report(store, maker, share.branch_code, period, share.language)
    if share.area_code:
        return lay_out_area(store, maker, share.area_code, period, share.language)
    return bind_programme(store, maker, period, share.language, patient=False)


def paper_of_share(store: Store, share: Share) -> Paper:
    """The same as a paper to be printed."""
    subject = share.visit_id or share.branch_code or share.area_code or ""
    return Paper(share.what, subject, *_days(store, share), share.language)


def revoke_share(store: Store, person: Person, share_id: str, now: datetime) -> Share:
    """End a share of one's own; an administrator may end anybody's. NotFound for a stranger's."""
    person.must(May.SHARE_REPORTS)
    with store.transaction():
        share = store.shares.visible_to(person).find(share_id)
        if share.revoked_at is None:
            _revoke(store, person.id, share, now)
        return share


def can_open(share: Share, key: str, now: datetime) -> bool:
    """Whether its link still opens it, if that is the name of the key of this installation."""
    return share.is_open(now) and share.signed_with in ("", key)


def revoke_open_shares(store: Store, why: str, now: datetime) -> int:
    """End every share that is still open, whoever made it; how many that were."""
    with store.transaction():
        open_ones = [share for share in store.shares.list_all() if share.is_open(now)]
        for share in open_ones:
            _revoke(store, SYSTEM, share, now, why)
    return len(open_ones)


def revoke_shares_of(store: Store, who: str, person_id: str, now: datetime) -> None:
    """End every share that a person made, inside a transaction of the caller's."""
    for share in store.shares.list_all():
        if share.made_by == person_id and share.revoked_at is None:
            _revoke(store, who, share, now)


def _days(store: Store, share: Share) -> tuple[date, date]:
    if share.first and share.last:
        return share.first, share.last
    visit = store.visits.find(share.visit_id or "")
    day = visit.visited_on or visit.started_at.date()
    return day, day


def _new(person: Person, branch_code: str | None, terms: Terms, now: datetime, **about: object) -> Share:
    if terms.days not in LASTS_DAYS:
        raise InvalidField("Choose one of the periods on offer.", place="days")
    if len(terms.note) > MOST_OF_NOTE:
        raise InvalidField("This is too long.", place="note")
    fields = {"id": new_id(), "branch_code": branch_code, "language": terms.language, "made_by": person.id}
    moments = {"created_at": now, "expires_at": now + timedelta(days=terms.days)}
    said = {"note": terms.note, "signed_with": terms.signer.name}
    return Share(**fields, **moments, **said, **about)  # type: ignore[arg-type]


def _create(store: Store, share: Share, signer: LinkSigner) -> tuple[str, Share]:
    secret = new_token()
    store.shares.create(hash_of(secret), share)
    about = {"what": share.what, "branch": share.branch_code, "visit": share.visit_id, "area": share.area_code}
    about["until"] = share.expires_at.isoformat()
    store.journal.write(who=share.made_by, what="share.created", which=share.id, when=share.created_at, after=about)
    return signer.sign(secret, share.expires_at), share


def _open(store: Store, token: Token, now: datetime) -> Share | None:
    """The share, if it is open and whoever made it may still share what it is about."""
    try:
        share = store.shares.by_token_hash(hash_of(token.secret))
        maker = store.people.find(share.made_by)
        visit = _must_see(store, maker, share)
    except NotFound:
        return None
    good = share.is_open(now) and share.signed_with == token.signed_with
    good = good and maker.may(May.SHARE_REPORTS) and (visit is None or _is_reported(visit))
    return share if good else None


def _must_see(store: Store, maker: Person, share: Share) -> Visit | None:
    """NotFound unless this person sees what the share is about; the visit, if it is about one."""
    if share.branch_code:
        store.branches.visible_to(maker).find(share.branch_code)
    elif share.area_code:
        find_own_area(store, maker, share.area_code)
    else:
        must_see_all(maker)
    return store.visits.visible_to(maker).find(share.visit_id) if share.visit_id else None


def _is_reported(visit: Visit) -> bool:
    """Whether its branch and area may read it; the office does so earlier."""
    return visit.state is VisitState.PUBLISHED and not visit.test


def _revoke(store: Store, who: str, share: Share, now: datetime, why: str = "") -> None:
    store.shares.revoke(share.id, now)
    store.journal.write(who=who, what="share.revoked", which=share.id, when=now, why=why)


def _must_not_guess(store: Store, network: str, now: datetime) -> None:
    if store.throttles.count(f"share-guess:{network}", now - WINDOW) >= MOST_GUESSES:
        raise _too_many()


def _must_not_hammer(store: Store, share: Share, now: datetime) -> None:
    key = f"share:{share.id}"
    if store.throttles.count(key, now - WINDOW) >= MOST_OPENINGS:
        raise _too_many()
    store.throttles.add(key, now)


def _too_many() -> TooMany:
    minutes = int(WINDOW.total_seconds() // 60)
    return TooMany(
        "This was opened too often. Wait {minutes} minutes and try again.",
        minutes=minutes,
        retry_after_seconds=minutes * 60,
    )
