"""`audit push key` and `audit notify`, against a push service of our own behind TLS that answers as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from audit.actions.notifying import Address, turn_on
from audit.actions.signing_in import open_device
from audit.cli import carrying, notifying
from audit.domain.people import Person
from audit.storage.store import Store
from audit.web.push_keys import make_key, read_key
from tests import cast
from tests.cli.conftest import Prompt, Said
from tests.web.signatures import parts_of
from tests.world import NOW, assign, minutes

HOST = "push.example.org"
HALF_PAST = minutes(30)


@dataclass
class Service:
    """A push service: what it answers by the path, and what it was sent."""

    answers: dict[str, int] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return sorted(path for path, _, _ in self.got)


def certificate(folder: Path, name: str) -> Path:
    """A certificate for this host, signed by itself, with its key."""
    key = generate_private_key(SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(NOW.tzinfo)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / f"{name}.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return file


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append((self.path, dict(self.headers.items()), body))
            self.send_response(service.answers.get(self.path, 201))
            self.send_header("Location", f"https://{HOST}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    file = certificate(tmp_path, HOST)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(file)
    theirs = ssl.create_default_context(cafile=str(file))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    monkeypatch.setattr(carrying, "PORT", server.server_port)
    monkeypatch.setattr(carrying, "public_addresses", lambda host: ["127.0.0.1"])
    monkeypatch.setattr(carrying, "trust", lambda: theirs)
    monkeypatch.setattr(notifying, "clock", lambda: HALF_PAST)
    yield service
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def key(world: Store, prompt: Prompt) -> Path:
    file = prompt.folder / "push.pem"
    make_key(file)
    return file


def listen(store: Store, key: Path, token: str, person: Person = cast.SAM, host: str = HOST) -> str:
    """One more phone of this person's that wants to be told, since nine o'clock."""
    with store.transaction():
        device = open_device(store, person, "Chrome, Android", NOW)[1].id
    turn_on(store, person, device, Address(f"https://{host}/{token}", read_key(key).public, (host,)), NOW)
    return device


def notify(prompt: Prompt, *words: str, **settings: str) -> Said:
    ours = {
        "AUDIT_PUSH_KEY": str(prompt.folder / "push.pem"),
        "AUDIT_PUSH_CONTACT": "candour@example.org",
        "AUDIT_PUSH_SERVICES": HOST,
    }
    return prompt.audit("notify", *words, **{**ours, **settings})


def test_a_key_is_made_once_and_the_way_on_is_said(prompt: Prompt) -> None:
    file = prompt.folder / "push.pem"
    said = prompt.audit("push", "key", file)
    assert (said.status, said.err) == (0, "")
    assert "AUDIT_PUSH_CONTACT" in said.out
    assert read_key(file)
    before = file.read_bytes()
    again = prompt.audit("push", "key", file)
    assert (again.status, again.out) == (1, "")
    assert "is there already" in again.err
    assert file.read_bytes() == before


@pytest.mark.parametrize("missing", ["AUDIT_PUSH_KEY", "AUDIT_PUSH_CONTACT"])
def test_unless_both_are_set_nobody_is_told(
    prompt: Prompt, world: Store, key: Path, service: Service, missing: str
) -> None:
    listen(world, key, "sam")
    assign(world)
    said = notify(prompt, **{missing: ""})
    assert (said.status, said.out, service.got) == (1, "", [])
    assert "set AUDIT_PUSH_KEY and AUDIT_PUSH_CONTACT" in said.err


def test_a_message_says_nothing_but_whose_it_is_and_how_long_it_may_be_kept(
    prompt: Prompt, world: Store, key: Path, service: Service
) -> None:
    listen(world, key, "send/sam?token=1")
    assign(world)
    said = notify(prompt)
    assert (said.status, said.out, said.err) == (0, "sent: 1, later: 0, addresses that ended: 0\n", "")
    ((path, headers, body),) = service.got
    assert (path, body) == ("/send/sam?token=1", b"")
    assert headers["Host"].split(":")[0] == HOST
    assert headers["TTL"] == str(int(11.5 * 3600))  # half past ten in Zurich, and the night begins at ten
    assert headers["Topic"] == "list"
    signed, _, _ = parts_of(headers["Authorization"])
    assert headers["Authorization"].endswith(f"k={read_key(key).public}")
    assert signed
    assert {"Cookie", "User-Agent", "Referer", "Content-Type"}.isdisjoint(headers)
    for name in (cast.SAM.name, "Mill Lane", "Harbour"):
        assert name not in str(headers)


def test_a_second_run_tells_nobody_twice(prompt: Prompt, world: Store, key: Path, service: Service) -> None:
    listen(world, key, "sam")
    assign(world)
    notify(prompt)
    assert notify(prompt).out == "sent: 0, later: 0, addresses that ended: 0\n"
    assert len(service.got) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_is_gone_is_forgotten(
    prompt: Prompt, world: Store, key: Path, service: Service, status: int
) -> None:
    device = listen(world, key, "sam")
    service.answers["/sam"] = status
    assign(world)
    said = notify(prompt)
    assert (said.status, said.out) == (0, "sent: 0, later: 0, addresses that ended: 1\n")
    assert world.notifications.of_device(device) is None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_left_alone_until_the_next_run(
    prompt: Prompt, world: Store, key: Path, service: Service, status: int
) -> None:
    listen(world, key, "one")
    listen(world, key, "two")
    service.answers = {"/one": status, "/two": status}
    assign(world)
    said = notify(prompt)
    assert (said.status, said.out, said.err) == (0, "sent: 0, later: 2, addresses that ended: 0\n", "")
    assert len(service.got) == 1
    service.answers.clear()
    assert notify(prompt).out == "sent: 2, later: 0, addresses that ended: 0\n"


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403])
def test_a_refusal_is_told_to_who_runs_it_and_nobody_is_followed_elsewhere(
    prompt: Prompt, world: Store, key: Path, service: Service, status: int
) -> None:
    listen(world, key, "a-secret")
    service.answers["/a-secret"] = status
    assign(world)
    said = notify(prompt)
    assert said.status == 1
    assert f"{HOST}: it answered {status}" in said.err
    assert "a-secret" not in said.out + said.err
    assert service.paths == ["/a-secret"]


def test_a_service_that_does_not_answer_is_told_and_tried_again(
    prompt: Prompt, world: Store, key: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(world, key, "sam")
    assign(world)
    with monkeypatch.context() as broken:
        broken.setattr(carrying, "trust", ssl.create_default_context)  # which does not know this certificate
        said = notify(prompt)
    assert said.status == 1
    assert f"{HOST}: SSLCertVerificationError" in said.err
    assert service.got == []
    assert notify(prompt).out.startswith("sent: 1,")


def test_an_address_of_a_service_that_is_known_no_longer_is_forgotten_and_not_spoken_to(
    prompt: Prompt, world: Store, key: Path, service: Service
) -> None:
    listen(world, key, "sam")
    assign(world)
    said = notify(prompt, AUDIT_PUSH_SERVICES="push.example.com")
    assert (said.out, service.got) == ("sent: 0, later: 0, addresses that ended: 1\n", [])


def test_a_run_that_lasts_into_the_night_stops_sending(
    prompt: Prompt, world: Store, key: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(world, key, "sam")
    assign(world)
    evening = NOW.replace(hour=20, minute=59)  # a minute before ten in Zurich
    times = iter([evening, evening, evening + timedelta(seconds=61)])
    monkeypatch.setattr(notifying, "clock", lambda: next(times))
    assert notify(prompt).out == "sent: 0, later: 1, addresses that ended: 0\n"
    assert service.got == []


def test_a_dry_run_says_who_would_be_told_and_tells_nobody(
    prompt: Prompt, world: Store, key: Path, service: Service
) -> None:
    listen(world, key, "sam")
    listen(world, key, "otto", cast.OTTO_SHOPPER)
    assign(world)
    said = notify(prompt, "--dry-run")
    assert (said.status, said.out) == (0, "Samuel Whitaker: 1 assigned, 1 last day\n")
    assert service.got == []
    assert notify(prompt).out.startswith("sent: 1,")


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["93.184.216.34", "192.168.0.1"], []]
)
def test_a_known_name_that_leads_to_a_private_address_is_not_spoken_to(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    found = [(0, 0, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(carrying.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(OSError, match="not on the public network"):
        carrying.public_addresses(HOST)


def test_the_addresses_that_were_looked_at_are_the_ones_that_are_spoken_to_until_one_answers(
    prompt: Prompt, world: Store, key: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(notifying, "clock", lambda: HALF_PAST)
    public = ("2606:2800:220:1::1", "93.184.216.34")
    monkeypatch.setattr(carrying.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (one, 443)) for one in public])
    spoken_to = []

    def refused(address: tuple[str, int], timeout: float) -> socket.socket:
        spoken_to.append((address, timeout))
        raise ConnectionRefusedError

    monkeypatch.setattr(carrying.socket, "create_connection", refused)
    listen(world, key, "sam")
    assign(world)
    assert f"{HOST}: ConnectionRefusedError" in notify(prompt).err
    assert spoken_to == [((one, 443), carrying.PATIENCE_SECONDS) for one in public]
