"""One visit in the browsers of three makers, as Debian packages them: Chromium, Firefox ESR and WebKitGTK.

Typed, reloaded, the server taken away, finished with a photo, sent, and received once when the server is back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.domain.visit import VisitState
from tests import cast
from tests.journeys.steering import BROWSERS, Hand, missing, until
from tests.journeys.walking import photo
from tests.losses.server import Server
from tests.served import WELCOME, installed

pytestmark = pytest.mark.soak
FORM = 'form#visit[data-ready="kept"]'
STORY = "They were quick and kind."
ON_THE_PHONE = "On this phone: opens without a network"
WORKS = "navigator.serviceWorker.ready.then((worker) => worker.active.state)"
COPIED = "caches.match(%r, { ignoreVary: true }).then((copy) => Boolean(copy))"

KEPT = """new Promise((done, fail) => {
  const asked = indexedDB.open("lists");
  asked.onerror = fail;
  asked.onsuccess = () => {
    const row = asked.result.transaction("answer").objectStore("answer").get(%s);
    row.onsuccess = () => done((asked.result.close(), row.result?.tree.value ?? ""));
  };
})"""


@pytest.fixture(params=BROWSERS)
def hand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hand]:
    """A browser with an empty memory."""
    if packages := missing(request.param):
        pytest.skip(f"{request.param} is not here; Debian's packages: {packages} (bin/test --all installs them)")
    folder = tmp_path / "browser"
    folder.mkdir()
    with BROWSERS[request.param](folder) as hand:
        yield hand


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that can be taken away and brought back."""
    with installed(tmp_path) as installation:
        installation.publish(WELCOME)
        server = Server(installation)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def test_a_visit_is_typed_reloaded_photographed_and_sent_without_a_network_and_arrives_once(
    hand: Hand, server: Server, tmp_path: Path
) -> None:
    installation = server.installation
    visit = installation.begin(installation.assign("welcome")).id
    home = f"http://127.0.0.1:{server.port}"
    hand.go(home + installation.link(cast.SAM))
    hand.press("main form button")
    hand.sees(f'[data-visit="{visit}"]', ON_THE_PHONE)
    until(lambda: hand.wait_for(WORKS) == "activated", lambda: "the worker works")
    until(lambda: hand.wait_for(COPIED % f"/visits/{visit}/form"), lambda: "the phone has a copy of the form")
    until(lambda: hand.wait_for(COPIED % "/"), lambda: "the phone has a copy of the list")

    server.kill()
    hand.go(f"{home}/")
    hand.press(f'[data-visit="{visit}"] a.title')
    hand.press(f'a[href="/visits/{visit}/form"]')
    hand.sees(FORM)
    choose(hand, "greeted", "yes")
    choose(hand, "by_name", "yes")
    hand.write("#q-people", "7")
    hand.sees("[data-part=saved]", "Saved on this phone")
    until(lambda: hand.wait_for(KEPT % [visit, "people"]) == "7", lambda: "the newest word is kept too")
    hand.reload()
    hand.sees(FORM)
    assert hand.read("return document.querySelector('#q-people').value") == "7"

    hand.press('button[value="save:arrival"]')
    for question, word in {"listened": "yes", "asked_back": "yes", "solved": "not_observed", "till": "yes"}.items():
        choose(hand, question, word)
    picture = tmp_path / "shelf.jpg"
    picture.write_bytes(photo("Shelf")["buffer"])
    hand.choose_file("#q-shelf", picture)
    hand.sees("[data-ask=shelf] .tray li")
    hand.press('button[value="save:counter"]')
    choose(hand, "customer_state", "satisfied")
    hand.write("#q-narrative", STORY)
    hand.press('button[value="check"]')
    hand.sees("#check", "Every question is answered")
    hand.press("#check button")
    hand.sees("#sent", "Waiting to send")

    hand.go(f"{home}/")
    hand.sees("#outbox", "Waiting to send")
    server.start()
    hand.read("dispatchEvent(new Event('online'))")
    hand.sees("#outbox", "Received at")
    hand.sees("#outbox", "1 photo")
    found = installation.store.visits.find(visit)
    assert (found.state, found.answers["narrative"].value, len(found.photos)) == (VisitState.SUBMITTED, STORY, 1)
    kept = installation.store.submissions.of_visit(visit)
    assert [one.outcome for one in kept if one.outcome != "draft"] == ["submitted"]


def choose(hand: Hand, question: str, word: str) -> None:
    """Press the row of a choice, as a thumb does."""
    hand.press(f'label:has(input[name="q-{question}"][value="{word}"])')
