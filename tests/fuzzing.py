"""Requests that no page sends: every door, with words that are none, by everybody."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from flask import Flask

WORDS = (
    "", "0", "-1", "9" * 30, "9" * 5000, "1e999999", "NaN", "²", "٣", "é", "\0", "a\r\nSet-Cookie: x=y", "\u202eabc",
    "../../etc/passwd", "%2F..%2F", "//evil.example", "https://evil.example", "/\\evil.example",
    "<script>alert(1)</script>", "{0}{x.__class__}", "%s%d%(x)s", "' or 1=1 --", "{{ 7 * 7 }}", "\ud7ff",
    "\U0010ffff",
    "a" + "\u0301" * 3000, "x" * 20_000,
    "2026-11-21", "9999-12-31", "0001-01-01", "null", "[]", "true", "admin", "shopper", "N01", "S01", "corner-shop",
)  # fmt: skip
FIELDS = (
    "email", "password", "next", "name", "role", "area", "branch", "own_password", "scenario", "shopper", "until",
    "not_before", "spending_limit", "hours", "note", "test", "day", "kept", "confirm", "shipped", "do", "edit_id",
    "base",
    "checklist", "version", "whole", "position", "refused", "reason", "q-greeted", "q-greeted--absent",
    "q-greeted--comment",
    "q-greeted--kept", "q-thanked", "q-customer_state", "q-narrative", "q-wait",
    "from", "to", "period", "after", "q", "size",
)  # fmt: skip
FILES = ("table", "file", "q-greeted--photos", "q-shelf--photos")
BODIES = (
    b"",
    b"\0" * 100,
    b"\xff\xd8\xff\xe0 no photo",
    b"PK\x03\x04 no workbook",
    b"code,name\n1,2\n" * 50,
    b"&a [*a, *a]",
    b"<svg/>",
)
METHODS = ("GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE")
HEADERS = (
    ("Accept", "application/json"), ("Accept", ";;q=,*/*;q=nan"), ("Accept-Language", "x" * 200),
    ("Range", "bytes=0-1,-9"), ("If-None-Match", '"' + "x" * 64 + '"'), ("Cookie", "candour=é"),
    ("X-Forwarded-For", "::1, x"),
    ("Accept-Encoding", "br;q=nan"), ("Content-Type", "multipart/form-data"),
    ("Content-Type", "text/plain; charset=utf-7"),
)  # fmt: skip


@dataclass(frozen=True)
class Try:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, object]
    headers: dict[str, str]


def tries(app: Flask, values: Mapping[str, tuple[str, ...]], seed: int, number: int) -> Iterator[Try]:
    """So many requests, the same for the same seed. `values` are good ones for the placeholders of addresses."""
    chance = random.Random(seed)
    rules = sorted({rule.rule for rule in app.url_map.iter_rules()})
    for _ in range(number):
        form: dict[str, object] = {name: chance.choice(WORDS) for name in chance.sample(FIELDS, chance.randint(0, 12))}
        if chance.random() < 0.3:
            form[chance.choice(FILES)] = (BytesIO(chance.choice(BODIES)), chance.choice(WORDS)[:200] or "a.csv")
        yield Try(
            method=chance.choice(METHODS),
            path=_filled(chance, chance.choice(rules), values),
            query={name: chance.choice(WORDS)[:3000] for name in chance.sample(FIELDS, chance.randint(0, 2))},
            form=form,
            headers=dict(chance.sample(HEADERS, chance.randint(0, 2))),
        )


def _filled(chance: random.Random, rule: str, values: Mapping[str, tuple[str, ...]]) -> str:
    def value(match: re.Match[str]) -> str:
        good = values.get(match[1].split(":")[-1], ())
        return chance.choice(good) if good and chance.random() < 0.8 else chance.choice(WORDS)[:300] or "x"

    return re.sub(r"<([^>]+)>", value, rule)
