"""Tables of the bench: a title, columns that line up, and the command that repeats them."""

from __future__ import annotations

from collections.abc import Sequence


class Row(tuple[str, ...]):
    """One line of a table: what was measured, then the figures as they are to be read."""

    def __new__(cls, *cells: str) -> Row:
        return super().__new__(cls, cells)


def print_table(title: str, head: Sequence[str], rows: Sequence[Row], command: str, note: str = "") -> None:
    """Print the rows under their heading, figures to the right."""
    lines = [Row(*head), *(Row(*row, *[""] * (len(head) - len(row))) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    print(f"\n{title}")
    for line in lines:
        first, *figures = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join(["  " + first, *figures]).rstrip())
    if note:
        print(f"  {note}")
    print(f"  Again: {command}", flush=True)
