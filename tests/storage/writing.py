"""A small program that writes visits from several threads, and says each one aloud once it was acknowledged.

    python -m tests.storage.writing DATABASE PHOTOS FIRST [VISITS_A_SECOND]

Without a pace it writes as fast as it can. It is killed in the middle by the tests; a visit that was said aloud must be
there afterwards, once.
"""

import math
import os
import sys
import threading
import time
import traceback
from pathlib import Path

from audit.storage.store import Store, open_store
from audit.storage.visits import answers_text
from tests.builders import build_score, build_visit, good_answers
from tests.storage.conftest import NOW, Picture, begun, message

THREADS = 6


def send(store: Store, n: int) -> str:
    """One message with its visit, score, photo and journal line; a message that was taken before changes nothing."""
    visit = build_visit(n)
    sent = message(n, visit, greeted="yes")

    def take() -> str:
        if store.submissions.find(sent.msg_id):
            return "replayed"
        begun(store, n)
        store.visits.save(visit)
        store.scores.save(visit.id, build_score(visit))
        store.submissions.keep(sent, b"raw bytes", "submitted", NOW, answers_text(good_answers()))
        store.journal.write("system", "visit.submitted", visit.id, NOW)
        return "taken"

    store.photos.add(Picture(sha256=f"{n:064x}"), NOW)
    return store.write(take)


def main() -> None:
    store = open_store(sys.argv[1], sys.argv[2])
    first, pace = int(sys.argv[3]), float(sys.argv[4]) if sys.argv[4:] else math.inf
    said = threading.Lock()

    def work(thread: int) -> None:
        n, due = first + thread, time.monotonic()
        while True:
            due += THREADS / pace
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                send(store, n)
            except Exception:
                traceback.print_exc()
                os._exit(1)  # or whoever waits for a word would wait for ever
            with said:
                os.write(1, f"{n}\n".encode())
            n += THREADS

    for thread in range(THREADS):
        threading.Thread(target=work, args=(thread,), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    assert Path(sys.argv[1]).exists(), "the cast must be there already"
    main()
