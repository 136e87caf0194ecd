"""Choosing the language of one's own pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from audit.domain.errors import InvalidField
from audit.domain.people import May, Person
from audit.storage.store import Store


def choose_language(store: Store, person: Person, language: str, spoken: Collection[str], now: datetime) -> Person:
    """The person with this language from now on; an empty one leaves the choice to the browser. InvalidField for one
    that is not among those `spoken`."""
    person.must(May.HAVE_A_HOME)
    if language and language not in spoken:
        raise InvalidField("Choose one that is there.", place="language")
    with store.transaction():
        before = store.people.find(person.id)
        after = before.speaking(language)
        if after != before:
            store.people.save(after)
            store.journal.write(
                who=person.id,
                what="person.language_chosen",
                which=person.id,
                when=now,
                before={"language": before.language},
                after={"language": after.language},
            )
    return after
