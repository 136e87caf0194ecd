"""How the house's own functions answer each acceptance vector of statistics.json; test_vectors compares.

One function for each kind of vector: it takes the inputs and gives fields of the same names as the expected ones.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from audit.domain.checklist.model import NOT_APPLICABLE
from audit.domain.score import Marking, Score, round_half_up, score_markings
from audit.domain.statistics import agreement, change, planning, quantiles, ranges, severity
from audit.domain.statistics.coverage import cover
from audit.domain.statistics.dispersion import Dispersion, measure_dispersion
from audit.domain.statistics.groups import ALIKE, group_of, learn_levels
from audit.domain.statistics.lost_customers import cost_of_winning, loss_of
from audit.domain.statistics.places import expected_places, place_ranges
from audit.domain.statistics.questions import question_figures
from audit.domain.statistics.suppression import Colleague, Floor, suppress
from audit.domain.statistics.together import shares_of_r2
from audit.domain.statistics.trend import draw_run_chart
from audit.domain.statistics.versions import VersionedVisit, version_offset

Tree = dict[str, Any]

PRINTED = {ALIKE: "not distinguishable"}  # the vectors' older name for it


def exactly(pair: list[int]) -> Fraction:
    return Fraction(*pair)


def pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def ends(reach: ranges.Range) -> list[float]:
    return [reach.low, reach.high]


def scored(inputs: Tree) -> Score:
    markings = [
        Marking(
            row["id"],
            Fraction(row["weight"]),
            None if row["earned"] is None else Fraction(row["earned"], row["max"]),
            absence=NOT_APPLICABLE if row["earned"] is None else "",
            dimensions=(row["dim"],),
            bonus=row.get("bonus", False),
            failed_critical=row.get("critical", False) and row["earned"] == 0,
        )
        for row in inputs["items"]
    ]
    return score_markings(markings, *([Fraction(inputs["critical_cap"])] if "critical_cap" in inputs else []))


def score_of(inputs: Tree) -> Tree:
    score = scored(inputs)
    exact = ("base", "with_bonus", "official", "na_share", "low_if_na_failed", "high_if_na_passed")
    return {
        "status": score.status,
        **{name: pair(getattr(score, name)) for name in exact},
        "shown_1dp": round_half_up(score.base, 1),
        "shown_0dp": str(score.shown),
        "dims": {id: pair(part.score) for id, part in score.dimensions.items()},
        "critical_failed": list(score.critical_failed),
    }


def statuses(inputs: Tree) -> Tree:
    found = []
    for case in inputs["cases"]:
        answered = Marking("answered", Fraction(case["weights_answered"]), Fraction(1))
        absent = Marking("absent", Fraction(case["weights_na"]), None, NOT_APPLICABLE)
        found.append(score_markings([answered, absent]).status)
    return {"status": found}


def rounded(inputs: Tree) -> Tree:
    values = zip(inputs["values"], inputs["places"], strict=True)
    return {"shown": [round_half_up(exactly(value), places) for value, places in values]}


def rounded_below_target(inputs: Tree) -> Tree:
    value, target = exactly(inputs["value"]), Fraction(inputs["target"])
    return {"shown": [round_half_up(value, places, target) for places in inputs["places"]]}


def pooled(inputs: Tree) -> Dispersion:
    return measure_dispersion(inputs["groups"], prior_phi=inputs["phi0"], prior_degrees=inputs["d0"])


def pooled_dispersion(inputs: Tree) -> Tree:
    found = pooled(inputs)
    return {"phi_raw": found.raw, "df": found.degrees_of_freedom, "phi": found.phi}


def branch_ranges(inputs: Tree) -> Tree:
    dispersion, rho = pooled(inputs), inputs["rho_shopper"]
    means = [sum(scores) / len(scores) for scores in inputs["groups"]]
    found = [
        ranges.likely_range(mean, ranges.effective_visits([1] * len(scores), rho), dispersion, inputs["level"])
        for mean, scores in zip(means, inputs["groups"], strict=True)
    ]
    return {
        "mean": means,
        "t_quantile": dispersion.t_at(inputs["level"]),
        "range": [ends(reach) for reach in found],
        "shown": [reach.shown for reach in found],
    }


def effective_visits(inputs: Tree) -> Tree:
    return {"n_eff": [ranges.effective_visits(counts, inputs["rho"]) for counts in inputs["visits_by_shopper"]]}


def rate_ranges(inputs: Tree) -> Tree:
    def agresti_coull(passed: int, visits: int) -> list[float]:
        """The range that shares its centre with Wilson's (Agresti and Coull 1998): a check on that centre."""
        z = quantiles.two_sided_quantile(inputs["level"])
        unclipped = ranges.wilson_range(passed / visits, visits, z)
        centre = (unclipped.low + unclipped.high) / 2
        half = z * math.sqrt(centre * (1 - centre) / (visits + z * z))
        return [max(0.0, centre - half), min(1.0, centre + half)]

    return {
        "wilson": [ends(ranges.rate_range(*case, inputs["level"])) for case in inputs["cases"]],
        "wilson_90": [ends(ranges.rate_range(*case, 0.9)) for case in inputs["cases"]],
        "agresti_coull": [agresti_coull(*case) for case in inputs["cases"]],
    }


