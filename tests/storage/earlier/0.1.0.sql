pragma application_id=1128353348;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
INSERT INTO "_sqlite_migrations" VALUES(1,'audit','m001_the_programme','2026-11-21 23:47:46.951917+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'audit','m002_checklists','2026-11-21 23:47:46.952319+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'audit','m003_visits','2026-11-21 23:47:46.952720+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'audit','m004_what_arrives','2026-11-21 23:47:46.953004+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'audit','m005_doors','2026-11-21 23:47:46.953294+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'audit','m006_the_journal','2026-11-21 23:47:46.953533+00:00');
CREATE TABLE area (code text primary key, name text not null, digest text not null) strict;
INSERT INTO "area" VALUES('NORTH','North','074b136173235e2ab0f55326342744e814b312749697ecde2e20ffe967a33892');
CREATE TABLE assignment (
  id text primary key, branch_code text not null references branch (code), checklist_id text not null,
  version integer not null, scenario text, shopper_id text not null references person (id), not_before text,
  until text not null, hours text not null, spending_limit text, note text not null, created_at text not null,
  cancelled_at text, test integer not null check (test in (0, 1)), digest text not null,
  foreign key (checklist_id, version) references checklist_version (checklist_id, version)
) strict;
INSERT INTO "assignment" VALUES('01900000-0000-7000-8000-0000000003e9','N01','welcome',1,NULL,'01900000-0000-7000-8000-0000000005a3',NULL,'2026-12-01','',NULL,'','2026-11-12T12:30:00.000000+00:00',NULL,0,'ac44f10375353bbf078fcfaab538219be8b92f399f448070396499df8979cdb2');
CREATE TABLE branch (
  code text primary key, name text not null, area_code text references area (code), address text not null,
  locality text not null, time_zone text, attributes text not null check (json_valid(attributes)),
  staff_told_on text, digest text not null
) strict;
INSERT INTO "branch" VALUES('N01','Mill Lane','NORTH','','',NULL,'{}','2026-01-05','8a7aff47b53150336d0d8667d3d3c3ba1c6160401313de5cccc9f97b556b4939');
CREATE TABLE checklist_version (
  checklist_id text not null, version integer not null check (version > 0), content_digest text not null,
  tree text not null check (json_valid(tree)), source text not null, published_at text not null,
  published_by text references person (id), digest text not null,
  primary key (checklist_id, version), unique (checklist_id, content_digest)
) strict;
INSERT INTO "checklist_version" VALUES('welcome',1,'3c2a42bfae82addc102ca4bc30b6f68757bcf7b9cdb0354a76d39b942a363f7b','{"id":"welcome","languages":["en"],"sections":[{"id":"arrival","questions":[{"ask":"Did someone greet you?","id":"greeted","kind":"yes_no"}],"title":"Arriving"}],"title":"A good welcome"}','the file','2026-11-12T12:30:00.000000+00:00','01900000-0000-7000-8000-00000000ada0','32c3a160f89f55144cf6f26eaf7831ffdfea9fc0aec0f7c34598195f398630f6');
CREATE TABLE device (
  id text primary key, token_hash text not null unique, person_id text not null references person (id),
  kind text not null check (kind in ('office', 'phone')), label text not null, created_at text not null,
  last_seen_at text not null, expires_at text not null, revoked_at text
) strict;
CREATE TABLE invitation (
  id text primary key, token_hash text not null unique,
  role text not null check (role in ('admin', 'reviewer', 'area_manager', 'branch_manager', 'shopper')),
  purpose text not null check (purpose in ('join', 'device', 'password')), name text not null, email text,
  area_code text references area (code), branch_code text references branch (code),
  person_id text references person (id), created_at text not null, expires_at text not null,
  used_at text, revoked_at text
) strict;
CREATE TABLE journal (
  id integer primary key autoincrement, who text, what text not null, which text not null, at text not null,
  before text check (before is null or json_valid(before)), after text check (after is null or json_valid(after)),
  why text not null, digest text not null
) strict;
INSERT INTO "journal" VALUES(1,'01900000-0000-7000-8000-0000000005a3','visit.submitted','01900000-0000-7000-8000-000000000001','2026-11-12T12:30:00.000000+00:00',NULL,NULL,'','ce8dfcb64bcc05b341379a4016c887363e2efc3826d8a99068865a8b8c9905c8');
CREATE TABLE password (person_id text primary key references person (id), hash text not null) strict;
CREATE TABLE person (
  id text primary key, name text not null,
  role text not null check (role in ('admin', 'reviewer', 'area_manager', 'branch_manager', 'shopper')),
  email text unique, area_code text references area (code), branch_code text references branch (code),
  pseudonym text not null, language text not null, active integer not null check (active in (0, 1)),
  digest text not null
) strict;
INSERT INTO "person" VALUES('01900000-0000-7000-8000-00000000ada0','Ada Berger','admin','ada@example.org',NULL,NULL,'','en',1,'8e46ca76e39c3859bcaf5c2b755f7a350d5e1a450b7ed03b6bb4d509e1f35a8d');
INSERT INTO "person" VALUES('01900000-0000-7000-8000-0000000005a3','Samuel Whitaker','shopper',NULL,NULL,NULL,'Shopper 7','en',1,'8c1e55ccc0cf28e278eb21a55a695bdbeb9a4ea1d3a542d4befa55075356cad0');
CREATE TABLE photo (
  sha256 text primary key, size integer not null, width integer not null, height integer not null,
  original_format text not null, jpeg_sha256 text not null, paper_sha256 text not null, taken_at text,
  latitude real, longitude real, kept_at text not null, removed_at text, digest text not null
) strict;
CREATE TABLE programme (
  id integer primary key check (id = 1), name text not null, time_zone text not null, language text not null,
  currency text not null, demo integer not null check (demo in (0, 1)), digest text not null
) strict;
INSERT INTO "programme" VALUES(1,'Harbour Stores','Europe/Zurich','en','EUR',0,'2cb49a22c7a4a75222987dad00765bbd0ee2cce08f8ad2ae0a72af4f474dac31');
CREATE TABLE score (
  visit_id text primary key references visit (id), status text not null, base text, with_bonus text, official text,
  shown integer, band text, tree text not null check (json_valid(tree)), digest text not null
) strict;
INSERT INTO "score" VALUES('01900000-0000-7000-8000-000000000001','ok','100/1','100/1','100/1',100,'good','{"band":"good","base":[100,1],"critical_failed":[],"dimensions":{"listening":{"earned":[2,1],"n":1,"not_applicable":0,"not_observed":0,"possible":[2,1],"score":[100,1]},"recovery":{"earned":[2,1],"n":1,"not_applicable":0,"not_observed":0,"possible":[2,1],"score":[100,1]},"warmth":{"earned":[5,1],"n":2,"not_applicable":0,"not_observed":0,"possible":[5,1],"score":[100,1]}},"earned":[10,1],"high_if_na_passed":[100,1],"low_if_na_failed":[100,1],"na_share":[0,1],"not_observed":0,"official":[100,1],"possible":[10,1],"questions":[{"bonus":false,"earned":[3,1],"id":"greeted","lost":[0,1],"possible":[3,1],"why":"full"},{"bonus":false,"earned":[2,1],"id":"smile","lost":[0,1],"possible":[2,1],"why":"full"},{"bonus":false,"earned":[0,1],"id":"entered","lost":[0,1],"possible":[0,1],"why":"unscored"},{"bonus":false,"earned":[2,1],"id":"listened","lost":[0,1],"possible":[2,1],"why":"full"},{"bonus":false,"earned":[2,1],"id":"solved","lost":[0,1],"possible":[2,1],"why":"full"},{"bonus":false,"earned":[1,1],"id":"till","lost":[0,1],"possible":[1,1],"why":"full"},{"bonus":false,"earned":[0,1],"id":"shelf","lost":[0,1],"possible":[0,1],"why":"unscored"}],"sections":{"arrival":{"earned":[5,1],"n":2,"not_applicable":0,"not_observed":0,"possible":[5,1],"score":[100,1]},"counter":{"earned":[5,1],"n":3,"not_applicable":0,"not_observed":0,"possible":[5,1],"score":[100,1]}},"shown":100,"status":"ok","with_bonus":[100,1]}','da9fbe69ebdbdcf0901d51b8c4872d296140e27d29e1b66641f43aa5bf168c90');
CREATE TABLE submission (
  msg_id text primary key, visit_id text not null references visit (id), device text not null, n integer not null,
  base text, outcome text not null, content_digest text not null, sha256 text not null, raw blob,
  answers text check (answers is null or json_valid(answers)), received_at text not null,
  photos integer not null, digest text not null
) strict;
CREATE TABLE submission_conflict (
  id integer primary key, msg_id text not null, visit_id text not null, sha256 text not null, raw blob,
  received_at text not null, digest text not null, unique (msg_id, sha256)
) strict;
CREATE TABLE throttle_try (key text not null, at text not null) strict;
CREATE TABLE visit (
  id text primary key, assignment_id text not null references assignment (id),
  branch_code text not null references branch (code), shopper_id text not null references person (id),
  checklist_id text not null, version integer not null, scenario text,
  state text not null check (state in ('draft', 'submitted', 'returned', 'approved', 'published', 'stopped')),
  answers text not null check (json_valid(answers)), odd text not null check (json_valid(odd)),
  marks text not null check (json_valid(marks)), started_at text not null, submitted_at text, visited_on text,
  published_at text, stopped_reason text not null, flags text not null check (json_valid(flags)), head text,
  test integer not null check (test in (0, 1)), digest text not null,
  foreign key (checklist_id, version) references checklist_version (checklist_id, version)
) strict;
INSERT INTO "visit" VALUES('01900000-0000-7000-8000-000000000001','01900000-0000-7000-8000-0000000003e9','N01','01900000-0000-7000-8000-0000000005a3','welcome',1,NULL,'published','{"customer_state":{"value":"satisfied"},"greeted":{"value":"yes"},"listened":{"value":"yes"},"narrative":{"value":"They were quick and kind."},"smile":{"value":5},"solved":{"value":"yes"},"till":{"value":"yes"}}','{}','[{"at":"2026-11-12T12:30:00+00:00","name":"enter"},{"at":"2026-11-12T12:50:00+00:00","name":"leave"}]','2026-11-12T12:25:00.000000+00:00','2026-11-12T13:30:00.000000+00:00','2026-11-12','2026-11-13T12:30:00.000000+00:00','','[]',NULL,0,'9b76bcd9d8c7efa883fcab56262cecbf78176f9ab0b98178ae4b587afdc1f10a');
CREATE TABLE visit_photo (
  visit_id text not null references visit (id), question_id text not null,
  sha256 text not null references photo (sha256), added_at text not null, primary key (visit_id, question_id, sha256)
) strict, without rowid;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX branch_by_area on branch (area_code, code);
CREATE INDEX person_by_role on person (role, id);
CREATE TRIGGER checklist_version_is_never_changed before update on checklist_version
begin select raise(abort, 'a published checklist is frozen'); end;
CREATE TRIGGER checklist_version_is_never_deleted before delete on checklist_version
begin select raise(abort, 'a published checklist is frozen'); end;
CREATE INDEX assignment_by_shopper on assignment (shopper_id, until);
CREATE INDEX assignment_by_branch on assignment (branch_code, until);
CREATE INDEX visit_by_branch on visit (branch_code, visited_on, state);
CREATE INDEX visit_by_assignment on visit (assignment_id);
CREATE INDEX visit_by_shopper on visit (shopper_id, state);
CREATE INDEX visit_by_state on visit (state, id);
CREATE INDEX submission_by_visit on submission (visit_id, device, n);
CREATE INDEX visit_photo_by_sha256 on visit_photo (sha256);
CREATE INDEX device_by_person on device (person_id, created_at);
CREATE INDEX invitation_by_person on invitation (person_id);
CREATE INDEX throttle_try_by_key on throttle_try (key, at);
CREATE INDEX journal_by_subject on journal (which, id);
CREATE INDEX journal_by_time on journal (at);
CREATE TRIGGER journal_is_never_deleted before delete on journal
begin select raise(abort, 'the journal is append-only'); end;
CREATE TRIGGER journal_is_never_changed before update on journal
when new.before is not null or new.after is not null or new.id is not old.id or new.who is not old.who
  or new.what is not old.what or new.which is not old.which or new.at is not old.at or new.why is not old.why
begin select raise(abort, 'the journal is append-only'); end;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('journal',1);
COMMIT;
