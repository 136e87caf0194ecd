"""The laws of merging two edits of a visit."""

from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.model import Answer
from audit.domain.submission import Odd, Sight, merge_answers

photos = some.lists(some.sampled_from(["a" * 64, "b" * 64]), unique=True, max_size=2).map(tuple)
said = some.builds(Answer, some.sampled_from([None, "yes", "no"]), some.sampled_from(["", "so"]), photos=photos)
all_said = some.dictionaries(some.sampled_from(["greeted", "till", "shelf"]), said, max_size=3).map(
    lambda answers: {id: answer for id, answer in answers.items() if answer != Answer()}
)


def page(base: dict) -> Sight:
    """A page that showed these answers."""
    return Sight(base, base)


def merged(sight: Sight, head: dict, incoming: dict) -> dict:
    return merge_answers(sight, head, incoming).words


@given(all_said, all_said)
def test_an_edit_that_changed_nothing_changes_nothing(base: dict, head: dict) -> None:
    assert merged(page(base), head, base) == head


@given(all_said, all_said)
def test_an_edit_on_top_of_the_head_stands_as_it_is(head: dict, incoming: dict) -> None:
    after = merge_answers(page(head), head, incoming)
    assert {id: (answer.value, answer.comment, set(answer.photos)) for id, answer in after.words.items()} == {
        id: (answer.value, answer.comment, set(answer.photos)) for id, answer in incoming.items()
    }
    assert after.contested == ()


@given(all_said, all_said, all_said)
def test_the_same_edit_twice_is_the_same_as_once(base: dict, head: dict, incoming: dict) -> None:
    once = merged(page(base), head, incoming)
    assert merged(page(base), once, incoming) == once


@given(all_said, all_said, all_said)
def test_edits_of_different_questions_stand_side_by_side_in_either_order(base: dict, left: dict, right: dict) -> None:
    mine = {**base, "greeted": left.get("greeted", Answer("yes"))}
    yours = {**base, "till": right.get("till", Answer("no"))}
    seen = page(base)
    assert merged(seen, merged(seen, base, mine), yours) == merged(seen, merged(seen, base, yours), mine)


@given(all_said, all_said, all_said)
def test_a_photo_is_lost_only_if_the_edit_had_seen_it_and_took_it_away(base: dict, head: dict, incoming: dict) -> None:
    after = merged(page(base), head, incoming)
    for id, answer in head.items():
        for sha in answer.photos:
            had_seen = sha in base.get(id, Answer()).photos
            still_there = sha in incoming.get(id, Answer()).photos
            assert sha in after.get(id, Answer()).photos or (had_seen and not still_there)


@given(all_said, all_said, all_said)
def test_what_the_sender_had_not_seen_is_never_replaced(base: dict, head: dict, incoming: dict) -> None:
    after = merge_answers(Sight(base, base, {}), head, incoming)
    for id in ("greeted", "till", "shelf"):
        here, seen = head.get(id, Answer()), base.get(id, Answer())
        if (here.value, here.comment) != (seen.value, seen.comment):
            left = after.words.get(id, Answer())
            assert (left.value, left.comment) == (here.value, here.comment)


@given(all_said, all_said, all_said)
def test_every_word_of_an_edit_stands_or_is_old_or_is_contested(base: dict, head: dict, incoming: dict) -> None:
    after = merge_answers(page(base), head, incoming)
    for id, answer in incoming.items():
        left = after.words.get(id, Answer())
        stands = (left.value, left.comment) == (answer.value, answer.comment)
        assert stands or answer == base.get(id) or id in after.contested


def test_a_phone_that_leaves_out_what_it_never_knew_takes_nothing_away() -> None:
    head = {"greeted": Answer("yes"), "till": Answer("no")}
    said = {"greeted": Answer("yes")}
    assert merged(Sight(said, head, said), head, {"greeted": Answer("yes")}) == head
    assert merged(Sight(said, head, said), head, {"greeted": Answer()}) == {"till": Answer("no")}
    assert merged(Sight(head, head, said), head, {"greeted": Answer("yes"), "till": Answer()}) == said


def test_two_who_contradict_one_another_unseen_are_both_kept() -> None:
    after = merge_answers(Sight({}, {}, {}), {"till": Answer("no")}, {"till": Answer("yes"), "greeted": Answer("yes")})
    assert after.words == {"till": Answer("no"), "greeted": Answer("yes")}
    assert after.contested == ("till",)


def test_the_same_word_with_another_photo_contradicts_nobody() -> None:
    here, there = Answer("no", photos=("a" * 64,)), Answer("no", photos=("b" * 64,))
    after = merge_answers(Sight({}, {}, {}), {"till": here}, {"till": there})
    assert after.words == {"till": Answer("no", photos=("a" * 64, "b" * 64))}
    assert after.contested == ()


def test_an_odd_answer_stands_in_nobodys_way() -> None:
    here = {"people": Odd("many")}
    assert merged(page({"people": Answer("4")}), here, {}) == here  # no page shows it, so none takes it back
    assert merged(page({}), here, {"people": Answer("4")}) == {"people": Answer("4")}
    assert merged(page({}), here, {"people": Answer()}) == {}
    assert merged(page({}), here, {}) == here


def test_a_photo_that_arrived_meanwhile_makes_nobody_contradict_the_words_beside_it() -> None:
    saw, stands = {"shelf": Answer("yes")}, {"shelf": Answer("yes", photos=("a" * 64,))}
    after = merge_answers(page(saw), stands, {"shelf": Answer("no", "Empty.")})
    assert (after.words, after.contested) == ({"shelf": Answer("no", "Empty.", photos=("a" * 64,))}, ())
