"""Corrections on their shelf: all of each comes back, none is changed, and old words go when their period is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audit.domain.checklist.model import Answer
from audit.storage.connections import sqlite3
from audit.storage.duties import Periods
from audit.storage.retention import purge
from audit.storage.seals import broken_seals
from audit.storage.store import Store
from tests.builders import build_visit, good_answers, id_number
from tests.storage.conftest import NOW, begun
from tests.storage.corrected import GREETED, QUESTIONS, SENTENCE

PERIODS = Periods(submissions_days=365)
NARRATIVE = replace(
    GREETED, question_id="narrative", before=Answer("Maria was rude."), after=Answer("Somebody was rude.")
)


@pytest.fixture
def corrected(programme: Store) -> Store:
    """A published visit with two corrections."""
    with programme.transaction():
        begun(programme, 1)
        programme.visits.save(build_visit(1, answers=good_answers(narrative="Somebody was rude.")))
        for correction in (GREETED, NARRATIVE):
            programme.corrections.add(correction, QUESTIONS[correction.question_id])
    return programme


def in_files(store: Store, words: str) -> bool:
    files = [path.read_bytes() for path in store.path.parent.glob("candour.db*")]
    return any(words.encode() in content for content in files)


def test_a_correction_comes_back_with_all_that_it_says(corrected: Store) -> None:
    of_text = replace(NARRATIVE, after=Answer())  # what stands there since stands in the visit
    assert corrected.corrections.of_visit(id_number(1)) == (GREETED, of_text)
    assert corrected.corrections.of_visits([id_number(2)]) == {}
    assert corrected.corrections.count_of([id_number(1), id_number(2)]) == {id_number(1): 2}


def test_what_could_not_be_read_comes_back_as_it_was_sent(corrected: Store) -> None:
    odd = replace(GREETED, before=Answer(), unread={"value": "perhaps"}, words=False)
    with corrected.transaction():
        corrected.corrections.add(odd, QUESTIONS["greeted"])
    assert corrected.corrections.of_visit(id_number(1))[-1] == odd


def test_when_answers_of_an_area_were_last_corrected(corrected: Store) -> None:
    day = NOW.date()
    newest = corrected.corrections.newest_at
    assert newest("NORTH", day, day) == newest(None, day, day) == NOW
    assert newest("SOUTH", day, day) is newest("", day, day) is None
    assert newest("NORTH", day + timedelta(days=1), day + timedelta(days=9)) is None


@pytest.mark.parametrize(
    "change",
    [
        "delete from correction",
        "update correction set reason = 'Nothing.'",
        "update correction set before = '{}'",
        "update correction set shown_before = 100",
        "update correction set words_before = '{}'",
        "update correction set who = 'somebody'",
    ],
)
def test_a_correction_is_neither_changed_nor_taken_away(corrected: Store, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="it stays"), corrected.transaction():
        corrected.connections.change(change)
    assert len(corrected.corrections.of_visit(id_number(1))) == 2


def test_a_bit_that_flips_in_a_correction_is_found(corrected: Store) -> None:
    connection = corrected.connections.mine().conn
    assert broken_seals(connection) == []
    with corrected.transaction():
        corrected.connections.change("drop trigger correction_is_never_changed")
        corrected.connections.change("update correction set shown_before = 72 where question_id = 'greeted'")
    assert [table for table, _ in broken_seals(connection)] == ["correction"]


def test_old_words_go_when_the_messages_go_and_the_rest_of_a_correction_stays(corrected: Store) -> None:
    assert in_files(corrected, SENTENCE)
    assert purge(corrected, PERIODS, NOW + timedelta(days=364))["words that were corrected"] == 0
    assert purge(corrected, PERIODS, NOW + timedelta(days=366))["words that were corrected"] == 2
    first, second = corrected.corrections.of_visit(id_number(1))
    assert first == replace(GREETED, before=GREETED.before._replace(comment=""))
    assert (second.before, second.words, second.reason) == (Answer(), True, NARRATIVE.reason)
    assert not in_files(corrected, SENTENCE)
    assert broken_seals(corrected.connections.mine().conn) == []
    assert purge(corrected, PERIODS, NOW + timedelta(days=366))["words that were corrected"] == 0
