"""A checklist becomes a version, a visit becomes readable: each once, whoever asks twice."""

import pytest

from audit.actions.publishing import publish_checklist, publish_visit
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.errors import InvalidChecklist, NotAllowed, TooLate
from audit.domain.people import Person
from audit.domain.visit import VisitState
from audit.storage.store import Store
from tests import cast
from tests.domain.checklist.small import asked, tree_with
from tests.world import GOOD, NOW, assign, edit, minutes

SMALL = tree_with(asked("greeted"))
LARGER = tree_with(asked("greeted"), asked("till"))


def told(store: Store, which: str, what: str) -> int:
    return sum(line.what == what for line in store.journal.of(which))


def test_the_same_content_is_the_same_version_and_told_once(store: Store) -> None:
    versions = [publish_checklist(store, cast.ADA, tree, "", NOW).version for tree in (SMALL, SMALL, LARGER, SMALL)]
    assert versions == [1, 1, 2, 1]
    assert told(store, "small", "checklist.published") == 2


def test_a_checklist_that_cannot_be_used_becomes_no_version(store: Store) -> None:
    with pytest.raises(InvalidChecklist):
        publish_checklist(store, cast.ADA, tree_with(asked("greeted", weight=-1)), "", NOW)
    assert [published.checklist.id for published in store.checklists.list_latest()] == ["welcome"]


def test_a_checklist_does_not_change_its_channel_since_figures_would_mix_both(store: Store) -> None:
    publish_checklist(store, cast.ADA, SMALL, "", NOW)
    with pytest.raises(
        InvalidChecklist, match=r"was published for the channel “visit”.* Give this one an id of its own"
    ):
        publish_checklist(store, cast.ADA, {**LARGER, "channel": "phone"}, "", NOW)
    assert store.checklists.latest("small").version == 1
    publish_checklist(store, cast.ADA, {**LARGER, "id": "small-call", "channel": "phone"}, "", NOW)
    assert store.checklists.latest("small-call").checklist.channel == "phone"


def test_a_visit_is_published_once_and_only_after_it_was_sent(store: Store) -> None:
    visit = begin_visit(store, cast.SAM, assign(store).id, NOW)
    with pytest.raises(TooLate):
        publish_visit(store, cast.ADA, visit.id, minutes(1))
    receive_submission(store, cast.SAM, *edit(visit, GOOD), minutes(30))
    first = publish_visit(store, cast.ADA, visit.id, minutes(40))
    assert publish_visit(store, cast.ADA, visit.id, minutes(50)) == first
    assert (first.state, first.published_at) == (VisitState.PUBLISHED, minutes(40))
    assert told(store, visit.id, "visit.published") == 1


@pytest.mark.parametrize("person", [cast.RITA, cast.AMIR, cast.SAM], ids=lambda person: person.role.value)
def test_nobody_but_the_office_publishes(store: Store, person: Person) -> None:
    visit = begin_visit(store, cast.SAM, assign(store).id, NOW)
    receive_submission(store, cast.SAM, *edit(visit, GOOD), minutes(30))
    with pytest.raises(NotAllowed):
        publish_visit(store, person, visit.id, minutes(40))
    with pytest.raises(NotAllowed):
        publish_checklist(store, person, SMALL, "", NOW)
