"""What every page is looked at for: axe's rules, by light and in the dark, that nothing is scrolled sideways, and
that it looks as its stylesheets are written.

Its markup is put aside, to be checked with that of the other pages (`markup.py`).
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys import markup
from tests.journeys.layers import unlike_its_layers

AXE = Axe()
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
NARROWEST = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}
SIDEWAYS = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5);
    const shown = wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 160));
    return [`${root.scrollWidth} > ${root.clientWidth}`, ...shown];
}"""


def wrongs_of(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, in words; it is given back as it was."""
    markup.remember(page)
    return [*_broken_rules(page), *_in_the_dark(page), *_too_wide(page), *unlike_its_layers(page)]


def _broken_rules(page: Page) -> list[str]:
    return _axe(page, {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}}, "")


def _in_the_dark(page: Page) -> list[str]:
    page.emulate_media(color_scheme="dark")
    wrongs = _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}, "in the dark: ")
    page.emulate_media(color_scheme="light")
    return wrongs


def _axe(page: Page, options: dict[str, Any], where: str) -> list[str]:
    found = AXE.run(page, options={**options, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{where}{rule['id']}: {rule['help']}\n    {node['html'][:200]}\n    {node.get('failureSummary', '')[:300]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def _too_wide(page: Page) -> list[str]:
    page.set_viewport_size(NARROWEST)
    wrongs = [f"320 px: {what}" for what in page.evaluate(SIDEWAYS)]
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrongs += [f"text at 200 %: {what}" for what in page.evaluate(SIDEWAYS)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return wrongs
