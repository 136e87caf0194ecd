"""What is sent about a visit: the envelope in which it arrives, what it says, and which of two edits stands.

fields, spelling -> marks -> envelope; words -> merging. What an envelope holds is still as it was sent; it is judged
where it is read as words.
"""

from audit.domain.submission.envelope import (
    MOST_PHOTOS,
    MOST_SAVES,
    Receipt,
    Submission,
    photos_in,
    read_envelope,
    read_submission,
)
from audit.domain.submission.fields import UUID
from audit.domain.submission.marks import mark_from_tree, mark_to_tree
from audit.domain.submission.merging import Merged, Sight, merge_answers
from audit.domain.submission.spelling import MOST_AT_ONCE, MOST_BYTES, canonical, digest, read_batch, read_tree
from audit.domain.submission.words import (
    Odd,
    Word,
    Words,
    read_answers,
    read_words,
    read_words_beside,
    sort_words,
    words_of,
)

__all__ = [
    "MOST_AT_ONCE",
    "MOST_BYTES",
    "MOST_PHOTOS",
    "MOST_SAVES",
    "UUID",
    "Merged",
    "Odd",
    "Receipt",
    "Sight",
    "Submission",
    "Word",
    "Words",
    "canonical",
    "digest",
    "mark_from_tree",
    "mark_to_tree",
    "merge_answers",
    "photos_in",
    "read_answers",
    "read_batch",
    "read_envelope",
    "read_submission",
    "read_tree",
    "read_words",
    "read_words_beside",
    "sort_words",
    "words_of",
]
