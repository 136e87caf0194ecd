"""A sentence for the next page: shown once, by whichever process answers, and never in the words of a stranger."""

from __future__ import annotations

from secrets import token_hex

from flask import Response, g
from itsdangerous import URLSafeSerializer

from audit.config import Config
from audit.web import create_app, notices
from tests import cast
from tests.web.office import Office, text_of

TOLD = "The assignment is cancelled."


def test_what_one_process_told_another_shows_once(office: Office) -> None:
    browser = office.browser(cast.ADA)
    told = browser.post(f"/assignments/{office.assignment().id}/cancellation")
    assert told.status_code == 303
    other = create_app(Config.from_environment({}), office.store, office.clock).test_client()
    for cookie in ("candour", "candour-notice"):
        held = browser.get_cookie(cookie)
        assert held is not None
        other.set_cookie(cookie, held.value)
    assert TOLD in text_of(other.get(told.location))
    assert other.get_cookie("candour-notice") is None
    assert TOLD not in text_of(other.get(told.location))


def test_a_sentence_that_was_planted_is_not_shown(office: Office) -> None:
    browser = office.browser(cast.ADA)
    browser.set_cookie("candour-notice", str(URLSafeSerializer("a guess", "candour-notice").dumps(["Call 0900."])))
    assert "Call 0900." not in text_of(browser.get("/"))
    browser.set_cookie("candour-notice", "no seal at all")
    assert browser.get("/").status_code == 200


def test_of_many_sentences_a_browser_keeps_the_last(office: Office) -> None:
    told = [f"{number}: {token_hex(100)}" for number in range(60)]
    with office.app.test_request_context("/"):
        g.device = object()
        for words in told:
            notices.tell_next_page(words)
        response = Response()
        notices.carry(response)
    [cookie] = response.headers.getlist("Set-Cookie")
    with office.app.test_request_context("/", headers={"Cookie": cookie.partition(";")[0]}):
        g.device = object()
        kept = notices.take_notices()
    assert len(cookie) < 4096
    assert 0 < len(kept) < 60
    assert kept == told[-len(kept) :]


def test_a_copy_that_a_script_fetches_for_later_takes_no_sentence(office: Office) -> None:
    browser = office.browser(cast.ADA)
    told = browser.post(f"/assignments/{office.assignment().id}/cancellation")
    assert TOLD not in text_of(browser.get(told.location, headers={"Sec-Fetch-Dest": "empty"}))
    assert TOLD in text_of(browser.get(told.location, headers={"Sec-Fetch-Dest": "document"}))


def test_over_tls_the_sentence_travels_as_safely_as_who_is_signed_in(office: Office) -> None:
    with office.app.test_request_context("/", base_url="https://audit.example"):
        g.device = object()
        notices.tell_next_page(TOLD)
        response = Response()
        notices.carry(response)
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-candour-notice=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
