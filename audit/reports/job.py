"""What is sent to the press: a document and the pictures it may show. Knows no printing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attachment:
    """A file inside the archive copy of a report. `relationship` is what PDF/A-3 calls it: Data or Alternative."""

    name: str
    body: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class Job:
    """A well-formed document, and the only names it may ask for. With `attachments` it becomes PDF/A-3a, dated `dated`
    (ISO 8601, UTC); without any, PDF/UA-1."""

    xhtml: str
    assets: Mapping[str, bytes] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    dated: str = ""


def pack(job: Job) -> bytes:
    """A job as bytes: a line of JSON with the lengths, then everything one after the other."""
    text = job.xhtml.encode()
    head = {
        "xhtml": len(text),
        "assets": [[name, len(body)] for name, body in job.assets.items()],
        "attachments": [[one.name, one.description, one.relationship, len(one.body)] for one in job.attachments],
        "dated": job.dated,
    }
    bodies = (one.body for one in job.attachments)
    return b"".join((json.dumps(head).encode(), b"\n", text, *job.assets.values(), *bodies))


def unpack(packed: bytes) -> Job:
    """What `pack` packed."""
    line, _, rest = packed.partition(b"\n")
    head = json.loads(line)
    at = int(head["xhtml"])
    assets: dict[str, bytes] = {}
    for name, length in head["assets"]:
        assets[name] = rest[at : at + length]
        at += length
    attachments = []
    for name, description, relationship, length in head["attachments"]:
        attachments.append(Attachment(name, rest[at : at + length], description, relationship))
        at += length
    return Job(rest[: head["xhtml"]].decode(), assets, tuple(attachments), head["dated"])
