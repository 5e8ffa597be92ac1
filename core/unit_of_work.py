"""A unit of work: one transaction's view of the data, who acts, and what time it is. The only file that commits."""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import OperationalError
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from core.actor import SYSTEM, Actor
from core.compiled import Compiled
from core.errors import DomainError
from core.settled import Settled
from core.statements import Reader

T = TypeVar("T")


Memory = dict[tuple[Any, ...], Any]
ALL, FIRST = 0, 1
MEMORY = 64
"""Reads a unit of work remembers: enough for any command, and no burden for a run over thousands of rows."""


class UnitOfWork(Reader):
    """`now` is one moment for the whole unit. `announce` names what to wake after the commit (for example a lane).

    What was read once is not read again until one of its tables is written: a command, its event, its card and its answer
    ask for the same few rows. `settled`: what is known from earlier units of work (core/settled.py).
    """

    def __init__(self, connection: Connection, now: datetime, settled: Settled | None = None) -> None:
        super().__init__(connection)
        self._settled = settled
        self._read: dict[Compiled[Any], Memory] = {}
        self._ahead: dict[Compiled[Any], dict[Any, list[Any]]] = {}
        self._readers: dict[str, set[Compiled[Any]]] = {}  # table -> what was read of it, and maybe forgotten since
        self._remembered = 0
        self.now = now
        self.actor: Actor = SYSTEM
        self.topics: set[str] = set()

    @property
    def connection(self) -> Connection:
        """Whoever uses it goes around what is remembered."""
        if self._settled is not None:
            self._settled.clear()
        return self._connection

    def announce(self, topic: str) -> None:
        self.topics.add(topic)

    def begin_again(self) -> None:
        """Everything it wrote was undone."""
        self.actor = SYSTEM
        self.topics.clear()
        self._ahead.clear()
        self._forget_old()
        if self._settled is not None:
            self._settled.clear()

    def remember(self, read: Compiled[Any], found: Iterable[tuple[Any, list[Any]]]) -> None:
        """What this read finds, as known from elsewhere (core/reading_ahead.py), until one of its tables is written."""
        self._watch(read)
        self._ahead.setdefault(read, {}).update((_asked(read, parameters), rows) for parameters, rows in found)

    def derive(self, make: Callable[..., T], *of: Hashable) -> T:
        settled = self._settled
        if settled is None:
            return make(self, *of)
        return settled.derived((make, *of), lambda: make(_SettledOnly(self._connection, settled), *of))

    def _all(self, compiled: Compiled[T], parameters: Any) -> list[T]:
        if compiled.writes:
            self._writing(compiled)
            return super()._all(compiled, parameters)
        if self._ahead and (ahead := self._known_ahead(compiled, parameters)) is not None:
            return list(ahead)
        memory, key = self._read.get(compiled), (ALL, _asked(compiled, parameters))
        if memory is not None and key in memory:
            return list(memory[key])
        found = [compiled.row(row) for row in self._rows(compiled, parameters)]
        self._keep(compiled, key, found)
        return list(found)

    def _first(self, compiled: Compiled[T], parameters: Any) -> T | None:
        if compiled.writes:
            self._writing(compiled)
            return super()._first(compiled, parameters)
        if self._ahead and (ahead := self._known_ahead(compiled, parameters)) is not None:
            return ahead[0] if ahead else None
        memory, key = self._read.get(compiled), (FIRST, _asked(compiled, parameters))
        if memory is not None and key in memory:
            known: T | None = memory[key]
            return known
        if compiled.is_settled and self._settled is not None:
            rows = self._rows(compiled, parameters)
            found = compiled.row(rows[0]) if rows else None
        else:
            found = super()._first(compiled, parameters)
        self._keep(compiled, key, found)
        return found

    def _known_ahead(self, read: Compiled[T], parameters: Any) -> list[T] | None:
        found = self._ahead.get(read)
        return None if found is None else found.get(_asked(read, parameters))

    def _rows(self, read: Compiled[Any], parameters: Any) -> Sequence[Any]:
        """As the driver gives them."""
        if self._settled is not None and read.is_settled:
            return self._settled.rows(read, parameters, self._cursor)
        self._cursor.execute(read.sql, parameters)
        rows: Sequence[Any] = self._cursor.fetchall()
        return rows

    def _keep(self, read: Compiled[Any], key: tuple[Any, ...], found: Any) -> None:
        if self._remembered >= MEMORY:
            self._forget_old()
        memory = self._read.get(read)
        if memory is None:
            memory = self._begin_memory(read)
        memory[key] = found
        self._remembered += 1

    def _begin_memory(self, read: Compiled[Any]) -> Memory:
        self._watch(read)
        memory = self._read[read] = {}
        return memory

    def _watch(self, read: Compiled[Any]) -> None:
        for table in read.tables:
            self._readers.setdefault(table, set()).add(read)

    def _writing(self, write: Compiled[Any]) -> None:
        if write.is_settled and self._settled is not None:
            self._settled.forget(write)
        if readers := self._readers.get(write.writes):
            for read in readers - write.unseen_by:
                readers.discard(read)
                self._remembered -= len(self._read.pop(read, ()))
                self._ahead.pop(read, None)

    def _forget_old(self) -> None:
        self._read.clear()
        self._remembered = 0


