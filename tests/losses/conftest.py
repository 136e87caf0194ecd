"""One installation behind `audit serve` for a test, a wire that can be cut, and Sam's phone with a lasting profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from audit.actions.submitting import save_draft
from audit.domain.people import Person
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit, VisitState
from audit.storage.identifiers import new_id
from tests import cast
from tests.browsers import chromium_path
from tests.losses.phone import Phone
from tests.losses.server import Server
from tests.losses.wire import Wire, wired
from tests.served import WELCOME, Installation, installed, now
from tests.waiting import wait_until

QUICK = {
    "test_all_that_was_typed_is_there_after_a_reload_and_after_going_back_and_forward",
    "test_an_answer_that_was_lost_on_the_way_back_brings_no_second_visit",
    "test_another_shopper_on_the_same_phone_sends_nothing_of_sams",
    "test_killed_while_it_sends_the_phone_still_has_the_visit",
    "test_a_whole_visit_without_any_network_from_the_list_to_the_receipt",
    "test_every_defence_of_the_table_stands_where_the_table_says",
    "test_every_test_that_the_table_names_is_there",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(__file__).rsplit("/", 1)[0]
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.journey)
            if item.name.split("[")[0] not in QUICK:
                item.add_marker(pytest.mark.soak)


@dataclass
class Shop:
    """Everything between Sam's thumb and the database."""

    installation: Installation
    server: Server
    wire: Wire
    phone: Phone
    folder: Path

    def visit(self, **answers: object) -> str:
        """A visit of Sam's that is begun, with these answers in its draft on the server."""
        visit = self.installation.begin(self.installation.assign("welcome"))
        if answers:
            self.draft(visit, answers)
        return visit.id

    def draft(self, visit: Visit, answers: dict[str, object], device: str = "office-pc", n: int = 1) -> None:
        """A copy of a draft from another device."""
        head = self.found(visit.id).head
        message = Submission(new_id(), visit.id, device, n, "welcome", visit.version, base=head, answers=answers)
        save_draft(self.installation.store, cast.SAM, message, canonical(message.to_tree()), now())

    def found(self, visit: str) -> Visit:
        return self.installation.store.visits.find(visit)

    def queue(self, visit: str, page: Page | None = None) -> Page:
        """Open the form of a visit that is answered, check it and press send."""
        page = self.phone.walk(visit, page=page)
        check(page)
        page.get_by_role("button", name="Send the visit").click()
        expect(page.locator("#sent")).to_be_visible()
        return page

    def outcomes(self, visit: str) -> list[str]:
        """What became of each message that the server keeps about a visit, drafts left out."""
        kept = self.installation.store.submissions.of_visit(visit)
        return [one.outcome for one in kept if one.outcome != "draft"]

    def must_arrive_once(self, visit: str) -> Visit:
        """Once the server has the visit; it has it once, and nothing beside it."""
        wait_until(lambda: self.found(visit).state is VisitState.SUBMITTED)
        assert self.outcomes(visit) == ["submitted"]
        assert self.installation.store.submissions.conflicts_of(visit) == []
        return self.found(visit)

    def token(self, person: Person) -> str:
        return self.installation.token(person)


def check(page: Page) -> None:
    """Go to the page on which the answers are checked."""
    page.evaluate("document.querySelector('form#visit').requestSubmit(document.querySelector('button[value=check]'))")
    expect(page.locator("#check")).to_be_visible()


def says(page: Page, words: str) -> None:
    """Once the page that stands in for a sent form says so."""
    expect(page.locator("#sent [data-words]")).to_contain_text(words)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if chromium_path() is None:
        pytest.fail("The losses need Chromium: run bin/test, which finds or installs it, or name one in CHROMIUM.")
    with installed(tmp_path_factory.mktemp("installation")) as installation:
        installation.publish(WELCOME)
        server = Server(installation)
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def shop(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Shop]:
    server.must_run()
    with wired(server.port) as wire:
        phone = Phone(playwright, tmp_path / "profile", wire.address, server.installation.token(cast.SAM))
        phone.open()
        try:
            yield Shop(server.installation, server, wire, phone, tmp_path)
        finally:
            phone.close()
