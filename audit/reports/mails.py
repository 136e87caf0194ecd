"""The words of a mail with links to reports, in the reader's language. Owns words; refuses to know who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from audit.formatting import Catalogue as Catalogue
from audit.formatting import Formats
from audit.reports.period import Period


def compose(
    programme: str,
    period: Period,
    links: Sequence[tuple[str, str]],
    until: date,
    words: Catalogue,
    language: str = "en",
) -> tuple[str, str]:
    """Subject and text. `links` are pairs of the name of a branch and an address, good `until` that day."""
    formats = Formats(language)
    days = formats.span(period.first, period.last)
    lines = [words.gettext("The reports of %(days)s are ready.") % {"days": days}, ""]
    for name, address in links:
        lines += [name, address, ""]
    good = words.gettext("Whoever has such a link reads that report without signing in, until %(day)s.")
    lines += [good % {"day": formats.day(until)}, words.gettext("For coaching; not for discipline.")]
    subject = words.gettext("%(programme)s: reports of %(days)s") % {"programme": programme, "days": days}
    return " ".join(subject.split()), "\n".join(lines)
