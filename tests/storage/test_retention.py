"""Personal data past its period: found, said, and gone without a trace; reports stay what they were."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from audit.domain.checklist.model import Answer
from audit.domain.people import Person, Role
from audit.domain.visit import Mark, Position, VisitState
from audit.storage.columns import instant_text
from audit.storage.devices import Device
from audit.storage.duties import Periods
from audit.storage.invitations import Invitation
from audit.storage.photos import PhotoStore
from audit.storage.retention import purge
from audit.storage.shares import Share
from audit.storage.store import Store
from audit.storage.visits import answers_text
from tests import cast
from tests.builders import build_score, build_visit, good_answers, id_number
from tests.storage.conftest import NOW, Picture, begun, message, offer, wrong

PERIODS = Periods(
    drafts_days=90, positions_days=90, submissions_days=365, photos_days=730, shoppers_days=730, sign_ins_days=90
)
HERE = Position(47.371234, 8.541234, 12.5)
EVERYTHING_IS_OLD = NOW + timedelta(days=800)


@pytest.fixture
def lived_in(programme: Store) -> Store:
    """A published visit with position, photo and message; a sign-in and a used invitation of its shopper."""
    programme.photos.add(Picture(), NOW)
    for path in programme.photos.pictures.files():
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    with programme.transaction():
        visit = begun(programme, 1)
        marks = (Mark("enter", NOW, HERE), Mark("leave", NOW, refused="no"))
        photographed = {**good_answers(), "shelf": Answer(photos=("a" * 64,))}
        programme.visits.save(build_visit(1, marks=marks, answers=photographed))
        programme.scores.save(visit.id, build_score(build_visit(1)))
        sent = replace(message(1, visit), marks=(Mark("enter", NOW, HERE),))
        programme.submissions.keep(
            sent, b'{"position":{"latitude":47.371234}}', "submitted", NOW, answers_text(good_answers())
        )
        programme.submissions.keep_unreadable(visit.id, cast.SAM.id, b'{"position": 47.371234', "Not JSON.", NOW)
        programme.photos.attach(visit.id, "shelf", "a" * 64, NOW)
        programme.devices.open("d-hash", Device("d1", cast.SAM.id, "phone", "", NOW, NOW, NOW + timedelta(days=90)))
        invitation = Invitation("i1", Role.SHOPPER, cast.SAM.name, NOW, NOW + timedelta(days=14))
        programme.invitations.create("i-hash", invitation)
        programme.journal.write(cast.ADA.id, "person.invited", "i1", NOW, after={"name": cast.SAM.name})
        programme.invitations.use("i1", NOW, cast.SAM.id)
        programme.journal.write(cast.AMIR.id, "share.created", "s1", NOW, after={"branch": "N01"})
        programme.journal.write("system", "person.joined", cast.SAM.id, NOW, after={"name": cast.SAM.name})
        days = {"first": NOW.date(), "last": NOW.date()}
        share = Share("s1", "N01", "en", cast.AMIR.id, NOW, NOW + timedelta(days=7), f"for {cast.SAM.name}", **days)
        programme.shares.create("s-hash", share)
        programme.throttles.add("ada", NOW)
    return programme


def after(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_within_its_period_nothing_is_due(lived_in: Store) -> None:
    assert not any(purge(lived_in, PERIODS, after(0)).values())
    assert lived_in.journal.latest(1)[0].what == "person.joined"


def test_a_period_of_nought_keeps_for_ever(lived_in: Store) -> None:
    assert not any(purge(lived_in, Periods(), after(9999)).values())


def test_a_dry_run_says_the_same_and_takes_nothing(lived_in: Store) -> None:
    before = lived_in.connections.mine().conn.total_changes
    said = purge(lived_in, PERIODS, EVERYTHING_IS_OLD, dry_run=True)
    assert lived_in.connections.mine().conn.total_changes == before
    assert said == purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert said == {
        "drafts": 0,
        "positions of visits": 1,
        "positions in messages": 1,
        "positions of photos": 1,
        "messages as received": 1,
        "words that were corrected": 0,
        "messages refused": 0,
        "messages that could not be read": 1,
        "photos": 1,
        "photos taken away": 0,
        "photos of no visit": 0,
        "names of shoppers": 1,
        "sign-ins that ended": 1,
        "addresses for notifications": 0,
        "invitations that ended": 1,
        "links to reports that ended": 1,
        "tries to sign in": 1,
        "stray files": 0,
    }


def test_a_second_purge_finds_nothing(lived_in: Store) -> None:
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert not any(purge(lived_in, PERIODS, EVERYTHING_IS_OLD).values())


def test_positions_go_and_moments_and_reasons_stay(lived_in: Store) -> None:
    purge(lived_in, PERIODS, after(91))
    assert lived_in.visits.find(id_number(1)).marks == (Mark("enter", NOW), Mark("leave", NOW, refused="no"))
    assert lived_in.submissions.raw(id_number(501)) is None
    photo = lived_in.photos.find("a" * 64)
    assert (photo.position, photo.taken_at, photo.removed_at) == (None, None, None)


def test_what_was_taken_out_is_in_no_file_any_more(lived_in: Store) -> None:
    secrets = (cast.SAM.name.encode(), b"47.371234")

    def found() -> set[bytes]:
        files = [path.read_bytes() for path in lived_in.path.parent.glob("candour.db*")]
        return {secret for secret in secrets if any(secret in content for content in files)}

    assert found() == set(secrets)
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert found() == set()


def test_a_shopper_becomes_a_pseudonym_and_the_visit_and_its_score_stay(lived_in: Store) -> None:
    visit, score = lived_in.visits.find(id_number(1)), lived_in.scores.of(id_number(1))
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert lived_in.people.find(cast.SAM.id) == Person(
        cast.SAM.id, "Shopper 7", Role.SHOPPER, pseudonym="Shopper 7", active=False
    )
    assert lived_in.visits.find(id_number(1)).answers == visit.answers
    assert lived_in.scores.of(id_number(1)) == score
    assert lived_in.devices.of_person(cast.SAM.id) == []
    assert lived_in.people.find(cast.ADA.id) == cast.ADA


def test_a_shopper_who_came_back_keeps_the_name(lived_in: Store) -> None:
    with lived_in.transaction():
        begun(lived_in, 2, now=after(700))
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert lived_in.people.find(cast.SAM.id) == cast.SAM


def seen_on_a_phone(store: Store) -> None:
    store.devices.touch("d1", after(700))


def asked_after(store: Store) -> None:
    store.journal.write(cast.ADA.id, "person.asked", cast.SAM.id, after(700))


def offered_long_ago_for_later(store: Store) -> None:
    store.assignments.save(replace(offer(2), until=after(700).date()))


@pytest.mark.parametrize("sign_of_life", [seen_on_a_phone, asked_after, offered_long_ago_for_later])
def test_a_name_is_kept_from_the_last_that_was_heard_of_a_shopper_on(
    lived_in: Store, sign_of_life: Callable[[Store], None]
) -> None:
    with lived_in.transaction():
        sign_of_life(lived_in)
    without_sign_ins = replace(PERIODS, sign_ins_days=0)
    assert purge(lived_in, without_sign_ins, EVERYTHING_IS_OLD)["names of shoppers"] == 0
    assert purge(lived_in, without_sign_ins, after(700 + 731))["names of shoppers"] == 1


def test_what_has_ended_is_kept_from_its_end_on_and_not_from_the_day_it_would_have_ended(lived_in: Store) -> None:
    with lived_in.transaction():
        lived_in.devices.revoke("d1", NOW)
    found = purge(lived_in, PERIODS, after(91))  # the invitation was used at once, good for a fortnight
    assert (found["sign-ins that ended"], found["invitations that ended"]) == (1, 1)


def test_a_refused_message_goes_with_the_shorter_of_the_periods_for_messages_and_positions(lived_in: Store) -> None:
    with lived_in.transaction():
        lived_in.submissions.keep_conflict(message(1, lived_in.visits.find(id_number(1))), b"{}", NOW)
    assert purge(lived_in, PERIODS, after(89))["messages refused"] == 0
    assert purge(lived_in, PERIODS, after(91))["messages refused"] == 1


def test_what_could_not_be_read_goes_after_its_period_and_leaves_only_what_was_said_of_it(lived_in: Store) -> None:
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    rows = lived_in.connections.rows("select raw, said from submission_unreadable")
    assert [tuple(row) for row in rows] == [(None, "Not JSON.")]
    assert lived_in.submissions.unreadable_of(id_number(1)) == [("Not JSON.", NOW)]


def test_a_draft_that_was_never_sent_goes_with_all_that_hangs_on_it(lived_in: Store) -> None:
    with lived_in.transaction():
        forgotten, worked_on = begun(lived_in, 2), begun(lived_in, 3)
        lived_in.submissions.keep(message(2, forgotten), b"{}", "draft", NOW, "{}")
        lived_in.submissions.keep_conflict(message(2, forgotten), b"{ }", NOW)
        lived_in.submissions.keep(message(3, worked_on), b"{}", "draft", after(50), "{}")
        lived_in.photos.attach(forgotten.id, "shelf", "a" * 64, NOW)
    purge(lived_in, PERIODS, after(100))
    left = {visit.id for visit in lived_in.visits.latest(9)}
    assert left == {id_number(1), worked_on.id}
    assert lived_in.submissions.of_visit(forgotten.id) == []
    assert lived_in.assignments.find(forgotten.assignment_id)
    assert [line.what for line in lived_in.journal.of(forgotten.id)] == ["visit.forgotten"]


def test_a_photo_past_its_period_is_deleted_and_said_to_be(lived_in: Store) -> None:
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert list(lived_in.photos.pictures.files()) == []
    assert [photo.removed_at for photo in lived_in.photos.of_visit(id_number(1))] == [EVERYTHING_IS_OLD]


def test_a_photo_past_its_period_is_deleted_though_its_file_is_young(lived_in: Store) -> None:
    for path in lived_in.photos.pictures.files():
        os.utime(path, (EVERYTHING_IS_OLD.timestamp(), EVERYTHING_IS_OLD.timestamp()))  # as after a restore
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert list(lived_in.photos.pictures.files()) == []


def test_a_photo_that_is_sent_again_while_its_older_self_is_purged_keeps_its_picture(
    lived_in: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The purge has the lock when the photo comes: its files are written before, its row after."""
    keep = lived_in.photos.pictures.keep

    def keep_then_purge(sha256: str, size: str, picture: bytes) -> None:
        keep(sha256, size, picture)
        if size == "paper":
            monkeypatch.undo()
            purge(lived_in, PERIODS, EVERYTHING_IS_OLD)

    monkeypatch.setattr(lived_in.photos.pictures, "keep", keep_then_purge)
    lived_in.photos.add(Picture(), EVERYTHING_IS_OLD)
    assert lived_in.photos.read("a" * 64) == b"a large picture"
    assert lived_in.photos.find("a" * 64).removed_at is None


