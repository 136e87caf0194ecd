"""The print room: a few threads that print what waits, one report each, beside the threads that answer pages.

A page may ask for a report and wait a moment for it; it never prints. What is asked for by a page that may only read is
written down here, by a thread that may write. Of several processes one prints; the others look how far it is.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from datetime import datetime

from audit.actions.printing import AT_ONCE, PrintShop, ask_for_paper, is_overtaken, print_next
from audit.domain.errors import CandourError, TooMany
from audit.storage.editions import FAILED, READY, Order, Paper
from audit.web.logs import describe, trouble_log

MOST_PATIENT = 3  # threads of pages that wait for a report at the same time; all others are shown how far it is
IDLE_SECONDS = 5.0  # after a stumble
LOOK_AGAIN_SECONDS = 0.2  # for what another process wrote down, or printed
WRITING_SECONDS, HASTY_SECONDS = 5.0, 0.5  # until it is written down; the latter when MOST_PATIENT wait already
CLOSING_SECONDS = 10.0  # for what is being written down or drawn; less than a supervisor waits before it kills
MOST_REMEMBERED = 100
MOST_OVERTAKEN = 3  # how often one paper is printed anew since something changed meanwhile; then it is handed out


class PrintRoom:
    """Prints what waits in the rows of the store. `open` starts it, and takes up what an earlier process left lying."""

    def __init__(self, shop: PrintShop, clock: Callable[[], datetime]) -> None:
        self.shop = shop
        self._clock = clock
        self._asked: queue.SimpleQueue[Paper | None] = queue.SimpleQueue()
        self._unwritten: set[str] = set()
        self._turned = threading.Condition()
        self._ended: OrderedDict[str, Order] = OrderedDict()
        self._places = threading.BoundedSemaphore(MOST_PATIENT)
        self._prints = True
        self._awaited: Counter[str] = Counter()
        self._overtaken: Counter[str] = Counter()
        self._book: threading.Thread | None = None
        self._closing = False
        self._news = 0

    def open(self, *, prints: bool = True) -> None:
        """Begin to print, unless it is open already; or to look what is printed elsewhere."""
        with self._turned:
            if self._book is None:
                self._prints = prints
                self._book = threading.Thread(target=self._keep_book, name="print room book", daemon=True)
                self._book.start()

    def close(self) -> None:
        """End, and leave what is being printed, like all that waits, to whoever opens next."""
        with self._turned:
            self._closing = True
            self._news += 1
            self._turned.notify_all()
        self._asked.put(None)
        self.shop.printer.close()
        if self._book is not None:
            self._book.join(CLOSING_SECONDS)
        self.shop.printer.close()  # in case a job had just started it again

    def fetch(self, paper: Paper, patience_seconds: float) -> Order | None:
        """Ask for a paper, and wait a moment for it: how it ended, or None if that takes longer. TooMany if it could
        not even be written down."""
        self.open()
        waits = self._places.acquire(blocking=False)
        with self._turned:
            self._ended.pop(paper.id, None)
            self._unwritten.add(paper.id)
            self._awaited[paper.id] += waits
            self._asked.put(paper)
            try:
                self._wait_until_written(paper, WRITING_SECONDS if waits else HASTY_SECONDS)
                if waits:
                    self._turned.wait_for(lambda: self._closing or paper.id in self._ended, patience_seconds)
                return self._ended.get(paper.id)
            finally:
                self._awaited[paper.id] -= waits
                self._awaited = +self._awaited  # without those that nobody waits for
                if waits:
                    self._places.release()

    def _wait_until_written(self, paper: Paper, patience_seconds: float) -> None:
        if not self._turned.wait_for(lambda: self._closing or paper.id not in self._unwritten, patience_seconds):
            raise TooMany("Another program is writing. Try again in a moment.", retry_after_seconds=5)

    def wake(self) -> None:
        """Something new waits."""
        with self._turned:
            self._news += 1
            self._turned.notify_all()

    def _work(self) -> None:
        while not self._closing:
            seen = self._news
            try:
                ended = print_next(self.shop, self._clock()) if self._is_due() else None
                if ended and ended.state == FAILED:
                    self._put_back_if_closing(ended)
                pause = LOOK_AGAIN_SECONDS
            except Exception as error:
                trouble_log.error("the print room stumbled", extra={"facts": describe(error)})
                ended, pause = None, IDLE_SECONDS
            if ended and self._tell(ended):
                continue
            with self._turned:
                if self._news == seen:
                    self._turned.wait(pause)

    def _put_back_if_closing(self, order: Order) -> None:
        """It failed because the press was closed: its turn comes again."""
        if not self._closing:
            return
        with self.shop.store.transaction():
            self.shop.store.orders.wait(order.paper, self._clock())

    def _keep_book(self) -> None:
        """Write down what pages ask for, while others print; a page that only reads may not write itself."""
        if self._prints:
            self._take_up_what_lies()
        printing = [
            threading.Thread(target=self._work, name=f"print room {number}") for number in range(AT_ONCE * self._prints)
        ]
        for thread in printing:
            thread.daemon = True
            thread.start()
        while (paper := self._next_asked()) is not None:
            try:
                ask_for_paper(self.shop.store, paper, self._clock())
            except Exception as error:
                why = error.message if isinstance(error, CandourError) else type(error).__name__
                self._tell(Order(paper, FAILED, self._clock(), why=why))
            with self._turned:
                self._unwritten.discard(paper.id)
            self.wake()
        for thread in printing:
            thread.join()

    def _take_up_what_lies(self) -> None:
        """What an earlier process was printing waits again, as soon as that can be written."""
        while not self._closing:
            try:
                with self.shop.store.transaction():
                    self.shop.store.orders.begin_again()
                return
            except Exception as error:
                trouble_log.error("the print room stumbled", extra={"facts": describe(error)})
            with self._turned:
                self._turned.wait_for(lambda: self._closing, IDLE_SECONDS)

    def _tell(self, order: Order) -> bool:
        """Tell whoever waits for it, if it has ended and still says how things stand; a pack may have to look again."""
        if order.state not in (READY, FAILED) or self._is_printed_anew(order):
            return False
        with self._turned:
            del self._overtaken[order.paper.id]
            self._ended[order.paper.id] = order
            while len(self._ended) > MOST_REMEMBERED:
                self._ended.popitem(last=False)
            self._turned.notify_all()
        return True

    def _is_printed_anew(self, order: Order) -> bool:
        """Whether somebody waits for it who would be handed what no longer holds: then its turn comes again."""
        id = order.paper.id
        with self._turned:
            if not self._awaited[id] or self._overtaken[id] >= MOST_OVERTAKEN:
                return False
        try:
            if not is_overtaken(self.shop, order):
                return False
            ask_for_paper(self.shop.store, order.paper, self._clock())
        except Exception as error:  # whoever waits is shown how far it is, and asks again from there
            trouble_log.error("the print room stumbled", extra={"facts": describe(error)})
        with self._turned:
            self._overtaken[id] += 1
        self.wake()
        return True

    def _is_due(self) -> bool:
        """Whether anything waits, whichever process wrote it down. Only reads, since it is asked often."""
        if self.shop.unnoted:
            return True
        return self.shop.store.orders.is_any_due(self._clock())

    def _next_asked(self) -> Paper | None:
        """What a page asks for next. Where others print, look meanwhile whether they have done what is waited for."""
        while not self._prints and self._written_and_awaited():
            try:
                return self._asked.get(timeout=LOOK_AGAIN_SECONDS)
            except queue.Empty:
                self._look()
        return self._asked.get()

    def _written_and_awaited(self) -> list[str]:
        with self._turned:
            return [id for id, pages in self._awaited.items() if pages and id not in self._unwritten]

    def _look(self) -> None:
        for id in self._written_and_awaited():
            try:
                self._tell(self.shop.store.orders.find(id))
            except Exception as error:
                trouble_log.error("the print room stumbled", extra={"facts": describe(error)})
