"""What is sent to the press: a document and the pictures it may show. Knows no printing."""

from __future__ import annotations

import json
from collections.abc import Mapping


def pack(xhtml: str, assets: Mapping[str, bytes]) -> bytes:
    """A job as bytes: a line of JSON with the lengths, then everything one after the other."""
    text = xhtml.encode()
    head = {"xhtml": len(text), "assets": [[name, len(body)] for name, body in assets.items()]}
    return b"".join((json.dumps(head).encode(), b"\n", text, *assets.values()))


def unpack(job: bytes) -> tuple[str, dict[str, bytes]]:
    """What `pack` packed."""
    line, _, rest = job.partition(b"\n")
    head = json.loads(line)
    at = int(head["xhtml"])
    assets: dict[str, bytes] = {}
    for name, length in head["assets"]:
        assets[name] = rest[at : at + length]
        at += length
    return rest[: head["xhtml"]].decode(), assets
