"""Visits as reports take them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from audit.domain.checklist.model import PublishedChecklist
from audit.reports.figures import ScoredVisit
from tests.builders import build_published, build_score, build_visit

ZURICH = ZoneInfo("Europe/Zurich")


def scored(n: int = 1, published: PublishedChecklist | None = None, **changes: object) -> ScoredVisit:
    """A published visit with its score; `changes` are those of `build_visit`."""
    published = published or build_published()
    changes.setdefault("checklist_id", published.checklist.id)
    changes.setdefault("version", published.version)
    visit = build_visit(n, **changes)
    return ScoredVisit(visit, build_score(visit, published.checklist), published, "Shopper 7", ZURICH)


def entered_at(n: int, moment: datetime, **changes: object) -> ScoredVisit:
    return scored(n, entered=moment, **changes)
