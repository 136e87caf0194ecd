"""What the browser is told about a file that it is to keep, its name in the letters it has; and the file, whole or one
part of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app, request
from werkzeug.utils import send_file

from audit.reports.file_names import in_ascii

# The digits of int() are not those of HTTP; more of them than these name no byte of any file.
_PART = re.compile(r"bytes=[ \t]*(?:([0-9]{1,15})-([0-9]{0,15})|-[0-9]{1,15})[ \t]*", re.IGNORECASE)


def kept_as(name: str, ending: str) -> str:
    """The Content-Disposition of a download (RFC 6266). Its name in UTF-8 (RFC 8187) is for every browser of today; the
    one in ASCII, in case a program in between understands no other, is as distinct."""
    simple = f'attachment; filename="{in_ascii(name)}{ending}"'
    return simple if name.isascii() else f"{simple}; filename*=UTF-8''{quote(name + ending, safe='')}"


def send_kept(file: Path, kind: str, key: str) -> Response:
    """A file that is never changed under its key: whole, the part that was asked for, or 304. All other wishes for
    parts, several of them or none that can be read, are passed over, as RFC 9110 has it."""
    environ = {name: value for name, value in request.environ.items() if name != "HTTP_RANGE" or _is_one_part(key)}
    response = send_file(file, environ, kind, conditional=True, etag=key, response_class=current_app.response_class)
    assert isinstance(response, Response)
    return response


def _is_one_part(key: str) -> bool:
    """Whether one part is asked for, of this very file if it is to go on with another: what was begun at some day may
    have been any, since an edition that comes back is older than the one that it follows."""
    part = _PART.fullmatch(request.headers.get("Range", ""))
    if part is None or (part[2] and int(part[2]) < int(part[1])):
        return False
    headers = request.headers
    return "If-None-Match" not in headers and headers.get("If-Range", f'"{key}"') == f'"{key}"'
