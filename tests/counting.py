"""A unit of work that notes every statement it sends to the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.unit_of_work import UnitOfWork


class _Watched:
    """A cursor; a set written at once is one statement."""

    def __init__(self, cursor: Any, ran: list[str]) -> None:
        self._cursor, self._ran = cursor, ran

    def execute(self, sql: str, *parameters: Any) -> Any:
        self._ran.append(sql)
        return self._cursor.execute(sql, *parameters)

    def executemany(self, sql: str, rows: Any) -> Any:
        self._ran.append(sql)
        return self._cursor.executemany(sql, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class Counting(UnitOfWork):
    """`ran`: the statements in their order."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection, now)
        self.ran: list[str] = []
        self._cursor = _Watched(self._cursor, self.ran)
