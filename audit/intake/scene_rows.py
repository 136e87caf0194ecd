"""Markings of filmed scenes as they stand in anybody's table: which column is what, and what each row says. Judges no
marking.

A heading is known in ten languages, but only if nothing else stands in it: a wrong guess would make wrong figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from audit.domain.errors import InvalidTable
from audit.intake.column_words import VOCABULARY, know_words, read_heading
from audit.intake.tables import Table
from audit.intake.visit_rows import find_headed, listed_headings

FIELDS = ("scene", "question", "shopper", "marking")
NEEDED = ("scene", "shopper", "marking")

SCENE_VOCABULARY: dict[str, str] = {
    "scene": """
        scene scenes film films clip clips video videos situation recording scène extrait séquence enregistrement
        szene szenen filmszene filmausschnitt aufnahme escena escenas película vídeo grabación situación scena scene
        filmato situazione cena cenas filme vídeo situação fragment opname filmfragment situatie
        場面 シーン 動画 映像 场景 場景 视频 影片 片段 مشهد فيديو مقطع
    """,
    "question": """
        question questions criterion critère frage fragen kriterium pregunta preguntas criterio domanda domande
        pergunta questão critério vraag vragen 質問 設問 问题 問題 题目 題目 سؤال معيار
    """,
    "shopper": """
        shopper shoppers mystery_shopper observer rater marker judge assessor tester testkäufer testkäuferin
        beobachter beobachterin beurteiler client_mystère enquêteur observateur évaluateur juge comprador
        comprador_misterioso cliente_misterioso observador evaluador cliente_mistério cliente_oculto avaliador
        osservatore valutatore beoordelaar waarnemer 調査員 覆面調査員 評価者 神秘顾客 评分员 观察员 调查员
        متسوق متسوق_سري المتسوق_السري مراقب مقيم
    """,
    "marking": """
        marking markings mark marks answer answers rating score verdict réponse réponses cotation appréciation
        bewertung antwort wertung urteil respuesta marca valoración calificación puntuación risposta valutazione voto
        punteggio resposta avaliação pontuação antwoord beoordeling oordeel 回答 評価 採点 评分 评价 答案
        إجابة جواب تقييم علامة درجة
    """,
    "code": f"{VOCABULARY['code']} {VOCABULARY['number']}",
    "name": VOCABULARY["name"],
}
_OF_SCENES = know_words(SCENE_VOCABULARY)
_WORTHS = {frozenset[str](): 3, frozenset({"code"}): 2, frozenset({"name"}): 1, frozenset({"code", "name"}): 1}

T = TypeVar("T")


def find_scene_columns(header: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """For each of FIELDS that the table has the index of its column. `named` says which heading a field stands under;
    the others are found by their headings. InvalidTable with the mend if one that is needed is missing, or two columns
    could be the same."""
    columns = {field: _named(header, heading) for field, heading in named.items()}
    for field in FIELDS:
        if field in columns:
            continue
        places = [place for place in _best(header, field) if place not in columns.values()]
        if len(places) > 1:
            raise InvalidTable(
                "The columns {headings} could all be the {field}. Head one of them “{field}” and the others otherwise.",
                headings=listed_headings([header[place] for place in places]),
                field=field,
            )
        if places:
            columns[field] = places[0]
        elif field in NEEDED:
            raise InvalidTable(
                "There is no column “{field}”. Head the one that holds it “{field}”. The headings are {headings}.",
                field=field,
                headings=listed_headings(header),
            )
    return columns


def read_scene_rows(table: Table, columns: Mapping[str, int], make: Callable[..., T]) -> list[T]:
    """The rows by the columns found. `make` is given number, scene, shopper and marking by name, and question, None
    where the table has no column of questions; all on one line, and empty where a cell is."""
    return [
        make(number=row.number, **{field: row.cell(columns[field]) if field in columns else None for field in FIELDS})
        for row in table.rows
    ]


def _named(header: Sequence[str], heading: str) -> int:
    places = find_headed(header, heading)
    if len(places) != 1:
        raise InvalidTable(
            "No column is headed “{heading}”, or more than one is. The headings are {headings}.",
            heading=heading,
            headings=listed_headings(header),
        )
    return places[0]


def _best(header: Sequence[str], field: str) -> list[int]:
    """The columns whose heading fits the field best: its own word above any other, then without a number or name."""
    own = find_headed(header, field)
    if own:
        return own
    worths = {place: _worth(heading, field) for place, heading in enumerate(header)}
    best = max(worths.values(), default=0)
    return [place for place, worth in worths.items() if worth == best > 0]


def _worth(heading: str, field: str) -> int:
    meanings, unknown = read_heading(heading, _OF_SCENES)
    return 0 if unknown or field not in meanings else _WORTHS.get(meanings - {field}, 0)
