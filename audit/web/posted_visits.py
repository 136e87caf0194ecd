"""A visit's form as it came back: what was typed, photos that came along, and the envelope made of it.

The plain form is turned into the same envelope that a phone's outbox sends. A form holds no lock: a page that was kept
open, or opened again with the browser's way back, is merged like an edit from any other device.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from flask import g, request

from audit.actions.merging import AFTER, SECOND, SIBLING
from audit.actions.submitting import save_draft
from audit.actions.visiting import circumstances_of, keep_photo
from audit.domain.errors import InvalidPhoto, InvalidSubmission, TooMany
from audit.domain.submission import UUID, Submission, photos_in
from audit.domain.visit import Position, Visit
from audit.storage.identifiers import new_id
from audit.web.access import shelves, this_moment, viewer
from audit.web.answer_fields import AnswerField, tree_of
from audit.web.forms import VisitForm
from audit.web.languages import language, lazy, tell
from audit.web.notices import tell_next_page

# What a shopper is told when typed words did not come to stand in the visit.
BESIDE = {
    SIBLING: lazy(
        "Part of this was changed on another device meanwhile. What stands there stays; what you wrote here is kept for"
        " the office as another version."
    ),
    AFTER: lazy("What you wrote is kept for the office."),
    SECOND: lazy("This visit was sent already. What you sent now is kept for the office beside it."),
}
POSITION = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?),(\d{1,8}(?:\.\d{1,3})?)")


def form_of(visit: Visit, *, posted: bool = False) -> VisitForm:
    """The form of a visit: with what was just typed, or with what is kept."""
    checklist = shelves().checklists.find(visit.checklist_id, visit.version).checklist
    tag = language_of(checklist.languages)
    circumstances = circumstances_of(shelves(), visit)
    if posted:
        form = VisitForm(checklist, circumstances, tag, request.form)
    else:
        form = VisitForm(checklist, circumstances, tag, None, visit.answers, visit.odd)
    for f in form.fields:
        f.photos_at = f"/photos/{visit.id}"
    return form


def language_of(languages: tuple[str, ...]) -> str:
    """The language in which a checklist is shown: the reader's if it speaks it, else its own first."""
    wanted = language()
    return next((tag for tag in (wanted, wanted.split("-")[0]) if tag in languages), languages[0])


def keep_posted(visit: Visit, form: VisitForm) -> bool:
    """Keep all that was typed, and the photos that came along, in the draft; False if something is to be mended.

    What the questions cannot take is kept as well, as it was typed."""
    form.validate()
    photos_fit = [_keep_photos(visit, f) for f in form.fields]
    form.look()
    now = this_moment()
    _save_words(visit, form, now)
    return all(photos_fit) and not form.complaints


def keep_late(visit: Visit, form: VisitForm) -> None:
    """Keep for the office what was typed in a visit that has ended meanwhile. Always raises TooLate."""
    try:
        _save_words(visit, form, this_moment())
    finally:
        visit.must_be_open()


def _save_words(visit: Visit, form: VisitForm, now: datetime) -> None:
    submission = envelope_of(visit, new_id(), int(now.timestamp() * 1000), _trees(visit, form))
    try:
        save_draft(shelves(), viewer(), submission, submission.spelling, now)
    finally:
        tell_if_beside(submission.msg_id)


def tell_if_beside(msg_id: str) -> None:
    """Say on the next page that this message is kept for the office and does not stand in the visit, if that is so."""
    kept = shelves().submissions.find(msg_id)
    if kept and kept.outcome in BESIDE:
        tell_next_page(str(BESIDE[kept.outcome]))


def envelope_of(visit: Visit, msg_id: str, n: int, trees: Mapping[str, object]) -> Submission:
    """The envelope of this form, from this device. `n` numbers its edits, by the clock of the server alone."""
    photos = tuple(dict.fromkeys(sha for tree in trees.values() for sha in photos_in(tree)))
    base = request.form.get("base") or None
    version = request.form.get("version", "")
    return Submission(
        msg_id=msg_id,
        visit_id=visit.id,
        device=f"page-{g.device.id}",
        n=n,
        base=base if base and UUID.fullmatch(base) else None,
        checklist=request.form.get("checklist") or visit.checklist_id,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else visit.version,
        answers=trees,
        photos=photos,
    )


def kept_trees(visit: Visit) -> dict[str, object]:
    """The answers that are kept, as the visit's form would send them."""
    trees = {id: tree_of(answer) for id, answer in visit.answers.items()}
    return {id: tree for id, tree in trees.items() if tree}


def edit_id() -> str:
    """The id that this page was served with; sending the same page twice is therefore harmless."""
    id = request.form.get("edit_id", "")
    if not UUID.fullmatch(id):
        raise InvalidSubmission("This page lacks its edit id. Open the visit again, and send it from there.")
    return id


def served_at(id: str) -> int:
    """The milliseconds since 1970 that a UUIDv7 begins with: when the page with this edit id was served (RFC 9562)."""
    return int(id.replace("-", "")[:12], 16)


def named_photos(form: VisitForm) -> None:
    """Count photos that came along as named, without keeping them: the visit was sent before."""
    for f in form.fields:
        for raw in _files(f):
            _add(f, hashlib.sha256(raw).hexdigest())


def posted_position() -> tuple[Position | None, str]:
    """The position that the page's script wrote, or why there is none. A position that cannot be read is none."""
    match = POSITION.fullmatch(request.form.get("position", ""))
    refused = request.form.get("refused", "").strip()[:500]
    if match is None:
        return None, refused
    latitude, longitude, accuracy = (float(number) for number in match.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None, refused
    return Position(latitude, longitude, accuracy), ""


def stopwatch_seconds(start: datetime, stop: datetime) -> int:
    """Whole seconds between two stamps, never below zero."""
    return max(0, round((stop - start).total_seconds()))


def _keep_photos(visit: Visit, f: AnswerField) -> bool:
    fits = True
    for raw in _files(f):
        try:
            _add(f, keep_photo(shelves(), viewer(), visit.id, f.question.id, raw, this_moment()))
        except (InvalidPhoto, TooMany) as refusal:
            f.errors = [*f.errors, tell(refusal)]
            fits = False
    return fits


def _files(f: AnswerField) -> list[bytes]:
    files = request.files.getlist(f.part("photos")) if f.takes_photos else []
    return [file.read() for file in files if file.filename]


def _add(f: AnswerField, sha256: str) -> None:
    photos = list(dict.fromkeys((*f.photos, sha256)))
    f.take({**f.tree, "photos": photos})


def _trees(visit: Visit, form: VisitForm) -> dict[str, object]:
    """What was typed, and an empty answer in place of an odd one that was taken out."""
    return {**{id: {} for id in visit.odd if f"q-{id}" in form}, **form.trees}
