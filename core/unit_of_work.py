"""A unit of work: one transaction's view of the data, who acts, and what time it is. The only file that commits."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import OperationalError
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from core.actor import SYSTEM, Actor
from core.compiled import Compiled
from core.errors import DomainError
from core.statements import NewRow, Reader, Statement

T = TypeVar("T")


MEMORY = 64
"""Reads a unit of work remembers: enough for any command, and no burden for a run over thousands of rows."""


class UnitOfWork(Reader):
    """`now` is one moment for the whole unit. `announce` names what to wake after the commit (for example a lane).

    What was read once is not read again until one of its tables is written: a command, its event, its card and its answer
    ask for the same few rows.
    """

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self._read: dict[Compiled[Any], dict[tuple[Any, ...], Any]] = {}
        self._ahead: dict[Compiled[Any], dict[tuple[Any, ...], Any]] = {}
        self._remembered = 0
        self.now = now
        self.actor: Actor = SYSTEM
        self.topics: set[str] = set()

    def announce(self, topic: str) -> None:
        self.topics.add(topic)

    def begin_again(self) -> None:
        """Everything it wrote was undone."""
        self.actor = SYSTEM
        self.topics.clear()
        self._ahead.clear()
        self._forget_old()

    def remember(self, read: Compiled[Any], parameters: Any, rows: list[Any]) -> None:
        """What this read finds, as known from elsewhere (core/reading_ahead.py), until one of its tables is written."""
        for wanted, found in (("all", rows), ("first", rows[0] if rows else None)):
            key = _key(read, wanted, parameters)
            self._ahead.setdefault(read, {})[key] = found
            self._read.setdefault(read, {})[key] = found

    def run(self, statement: Statement[Any], **values: Any) -> int:
        compiled = statement.compiled(self.dialect)
        self._forget(compiled)
        return self._run(compiled, compiled.parameters(values))

    def insert(self, new: NewRow, **values: Any) -> int | None:
        self._forget(new.compiled(self.dialect))
        return super().insert(new, **values)

    def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        self._forget(statement.compiled(self.dialect))
        super().run_many(statement, rows)

    def _all(self, compiled: Compiled[T], parameters: Any) -> list[T]:
        return list(self._once(super()._all, "all", compiled, parameters))

    def _first(self, compiled: Compiled[T], parameters: Any) -> T | None:
        found: T | None = self._once(super()._first, "first", compiled, parameters)
        return found

    def _once(self, read: Callable[..., Any], wanted: str, compiled: Compiled[Any], parameters: Any) -> Any:
        if compiled.writes:
            self._forget(compiled)
            return read(compiled, parameters)
        key = _key(compiled, wanted, parameters)
        known = self._read.get(compiled)
        if known is not None and key in known:
            return known[key]
        if self._remembered >= MEMORY:
            self._forget_old()
        found = read(compiled, parameters)
        self._read.setdefault(compiled, {})[key] = found
        self._remembered += 1
        return found

    def _forget(self, write: Compiled[Any]) -> None:
        table = write.writes
        for read in [one for one in self._read if table in one.tables and one not in write.unseen_by]:
            self._remembered -= len(self._read.pop(read)) - len(self._ahead.pop(read, ()))

    def _forget_old(self) -> None:
        self._read = {read: dict(found) for read, found in self._ahead.items()}
        self._remembered = 0


def _key(read: Compiled[Any], wanted: str, parameters: Any) -> tuple[Any, ...]:
    return (wanted, *(parameters if read.order is not None else parameters.values()))


@dataclass(slots=True)
class Job(Generic[T]):
    """A unit of work on its way through a writer: what to run, and how it ended."""

    work: Callable[[UnitOfWork], T]
    refused: Callable[[UnitOfWork, DomainError], T] | None
    asked_by: "asyncio.Future[T]"
    result: T | None = None
    error: BaseException | None = None
    topics: set[str] = field(default_factory=set)

    def attempt(self, uow: UnitOfWork, undo: Callable[[], None]) -> None:
        """Run the work; a DomainError is undone and then recorded by `refused`. Other errors are left in `error`, undone."""
        try:
            self.result = self.work(uow)
        except DomainError as refusal:
            undo()
            uow.begin_again()
            if self.refused is None:
                self.error = refusal
                return
            self.result = self.refused(uow, refusal)
        self.topics |= uow.topics


def run_together(connection: Connection, jobs: Iterable[Job[Any]], now: Callable[[], datetime]) -> bool:
    """SQLite: all jobs in one transaction (one fsync). False: it did not work out, and nothing of any job has happened."""
    driver: Any = connection.connection
    cursor = driver.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        for job in jobs:
            uow = UnitOfWork(connection, now())
            job.result = job.work(uow)
            job.topics = uow.topics
            _must_be_open(driver)
        cursor.execute("COMMIT")
    except Exception:  # noqa: BLE001 - they are run again one by one: whose it is gets it then
        _undo(driver)
        return False
    return True


def run_one_by_one(connection: Connection, jobs: Iterable[Job[Any]], now: Callable[[], datetime]) -> bool:
    """SQLite: every job in a savepoint of its own, one commit for all. A failing job undoes only itself. False: one did.

    Raises the driver's error when the transaction itself is lost; then nothing of any job has happened.
    """
    driver: Any = connection.connection
    cursor = driver.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        smooth = [_run_in_savepoint(cursor, connection, job, now()) for job in jobs]
        cursor.execute("COMMIT")
    except BaseException:
        _undo(driver)
        raise
    return all(smooth)


def _run_in_savepoint(cursor: Any, connection: Connection, job: Job[Any], now: datetime) -> bool:
    """False: it raised."""
    cursor.execute("SAVEPOINT unit")
    job.topics, smooth = set(), True

    def undo() -> None:
        nonlocal smooth
        smooth = False
        cursor.execute("ROLLBACK TO unit")  # fails when the whole transaction is gone, and then the batch fails

    try:
        job.attempt(UnitOfWork(connection, now), undo)
    except Exception as error:  # noqa: BLE001 - handed to the caller of this job; the others of the batch go on
        undo()
        job.error = error
    cursor.execute("RELEASE unit")
    return smooth


def _must_be_open(driver: Any) -> None:
    """SQLite itself undoes a transaction when the disk is full; what came after would be stored at once."""
    if not driver.dbapi_connection.in_transaction:
        raise OperationalError("the transaction was lost")


def _undo(driver: Any) -> None:
    if driver.dbapi_connection.in_transaction:
        driver.rollback()


def run_alone(connection: Connection, job: Job[Any], now: Callable[[], datetime]) -> None:
    """PostgreSQL: one job, one transaction. A refused job rolls back, and its refusal is a transaction of its own."""
    driver: Any = connection.connection
    try:
        job.attempt(UnitOfWork(connection, now()), driver.rollback)
        driver.commit()
    except BaseException:
        driver.rollback()
        raise
