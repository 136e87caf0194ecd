"""Forgetting: personal data whose period has passed leave the shelves, and the printed reports that may show them."""

from __future__ import annotations

from datetime import datetime

from audit.actions.reporting import open_drawer
from audit.storage.duties import Periods
from audit.storage.retention import purge
from audit.storage.store import Store


def purge_personal_data(store: Store, periods: Periods, now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Take out what is past its period and say how much of each kind; a dry run only says it.

    A printed report may hold a photo or a name that goes now. All of them go with it: they can be printed again."""
    removed = purge(store, periods, now, dry_run=dry_run)
    if any(removed.values()) and not dry_run:
        removed["printed reports"] = open_drawer(store).empty()
    return removed
