"""Other form tools with the same 24 questions: fetched at pinned versions, built, and served as files.

Nothing of theirs belongs to the repository: packages and pages stand in .venv/peers. What cannot be fetched or built is
left out, and named with the reason.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import form24
from tests.bench.static_pages import press
from tests.browsers import chromium

SOURCES = Path(__file__).parent / "peer_pages"
CACHE = Path(__file__).parent.parent.parent / ".venv" / "peers"
NPM = ("npm", "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--silent")
TRANSFORM = """async (xform) => {
    const { form, model } = await self.transformForm({ xform });
    return JSON.stringify({ form, model });
}"""
MOST_SECONDS = 600


@dataclass(frozen=True)
class Peer:
    """A form tool: the folder of its page, and the package that tells its version."""

    folder: str
    name: str
    package: str

    @property
    def title(self) -> str:
        return f"{self.name} {versions()[self.package]}"


PEERS = (
    Peer("surveyjs", "SurveyJS", "survey-core"),
    Peer("formio", "Form.io", "@formio/js"),
    Peer("enketo", "Enketo Core", "enketo-core"),
    Peer("odk", "ODK Web Forms", "@getodk/web-forms"),
)


@dataclass(frozen=True)
class Peers:
    """Those whose pages are there, each in its folder under `pages`; and why each of the others is not, by title.

    `packages` is the folder in which their packages are installed, if they could be fetched."""

    packages: Path
    pages: Path
    there: tuple[Peer, ...]
    left_out: Mapping[str, str]


class NotBuilt(Exception):
    """Why there are no pages."""


def versions() -> dict[str, str]:
    """The pinned version of each package."""
    tree: dict[str, dict[str, str]] = json.loads((SOURCES / "package.json").read_text("utf-8"))
    return tree["dependencies"]


def build_peers(cache: Path = CACHE) -> Peers:
    """The pages, made anew where sources, versions or questions have changed since; else those that are there."""
    told_at, stamp = cache / "told.json", _stamp()
    told = json.loads(told_at.read_text("utf-8")) if told_at.exists() else {}
    if told.get("stamp") != stamp:
        try:
            told = {"stamp": stamp, "peers": _build(cache)}
        except NotBuilt as error:
            return Peers(cache, cache / "pages", (), {peer.title: str(error) for peer in PEERS})
        told_at.write_text(json.dumps(told), "utf-8")
    return read_told(cache, told["peers"])


def read_told(cache: Path, told: Mapping[str, str]) -> Peers:
    """What the build said of each folder: nothing, or why there is no page."""
    there = tuple(peer for peer in PEERS if told.get(peer.folder) == "")
    left_out = {peer.title: told.get(peer.folder, "it was not built") for peer in PEERS if peer not in there}
    return Peers(cache, cache / "pages", there, left_out)


def _stamp() -> str:
    sources = [path.read_bytes() for path in sorted(SOURCES.iterdir())]
    forms = [form24.surveyjs(), form24.formio(), form24.xform()]
    return hashlib.sha256(b"\0".join([*sources, *(form.encode() for form in forms)])).hexdigest()


def _build(cache: Path) -> dict[str, str]:
    forms, pages = cache / "forms", cache / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    forms.mkdir(parents=True, exist_ok=True)
    for source in SOURCES.iterdir():
        shutil.copy(source, cache / source.name)
    _run(cache, *NPM, refusal="its packages cannot be fetched; is there npm and a network?")
    (forms / "surveyjs.json").write_text(form24.surveyjs(), "utf-8")
    (forms / "formio.json").write_text(form24.formio(), "utf-8")
    (forms / "visit24.xml").write_text(form24.xform(), "utf-8")
    transformer = "node_modules/.bin/esbuild enketo-transformer.js --bundle --format=iife --external:libxslt".split()
    _run(cache, *transformer, "--outfile=forms/transform.js", refusal="the transformer of forms could not be built")
    (forms / "enketo.json").write_text(_transformed(forms / "transform.js"), "utf-8")
    told = _run(cache, "node", "build.mjs", str(forms), str(pages), refusal="the pages could not be built")
    press(pages)
    result: dict[str, str] = json.loads(told.splitlines()[-1])
    return result


def _transformed(transformer: Path) -> str:
    """The form and its model as Enketo's own server sends them to the browser."""
    with sync_playwright() as playwright, chromium(playwright.chromium) as browser:
        page = browser.new_page()
        page.add_script_tag(path=transformer)
        return str(page.evaluate(TRANSFORM, form24.xform()))


def _run(folder: Path, *command: str, refusal: str) -> str:
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=MOST_SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise NotBuilt(refusal) from None
