"""From signing in to the branch's PDF in two clicks, to all branches of the area in two; and paper says what the page
says, figure by figure."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from audit.actions.publishing import publish_visit
from tests import cast
from tests.journeys.conftest import DESK, PHONE, Site
from tests.journeys.sending import send
from tests.reports.reading import words_of
from tests.served import PASSWORD, now

PLAIN = {**PHONE, "java_script_enabled": False}
MOST_MILLISECONDS = 120_000
PERCENT = re.compile(r"(\d+)\s%")  # the space may be one that does not break


@pytest.fixture(scope="module", autouse=True)
def _one_published_visit(served: Site) -> None:
    ours = served.installation
    visit = ours.begin(ours.assign("six-secrets"))
    send(ours, visit)
    publish_visit(ours.store, cast.ADA, visit.id, now())


def sign_in(page: Page) -> None:
    """Amir at his door: one click."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(cast.AMIR.email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def taken(page: Page, name: str, folder: Path) -> bytes:
    """What one more click downloads."""
    with page.expect_download(timeout=MOST_MILLISECONDS) as download:
        page.get_by_role("link", name=name).first.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file.read_bytes()


def test_the_branchs_pdf_is_two_clicks_away(site: Site, tmp_path: Path) -> None:
    page = site.page(settings=DESK)
    sign_in(page)
    assert "Mill Lane" in words_of(taken(page, "PDF of Mill Lane", tmp_path))


def test_the_whole_area_is_two_clicks_away_without_script_too(site: Site, tmp_path: Path) -> None:
    page = site.page(settings=PLAIN)
    sign_in(page)
    with zipfile.ZipFile(io.BytesIO(taken(page, "All branches as a ZIP", tmp_path))) as archive:
        assert len(archive.namelist()) == 1 + len(site.installation.store.branches.of_area("NORTH"))
        assert archive.testzip() is None


def test_the_whole_area_in_one_pdf_is_two_clicks_away(site: Site, tmp_path: Path) -> None:
    page = site.page(settings=PLAIN)
    sign_in(page)
    volume = PdfReader(io.BytesIO(taken(page, "All branches in one PDF", tmp_path)))
    named = [one.title for one in volume.outline if not isinstance(one, list)]  # type: ignore[union-attr]
    assert named == ["North", *(branch.name for branch in site.installation.store.branches.of_area("NORTH"))]


@pytest.mark.parametrize("what", ["areas/NORTH", "branches/N01"])
def test_paper_and_page_agree_figure_by_figure(site: Site, tmp_path: Path, what: str) -> None:
    page = site.page(cast.AMIR, DESK)
    page.goto(f"/{what}/report")
    shown = PERCENT.findall(page.locator("article").inner_text())
    printed = PERCENT.findall(words_of(taken(page, "Download the PDF", tmp_path)))
    assert len(shown) > 5
    assert printed[: len(shown)] == shown
