"""Notifications in the pages: nowhere unless they were set up, turned on by each phone for itself, off by one press."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from audit.config import Config, InvalidSetting
from audit.web.languages import available, catalogue
from audit.web.push_keys import PushKey, make_key, read_key
from tests import cast
from tests.web.neutral import must_be_neutral
from tests.web.office import Browser, Office, open_office, text_of
from tests.web.signatures import bytes_of, parts_of

ADDRESS = "https://fcm.googleapis.com/fcm/send/abc:DEF-123_456"
NEWS = "There is something new on your list."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An installation that has a key for notifications."""
    make_key(tmp_path / "push.pem")
    settings = {"AUDIT_PUSH_KEY": str(tmp_path / "push.pem"), "AUDIT_PUSH_CONTACT": "candour@example.org"}
    opened = open_office(tmp_path, **settings)
    yield opened
    opened.close()


@pytest.fixture
def sam(office: Office) -> Browser:
    return office.browser(cast.SAM)


def turned_on(office: Office) -> list[bool]:
    """Of each of Sam's phones whether they are on, in the order of signing in."""
    phones = reversed(office.store.devices.of_person(cast.SAM.id))
    return [office.store.notifications.of_device(phone.id) is not None for phone in phones]


@pytest.mark.parametrize("missing", ["AUDIT_PUSH_KEY", "AUDIT_PUSH_CONTACT"])
def test_unless_key_and_contact_are_set_there_is_nothing_of_it(tmp_path: Path, missing: str) -> None:
    make_key(tmp_path / "push.pem")
    settings = {"AUDIT_PUSH_KEY": str(tmp_path / "push.pem"), "AUDIT_PUSH_CONTACT": "candour@example.org"}
    office = open_office(tmp_path, **{**settings, missing: ""})
    sam = office.browser(cast.SAM)
    assert "otification" not in text_of(sam.get("/devices"))
    nothing = sam.get("/nowhere").get_data()
    assert [sam.get("/notifications").status_code, sam.get("/notifications").get_data() == nothing] == [404, True]
    assert sam.post("/notifications", data={"address": ADDRESS}).status_code == 404
    assert sam.post("/notifications/revocation").status_code == 404
    assert sam.put("/notifications", data=ADDRESS).status_code == 404
    assert turned_on(office) == [False]
    office.close()


def test_a_shopper_finds_them_under_devices_and_they_are_off(office: Office, sam: Browser) -> None:
    assert 'href="/notifications"' in text_of(sam.get("/devices"))
    assert 'href="/notifications"' not in text_of(office.browser(cast.ADA).get("/devices"))
    page = text_of(sam.get("/notifications"))
    assert "Turned off for this phone." in page
    assert turned_on(office)[0] is False
    must_be_neutral(office, page)


def test_turning_them_on_is_for_this_phone_alone_and_stands_in_the_journal(office: Office, sam: Browser) -> None:
    other = office.browser(cast.SAM)
    answer = sam.post("/notifications", data={"address": ADDRESS})
    assert (answer.status_code, answer.location) == (303, "/notifications")
    assert turned_on(office) == [True, False]
    page = text_of(sam.get("/notifications"))
    assert "Turned on for this phone." in page
    assert ADDRESS not in page
    assert "Turned off for this phone." in text_of(other.get("/notifications"))
    device = office.store.devices.of_person(cast.SAM.id)[-1]
    line = office.store.journal.of(device.id)[-1]
    assert (line.who, line.what, line.after) == (
        cast.SAM.id, "notification.turned_on", {"service": "fcm.googleapis.com"},
    )  # fmt: skip


def test_a_browser_that_moved_tells_its_new_address_and_turns_nothing_on(office: Office, sam: Browser) -> None:
    moved = f"{ADDRESS}-moved"
    assert sam.put("/notifications", data=moved).status_code == 204
    assert turned_on(office) == [False]
    sam.post("/notifications", data={"address": ADDRESS})
    assert sam.put("/notifications", data="https://127.0.0.1/x").status_code == 422
    assert sam.put("/notifications", data=moved).status_code == 204
    assert office.store.notifications.at_address(ADDRESS) is None
    assert office.store.notifications.at_address(moved) is not None


def test_the_worker_finds_the_key_only_where_there_is_one(office: Office, tmp_path: Path) -> None:
    key = re.findall(r'data-key="([^"]+)"', text_of(office.browser().get("/offline")))
    assert key == [read_key(tmp_path / "push.pem").public]
    (tmp_path / "without").mkdir()
    without = open_office(tmp_path / "without")
    assert "data-key" not in text_of(without.browser().get("/offline"))
    without.close()


