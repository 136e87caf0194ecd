"""An installation for tests of pages: the cast, a clock that is told the time, browsers that behave like browsers."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from audit.actions import signing_in
from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist, publish_visit, read_checklist_file
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.config import Config
from audit.domain.assignment import Assignment
from audit.domain.people import Person
from audit.domain.programme import Branch
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit
from audit.storage.identifiers import new_id
from audit.storage.store import Store, open_store
from audit.web import Application, build_app, open_app
from audit.web.passwords import Passwords
from audit.web.print_room import PrintRoom
from tests import cast
from tests.cast import seat_the_cast
from tests.presses import AtThePress

SATURDAY_NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PASSWORD = "violet ladder teaspoon"
CHECKLIST = b"""
id: corner-shop
title: Corner shop
languages: [en]
estimated_minutes: 5
brief: Buy something small.
dimensions:
  - {id: warmth, title: Warmth}
scenarios:
  - {id: wrong-bill, title: A wrong bill, pretend: Say that the bill is wrong., spending_limit: 5}
sections:
  - id: counter
    title: At the counter
    questions:
      - {id: greeted, ask: Did someone greet you?, kind: yes_no, dimension: warmth, offer: [not_observed]}
      - {id: thanked, ask: Did someone thank you?, kind: yes_no, dimension: warmth}
"""
QUICK = Passwords(memory_kib=64, time_cost=1)


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    now: datetime = SATURDAY_NOON

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


class Browser(FlaskClient):
    """Says where its requests come from, as browsers do."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        headers = dict(kwargs.pop("headers", None) or {})
        if not {"Origin", "Sec-Fetch-Site"} & set(headers):
            headers["Sec-Fetch-Site"] = "same-origin"
        return super().open(*args, headers={k: v for k, v in headers.items() if v is not None}, **kwargs)


@dataclass
class Office:
    """One installation: its store, its clock and its application."""

    app: Flask
    store: Store
    clock: Clock

    def close(self) -> None:
        """Send everybody home who printed, and close the store."""
        self.app.extensions["print_room"].close()
        self.store.close()

    def browser(self, person: Person | None = None) -> Browser:
        """A fresh browser, with the person signed in."""
        browser = self.app.test_client()
        assert isinstance(browser, Browser)
        if person is not None:
            with self.store.transaction():
                now = self.store.journal.not_before(self.clock())
                token, _ = signing_in.open_device(self.store, person, "Firefox, Linux", now)
            browser.set_cookie("candour", token)
        return browser

    def checklist(self) -> int:
        """The version under which the small checklist is published."""
        file = read_checklist_file(CHECKLIST, "corner-shop.yaml")
        return publish_checklist(self.store, cast.ADA, file.tree, file.source, self.clock()).version

    def assignment(self, shopper: Person = cast.SAM, branch: Branch = cast.N01, test: bool = False) -> Assignment:
        """A visit to the branch that the shopper was asked for."""
        until = self.clock().date() + timedelta(days=7)
        offer = Offer(branch.code, "corner-shop", self.checklist(), shopper.id, until, test=test)
        return assign_visit(self.store, cast.ADA, offer, self.clock())

    def draft(self, shopper: Person = cast.SAM, branch: Branch = cast.N01) -> Visit:
        """A visit that the shopper has begun."""
        return begin_visit(self.store, shopper, self.assignment(shopper, branch).id, self.clock())

    def submitted(self, shopper: Person = cast.SAM, branch: Branch = cast.N01) -> Visit:
        """A visit that the shopper has sent: greeted, not thanked."""
        visit = self.draft(shopper, branch)
        answers = {
            "greeted": "yes",
            "thanked": {"value": "no", "comment": "He looked at his telephone."},
            "customer_state": "satisfied",
            "narrative": "Quick, but cold.",
        }
        message = Submission(new_id(), visit.id, "phone", 1, visit.checklist_id, visit.version, answers=answers)
        receive_submission(self.store, shopper, message, canonical(message.to_tree()), self.clock())
        return self.store.visits.find(visit.id)

    def published(self, shopper: Person = cast.SAM, branch: Branch = cast.N01) -> Visit:
        """A visit that its area and its branch can read."""
        return publish_visit(self.store, cast.ADA, self.submitted(shopper, branch).id, self.clock())


@cache
def doors() -> Application:
    """Doors and templates, the same for every installation of a process: to make them takes longer than most tests."""
    return build_app()


def own_copy(app: Application) -> Application:
    """The same doors, to be opened over another store."""
    copied = copy(app)
    copied.config, copied.extensions = copy(app.config), dict(app.extensions)
    copied.add_url_rule = _refuse  # type: ignore[method-assign]
    return copied


def _refuse(*_: object, **__: object) -> NoReturn:
    raise TypeError("these doors are everybody's: open_office(own_doors=True) has its own")


def open_office(folder: Path, *, own_doors: bool = False, **settings: str) -> Office:
    """An installation with the whole cast in it, in an empty folder. `own_doors` can be added to."""
    store = open_store(folder / "candour.sqlite", folder / "photos")
    with store.transaction():
        seat_the_cast(store)
        for person in (cast.ADA, cast.RITA, cast.AMIR):
            store.people.set_password(person.id, QUICK.hash(PASSWORD))
    clock = Clock()
    environment = {"AUDIT_DATABASE": str(folder / "candour.sqlite"), "AUDIT_PHOTOS": str(folder / "photos")}
    app = build_app() if own_doors else own_copy(doors())
    open_app(app, Config.from_environment({**environment, **settings}), store, clock, QUICK)
    room: PrintRoom = app.extensions["print_room"]
    room.shop = replace(room.shop, printer=AtThePress(room.shop.drawer))
    app.test_client_class = Browser
    app.config["PRINT_PATIENCE_SECONDS"] = 120
    return Office(app, store, clock)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.close()


def text_of(response: TestResponse) -> str:
    """The page as text."""
    return response.get_data(as_text=True)


def get(office: Office, person: Person, address: str, **headers: str) -> TestResponse:
    """What somebody who is signed in is shown there."""
    return office.browser(person).get(address, headers=headers)
