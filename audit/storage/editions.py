"""Papers that were asked for, and the editions that came of them: what is to be printed survives every crash.

Owns whose turn it is, and which edition of a paper is the newest. Holds no PDF: those lie in a drawer, and can be
printed again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit.storage.columns import Column, instant_from, instant_text, optional_instant_from
from audit.storage.connections import Row
from audit.storage.shelf import Shelf

WAITING, PRINTING, READY, FAILED = "waiting", "printing", "ready", "failed"
LATELY = timedelta(days=100)
STALE = timedelta(days=3)  # what nobody waits for and was due before is printed when somebody asks
LOST = timedelta(minutes=15)  # what is being printed for so long was left lying by a process that was killed
AHEAD = timedelta(minutes=5)  # nothing is due later, unless the clock was set back since


@dataclass(frozen=True)
class Paper:
    """Which report, of whom, over which days, in which language; the `archive` copy has its figures attached.

    `what` is visit, branch, area, programme, pack or method; `subject` a visit's id, a code, or empty for the programme
    and for the method, which is of no days."""

    what: str
    subject: str
    first: date
    last: date
    language: str
    archive: bool = False

    @property
    def series(self) -> str:
        """What all its editions have in common, the archive copy too: 32 letters."""
        named = (self.what, self.subject, self.first.isoformat(), self.last.isoformat(), self.language)
        return hashlib.sha256("\0".join(named).encode()).hexdigest()[:32]

    @property
    def id(self) -> str:
        """The name of its order."""
        return f"{self.series}-a" if self.archive else self.series


@dataclass(frozen=True)
class Order:
    """A paper that was asked for, and how far it is. `key` names its file once it is ready, which is as things stood at
    line `revision` of the journal, printed with a program of that `shape`; `why` says what failed. The `revision` of a
    pack that lacks a report is below 0, so that it is behind every line: see `lacking_at`."""

    paper: Paper
    state: str
    asked_at: datetime
    begun_at: datetime | None = None
    key: str = ""
    number: str = ""
    revision: int = 0
    shape: str = ""
    why: str = ""

    @property
    def is_incomplete(self) -> bool:
        """Whether it is a pack that lacks a report."""
        return self.state == READY and self.revision < 0

    @property
    def put_together_at(self) -> int:
        """The line of the journal as of which it was made, whether it lacks a report or not."""
        return -1 - self.revision if self.revision < 0 else self.revision


@dataclass(frozen=True)
class Edition:
    """A paper as it was printed once: its number stands on it, and `content_digest` is the sha256 of what it says."""

    number: str
    series: str
    paper: Paper
    content_digest: str
    visits: int
    made_at: datetime


def lacking_at(revision: int) -> int:
    """The `revision` of a pack that was put together at this line, and lacks a report."""
    return -1 - revision


class OrderShelf(Shelf):
    """All orders, each paper once."""

    def find(self, id: str) -> Order:
        return _order_from_row(self._row("select * from report_order", "id = ?", (id,)))

    def of(self, paper: Paper) -> Order | None:
        """The order of that paper, if it was ever asked for."""
        found = self._rows("select * from report_order", "id = ?", (paper.id,))
        return _order_from_row(found[0]) if found else None

    def ask(self, paper: Paper, now: datetime) -> None:
        """Somebody waits for it: it goes before all that nobody waits for. What is being printed is left to end,
        unless it is LOST."""
        self._connections.change(
            f"{_INSERT} on conflict (id) do update set state = 'waiting', hurried = 1, wanted_at = excluded.wanted_at,"
            " asked_at = excluded.asked_at, due_at = case when state = 'waiting' and hurried = 1"
            " then min(due_at, excluded.due_at) else excluded.due_at end"
            " where state <> 'printing' or begun_at not between ? and ?",
            (*_columns(paper, now, now, hurried=1), instant_text(now - LOST), instant_text(now + LOST)),
        )

    def want(self, paper: Paper, now: datetime, due_at: datetime) -> None:
        """What it says has changed: print it anew from `due_at` on, again even if it is being printed just now. What
        was left lying because it is STALE waits anew."""
        self._connections.change(
            f"{_INSERT} on conflict (id) do update set wanted_at = excluded.wanted_at, due_at ="
            " case when state = 'waiting' and due_at > ? then min(due_at, excluded.due_at) else excluded.due_at end,"
            " state = case when state = 'printing' then state else 'waiting' end",
            (*_columns(paper, now, due_at, hurried=0), instant_text(now - STALE)),
        )

    def covering(self, subjects: list[tuple[str, str]], day: date, now: datetime) -> list[Paper]:
        """The papers about one of these (what, subject) over this day that were asked for lately."""
        found = []
        for what, subject in subjects:
            where = "what = ? and subject = ? and ? between first and last and asked_at > ?"
            found += self._rows(
                "select * from report_order", where, (what, subject, day.isoformat(), instant_text(now - LATELY))
            )
        return [_paper_from_row(row) for row in found]

    def take(self, now: datetime) -> Order | None:
        """The next one whose turn it is, marked as being printed; None if nothing is due."""
        tail = "order by hurried desc, due_at, what = 'pack', id limit 1"
        found = self._rows("select * from report_order", _DUE, _due_at(now), tail)
        if not found:
            return None
        return self._begin(found[0]["id"], now)

    def take_this(self, paper: Paper, now: datetime) -> Order:
        """This one, whether it is its turn or not, marked as being printed."""
        return self._begin(paper.id, now)

    def _begin(self, id: str, now: datetime) -> Order:
        change = (
            "update report_order set state = 'printing', hurried = 0, begun_at = ?, wanted_at = min(wanted_at, ?)"
            " where id = ?"
        )
        self._connections.change(change, (instant_text(now), instant_text(now), id))
        return self.find(id)

    def finish(self, done: Order) -> None:
        """It is printed. If it was wanted anew meanwhile, it waits again."""
        begun = _sortable(done.begun_at)
        self._connections.change(
            "update report_order set state = case when wanted_at > ? then 'waiting' else 'ready' end, key = ?,"
            " number = ?, revision = ?, shape = ?, why = '' where id = ?",
            (begun, done.key, done.number, done.revision, done.shape, done.paper.id),
        )

    def confirm(self, order: Order, revision: int) -> None:
        """What was printed says the same at line `revision` of the journal; nothing happens if it was asked anew."""
        self._connections.change(
            "update report_order set revision = ? where id = ? and state = 'ready' and key = ? and revision = ?",
            (revision, order.paper.id, order.key, order.revision),
        )

    def wait(self, paper: Paper, now: datetime) -> None:
        """What was taken could not be done yet: its turn comes again, that of a pack after all that it waits for."""
        change = "update report_order set state = 'waiting', hurried = what <> 'pack', due_at = ? where id = ?"
        self._connections.change(change, (instant_text(now), paper.id))

    def fail(self, paper: Paper, why: str) -> None:
        """It could not be printed, and says why."""
        self._connections.change(
            "update report_order set state = 'failed', why = ? where id = ?", (why[:500], paper.id)
        )

    def begin_again(self) -> int:
        """What was being printed when the machine went down waits again; how many that are."""
        return self._connections.change("update report_order set state = 'waiting' where state = 'printing'")

    def ahead_of(self, id: str) -> int:
        """How many that somebody waits for will be printed before this one."""
        sql = "select count(*) from report_order"
        where = (
            "hurried = 1 and state = 'waiting' and due_at < (select due_at from report_order where id = ?) and id <> ?"
        )
        return int(self._rows(sql, where, (id, id))[0][0])

    def count_waited_for(self) -> int:
        """How many are waiting because somebody asked."""
        return int(self._rows("select count(*) from report_order", "state = 'waiting' and hurried = 1")[0][0])

    def is_any_due(self, now: datetime) -> bool:
        """Whether it is anything's turn; only reads."""
        return bool(self._rows("select 1 from report_order", _DUE, _due_at(now), "limit 1"))