def test_one_press_turns_them_off_and_forgets_the_address(office: Office, sam: Browser) -> None:
    sam.post("/notifications", data={"address": ADDRESS})
    assert sam.post("/notifications/revocation").status_code == 303
    assert office.store.notifications.at_address(ADDRESS) is None
    assert sam.post("/notifications/revocation").status_code == 303, "twice does no harm"
    assert "Turned off for this phone." in text_of(sam.get("/notifications"))


def test_signing_out_forgets_the_address(office: Office, sam: Browser) -> None:
    sam.post("/notifications", data={"address": ADDRESS})
    sam.post("/sign-out")
    assert office.store.notifications.at_address(ADDRESS) is None


@pytest.mark.parametrize(
    "address", ["", "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "https://127.0.0.1/x"]
)
def test_an_address_of_no_known_push_service_is_refused(office: Office, sam: Browser, address: str) -> None:
    answer = sam.post("/notifications", data={"address": address})
    assert answer.status_code == 422
    assert "not known here" in text_of(answer)
    assert turned_on(office) == [False]


@pytest.mark.parametrize(
    "host",
    [
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        "wns2-par02p.notify.windows.com",
    ],
)
def test_the_services_of_the_four_makers_are_known_from_the_start(office: Office, sam: Browser, host: str) -> None:
    assert sam.post("/notifications", data={"address": f"https://{host}/some/where"}).status_code == 303


def test_with_another_key_it_is_to_be_turned_on_anew(office: Office, sam: Browser) -> None:
    sam.post("/notifications", data={"address": ADDRESS})
    office.app.extensions["push_key"] = "another"
    page = text_of(sam.get("/notifications"))
    assert 'data-key="another"' in page
    assert "Turned on for this phone." not in page


@pytest.mark.parametrize("tag", available())
def test_the_sentence_stands_in_every_language_where_the_worker_finds_it(office: Office, tag: str) -> None:
    sentence = catalogue(tag).gettext(NEWS)
    assert (sentence == NEWS) == (tag == "en")
    assert sentence == unescape(sentence) == sentence.replace("'", "").replace('"', ""), "it is read as it stands"
    page = text_of(office.browser().get("/offline", headers={"Accept-Language": tag}))
    assert f'data-news="{sentence}"' in page


# --- the key


def test_the_header_is_signed_with_the_key_that_it_names(tmp_path: Path) -> None:
    key, now = make_key(tmp_path / "push.pem"), datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
    for _ in range(40):  # one of some 128 numbers begins with a nought, and is not shorter for it
        signed, signature, public = parts_of(key.authorization("https://push.example.org", "c@example.org", now))
        assert len(signature) == 64
        halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        public.verify(encode_dss_signature(*halves), signed.encode(), ECDSA(SHA256()))
    head, claims = (json.loads(bytes_of(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    until = int(now.timestamp()) + 12 * 3600
    assert claims == {"aud": "https://push.example.org", "exp": until, "sub": "mailto:c@example.org"}
    with pytest.raises(InvalidSignature):
        public.verify(encode_dss_signature(*halves), f"{signed}x".encode(), ECDSA(SHA256()))


def test_a_key_is_written_once_for_its_owner_alone_and_read_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "push.pem"
    made = make_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert isinstance(made, PushKey)
    assert read_key(file).public == made.public
    assert len(bytes_of(made.public)) == 65
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        make_key(file)
    assert file.read_bytes() == before


def test_a_file_that_holds_no_such_key_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "push.pem"
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", other):
        file.write_bytes(content)
        with pytest.raises(InvalidSetting, match="AUDIT_PUSH_KEY") as refused:
            read_key(file)
        assert "nonsense" not in str(refused.value)


def test_a_key_that_is_not_there_or_that_others_may_read_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "push.pem"
    with pytest.raises(InvalidSetting, match="audit push key FILE"):
        Config.from_environment({"AUDIT_PUSH_KEY": str(file)})
    make_key(file)
    file.chmod(0o640)
    with pytest.raises(InvalidSetting, match="chmod 600"):
        Config.from_environment({"AUDIT_PUSH_KEY": str(file)})
    file.chmod(0o400)
    assert Config.from_environment({"AUDIT_PUSH_KEY": str(file)}).push_key == file


def test_an_installation_without_notifications_does_not_carry_the_library_that_signs_them() -> None:
    look = "import sys, audit.cli, audit.web.notifications; print('cryptography' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout == "False\n"
