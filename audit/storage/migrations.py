"""The tables, built and altered by functions in the order in which they were written. Forward only.

A function that has been released is never edited; to add a column, write one more at the foot, without touching those
above. `upgrading` applies them.

`digest`, where a table has it, is the sha256 of the row's other columns: see `seals`. A function that adds a column
to a sealed table seals its rows anew.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from audit.storage.seals import reseal

migrations = Migrations("audit")


def _run(db: Database, statements: str) -> None:
    # executescript would commit first; so the statements are told apart by the blank lines between them.
    for statement in statements.strip().split("\n\n"):
        db.conn.execute(statement)


@migrations()
def m001_the_programme(db: Database) -> None:
    """The organisation: programme, areas, branches and people."""
    _run(
        db,
        """
create table programme (
  id integer primary key check (id = 1), name text not null, time_zone text not null, language text not null,
  currency text not null, demo integer not null check (demo in (0, 1)), digest text not null
) strict

create table area (code text primary key, name text not null, digest text not null) strict

create table branch (
  code text primary key, name text not null, area_code text references area (code), address text not null,
  locality text not null, time_zone text, attributes text not null check (json_valid(attributes)),
  staff_told_on text, digest text not null
) strict

create index branch_by_area on branch (area_code, code)

create table person (
  id text primary key, name text not null,
  role text not null check (role in ('admin', 'reviewer', 'area_manager', 'branch_manager', 'shopper')),
  email text unique, area_code text references area (code), branch_code text references branch (code),
  pseudonym text not null, language text not null, active integer not null check (active in (0, 1)),
  digest text not null
) strict

create index person_by_role on person (role, id)

create table password (person_id text primary key references person (id), hash text not null) strict
""",
    )


@migrations()
def m002_checklists(db: Database) -> None:
    """Published versions, frozen by triggers."""
    _run(
        db,
        """
create table checklist_version (
  checklist_id text not null, version integer not null check (version > 0), content_digest text not null,
  tree text not null check (json_valid(tree)), source text not null, published_at text not null,
  published_by text references person (id), digest text not null,
  primary key (checklist_id, version), unique (checklist_id, content_digest)
) strict

create trigger checklist_version_is_never_changed before update on checklist_version
begin select raise(abort, 'a published checklist is frozen'); end

create trigger checklist_version_is_never_deleted before delete on checklist_version
begin select raise(abort, 'a published checklist is frozen'); end
""",
    )


@migrations()
def m003_visits(db: Database) -> None:
    """Assignments, visits and scores."""
    _run(
        db,
        """
create table assignment (
  id text primary key, branch_code text not null references branch (code), checklist_id text not null,
  version integer not null, scenario text, shopper_id text not null references person (id), not_before text,
  until text not null, hours text not null, spending_limit text, note text not null, created_at text not null,
  cancelled_at text, test integer not null check (test in (0, 1)), digest text not null,
  foreign key (checklist_id, version) references checklist_version (checklist_id, version)
) strict

create index assignment_by_shopper on assignment (shopper_id, until)

create index assignment_by_branch on assignment (branch_code, until)

create table visit (
  id text primary key, assignment_id text not null references assignment (id),
  branch_code text not null references branch (code), shopper_id text not null references person (id),
  checklist_id text not null, version integer not null, scenario text,
  state text not null check (state in ('draft', 'submitted', 'returned', 'approved', 'published', 'stopped')),
  answers text not null check (json_valid(answers)), odd text not null check (json_valid(odd)),
  marks text not null check (json_valid(marks)), started_at text not null, submitted_at text, visited_on text,
  published_at text, stopped_reason text not null, flags text not null check (json_valid(flags)), head text,
  test integer not null check (test in (0, 1)), digest text not null,
  foreign key (checklist_id, version) references checklist_version (checklist_id, version)
) strict

create index visit_by_branch on visit (branch_code, visited_on, state)

create index visit_by_assignment on visit (assignment_id)

create index visit_by_shopper on visit (shopper_id, state)

create index visit_by_state on visit (state, id)

create table score (
  visit_id text primary key references visit (id), status text not null, base text, with_bonus text, official text,
  shown integer, band text, tree text not null check (json_valid(tree)), digest text not null
) strict
""",
    )


@migrations()
def m004_what_arrives(db: Database) -> None:
    """Submissions as they were received, those that contradict one another, and photos."""
    _run(
        db,
        """
