"""What every answer carries and every request must show: headers, origin, host, proxy, size; and what the log holds."""

from __future__ import annotations

import gzip
import json
import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import brotli
import pytest

from audit.web.logs import JsonLines
from tests import cast
from tests.web.office import PASSWORD, Office, open_office, text_of

FORM = {"email": "ada@example.org", "password": PASSWORD}


def test_every_answer_is_told_to_browsers_strictly(office: Office) -> None:
    for path in ("/sign-in", "/", "/nothing", "/health"):
        headers = office.browser().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


def test_one_style_may_stand_in_a_page_and_the_policy_names_it_by_its_bytes(office: Office) -> None:
    answer = office.browser(cast.SAM).get("/")
    (style,) = re.findall(r"<style>(.*?)</style>", text_of(answer), re.DOTALL)
    named = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{named}'; " in answer.headers["Content-Security-Policy"]
    assert "<style" not in text_of(office.browser(cast.ADA).get("/branches"))


def test_only_encrypted_answers_ask_for_encryption_for_ever(office: Office) -> None:
    assert "Strict-Transport-Security" not in office.browser().get("/sign-in").headers
    secure = office.browser().get("/sign-in", base_url="https://localhost")
    assert "max-age=63072000" in secure.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://localhost:8000"}, False),
        ({"Origin": "https://localhost"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Sec-Fetch-Site": None, "Origin": None}, False),
    ],
)
def test_a_change_is_taken_from_our_own_pages_alone(office: Office, headers: dict[str, str], taken: bool) -> None:
    answer = office.browser().post("/sign-in", data=FORM, headers=headers)
    assert answer.status_code == (303 if taken else 403)


