"""The raw side: the statements a command runs, written down once, then run again straight on the driver with nothing around them.

What a command executes is recorded from a real run that is rolled back, so both sides always do the same statements.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.outbox.cards import CHANGE_COPIES
from core.outbox.new_rows import NEW_DELIVERY, NEW_NOTIFICATION
from core.settled import Settled
from core.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement. `places`: where in its parameters the id of the notification written before it belongs."""

    sql: str
    parameters: Any
    places: tuple[Any, ...] = ()
    makes_notification: bool = False

    @property
    def writes(self) -> bool:
        return not self.sql.startswith(("SELECT", "WITH"))

    def filled(self, notification_id: int) -> Any:
        if not self.places:
            return self.parameters
        filled: Any = dict(self.parameters) if isinstance(self.parameters, dict) else list(self.parameters)
        for place in self.places:
            filled[place] = notification_id
        return filled


Script = list[Step]


class _Recording:
    """Stands between a unit of work and its driver."""

    def __init__(self, connection: Connection) -> None:
        self._driver: Any = connection.connection
        self.script: Script = []
        self._new_notification = NEW_NOTIFICATION.compiled(connection.dialect).sql
        self._places: dict[str, tuple[Any, ...]] = {}
        for statement in (NEW_DELIVERY, CHANGE_COPIES):
            known = statement.compiled(connection.dialect)
            positions = tuple(n for n, name in enumerate(known.order or ()) if name == "notification_id")
            self._places[known.sql] = positions or ("notification_id",)

    def cursor(self) -> "_RecordingCursor":
        return _RecordingCursor(self, self._driver.cursor())

    def note(self, sql: str, parameters: Any) -> None:
        self.script.append(Step(sql, parameters, self._places.get(sql, ()), sql == self._new_notification))


class _RecordingCursor:
    def __init__(self, recording: _Recording, cursor: Any) -> None:
        self._recording, self._cursor = recording, cursor

    def execute(self, sql: str, parameters: Any = ()) -> None:
        self._recording.note(sql, parameters)
        self._cursor.execute(sql, parameters)

    def executemany(self, sql: str, rows: Sequence[Any]) -> None:
        for parameters in rows:
            self.execute(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def record(
    connection: Connection, work: Work, now: datetime, *, keep: bool = False, settled: Settled | None = None
) -> Script:
    """What `work` executes; nothing of it stays, unless it is to be kept. `settled`: what is known from earlier ones."""
    driver: Any = connection.connection
    if connection.dialect.name == "sqlite":
        driver.cursor().execute("BEGIN IMMEDIATE")
    recording = _Recording(connection)
    uow = UnitOfWork(connection, now, settled)
    uow._cursor = recording.cursor()
    try:
        work(uow)
        if keep:
            driver.commit()
    finally:
        driver.rollback()
    return recording.script


def replay(cursor: Any, script: Script) -> None:
    """One command, within the transaction that the caller has begun; rows are fetched and become nothing."""
    notification_id = -1
    for step in script:
        cursor.execute(step.sql, step.filled(notification_id))
        if step.makes_notification:
            notification_id = cursor.fetchone()[0] if cursor.description else cursor.lastrowid
        elif cursor.description:
            cursor.fetchall()


def replay_writes(cursor: Any, scripts: Sequence[Script]) -> None:
    """What many alike commands write, one executemany per statement, as a sweep written by hand would do it."""
    written = [-1] * len(scripts)
    for steps in zip(*([step for step in script if step.writes] for script in scripts), strict=True):
        sql, makes = steps[0].sql.partition(" RETURNING ")[0], steps[0].makes_notification
        if makes:
            last = cursor.execute("SELECT coalesce(max(id), 0) FROM notifications").fetchone()[0]
        cursor.executemany(sql, [step.filled(one) for step, one in zip(steps, written, strict=True)])
        if makes:
            written = [last + number for number in range(1, len(scripts) + 1)]
