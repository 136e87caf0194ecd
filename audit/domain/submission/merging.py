"""Which of two edits of a visit stands, answer by answer.

Refuses to trust any clock for order: edits are ordered by the device's own number and by the head that each had seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from audit.domain.checklist.model import NO_ANSWER, Answer
from audit.domain.submission.words import Odd, Word, Words


@dataclass(frozen=True)
class Sight:
    """What a sender had before its eyes when it wrote: what it did not see, it cannot have meant to replace.

    `view` is its copy of the visit before the edit. `known` are further words that it may replace. `said` holds what a
    phone itself said before: what a phone leaves out and never said, it says nothing about. None stands for a page,
    which shows every answer, so that what it leaves out was taken back."""

    view: Words = field(default_factory=dict)
    known: Words = field(default_factory=dict)
    said: Words | None = None

    def is_changed(self, id: str, incoming: Words, here: Word) -> bool:
        """Whether the edit says something about this question that it did not find, and that does not stand yet."""
        new = incoming.get(id, NO_ANSWER)
        if isinstance(here, Odd) and self.said is None:
            return new != here and id in incoming  # an odd answer is no part of any earlier state
        speaks_of_it = id in incoming or self.said is None or id in self.said
        return speaks_of_it and new not in (here, self.view.get(id, NO_ANSWER))

    def knows(self, id: str, standing: Word) -> bool:
        """Whether the sender had seen what stands now. An odd answer stands in nobody's way: its message is kept."""
        seen = (self.view.get(id, NO_ANSWER), self.known.get(id, NO_ANSWER))
        return isinstance(standing, Odd) or standing in seen or _bare(standing) in map(_bare, seen)


@dataclass(frozen=True)
class Merged:
    """What stands after an edit, by question, and the questions about which it contradicts what its sender had not
    seen: there nothing was replaced."""

    words: dict[str, Word]
    contested: tuple[str, ...] = ()


def merge_answers(sight: Sight, head: Words, incoming: Words) -> Merged:
    """Merge an edit answer by answer: what it changed is taken, what it left alone stays, and what another device has
    changed meanwhile stays and is contested. Photos only ever add up, unless the edit took one away that it had seen.
    """
    if not (head or sight.view or sight.said):  # nothing stands anywhere, and nothing was seen
        return Merged({id: word for id, word in incoming.items() if word != NO_ANSWER})
    words, contested = dict(head), []
    for id in {**sight.view, **(sight.said or {}), **incoming}:
        new, here = incoming.get(id, NO_ANSWER), head.get(id, NO_ANSWER)
        if new == here:
            continue
        if here is NO_ANSWER and id not in sight.view:
            words[id] = new  # nothing stands there, and nothing was seen
            continue
        if not sight.is_changed(id, incoming, here):
            continue
        if sight.knows(id, here) or _bare(new) == _bare(here):
            taken_away = set(_photos(sight.view.get(id, NO_ANSWER))) - set(_photos(new))
            photos = (*_photos(here), *_photos(new))
            words[id] = _with_photos(new, (sha for sha in photos if sha not in taken_away)) if photos else new
        else:
            words[id] = _with_photos(here, (*_photos(here), *_photos(new)))
            contested.append(id)
    return Merged({id: word for id, word in words.items() if word != NO_ANSWER}, tuple(contested))


def _photos(word: Word) -> tuple[str, ...]:
    return word.photos if isinstance(word, Answer) else ()


def _bare(word: Word) -> Word:
    """The word without its photos, which arrive and are kept beside all words."""
    return word.with_photos(()) if isinstance(word, Answer) and word.photos else word


def _with_photos(word: Word, photos: Iterable[str]) -> Word:
    return word.with_photos(photos) if isinstance(word, Answer) else word