def test_a_page_may_be_opened_from_anywhere(office: Office) -> None:
    answer = office.browser(cast.ADA).get("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


def test_another_host_name_is_not_answered(office: Office) -> None:
    answer = office.browser().get("/sign-in", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "evil" not in text_of(answer)


@pytest.mark.parametrize("host", ["[::1]", "[::1]:8000", "[2001:db8::7]:8443", "[2001:DB8::7]"])
def test_a_host_that_is_a_number_in_brackets_is_answered_if_it_is_ours(tmp_path: Path, host: str) -> None:
    opened = open_office(tmp_path, AUDIT_URL="http://[2001:db8::7]:8443")
    assert opened.browser().get("/health", headers={"Host": host}).status_code == 200
    opened.close()


@pytest.mark.parametrize(
    "host", ["[::2]:8000", "[", "[::1", "[]", "[::1]evil.example", "[::1]@evil.example", "[::1]:", "[::1]:0", "[::1]]"]
)
def test_no_other_number_and_nothing_that_begins_like_ours_is_answered(office: Office, host: str) -> None:
    assert office.browser().get("/health", headers={"Host": host}).status_code == 400


def test_somebody_signs_in_at_this_machine_under_its_number(office: Office) -> None:
    answer = office.browser().post("/sign-in", data=FORM, base_url="http://[::1]:8000")
    assert answer.headers["Set-Cookie"].startswith("candour=")


def test_the_cookie_on_this_machine_has_a_plain_name(office: Office) -> None:
    cookie = office.browser().post("/sign-in", data=FORM).headers["Set-Cookie"]
    assert cookie.startswith("candour=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie


def test_the_cookie_over_tls_belongs_to_this_host_alone(office: Office) -> None:
    answer = office.browser().post("/sign-in", data=FORM, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-candour=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_shoppers_cookie_lasts_ninety_days_from_each_page(office: Office) -> None:
    answer = office.browser(cast.SAM).get("/devices")
    assert "Max-Age=7776000" in answer.headers["Set-Cookie"]
    assert "Set-Cookie" not in office.browser(cast.ADA).get("/devices").headers


@pytest.fixture
def far_office(tmp_path: Path) -> Iterator[Office]:
    far = {"AUDIT_URL": "https://audit.example.org", "AUDIT_TRUSTED_PROXY": "10.0.0.7"}
    opened = open_office(tmp_path, own_doors=True, **far)
    yield opened
    opened.close()


FAR = "http://audit.example.org"


def test_over_plain_http_nobody_signs_in_and_the_page_says_why(far_office: Office) -> None:
    page = far_office.browser().get("/sign-in", base_url=FAR)
    assert page.status_code == 403
    assert "docs/behind-a-proxy.md" in text_of(page)
    assert "<form" not in text_of(page)
    posted = far_office.browser().post("/sign-in", data=FORM, base_url=FAR)
    assert posted.status_code == 403
    assert "Set-Cookie" not in posted.headers


def test_over_plain_http_a_cookie_counts_for_nothing(far_office: Office) -> None:
    browser = far_office.browser(cast.ADA)
    token = browser.get_cookie("candour")
    assert token is not None
    answer = far_office.browser().get("/", base_url=FAR, headers={"Cookie": f"candour={token.value}"})
    assert answer.status_code == 303


def test_the_trusted_proxy_is_believed(far_office: Office) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "Sec-Fetch-Site": "same-origin"}
    behind = {"REMOTE_ADDR": "10.0.0.7"}
    answer = far_office.browser().post("/sign-in", data=FORM, base_url=FAR, headers=forwarded, environ_overrides=behind)
    assert answer.status_code == 303
    assert answer.headers["Set-Cookie"].startswith("__Host-candour=")


def test_nobody_else_is_believed_about_the_connection(far_office: Office) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    answer = far_office.browser().post("/sign-in", data=FORM, base_url=FAR, headers=forwarded)
    assert answer.status_code == 403


def test_of_forwarded_addresses_the_last_one_that_the_proxy_saw_counts(far_office: Office) -> None:
    from flask import request

    from audit.web.access import public

    far_office.app.add_url_rule("/who", view_func=public(lambda: request.remote_addr or ""))
    answer = far_office.browser().get(
        "/who",
        base_url=FAR,
        headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9, 10.0.0.7"},
        environ_overrides={"REMOTE_ADDR": "10.0.0.7"},
    )
    assert text_of(answer) == "203.0.113.9"


def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    answer = office.browser().post("/sign-in", data={"email": "x" * (2 << 20)})
    assert answer.status_code == 413
    assert "This is too large" in text_of(answer)


def test_pages_travel_compressed(office: Office) -> None:
    plain = office.browser().get("/sign-in").get_data()
    packed = office.browser().get("/sign-in", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert brotli.decompress(packed.get_data()) == plain
    zipped = office.browser().get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.get_data()) == plain
    assert "Content-Encoding" not in office.browser().get("/sign-in", headers={"Accept-Encoding": "br;q=0"}).headers


def test_the_files_of_the_look_are_kept_for_ever_and_change_their_address(office: Office) -> None:
    address = office.app.extensions["assets"].url("css/desk.css")
    answer = office.browser().get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert office.browser().get(address.replace("/static/", "/static/0")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/static/../audit/config.py", "/static/x/..%2f..%2fpyproject.toml", "/static//etc/passwd"]
)
def test_no_other_file_leaves_by_the_door_of_the_look(office: Office, path: str) -> None:
    assert office.browser().get(path).status_code in (303, 308, 404)


def test_a_phone_asks_for_refusals_as_json(office: Office) -> None:
    answer = office.browser().get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["status"]) == (401, 401)
    missing = office.browser().get("/nothing", headers={"Accept": "application/json"})
    assert missing.get_json()["status"] == 404


def test_a_fault_of_ours_shows_nothing_of_the_inside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    from audit.web.access import public

    def stumble() -> str:
        raise RuntimeError("secret words")

    office = open_office(tmp_path, own_doors=True)
    office.app.add_url_rule("/stumble", view_func=public(stumble))
    answer = office.browser().get("/stumble")
    assert answer.status_code == 500
    assert "secret" not in text_of(answer)
    assert "Traceback" not in text_of(answer)
    lines = [JsonLines().format(line) for line in caplog.records]
    assert any('"RuntimeError"' in line and "stumble" in line for line in lines)
    assert not any("secret" in line for line in lines)
    office.close()


def test_the_log_is_one_line_of_json_and_holds_no_token(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    office.browser().get("/invitations/a-secret-token?x=secret-too")
    office.browser().post("/sign-in", data=FORM)
    lines = [JsonLines().format(line) for line in caplog.records if line.name.startswith("audit")]
    facts = [json.loads(line) for line in lines]
    assert {fact["door"] for fact in facts} == {"/invitations/<token>", "/sign-in"}
    assert not any("secret" in line or PASSWORD in line or "ada@" in line for line in lines)


def test_a_line_break_in_the_log_stays_one_line() -> None:
    line = logging.LogRecord("audit", logging.INFO, "", 0, "a\nb\x1b[31m\u2028", None, None)
    assert "\n" not in JsonLines().format(line)
    assert "\x1b" not in JsonLines().format(line)
