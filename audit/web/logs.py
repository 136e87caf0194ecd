"""The log: one line of JSON for each request and each trouble.

Holds no bodies, no tokens, no names; of an address only the door's own pattern."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, g, request

requests_log = logging.getLogger("audit.requests")
trouble_log = logging.getLogger("audit.trouble")
SPELLING = json.JSONEncoder(default=str)


class JsonLines(logging.Formatter):
    """One line of JSON a record; whatever is not plain ASCII, control characters too, is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "says": record.getMessage(),
        }
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[1]:
            line.update(describe(record.exc_info[1]))
        return SPELLING.encode(line)


def start_log(level: str) -> None:
    """Send everything of this level and above to standard error, as lines of JSON."""
    # What no line shows is not looked for (Logging HOWTO, "Optimization"); it would cost more than the line itself.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # one line for each request that waits for a thread
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def describe(error: BaseException) -> dict[str, object]:
    """The kind of an error and the places it came through; not its words, which may hold what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "through": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }


def log_request(response: Response) -> None:
    """One line for the request that was just answered."""
    if not requests_log.isEnabledFor(logging.INFO):
        return
    started = g.get("started")
    facts = {
        "method": request.method,
        "door": request.url_rule.rule if request.url_rule else "",
        "status": response.status_code,
        "ms": round((time.perf_counter() - started) * 1000, 1) if started else None,
        "bytes": response.calculate_content_length(),
    }
    requests_log.info("answered", extra={"facts": facts})