create table submission (
  msg_id text primary key, visit_id text not null references visit (id), device text not null, n integer not null,
  base text, outcome text not null, content_digest text not null, sha256 text not null, raw blob,
  answers text check (answers is null or json_valid(answers)), received_at text not null,
  photos integer not null, digest text not null
) strict

create index submission_by_visit on submission (visit_id, device, n)

create table submission_conflict (
  id integer primary key, msg_id text not null, visit_id text not null, sha256 text not null, raw blob,
  received_at text not null, digest text not null, unique (msg_id, sha256)
) strict

create table photo (
  sha256 text primary key, size integer not null, width integer not null, height integer not null,
  original_format text not null, jpeg_sha256 text not null, paper_sha256 text not null, taken_at text,
  latitude real, longitude real, kept_at text not null, removed_at text, digest text not null
) strict

create table visit_photo (
  visit_id text not null references visit (id), question_id text not null,
  sha256 text not null references photo (sha256), added_at text not null, primary key (visit_id, question_id, sha256)
) strict, without rowid

create index visit_photo_by_sha256 on visit_photo (sha256)
""",
    )


@migrations()
def m005_doors(db: Database) -> None:
    """Sign-ins, invitations and the tries that are counted against guessing."""
    _run(
        db,
        """
create table device (
  id text primary key, token_hash text not null unique, person_id text not null references person (id),
  kind text not null check (kind in ('office', 'phone')), label text not null, created_at text not null,
  last_seen_at text not null, expires_at text not null, revoked_at text
) strict

create index device_by_person on device (person_id, created_at)

create table invitation (
  id text primary key, token_hash text not null unique,
  role text not null check (role in ('admin', 'reviewer', 'area_manager', 'branch_manager', 'shopper')),
  purpose text not null check (purpose in ('join', 'device', 'password')), name text not null, email text,
  area_code text references area (code), branch_code text references branch (code),
  person_id text references person (id), created_at text not null, expires_at text not null,
  used_at text, revoked_at text
) strict

create index invitation_by_person on invitation (person_id)

create table throttle_try (key text not null, at text not null) strict

create index throttle_try_by_key on throttle_try (key, at)
""",
    )


@migrations()
def m006_the_journal(db: Database) -> None:
    """Append-only. All that may ever be taken out are the old and the new value, once their period has passed."""
    _run(
        db,
        """
create table journal (
  id integer primary key autoincrement, who text, what text not null, which text not null, at text not null,
  before text check (before is null or json_valid(before)), after text check (after is null or json_valid(after)),
  why text not null, digest text not null
) strict

create index journal_by_subject on journal (which, id)

create index journal_by_time on journal (at)

create trigger journal_is_never_deleted before delete on journal
begin select raise(abort, 'the journal is append-only'); end

create trigger journal_is_never_changed before update on journal
when new.before is not null or new.after is not null or new.id is not old.id or new.who is not old.who
  or new.what is not old.what or new.which is not old.which or new.at is not old.at or new.why is not old.why
begin select raise(abort, 'the journal is append-only'); end
""",
    )


@migrations()
def m007_what_cannot_be_read(db: Database) -> None:
    """Messages that could not be understood at all, as they came, for the office."""
    _run(
        db,
        """
create table submission_unreadable (
  id integer primary key, visit_id text not null, person_id text not null references person (id), sha256 text not null,
  raw blob, said text not null, received_at text not null, digest text not null
) strict

create index submission_unreadable_by_person on submission_unreadable (person_id)

create index submission_unreadable_by_visit on submission_unreadable (visit_id)
""",
    )


@migrations()
def m008_papers(db: Database) -> None:
    """Reports that are to be printed, and the editions that came of them."""
    _run(
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
    _run(db, "alter table device add column confirmed_at text")


@migrations()
def m010_shares(db: Database) -> None:
    """Links by which somebody who is not signed in reads one report."""
    _run(
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
    _run(
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
    _run(
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
    _run(
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
    _run(db, "alter table share add column signed_with text not null default ''")
    for row in db.conn.execute("select rowid from share").fetchall():
        reseal(db.conn, "share", row[0])


@migrations()
def m015_corrections(db: Database) -> None:
    """Answers of visits that were put right: beside the visit, and never changed but for words whose period is over."""
    _run(
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
