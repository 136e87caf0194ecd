"""Publishing: a checklist becomes a frozen version, a visit becomes readable outside the programme office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.actions import SYSTEM
from audit.actions.printing import want_reports_of
from audit.domain.checklist.canonical import canonical, digest
from audit.domain.checklist.model import Checklist, PublishedChecklist
from audit.domain.checklist.parsing import checklist_from_tree, parse_checklist
from audit.domain.checklist.reading import Complaint
from audit.domain.errors import InvalidChecklist
from audit.domain.people import May, Person
from audit.domain.visit import Visit
from audit.intake.yaml_trees import read_yaml
from audit.storage.store import Store


@dataclass(frozen=True)
class ChecklistFile:
    """A checklist as somebody wrote it: its tree, its text, and every complaint about it, by line."""

    name: str
    tree: object
    source: str
    checklist: Checklist | None
    complaints: tuple[Complaint, ...]

    @property
    def errors(self) -> tuple[Complaint, ...]:
        """The complaints that stand in the way of publishing; the others are warnings."""
        return tuple(complaint for complaint in self.complaints if complaint.error)


def read_checklist_file(raw: bytes, name: str) -> ChecklistFile:
    """The checklist in a YAML file. InvalidChecklist if it is no YAML at all; else every complaint at once."""
    yaml = read_yaml(raw, name)
    parsed = parse_checklist(yaml.tree, yaml.lines, yaml.complaints)
    return ChecklistFile(name, yaml.tree, yaml.source, parsed.checklist, parsed.complaints)


def publish_checklist(
    store: Store, person: Person | None, tree: object, source: str, now: datetime
) -> PublishedChecklist:
    """Freeze the checklist in this tree as a version of its own; the same content again is the same version.

    `source` is the text it was read from, `person` None for the command line. InvalidChecklist holds the complaints, or
    says that earlier versions were for another channel: their visits would be in one figure."""
    if person:
        person.must(May.PUBLISH_CHECKLISTS)
    checklist = checklist_from_tree(tree)
    with store.transaction():
        before = {published.checklist.id: published for published in store.checklists.list_latest()}
        earlier = before.get(checklist.id)
        if earlier and earlier.checklist.channel != checklist.channel:
            raise InvalidChecklist(
                "The checklist “{id}” was published for the channel “{channel}”, and no figure mixes channels. Give "
                "this one an id of its own.",
                id=checklist.id,
                channel=earlier.checklist.channel,
            )
        version = store.checklists.publish(
            checklist.id, canonical(tree), source, digest(tree), now, person.id if person else None
        )
        if version > (earlier.version if earlier else 0):
            store.journal.write(
                who=person.id if person else SYSTEM,
                what="checklist.published",
                which=checklist.id,
                when=now,
                after={"version": version, "digest": digest(tree)},
            )
        return store.checklists.find(checklist.id, version)


def publish_visit(store: Store, person: Person, visit_id: str, now: datetime) -> Visit:
    """Let area and branch read the visit; published twice, by two taps, is published once."""
    person.must(May.PUBLISH_VISITS)
    with store.transaction():
        visit = store.visits.visible_to(person).find(visit_id)
        if visit.published_at is not None:
            return visit
        published = visit.published(now)
        store.visits.save(published)
        store.journal.write(
            who=person.id,
            what="visit.published",
            which=visit.id,
            when=now,
            before={"state": visit.state.value},
            after={"state": published.state.value},
        )
        want_reports_of(store, published, now)
        return published
