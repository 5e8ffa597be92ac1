"""What SQLite's one writer has read before and nobody has written since: rules, settings, units, who holds which position.

Nearly every command asks for the same few rows of them. What is remembered is as the driver gave it, and holds until one of its
tables is written here, until something is undone, or until anybody else has written anything: SQLite says so
(sqlite.org/pragma.html#pragma_data_version), and while a transaction of ours is open nobody else writes. PostgreSQL, where several
write at once, is asked every time.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from core.compiled import Compiled

T = TypeVar("T")

SELDOM_WRITTEN = frozenset(
    (
        "units", "persons", "positions", "person_leaves", "boards", "webhooks", "kept_settings", "escalation_rule_sets",
        "answers", "playbooks", "policies", "issue_categories", "issue_subcategories", "approval_limits", "training_policies",
        "contact_methods",
    )
)  # fmt: skip
MOST = 5_000
"""Rows and reads; then it begins anew."""
LONGEST = 100
"""Rows of one read that is remembered."""

Rows = Sequence[Sequence[Any]]


class Settled:
    """For one connection, whose transactions follow each other."""

    def __init__(self) -> None:
        self._known: dict[Compiled[Any], dict[Any, Rows]] = {}
        self._derived: dict[tuple[Hashable, ...], Any] = {}
        self._derived_from: set[str] = set()
        self._readers: dict[str, set[Compiled[Any]]] = {name: set() for name in SELDOM_WRITTEN}
        self._size = 0
        self._version: int | None = None

    def check(self, cursor: Any) -> None:
        """To be called once a transaction that writes has begun."""
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchone()
        if version != self._version:
            self.clear()
            self._version = version

    def rows(self, read: Compiled[Any], parameters: Any, cursor: Any) -> Rows:
        """Of a read that touches no other tables."""
        known = self._known.get(read)
        if known is not None and parameters in known:
            return known[parameters]
        cursor.execute(read.sql, parameters)
        rows: Rows = cursor.fetchall()
        if len(rows) <= LONGEST:
            self._keep(read, parameters, rows)
        return rows

    def rows_to_derive_from(self, read: Compiled[Any], parameters: Any, cursor: Any) -> Rows:
        self._derived_from |= read.tables
        return self.rows(read, parameters, cursor)

    def derived(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """What `make` finds in such tables only; made anew when anything in any of them has changed."""
        if key in self._derived:
            known: T = self._derived[key]
            return known
        made = make()
        if len(self._derived) >= MOST:
            self._derived.clear()
        self._derived[key] = made
        return made

    def forget(self, write: Compiled[Any]) -> None:
        """One of them is about to be written."""
        readers = self._readers[write.writes]
        if write.writes in self._derived_from:
            self._derived.clear()
        for read in readers - write.unseen_by:
            readers.discard(read)
            self._known.pop(read, None)

    def clear(self) -> None:
        self._known.clear()
        self._derived.clear()
        self._size = 0

    def _keep(self, read: Compiled[Any], parameters: Any, rows: Rows) -> None:
        if self._size >= MOST:
            self.clear()
        for table in read.tables:
            self._readers[table].add(read)
        self._known.setdefault(read, {})[parameters] = rows
        self._size += 1 + len(rows)
