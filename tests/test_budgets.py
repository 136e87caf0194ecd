"""What the phone has to fetch: bytes as they go over the wire, and how many requests. Beyond these, a test fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.web.assets import FIRST, SCRIPTS, Assets
from audit.web.offline import SHELL
from tests import cast
from tests.web.office import Browser, Office, open_office
from tests.world import assign

ROOT = Path(__file__).parent.parent
VISIT24 = ROOT / "tests" / "bench" / "visit24.yaml"
KB = 1024
ON_THE_PHONE = [name for name in SCRIPTS if name != "js/worker.js"]


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(ROOT / "static")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = open_office(tmp_path_factory.mktemp("office"))
    yield office
    office.close()


@pytest.fixture(scope="module")
def page(office: Office) -> tuple[str, int]:
    """The page of a visit with 24 questions, and its bytes on the wire."""
    file = read_checklist_file(VISIT24.read_bytes(), VISIT24.name)
    version = publish_checklist(office.store, cast.ADA, file.tree, file.source, office.clock()).version
    until = office.clock().date()
    assignment = assign(office.store, checklist_id=file.tree["id"], version=version, until=until)  # type: ignore[index,call-overload]
    browser: Browser = office.browser(cast.SAM)
    address = browser.post(f"/assignments/{assignment.id}/visit").location
    response = browser.get(address, headers={"Accept-Encoding": "br"})
    return brotli.decompress(response.data).decode(), len(response.data)


def pressed(assets: Assets, *names: str) -> int:
    return sum(len(assets.find(assets.tag, name).pressed["br"]) for name in names)


def test_everything_up_to_the_first_question_is_light(page: tuple[str, int], assets: Assets) -> None:
    text, size = page
    fetched = re.findall(
        r'<(?:link rel="(?:stylesheet|modulepreload)"|script[^>]*?)[^>]*? (?:href|src)="/static/\w+/([^"]+)"', text
    )
    assert fetched == ["css/phone.css", "js/visit.js"], "three requests with the page itself"
    assert size + pressed(assets, *fetched) <= 15 * KB


def test_the_page_is_light_but_for_what_its_first_screen_looks_like(page: tuple[str, int], assets: Assets) -> None:
    text, _ = page
    bare = text.replace(f"<style>{assets.body(FIRST).decode()}</style>", "")
    assert len(bare) < len(text)
    assert len(brotli.compress(bare.encode(), quality=10)) <= 3 * KB


def test_nothing_is_fetched_before_the_first_question_can_be_seen(page: tuple[str, int]) -> None:
    text, _ = page
    before, _ = text.split('<section class="step"', 1)
    assert not re.search(r'rel="(?:stylesheet|preload)"|<script', before)


def test_the_script_before_the_first_question_is_small(assets: Assets) -> None:
    assert pressed(assets, "js/visit.js") <= 10 * KB


def test_all_scripts_together_stay_small(assets: Assets) -> None:
    assert pressed(assets, *SCRIPTS) <= 20 * KB


# Asked for by one page alone, which no visit leads to, and only where notifications are offered.
APART = ("js/notifying.js",)


def test_what_stands_apart_is_asked_for_by_its_own_page_alone_and_kept_on_no_phone() -> None:
    for name in APART:
        asking = [page.name for page in (ROOT / "templates").rglob("*.html") if name in page.read_text("utf-8")]
        assert len(asking) == 1
        assert name not in SHELL


def test_the_script_of_a_desk_is_tiny_and_no_phone_fetches_it(assets: Assets) -> None:
    assert pressed(assets, "js/desk/planning.js") <= 0.5 * KB
    assert not [name for name in (*SHELL, *SCRIPTS) if name.startswith("js/desk/")]
    asking = [page for page in (ROOT / "templates").rglob("*.html") if "js/desk/" in page.read_text("utf-8")]
    assert asking
    for page in asking:
        assert frames_of(page) == {"layouts/page.html", "layouts/document.html"}, page.name


def frames_of(page: Path) -> set[str]:
    """The layouts that a page may be shown in, however many templates it takes to get there."""
    line = re.search(r"{% extends (.+?) %}", page.read_text("utf-8"))
    names = set(re.findall(r'"([^"]+\.html)"', line[1])) if line else set()
    beyond = (frames_of(ROOT / "templates" / name) for name in names)
    return {name for name in names if name.startswith("layouts/")}.union(*beyond)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("js/phone.js", 2.95),
        ("js/visit.js", 5.4),
        ("js/keeping.js", 5.6),
        ("js/shrinking.js", 1.45),
        ("js/list.js", 2.4),
        ("js/notifying.js", 0.55),
        ("js/worker.js", 1.0),
        ("css/first.css", 1.5),
        ("css/phone.css", 3.0),
    ],
)
def test_each_file_keeps_to_its_own_budget(assets: Assets, name: str, most: float) -> None:
    assert pressed(assets, name) <= most * KB
