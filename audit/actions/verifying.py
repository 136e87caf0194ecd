"""Verifying: what the number on a printed report tells. Strangers learn which edition it is and from which day, and
whether there is a later one; what stands in it they are not told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.actions.binding import must_see_paper
from audit.domain.errors import NotFound
from audit.domain.people import May, Person
from audit.reports.content import GROUPS, IN_A_GROUP, SIGNS
from audit.storage.editions import Edition
from audit.storage.store import Store

# What readers of PDFs and word processors make of the lines between the groups, and what comes along in a copy.
_BETWEEN = re.compile(r"[\s\-_.\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\u2066-\u2069\u2212\ufeff]+")
_TAKEN_FOR = str.maketrans("ILO", "110")  # what Crockford's base 32 reads a mistaken sign as


@dataclass(frozen=True)
class Verdict:
    """An edition, and the `newest` of its series, which may be the same. `told` says whether this reader may know what
    it is about."""

    edition: Edition
    newest: Edition
    told: bool

    @property
    def is_newest(self) -> bool:
        return self.edition.number == self.newest.number


def verify_edition(store: Store, person: Person | None, number: str) -> Verdict:
    """What is known of the edition with this number, typed or scanned. NotFound if none was printed here."""
    edition = store.editions.by_number(plain_number(number))
    newest = store.editions.newest(edition.series) or edition
    return Verdict(edition, newest, person is not None and _may_read(store, person, edition))


def plain_number(typed: str) -> str:
    """A number as it is printed, however it was typed. NotFound if it cannot be one."""
    signs = _BETWEEN.sub("", typed).upper().translate(_TAKEN_FOR)
    if len(signs) != GROUPS * IN_A_GROUP or not set(signs) <= set(SIGNS):
        raise NotFound("There is no such edition.")
    return "-".join(signs[at : at + IN_A_GROUP] for at in range(0, len(signs), IN_A_GROUP))


def _may_read(store: Store, person: Person, edition: Edition) -> bool:
    if not person.may(May.READ_REPORTS):
        return False
    try:
        must_see_paper(store, person, edition.paper)
    except NotFound:
        return False
    return True
