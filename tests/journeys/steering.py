"""Browsers as their makers ship them, steered by the commands of the W3C's WebDriver: over HTTP where a driver stands
between, over Firefox's own socket where none is packaged. Nothing waits by the clock: `until` asks the page again.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from tests.browsers import FLAGS, chromium_path
from tests.served import free_port
from tests.waiting import turns

PATIENCE = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of a reference to an element, fixed by the standard
PACKAGES = {
    "Chromium": "chromium chromium-driver",
    "Firefox ESR": "firefox-esr",
    "WebKitGTK": "webkit2gtk-driver xvfb",
}
PATHS = {
    "NewSession": ("POST", "/session"),
    "DeleteSession": ("DELETE", "/session/{session}"),
    "Navigate": ("POST", "/session/{session}/url"),
    "ExecuteScript": ("POST", "/session/{session}/execute/sync"),
    "ExecuteAsyncScript": ("POST", "/session/{session}/execute/async"),
    "FindElement": ("POST", "/session/{session}/element"),
    "ElementClick": ("POST", "/session/{session}/element/{id}/click"),
    "ElementClear": ("POST", "/session/{session}/element/{id}/clear"),
    "ElementSendKeys": ("POST", "/session/{session}/element/{id}/value"),
    "SetTimeouts": ("POST", "/session/{session}/timeouts"),
    "TakeScreenshot": ("GET", "/session/{session}/screenshot"),
}
SEEN = """const [query, words] = arguments;
return [...document.querySelectorAll(query)].some(
  (one) => one.checkVisibility() && one.textContent.replace(/\\s+/g, ' ').includes(words));"""
ANEW = "return !document.documentElement.dataset.old"
PLACE = """const one = document.querySelector(arguments[0]);
one?.scrollIntoView({ behavior: 'instant', block: 'center' });
return one && document.readyState === 'complete' ? JSON.stringify(one.getBoundingClientRect()) : null;"""
QUIET = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "en-GB",
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class Refused(Exception):
    """What the browser answered instead of doing it; `kind` is the standard's name of the error."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Line(Protocol):
    """A way to a browser."""

    def ask(self, command: str, words: dict[str, Any]) -> Any:
        """The answer to a command. Refused if the browser does not do it."""


class Hand:
    """What a person does with a browser that has one tab."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.line.ask("SetTimeouts", {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000})

    def go(self, address: str) -> None:
        self.line.ask("Navigate", {"url": address})

    def reload(self) -> None:
        """As a thumb does that pulls the page down. (WebDriver's own word may go past the service worker.)"""
        self.read("document.documentElement.dataset.old = 1; location.reload()")
        until(lambda: self._peek(ANEW), lambda: "the page is loaded anew")

    def press(self, query: str) -> None:
        """Press the first thing that fits, once it is there, stands still, and nothing lies over it."""
        places: list[object] = [None]

        def still() -> bool:
            places.append(self._peek(PLACE, query))
            return places[-1] is not None and places[-1] == places[-2]

        until(still, lambda: f"{query} stands still\n{self.text()}")
        self._with(query, lambda found: self.line.ask("ElementClick", {"id": found}))

    def write(self, query: str, words: str) -> None:
        """Write into a box, letter by letter, in place of what stands there."""
        self._with(query, lambda found: self.line.ask("ElementClear", {"id": found}))
        self._with(query, lambda found: self.line.ask("ElementSendKeys", {"id": found, "text": words}))

    def choose_file(self, query: str, file: Path) -> None:
        """Choose a file of this machine, as a file dialog would."""
        self._with(query, lambda found: self.line.ask("ElementSendKeys", {"id": found, "text": str(file)}))

    def sees(self, query: str, words: str = "") -> None:
        """Once something that fits is on the screen, with these words in it."""
        until(lambda: self._peek(SEEN, query, words), lambda: f"{words!r} in {query}\n{self.text()}")

    def read(self, script: str, *words: object) -> Any:
        """What a script in the page returns."""
        return self.line.ask("ExecuteScript", {"script": script, "args": list(words)})

    def wait_for(self, promise: str) -> Any:
        """What a promise of the page becomes; AssertionError where it fails."""
        script = f"const done = arguments[0]; ({promise}).then((made) => done([made]), (no) => done(String(no)));"
        answer = self.line.ask("ExecuteAsyncScript", {"script": script, "args": []})
        assert isinstance(answer, list), answer
        return answer[0]

    def text(self) -> str:
        """Where the page is and what it says, for a failed test."""
        return str(self.read("return `${location.href}\\n${document.body?.innerText.slice(0, 1500)}`"))

    def _peek(self, script: str, *words: object) -> Any:
        """The same; None while one page is taken away and the next one is not there."""
        try:
            return self.read(script, *words)
        except Refused as refused:
            if refused.kind not in BETWEEN_PAGES:
                raise
            return None

    def _with(self, query: str, act: Callable[[str], Any]) -> None:
        said: list[str] = []

        def tried() -> bool:
            try:
                act(self.line.ask("FindElement", {"using": "css selector", "value": query})[ELEMENT])
            except Refused as refused:
                said.append(str(refused))
                if refused.kind not in NOT_YET:
                    raise
                return False
            return True

        until(tried, lambda: f"{query} can be used: {said[-1]}\n{self.text()}")


# What browsers call it when a page goes while it is asked something.
BETWEEN_PAGES = {"javascript error", "no such execution context", "no such window", "unknown error"}
NOT_YET = {
    "no such element",
    "stale element reference",
    "element not interactable",
    "element click intercepted",
    "invalid element state",
}


def until(holds: Callable[[], object], what: Callable[[], str]) -> None:
    """AssertionError that says what was waited for if it does not come to hold."""
    for _ in turns(PATIENCE):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE} s: {what()}")


