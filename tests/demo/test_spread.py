"""How the invented visits differ: by branch, by shopper and by day, in amounts like those of real programmes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import correlation, fmean

import pytest

from audit.demo.answering import walk_through
from audit.demo.calendar import Plan, plan_visits
from audit.demo.chance import id_at, stream
from audit.demo.organisation import shoppers
from audit.demo.pictures import DRAWINGS, Subject, draw
from audit.demo.temper import Tempers
from audit.domain.checklist.model import Answers, Checklist, Circumstances
from audit.domain.checklist.parsing import checklist_from_tree
from audit.domain.score import Score, score_visit
from audit.domain.statistics.severity import LEAST_SHOPPERS, severities
from audit.intake.photos import clean_photo
from audit.intake.yaml_trees import read_yaml

NOW = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "checklists"
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Walked:
    plan: Plan
    answers: Answers
    score: Score


@cache
def checklists() -> Mapping[str, Checklist]:
    names = ("six-secrets", "restaurant", "phone-call")
    files = {name: (FOLDER / f"{name}.yaml").read_bytes() for name in names}
    return {name: checklist_from_tree(read_yaml(source, name).tree) for name, source in files.items()}


@cache
def year(seed: int, now: datetime = NOW) -> list[Walked]:
    cast = shoppers([id_at(stream(seed, "shopper", n), now) for n in range(15)])
    return [_walked(plan, Tempers(seed)) for plan in plan_visits(cast, checklists(), now, seed)]


def _walked(plan: Plan, tempers: Tempers) -> Walked:
    checklist = checklists()[plan.checklist_id]
    circumstances = Circumstances(plan.branch.attributes, plan.scenario)
    answers = walk_through(plan, checklist, circumstances, tempers).answers
    return Walked(plan, answers, score_visit(checklist, answers, circumstances))


def in_shops(seed: int) -> list[Walked]:
    return [one for one in year(seed) if one.plan.checklist_id == "six-secrets" and one.score.status == "ok"]


def spreads(visits: Iterable[Walked], group: Callable[[Walked], str]) -> tuple[float, float]:
    """Standard deviations between and within groups, by the one-way analysis of variance with unequal groups."""
    groups: dict[str, list[float]] = {}
    for visit in visits:
        assert visit.score.base is not None
        groups.setdefault(group(visit), []).append(float(visit.score.base))
    groups = {name: scores for name, scores in groups.items() if len(scores) > 2}
    n, k = sum(map(len, groups.values())), len(groups)
    mean = sum(map(sum, groups.values())) / n
    within = sum((score - fmean(scores)) ** 2 for scores in groups.values() for score in scores) / (n - k)
    between = sum(len(scores) * (fmean(scores) - mean) ** 2 for scores in groups.values()) / (k - 1)
    size = (n - sum(len(scores) ** 2 for scores in groups.values()) / n) / (k - 1)
    return max(0.0, (between - within) / size) ** 0.5, within**0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_branches_differ_and_visits_to_one_branch_differ_more(seed: int) -> None:
    between, within = spreads(in_shops(seed), lambda one: one.plan.branch.code)
    assert 3.5 <= between <= 9.5
    assert 9 <= within <= 15


@pytest.mark.parametrize("seed", SEEDS)
def test_shoppers_differ_in_how_severe_they_are(seed: int) -> None:
    between, _ = spreads(in_shops(seed), lambda one: one.plan.shopper.name)
    assert 1.5 <= between <= 8


@pytest.mark.parametrize("seed", SEEDS)
def test_shoppers_of_the_coast_and_the_hills_can_be_compared_and_those_overseas_cannot(seed: int) -> None:
    scored = [(one, one.score.base) for one in in_shops(seed) if one.plan.published_at]
    marked = [
        (one.plan.branch.code, one.plan.shopper.pseudonym, float(base)) for one, base in scored if base is not None
    ]
    overseas = {shopper for branch, shopper, _ in marked if branch.startswith("O")}
    found = severities(marked)
    assert len(found) >= LEAST_SHOPPERS
    assert not overseas & {each.shopper for each in found}
    assert any(each.is_clear for each in found)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_organisation_is_neither_perfect_nor_hopeless(seed: int) -> None:
    scores = [float(one.score.base or 0) for one in in_shops(seed)]
    assert 62 <= fmean(scores) <= 78
    assert min(scores) < 50
    assert max(scores) > 88


def test_questions_of_one_dimension_fail_together_more_than_those_of_two() -> None:
    visits = [one for seed in SEEDS for one in in_shops(seed)]

    def earned(question: str) -> dict[int, float]:
        return {
            number: float(line.earned / line.possible)
            for number, one in enumerate(visits)
            for line in one.score.questions
            if line.id == question and line.possible
        }

    def together(one: str, other: str) -> float:
        first, second = earned(one), earned(other)
        both = sorted(set(first) & set(second))
        return correlation([first[n] for n in both], [second[n] for n in both])

    assert together("heard_out", "fit") > 0.15
    assert together("heard_out", "fit") > together("heard_out", "goodbye") > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_what_nobody_planted_is_seldom_observed(seed: int) -> None:
    plain = [one for one in in_shops(seed) if one.plan.scenario == "plain-visit"]
    absent = Counter(one.answers["request_answer"].value == "not_observed" for one in plain)
    assert absent[True] > 4 * absent[False] > 0


def test_a_seed_and_a_moment_make_one_year_and_another_seed_another() -> None:
    first = [(one.plan, one.answers) for one in year(1)]
    year.cache_clear()
    assert [(one.plan, one.answers) for one in year(1)] == first
    assert [one.score.base for one in year(1)] != [one.score.base for one in year(2)]


def test_a_later_start_moves_the_year_with_it() -> None:
    later = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
    entries = [one.plan.entered_at for one in year(1, later)]
    assert entries[0] < entries[-1] < later
    assert (later - entries[0]).days in range(355, 365)


def test_comments_are_sentences_that_hardly_ever_repeat_at_one_branch() -> None:
    narratives = [str(one.answers["narrative"].value) for one in year(1)]
    assert len(set(narratives)) > 0.9 * len(narratives)
    comments = [answer.comment for one in year(1) for answer in one.answers.values() if answer.comment]
    assert len(comments) > 100
    for words in (*narratives, *comments):
        assert words.rstrip('"').endswith((".", "?", "!"))
        assert "{" not in words
        assert "  " not in words


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_drawing_is_small_repeats_itself_and_passes_as_a_photo(name: str) -> None:
    subject = Subject(name, "C01", "evening", NOW)
    raw = draw(subject, stream(1, name))
    assert raw == draw(subject, stream(1, name))
    assert raw != draw(subject, stream(2, name))
    photo = clean_photo(raw)
    assert max(photo.width, photo.height) <= 480
    assert len(photo.jpeg) < 40_000
