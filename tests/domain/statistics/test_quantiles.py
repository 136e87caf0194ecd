"""Quantiles of chance: found in a few steps, however many visits stand behind them."""

import pytest

from audit.domain.statistics import quantiles
from audit.domain.statistics.quantiles import normal_quantile, student_quantile, student_tail


@pytest.mark.parametrize("degrees", [1, 2, 10, 145, 5_000, 110_010, 374_000, 5_000_000])
@pytest.mark.parametrize("p", [0.75, 0.95, 0.995])
def test_students_quantile_is_found_in_a_dozen_steps_however_many_visits_a_programme_has(
    degrees: int, p: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[float] = []

    def noted(t: float, degrees: float) -> float:
        steps.append(t)
        return student_tail(t, degrees)

    monkeypatch.setattr(quantiles, "student_tail", noted)
    t = student_quantile(p, degrees)
    assert len(steps) <= 12
    assert student_tail(t, degrees) / 2 == pytest.approx(1 - p, rel=1e-8)
    if degrees > 100_000:
        z = normal_quantile(p)
        assert t == pytest.approx(z + (z**3 + z) / (4 * degrees), rel=1e-8)  # Abramowitz and Stegun 26.7.5
