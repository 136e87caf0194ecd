"""How an edit that arrives meets what is there: what its sender had seen, and what stands afterwards.

Owns the order of edits: the number of the device and the message it had seen, never a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.domain.checklist.model import NO_ANSWER, Checklist
from audit.domain.correction import as_sent
from audit.domain.errors import InvalidSubmission
from audit.domain.submission import (
    Sight,
    Submission,
    Word,
    Words,
    merge_answers,
    read_envelope,
    read_words,
    read_words_beside,
    sort_words,
    words_of,
)
from audit.domain.visit import Flag, Visit
from audit.storage.store import Store
from audit.storage.submissions import KeptSubmission

DRAFT, SIBLING, LATE = "draft", "sibling", "late"  # what became of a message that saves
SUBMITTED, SECOND = "submitted", "second"  # and of one that finishes
AFTER = "after"  # it saves, but came after the visit was sent
MERGED = (DRAFT, SIBLING, SUBMITTED)
BESIDE = (SIBLING, SECOND, AFTER)  # kept for whoever reads the visit


@dataclass(frozen=True)
class Edited:
    """The visit after an edit. `late` says that the edit is older than one of the same device, and changed nothing;
    `contested` names the questions about which it contradicts what it had not seen: there nothing was replaced."""

    visit: Visit
    contested: tuple[str, ...] = ()
    late: bool = False


def merge_edit(store: Store, visit: Visit, submission: Submission) -> Edited:
    """The open visit after this edit, inside a transaction of the caller's."""
    edited, words = _compare(store, visit, submission)
    if edited.late:
        return edited
    marked = visit
    for mark in submission.marks:
        marked = marked.marked(mark)
    # The head moves even if all was contested, so that it names what a device sees that looks after this message.
    return Edited(marked.with_answers(*sort_words(words), submission.msg_id), edited.contested)


def differs(store: Store, visit: Visit, submission: Submission) -> bool:
    """Whether an edit says anything that does not stand in the visit, and is not merely older. Of what the
    office corrected it may say either."""
    sent = as_sent(visit, store.corrections.of_visit(visit.id))
    return all(_says_more(store, one, submission) for one in ((visit,) if sent is visit else (visit, sent)))


def _says_more(store: Store, visit: Visit, submission: Submission) -> bool:
    edited, words = _compare(store, visit, submission)
    return not edited.late and (bool(edited.contested) or words != words_of(visit))


def is_all_that_stands(store: Store, visit: Visit, submission: Submission) -> bool:
    """Whether the visit says what this message says, and nothing besides."""
    checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
    said = {id: word for id, word in read_words(checklist, submission.answers).items() if word != NO_ANSWER}
    return said == words_of(visit)


@dataclass(frozen=True)
class OtherVersion:
    """What was kept beside the visit for its reviewer, and when it came: the words in which it differs; or, if it could
    not be read, what was said of it. `why` is "sibling", "second", "after", "conflict" or "unreadable"."""

    why: str
    received_at: datetime
    words: dict[str, Word]
    said: str = ""


def other_versions(store: Store, visit: Visit) -> list[OtherVersion]:
    """All that came for this visit and says something else than what stands in it, or stood there before the office
    corrected it; the oldest first."""
    shelf = store.submissions
    kept = [
        (one.outcome if one.outcome in BESIDE else SIBLING, shelf.raw(one.msg_id), one.received_at)
        for one in shelf.of_visit(visit.id)
        if one.outcome in BESIDE or (one.outcome == SUBMITTED and Flag.OTHER_VERSION in visit.flags)
    ]
    kept += [("conflict", raw, at) for raw, at in shelf.conflicting_bytes_of(visit.id)]
    sent = words_of(as_sent(visit, store.corrections.of_visit(visit.id)))
    here, checklist = words_of(visit), store.checklists.find(visit.checklist_id, visit.version).checklist
    found = []
    for why, raw, at in kept:
        words = _words_in(checklist, raw) or {}
        other = {id: word for id, word in words.items() if word not in (NO_ANSWER, here.get(id), sent.get(id))}
        if other:
            found.append(OtherVersion(why, at, other))
    found += [OtherVersion("unreadable", at, {}, said) for said, at in shelf.unreadable_of(visit.id)]
    return sorted(found, key=lambda version: version.received_at)


