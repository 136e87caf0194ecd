"""The steps since reports are printed: papers, links, notifications, traffic, corrections, the method."""

from __future__ import annotations

from sqlite_utils import Database

from audit.storage.migrations.steps import migrations, run
from audit.storage.seals import reseal


@migrations()
def m008_papers(db: Database) -> None:
    """Reports that are to be printed, and the editions that came of them."""
    run(
        db,
        """
create table report_order (
  id text primary key, what text not null check (what in ('visit', 'branch', 'area', 'programme', 'pack')),
  subject text not null, first text not null, last text not null, language text not null,
  archive integer not null check (archive in (0, 1)), asked_at text not null, wanted_at text not null,
  due_at text not null, begun_at text, hurried integer not null check (hurried in (0, 1)),
  state text not null check (state in ('waiting', 'printing', 'ready', 'failed')), key text not null default '',
  number text not null default '', revision integer not null default 0, shape text not null default '',
  why text not null default ''
) strict

create index report_order_by_turn on report_order (state, due_at)

create index report_order_by_subject on report_order (what, subject)

create table edition (
  id integer primary key, number text not null, series text not null, what text not null, subject text not null,
  first text not null, last text not null, language text not null, content_digest text not null,
  visits integer not null, made_at text not null, digest text not null
) strict

create index edition_by_number on edition (number, id)

create index edition_by_series on edition (series, id)
""",
    )


@migrations()
def m009_asked_again(db: Database) -> None:
    """When somebody who is signed in last gave the password again."""
    run(db, "alter table device add column confirmed_at text")


@migrations()
def m010_shares(db: Database) -> None:
    """Links by which somebody who is not signed in reads one report."""
    run(
        db,
        """
create table share (
  id text primary key, token_hash text not null unique, what text not null check (what in ('branch', 'visit')),
  branch_code text not null references branch (code), visit_id text references visit (id), first text, last text,
  language text not null, note text not null, made_by text not null references person (id), created_at text not null,
  expires_at text not null, revoked_at text, used_at text, uses integer not null check (uses >= 0),
  digest text not null,
  check ((what = 'visit') = (visit_id is not null)),
  check ((what = 'branch') = (first is not null and last is not null))
) strict

create index share_by_maker on share (made_by, created_at)

create index share_by_visit on share (visit_id)
""",
    )


@migrations()
def m011_notifications(db: Database) -> None:
    """Where notifications are on, and what was told there; both go with the sign-in of the device."""
    run(
        db,
        """
create table push_subscription (
  id text primary key, device_id text not null unique references device (id) on delete cascade,
  address text not null unique, key text not null, created_at text not null, told_at text
) strict

create table push_told (
  subscription_id text not null references push_subscription (id) on delete cascade, news text not null,
  told_at text not null, primary key (subscription_id, news)
) strict, without rowid
""",
    )


@migrations()
def m012_shares_of_areas(db: Database) -> None:
    """Links to the report of an area, and to that of the whole programme."""
    run(
        db,
        """
alter table share rename to share_before

create table share (
  id text primary key, token_hash text not null unique, what text not null,
  branch_code text references branch (code), visit_id text references visit (id), first text, last text,
  language text not null, note text not null, made_by text not null references person (id), created_at text not null,
  expires_at text not null, revoked_at text, used_at text, uses integer not null check (uses >= 0),
  digest text not null, area_code text references area (code),
  check (what in ('branch', 'visit', 'area', 'programme') and (what = 'visit') = (visit_id is not null)),
  check ((what = 'area') = (area_code is not null) and (what in ('branch', 'visit')) = (branch_code is not null)),
  check ((what <> 'visit') = (first is not null and last is not null))
) strict

insert into share select *, null from share_before

drop table share_before

create index share_by_maker on share (made_by, created_at)

create index share_by_visit on share (visit_id)
""",
    )
    for row in db.conn.execute("select rowid from share").fetchall():
        reseal(db.conn, "share", row[0])


@migrations()
def m013_traffic(db: Database) -> None:
    """When customers come, in one row, as the office said it."""
    run(
        db,
        """
create table traffic (
  id integer primary key check (id = 1), customers text not null check (json_valid(customers)), digest text not null
) strict
""",
    )


@migrations()
def m014_signed_shares(db: Database) -> None:
    """With which key the link to a report was signed; those that are there already are not signed."""
    run(db, "alter table share add column signed_with text not null default ''")
    for row in db.conn.execute("select rowid from share").fetchall():
        reseal(db.conn, "share", row[0])


@migrations()
def m015_corrections(db: Database) -> None:
    """Answers of visits that were put right: beside the visit, and never changed but for words whose period is over."""
    run(
        db,
        """
create table correction (
  id integer primary key, visit_id text not null references visit (id), question_id text not null, before text not null,
  after text not null, words integer not null check (words in (0, 1)), words_before text, reason text not null,
  who text not null references person (id), at text not null, official_before text, shown_before integer,
  official_after text, shown_after integer, digest text not null
) strict

create index correction_by_visit on correction (visit_id, id)

create trigger correction_is_never_deleted before delete on correction begin select raise(abort, 'it stays'); end

create trigger correction_is_never_changed before update on correction
when new.words_before is not null or (new.id, new.visit_id, new.question_id, new.before, new.after, new.words,
  new.reason, new.who, new.at, new.official_before, new.shown_before, new.official_after, new.shown_after) is not
  (old.id, old.visit_id, old.question_id, old.before, old.after, old.words,
  old.reason, old.who, old.at, old.official_before, old.shown_before, old.official_after, old.shown_after)
begin select raise(abort, 'it stays'); end
""",
    )


@migrations()
def m016_method_leaf(db: Database) -> None:
    """How we score is printed, too."""
    run(
        db,
        """
alter table report_order rename to report_order_before

create table report_order (
  id text primary key, what text not null check (what in ('visit', 'branch', 'area', 'programme', 'pack', 'method')),
  subject text not null, first text not null, last text not null, language text not null,
  archive integer not null check (archive in (0, 1)), asked_at text not null, wanted_at text not null,
  due_at text not null, begun_at text, hurried integer not null check (hurried in (0, 1)),
  state text not null check (state in ('waiting', 'printing', 'ready', 'failed')), key text not null default '',
  number text not null default '', revision integer not null default 0, shape text not null default '',
  why text not null default ''
) strict

insert into report_order select * from report_order_before

drop table report_order_before

create index report_order_by_turn on report_order (state, due_at)

create index report_order_by_subject on report_order (what, subject)
""",
    )


@migrations()
def m017_published_by_day(db: Database) -> None:
    """Published visits by their day, with all that figures of the whole programme ask of them: among a million others,
    each of some kilobytes, they lie close together. Nothing is written to it before a visit is published."""
    run(
        db,
        """
create index visit_published on visit
  (visited_on, id, branch_code, checklist_id, version, shopper_id, published_at) where state = 'published' and test = 0
""",
    )
