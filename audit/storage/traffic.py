"""When customers come, as the programme office said it: one row, or none."""

from __future__ import annotations

from audit.domain.statistics.traffic import DAYS, PARTS, Traffic
from audit.storage.columns import fraction_from, fraction_text, json_from, json_text
from audit.storage.shelf import Shelf


class TrafficShelf(Shelf):
    """The traffic of the one programme of an installation."""

    def find(self) -> Traffic | None:
        """What was said; None where nothing was."""
        rows = self._rows("select customers from traffic")
        if not rows:
            return None
        week = json_from(rows[0]["customers"])
        said = {
            (day, part): fraction_from(number) for day in DAYS for part, number in zip(PARTS, week[day], strict=True)
        }
        return Traffic({part: number for part, number in said.items() if number is not None})

    def save(self, traffic: Traffic) -> None:
        """In place of what was said before."""
        week = [[fraction_text(traffic.customers.get((day, part))) for part in PARTS] for day in DAYS]
        self._put("traffic", ("id",), {"id": 1, "customers": json_text(week)})

    def remove(self) -> None:
        """From now on nothing is said."""
        self._connections.change("delete from traffic")
