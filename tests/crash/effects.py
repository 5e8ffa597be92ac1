"""What the database says has happened, as pairs of a kind and a marker, counted."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

BY_SUBJECT = ("ticket.accepted", "ticket.arrived", "escalation.claimed", "training.promised")
EFFECTS = (
    "SELECT 'opened', description FROM tickets WHERE description LIKE 'broken-%'",
    "SELECT 'heard', text FROM conversation_messages WHERE direction = 'in' AND external_id IS NOT NULL",
    "SELECT 'noted', json_extract(data, '$.text') FROM events WHERE kind = 'escalation.noted'",
    f"SELECT kind, CAST(subject_id AS TEXT) FROM events WHERE kind IN {BY_SUBJECT}",
)


class Effects:
    """A reader of its own, beside the program."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _rows(self, sql: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    def count(self) -> Counter[tuple[str, str]]:
        return Counter((row[0], row[1]) for sql in EFFECTS for row in self._rows(sql))

    def seen(self) -> set[str]:
        """The platforms' ids of everything people said; not of receipts."""
        return {key for (key,) in self._rows("SELECT key FROM seen_events") if ":status:" not in key}

    def refusals(self) -> list[tuple[str, ...]]:
        return self._rows("SELECT data FROM events WHERE kind = 'command.refused'")

    def numbers(self) -> list[int]:
        return [int(row[0]) for row in self._rows("SELECT running FROM tickets ORDER BY running")]

    def open_escalations(self) -> list[int]:
        """How many each conversation has."""
        sql = "SELECT count(*) FROM escalations WHERE conversation_id IS NOT NULL AND external_id IS NULL GROUP BY conversation_id"
        return [int(row[0]) for row in self._rows(sql)]
