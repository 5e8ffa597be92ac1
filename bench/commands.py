"""Durable commands on SQLite (synchronous=FULL) against the same statements by hand, one transaction each."""

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import uvloop

from bench.by_hand import Script, replay
from bench.claims import claim_all, claim_work, scripts_of
from bench.rounds import Line, Round, absolute, compared, slower, take_turns
from bench.world import Company, added, copy_sqlite, count_rows, fill
from bot.serve import keep_still
from core.clock import Clock
from core.database import SQLITE_PRAGMAS, Database

ROUNDS = 6
PER_ROUND = 800


def measure(folder: Path) -> Iterator[Line]:
    """Two sides, each with a copy of the same database and the same escalations to claim."""
    source = folder / "filled.db"
    company = uvloop.run(fill(f"sqlite:///{source}", (ROUNDS + 1) * PER_ROUND))
    for in_flight in (32, 1):
        scripts = scripts_of(copy_sqlite(source, folder / "recorded.db"), company, company.escalations)
        ours = Ours(copy_sqlite(source, folder / f"ours{in_flight}.db"), company, in_flight)
        hand = ByHand(copy_sqlite(source, folder / f"hand{in_flight}.db"), scripts, in_flight)
        keep_still()  # as the program does; all these scripts would be looked through again and again
        turns = take_turns(ours.round, hand.round, ROUNDS)
        ours.close()
        hand.close()
        if in_flight == 1:
            yield slower("SQLite commands, 1 in flight: p50", turns, 2.5)
        else:
            yield compared(f"SQLite commands, {in_flight} in flight", turns, "/s", 2.0)
            p99 = quantiles(ours.took, n=100)[98]
            yield absolute(f"SQLite commands, {in_flight} in flight: p99", p99 * 1000, "ms", 15)


def slice_of(number: int) -> slice:
    return slice(number * PER_ROUND, (number + 1) * PER_ROUND)


def typical(took: list[float]) -> float:
    """Seconds for all of them, had each taken the median time (p50)."""
    return median(took) * len(took)


@dataclass
class Ours:
    url: str
    company: Company
    in_flight: int
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._database = Database(self.url, Clock())

    def round(self, number: int) -> Round:
        works = [claim_work(self.company, one) for one in self.company.escalations[slice_of(number)]]
        before = count_rows(self._database.engine)
        begun = perf_counter()
        took = self._runner.run(claim_all(self._database, works, self.in_flight))
        seconds = perf_counter() - begun
        self.took += took if number else []
        rows = added(count_rows(self._database.engine), before)
        return Round(len(works), typical(took) if self.in_flight == 1 else seconds, rows)

    def close(self) -> None:
        self._runner.run(self._database.close())
        self._runner.close()


class ByHand:
    """One command after the other, each a transaction, whatever number of callers the other side has."""

    def __init__(self, url: str, scripts: list[Script], in_flight: int) -> None:
        self._scripts, self._in_flight = scripts, in_flight
        self._database = Database(url, Clock())  # only to count with
        self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in SQLITE_PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")

    def round(self, number: int) -> Round:
        scripts = self._scripts[slice_of(number)]
        before = count_rows(self._database.engine)
        cursor, took = self._connection.cursor(), []
        for script in scripts:
            begun = perf_counter()
            cursor.execute("BEGIN IMMEDIATE")
            replay(cursor, script)
            cursor.execute("COMMIT")
            took.append(perf_counter() - begun)
        rows = added(count_rows(self._database.engine), before)
        return Round(len(scripts), typical(took) if self._in_flight == 1 else sum(took), rows)

    def close(self) -> None:
        self._connection.close()
        asyncio.run(self._database.close())
