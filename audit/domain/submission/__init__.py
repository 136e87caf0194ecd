"""What is sent about a visit: the envelope in which it arrives, and which of two edits stands.

envelope, merging. Refuses to judge an answer: what an envelope holds is still as it was sent.
"""

from audit.domain.submission.envelope import (
    MOST_AT_ONCE,
    MOST_BYTES,
    MOST_PHOTOS,
    MOST_SAVES,
    UUID,
    Receipt,
    Submission,
    canonical,
    digest,
    mark_from_tree,
    mark_to_tree,
    read_batch,
    read_envelope,
    read_submission,
    read_tree,
)
from audit.domain.submission.merging import Merged, Odd, Sight, Word, Words, merge_answers

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
    "read_batch",
    "read_envelope",
    "read_submission",
    "read_tree",
]
