"""The dispatcher on PostgreSQL against a general job queue on PostgreSQL: procrastinate, ten jobs at a time, each doing nothing.

What differs is what the two are for: the queue asks the database for one job after the other, the dispatcher for a hundred
messages at once. Ours also renders every message.
"""

import asyncio
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
import uvloop

from bench import dispatching
from bench.postgres import a_database, server
from bench.rounds import Line, Round, compared, take_turns

ROUNDS = 3
PER_ROUND = dispatching.PER_ROUND
JOBS_PER_ROUND = 500
CONCURRENCY = 10
ADVANTAGE = 15.0


def measure(folder: Path) -> Iterator[Line]:
    with server(folder) as url:
        filled = a_database(url, "filled", "template0")
        uvloop.run(dispatching.fill_with_answers(filled, (ROUNDS + 1) * PER_ROUND))
        ours = dispatching.Ours(filled)
        theirs = Procrastinate(a_database(url, "jobs", "template0"))
        turns = take_turns(lambda number: _done(ours.round(number)), theirs.round, ROUNDS)
        ours.close()
        theirs.close()
    yield compared(f"PostgreSQL dispatcher (procrastinate, concurrency {CONCURRENCY})", turns, "/s", ADVANTAGE)


def _done(one: Round) -> Round:
    """Each side has its own tables; that everything was done is what they have in common."""
    assert one.rows["attempts"] == one.work
    return Round(one.work, one.seconds, {"left": 0})


class Procrastinate:
    """As documented for speed: no notifications, finished jobs deleted."""

    def __init__(self, url: str) -> None:
        self._url, self._done = url, 0
        library: Any = import_module("procrastinate")
        self._app = library.App(connector=library.PsycopgConnector(conninfo=url))
        self._job = self._app.task(name="nothing")(self._nothing)
        self._runner = asyncio.Runner()
        self._runner.run(self._begin())

    async def _nothing(self, number: int) -> None:
        self._done += 1

    async def _begin(self) -> None:
        await self._app.open_async()
        await self._app.schema_manager.apply_schema_async()

    def round(self, number: int) -> Round:
        self._done = 0
        self._runner.run(self._job.batch_defer_async(*[{"number": one} for one in range(JOBS_PER_ROUND)]))
        begun = perf_counter()
        self._runner.run(self._work())
        seconds = perf_counter() - begun
        assert self._done == JOBS_PER_ROUND
        return Round(self._done, seconds, {"left": self._left()})

    async def _work(self) -> None:
        await self._app.run_worker_async(
            concurrency=CONCURRENCY,
            wait=False,
            listen_notify=False,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    def _left(self) -> int:
        with psycopg.connect(self._url) as connection:
            row = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        self._runner.run(self._app.close_async())
        self._runner.close()