class EditionShelf(Shelf):
    """Every edition that was ever printed, in the order of printing; one that came back stands there twice."""

    def add(self, edition: Edition) -> None:
        """Note what was printed, unless it is the newest of its series already."""
        newest = self.newest(edition.series)
        if newest is None or newest.number != edition.number:
            self._add("edition", _edition_to_row(edition))

    def newest(self, series: str) -> Edition | None:
        """The last one printed of a series."""
        found = self._rows("select * from edition", "series = ?", (series,), "order by id desc limit 1")
        return _edition_from_row(found[0]) if found else None

    def by_number(self, number: str) -> Edition:
        """The edition with this number on it, as it was printed first; NotFound if none was."""
        return _edition_from_row(self._row("select * from edition", "number = ?", (number,), "order by id limit 1"))


_INSERT = (
    "insert into report_order (id, what, subject, first, last, language, archive, asked_at, wanted_at, due_at, hurried,"
    " state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')"
)


# A clock that was set back keeps nothing waiting until it has caught up.
_DUE = "state = 'waiting' and (hurried = 1 or due_at > ? and due_at <= ? or due_at > ?)"


def _due_at(now: datetime) -> tuple[str, str, str]:
    return instant_text(now - STALE), instant_text(now), instant_text(now + AHEAD)


def _sortable(moment: datetime | None) -> str:
    """A moment as text that sorts, or a text that sorts before all moments."""
    return "" if moment is None else instant_text(moment)


def _columns(paper: Paper, now: datetime, due_at: datetime, hurried: int) -> tuple[Column, ...]:
    moment = instant_text(now)
    return (paper.id, *_paper_columns(paper), int(paper.archive), moment, moment, instant_text(due_at), hurried)


def _paper_columns(paper: Paper) -> tuple[str, ...]:
    return paper.what, paper.subject, paper.first.isoformat(), paper.last.isoformat(), paper.language


def _paper_from_row(row: Row, archive: bool | None = None) -> Paper:
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    kept = bool(row["archive"]) if archive is None else archive
    return Paper(row["what"], row["subject"], first, last, row["language"], kept)


def _order_from_row(row: Row) -> Order:
    return Order(
        paper=_paper_from_row(row),
        state=row["state"],
        asked_at=instant_from(row["asked_at"]),
        begun_at=optional_instant_from(row["begun_at"]),
        key=row["key"],
        number=row["number"],
        revision=row["revision"],
        shape=row["shape"],
        why=row["why"],
    )


def _edition_to_row(edition: Edition) -> dict[str, Column]:
    what, subject, first, last, language = _paper_columns(edition.paper)
    return {
        "number": edition.number,
        "series": edition.series,
        "what": what,
        "subject": subject,
        "first": first,
        "last": last,
        "language": language,
        "content_digest": edition.content_digest,
        "visits": edition.visits,
        "made_at": instant_text(edition.made_at),
    }


def _edition_from_row(row: Row) -> Edition:
    return Edition(
        number=row["number"],
        series=row["series"],
        paper=_paper_from_row(row, archive=False),
        content_digest=row["content_digest"],
        visits=row["visits"],
        made_at=instant_from(row["made_at"]),
    )
