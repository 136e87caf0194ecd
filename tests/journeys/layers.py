"""Whether a page looks as its stylesheets are written: in layers, which are taken down for the wire.

The computed style of every element under what was sent is held against that under the layers, at rest and with every
hover, focus and choice at once, on screen and on paper.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from audit.web.assets import BUNDLES, FIRST
from audit.web.styles import parted

CSS = Path(__file__).parent.parent.parent / "static" / "css"
REST = "css/phone.css"
STATES = "hover|focus-visible|focus-within|focus|checked"
COMPARE = """([written, first, rest, states]) => {
    if (!self.CSSLayerBlockRule) return []; // a browser from before layers cannot compare
    const own = [...document.styleSheets];
    const rules = (sheet) => [...sheet.cssRules].map((rule) => rule.cssText).join("\\n");
    const nameOf = (sheet) => sheet.href?.match(/css\\/.*/)[0] ?? first;
    const made = (text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return sheet;
    };
    const said = (rule) => [...(rule.cssRules ?? [])].flatMap(said).concat([...(rule.style ?? [])]);
    const names = [...new Set(own.flatMap(said))].filter((name) => !name.startsWith("--"));
    const shown = [...document.querySelectorAll("html, body, body :not(svg *, script, template)")];
    const parts = shown.flatMap((element) => {
        const more = element.type === "file" ? ["::file-selector-button"] : [];
        return [null, "::before", "::after", ...more].map((pseudo) => [element, pseudo]);
    });
    const styleOf = ([element, pseudo]) => {
        const style = getComputedStyle(element, pseudo);
        return pseudo && style.content === "none" ? [] : names.map((name) => style.getPropertyValue(name));
    };
    const look = (texts) => {
        document.adoptedStyleSheets = texts.map(made);
        return parts.map(styleOf);
    };
    const sent = own.map(rules);
    const meant = own.map((sheet, at) => written[nameOf(sheet)] ?? sent[at]);
    const always = (text) => text.replace(new RegExp(`:(${states})(?![\\\\w-])`, "g"), ":not(.no-such)");
    const views = { "at rest": (texts) => texts, "in every state": (texts) => texts.map(always) };
    if (own.some((sheet) => nameOf(sheet) === rest)) views["before the rest comes"] = ([one]) => [one];
    const wrongs = [];
    for (const sheet of own) sheet.disabled = true;
    for (const [state, of] of Object.entries(views)) {
        const [is, should] = [look(of(sent)), look(of(meant))];
        parts.forEach(([element, pseudo], at) => names.forEach((name, n) => {
            if (is[at][n] === should[at][n]) return;
            const where = `${element.cloneNode(false).outerHTML.slice(0, 80)}${pseudo ?? ""}`;
            wrongs.push(`${state}: ${where} ${name}: ${is[at][n]}, not ${should[at][n]}`);
        }));
    }
    document.adoptedStyleSheets = [];
    for (const sheet of own) sheet.disabled = false;
    return wrongs;
}"""


def unlike_its_layers(page: Page) -> list[str]:
    """What looks otherwise than it is written, in words; the page is given back as it was."""
    wrongs = []
    for medium in ("screen", "print"):
        page.emulate_media(media=medium)
        wrongs += [f"{medium}, {wrong}" for wrong in page.evaluate(COMPARE, [as_written(), FIRST, REST, STATES])]
    page.emulate_media(media="screen")
    return wrongs


@cache
def as_written() -> dict[str, str]:
    """The joined stylesheets by their names on the wire, in layers as they are written."""
    return {name: "".join(_of(name, part) for part in parts) for name, (_, parts) in BUNDLES.items()}


def _of(name: str, part: str) -> str:
    sheet = (CSS / f"{part}.css").read_text("utf-8")
    first, rest = parted(sheet)
    return {FIRST: first, REST: rest}.get(name, sheet)
