"""Published checklists: each version is frozen, known by the digest of its content, and read once."""

from __future__ import annotations

from datetime import datetime

from audit.domain.checklist.canonical import read_canonical
from audit.domain.checklist.model import Checklist, PublishedChecklist
from audit.domain.checklist.parsing import checklist_from_tree
from audit.domain.errors import not_here
from audit.storage.columns import instant_from, instant_text
from audit.storage.connections import Connections, Row
from audit.storage.shelf import Shelf

MOST_VERSIONS = 10**9
SELECT = "select checklist_id, version, content_digest, published_at from checklist_version"
LATEST = (
    "version = (select max(version) from checklist_version as v where v.checklist_id = checklist_version.checklist_id)"
)


class ChecklistShelf(Shelf):
    """All published versions of all checklists."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._read: dict[tuple[str, str], Checklist] = {}  # by id and digest of content, so it can never be out of date

    def publish(
        self, checklist_id: str, tree_json: str, source: str, digest: str, published_at: datetime, by: str | None
    ) -> int:
        """Freeze this content and return its version; content that was published before keeps the version it had."""
        same = self._rows(SELECT, "checklist_id = ? and content_digest = ?", (checklist_id, digest))
        if same:
            return int(same[0]["version"])
        last = self._rows("select max(version) from checklist_version", "checklist_id = ?", (checklist_id,))[0][0]
        version = (last or 0) + 1
        row = {
            "checklist_id": checklist_id,
            "version": version,
            "content_digest": digest,
            "tree": tree_json,
            "source": source,
            "published_at": instant_text(published_at),
            "published_by": by,
        }
        self._add("checklist_version", row)
        return version

    def find(self, checklist_id: str, version: int) -> PublishedChecklist:
        """That version; NotFound if it was never published."""
        if not 0 < version < MOST_VERSIONS:  # more than the database can be asked for comes in through addresses
            raise not_here()
        where = "checklist_id = ? and version = ?"
        return self._connections.once(
            ("checklist", checklist_id, version),
            lambda: self._from_row(self._row(SELECT, where, (checklist_id, version))),
        )

    def latest(self, checklist_id: str) -> PublishedChecklist:
        """The newest version; NotFound if none was published."""
        return self._from_row(self._row(SELECT, f"checklist_id = ? and {LATEST}", (checklist_id,)))

    def list_latest(self) -> list[PublishedChecklist]:
        """The newest version of each checklist, by id."""
        return [self._from_row(row) for row in self._rows(SELECT, LATEST, tail="order by checklist_id")]

    def versions_of(self, checklist_id: str) -> list[PublishedChecklist]:
        """Every version, newest first."""
        rows = self._rows(SELECT, "checklist_id = ?", (checklist_id,), "order by version desc")
        return [self._from_row(row) for row in rows]

    def source(self, checklist_id: str, version: int) -> str:
        """The file from which the version was published, as it was written."""
        where = "checklist_id = ? and version = ?"
        return str(self._row("select source from checklist_version", where, (checklist_id, version))["source"])

    def _from_row(self, row: Row) -> PublishedChecklist:
        known = (row["checklist_id"], row["content_digest"])
        if known not in self._read:
            where = "checklist_id = ? and version = ?"
            tree = self._row("select tree from checklist_version", where, (row["checklist_id"], row["version"]))["tree"]
            self._read[known] = checklist_from_tree(read_canonical(tree))
        return PublishedChecklist(
            self._read[known], row["version"], row["content_digest"], instant_from(row["published_at"])
        )