def taken_away(store: Store, outcome: str = "draft", state: VisitState = VisitState.PUBLISHED) -> None:
    """Sam took the photo out of the answers of the visit, after a message with this outcome had named it."""
    with store.transaction():
        visit = store.visits.find(id_number(1))
        answers = {id: answer.with_photos(()) for id, answer in visit.answers.items()}
        store.connections.change("delete from submission")
        named = message(2, visit)
        store.submissions.keep(named, b'{"photos": ["%s"]}' % (b"a" * 64), outcome, NOW, answers_text(visit.answers))
        store.visits.save(replace(visit, answers=answers, state=state))


@pytest.mark.parametrize("state", [VisitState.PUBLISHED, VisitState.STOPPED])
def test_a_photo_that_its_shopper_took_away_goes_with_its_picture(lived_in: Store, state: VisitState) -> None:
    taken_away(lived_in, state=state)
    assert purge(lived_in, PERIODS, after(1))["photos taken away"] == 0
    assert purge(lived_in, PERIODS, after(4), dry_run=True)["photos taken away"] == 1
    assert purge(lived_in, PERIODS, after(4))["photos taken away"] == 1
    assert lived_in.photos.arrived_for([id_number(1)])[id_number(1)] == frozenset()
    assert list(lived_in.photos.pictures.files()) == []
    assert wrong(lived_in) == []


