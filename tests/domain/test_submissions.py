"""The envelope: what can be read, what is refused, and the laws of merging two edits."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.model import Answer
from audit.domain.errors import InvalidSubmission
from audit.domain.submission import canonical, digest, merge_answers, read_envelope, read_submission, read_tree
from tests.builders import id_number

ENVELOPE = {
    "msg_id": id_number(1),
    "visit_id": id_number(2),
    "device": "page-1",
    "n": 0,
    "base": None,
    "checklist": "six-secrets",
    "version": 1,
    "answers": {"greeted": "yes"},
    "marks": [{"name": "enter", "at": "2026-05-04T10:02:00+00:00"}],
    "photos": ["a" * 64],
}


def test_what_was_written_is_read_again() -> None:
    submission = read_envelope(canonical(ENVELOPE))
    assert read_submission(json.loads(canonical(submission.to_tree()))) == submission
    assert canonical(submission.to_tree()) == canonical(ENVELOPE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("msg_id", "1"),
        ("msg_id", None),
        ("visit_id", "../../etc/passwd"),
        ("device", ""),
        ("device", "a b"),
        ("n", -1),
        ("n", True),
        ("n", 1.5),
        ("n", 2**60),
        ("base", "none"),
        ("checklist", "<b>"),
        ("version", "1"),
        ("answers", []),
        ("answers", {str(n): "yes" for n in range(301)}),
        ("marks", {}),
        ("marks", ["enter"]),
        ("marks", [{"name": "enter"}]),
        ("marks", [{"name": "enter", "at": "2026-05-04T10:02:00"}]),
        ("marks", [{"name": "enter", "at": "noon"}]),
        ("marks", [{"name": "enter", "at": "2026-05-04T10:02:00+00:00", "position": {"latitude": 91}}]),
        (
            "marks",
            [
                {
                    "name": "enter",
                    "at": "2026-05-04T10:02:00+00:00",
                    "position": {"latitude": 91, "longitude": 0, "accuracy_m": 1},
                }
            ],
        ),
        ("marks", [{"name": "enter", "at": "2026-05-04T10:02:00+00:00", "refused": 5}]),
        ("photos", ["A" * 64]),
        ("photos", ["a" * 64] * 31),
        ("extra", 1),
    ],
)
def test_a_field_that_cannot_be_read_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidSubmission) as refusal:
        read_submission({**ENVELOPE, field: value})
    assert field in f"{refusal.value} {refusal.value.place}"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"nonsense",
        b"[1, 2]",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b"[" * 5000 + b"]" * 5000,
        b'{"a": [[[[[[[1]]]]]]]}',
        b" " * 2_000_001,
    ],
    ids=lambda raw: raw[:20],
)
def test_bytes_that_are_no_envelope_are_refused_in_words(raw: bytes) -> None:
    with pytest.raises(InvalidSubmission):
        read_envelope(raw)


@given(some.binary(max_size=200))
def test_whatever_arrives_is_read_or_refused_never_more(raw: bytes) -> None:
    with contextlib.suppress(InvalidSubmission):
        read_tree(raw)


def test_the_digest_does_not_depend_on_the_order_of_fields() -> None:
    assert digest(dict(reversed(ENVELOPE.items()))) == digest(ENVELOPE)


photos = some.lists(some.sampled_from(["a" * 64, "b" * 64]), unique=True, max_size=2).map(tuple)
said = some.builds(Answer, some.sampled_from([None, "yes", "no"]), some.sampled_from(["", "so"]), photos=photos)
all_said = some.dictionaries(some.sampled_from(["greeted", "till", "shelf"]), said, max_size=3).map(
    lambda answers: {id: answer for id, answer in answers.items() if answer != Answer()}
)


@given(all_said, all_said)
def test_an_edit_that_changed_nothing_changes_nothing(base: dict, head: dict) -> None:
    assert merge_answers(base, head, base) == head


@given(all_said, all_said)
def test_an_edit_on_top_of_the_head_stands_as_it_is(head: dict, incoming: dict) -> None:
    merged = merge_answers(head, head, incoming)
    assert {id: (answer.value, answer.comment) for id, answer in merged.items() if answer.value or answer.comment} == {
        id: (answer.value, answer.comment) for id, answer in incoming.items() if answer.value or answer.comment
    }
    assert {id: set(answer.photos) for id, answer in merged.items() if answer.photos} == {
        id: set(answer.photos) for id, answer in incoming.items() if answer.photos
    }


@given(all_said, all_said, all_said)
def test_the_same_edit_twice_is_the_same_as_once(base: dict, head: dict, incoming: dict) -> None:
    once = merge_answers(base, head, incoming)
    assert merge_answers(base, once, incoming) == once


@given(all_said, all_said, all_said)
def test_edits_of_different_questions_stand_side_by_side_in_either_order(base: dict, left: dict, right: dict) -> None:
    mine = {**base, "greeted": left.get("greeted", Answer("yes"))}
    yours = {**base, "till": right.get("till", Answer("no"))}
    one = merge_answers(base, merge_answers(base, base, mine), yours)
    other = merge_answers(base, merge_answers(base, base, yours), mine)
    assert one == other


@given(all_said, all_said, all_said)
def test_a_photo_is_lost_only_if_the_edit_had_seen_it_and_took_it_away(base: dict, head: dict, incoming: dict) -> None:
    merged = merge_answers(base, head, incoming)
    for id, answer in head.items():
        for sha in answer.photos:
            had_seen = sha in base.get(id, Answer()).photos
            still_there = sha in incoming.get(id, Answer()).photos
            assert sha in merged.get(id, Answer()).photos or (had_seen and not still_there)
