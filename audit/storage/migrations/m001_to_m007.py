"""The first steps: the organisation, checklists, visits, what arrives, doors and the journal."""

from __future__ import annotations

from sqlite_utils import Database

from audit.storage.migrations.steps import migrations, run


@migrations()
def m001_the_programme(db: Database) -> None:
    """The organisation: programme, areas, branches and people."""
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
