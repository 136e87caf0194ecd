"""Chance that can be repeated: every part of the demo draws from a stream of its own, named after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from uuid import UUID


def stream(seed: int, *names: object) -> Random:
    """The stream of that name: adding a draw to one part of the demo changes no other part."""
    return Random("/".join(map(str, (seed, *names))))  # noqa: S311 - a demo is repeated, nothing is kept secret with it


def id_at(chance: Random, moment: datetime) -> str:
    """A UUIDv7 for that moment, the same in every run with the same stream."""
    milliseconds = int(moment.timestamp() * 1000)
    number = milliseconds << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)
    return str(UUID(int=number))


def spread(chance: Random, count: int, deviation: float) -> list[float]:
    """That many draws from the bell curve, shifted and stretched to a mean of 0 and exactly this standard deviation."""
    drawn = [chance.gauss(0, 1) for _ in range(count)]
    mean = sum(drawn) / count
    actual = (sum((value - mean) ** 2 for value in drawn) / (count - 1)) ** 0.5
    return [(value - mean) * deviation / actual for value in drawn]


def weighted(chance: Random, weights: Mapping[str, float]) -> str:
    """One of the words, each as likely as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def some(chance: Random, sentences: Sequence[str]) -> str:
    """One of the sentences; an empty text of none."""
    return chance.choice(sentences) if sentences else ""
