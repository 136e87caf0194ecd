"""Builders: the smallest whole thing of each kind, with what a test cares about said by name."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from audit.domain.checklist.model import (
    CLOSING,
    CUSTOMER_STATE,
    NARRATIVE,
    Answer,
    Band,
    Checklist,
    Circumstances,
    Demand,
    Dimension,
    Option,
    PublishedChecklist,
    Question,
    Scenario,
    Section,
    Text,
    ValueTest,
)
from audit.domain.checklist.questions.choice import Choice
from audit.domain.checklist.questions.clock_time import ClockTime
from audit.domain.checklist.questions.long_text import LongText
from audit.domain.checklist.questions.photo import Photos
from audit.domain.checklist.questions.rating import Rating
from audit.domain.checklist.questions.yes_no import YesNo
from audit.domain.score import Score, score_visit
from audit.domain.visit import ENTER, LEAVE, Mark, Visit, VisitState

DAY_STAFF_WAS_TOLD = date(2026, 1, 5)
NOON_IN_NOVEMBER = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)
SHOPPER_ID = "01900000-0000-7000-8000-0000000005a3"


def id_number(n: int) -> str:
    """The n-th id: a UUIDv7 that is the same in every run."""
    return str(UUID(int=(0x01900000_0000_7000_8000_000000000000) + n))


def text(words: str) -> Text:
    return Text({"en": words})


def build_checklist(**changes: object) -> Checklist:
    """Five scored questions in two sections and the closing one; together 10 points.

    greeted 3 (warmth), smile 2 (warmth, 1 to 5), listened 2 (listening), solved 2 (recovery), till 1 (critical)."""
    points = tuple(
        Option(str(point), text(words), Fraction(point - 1, 4))
        for point, words in enumerate(("No look", "A look", "A nod", "A smile", "A smile and a word"), 1)
    )
    greeted = Question(
        id="greeted",
        title=text("Did someone greet you within a minute?"),
        kind=YesNo(),
        weight=Fraction(3),
        dimensions=("warmth",),
        offers=("not_applicable",),
        demands=(
            Demand(ValueTest("is", "no"), text("What did you see?"), True, True, (Option("busy", text("All busy")),)),
        ),
    )
    absences, two = ("not_applicable", "not_observed"), Fraction(2)
    arrival = Section(
        "arrival",
        text("Arriving"),
        (
            greeted,
            Question("smile", text("How were you looked at?"), Rating(points), Fraction(2), ("warmth",)),
            Question("entered", text("When did you come in?"), ClockTime(), Fraction(0), required=False),
        ),
    )
    counter = Section(
        "counter",
        text("At the counter"),
        (
            Question("listened", text("Did they let you finish?"), YesNo(), two, ("listening",), True, absences),
            Question("solved", text("Was the problem solved at once?"), YesNo(), two, ("recovery",), True, absences),
            Question("till", text("Did you get a receipt?"), YesNo(), Fraction(1), critical=ValueTest("is", "no")),
            Question("shelf", text("A picture of the shelf"), Photos(), Fraction(0), required=False),
        ),
    )
    fields: dict[str, object] = {
        "id": "welcome",
        "title": text("A good welcome"),
        "languages": ("en",),
        "sections": (arrival, counter, _closing()),
        "dimensions": tuple(Dimension(id, text(id.capitalize())) for id in ("warmth", "listening", "recovery")),
        "scenarios": (Scenario("wrong-bill", text("The bill is wrong"), text("Say so."), ("recovery",)),),
        "bands": (
            Band("good", text("Good"), Fraction(75)),
            Band("weak", text("Needs work"), Fraction(0)),
        ),
        "target": Fraction(80),
    }
    return Checklist(**{**fields, **changes})  # type: ignore[arg-type]


def _closing() -> Section:
    states = tuple(Option(id, text(id.capitalize())) for id in ("dissatisfied", "satisfied", "delighted"))
    return Section(
        CLOSING,
        text("Closing"),
        (
            Question(CUSTOMER_STATE, text("How did you leave?"), Choice(states), Fraction(0)),
            Question(NARRATIVE, text("What happened?"), LongText(), Fraction(0)),
        ),
    )


def build_published(checklist: Checklist | None = None, version: int = 1) -> PublishedChecklist:
    return PublishedChecklist(
        checklist or build_checklist(), version, f"{version:x}".rjust(64, "c"), datetime(2026, 1, 2, tzinfo=UTC)
    )


def answers(**values: object) -> dict[str, Answer]:
    """Answers by question: a bare value, or an Answer as it is."""
    return {id: value if isinstance(value, Answer) else Answer(value) for id, value in values.items()}  # type: ignore[arg-type]


def good_answers(**changes: object) -> dict[str, Answer]:
    """Everything kept: 10 of 10 points, a satisfied customer."""
    kept = {"greeted": "yes", "smile": 5, "listened": "yes", "solved": "yes", "till": "yes"}
    closing = {"customer_state": "satisfied", "narrative": "They were quick and kind."}
    return answers(**{**kept, **closing, **changes})


def build_visit(n: int = 1, **changes: object) -> Visit:
    """A published visit to N01 at noon (one o'clock in Zurich) of 12 November 2026."""
    entered = changes.pop("entered", NOON_IN_NOVEMBER)
    assert isinstance(entered, datetime)
    fields: dict[str, object] = {
        "id": id_number(n),
        "assignment_id": id_number(1000 + n),
        "branch_code": "N01",
        "shopper_id": SHOPPER_ID,
        "checklist_id": "welcome",
        "version": 1,
        "state": VisitState.PUBLISHED,
        "started_at": entered - timedelta(minutes=5),
        "answers": good_answers(),
        "marks": (Mark(ENTER, entered), Mark(LEAVE, entered + timedelta(minutes=20))),
        "submitted_at": entered + timedelta(hours=1),
        "visited_on": entered.date(),
        "published_at": entered + timedelta(days=1),
    }
    return Visit(**{**fields, **changes})  # type: ignore[arg-type]


def build_score(visit: Visit, checklist: Checklist | None = None) -> Score:
    return score_visit(checklist or build_checklist(), visit.answers, Circumstances({}, visit.scenario))
