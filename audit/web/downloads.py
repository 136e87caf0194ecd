"""What the browser is told about a file that it is to keep: its name, in the letters it has."""

from __future__ import annotations

from urllib.parse import quote

from audit.reports.file_names import in_ascii


def kept_as(name: str, ending: str) -> str:
    """The Content-Disposition of a download (RFC 6266). Its name in UTF-8 (RFC 8187) is for every browser of today; the
    one in ASCII, in case a program in between understands no other, is as distinct."""
    simple = f'attachment; filename="{in_ascii(name)}{ending}"'
    return simple if name.isascii() else f"{simple}; filename*=UTF-8''{quote(name + ending, safe='')}"
