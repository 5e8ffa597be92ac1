"""A million running climbs of which few are due: finding those and taking their steps, against the same by hand."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import uvloop

from bench.by_hand import Script, record, replay_writes
from bench.rounds import Line, Round, absolute, compared, slower, take_turns
from bench.world import Company, added, copy_sqlite, count_rows, fill
from core.clock import Clock, wall_time
from core.database import SQLITE_PRAGMAS, Database
from core.escalations.commands import ClimbEscalation
from core.executor import execute
from core.policies.climbing import DUE, list_due, take_step
from core.policies.tables import DueClimb
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due

ROWS = 1_000_000
ROUNDS = 4
PER_ROUND = 400
FOUND = 1000
QUERIES = 20

MANY = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO climbs (client_id, subject_kind, subject_id, purpose, steps, position, started_at, due_at, state)
SELECT client_id, subject_kind, 1000000 + n.i, purpose, steps, position, started_at, ?, state
FROM n, (SELECT * FROM climbs LIMIT 1)
"""
SET_DUE = "UPDATE climbs SET due_at = ? WHERE subject_id BETWEEN ? AND ? AND purpose = 'response'"


def measure(folder: Path) -> Iterator[Line]:
    source = folder / "filled.db"
    company = uvloop.run(fill(f"sqlite:///{source}", (ROUNDS + 1) * PER_ROUND))
    with closing(connect(source)) as connection:
        connection.execute(MANY, (ROWS, moment(days=365)))
        set_due(connection, company.escalations, minutes=-1)
    yield due_query(source)
    scripts = scripts_of(copy_sqlite(source, folder / "recorded.db"), company)
    (folder / "recorded.db").unlink()
    with closing(connect(source)) as connection:
        set_due(connection, company.escalations, days=365)
    hand = ByHand(folder / "hand.db", copy_sqlite(source, folder / "hand.db"), scripts)
    ours = Ours(source, f"sqlite:///{source}", company)
    turns = take_turns(ours.round, hand.round, ROUNDS)
    ours.close()
    hand.close()
    yield compared(f"climb of {PER_ROUND} due of {ROWS:,} (executemany by hand)", turns, "/s", 0.4)
    yield absolute("memory growth of that sweep", ours.grown / 2**20, "MB", 32)


def moment(**ahead: int) -> str:
    return (wall_time() + timedelta(**ahead)).isoformat(timespec="microseconds")


def set_due(connection: sqlite3.Connection, escalations: Sequence[int], **ahead: int) -> None:
    connection.execute(SET_DUE, (moment(**ahead), min(escalations), max(escalations)))


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def due_query(path: Path) -> Line:
    """As the sweep asks it: through the reading connections."""
    database = Database(f"sqlite:///{path}", Clock())
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with closing(connect(path)) as connection:

        async def ask() -> int:
            now = wall_time()
            return sum([len(await database.read(lambda reader: list_due(reader, now, FOUND))) for _ in range(QUERIES)])

        def ours(_: int) -> Round:
            begun = perf_counter()
            found = runner.run(ask())
            return Round(QUERIES, perf_counter() - begun, {"found": found})

        def raw(_: int) -> Round:
            compiled = DUE.compiled(database.engine.dialect)
            parameters = compiled.parameters({"now": wall_time(), "limit": FOUND})
            begun = perf_counter()
            found = sum([len(connection.execute(compiled.sql, parameters).fetchall()) for _ in range(QUERIES)])
            return Round(QUERIES, perf_counter() - begun, {"found": found})

        turns = take_turns(ours, raw, ROUNDS)
    runner.run(database.close())
    runner.close()
    return slower(f"{FOUND:,} due of {ROWS:,} found", turns, 3)


def scripts_of(url: str, company: Company) -> list[Script]:
    database = Database(url, Clock())
    with database.engine.connect() as connection:
        uow = UnitOfWork(connection, wall_time())
        due = {climb.subject_id: climb for climb in list_due(uow, wall_time(), len(company.escalations))}
        scripts = [record(connection, partial(_step, due[one]), uow.now) for one in company.escalations]
    asyncio.run(database.close())
    return scripts


def _step(climb: DueClimb, uow: UnitOfWork) -> None:
    step = take_step(uow, climb)
    assert step is not None
    execute(ClimbEscalation(climb.subject_id, step.tell, step.act), uow)


class Ours:
    """`grown`: bytes of memory at the highest point of the counted rounds over what there was before them."""

    def __init__(self, path: Path, url: str, company: Company) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._database, self._company, self._path = Database(url, Clock()), company, path
        self._memory = Memory()

    @property
    def grown(self) -> int:
        return self._memory.most - self._memory.least

    def round(self, number: int) -> Round:
        ids = self._company.escalations[number * PER_ROUND : (number + 1) * PER_ROUND]
        with closing(connect(self._path)) as connection:
            set_due(connection, ids, minutes=-1)
        before = count_rows(self._database.engine)
        self._memory.begin(counts=number > 0)
        begun = perf_counter()
        taken = self._runner.run(climb_due(self._database))
        seconds = perf_counter() - begun
        self._memory.end()
        return Round(taken, seconds, added(count_rows(self._database.engine), before))

    def close(self) -> None:
        self._runner.run(self._database.close())
        self._runner.close()


class Memory:
    """This process's resident bytes, looked at every few milliseconds."""

    def __init__(self) -> None:
        self.least, self.most = 2**62, 0
        self._over = threading.Event()
        self._thread = threading.Thread()

    def begin(self, *, counts: bool) -> None:
        if counts:
            self.least = min(self.least, resident())
            self._over.clear()
            self._thread = threading.Thread(target=self._watch)
            self._thread.start()

    def end(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, resident())


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class ByHand:
    def __init__(self, path: Path, url: str, scripts: list[Script]) -> None:
        self._connection, self._scripts = connect(path), scripts
        self._database = Database(url, Clock())  # only to count with

    def round(self, number: int) -> Round:
        scripts = self._scripts[number * PER_ROUND : (number + 1) * PER_ROUND]
        before = count_rows(self._database.engine)
        cursor = self._connection.cursor()
        begun = perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        replay_writes(cursor, scripts)
        cursor.execute("COMMIT")
        return Round(len(scripts), perf_counter() - begun, added(count_rows(self._database.engine), before))

    def close(self) -> None:
        self._connection.close()
        asyncio.run(self._database.close())
