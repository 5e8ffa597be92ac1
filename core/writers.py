"""The threads that write. One for SQLite, which commits everything waiting together; several for PostgreSQL, one unit each."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.clock import Clock
from core.errors import DomainError, Unavailable
from core.in_sets import Do, Part, in_sets, part_of
from core.settled import Settled
from core.unit_of_work import Job, UnitOfWork, run_alone, run_one_by_one, run_together

T = TypeVar("T")
Committed = Callable[[frozenset[str]], None]

BATCH = 64
QUEUE_LIMIT = 10_000
ATTEMPTS = 3


class Writers:
    """Common to both: a future per job, completed in the caller's loop, and the news of what was committed."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.committed: list[Committed] = []

    async def submit(
        self, work: Callable[[UnitOfWork], T], refused: Callable[[UnitOfWork, DomainError], T] | None
    ) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.enqueue(Job(work, refused, future))
        return await future

    async def submit_part(self, do: Do, things: Sequence[Any]) -> None:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.enqueue(part_of(do, things, future))
        await future

    def answer(self, jobs: Iterable[Job[Any]]) -> None:
        """Called on a writer thread. One wake-up for all callers of a loop: each costs both threads more than a statement."""
        callers: dict[asyncio.AbstractEventLoop, list[Job[Any]]] = {}
        for job in jobs:
            callers.setdefault(job.asked_by.get_loop(), []).append(job)
        for loop, theirs in callers.items():
            loop.call_soon_threadsafe(self._finish, theirs)

    def _finish(self, jobs: list[Job[Any]]) -> None:
        topics: set[str] = set()
        for job in jobs:
            if job.error is None:
                topics |= job.topics
            if job.asked_by.done():
                continue
            if job.error is not None:
                job.asked_by.set_exception(job.error)
            else:
                job.asked_by.set_result(job.result)
        if topics:
            for tell in self.committed:
                tell(frozenset(topics))

    def enqueue(self, job: Job[Any]) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class SqliteWriter(Writers):
    """Group commit: all that waits (at most BATCH) shares one fsync, so durability costs little under load."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__(engine, clock)
        self._jobs: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._settled = Settled()
        self._stopped = False
        self._smooth = True  # nobody of the last batch was refused: then savepoints are likely to be for nothing
        self._thread = threading.Thread(target=self._work, name="callboard-writer", daemon=True)
        self._thread.start()

    def enqueue(self, job: Job[Any]) -> None:
        if self._jobs.qsize() >= QUEUE_LIMIT:
            raise Unavailable("too much is waiting to be written")
        self._jobs.put(job)

    def _work(self) -> None:
        while not self._stopped and (first := self._jobs.get()) is not None:
            jobs = [first]
            self._commit(jobs)
            self.answer(jobs)

    def _arriving(self, jobs: list[Job[Any]]) -> Iterator[Job[Any]]:
        """Those that are there, and then those that come while they are run: whoever is in time shares the commit."""
        yield from jobs
        while len(jobs) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is None:
                self._stopped = True
                return
            jobs.append(job)
            yield job

    def _commit(self, jobs: list[Job[Any]]) -> None:
        """They and all that come in the meantime, which are added to `jobs`."""
        try:
            self._connection = self._connection or self.engine.connect()
            how = self.clock.now, self._settled
            if not (self._smooth and run_together(self._connection, in_sets(self._arriving(jobs)), *how)):
                self._smooth = run_one_by_one(self._connection, in_sets(self._arriving(jobs)), *how)
        except (sqlite3.Error, DBAPIError) as error:  # SQLAlchemy's own while connecting: the file may be no database
            self._disconnect()
            for job in jobs:
                job.error = _unavailable(error)
        for job in jobs:
            if isinstance(job.error, sqlite3.Error) and _is_storage(job.error):
                job.error = _unavailable(job.error)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
            self._settled = Settled()

    async def close(self) -> None:
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self._jobs.put(None)
        self._thread.join()
        self._disconnect()


class PostgresWriters(Writers):
    """The server shares its fsync between transactions by itself; a savepoint would cost two round trips."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__(engine, clock)
        self._threads = ThreadPoolExecutor(max_workers=engine.pool.size(), thread_name_prefix="callboard-writer")  # type: ignore[attr-defined]
        self._parts: list[Part] = []
        self._does_parts = False  # one thread: what comes meanwhile is its next set
        self._lock = threading.Lock()

    def enqueue(self, job: Job[Any]) -> None:
        if not isinstance(job, Part):
            self._threads.submit(self._run, job)
            return
        with self._lock:
            self._parts.append(job)
            if self._does_parts:
                return
            self._does_parts = True
        self._threads.submit(self._run_parts)

    def _run_parts(self) -> None:
        while parts := self._take_parts():
            for job in in_sets(parts):
                job.error = self._try(job)
            self.answer(parts)

    def _take_parts(self) -> list[Part]:
        with self._lock:
            taken, self._parts = self._parts[:BATCH], self._parts[BATCH:]
            self._does_parts = bool(taken)
            return taken

    def _run(self, job: Job[Any]) -> None:
        job.error = self._try(job)
        self.answer((job,))

    def _try(self, job: Job[Any]) -> BaseException | None:
        for _ in range(ATTEMPTS):
            job.error, job.topics = None, set()
            try:
                with self.engine.connect() as connection:
                    run_alone(connection, job, self.clock.now)
            except (DeadlockDetected, SerializationFailure) as error:
                last: BaseException = _unavailable(error)
            except UniqueViolation as error:  # somebody else was first with the same row: the next try sees it
                last = error
            except (psycopg.OperationalError, OperationalError, InterfaceError) as error:
                self.engine.dispose()  # the server went away: the pooled connections are stale, too
                return _unavailable(error)
            except Exception as error:  # noqa: BLE001 - handed to the caller
                return error
            else:
                return job.error
        return last

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)


def _is_storage(error: sqlite3.Error) -> bool:
    """Busy, full, read-only, broken file; not a wrong statement (SQLITE_ERROR) or a violated constraint."""
    primary = (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR) & 0xFF
    return primary not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE)


def _unavailable(error: BaseException) -> Unavailable:
    unavailable = Unavailable(f"{type(error).__name__}: {error}")
    unavailable.__cause__ = error
    return unavailable