def _compare(store: Store, visit: Visit, submission: Submission) -> tuple[Edited, Words]:
    """What became of the edit, and the words that stand after it."""
    newest = store.submissions.newest(visit.id, submission.device, MERGED)
    here = words_of(visit)
    if newest and submission.n < newest.n:
        return Edited(visit, late=True), here
    checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
    incoming = read_words_beside(here, checklist, submission.answers)
    if newest and submission.n == newest.n and not submission.from_page:
        # Two messages with one number: a phone's store was copied. Neither is the newer one.
        return Edited(visit, tuple(id for id, word in incoming.items() if word != here.get(id, NO_ANSWER))), here
    merged = merge_answers(_sight(store, visit, submission, newest), here, incoming)
    return Edited(visit, merged.contested), merged.words


def _sight(store: Store, visit: Visit, submission: Submission, newest: KeptSubmission | None) -> Sight:
    """What the sender had before its eyes: the visit as it stood after `base`, and what it said itself since."""
    base = _answers_at(store, visit, submission.base)
    if submission.from_page:
        # One person turns the pages of one browser: what another of its pages kept may be replaced.
        return Sight(base, _answers_at(store, visit, newest.msg_id) if newest else base)
    said = _said(store, visit, newest) if newest else {}
    if newest is None or said is None:
        return Sight(base, base, {})
    if submission.base == newest.base:
        return Sight(said, base, said)  # it has looked at nothing else since
    seen = store.submissions.find(submission.base) if submission.base else None
    if seen is None:
        return Sight(said, base, said)
    if newest.place > seen.place:
        return Sight({**base, **_own_since(store, visit, newest, said, seen)}, base, said)
    return Sight(base, base, said)


def _own_since(store: Store, visit: Visit, newest: KeptSubmission, said: Words, seen: KeptSubmission) -> Words:
    """What a phone showed in front of the draft that it fetched: its own words that were still on their way.

    That is what it changed after its last message that was merged into that draft; and what it took back, unless it had
    said so before."""
    kinds = (*MERGED, LATE)  # what came late changed nothing, but tells what was said between two others
    own = [k for k in store.submissions.of_visit(visit.id) if k.device == newest.device and k.outcome in kinds]
    last = max((kept for kept in own if kept.place <= seen.place), key=lambda kept: kept.n, default=None)
    old = (_said(store, visit, last) if last else None) or {}
    before = _answers_at(store, visit, newest.base)
    looked = store.submissions.find(newest.base) if newest.base else None
    if last and (looked is None or looked.place < last.place):
        before = {**before, **old}  # it had fetched no draft since that message, and still showed its words
    since = last.n if last else -1
    between = [_said(store, visit, kept) or {} for kept in own if since < kept.n < newest.n]
    return {
        id: word
        for id, word in said.items()
        if word != before.get(id, NO_ANSWER)
        or (word == NO_ANSWER and old.get(id) != NO_ANSWER)
        or any(words.get(id, word) != word for words in between)
    }


def _answers_at(store: Store, visit: Visit, msg_id: str | None) -> Words:
    return store.submissions.answers_at(msg_id, visit.id) if msg_id else {}


def _said(store: Store, visit: Visit, kept: KeptSubmission) -> Words | None:
    """What this message said, as it said it; None once the period for keeping it has passed."""
    checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
    return _words_in(checklist, store.submissions.raw(kept.msg_id))


def _words_in(checklist: Checklist, raw: bytes | None) -> Words | None:
    try:
        return None if raw is None else read_words(checklist, read_envelope(raw).answers)
    except InvalidSubmission:
        return None
