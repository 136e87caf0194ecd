"""What a message says about each question: an answer, one that is taken back, or an odd one.

Owns the judging of what was sent, question by question. Refuses nothing: what a question cannot take is kept as it was
sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.domain.checklist.answers import PARTS, answers_in_a_word, clean_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Checklist
from audit.domain.errors import InvalidAnswer
from audit.domain.visit import Visit


@dataclass(frozen=True)
class Odd:
    """An answer that its question cannot take, as it was sent."""

    tree: object


Word = Answer | Odd
Words = Mapping[str, Word]


def words_of(visit: Visit) -> dict[str, Word]:
    """What stands in a visit, by question."""
    return {**visit.answers, **{id: Odd(tree) for id, tree in visit.odd.items()}}


def read_words(checklist: Checklist, trees: Mapping[str, object]) -> dict[str, Word]:
    """What these trees say, question by question: an answer, NO_ANSWER for one taken back, or an odd one."""
    words: dict[str, Word] = {}
    questions, in_a_word = checklist.by_id, checklist.once(answers_in_a_word)
    for id, tree in trees.items():
        if id not in questions:
            words[id] = _unasked(tree)
            continue
        bare = tree["value"] if type(tree) is dict and len(tree) == 1 and "value" in tree else tree
        if type(bare) is str and bare in in_a_word[id]:
            words[id] = in_a_word[id][bare]
            continue
        try:
            words[id] = clean_answer(questions[id], tree)
        except InvalidAnswer:
            words[id] = Odd(tree)
    return words


def read_words_beside(here: Words, checklist: Checklist, trees: Mapping[str, object]) -> dict[str, Word]:
    """The same. What stands `here` already, spelled the same, was judged when it came: it is not judged again."""
    stands = {id: word for id, word in here.items() if isinstance(word, Answer) and _spells(trees.get(id), word)}
    if not stands:
        return read_words(checklist, trees)
    judged = read_words(checklist, {id: tree for id, tree in trees.items() if id not in stands})
    return {id: stands[id] if id in stands else judged[id] for id in trees}


def read_answers(checklist: Checklist, trees: Mapping[str, object]) -> tuple[dict[str, Answer], dict[str, object]]:
    """The answers that the questions can take, and the odd ones as they were sent (unknown question, odd value)."""
    return sort_words(read_words(checklist, trees))


def sort_words(words: Words) -> tuple[dict[str, Answer], dict[str, object]]:
    """The answers that were given among these words, and the odd ones as they were sent."""
    answers = {id: word for id, word in words.items() if isinstance(word, Answer) and word != NO_ANSWER}
    return answers, {id: word.tree for id, word in words.items() if isinstance(word, Odd)}


def _unasked(tree: object) -> Word:
    return NO_ANSWER if tree in (None, {}) else Odd(tree)


def _spells(tree: object, word: Answer) -> bool:
    """Whether this is that very answer, as pages and drafts spell it. False proves nothing: there are other ways."""
    if not isinstance(tree, dict) or not PARTS.issuperset(tree):
        return False
    value = tree.get("value")
    plain = list(word.value) if isinstance(word.value, tuple) else word.value
    said = (value, tree.get("comment", ""), tree.get("facts", []), tree.get("photos", []))
    return type(value) is type(plain) and said == (plain, word.comment, list(word.facts), list(word.photos))
