"""A million assignments, 50,000 of them overdue at 5,000 stores: what the digest counts against one GROUP BY by hand, and a full
run from the first question to the last queued message."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import uvloop

from bench.rounds import Line, Round, absolute, slower, take_turns
from bench.sweeps import Memory, connect
from core.clock import Clock, wall_time
from core.database import Database
from core.tables import metadata
from core.training.counting import count_days
from core.training.queries import list_groups
from core.training.tables import Group
from core.unit_of_work import UnitOfWork
from jobs.training_escalation import run_training_escalation

STORES, CLUSTERS = 5_000, 100
ROWS = 1_000_000
LATE_EVERY = 20
ROUNDS = 5
LONG_AGO = "2026-01-01T00:00:00.000000+00:00"

N = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})"
FILL = (
    "INSERT INTO units (id, client_id, parent_id, kind, code, name, path, time_zone, country)"
    " VALUES (1, 1, NULL, 'client', 'ACME', 'Acme', '/1/', 'UTC', 'ES')",
    N.format(most=CLUSTERS)
    + " INSERT INTO units (id, client_id, parent_id, kind, code, name, path, time_zone, country)"
    " SELECT 1 + i, 1, 1, 'cluster', 'C' || i, 'Cluster ' || i, '/1/' || (1 + i) || '/', 'UTC', 'ES' FROM n",
    N.format(most=STORES) + " INSERT INTO units (id, client_id, parent_id, kind, code, name, path, time_zone, country)"
    f" SELECT 1000 + i, 1, 2 + i % {CLUSTERS}, 'branch', 'S' || i, 'Store ' || i,"
    f" '/1/' || (2 + i % {CLUSTERS}) || '/' || (1000 + i) || '/', 'UTC', 'ES' FROM n",
    "INSERT INTO persons (id, client_id, code, name, status, language)"
    " SELECT id, 1, 'P' || id, 'Manager ' || id, 'active', 'en' FROM units",
    "INSERT INTO positions (person_id, unit_id, role, rank) SELECT id, id, CASE kind WHEN 'branch' THEN 'store_manager'"
    " WHEN 'cluster' THEN 'cluster_manager' ELSE 'hr_manager' END, '' FROM units",
    "INSERT INTO contact_methods (person_id, channel, account, address, rank, verified_at)"
    f" SELECT id, 'whatsapp', 'default', '4479' || (10000000 + id), 1, '{LONG_AGO}' FROM units",
    "INSERT INTO courses (id, client_id, code, name) VALUES (1, 1, 'FOOD', 'Food safety')",
    N.format(most=ROWS) + " INSERT INTO employees (id, client_id, code, key, name, unit_id)"
    f" SELECT i, 1, 'E' || i, 'e' || i, 'Employee ' || i, 1001 + i % {STORES} FROM n",
    "INSERT INTO training_assignments (client_id, employee_id, course_id, unit_id, due_on, completed_on, told_level, created_at,"
    f" updated_at) SELECT 1, id, 1, unit_id, CASE WHEN id / {STORES} % {LATE_EVERY} THEN date(:today, '+90 days')"
    f" ELSE date(:today, '-' || (1 + id / 100000 * 2) || ' days') END, NULL, 0, '{LONG_AGO}', '{LONG_AGO}' FROM employees",
)
BY_HAND = """
SELECT grouped.*, units.code, units.name FROM (
SELECT unit_id, CASE WHEN due_on <= :five THEN 3 WHEN due_on <= :three THEN 2 ELSE 1 END AS level,
       count(DISTINCT employee_id), count(*), min(due_on) AS oldest, count(CASE WHEN due_on <= :fourteen THEN 1 END)
FROM training_assignments
WHERE client_id = 1 AND completed_on IS NULL AND waived_on IS NULL AND due_on < :today
  AND (promised_on IS NULL OR promised_on < :today) AND (leave_until IS NULL OR leave_until < :today)
GROUP BY unit_id, level
) grouped JOIN units ON units.id = grouped.unit_id ORDER BY grouped.oldest, grouped.unit_id, grouped.level
"""


def measure(folder: Path) -> Iterator[Line]:
    path = folder / "trainings.db"
    database = Database(f"sqlite:///{path}", Clock())
    metadata.create_all(database.engine)
    with closing(connect(path)) as connection:
        _fill(connection)
        yield _digest(database, connection)
    yield from _run(database)


def _fill(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for statement in FILL:
        connection.execute(statement, {"today": wall_time().date().isoformat()} if ":today" in statement else {})
    connection.execute("COMMIT")


def _digest(database: Database, connection: sqlite3.Connection) -> Line:
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    today = wall_time().date()
    days = {"five": 5, "three": 3, "fourteen": 14}
    values = {name: (today - timedelta(days=number)).isoformat() for name, number in days.items()}
    count = runner.run(database.read(lambda reader: count_days(reader, 1, wall_time(), today)))

    def query(uow: UnitOfWork) -> list[Group]:
        return list_groups(uow, 1, count)

    def ours(_: int) -> Round:
        begun = perf_counter()
        groups = runner.run(database.write(query))
        return Round(1, perf_counter() - begun, _rows(len(groups), sum(group.assignments for group in groups)))

    def raw(_: int) -> Round:
        begun = perf_counter()
        rows = connection.execute(BY_HAND, values | {"today": today.isoformat()}).fetchall()
        return Round(1, perf_counter() - begun, _rows(len(rows), sum(row[3] for row in rows)))

    turns = take_turns(ours, raw, ROUNDS)
    runner.close()
    late = ROWS // LATE_EVERY
    return slower(f"three-level digest of {ROWS:,} assignments, {late:,} overdue (one GROUP BY)", turns, 1.5)


def _rows(groups: int, assignments: int) -> dict[str, int]:
    return {"groups": groups, "assignments": assignments}


def _run(database: Database) -> Iterator[Line]:
    """The writer's cache of pages, which SQLite keeps at one size, is filled before: a program at work finds it so."""
    memory = Memory()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(database.write(_touch))
        memory.begin(counts=True)
        begun = perf_counter()
        (report,) = runner.run(run_training_escalation(database))
        seconds = perf_counter() - begun
        memory.end()
        runner.run(database.close())
    people = report.counts.told
    yield absolute(f"full run for {STORES:,} stores: {people:,} people, compose to queued", seconds, "s", 60)
    yield absolute("memory growth of that run", (memory.most - memory.least) / 2**20, "MB", 32)


def _touch(uow: UnitOfWork) -> None:
    for name in ("training_assignments", "employees"):
        uow.connection.exec_driver_sql(f"SELECT sum(length(quote({name}.id))) FROM {name} NOT INDEXED").fetchall()