class _SettledOnly(Reader):
    """Finds nothing in tables that change with every command: what is derived from them would be remembered for too long."""

    def __init__(self, connection: Connection, settled: Settled) -> None:
        super().__init__(connection)
        self._settled = settled

    def _all(self, compiled: Compiled[T], parameters: Any) -> list[T]:
        if not compiled.is_settled:
            raise LookupError(f"what is derived may not depend on this: {compiled.sql}")
        return [compiled.row(row) for row in self._settled.rows_to_derive_from(compiled, parameters, self._cursor)]

    def _first(self, compiled: Compiled[T], parameters: Any) -> T | None:
        found = self._all(compiled, parameters)
        return found[0] if found else None


def _asked(read: Compiled[Any], parameters: Any) -> Any:
    return parameters if read.order is not None else tuple(parameters.values())


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


def run_together(
    connection: Connection, jobs: Iterable[Job[Any]], now: Callable[[], datetime], settled: Settled
) -> bool:
    """SQLite: all jobs in one transaction (one fsync). False: it did not work out, and nothing of any job has happened."""
    driver: Any = connection.connection
    cursor = driver.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        settled.check(cursor)
        for job in jobs:
            uow = UnitOfWork(connection, now(), settled)
            job.result = job.work(uow)
            job.topics = uow.topics
            _must_be_open(driver)
        cursor.execute("COMMIT")
    except Exception:  # noqa: BLE001 - they are run again one by one: whose it is gets it then
        _undo(driver)
        settled.clear()
        return False
    return True


def run_one_by_one(
    connection: Connection, jobs: Iterable[Job[Any]], now: Callable[[], datetime], settled: Settled
) -> bool:
    """SQLite: every job in a savepoint of its own, one commit for all. A failing job undoes only itself. False: one did.

    Raises the driver's error when the transaction itself is lost; then nothing of any job has happened.
    """
    driver: Any = connection.connection
    cursor = driver.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        settled.check(cursor)
        smooth = [_run_in_savepoint(cursor, UnitOfWork(connection, now(), settled), job) for job in jobs]
        cursor.execute("COMMIT")
    except BaseException:
        _undo(driver)
        settled.clear()
        raise
    return all(smooth)


def _run_in_savepoint(cursor: Any, uow: UnitOfWork, job: Job[Any]) -> bool:
    """False: it raised."""
    cursor.execute("SAVEPOINT unit")
    job.topics, smooth = set(), True

    def undo() -> None:
        nonlocal smooth
        smooth = False
        cursor.execute("ROLLBACK TO unit")  # fails when the whole transaction is gone, and then the batch fails
        uow.begin_again()

    try:
        job.attempt(uow, undo)
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
