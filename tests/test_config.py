"""The settings: defaults that work, wrong values refused by name with the mend, and one table in the docs."""

import sys
from datetime import UTC
from pathlib import Path

import pytest

from audit.config import VARIABLES, Config, InvalidSetting, clock, unknown_names

DOCS = Path(__file__).parent.parent / "docs" / "configuration.md"


def test_with_nothing_set_everything_has_a_value() -> None:
    config = Config.from_environment({})
    assert (config.host, config.port, config.url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.trusted_proxy == ()
    assert config.hosts == ("127.0.0.1", "localhost", "[::1]")


def test_an_empty_value_is_no_value() -> None:
    assert Config.from_environment({"AUDIT_PORT": " "}).port == 8000


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("AUDIT_URL", "audit.example.org", "https://audit.example.org"),
        ("AUDIT_URL", "https://audit.example.org/candour", "without a path"),
        ("AUDIT_URL", "https://audit.example.org#top", "without a path"),
        ("AUDIT_URL", "https://ada:secret@audit.example.org", "without a path"),
        ("AUDIT_URL", "https://audit example.org", "https://audit.example.org"),
        ("AUDIT_URL", "https://audit.example.org:99999", "https://audit.example.org"),
        ("AUDIT_HOST", "this machine", "127.0.0.1"),
        ("AUDIT_DATABASE", "postgresql://ada@localhost/candour", "a path on this machine"),
        ("AUDIT_PHOTOS", "s3://candour", "a path on this machine"),
        ("AUDIT_PHOTOS", __file__, "Name a folder"),
        ("AUDIT_PORT", "eighty", "1 to 65535"),
        ("AUDIT_PORT", "0", "1 to 65535"),
        ("AUDIT_PROCESSES", "0", "auto, or a number from 1 to 16"),
        ("AUDIT_PROCESSES", "17", "auto, or a number from 1 to 16"),
        ("AUDIT_PORT", "²", "1 to 65535"),
        ("AUDIT_TIME_ZONE", "Zurich", "Europe/Zurich"),
        ("AUDIT_TIME_ZONE", "../../etc/passwd", "Europe/Zurich"),
        ("AUDIT_LANGUAGE", "../en", "ar, de, en, es, fr"),
        ("AUDIT_LANGUAGE", "klingon", "ar, de, en, es, fr"),
        ("AUDIT_SMTP_HOST", "smtp://mail.example.org", "a host alone"),
        ("AUDIT_SMTP_PORT", "smtp", "1 to 65535"),
        ("AUDIT_SMTP_FROM", "Candour", "candour@example.org"),
        ("AUDIT_TRUSTED_PROXY", "the proxy", "10.0.0.0/8"),
        ("AUDIT_TRUSTED_HOSTS", "https://a.example/", "host names"),
        ("AUDIT_RETENTION_PHOTOS_DAYS", "-1", "number of days"),
        ("AUDIT_PUSH_CONTACT", "mailto:ada", "candour@example.org"),
        ("AUDIT_PUSH_SERVICES", "https://push.example.org", "host names"),
        ("AUDIT_PUSH_SERVICES", "127.0.0.1", "host names"),
        ("AUDIT_PUSH_SERVICES", "localhost", "host names"),
        ("AUDIT_PUSH_SERVICES", "push.example.org:8443", "host names"),
        ("AUDIT_LOG_LEVEL", "loud", "debug, info"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_the_mend(name: str, value: str, mend: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Config.from_environment({name: value})
    assert str(refused.value).startswith(f"{name}: “{value}”")
    assert mend in str(refused.value)


@pytest.mark.parametrize("address", ["https://audit.example.org", "http://[::1]:8000", "https://münchen.example:8443"])
def test_a_public_address_may_have_a_port(address: str) -> None:
    assert Config.from_environment({"AUDIT_URL": f"{address}/"}).url == address


def test_a_country_speaks_the_language_of_its_catalogue() -> None:
    assert Config.from_environment({"AUDIT_LANGUAGE": "de-AT"}).language == "de-AT"


def test_an_address_on_this_machine_follows_the_port() -> None:
    assert Config.from_environment({"AUDIT_PORT": "8765"}).url == "http://127.0.0.1:8765"
    assert Config.from_environment({}).listening(None, 9000).url == "http://127.0.0.1:9000"
    assert Config.from_environment({}).listening("::1", None).url == "http://[::1]:8000"
    assert Config.from_environment({"AUDIT_HOST": "::1"}).listening("127.0.0.1", None).url == "http://127.0.0.1:8000"
    assert Config.from_environment({"AUDIT_HOST": "::1"}).listens_at == "[::1]:8000"
    far = Config.from_environment({"AUDIT_URL": "https://audit.example.org/"})
    assert far.listening("::", 9000).address_of("/people") == "https://audit.example.org/people"


def test_a_slip_of_the_pen_is_noticed() -> None:
    assert unknown_names({"AUDIT_PROT": "1", "PATH": "", "AUDIT_PORT": "1"}) == ("AUDIT_PROT",)


def test_the_page_of_the_docs_lists_every_setting_with_its_default() -> None:
    rows = [line for line in DOCS.read_text().splitlines() if line.startswith("| `AUDIT_")]
    expected = [f"| `{v.name}` | {f'`{v.default}`' if v.default else 'empty'} | {v.meaning} |" for v in VARIABLES]
    assert rows == expected


def test_the_clock_knows_its_zone() -> None:
    assert clock().tzinfo is UTC


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process may use every core")
def test_one_process_answers_where_only_one_of_many_cores_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {5})
    assert Config.from_environment({}).processes == 1
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {5, 6, 7})
    assert Config.from_environment({}).processes == 2
