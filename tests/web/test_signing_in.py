"""The way in: passwords, sign-ins that end, throttles, and where one may be led afterwards."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from audit.actions.signing_in import MOST_TRIES
from audit.storage import connections
from audit.storage.turns import Turns
from tests import cast
from tests.web.office import PASSWORD, Browser, Office, text_of

MOST_SECONDS = 60
RIGHT = {"email": "ada@example.org", "password": PASSWORD}
WRONG = {"email": "ada@example.org", "password": "not this one at all"}
NOBODY = {"email": "nobody@example.org", "password": PASSWORD}


def test_ada_signs_in_and_finds_what_waits(office: Office) -> None:
    browser = office.browser()
    answer = browser.post("/sign-in", data=RIGHT)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "What waits" in text_of(browser.get("/"))


def test_an_address_is_the_same_in_capitals(office: Office) -> None:
    assert office.browser().post("/sign-in", data={**RIGHT, "email": " ADA@Example.org "}).status_code == 303


@pytest.mark.parametrize(
    "attempt", [WRONG, NOBODY, {**NOBODY, "email": cast.SAM.id}], ids=["password", "name", "shopper"]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(office: Office, attempt: dict[str, str]) -> None:
    answer = office.browser().post("/sign-in", data=attempt)
    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in text_of(answer)
    assert "candour" not in answer.headers.get("Set-Cookie", "")


def test_a_name_that_nobody_has_costs_the_same_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    passwords = office.app.extensions["passwords"]
    check = passwords.check
    monkeypatch.setattr(passwords, "check", lambda kept, word: checked.append(kept) or check(kept, word))
    for attempt in (WRONG, NOBODY):
        office.browser().post("/sign-in", data=attempt)
    assert [bool(kept) for kept in checked] == [True, False]


def test_the_page_keeps_the_address_and_never_the_password(office: Office) -> None:
    page = text_of(office.browser().post("/sign-in", data=WRONG))
    assert 'value="ada@example.org"' in page
    assert WRONG["password"] not in page


def test_whoever_was_shown_out_cannot_sign_in(office: Office) -> None:
    with office.store.transaction():
        office.store.people.save(cast.ADA.dismissed())
    assert office.browser().post("/sign-in", data=RIGHT).status_code == 422


def test_after_half_an_hour_without_a_page_the_office_signs_in_again(office: Office) -> None:
    browser = office.browser(cast.ADA)
    for _ in range(3):
        office.clock.go_on(minutes=29)
        assert browser.get("/").status_code == 200
    office.clock.go_on(minutes=31)
    answer = browser.get("/people?role=shopper")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/people%3Frole%3Dshopper")


def test_while_another_program_writes_a_page_does_not_wait_to_note_who_is_there_and_the_next_one_notes_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_MILLISECONDS", MOST_SECONDS * 1000)
    browser = office.browser(cast.ADA)
    office.clock.go_on(minutes=2)
    began = time.monotonic()
    with Turns(office.store.path).taken(MOST_SECONDS):
        assert browser.get("/").status_code == 200
    assert time.monotonic() - began < MOST_SECONDS
    assert browser.get("/").status_code == 200
    assert office.store.devices.of_person(cast.ADA.id)[0].last_seen_at == office.clock()


def test_an_office_sign_in_ends_after_twelve_hours_however_busy(office: Office) -> None:
    browser = office.browser(cast.ADA)
    for _ in range(29):
        office.clock.go_on(minutes=25)
        last = browser.get("/").status_code
    assert last == 303


def test_a_phone_stays_signed_in_for_ninety_days_without_use(office: Office) -> None:
    browser = office.browser(cast.SAM)
    office.clock.go_on(days=89)
    assert browser.get("/devices").status_code == 200
    office.clock.go_on(days=89)
    assert browser.get("/devices").status_code == 200
    office.clock.go_on(days=91)
    assert browser.get("/devices").status_code == 303


def test_a_phone_is_signed_out_after_a_year_however_often_it_was_used(office: Office) -> None:
    browser = office.browser(cast.SAM)
    for _ in range(7):
        office.clock.go_on(days=52)
        assert browser.get("/devices").status_code == 200
    office.clock.go_on(days=2)
    assert browser.get("/devices").status_code == 303


def test_a_clock_that_was_set_back_revives_no_sign_in(office: Office) -> None:
    browser = office.browser(cast.ADA)
    office.clock.go_on(minutes=31)
    other = office.browser(cast.RITA)  # journalled now
    office.clock.go_on(minutes=-30)
    assert browser.get("/").status_code == 303
    assert other.get("/").status_code == 200


def test_signing_out_ends_the_sign_in_on_the_server(office: Office) -> None:
    browser = office.browser(cast.ADA)
    token = browser.get_cookie("candour")
    assert token is not None
    assert browser.post("/sign-out").location == "/sign-in"
    thief = office.browser()
    thief.set_cookie("candour", token.value)
    assert thief.get("/").status_code == 303


def test_signing_in_again_ends_what_the_browser_held_before(office: Office) -> None:
    browser = office.browser(cast.RITA)
    old = browser.get_cookie("candour")
    browser.post("/sign-in", data=RIGHT)
    new = browser.get_cookie("candour")
    assert old is not None
    assert new is not None
    assert old.value != new.value
    assert all(device.revoked_at for device in office.store.devices.of_person(cast.RITA.id))


def test_a_token_is_kept_nowhere(office: Office) -> None:
    browser = office.browser()
    browser.post("/sign-in", data=RIGHT)
    token = browser.get_cookie("candour")
    assert token is not None
    assert token.value.encode() not in office.store.path.read_bytes()


def test_a_password_made_with_other_parameters_is_made_anew(office: Office) -> None:
    dated = office.store.people.password_hash(cast.ADA.id) or ""
    with office.store.transaction():
        office.store.people.set_password(cast.ADA.id, dated.replace("$m=64,", "$m=64,").replace("v=19", "v=19"))
    from audit.web.passwords import Passwords

    office.app.extensions["passwords"] = Passwords(memory_kib=128, time_cost=1)
    assert office.browser().post("/sign-in", data=RIGHT).status_code == 303
    assert "m=128" in (office.store.people.password_hash(cast.ADA.id) or "")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/branches?q=a", "/branches?q=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_one_is_led_to_a_path_of_ours_and_nowhere_else(office: Office, asked: str, led: str) -> None:
    assert office.browser().post("/sign-in", data={**RIGHT, "next": asked}).location == led


def test_the_eleventh_try_on_an_account_is_refused_even_with_the_right_password(office: Office) -> None:
    browser = office.browser()
    for _ in range(MOST_TRIES["account"]):
        assert browser.post("/sign-in", data=WRONG).status_code == 422
    answer = browser.post("/sign-in", data=RIGHT)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 900
    assert office.browser().post("/sign-in", data={**RIGHT, "email": "rita@example.org"}).status_code == 303
    office.clock.go_on(minutes=16)
    assert browser.post("/sign-in", data=RIGHT).status_code == 303


def try_from(office: Office, address: str, fields: dict[str, str]) -> int:
    browser: Browser = office.browser()
    return browser.post("/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_a_stranger_who_tries_without_end_keeps_nobody_from_signing_in_where_they_do(office: Office) -> None:
    assert try_from(office, "192.0.2.7", RIGHT) == 303
    office.clock.go_on(days=29)
    strange = [try_from(office, f"198.51.100.{n}", WRONG) for n in range(20)]
    assert strange == [422] * MOST_TRIES["account"] + [429] * (20 - MOST_TRIES["account"])
    assert try_from(office, "192.0.2.7", RIGHT) == 303
    assert try_from(office, "203.0.113.9", RIGHT) == 429  # not even she, where she never was


def test_a_flood_of_tries_from_everywhere_keeps_nobody_from_signing_in_where_they_do(office: Office) -> None:
    assert try_from(office, "192.0.2.7", RIGHT) == 303
    with office.store.transaction():
        for _ in range(MOST_TRIES["all"]):
            office.store.throttles.add("all", office.clock())
    assert try_from(office, "203.0.113.9", {**RIGHT, "email": "rita@example.org"}) == 429
    assert try_from(office, "192.0.2.7", RIGHT) == 303


def test_where_somebody_signs_in_there_are_no_more_tries_than_elsewhere(office: Office) -> None:
    assert try_from(office, "192.0.2.7", RIGHT) == 303
    tries = [try_from(office, "192.0.2.7", WRONG) for _ in range(MOST_TRIES["account"] + 1)]
    assert tries == [422] * MOST_TRIES["account"] + [429]
    assert try_from(office, "192.0.2.7", {**RIGHT, "email": "rita@example.org"}) == 303


def test_a_place_is_somebodys_own_for_thirty_days_after_the_last_sign_in(office: Office) -> None:
    assert try_from(office, "192.0.2.7", RIGHT) == 303
    office.clock.go_on(days=31)
    for n in range(MOST_TRIES["account"]):
        assert try_from(office, f"198.51.100.{n}", WRONG) == 422
    assert try_from(office, "192.0.2.7", RIGHT) == 429


def test_a_stranger_who_tries_without_end_keeps_nobody_from_giving_the_password_once_more(office: Office) -> None:
    ada = office.browser(cast.ADA)
    office.clock.go_on(minutes=6)
    for n in range(MOST_TRIES["account"]):
        assert try_from(office, f"198.51.100.{n}", WRONG) == 422
    assert ada.post(f"/people/{cast.RITA.id}/link", data={"own_password": PASSWORD}).status_code == 200


def test_whoever_finds_an_open_browser_has_ten_tries_at_its_password(office: Office) -> None:
    thief = office.browser(cast.ADA)
    office.clock.go_on(minutes=6)
    address = f"/people/{cast.RITA.id}/link"
    for _ in range(MOST_TRIES["account"]):
        assert "The password is wrong." in text_of(thief.post(address, data={"own_password": "not this one"}))
    answer = thief.post(address, data={"own_password": PASSWORD})
    assert (answer.status_code, "too many tries" in text_of(answer)) == (422, True)


def test_one_address_cannot_try_many_accounts(office: Office) -> None:
    browser = office.browser()
    tries = [
        browser.post("/sign-in", data={**WRONG, "email": f"a{n}@example.org"}) for n in range(MOST_TRIES["address"])
    ]
    assert {answer.status_code for answer in tries} == {422}
    assert browser.post("/sign-in", data=RIGHT).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.77"}
    assert office.browser().post("/sign-in", data=RIGHT, environ_overrides=elsewhere).status_code == 303


def test_a_right_password_is_no_try_so_that_a_whole_office_can_sign_in_at_nine(office: Office) -> None:
    for _ in range(MOST_TRIES["address"] + 1):
        assert office.browser().post("/sign-in", data=RIGHT).status_code == 303


def test_a_right_password_takes_no_wrong_one_back(office: Office) -> None:
    for _ in range(MOST_TRIES["account"] - 1):
        assert try_from(office, "192.0.2.7", WRONG) == 422
    tries = [try_from(office, "192.0.2.7", each) for each in (RIGHT, WRONG, *[WRONG] * MOST_TRIES["account"])]
    assert tries == [303, *[422] * MOST_TRIES["account"], 429]  # known there from then on, and counted apart
    assert try_from(office, "203.0.113.9", WRONG) == 422
    assert try_from(office, "203.0.113.9", RIGHT) == 429


def test_fifty_tries_at_once_get_no_more_than_ten(office: Office) -> None:
    def attempt(n: int) -> int:
        browser: Browser = office.browser()
        address = {"REMOTE_ADDR": f"192.0.2.{n}"}
        return browser.post("/sign-in", data=WRONG, environ_overrides=address).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(attempt, range(50)))
    assert statuses.count(422) == MOST_TRIES["account"]
    assert statuses.count(429) == 50 - MOST_TRIES["account"]