def what_is_not_printed(inputs: Tree) -> Tree:
    """A branch's own standard deviation, with our quantile: to see that it is as bad as they say."""
    found = []
    for scores in inputs["groups"]:
        n, mean = len(scores), sum(scores) / len(scores)
        sd = math.sqrt(sum((score - mean) ** 2 for score in scores) / (n - 1))
        half = quantiles.student_quantile((1 + inputs["level"]) / 2, n - 1) * sd / math.sqrt(n)
        found.append([mean - half, mean + half])
    low, high = found[0]
    width = "zero" if found[1][0] == found[1][1] else "some"
    return {"own_sd_t": found, "problem": f"first one is {low:.1f}..{high:.1f}, second has {width} width"}


def offset(inputs: Tree) -> Tree:
    visits = zip(inputs["branch"], map(bool, inputs["version"]), inputs["scores"], strict=True)
    found = version_offset(VersionedVisit(*visit) for visit in visits)
    assert found is not None
    assert not found.is_usable  # three branches
    return {"offset_v1_minus_v0": found.points}


def levels_of(inputs: Tree) -> Any:
    return learn_levels(inputs["means"], [inputs["visit_variance"] / visits for visits in inputs["visits"]])


def groups(inputs: Tree) -> Tree:
    levels = levels_of(inputs)
    found = levels.above_average()
    labels = [group_of(p, visits=6, shoppers=2) for p in found]  # the vector knows no rule of admission
    return {
        "p_above": found,
        "best_estimate": levels.best_estimates(),
        "label": [PRINTED.get(label, label) for label in labels],
        "expected_place": expected_places(levels),
    }


def places(inputs: Tree) -> Tree:
    found = place_ranges(levels_of(inputs), "North, spring 2026, version 1", inputs["level"])
    return {"place_range": [list(reach) for reach in found]}


def changed(inputs: Tree) -> Tree:
    before, after = (change.Level(inputs[when]["mean"], inputs[when]["n_eff"]) for when in ("before", "after"))
    dispersion = Dispersion(inputs["phi"], inputs["df"], prior_degrees=inputs["d0"])
    found = change.change_between(before, after, dispersion, inputs["level"])
    return {
        "before_range": ends(found.before),
        "after_range": ends(found.after),
        "change": found.points,
        "interval": ends(found.range),
        "verdict": found.verdict,
    }


def rate_changed(inputs: Tree) -> Tree:
    found = change.rate_change(*(tuple(row) for row in inputs["table"]))
    return {"p_fisher": found.fisher, "p_mid": found.mid, "verdict": found.verdict}


def run_chart(inputs: Tree) -> Tree:
    found = draw_run_chart(inputs["values"])
    assert found is not None
    return {
        "centre": found.centre,
        "mr_bar": found.moving_range,
        "low": found.low,
        "high": found.high,
        "outside": list(found.outside),
        "run_starts": list(found.run_starts),
    }


def adjusted(inputs: Tree) -> Tree:
    return {"holm": change.holm(inputs["p"]), "bh": change.benjamini_hochberg(inputs["p"])}


def needed(inputs: Tree) -> Tree:
    visits = inputs["visit_sd"], inputs["n_before"], inputs["n_after"]
    return {
        "needed": change.needed_change(*visits, inputs["level"]),
        "false_arrow_rate_at_5_points": change.false_arrow_rate(5, *visits),
    }


def changes_in_a_list(inputs: Tree) -> Tree:
    pairs = [
        (change.Level(row["mean1"], row["n1"]), change.Level(row["mean2"], row["n2"])) for row in inputs["before_after"]
    ]
    dispersion = Dispersion(inputs["phi"], inputs["df"], prior_degrees=inputs["d0"])
    values = [change.change_p_value(*each, dispersion) for each in pairs]
    clear = change.clear_changes(pairs, dispersion)
    return {"p": values, "q": change.benjamini_hochberg(values), "clear": clear}


def crossed(inputs: Tree) -> list[severity.Marked]:
    return list(zip(inputs["branch"], inputs["shopper"], inputs["scores"], strict=True))


def components(inputs: Tree) -> Tree:
    found = severity.variance_components(crossed(inputs))
    assert found is not None
    return {
        "sigma2": found.sigma2, "omega2_shopper": found.omega2, "tau2_branch": found.tau2, "df": found.degrees,
    }  # fmt: skip


def effects(inputs: Tree) -> Tree:
    known = severity.Components(inputs["sigma2"], inputs["omega2"], inputs["tau2"], 0)
    found = severity.fit_effects(crossed(inputs), known)
    return {
        "mu": found.mu,
        "branch_effect": [found.branches[branch] for branch in sorted(found.branches)],
        "severity": [found.shoppers[shopper] for shopper in sorted(found.shoppers)],
        "se": [found.errors[shopper] for shopper in sorted(found.errors)],
    }


