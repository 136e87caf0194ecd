"""The worker, the manifest and the page without a network."""

from __future__ import annotations

import json
import re
from io import BytesIO

from PIL import Image

from tests import cast
from tests.web.office import Office, text_of

SHELL = re.compile(r"self\.SHELL = (\{.*\});")


def test_the_worker_brings_every_file_of_the_shell_and_each_is_there(office: Office) -> None:
    browser = office.browser()
    response = browser.get("/sw.js")
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    found = SHELL.search(text_of(response))
    assert found
    shell = json.loads(found[1])
    assert len(shell["files"]) >= 8
    for address in [*shell["files"], shell["offline"]]:
        assert browser.get(address).status_code == 200, address
    assert "skipWaiting" in text_of(response), "but only when it is asked for"
    assert text_of(response).count("skipWaiting") == 1


def test_the_page_of_a_visit_asks_for_nothing_that_the_worker_does_not_bring(office: Office) -> None:
    visit = office.draft()
    page = text_of(office.browser(cast.SAM).get(f"/visits/{visit.id}/form"))
    files = set(json.loads(SHELL.search(text_of(office.browser().get("/sw.js")))[1])["files"])  # type: ignore[index]
    assert set(re.findall(r'"(/static/[^"]+)"', page)) <= files


def test_the_panels_of_a_visit_come_in_the_language_of_its_page_and_belong_to_its_scripts(office: Office) -> None:
    page = text_of(office.browser(cast.SAM).get(f"/visits/{office.draft().id}/form"))
    (address,) = re.findall(r'data-panels="([^"]+)"', page)
    panels = office.browser().get(address)
    assert panels.headers["Cache-Control"] == "private, max-age=3600"
    assert "Send the visit" in text_of(panels)
    french = text_of(office.browser(cast.SAM).get(address.replace("/en", "/fr")))
    assert '<html lang="fr"' in french
    assert "Send the visit" not in french
    assert office.browser().get(address.replace("/en", "/xx")).status_code == 404
    assert office.browser().get("/panels/000000000000/en").status_code == 404


def test_no_word_of_the_panels_names_the_programme_or_the_visit(office: Office) -> None:
    address = re.findall(
        r'data-panels="([^"]+)"', text_of(office.browser(cast.SAM).get(f"/visits/{office.draft().id}/form"))
    )[0]
    assert not re.search("candour|mystery|audit", text_of(office.browser(cast.SAM).get(address)), re.IGNORECASE)


def test_the_installed_app_has_a_neutral_name_and_icons_that_are_there(office: Office) -> None:
    browser = office.browser()
    manifest = json.loads(text_of(browser.get("/manifest.webmanifest")))
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Lists", "/", "standalone")
    assert "andour" not in json.dumps(manifest)
    icons = {icon["src"]: icon for icon in manifest["icons"]}
    for address, icon in icons.items():
        raw = browser.get(address)
        assert raw.content_type == icon["type"]
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(BytesIO(raw.data)).size)) == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_the_page_without_a_network_leads_to_the_list(office: Office) -> None:
    assert 'href="/"' in text_of(office.browser().get("/offline"))
