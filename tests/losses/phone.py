"""A phone with a memory: Chromium with one profile that is killed, opened again, or forgets everything."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browsers import FLAGS, MOST_SECONDS, chromium_path
from tests.waiting import wait_until

LOOK = {"viewport": {"width": 360, "height": 740}, "locale": "en-GB", "reduced_motion": "reduce", "has_touch": True}
NO_WORKER = "delete Navigator.prototype.serviceWorker;"
READ = """async (shelf) => {
  const database = await new Promise((done, fail) => {
    const asked = indexedDB.open("lists");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
    asked.onupgradeneeded = () => asked.transaction.abort();
  }).catch(() => null);
  if (!database) return [];
  const rows = database.objectStoreNames.contains(shelf) ? await new Promise((done) => {
    const asked = database.transaction(shelf).objectStore(shelf).getAll();
    asked.onsuccess = () => done(asked.result);
  }) : [];
  database.close();
  return rows.map((row) => (row?.bytes ? { ...row, bytes: row.bytes.constructor.name } : row));
}"""
PUT = """async ([shelf, row]) => {
  const database = await new Promise((done) => {
    const asked = indexedDB.open("lists");
    asked.onsuccess = () => done(asked.result);
  });
  await new Promise((done, fail) => {
    const change = database.transaction(shelf, "readwrite", { durability: "strict" });
    change.objectStore(shelf).put(row);
    change.oncomplete = done;
    change.onabort = fail;
  });
  database.close();
}"""


class Phone:
    """One browser profile of one shopper. `scripts` run before those of each page."""

    def __init__(self, playwright: Playwright, profile: Path, address: str, token: str) -> None:
        self.playwright, self.profile, self.address, self.token = playwright, profile, address, token
        self.scripts: list[str] = []
        self.context: BrowserContext | None = None

    def open(self) -> Page:
        """Switch it on; its first tab."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=chromium_path(), args=FLAGS, base_url=self.address, **LOOK
        )
        self.context.set_default_timeout(MOST_SECONDS * 1000)
        self.sign_in(self.token)
        for script in self.scripts:
            self.context.add_init_script(script)
        return self.context.pages[0]

    @property
    def page(self) -> Page:
        assert self.context is not None
        return self.context.pages[0]

    def tab(self) -> Page:
        """One more tab."""
        assert self.context is not None
        return self.context.new_page()

    def sign_in(self, token: str) -> None:
        """From now on this phone is signed in with that token; "" signs it out."""
        assert self.context is not None
        if not token:
            self.context.clear_cookies()
        else:
            ninety_days = time.time() + 90 * 86_400
            self.context.add_cookies(
                [{"name": "candour", "value": token, "url": self.address, "expires": ninety_days, "httpOnly": True}]
            )

    def kill(self) -> None:
        """`kill -9`: every process of this profile, at once."""
        started = list(self._processes())
        for process in started:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: not any(Path(f"/proc/{process}/exe").exists() for process in started))
        self.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Switch it off."""
        if self.context is not None:
            with suppress(Error):
                self.context.close()
        self.context = None

    def forget(self) -> None:
        """As iOS does after a week without a visit: nothing is left of what a page stored."""
        self.close()
        shutil.rmtree(self.profile)

    def walk(self, visit: str, place: str = "", page: Page | None = None) -> Page:
        """Open the form of a visit and wait until it keeps what is typed."""
        page = page or self.page
        page.goto(f"/visits/{visit}/form{place}")
        return ready(page)

    def rows(self, shelf: str, page: Page | None = None) -> list[dict[str, Any]]:
        """What stands on a shelf of the phone's database, in the order of its keys; bytes by the name of their kind."""
        found: list[dict[str, Any]] = (page or self.page).evaluate(READ, shelf)
        return found

    def put(self, shelf: str, row: object) -> None:
        """Put a row there by hand."""
        self.page.evaluate(PUT, [shelf, row])

    def _processes(self) -> Iterator[int]:
        """Those that were started with this profile, and their children."""
        mine = f"--user-data-dir={self.profile}".encode()
        children: dict[int, list[int]] = {}
        first = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(folder.name))
                if mine in (folder / "cmdline").read_bytes().split(b"\0"):
                    first.append(int(folder.name))
        found: list[int] = []
        while first:
            one = first.pop()
            if one not in found:
                found.append(one)
                first.extend(children.get(one, []))
        yield from found


def ready(page: Page) -> Page:
    """Once the form on the page keeps what is typed."""
    page.locator('form#visit[data-ready="kept"]').wait_for(state="attached")
    return page


def saved(page: Page) -> None:
    """Once the quiet line says that all is kept."""
    expect(page.locator("[data-part=saved]")).to_contain_text("Saved on this phone")