class Http:
    """A driver beside the browser, asked over HTTP."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self.address, self.session = f"http://127.0.0.1:{port}", ""
        until(self._ready, lambda: "the driver answers")
        made = self.ask("NewSession", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = made["sessionId"]

    def ask(self, command: str, words: dict[str, Any]) -> Any:
        method, path = PATHS[command]
        body = json.dumps(words).encode() if method == "POST" else None
        address = self.address + path.format(session=self.session, id=words.get("id"))
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE * 2) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            trouble = json.load(error)["value"]
            raise Refused(trouble["error"], trouble["message"]) from None

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/status", timeout=PATIENCE):
                return True
        except OSError:
            return False


class Marionette:
    """Firefox's own socket: `length:[0, number, command, words]` there, `length:[1, number, error, answer]` back."""

    def __init__(self, port: int) -> None:
        self.count = 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE * 2)
        self.stream = self.socket.makefile("rb")
        self._hear()  # it introduces itself
        self.ask("NewSession", {})

    def ask(self, command: str, words: dict[str, Any]) -> Any:
        self.count += 1
        said = json.dumps([0, self.count, f"WebDriver:{command}", words]).encode()
        self.socket.sendall(b"%d:%b" % (len(said), said))
        _, _, trouble, answer = self._hear()
        if trouble:
            raise Refused(trouble["error"], trouble["message"])
        return answer.get("value", answer) if isinstance(answer, dict) else answer

    def _hear(self) -> Any:
        length = b""
        while (letter := self.stream.read(1)) != b":":
            assert letter, "Firefox hung up"
            length += letter
        return json.loads(self.stream.read(int(length)))


@contextmanager
def chromium(folder: Path) -> Iterator[Hand]:
    """The machine's Chromium, by its own driver."""
    with started(["chromedriver", f"--port={(port := free_port())}"], folder):
        flags = [
            *FLAGS,
            "--headless=new",
            "--window-size=400,800",
            "--lang=en-GB",
            f"--user-data-dir={folder / 'profile'}",
        ]
        with closing(Http(port, {"goog:chromeOptions": {"binary": chromium_path(), "args": flags}})) as line:
            yield Hand(line)


@contextmanager
def firefox(folder: Path) -> Iterator[Hand]:
    """The machine's Firefox ESR, without a driver."""
    profile = folder / "profile"
    profile.mkdir()
    wishes = "".join(f"user_pref({json.dumps(name)}, {json.dumps(wish)});\n" for name, wish in QUIET.items())
    (profile / "user.js").write_text(wishes)
    told = profile / "MarionetteActivePort"
    command = ["firefox-esr", "--headless", "--marionette", "--no-remote", "--width", "400", "--height", "800"]
    with started([*command, "--profile", str(profile)], folder):
        until(lambda: told.exists() and told.read_text().strip(), lambda: "Firefox listens")
        with closing(Marionette(int(told.read_text()))) as line:
            yield Hand(line)


@contextmanager
def webkit(folder: Path) -> Iterator[Hand]:
    """WebKitGTK's small browser, by its own driver, on a screen that nobody sees."""
    reading, writing = os.pipe()
    screen = ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-screen", "0", "400x800x24"]
    with ExitStack() as stack:
        stack.enter_context(started(screen, folder, pass_fds=(writing,)))
        os.close(writing)
        with os.fdopen(reading) as said:
            display = f":{said.readline().strip()}"
        settings = {"DISPLAY": display, "LANG": "en_GB.UTF-8", "LANGUAGE": "en_GB", "NO_AT_BRIDGE": "1"}
        driver = ["WebKitWebDriver", f"--port={(port := free_port())}"]
        stack.enter_context(started(driver, folder, settings=settings))
        yield Hand(stack.enter_context(closing(Http(port, {}))))


@contextmanager
def closing(line: Line) -> Iterator[Line]:
    """The browser is closed at the end of the block."""
    try:
        yield line
    finally:
        with suppress(Refused, OSError):
            line.ask("DeleteSession", {})


@contextmanager
def started(
    command: list[str], folder: Path, settings: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> Iterator[None]:
    """A program in a group of its own, until the end of the block; what it says is kept beside it."""
    places = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "share")}
    with (folder / f"{Path(command[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **places, **(settings or {})},
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


BROWSERS = {"Chromium": chromium, "Firefox ESR": firefox, "WebKitGTK": webkit}
NEEDS = {"Chromium": ("chromedriver",), "Firefox ESR": ("firefox-esr",), "WebKitGTK": ("WebKitWebDriver", "Xvfb")}


def missing(browser: str) -> str:
    """The Debian packages to install for this browser; "" if it can be steered."""
    there = all(shutil.which(name) for name in NEEDS[browser])
    return "" if there and (browser != "Chromium" or chromium_path()) else PACKAGES[browser]