@pytest.mark.parametrize("outcome", ["submitted", "second", "sibling", "late", "after"])
def test_a_photo_in_a_message_that_is_kept_as_evidence_stays(lived_in: Store, outcome: str) -> None:
    taken_away(lived_in, outcome)
    assert purge(lived_in, PERIODS, after(4))["photos taken away"] == 0
    assert lived_in.photos.read("a" * 64) == b"a large picture"


@pytest.mark.parametrize("state", [VisitState.DRAFT, VisitState.SUBMITTED, VisitState.RETURNED, VisitState.APPROVED])
def test_a_photo_stays_as_long_as_a_late_word_may_name_it_again(lived_in: Store, state: VisitState) -> None:
    taken_away(lived_in, state=state)
    assert purge(lived_in, PERIODS, after(4))["photos taken away"] == 0


def test_a_photo_that_came_after_its_visit_was_published_has_a_day_to_be_named(lived_in: Store) -> None:
    taken_away(lived_in)
    with lived_in.transaction():
        lived_in.connections.change("update visit_photo set added_at = ?", (instant_text(after(10)),))
    assert purge(lived_in, PERIODS, after(10) + timedelta(hours=23))["photos taken away"] == 0
    assert purge(lived_in, PERIODS, after(10) + timedelta(hours=25))["photos taken away"] == 1


