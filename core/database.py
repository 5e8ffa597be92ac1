"""Where the data lives: engines for writing (threads, synchronous driver) and for reading (asyncio), and how SQLite is opened."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.clock import Clock
from core.errors import DomainError, Unavailable
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from core.writers import PostgresWriters, SqliteWriter, Writers

T = TypeVar("T")

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "cache_size=-24000",  # 24 MB: no sweep grows by more than 32, and this is most of it
)
FEW_PAGES = -4000
"""4 MB (sqlite.org/pragma.html#pragma_cache_size)."""
POSTGRES_WRITERS = 8
sqlite3.register_adapter(type(None), cast(Any, {}.get))
"""None -> None. Without an adapter the driver asks every None that is bound whether it can adapt itself, which takes four times as
long; an audit row has a dozen of them."""
STORAGE_ERRORS = (
    sqlite3.OperationalError,
    sqlite3.DatabaseError,
    psycopg.OperationalError,
    OperationalError,
    NoConnectionFree,
)


def engine_urls(url: str) -> tuple[URL, URL]:
    """The synchronous and the asynchronous form of a user's DATABASE_URL (`sqlite:///path`, `postgresql://...`)."""
    plain = make_url(url)
    if plain.get_backend_name() == "sqlite":
        if plain.database and plain.database != ":memory:":
            Path(plain.database).parent.mkdir(parents=True, exist_ok=True)
        return plain.set(drivername="sqlite+pysqlite"), plain.set(drivername="sqlite+aiosqlite")
    return plain.set(drivername="postgresql+psycopg"), plain.set(drivername="postgresql+psycopg")


def _open_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _postgres(url: URL) -> dict[str, str]:
    """Of a connection. What is read is in memory or on a solid-state disk (decision 0078); what the URL says counts more
    (postgresql.org/docs/current/runtime-config-query.html, libpq-connect.html, `options`)."""
    return {"options": f"-c random_page_cost=1.1 {url.query.get('options', '')}"}


def write_engine(url: str) -> Engine:
    """SQLite connections begin nothing by themselves: the default loses updates without an error (decision 0003)."""
    sync_url, _ = engine_urls(url)
    if sync_url.get_backend_name() == "sqlite":
        arguments = {"isolation_level": None, "check_same_thread": False}
        engine = create_engine(sync_url, connect_args=arguments, pool_size=2, max_overflow=0)
        event.listen(engine, "connect", _open_sqlite)
        return engine
    fits = {"pool_size": POSTGRES_WRITERS, "max_overflow": 4, "pool_use_lifo": True}  # the last one knows its plans
    return create_engine(sync_url, connect_args=_postgres(sync_url), **fits)


def read_engine(url: str) -> AsyncEngine:
    _, async_url = engine_urls(url)
    if async_url.get_backend_name() == "sqlite":
        engine = create_async_engine(async_url, connect_args={"isolation_level": None}, pool_size=4)
        event.listen(engine.sync_engine, "connect", _open_sqlite)
        return engine
    fits = {"pool_size": 4, "pool_pre_ping": True, "isolation_level": "AUTOCOMMIT"}
    return create_async_engine(async_url, connect_args=_postgres(async_url), **fits)


class Database:
    """`write` runs a unit of work in a transaction, `read` a query function. Both raise Unavailable when the storage cannot."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.engine = write_engine(url)
        self._reads = read_engine(url)
        kind: type[Writers] = SqliteWriter if self.engine.dialect.name == "sqlite" else PostgresWriters
        self._writers = kind(self.engine, clock)

    @property
    def committed(self) -> list[Callable[[frozenset[str]], None]]:
        """Called in the event loop after each commit with the topics that units of work announced (`uow.announce`)."""
        return self._writers.committed

    async def write(
        self, work: Callable[[UnitOfWork], T], *, refused: Callable[[UnitOfWork, DomainError], T] | None = None
    ) -> T:
        """Run `work` and return its result after the commit.

        `work` may be run again from its start, so it must have no effect but through its transaction. When it raises a
        DomainError everything it did is undone; `refused`, if given, then records the refusal and its result is returned.

        Raises: what `work` raises; Unavailable when nothing could be stored.
        """
        return await self._writers.submit(work, refused)

    async def write_in_sets(self, do: Callable[[UnitOfWork, list[T]], object], things: Sequence[T]) -> None:
        """As `write`, for what can be done for many callers at once: do(uow, things) gets those of all who wait at the same moment
        with the same `do`, as one unit of work. When that raises, each caller's are done alone, and raise alone."""
        await self._writers.submit_part(do, things)

    async def read(self, query: Callable[[Reader], T]) -> T:
        try:
            async with self._reads.connect() as connection:
                return await connection.run_sync(lambda sync: query(Reader(sync)))
        except STORAGE_ERRORS as error:
            raise Unavailable(str(error)) from error
        except DBAPIError as error:  # how SQLAlchemy says that it could not connect
            if isinstance(error.orig, STORAGE_ERRORS):
                raise Unavailable(str(error.orig)) from error
            raise

    async def read_through(self, query: Callable[[Reader], T]) -> T:
        """As `read`, for what goes through whole tables and does not come back to a page: SQLite keeps few of them meanwhile."""
        return await self.read(lambda reader: _frugally(reader, query))

    async def close(self) -> None:
        await self._writers.close()
        await self._reads.dispose()
        self.engine.dispose()


def _frugally(reader: Reader, query: Callable[[Reader], T]) -> T:
    if reader.dialect.name != "sqlite":
        return query(reader)
    usual = reader.connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    reader.connection.exec_driver_sql(f"PRAGMA cache_size={FEW_PAGES}")
    try:
        return query(reader)
    finally:
        reader.connection.exec_driver_sql(f"PRAGMA cache_size={usual}")
