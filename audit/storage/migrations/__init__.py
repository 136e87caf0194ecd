"""The tables, built and altered by functions in the order in which they were written. Forward only.

A function that has been released is never edited; to add a column, write one more at the foot of the last chapter,
without touching those above, or begin the next chapter where that one is full. `upgrading` applies them.

`digest`, where a table has it, is the sha256 of the row's other columns: see `seals`. A function that adds a column
to a sealed table seals its rows anew.
"""

from __future__ import annotations

from audit.storage.migrations import m001_to_m007, m008_on  # their order is that of the steps
from audit.storage.migrations.steps import migrations

CHAPTERS = (m001_to_m007, m008_on)

__all__ = ["CHAPTERS", "migrations"]
