"""What became of single questions: asked alike in both periods, looked at together, and luck called luck."""

from __future__ import annotations

from dataclasses import dataclass, replace

from babel.support import NullTranslations

from audit.domain.checklist.model import Checklist
from audit.domain.statistics.change import IMPROVED, UNCLEAR, WORSENED
from audit.reports.question_changes import Asked, Earlier, QuestionChange, QuestionChanges, compare_questions
from audit.reports.question_sentences import QuestionSentences
from tests.builders import build_checklist, text
from tests.reports.words import Listening, Shouting, collect_texts

WELCOME = build_checklist()
SAY = QuestionSentences()


@dataclass(frozen=True)
class Line:
    id: str
    kept: int
    n: int


def asked(*lines: Line, checklist: Checklist = WELCOME) -> Asked:
    return Asked(lines, [checklist])


def changes(
    lines: dict[str, tuple[int, int]], before: dict[str, tuple[int, int]], earlier: Checklist = WELCOME
) -> QuestionChanges | None:
    now = asked(*(Line(id, *kept) for id, kept in lines.items()))
    return compare_questions({"welcome": now}, {"welcome": [Earlier(earlier, before)]}).get("welcome")


def worded_otherwise(checklist: Checklist, id: str) -> Checklist:
    sections = (
        replace(
            section,
            questions=tuple(
                replace(each, title=text("Otherwise?")) if each.id == id else each for each in section.questions
            ),
        )
        for section in checklist.sections
    )
    return replace(checklist, sections=tuple(sections))


def test_a_question_kept_three_times_of_twelve_and_then_ten_times_clearly_changed() -> None:
    found = changes({"greeted": (10, 12), "listened": (9, 12)}, {"greeted": (3, 12), "listened": (8, 12)})
    assert found is not None
    assert found.by_question == {
        "greeted": QuestionChange(3, 12, 10, 12, IMPROVED),
        "listened": QuestionChange(8, 12, 9, 12, UNCLEAR),
    }
    assert (found.clear, found.could_show, found.most_visits) == (("greeted",), True, (12, 12))


def test_all_questions_of_a_page_are_looked_at_together_whatever_checklist_they_are_of() -> None:
    moved = {"greeted": ((10, 12), (3, 12))}
    still = replace(WELCOME, id="other")
    ids = [question.id for question in WELCOME.questions()]
    others = {id: Line(id, 6, 12) for id in ids}
    now = {f"other {n}": asked(*others.values(), checklist=still) for n in range(10)}
    before = {key: [Earlier(still, dict.fromkeys(ids, (6, 12)))] for key in now}
    now["welcome"] = asked(Line("greeted", *moved["greeted"][0]))
    before["welcome"] = [Earlier(WELCOME, {"greeted": moved["greeted"][1]})]
    found = compare_questions(now, before)
    assert len(found) == 11
    assert found["welcome"].clear == ()


def test_a_question_in_other_words_is_not_compared_and_the_others_are() -> None:
    before = {"greeted": (3, 12), "listened": (8, 12)}
    found = changes({"greeted": (10, 12), "listened": (9, 12)}, before, worded_otherwise(WELCOME, "greeted"))
    assert found is not None
    assert list(found.by_question) == ["listened"]


def test_versions_that_ask_alike_are_counted_together() -> None:
    now = asked(Line("greeted", 10, 12))
    halves = [
        Earlier(WELCOME, {"greeted": (1, 6)}),
        Earlier(worded_otherwise(WELCOME, "listened"), {"greeted": (2, 6)}),
    ]
    found = compare_questions({"welcome": now}, {"welcome": halves})
    assert found["welcome"].by_question["greeted"] == QuestionChange(3, 12, 10, 12, IMPROVED)


def test_what_was_not_asked_in_both_periods_is_left_away() -> None:
    assert changes({"greeted": (10, 12), "listened": (0, 0)}, {"greeted": (0, 0), "listened": (8, 12)}) is None
    assert compare_questions({"welcome": asked(Line("greeted", 10, 12))}, {}) == {}


CLEAR = QuestionChange(3, 12, 10, 12, IMPROVED)
FELL = QuestionChange(10, 12, 3, 12, WORSENED)
LUCK = QuestionChange(8, 12, 9, 12, UNCLEAR)
SAME = QuestionChange(6, 12, 3, 6, UNCLEAR)
SHOWN = QuestionChanges({"greeted": CLEAR, "listened": LUCK, "solved": SAME}, could_show=True)
NONE = QuestionChanges({"listened": LUCK, "solved": SAME}, could_show=True)
TOO_FEW = QuestionChanges({"listened": QuestionChange(1, 3, 3, 3, UNCLEAR)}, could_show=False)


def test_a_clear_change_is_said_with_its_visits_and_luck_is_called_luck() -> None:
    assert SAY.question_moved(CLEAR) == "kept in 3 of 12 before, in 10 of 12 now: a clear improvement"
    assert SAY.question_moved(FELL) == "kept in 10 of 12 before, in 3 of 12 now: a clear decline"
    assert [SAY.question_before(each, SHOWN) for each in (CLEAR, FELL, LUCK, SAME)] == [
        "before 3 of 12: a clear improvement",
        "before 10 of 12: a clear decline",
        "before 8 of 12: could be luck",
        "before 6 of 12",
    ]


def test_few_visits_are_said_to_show_nothing_instead_of_calling_each_question_luck() -> None:
    (only,) = TOO_FEW.by_question.values()
    assert SAY.question_before(only, TOO_FEW) == "before 1 of 3"
    assert SAY.questions_power(TOO_FEW).startswith("3 before and 3 visits now cannot show the change of a single")
    assert SAY.questions_power(SHOWN) == ""
    # Many that change at once may be clear where one could not be.
    several = replace(SHOWN, could_show=False)
    assert SAY.questions_power(several) == ""
    assert SAY.question_before(CLEAR, several).endswith("a clear improvement")


def test_how_many_changed_is_said_with_the_luck_of_a_list() -> None:
    assert SAY.questions_moved(SHOWN).startswith("1 of 3 questions that were asked in both periods clearly changed. ")
    assert SAY.questions_moved(SHOWN).endswith("at most one in ten is expected to be luck.")
    assert SAY.questions_moved(NONE) == "Of 2 questions that were asked in both periods none clearly changed."
    assert SAY.questions_moved(TOO_FEW) == "The only question that was asked in both periods did not clearly change."


def everything_said(words: NullTranslations) -> list[str]:
    say = QuestionSentences(words)
    return [
        *(say.questions_moved(each) for each in (SHOWN, NONE, TOO_FEW)),
        say.questions_power(TOO_FEW),
        *(say.question_moved(each) for each in (CLEAR, FELL)),
        *(say.question_before(each, SHOWN) for each in (CLEAR, FELL, LUCK, SAME)),
    ]


def test_every_sentence_about_questions_comes_through_the_catalogue() -> None:
    assert [said for said in everything_said(Shouting()) if said != said.upper()] == []


def test_translators_are_given_every_sentence_about_questions() -> None:
    listening = Listening()
    everything_said(listening)
    assert len(listening.heard) >= 11
    assert listening.heard - set(collect_texts()) == set()