def test_a_photo_that_went_is_taken_again_from_a_phone_that_still_holds_it(lived_in: Store) -> None:
    taken_away(lived_in)
    purge(lived_in, PERIODS, after(4))
    lived_in.photos.add(Picture(), after(5))
    with lived_in.transaction():
        lived_in.photos.attach(id_number(1), "", "a" * 64, after(5))
    assert lived_in.photos.read("a" * 64) == b"a large picture"
    assert lived_in.photos.find("a" * 64).removed_at is None


def test_a_photo_of_no_visit_goes_after_a_day(lived_in: Store) -> None:
    with lived_in.transaction():
        lived_in.connections.change("delete from visit_photo")
    assert not any(purge(lived_in, PERIODS, NOW).values())
    assert purge(lived_in, PERIODS, after(2))["photos of no visit"] == 1
    assert list(lived_in.photos.pictures.files()) == []


def test_what_a_crash_left_goes_after_a_day_and_not_before(lived_in: Store) -> None:
    folder = lived_in.photos.pictures.path("a" * 64).parent
    for name in (f"{'a' * 63}b.jpg", f"{'a' * 64}.jpg.1-2.unfinished"):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (NOW.timestamp(), NOW.timestamp()))
    assert purge(lived_in, PERIODS, NOW)["stray files"] == 0
    assert purge(lived_in, PERIODS, after(2))["stray files"] == 2
    assert len(list(folder.iterdir())) == 2
    assert lived_in.photos.read("a" * 64) == b"a large picture"


def test_a_photo_that_arrives_in_full_while_strays_are_sought_hinders_nothing(
    lived_in: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lived_in.photos.pictures.folder
    gone = folder / "aa" / f"{'a' * 64}.jpg.1-2.unfinished"  # it was there when the folder was read
    monkeypatch.setattr(PhotoStore, "unfinished", lambda _: [gone])
    assert purge(lived_in, PERIODS, after(2))["stray files"] == 0


def test_after_a_purge_every_seal_fits_and_the_journal_says_what_was_done(lived_in: Store) -> None:
    purge(lived_in, PERIODS, EVERYTHING_IS_OLD)
    assert wrong(lived_in) == []
    last = lived_in.journal.latest(1)[0]
    assert (last.who, last.what, last.at) == ("system", "retention.purged", EVERYTHING_IS_OLD)
    assert isinstance(last.after, dict)
    assert last.after["photos"] == 1
    assert [line.after for line in lived_in.journal.of(cast.SAM.id)] == [None, None]


def test_many_are_taken_out_in_small_transactions(lived_in: Store) -> None:
    with lived_in.transaction():
        for n in range(450):
            lived_in.throttles.add(f"key {n}", NOW)
    assert purge(lived_in, PERIODS, after(91))["tries to sign in"] == 451
    assert not any(lived_in.throttles.count(f"key {n}", NOW) for n in range(450))
