"""The shopper's pen: sentences that fit the answers they stand beside, from a small grammar.

A narrative says why one came, what was lost, what was kept, and how one left. Refuses to say what was not answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from audit.demo import phrases_elsewhere as elsewhere
from audit.demo import phrases_in_shops as in_shops
from audit.demo.calendar import CUT_SHORT, Plan
from audit.demo.chance import some
from audit.demo.phrases_in_shops import Phrases
from audit.domain.checklist.model import CUSTOMER_STATE, NO_ANSWER, Answer, Checklist, Value
from audit.domain.checklist.visibility import words_of

LOST_BELOW, KEPT_FROM = 0.4, 0.99
BY_CHANNEL: dict[str, tuple[Phrases, Phrases, Mapping[str, tuple[str, ...]]]] = {
    "six-secrets": (in_shops.SAID, in_shops.ASKED, in_shops.SEEN),
    "restaurant": (elsewhere.AT_THE_TABLE, elsewhere.AT_THE_TABLE_ASKED, elsewhere.AT_THE_TABLE_SEEN),
    "phone-call": (elsewhere.ON_THE_PHONE, elsewhere.ON_THE_PHONE_ASKED, {}),
}
OPENINGS: dict[str, tuple[str, ...]] = {
    "six-secrets": (
        "I came in the {part} to look for {goods}.",
        "I came in during the {part}; I wanted {goods}.",
        "I was after {goods}.",
        "I needed {goods} for my neighbour.",
    ),
    "return-goods": (
        "I brought back {goods}, unused and with the receipt.",
        "I came to return {goods}.",
    ),
    "price-check": (
        "I bought {goods} and asked to have the price checked.",
        "At the till I said that I had expected to pay less for {goods}.",
    ),
    "put-aside": ("I chose {goods}, then found that my card was at home.",),
    "restaurant": (
        "I came for a meal at {part}.",
        "A table for one, at {part}.",
        "It was {part}, half the tables taken.",
    ),
    "phone-call": (
        "I rang in the {part}.",
        "One call in the {part}, from a quiet room.",
        "I had a question about coming.",
    ),
}
PARTS = {"midday": "middle of the day"}
ENDINGS: dict[str, tuple[str, ...]] = {
    "phone-call dissatisfied": ("I would not ring again.", "Next time I would rather search the web."),
    "phone-call satisfied": ("I know now what I needed to know.", "A short and proper call."),
    "phone-call delighted": (
        "I put the receiver down with a smile.",
        "After this call I looked forward to going there.",
    ),
    "restaurant dissatisfied": ("I would not take a friend there.", "I paid and was glad to leave."),
    "restaurant satisfied": ("I would eat here again when I am in {town}.", "A meal as one expects it."),
    "restaurant delighted": (
        "I have already told two friends to go.",
        "I stayed for a second coffee, which says it all.",
    ),
    "dissatisfied": (
        "I would look elsewhere next time.",
        "I left with the feeling of having been in the way.",
        "It would take something for me to come back.",
    ),
    "satisfied": (
        "All in all a decent visit.",
        "I would come back, though I would not make a detour for it.",
        "I had what I came for, no more and no less.",
    ),
    "delighted": (
        "I left in a better mood than I came in.",
        "I told a friend about it the same evening.",
        "This is how I would like to be served everywhere.",
    ),
}
LINKS_DOWN = ("", "", "Less good: ", "But ", "Sadly, ")
LINKS_UP = ("", "", "On the other hand, ", "To their credit: ")


@dataclass(frozen=True)
class Pen:
    """One shopper's way of writing about one visit; what they came for stays the same throughout."""

    plan: Plan
    chance: Random
    goods: str
    wish: str

    @classmethod
    def of(cls, plan: Plan, chance: Random) -> Pen:
        """The pen for this visit."""
        goods = chance.choice(in_shops.GOODS)
        wish = f"{goods} kept until tomorrow" if plan.scenario == "put-aside" else chance.choice(in_shops.WISHES)
        return cls(plan, chance, goods, wish)

    def comment(self, question_id: str, value: Value, facts: tuple[str, ...]) -> str:
        """What was seen, in a sentence or two, for an answer that asks for it."""
        _, asked, seen = BY_CHANNEL[self.plan.checklist_id]
        found = [some(self.chance, seen.get(fact, ())) for fact in facts]
        found += [some(self.chance, asked.get(question_id, {}).get(word, ())) for word in sorted(words_of(value))]
        return self._filled(" ".join(sentence for sentence in found if sentence))

    def text(self, question_id: str, answers: Mapping[str, Answer], checklist: Checklist, *, closing: bool) -> str:
        """A written answer: the first words heard, the one small change wished for, or the narrative at the end."""
        if closing:
            return self._narrative(answers, checklist)
        if question_id == "request_words":
            heard = in_shops.FIRST_WORDS[str(answers["request_answer"].value)]
            return some(self.chance, heard)
        if question_id == "first_words":
            return some(self.chance, elsewhere.ON_THE_PHONE_FIRST)
        lost = [in_shops.WISHED[id] for id in self._lost(answers, checklist) if id in in_shops.WISHED]
        return some(self.chance, lost[0] if lost else in_shops.WISHED_FOR_NOTHING)

    def _narrative(self, answers: Mapping[str, Answer], checklist: Checklist) -> str:
        lost = [self._said(id, answers[id]) for id in self._lost(answers, checklist)]
        kept = [self._said(id, answers[id]) for id in self._kept(answers, checklist)]
        down, up = [one for one in lost if one][:3], [one for one in kept if one][:2]
        state = str(answers.get(CUSTOMER_STATE, NO_ANSWER).value)
        body = [*up, *self._linked(down, LINKS_DOWN)] if len(up) >= len(down) else [*down, *self._linked(up, LINKS_UP)]
        ending = some(self.chance, ENDINGS.get(f"{self.plan.checklist_id} {state}", ENDINGS.get(state, ())))
        if self.plan.fate == CUT_SHORT:
            ending = "The shop closed early because of a burst pipe, so I could not see the rest."
        opening = some(self.chance, OPENINGS.get(self.plan.scenario, OPENINGS[self.plan.checklist_id]))
        return self._filled(" ".join(part for part in (opening, *body, ending) if part))

    def _said(self, question_id: str, answer: Answer) -> str:
        said = BY_CHANNEL[self.plan.checklist_id][0].get(question_id, {})
        sentences = [some(self.chance, said[word]) for word in sorted(words_of(answer.value)) if word in said]
        return sentences[0] if sentences else ""

    def _linked(self, sentences: list[str], links: tuple[str, ...]) -> list[str]:
        if not sentences:
            return []
        link = self.chance.choice(links)
        first = sentences[0]
        if link and first.split()[0] not in ("I", "I'm"):
            first = first[0].lower() + first[1:]
        return [link + first, *sentences[1:]]

    def _lost(self, answers: Mapping[str, Answer], checklist: Checklist) -> list[str]:
        """Questions that earned little, the heaviest loss first."""
        shares = shares_of(answers, checklist)
        lost = [(id, share) for id, share in shares.items() if share < LOST_BELOW]
        return sorted((id for id, _ in lost), key=lambda id: -float(checklist.by_id[id].weight) * (1 - shares[id]))

    def _kept(self, answers: Mapping[str, Answer], checklist: Checklist) -> list[str]:
        """Questions that earned everything, in an order of chance."""
        kept = [id for id, share in shares_of(answers, checklist).items() if share >= KEPT_FROM]
        return self.chance.sample(kept, len(kept))

    def _filled(self, sentence: str) -> str:
        part = self.plan.part if self.plan.checklist_id == "restaurant" else PARTS.get(self.plan.part, self.plan.part)
        return sentence.format(goods=self.goods, wish=self.wish, part=part, town=self.plan.branch.locality)


def shares_of(answers: Mapping[str, Answer], checklist: Checklist) -> dict[str, float]:
    """What each answer that counts earned of its question, 0 to 1."""
    points = {
        id: checklist.by_id[id].kind.points(answer.value)
        for id, answer in answers.items()
        if answer.given and not answer.absent and checklist.by_id[id].scored
    }
    return {id: float(share) for id, share in points.items() if share is not None}
