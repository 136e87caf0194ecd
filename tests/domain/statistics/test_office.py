"""What the programme office asks: shoppers, agreement, plans, coverage, questions, what goes together, cost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.errors import InvalidField
from audit.domain.statistics.agreement import gwet_ac1, krippendorff_alpha, percent_agreement, reliability
from audit.domain.statistics.coverage import cover
from audit.domain.statistics.dispersion import SHOPPER_SHARE
from audit.domain.statistics.draws import Draws
from audit.domain.statistics.lost_customers import cost_of_winning, loss_of, two_digits
from audit.domain.statistics.planning import (
    points_told_apart,
    visits_for_half_width,
    visits_for_reliability,
    visits_to_tell_apart,
)
from audit.domain.statistics.questions import (
    AGAINST,
    UNCLEAR,
    UNDEFINED,
    WITH,
    QuestionFigure,
    halo,
    question_figures,
    relations,
)
from audit.domain.statistics.severity import (
    Components,
    Marked,
    calibrated_mean,
    connected_parts,
    fit_effects,
    severities,
    shopper_share,
    variance_components,
)
from audit.domain.statistics.suppression import Colleague, suppress
from audit.domain.statistics.together import find_together, shares_of_r2

KINDLY = 12.0


def net(shoppers: int = 8, each: int = 30, kindly: float = KINDLY) -> list[Marked]:
    """Random visits to 40 branches; `s0` marks `kindly` points high."""
    draws = Draws("a net of visits")
    levels = [80 + 6 * z for z in draws.normals(40)]
    severity = [kindly, *(2 * z for z in draws.normals(shoppers - 1))]
    return [
        (f"b{branch}", f"s{shopper}", levels[branch] + severity[shopper] + 8 * z)
        for shopper in range(shoppers)
        for branch, z in zip(draws.below(40, each), draws.normals(each), strict=True)
    ]


def test_a_kind_shopper_is_found_and_the_score_of_no_visit_is_touched() -> None:
    visits = net()
    before = list(visits)
    found = {each.shopper: each for each in severities(visits)}
    assert visits == before
    assert found["s0"].is_clear
    assert found["s0"].range.low > 0
    assert len(found) == 8


def test_the_mean_of_severities_is_taken_off_in_a_second_figure() -> None:
    visits = net()
    own = [visit for visit in visits if visit[1] == "s0"]
    plain = sum(score for *_, score in own) / len(own)
    assert calibrated_mean(own, severities(visits)) < plain - 4
    assert calibrated_mean(own, []) == pytest.approx(plain)


def test_too_few_visits_or_shoppers_say_nothing_about_severity() -> None:
    assert severities(net(each=14)) == []
    assert severities(net(shoppers=5)) == []


def test_islands_are_not_compared() -> None:
    one = net()
    other = [(f"island-{branch}", f"islander-{shopper}", score) for branch, shopper, score in net(shoppers=5)]
    assert len(connected_parts([*one, *other])) == 2
    assert {str(each.shopper)[0] for each in severities([*one, *other])} == {"s"}


def test_the_share_of_shoppers_is_estimated_once_there_is_enough() -> None:
    assert shopper_share(net(each=4)) == SHOPPER_SHARE
    assert shopper_share([]) == SHOPPER_SHARE
    assert shopper_share(net()) > SHOPPER_SHARE


def test_a_shopper_for_each_region_leaves_nothing_to_compare() -> None:
    visits = [(f"b{place // 3}", f"s{place // 15}", 80.0 + place % 7) for place in range(90)]
    assert variance_components(visits) is None
    assert severities(visits) == []


def test_one_gross_mistake_moves_a_severity_less_after_refitting() -> None:
    clean = net(kindly=0)
    spoiled = [(branch, shopper, 0.0 if place == 40 else score) for place, (branch, shopper, score) in enumerate(clean)]
    known = Components(64, 8, 36, 200)
    true, whom = fit_effects(clean, known).shoppers, clean[40][1]
    plain, robust = fit_effects(spoiled, known).shoppers, fit_effects(spoiled, known, rounds=5).shoppers
    assert abs(robust[whom] - true[whom]) < abs(plain[whom] - true[whom]) / 2


@given(some.permutations(list(range(60))))
def test_the_order_of_visits_changes_no_severity(order: list[int]) -> None:
    visits = net(each=10)[:60]
    known = Components(64, 8, 36, 200)
    first, second = (fit_effects(each, known) for each in (visits, [visits[place] for place in order]))
    assert first.shoppers == pytest.approx(second.shoppers)
    assert first.mu == pytest.approx(second.mu)


def test_agreement_on_what_nearly_always_passes_is_not_called_chance() -> None:
    scenes = [["yes", "yes"]] * 18 + [["yes", "no"], ["no", "yes"]]
    assert percent_agreement(scenes) == pytest.approx(0.9)
    assert gwet_ac1(scenes) == pytest.approx(0.89, abs=0.005)
    alpha = krippendorff_alpha(scenes)
    assert alpha is not None
    assert alpha < 0.05


def test_full_agreement_on_one_answer_proves_nothing() -> None:
    scenes = [["yes", "yes"], ["yes", None]]
    assert percent_agreement(scenes) == 1
    assert gwet_ac1(scenes) is None
    assert krippendorff_alpha(scenes) is None
    assert percent_agreement([["yes", None]]) is None


@given(some.lists(some.sampled_from("yn"), min_size=2, max_size=20))
def test_shoppers_who_always_agree_agree_fully(answers: list[str]) -> None:
    scenes = [[answer] * 3 for answer in answers]
    if len(set(answers)) > 1:
        assert gwet_ac1(scenes) == pytest.approx(1)
        assert krippendorff_alpha(scenes) == pytest.approx(1)


def test_plans_follow_the_table_of_the_usual_spreads() -> None:
    assert [visits_to_tell_apart(points, 160) for points in (5, 10, 15, 20)] == [80, 21, 10, 6]
    assert [visits_for_reliability(wanted, 36, 160) for wanted in (0.5, 0.7, 0.8, 0.9)] == [5, 11, 18, 40]
    assert [visits_for_half_width(points, 160) for points in (10, 8, 5, 3)] == [5, 7, 18, 49]
    assert reliability(36, 160, 40) == pytest.approx(0.9)


@given(some.integers(1, 200), some.floats(1, 900))
def test_what_so_many_visits_show_takes_no_more_of_them(visits: int, variance: float) -> None:
    told = points_told_apart(visits, variance, range(1, 51))
    if told is None:
        assert visits_to_tell_apart(50, variance) > visits
        return
    assert visits_to_tell_apart(told, variance) <= visits
    assert told == 1 or visits_to_tell_apart(told - 1, variance) > visits


def test_weights_are_used_only_where_little_is_missing() -> None:
    traffic = {"weekday": 3.0, "Saturday": 1.0, "closed": 0.0}
    even, gap = cover(traffic, {"weekday": 6, "Saturday": 2}), cover(traffic, {"weekday": 8})
    assert even.may_weigh
    assert even.distance == 0
    assert even.weights == {"weekday": pytest.approx(1), "Saturday": pytest.approx(1)}
    assert not gap.may_weigh
    assert gap.missing == ("Saturday",)
    nothing = cover(traffic, {})
    assert (nothing.covered, nothing.distance, nothing.effective_visits) == (0, 1, 0)


def test_a_question_is_rotated_only_after_sixty_visits_and_never_a_critical_one() -> None:
    (often,) = question_figures([[1]] * 60)
    (seldom,) = question_figures([[1]] * 59)
    assert often.may_rotate(is_critical=False)
    assert not often.may_rotate(is_critical=True)
    assert not seldom.may_rotate(is_critical=False)
    assert often.most_failures == pytest.approx(0.049, abs=0.001)


def test_a_question_that_goes_against_the_rest_is_looked_at_again() -> None:
    rows = [[1, 0, 0], [0, 1, 1]] * 30
    against, *_ = question_figures(rows)
    assert against.with_rest == pytest.approx(-1)
    assert against.needs_rewording
    assert not question_figures(rows[:58])[0].needs_rewording


def test_what_did_not_count_is_no_failure() -> None:
    sometimes, always = question_figures([[None, 1], [1, 1], [None, 1]])
    assert (sometimes.visits, sometimes.passed) == (1, 1)
    assert always.visits == 3
    nothing, _ = question_figures([[None, 1]])
    assert nothing.pass_rate is None


def held(with_rest: float | None, compared: int = 100) -> QuestionFigure:
    """A question that half of the visits passed."""
    return QuestionFigure(compared, compared // 2, None, with_rest, None, compared)


def test_a_question_always_answered_alike_has_no_relation_and_not_a_relation_of_nothing() -> None:
    rows = [[1.0, float(n % 2), float(n % 2), float(n % 3 == 0)] for n in range(40)]
    assert relations(question_figures(rows))[:3] == [UNDEFINED, WITH, WITH]
    assert relations([held(None)]) == [UNDEFINED]
    assert relations([]) == []


def test_few_visits_do_not_say_whether_a_question_goes_with_the_rest() -> None:
    assert relations([held(0.4, 12)]) == [UNCLEAR]
    assert relations([held(0.4, 30)]) == [WITH]
    assert relations([held(1.0, 3)]) == [UNCLEAR]
    # Clear alone, and luck among forty.
    assert relations([held(0.4, 30), *[held(0.02, 30)] * 39]) == [UNCLEAR] * 40


def test_a_question_against_the_rest_is_told_only_where_its_wording_is_to_be_looked_at() -> None:
    assert relations([held(-0.3, 60), held(-0.3, 59)]) == [AGAINST, UNCLEAR]


def test_questions_that_go_with_nothing_seldom_seem_to() -> None:
    draws, seeming = Draws("questions that go with nothing"), 0
    for _ in range(40):
        shares = iter(draws.shares(60 * 20))
        rows = [[float(next(shares) < 0.8) for _ in range(20)] for _ in range(60)]
        seeming += WITH in relations(question_figures(rows))
    assert seeming <= 4


def test_one_impression_behind_all_dimensions_is_seen_as_a_halo() -> None:
    draws = Draws("halo")
    visits = []
    for place in range(60):
        one, *others = (20 * z for z in draws.normals(4))
        visits.append((f"b{place % 6}", "same for all", [80 + one, 80 + one + others[0] / 20, 80 + one]))
        visits.append((f"b{place % 6}", "each apart", [80 + other for other in others]))
    found = halo(visits)
    assert found["same for all"] > 0.8
    assert found["each apart"] < 0.4


def impressions(visits: int) -> list[tuple[str, list[float], float]]:
    """Warmth makes the impression; listening and name are beside it."""
    draws = Draws(f"{visits} impressions")
    made = []
    for place in range(visits):
        warmth, listening, name, rest = draws.normals(4)
        made.append((f"b{place % 20}", [80 + 10 * warmth, 80 + 10 * listening, 80 + 10 * name], 80 + 8 * warmth + rest))
    return made


def test_nothing_is_said_about_what_goes_together_below_120_visits() -> None:
    assert find_together(impressions(119), "seed") is None


def test_up_to_300_visits_no_dimension_leads_alone() -> None:
    found = find_together(impressions(150), "seed")
    assert found is not None
    assert len(found.leading) == 2
    assert 0 in found.leading
    assert found.shares.of_whole[0] > 0.9
    assert found.ranges[0].holds(found.shares.of_whole[0])


def test_with_many_visits_one_dimension_may_lead_alone() -> None:
    found = find_together(impressions(400), "seed")
    assert found is not None
    assert found.leading == (0,)
    assert found == find_together(impressions(400), "seed")


def test_shares_add_up_and_a_constant_dimension_has_none() -> None:
    rows = [([a, b, 7.0], float(a + 2 * b)) for a in range(4) for b in range(5)]
    found = shares_of_r2([row for row, _ in rows], [y for _, y in rows])
    assert found is not None
    assert found.r2 == pytest.approx(1)
    assert sum(found.parts) == pytest.approx(found.r2)
    assert found.parts[2] == 0
    assert shares_of_r2([[1.0], [2.0]], [80.0, 80.0]) is None


def test_a_copy_of_a_dimension_adds_nothing_and_shares_with_it() -> None:
    rows = [[float(a), float(a), float(a * a % 5)] for a in range(12)]
    found = shares_of_r2(rows, [row[0] for row in rows])
    assert found is not None
    assert found.r2 == pytest.approx(1)
    assert found.parts[0] == pytest.approx(found.parts[1])


def colleague(id: str, visits: int) -> Colleague:
    return Colleague(id, visits, shoppers=3, waves=2)


def test_nobody_is_hidden_where_all_have_enough() -> None:
    assert suppress([colleague("A", 9), colleague("B", 7)]).hidden == ()


def test_two_who_are_hidden_hide_each_other() -> None:
    assert suppress([colleague("A", 9), colleague("B", 2), colleague("C", 1)]).shown == ("A",)


def test_without_a_total_nothing_can_be_subtracted() -> None:
    assert suppress([colleague("A", 9), colleague("B", 2)], total_shown=False).shown == ("A",)


def test_one_who_is_alone_hides_the_total() -> None:
    assert suppress([colleague("B", 2)]).hides_total
    assert not suppress([colleague("A", 9), colleague("B", 2)]).hides_total


@pytest.mark.parametrize("nobody", ["won_by_each", "representatives"])
def test_nothing_is_shared_out_among_none(nobody: str) -> None:
    numbers = {"won_by_each": Fraction(20), "representatives": Fraction(40), nobody: Fraction(0)}
    with pytest.raises(InvalidField) as refusal:
        cost_of_winning(Fraction(35_000), Fraction(1, 4), advertising=Fraction(1_600_000), **numbers)
    assert refusal.value.place == nobody


def test_a_loss_without_visits_is_refused_and_without_failures_still_has_a_range() -> None:
    with pytest.raises(InvalidField):
        loss_of(0, 0, 150, Fraction(1, 5), Fraction(2_437))
    found = loss_of(0, 12, 150, Fraction(2, 5), Fraction(2_437))
    assert found.money[:2] == (0, 0)
    assert found.money[2] > 0
    assert found.shown.endswith("if 2 in 5 of them leave")


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, 0), (0.4, 0), (7.5, 8), (24_375, 24_000), (24_500, 25_000), (99.6, 100), (996, 1000)]
)
def test_money_has_two_digits_that_count(amount: float, shown: int) -> None:
    assert two_digits(amount) == shown
