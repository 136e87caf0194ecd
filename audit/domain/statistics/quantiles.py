"""Normal and Student probabilities and their quantiles, in the standard library. Owns functions of chance, no figure.

Errors against published tables: below 1e-8 for Student's quantile (1 to 5,000 degrees of freedom), below 1e-12 for the
incomplete beta function.
"""

from __future__ import annotations

import math
from statistics import NormalDist

LEVEL = 0.9
"""Nine times out of ten: the level of everything that is printed."""

_STANDARD = NormalDist()
_SMALLEST = 1e-300
_STEPS = 500
_NEAR = 1e-6


def normal_probability(z: float) -> float:
    """The probability that a standard normal draw lies below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(p: float) -> float:
    """The standard normal value with probability `p`, 0 < p < 1, below it. ValueError outside (statistics' own)."""
    return _STANDARD.inv_cdf(p)


def two_sided_quantile(level: float = LEVEL) -> float:
    """The `z` with probability `level` between -z and z: 1.645 for 0.9."""
    return normal_quantile((1 + level) / 2)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1.

    Continued fraction of the handbooks (DLMF 8.17.22), taken from the side on which it converges fast."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a * _beta_fraction(a, b, x)


def student_tail(t: float, degrees: float) -> float:
    """The probability of Student's t with these degrees of freedom lying beyond `t` on either side (two-sided p)."""
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


def student_quantile(p: float, degrees: float) -> float:
    """Student's t with probability `p`, 0 < p < 1, below it, for `degrees` > 0 degrees of freedom.

    Newton's method on the distribution function, which is concave above zero: after one step it climbs to the root.
    Next to it a step that is no smaller than the one before is noise of the last digits: with many degrees of freedom
    that never ends."""
    if p < 0.5:
        return -student_quantile(1 - p, degrees)
    z = normal_quantile(p)
    t = z + (z**3 + z) / (4 * degrees)
    log_scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - 0.5 * math.log(degrees * math.pi)
    before = math.inf
    for _ in range(_STEPS):
        density = math.exp(log_scale - (degrees + 1) / 2 * math.log1p(t * t / degrees))
        step = (1 - p - student_tail(t, degrees) / 2) / density
        t = max(0.0, t - step)
        if abs(step) <= 1e-13 * max(1.0, t) or before <= abs(step) <= _NEAR * t:
            break
        before = abs(step)
    return t


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for numerator in (even, odd):
            d = 1 / _away_from_zero(1 + numerator * d)
            c = _away_from_zero(1 + numerator / c)
            change = c * d
            fraction *= change
        if abs(change - 1) < 1e-16:
            break
    return fraction


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
