"""A checklist with every kind of question and every kind of rule, and Sam who walks it in a browser without script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from io import BytesIO

from PIL import Image
from werkzeug.test import TestResponse

from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.domain.people import Person
from audit.domain.visit import Visit
from tests import cast
from tests.web.office import Browser, Office, text_of

ALL_KINDS = b"""
id: all-kinds
title: All kinds
languages: [en]
estimated_minutes: 12
brief: Go in and look.
remember: [The first words, The last words, The name]
scenarios:
  - {id: plain, title: Nothing planted, pretend: Buy a pen., spending_limit: 5, risk: Safe.}
  - {id: return, title: Bringing back, pretend: Bring back a pen., spending_limit: 5, risk: Safe.}
sections:
  - id: arrival
    title: Arriving
    questions:
      - id: greeted
        ask: Did someone greet you?
        kind: yes_no
        demands:
          - when: {is: no}
            prompt: What did you see instead?
            comment: true
            photo: true
            facts: [{id: busy, title: Everyone was busy}, {id: nobody, title: Nobody was there}]
      - {id: wait, ask: How long did you wait?, kind: stopwatch, start: Came in, stop: Greeted, required: false}
      - {id: people, ask: How many people were there?, kind: number, unit: people, most: 99, required: false}
      - {id: queue, ask: Did the queue move?, kind: yes_no, show_if: {question: people, at_least: 3}}
  - id: counter
    title: At the counter
    questions:
      - id: manner
        ask: How were you looked at?
        kind: rating
        points: [{point: 1, title: Not at all}, {point: 2, title: With a glance}, {point: 3, title: With a smile}]
        required: false
      - id: who
        ask: Who served you?
        kind: choice
        options: [{id: one, title: One person}, {id: two, title: Two}]
        required: false
      - id: seen
        ask: What did you see?
        kind: choices
        options: [{id: dust, title: Dust}, {id: light, title: Light}]
        required: false
      - {id: paid, ask: When did you pay?, kind: clock_time, required: false, offer: [not_applicable, not_observed]}
      - {id: day, ask: Which day was it?, kind: date, required: false}
      - {id: words, ask: Which words did you hear first?, kind: short_text, required: false}
      - {id: shelf, ask: A picture of the shelf, kind: photo, required: false}
      - {id: receipt, ask: A picture of the receipt, kind: photo, required: false, for_office: true}
      - id: often
        ask: How often did they do each of these?
        kind: grid
        rows: [{id: look, title: Look at you}, {id: smile, title: Smile}]
        scale: [{id: never, title: Never, share: 0}, {id: always, title: Always, share: 1}]
        required: false
  - id: problem
    title: The problem
    show_if: {scenario: id, is: return}
    questions:
      - {id: solved, ask: Was the problem solved?, kind: yes_no, offer: [not_observed]}
"""


@dataclass
class Walk:
    """A visit in the hands of its shopper: posts what a page without script would post."""

    office: Office
    browser: Browser
    visit_id: str
    typed: dict[str, object] = field(default_factory=dict)

    @property
    def visit(self) -> Visit:
        return self.office.store.visits.find(self.visit_id)

    def address(self, page: str) -> str:
        return f"/visits/{self.visit_id}/{page}"

    def page(self, name: str = "form") -> str:
        response = self.browser.get(self.address(name))
        assert response.status_code == 200, response.status
        return text_of(response)

    def post(self, do: str, page: str = "draft", served: str = "", **typed: object) -> TestResponse:
        """Fill in by question id (`greeted`, `greeted__comment`), then press the button named `do`."""
        self.typed |= {f"q-{name.replace('__', '--')}": value for name, value in typed.items()}
        fields = {**hidden_fields(served or self.page()), **self.typed, "do": do}
        self.typed = {name: value for name, value in self.typed.items() if not name.endswith("--photos")}
        return self.browser.post(self.address(page), data=fields, content_type="multipart/form-data")

    def send(self) -> TestResponse:
        """Press the button on the page for checking."""
        return self.browser.post(self.address("submission"), data=hidden_fields(self.page("check")))


def begin_walk(office: Office, scenario: str = "plain", shopper: Person = cast.SAM) -> Walk:
    """A visit that the shopper has just begun, with the checklist of all kinds."""
    file = read_checklist_file(ALL_KINDS, "all-kinds.yaml")
    assert not file.errors, file.errors
    version = publish_checklist(office.store, cast.ADA, file.tree, file.source, office.clock()).version
    until = office.clock().date() + timedelta(days=7)
    offer = Offer("N01", "all-kinds", version, shopper.id, until, scenario=scenario)
    assignment = assign_visit(office.store, cast.ADA, offer, office.clock())
    browser = office.browser(shopper)
    begun = browser.post(f"/assignments/{assignment.id}/visit")
    assert begun.status_code == 303
    return Walk(office, browser, begun.location.split("/")[2])


def hidden_fields(page: str) -> dict[str, object]:
    """The hidden inputs of the page's main form, with their values."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?>', page)
    return {name: unescape(value) for name, value in found}


def fieldset(page: str, question: str) -> str:
    """The part of the page that asks this question."""
    inside = page.index(f'id="q-{question}"')
    start = page.rindex('<fieldset class="question', 0, inside)
    following = page.find('<fieldset class="question', inside)
    return page[start : following if following > 0 else None]


def is_hidden(page: str, question: str) -> bool:
    opening = fieldset(page, question)
    return " hidden>" in opening[: opening.index(">") + 1]


def picture(colour: str = "teal", kind: str = "JPEG") -> tuple[BytesIO, str]:
    """A small photo, as a browser sends a chosen file."""
    raw = BytesIO()
    Image.new("RGB", (40, 30), colour).save(raw, kind)
    raw.seek(0)
    return raw, f"{colour}.{kind.lower()}"


ENOUGH: Sequence[tuple[str, object]] = (
    ("greeted", "yes"),
    ("customer_state", "satisfied"),
    ("narrative", "They were quick and kind."),
)
"""What a plain visit needs at least."""