def agreed(inputs: Tree) -> Tree:
    scenes = inputs["units"]
    return {"alpha": agreement.krippendorff_alpha(scenes), "ac1": agreement.gwet_ac1(scenes)}


def reliabilities(inputs: Tree) -> Tree:
    visit_variance = inputs["omega2"] + inputs["sigma2"]
    return {"reliability": [agreement.reliability(inputs["tau2"], visit_variance, n) for n in inputs["n"]]}


def visits_to_tell_apart(inputs: Tree) -> Tree:
    asked = [(points, inputs["visit_sd"] ** 2, 1 - inputs["alpha"], inputs["power"]) for points in inputs["deltas"]]
    return {
        "n_normal": [planning.visits_to_tell_apart_exactly(*each) for each in asked],
        "visits": [planning.visits_to_tell_apart(*each) for each in asked],
    }


def visits_for_range(inputs: Tree) -> Tree:
    return {"visits": [planning.visits_for_half_width(points, inputs["visit_sd"] ** 2) for points in inputs["h"]]}


def covered(inputs: Tree) -> Tree:
    cells = inputs["cells"]
    found = cover(
        dict(zip(cells, inputs["traffic_share"], strict=True)), dict(zip(cells, inputs["visits"], strict=True))
    )
    return {
        "covered_share": found.covered,
        "missing": list(found.missing),
        "total_variation": found.distance,
        "poststrat_weights": [found.weights[cell] for cell in cells],
        "kish_n_eff": found.effective_visits,
    }


def asked(inputs: Tree) -> Tree:
    found = question_figures(inputs["answers"])
    return {
        "pass_rate": [figure.pass_rate for figure in found],
        "wilson_90": [ends(figure.range) for figure in found if figure.range],
        "item_rest_r": [figure.with_rest for figure in found],
        "always_pass": [place for place, figure in enumerate(found) if figure.always_passed],
    }


def together(inputs: Tree) -> Tree:
    found = shares_of_r2(inputs["X"], inputs["y"])
    assert found is not None
    return {"r2": found.r2, "lmg": list(found.parts), "share": list(found.of_whole)}


def suppressed(inputs: Tree) -> Tree:
    staff = [Colleague(**row) for row in inputs["staff"]]
    found = suppress(staff, inputs["branch_total_shown"], Floor(**inputs["floor"]))
    return {"shown": list(found.shown), "suppressed": list(found.hidden), "reason": dict(found.reasons)}


def winning(inputs: Tree) -> Tree:
    found = cost_of_winning(
        Fraction(inputs["rep_cost_year"]),
        exactly(inputs["share_of_time_on_new"]),
        Fraction(inputs["new_customers_per_rep"]),
        Fraction(inputs["advertising_year"]),
        Fraction(inputs["reps"]),
    )
    parts = {"sales_part": found.sales, "advertising_part": found.advertising, "total": found.total}
    return {name: round_half_up(part, 2) for name, part in parts.items()}


def lost(inputs: Tree) -> Tree:
    found = loss_of(
        inputs["failed"],
        inputs["visits"],
        inputs["customers_affected_per_year"],
        exactly(inputs["assumed_leaving_share"]),
        Fraction(inputs["cost_of_winning"]),
        inputs["level"],
    )
    return {"customers": list(found.customers), "money": list(found.money), "shown": found.shown}


def student(inputs: Tree) -> Tree:
    asked_for = zip(inputs["p"], inputs["df"], strict=True)
    return {"t": [quantiles.student_quantile(p, degrees) for p, degrees in asked_for]}


def beta(inputs: Tree) -> Tree:
    return {"value": [quantiles.incomplete_beta(*abx) for abx in inputs["abx"]]}


ANSWERED_BY: dict[str, Callable[[Tree], Tree]] = {
    "a01": score_of,
    "a02": score_of,
    "a03": statuses,
    "a05": score_of,
    "a06": score_of,
    "a08": rounded,
    "a09": rounded_below_target,
    "b01": pooled_dispersion,
    "b02": branch_ranges,
    "b03": effective_visits,
    "b05": rate_ranges,
    "b06": what_is_not_printed,
    "b08": offset,
    "c01": groups,
    "c04": places,
    "d01": changed,
    "d03": rate_changed,
    "d05": run_chart,
    "d07": adjusted,
    "d08": needed,
    "d09": changes_in_a_list,
    "e01": components,
    "e02": effects,
    "e04": agreed,
    "e06": reliabilities,
    "f01": visits_to_tell_apart,
    "f03": visits_for_range,
    "g01": covered,
    "h01": asked,
    "i01": together,
    "j01": suppressed,
    "k01": winning,
    "k02": lost,
    "l01": student,
    "l02": beta,
}
