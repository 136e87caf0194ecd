"""The envelope: what can be read, and what is refused."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.errors import InvalidSubmission
from audit.domain.submission import (
    MOST_AT_ONCE,
    MOST_BYTES,
    canonical,
    digest,
    mark_from_tree,
    mark_to_tree,
    read_batch,
    read_envelope,
    read_submission,
    read_tree,
)
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
        ("marks", [{"name": "enter", "at": "0001-01-01T00:00:00+14:00"}]),
        ("marks", [{"name": "enter", "at": "9999-12-31T23:59:59-12:00"}]),
        ("msg_id", "1"),
        ("msg_id", None),
        ("visit_id", "../../etc/passwd"),
        ("device", ""),
        ("device", "a b"),
        ("n", -1),
        ("n", True),
        ("n", 1.5),
        ("n", 2**53),
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
        ("marks", [{"name": "enter", "at": "2026-05-04T10:02:00+00:00", "refused": 5}]),
        ("marks", [{"name": "enter", "at": "2026-05-04T10:02:00+00:00", "refused": "x" * 501}]),
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
    ("place", "is_on_earth"),
    [
        ((90, 180, 0), True),
        ((-90, -180, 40_000), True),
        ((90.1, 0, 1), False),
        ((-90.1, 0, 1), False),
        ((0, 180.1, 1), False),
        ((0, -180.1, 1), False),
        ((0, 0, -1), False),
    ],
)
def test_a_position_lies_on_the_earth(place: tuple[float, float, float], is_on_earth: bool) -> None:
    position = dict(zip(("latitude", "longitude", "accuracy_m"), place, strict=True))
    tree = {"name": "enter", "at": "2026-05-04T10:02:00+00:00", "position": position}
    if is_on_earth:
        assert mark_to_tree(mark_from_tree(tree)) == tree
    else:
        with pytest.raises(InvalidSubmission, match="A position is"):
            mark_from_tree(tree)


@pytest.mark.parametrize("latitude", ["52.5", "nan", "inf", 10**400, -(10**400), True, None, [52.5], float("nan")])
def test_a_position_is_numbers_and_nothing_that_only_looks_like_one(latitude: object) -> None:
    position = {"latitude": latitude, "longitude": 0, "accuracy_m": 5}
    with pytest.raises(InvalidSubmission, match="A position is"):
        mark_from_tree({"name": "enter", "at": "2026-05-04T10:02:00+00:00", "position": position})


def test_the_largest_envelope_is_read() -> None:
    mark = {"name": "enter", "at": "2026-05-04T10:02:00+00:00", "refused": "x" * 500}
    fields = {"n": 2**53 - 1, "marks": [mark] * 50, "answers": {str(n): "yes" for n in range(300)}}
    submission = read_submission({**ENVELOPE, **fields})
    assert (submission.n, len(submission.marks), len(submission.answers)) == (2**53 - 1, 50, 300)
    assert read_tree(b" " * (MOST_BYTES - 1) + b"1") == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON that can be read"),
        (b"\xff", "not JSON that can be read"),
        (b"nonsense", "not JSON that can be read"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": Infinity}', "Infinity is not a number"),
        (b'{"a": 1, "a": 2}', "a name stands twice"),
        (b'{"a": 1e999}', "1e999 is no number that can be kept"),
        (b"[" * 5000 + b"]" * 5000, "not JSON|nested too deeply"),
        (b'{"a": [[[[[[[1]]]]]]]}', "nested too deeply"),
        (b" " * MOST_BYTES + b"1", "holds at most 2,?000,?000 bytes"),
        (b"[1, 2]", "is an object with the fields"),
    ],
    ids=lambda given: str(given[:20]),
)
def test_bytes_that_are_no_envelope_are_refused_with_the_reason(raw: bytes, why: str) -> None:
    with pytest.raises(InvalidSubmission, match=why):
        read_envelope(raw)


@pytest.mark.parametrize(
    ("words", "taken"),
    [("a\0b", False), ("\\\0", False), ("\\u0000", True), ("\\\\u0000", True), ("€ \x01", True)],
)
def test_a_nul_is_refused_wherever_it_stands_and_words_about_one_are_not(words: str, taken: bool) -> None:
    for tree in (words, {words: 1}, [[words]]):
        with contextlib.nullcontext() if taken else pytest.raises(InvalidSubmission, match="NUL"):
            assert read_tree(json.dumps(tree).encode()) == tree


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00\ud800", r"\ud83d"])
def test_half_a_letter_is_refused_wherever_it_stands(escape: str) -> None:
    for raw in (f'{{"{escape}": 1}}', f'["{escape}"]', f'"{escape}"'):
        with pytest.raises(InvalidSubmission, match="not JSON that can be read"):
            read_tree(raw.encode())


def test_six_levels_are_read_and_a_seventh_is_not() -> None:
    assert read_tree(b'[{"a": [{"a": [{"a": 1, "b": "x"}]}]}]') == [{"a": [{"a": [{"a": 1, "b": "x"}]}]}]
    for raw in (b'[{"a": [{"a": [{"a": []}]}]}]', b"[" * 500 + b"]" * 500):
        with pytest.raises(InvalidSubmission, match="nested too deeply"):
            read_tree(raw)


@given(some.binary(max_size=200))
def test_whatever_arrives_is_read_or_refused_never_more(raw: bytes) -> None:
    with contextlib.suppress(InvalidSubmission):
        read_tree(raw)


def test_the_digest_does_not_depend_on_the_order_of_fields() -> None:
    assert digest(dict(reversed(ENVELOPE.items()))) == digest(ENVELOPE)


def test_the_envelopes_of_a_batch_come_apart_into_the_bytes_that_were_frozen() -> None:
    frozen = [b'{"a": "\xc3\xa9, ]",  "b":[1 ,2]}', b'{"c":{}}', b'"odd"', b"7"]
    assert read_batch(b" [" + b" ,\n".join(frozen) + b" ]\n") == frozen
    assert read_batch(b"[]") == []


@pytest.mark.parametrize("raw", [b"", b"[", b"{}", b"[1,]", b"[1 2]", b"[1] 2", b"[1", b"[,1]", b"\xff", b"[" * 9999])
def test_what_is_no_list_of_envelopes_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(InvalidSubmission):
        read_batch(raw)


def test_a_batch_holds_so_many_and_no_more() -> None:
    assert len(read_batch(b"[" + b",".join([b"{}"] * MOST_AT_ONCE) + b"]")) == MOST_AT_ONCE
    with pytest.raises(InvalidSubmission):
        read_batch(b"[" + b",".join([b"{}"] * (MOST_AT_ONCE + 1)) + b"]")


def test_photos_are_named_by_the_envelope_and_by_its_answers() -> None:
    odd = {"photos": ["c" * 64, 7, "short"]}
    answers = {"shelf": {"photos": ["b" * 64, "a" * 64]}, "till": "yes", "odd": odd, "odder": {"photos": "no list"}}
    submission = read_submission({**ENVELOPE, "answers": answers})
    assert submission.named_photos == ("a" * 64, "b" * 64, "c" * 64)
