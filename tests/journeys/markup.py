"""What the Nu Html Checker says of every page that was looked at: as the server sent it, and as it stands after its
scripts. It reads all of them in one go when a module of tests is over, since starting takes it longest.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Error, Page, Response

JAR = Path(sys.prefix) / "checker" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_sent: WeakKeyDictionary[Page, Response] = WeakKeyDictionary()
_looked_at: dict[str, str] = {}  # the text of a page, and where it was first seen


def missing() -> str:
    """What the checker lacks, in words; "" if it can be asked."""
    if JAR.exists() and shutil.which("java"):
        return ""
    return "the HTML checker is not here: bin/test --all installs it where there is Java (default-jre-headless) and npm"


def listen(page: Page) -> None:
    """From now on, remember what the server sent to this page."""

    def keep(response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == page.main_frame:
            _sent[page] = response

    page.on("response", keep)


def remember(page: Page) -> None:
    """Put the page aside, to be checked with all others."""
    _looked_at.setdefault(page.content(), f"{page.url} after its scripts")
    if page in _sent:
        try:
            _looked_at.setdefault(_sent[page].text(), f"{page.url} as it was sent")
        except Error:
            return  # the browser kept no body, as of an answer that only led elsewhere


def forget() -> None:
    """Nothing was looked at."""
    _looked_at.clear()


def wrongs(folder: Path) -> list[str]:
    """What is wrong with all that was put aside, each wrong once, with where it was first seen."""
    if not _looked_at:
        return []
    places = {}
    for n, (text, place) in enumerate(_looked_at.items()):
        (folder / f"{n}.html").write_text(text, encoding="utf-8")
        places[f"{n}.html"] = place
    command = ["java", "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--errors-only", *places]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stderr
    found: dict[str, str] = {}
    for message in json.loads(said)["messages"]:
        words = f"{message['message']}\n    {message.get('extract', '').strip()}"
        found.setdefault(words, f"{places[Path(message['url']).name]}: {words}")
    return list(found.values())
