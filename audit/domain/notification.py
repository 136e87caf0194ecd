"""Notifications: what on a shopper's list is news, when a phone may be told, and where a message may be sent.

Owns the names under which news is told once, the hours of rest, and the shape of an address at a push service. A
message says nothing of what the news is: whoever carries it learns that there is some.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta
from enum import StrEnum

from audit.domain.assignment import Assignment
from audit.domain.errors import InvalidField
from audit.domain.visit import Visit, VisitState

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)
BETWEEN_MESSAGES = timedelta(hours=1)
LIES_FOR = timedelta(days=2)
MOST_SIGNS = 1000

# No name, no password, no port: what stands before the first slash is the host and nothing else.
_ADDRESS = re.compile(r"https://(?P<host>[a-z0-9.-]+)/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*")


class News(StrEnum):
    """What is worth a message."""

    ASSIGNED = "assigned"
    RETURNED = "returned"
    LAST_DAY = "last_day"
    UNSENT = "unsent"


def news_of(assignment: Assignment, visit: Visit | None, touched_at: datetime | None, here: datetime) -> list[str]:
    """What there is to tell of one assignment, each with its name: a kind of News, a blank, and what it is about.

    `touched_at` is the last moment at which something was done in the visit, `here` this moment where the branch is."""
    if assignment.cancelled_at is not None or (visit is not None and not visit.open):
        return []
    news = [_named(News.ASSIGNED, assignment.id)]
    if visit is not None and visit.state is VisitState.RETURNED:
        return [*news, _named(News.RETURNED, visit.id, visit.head or "")]
    if visit is None or visit.untouched:
        if assignment.until == here.date() + timedelta(days=1):
            news.append(_named(News.LAST_DAY, assignment.id))
    elif touched_at is not None and here - touched_at >= LIES_FOR:
        news.append(_named(News.UNSENT, visit.id))
    return news


def is_night(here: datetime) -> bool:
    """Whether nobody is told anything at this hour of the place."""
    return not NIGHT_ENDS <= here.time() < NIGHT_BEGINS


def seconds_until_night(here: datetime) -> int:
    """How long a message may be kept for a phone that is out of reach; none is handed out at night. 0 at night."""
    if is_night(here):
        return 0
    return int((datetime.combine(here.date(), NIGHT_BEGINS, here.tzinfo) - here).total_seconds())


def must_be_push_address(address: str, services: Collection[str]) -> str:
    """The host of an address that a browser got from its push service. InvalidField unless it is plain https at one of
    `services`: host names, or with a dot in front every name that ends so."""
    found = _ADDRESS.fullmatch(address) if len(address) <= MOST_SIGNS else None
    host = found["host"] if found else ""
    if not any(host == service or (service.startswith(".") and host.endswith(service)) for service in services):
        raise InvalidField(
            "This browser gets its notifications from a service that is not known here. Tell the office."
        )
    return host


def _named(kind: News, *about: str) -> str:
    return " ".join((kind, *about))
