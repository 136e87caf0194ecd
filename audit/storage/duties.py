"""What is kept for how long: each kind of personal data with its period, what of it is due, and how it is taken out.

Refuses to touch scores and published answers: a report stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from audit.domain.people import Person
from audit.domain.submission import digest
from audit.storage.columns import Column, instant_text
from audit.storage.seals import reseal
from audit.storage.shelf import many
from audit.storage.store import Store
from audit.storage.visits import without_positions

SYSTEM = "system"
ONE_DAY = 1

Ids = tuple[Column, ...]
TakeOut = Callable[[Store, Ids, datetime], None]


@dataclass(frozen=True)
class Periods:
    """For how many days each kind is kept; 0 keeps it for ever."""

    drafts_days: int = 0
    positions_days: int = 0
    submissions_days: int = 0
    photos_days: int = 0
    shoppers_days: int = 0
    sign_ins_days: int = 0


@dataclass(frozen=True)
class Duty:
    """One kind of thing with a period. `due` selects ids of what is older than its one question mark."""

    name: str
    days: Callable[[Periods], int]
    due: str
    take_out: TakeOut


def _delete(table: str, key: str = "id") -> TakeOut:
    def take_out(store: Store, ids: Ids, now: datetime) -> None:
        store.connections.change(f"delete from {table} where {key} in ({many(ids)})", ids)  # noqa: S608 - our names

    return take_out


def _delete_with_its_journal(table: str) -> TakeOut:
    """The lines stay: that there was one, and what became of it; but not for whom."""

    def take_out(store: Store, ids: Ids, now: datetime) -> None:
        _delete(table)(store, ids, now)
        _empty_journal(store, ids)

    return take_out


def _empty(table: str, key: str, *columns: str) -> TakeOut:
    """The rows stay, without what stands in these columns."""

    def take_out(store: Store, ids: Ids, now: datetime) -> None:
        _change_sealed(store, table, ", ".join(f"{column} = null" for column in columns), key, ids)

    return take_out


def _take_out_drafts(store: Store, ids: Ids, now: datetime) -> None:
    for table in ("visit_photo", "submission", "submission_conflict", "submission_unreadable", "score"):
        _delete(table, "visit_id")(store, ids, now)
    _delete("visit")(store, ids, now)
    for id in map(str, ids):
        store.journal.write(SYSTEM, "visit.forgotten", id, now, why="never sent; its period has passed")


def _take_out_positions(store: Store, ids: Ids, now: datetime) -> None:
    for id in map(str, ids):
        store.visits.save(without_positions(store.visits.find(id)))


def _take_out_photos(store: Store, ids: Ids, now: datetime) -> None:
    removed = "removed_at = ?, taken_at = null, latitude = null, longitude = null"
    _change_sealed(store, "photo", removed, "sha256", ids, (instant_text(now),))


def _let_go_of_photos(store: Store, ids: Ids, now: datetime) -> None:
    for visit_id, sha256 in (str(id).split() for id in ids):
        store.connections.change("delete from visit_photo where visit_id = ? and sha256 = ?", (visit_id, sha256))
        store.journal.write(
            SYSTEM, "visit.photo_forgotten", visit_id, now, before=sha256, why="its shopper took it away"
        )


def _take_out_shoppers(store: Store, ids: Ids, now: datetime) -> None:
    for id in map(str, ids):
        person = store.people.find(id)
        store.people.save(_anonymous(person))
        store.people.forget_password(id)
        invitations = store.connections.rows("select id from invitation where person_id = ?", (id,))
        store.connections.change("delete from invitation where person_id = ?", (id,))
        store.connections.change("delete from device where person_id = ?", (id,))
        _empty_journal(store, (id, *(row["id"] for row in invitations)))
        store.journal.write(SYSTEM, "person.made_anonymous", id, now, why="the period for names has passed")


def _anonymous(person: Person) -> Person:
    """The person without name and address; the pseudonym and the visits stay."""
    pseudonym = person.pseudonym or f"shopper {digest(person.id)[:6]}"
    return replace(person, name=pseudonym, email=None, pseudonym=pseudonym, active=False)


def _empty_journal(store: Store, subjects: Iterable[Column]) -> None:
    _change_sealed(store, "journal", "before = null, after = null", "which", tuple(subjects))


def _change_sealed(store: Store, table: str, change: str, key: str, ids: Ids, values: tuple[Column, ...] = ()) -> None:
    where = f"{key} in ({many(ids)})"
    store.connections.change(f"update {table} set {change} where {where}", (*values, *ids))  # noqa: S608 - our names
    connection = store.connections.mine().conn
    for row in store.connections.rows(f"select rowid from {table} where {where}", ids):  # noqa: S608 - our names
        reseal(connection, table, row[0])


NAMED = "(active = 1 or email is not null or name <> pseudonym)"
LAST_SEEN = """select max(at) from (
  select max(created_at, until) as at from assignment where shopper_id = person.id
  union all select coalesce(submitted_at, started_at) from visit where shopper_id = person.id
  union all select last_seen_at from device where person_id = person.id
  union all select at from journal where which = person.id)"""

# What a shopper took away is in no answer. A message that is more than an earlier draft is kept as evidence, with what
# it names. A phone that names such a photo later is asked for it, and sends it again.
TAKEN_AWAY = """select distinct visit_photo.visit_id || ' ' || visit_photo.sha256 from visit_photo
  join visit on visit.id = visit_photo.visit_id
  where visit.state in ('published', 'stopped') and instr(visit.answers, visit_photo.sha256) = 0
  and not exists (select 1 from submission where submission.visit_id = visit.id and outcome <> 'draft'
    and (instr(raw, cast(visit_photo.sha256 as blob)) > 0 or instr(answers, visit_photo.sha256) > 0))
  and not exists (select 1 from submission_conflict where submission_conflict.visit_id = visit.id
    and instr(raw, cast(visit_photo.sha256 as blob)) > 0)
  and not exists (select 1 from submission_unreadable where submission_unreadable.visit_id = visit.id
    and instr(raw, cast(visit_photo.sha256 as blob)) > 0)
  and max(added_at, coalesce(published_at, submitted_at, started_at)) < ?"""

DUTIES = (
    Duty(
        "drafts",
        lambda periods: periods.drafts_days,
        "select id from visit where state = 'draft' and max(started_at, coalesce("
        "(select max(received_at) from submission where visit_id = visit.id), '')) < ?",
        _take_out_drafts,
    ),
    Duty(
        "positions of visits",
        lambda periods: periods.positions_days,
        """select id from visit where instr(marks, '"position":') > 0 and coalesce(submitted_at, started_at) < ?""",
        _take_out_positions,
    ),
    Duty(
        "positions in messages",
        lambda periods: periods.positions_days,
        """select msg_id from submission where instr(raw, cast('"latitude"' as blob)) > 0 and received_at < ?""",
        _empty("submission", "msg_id", "raw"),
    ),
    Duty(
        "positions of photos",
        lambda periods: periods.positions_days,
        "select sha256 from photo where (taken_at is not null or latitude is not null) and kept_at < ?",
        _empty("photo", "sha256", "taken_at", "latitude", "longitude"),
    ),
    Duty(
        "messages as received",
        lambda periods: periods.submissions_days,
        "select msg_id from submission where (raw is not null or answers is not null) and received_at < ?",
        _empty("submission", "msg_id", "raw", "answers"),
    ),
    Duty(
        "words that were corrected",  # they stood in the message, and outlive it no more than it does itself
        lambda periods: periods.submissions_days,
        "select id from correction where words_before is not null and at < ?",
        _empty("correction", "id", "words_before"),
    ),
    Duty(
        "messages refused",
        lambda periods: min(filter(None, (periods.submissions_days, periods.positions_days)), default=0),
        "select id from submission_conflict where raw is not null and received_at < ?",
        _empty("submission_conflict", "id", "raw"),
    ),
    Duty(
        "messages that could not be read",
        lambda periods: min(filter(None, (periods.submissions_days, periods.positions_days)), default=0),
        "select id from submission_unreadable where raw is not null and received_at < ?",
        _empty("submission_unreadable", "id", "raw"),
    ),
    Duty(
        "photos",
        lambda periods: periods.photos_days,
        "select sha256 from photo where removed_at is null and kept_at < ?",
        _take_out_photos,
    ),
    Duty("photos taken away", lambda periods: ONE_DAY, TAKEN_AWAY, _let_go_of_photos),
    Duty(
        "photos of no visit",
        lambda periods: ONE_DAY,
        "select sha256 from photo where removed_at is null and sha256 not in (select sha256 from visit_photo)"
        " and kept_at < ?",
        _take_out_photos,
    ),
    Duty(
        "names of shoppers",
        lambda periods: periods.shoppers_days,
        f"select id from person where role = 'shopper' and {NAMED} and ({LAST_SEEN}) < ?",  # noqa: S608 - our own text
        _take_out_shoppers,
    ),
    Duty(
        "sign-ins that ended",
        lambda periods: periods.sign_ins_days,
        "select id from device where min(expires_at, coalesce(revoked_at, expires_at)) < ?",
        _delete("device"),
    ),
    Duty(
        "addresses for notifications",  # of sign-ins that ran out; what is signed out of loses them at once
        lambda periods: ONE_DAY,
        "select id from push_subscription where device_id in (select id from device where expires_at < ?)",
        _delete("push_subscription"),
    ),
    Duty(
        "invitations that ended",
        lambda periods: periods.sign_ins_days,
        "select id from invitation where"
        " min(expires_at, coalesce(used_at, expires_at), coalesce(revoked_at, expires_at)) < ?",
        _delete_with_its_journal("invitation"),
    ),
    Duty(
        "links to reports that ended",
        lambda periods: periods.sign_ins_days,
        "select id from share where min(expires_at, coalesce(revoked_at, expires_at)) < ?",
        _delete_with_its_journal("share"),
    ),
    Duty(
        "tries to sign in",
        lambda periods: periods.sign_ins_days,
        "select rowid from throttle_try where at < ?",
        _delete("throttle_try", "rowid"),
    ),
)
