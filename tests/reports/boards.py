"""A programme with many checklists and many areas, for the report that its board reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from audit.domain.assignment import Assignment
from audit.domain.checklist.canonical import canonical, digest
from audit.domain.checklist.model import Answer, Circumstances, PublishedChecklist
from audit.domain.programme import Area, Branch, Programme
from audit.domain.score import score_visit
from audit.domain.visit import ENTER, Mark, Visit, VisitState
from audit.intake.yaml_trees import read_yaml
from audit.storage.store import Store, open_store
from tests import cast
from tests.builders import DAY_STAFF_WAS_TOLD, id_number
from tests.reports.reference import PUBLISHED, QUARTER, SHOPPERS, Organisation

SOURCE = """
id: {id}
title: {title}
channel: {channel}
estimated_minutes: 5
target: 80
dimensions:
{dimensions}
sections:
  - id: counter
    title: At the counter
    questions:
{questions}
"""
DIMENSION = "  - {{id: d{n}, title: {title}}}\n"
QUESTION = "      - {{id: q{n}, ask: {title}, kind: yes_no, dimension: d{n}, offer: [not_observed]{more}}}\n"
CRITICAL = ", critical: {is: 'no'}"
DIMENSIONS = (
    *("A warm response", "Being made to feel important", "Being listened to", "Being known by name"),
    *("Someone finds a way", "Putting things right"),
)
# How likely a good answer is, from area to area: some differ for sure.
LEVELS = (0.75, 0.95, 0.7, 0.35, 0.8)


@dataclass(frozen=True)
class Names:
    """What areas are called, one number after the other, checklists, dimensions and their questions."""

    areas: tuple[str, ...]
    checklists: tuple[str, ...]
    dimensions: tuple[str, ...] = DIMENSIONS


NAMES = {
    "en": Names(
        (
            "North {}",
            "Harbour and Lakes {}",
            "City Centre West {}",
            "The Northern Highlands and Islands {}",
            "South {}",
        ),
        ("The whole purchase", "A telephone call", "An online enquiry", "A complaint made at the counter"),
    ),
    "de": Names(
        ("Nord {}", "Hafen und Seenplatte {}", "Innenstadt West {}", "Schleswig-Holstein und Hamburg {}", "Süd {}"),
        ("Der ganze Einkauf", "Ein Telefongespräch", "Die Online-Anfrage", "Kundendienstvereinbarungsgespräch"),
    ),
    "ar": Names(
        ("الشمال {}", "المرفأ والبحيرات {}", "وسط المدينة غربًا {}", "المرتفعات الشمالية والجزر {}", "الجنوب {}"),
        ("الشراء كاملًا", "مكالمة هاتفية", "استفسار عبر الإنترنت", "شكوى عند المنضدة"),
    ),
}


@contextmanager
def programme_of(
    folder: Path, checklists: int, areas: int, language: str = "en", names: Names | None = None
) -> Iterator[Organisation]:
    """With so many checklists and areas: three visits to each area with each checklist, and one in the quarter before;
    with every third checklist two, and with every second one not to every fourth area."""
    names = names or NAMES[language]
    store = open_store(folder / "candour.sqlite", folder / "photos")
    try:
        with store.transaction():
            store.programme.save(Programme(name="Harbour Stores", time_zone="Europe/Zurich", language=language))
            for n in range(areas):
                store.areas.save(Area(f"A{n:03}", names.areas[n % len(names.areas)].format(n + 1)))
                store.branches.save(
                    Branch(
                        f"B{n:03}",
                        names.areas[n % len(names.areas)].format(n),
                        f"A{n:03}",
                        staff_told_on=DAY_STAFF_WAS_TOLD,
                    )
                )
            for person in (cast.ADA, *SHOPPERS):
                store.people.save(person)
            for number in range(checklists):
                _visit_areas(store, number, _publish(store, number, names), areas)
        yield Organisation(store, language)
    finally:
        store.close()


def _publish(store: Store, number: int, names: Names) -> PublishedChecklist:
    id = f"checklist-{number}"
    title = f"{names.checklists[number % len(names.checklists)]} {number + 1}"
    source = SOURCE.format(
        id=id,
        title=title,
        channel="phone" if number % 3 == 1 else "visit",
        dimensions="".join(DIMENSION.format(n=n, title=title) for n, title in enumerate(names.dimensions)),
        questions="".join(
            QUESTION.format(n=n, title=f"{title}?", more="" if n else CRITICAL)
            for n, title in enumerate(names.dimensions)
        ),
    )
    tree = read_yaml(source.encode(), "checklist.yaml").tree
    assert isinstance(tree, dict)
    version = store.checklists.publish(id, canonical(tree), source, digest(tree), PUBLISHED, cast.ADA.id)
    return store.checklists.find(id, version)


def _visit_areas(store: Store, number: int, published: PublishedChecklist, areas: int) -> None:
    for area in range(areas):
        if number % 2 and area % 4 == 3:
            continue
        visits = 2 if number % 3 == 2 else 3
        for place, first in enumerate([QUARTER.first] * visits + [QUARTER.before().first]):
            _visit(
                store, published, 10_000 * number + 10 * area + place, f"B{area:03}", first + timedelta(days=9 * place)
            )


def _visit(store: Store, published: PublishedChecklist, number: int, branch: str, day: object) -> None:
    entered = datetime.combine(day, time(9, 10), UTC)  # type: ignore[arg-type]
    level = LEVELS[int(branch[1:]) % len(LEVELS)]
    answers = {
        question.id: Answer("not_observed" if (number + n) % 19 == 0 else "yes" if _chance(number, n) < level else "no")
        for n, question in enumerate(published.checklist.questions())
    }
    visit = Visit(
        id=id_number(number),
        assignment_id=id_number(500_000 + number),
        branch_code=branch,
        shopper_id=SHOPPERS[number % len(SHOPPERS)].id,
        checklist_id=published.checklist.id,
        version=published.version,
        state=VisitState.PUBLISHED,
        started_at=entered,
        answers=answers,
        marks=(Mark(ENTER, entered),),
        submitted_at=entered,
        visited_on=entered.date(),
        published_at=entered,
    )
    offer = (visit.assignment_id, branch, visit.checklist_id, visit.version, visit.shopper_id, entered.date(), entered)
    store.assignments.save(Assignment(*offer))
    store.visits.save(visit)
    store.scores.save(visit.id, score_visit(published.checklist, answers, Circumstances({}, visit.scenario)))
    store.journal.write("system", "visit.published", visit.id, entered)


def _chance(number: int, n: int) -> float:
    """Between 0 and 1, the same on every machine."""
    return (number * 7919 + n * 104_729) % 1000 / 1000
