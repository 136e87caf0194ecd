"""Scripts in fewer bytes for the wire: what they say stays, how long they say it goes.

The library runs in a process of its own that ends at once: its runtime would take memory from every process that
answers, and has threads, which none may have that forks. Where it cannot run, scripts go out as they are written.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

MOST_SECONDS = 60.0
# Nothing newer than browsers of 2021 know is put in place of what they do.
_PROGRAM = """
import json, sys
try:
    import minify
    minify.config({"js-version": 2021})
    json.dump([minify.string("application/javascript", text) for text in json.load(sys.stdin)], sys.stdout)
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""

log = logging.getLogger("audit.server")


def shorten(scripts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same scripts by their names, each as short as it can be said; as they are, and a line in the log, where that
    cannot be done. Asked once for all in a process, it has the answer in whatever that process forks: what one sends is
    what all send."""
    shorter, trouble = _shortened(tuple(body.decode() for body in scripts.values()))
    if trouble:
        log.warning("scripts are sent as long as they are written", extra={"facts": {"why": trouble}})
        return dict(scripts)
    return dict(zip(scripts, (text.encode() for text in shorter), strict=True))


def why_unable() -> str:
    """Why scripts cannot be shortened on this machine; "" where they can."""
    return _shortened(("const one = 1;",))[1]


@cache
def _shortened(texts: tuple[str, ...]) -> tuple[list[str], str]:
    """The shorter ones, and what went wrong."""
    command = [sys.executable, "-P", "-c", _PROGRAM]
    try:
        run = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, timeout=MOST_SECONDS)
        if run.returncode:
            return [], " ".join(run.stderr.split()) or f"ended with {run.returncode}"
        return list(json.loads(run.stdout)), ""
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return [], str(error)
