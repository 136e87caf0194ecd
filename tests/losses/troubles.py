"""What happens to a phone: slow scripts, a full memory, a large photo, a server that takes no copy, a visit that
cannot go; and what it still keeps then."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, Route

from tests.losses.conftest import Shop
from tests.losses.phone import Phone
from tests.losses.wire import BEFORE, DRAFT, SUBMISSION
from tests.waiting import wait_until
from tests.world import GOOD

NARRATIVE = '[name="q-narrative"]'
PEOPLE = '[name="q-people"]'
KEEPER = "**/js/keeping.js"
ONLINE = "dispatchEvent(new Event('online'))"
TWO_DAYS = 2 * 86_400_000


def keep_no_copy(shop: Shop) -> None:
    """The server gets no copy of a draft, so that only the phone can bring the words back."""
    shop.wire.lose("PUT", DRAFT, BEFORE, times=1000)


def hold(page: Page, script: str) -> list[Route]:
    """As on a slow network: this script has not come yet; the last of these that is let go is what comes."""
    held: list[Route] = []
    page.route(script, lambda route: held.append(route))
    return held


def with_scripts(phone: Phone, *scripts: str) -> Page:
    """The phone's first tab; these scripts run before those of every page."""
    assert phone.context is not None
    for script in scripts:
        phone.context.add_init_script(script)
    return phone.page


def kept(shop: Shop, visit: str, page: Page | None = None) -> dict[str, Any]:
    """The answers that the phone keeps for a visit."""
    rows = shop.phone.rows("answer", page)
    return {row["question"]: row["tree"] for row in rows if row["draft"] == visit and row["tree"]}


def choose(page: Page, *files: FilePayload) -> None:
    """Photos of the shelf, for the question that asks for them."""
    page.locator("#q-shelf--photos").set_input_files(list(files))


def large_photo() -> FilePayload:
    """So much noise that 1,600 pixels of it are not small."""
    file = BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(file, "JPEG", quality=90)
    return {"name": "noise.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def limit_room(shop: Shop, page: Page, size: int) -> None:
    """So many bytes and no more for what pages of ours store; before they store anything."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": shop.wire.address, "quotaSize": size})


def fill_up(page: Page) -> None:
    """Somebody else's things take all the room that is left."""
    page.evaluate("""async () => {
      const database = await new Promise((done) => {
        const asked = indexedDB.open("somebody else", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("things", { autoIncrement: true });
        asked.onsuccess = () => done(asked.result);
      });
      const put = (size) => new Promise((done) => {
        const change = database.transaction("things", "readwrite", { durability: "strict" });
        change.objectStore("things").put(crypto.getRandomValues(new Uint8Array(size)));
        change.oncomplete = () => done(true);
        change.onabort = () => done(false);
      });
      for (let size = 65_536; size >= 1_024; size /= 2) while (await put(size));
    }""")


def waiting(shop: Shop) -> tuple[str, Page]:
    """A visit that was tried once and waits on the phone, and the page that says so."""
    shop.wire.lose("PUT", SUBMISSION, BEFORE, times=1000)
    visit = shop.visit(**GOOD)
    page = shop.queue(visit)
    wait_until(lambda: any(row["visit"] == visit and row["tries"] for row in shop.phone.rows("outbox")))
    return visit, page
