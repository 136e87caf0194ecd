"""Draws that a seed fixes for ever: the same on every machine and in every Python. Owns no source of chance.

The stream is SHAKE-256 of the seed, so that a page printed again tomorrow draws exactly what it drew today.
"""

from __future__ import annotations

import hashlib
import struct
from statistics import NormalDist

_STANDARD = NormalDist()
_BLOCK = 4096


class Draws:
    """A stream of draws. `seed` names what is drawn for: such as area, period and version of the visits."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._block = 0
        self._waiting: list[float] = []

    def shares(self, number: int) -> list[float]:
        """`number` draws, even between 0 and 1, both ends excluded."""
        while len(self._waiting) < number:
            self._waiting += self._next_block()
        taken, self._waiting = self._waiting[:number], self._waiting[number:]
        return taken

    def normals(self, number: int) -> list[float]:
        """`number` standard normal draws."""
        quantile = _STANDARD.inv_cdf
        return [quantile(share) for share in self.shares(number)]

    def below(self, limit: int, number: int) -> list[int]:
        """`number` draws among 0 .. limit-1."""
        return [min(limit - 1, int(share * limit)) for share in self.shares(number)]

    def _next_block(self) -> list[float]:
        raw = hashlib.shake_256(self._block.to_bytes(8, "little") + self._seed).digest(8 * _BLOCK)
        self._block += 1
        # 52 bits and a half: never exactly 0 or 1, which have no normal quantile.
        return [((whole >> 12) + 0.5) / 2.0**52 for whole in struct.unpack(f"<{_BLOCK}Q", raw)]
