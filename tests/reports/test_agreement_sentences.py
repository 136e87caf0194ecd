"""What is said of filmed scenes: every figure with its meaning and its n, few scenes as few, and nobody by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from babel.support import NullTranslations

from audit.domain.statistics.scenes import MarkingRow, ScenesCompared, compare_markings
from audit.formatting import Formats
from audit.reports.agreement_sentences import AgreementSentences
from tests.reports.words import Listening, Shouting, collect_texts

SAY = AgreementSentences()


def filmed(scenes: Sequence[str], question: str | None = None) -> ScenesCompared:
    """Scenes in which each letter is the marking of one more shopper, a dot one that is missing."""
    return compare_markings(
        [
            MarkingRow(2, f"SCENE {down}", f"SHOPPER {across}", marking.strip("."), question)
            for down, markings in enumerate(scenes, 1)
            for across, marking in enumerate(markings, 1)
        ]
    )


SOME = filmed(["YYYN", "YY.N", "NNNN", "YNYY", ".YY.", "YYYY", "YYYY", "NYN."])


def test_the_share_is_said_with_the_number_of_scenes_and_its_range() -> None:
    assert SAY.alike(SOME.together) == (
        "Two shoppers who see the same scene mark it alike in 71 of 100 cases, from 8 scenes. 9 times out of 10 it "
        "lies between 42 and 90, if other scenes like these are filmed."
    )
    assert SAY.compared(SOME) == "8 scenes, 4 shoppers, and 28 markings"
    assert SAY.left_out(SOME) == "4 markings are missing: they count neither for agreement nor against."
    assert SOME.few


def test_ac1_and_alpha_come_with_what_they_mean() -> None:
    assert SAY.ac1(SOME.together) == (
        "AC1 is 0.49: some agreement is chance; of what chance leaves open, shoppers reach 49 %."
    )
    assert SAY.alpha(SOME.together).startswith("Alpha is 0.37. It takes for chance what would come of mixing")
    against = filmed(["YN", "NY"]).together
    assert SAY.ac1(against) == "AC1 is -1.00: shoppers agree no more often than chance would have it."


def test_only_full_agreement_is_one() -> None:
    assert [SAY.figure(value) for value in (0.994, 0.999, 1.0)] == ["0.99", "0.99", "1.00"]


def test_full_agreement_on_a_single_marking_is_not_praised() -> None:
    alike = filmed(["YY", "YY"])
    assert SAY.ac1(alike.together).startswith("All markings are the same.")
    assert SAY.alpha(alike.together).startswith("Alpha cannot be worked out")
    assert SAY.all_alike() == "No scene was marked differently."


def test_without_pairs_nothing_is_compared() -> None:
    alone = filmed(["Y", "N"])
    assert SAY.alike(alone.together) == "Nothing can be compared: no scene was marked by two shoppers."
    assert SAY.left_out(alone) == "2 markings stand alone: no other shopper marked the same."
    assert (SAY.of_hundred(alone.together), SAY.range(alone.together), SAY.figure(None)) == ("–", "", "–")


def test_no_share_is_rounded_up_to_all() -> None:
    assert SAY.of_hundred(filmed(["Y" * 300 + "N", *["Y" * 301] * 9]).together) == "99"
    assert SAY.of_hundred(filmed(["YY"]).together) == "100"
    nearly = filmed(["Y" * 300 + "N", *["Y" * 301] * 4, *["N" * 301] * 5]).together
    assert SAY.ac1(nearly).endswith("of what chance leaves open, shoppers reach 99 %.")
    assert SAY.ac1(filmed(["YY", "NN"]).together).endswith("shoppers reach 100 %.")
    assert SAY.range(filmed(["YY"] * 10).together) == "78–100"


def test_a_scene_is_shown_with_its_markings_and_without_its_shoppers() -> None:
    said = [SAY.marked(each) for each in SOME.unlike]
    assert said[0] == "Scene “SCENE 2”: 2 × Y and 1 × N"
    assert "SHOPPER" not in " ".join(everything_said(NullTranslations()))
    (many,) = filmed(["ABCDEFGH"], "GREETED").unlike
    assert SAY.marked(many).startswith("Scene “SCENE 1”, “GREETED”: 1 × A, 1 × B,")
    assert SAY.marked(many).endswith("1 × F, and …")


@pytest.mark.parametrize("language", ["ar", "de"])
def test_names_in_another_script_do_not_scramble_a_line(language: str) -> None:
    (line,) = [AgreementSentences(formats=Formats(language)).marked(each) for each in filmed(["YN"]).unlike]
    assert ("\u2068Y\u2069" in line) == (language == "ar")


def everything_said(words: NullTranslations) -> Iterable[str]:
    say = AgreementSentences(words)
    asked = filmed(["YN"], "GREETED")
    for found in (SOME, filmed(["Y."]), filmed(["YY"]), filmed(["YN", "NY"]), filmed(["Y", "N"]), asked):
        yield from (say.compared(found), say.left_out(found), say.alike(found.together))
        yield from (say.ac1(found.together), say.alpha(found.together))
        yield from map(say.marked, found.unlike)
    yield from (say.few(), say.both(), say.scale(), say.all_alike())


def test_translators_are_given_every_sentence() -> None:
    listening = Listening()
    list(everything_said(listening))
    assert len(listening.heard) > 20
    assert listening.heard - set(collect_texts()) == set()


def test_every_sentence_comes_through_the_catalogue() -> None:
    wrong = [said for said in everything_said(Shouting()) if said.replace(" and ", " AND ") != said.upper()]
    assert [each.replace(", and ", ", AND ") for each in wrong if ", and " not in each] == []
