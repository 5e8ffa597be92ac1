"""Ten thousand tickets opened and accepted, and ten thousand due offers among a million open ones, against the same by hand."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter

import uvloop

from bench.by_hand import Script, Work, record, replay, replay_writes
from bench.rounds import Line, Round, absolute, compared, take_turns
from bench.sweeps import Memory, connect, moment
from bench.ticket_world import Company, copy_columns, furnish, opening
from bench.world import added, copy_sqlite, count_rows
from core.clock import Clock, wall_time
from core.database import Database
from core.executor import execute
from core.people.queries import actor_for, get_person
from core.policies.climbing import list_due, take_step
from core.policies.tables import DueClimb
from core.tickets.commands import AcceptTicket, ClimbTicket
from core.tickets.queries import get_ticket_by_id
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due

ROUNDS, PER_ROUND, IN_FLIGHT = 4, 2_500, 32
MANY = 1_000_000
SET_DUE = (
    "UPDATE climbs SET due_at = ? WHERE subject_kind = 'ticket' AND purpose = 'response' AND subject_id BETWEEN ? AND ?"
)


def measure(folder: Path) -> Iterator[Line]:
    """A warm-up round and four that count, of 2,500 each."""
    empty = folder / "empty.db"
    company = furnish(f"sqlite:///{empty}")
    ours = Ours(copy_sqlite(empty, folder / "ours.db"), company)
    hand = ByHand(copy_sqlite(empty, folder / "hand.db"), copy_sqlite(empty, folder / "recorded.db"), company)
    opened = take_turns(partial(ours.round, opens=True), partial(hand.round, opens=True), ROUNDS)
    yield compared(f"{ROUNDS * PER_ROUND:,} tickets opened and offered, {IN_FLIGHT} in flight", opened, "/s", 1.0)
    offered = folder / "offered.db"
    ours.copy_to(offered)
    accepted = take_turns(partial(ours.round, opens=False), partial(hand.round, opens=False), ROUNDS)
    yield compared(f"{ROUNDS * PER_ROUND:,} tickets accepted, {IN_FLIGHT} in flight", accepted, "/s", 1.0)
    ours.close()
    hand.close()
    yield from sweep(offered, folder)


def accepting(ticket_id: int) -> Work:
    def work(uow: UnitOfWork) -> object:
        technician = get_ticket_by_id(uow, ticket_id).technician_id
        assert technician is not None
        uow.actor = actor_for(uow, get_person(uow, technician), "telegram", uow.now)
        return execute(AcceptTicket(ticket_id), uow)

    return work


def works(company: Company, number: int, *, opens: bool) -> list[Work]:
    """Tickets are numbered by the database in the order of their opening, whoever was first."""
    numbers = range(number * PER_ROUND, (number + 1) * PER_ROUND)
    return [opening(company, one) if opens else accepting(one + 1) for one in numbers]


class Ours:
    def __init__(self, url: str, company: Company) -> None:
        self._url, self._company = url, company
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._database = Database(url, Clock())

    def round(self, number: int, *, opens: bool) -> Round:
        asked = works(self._company, number, opens=opens)
        before = count_rows(self._database.engine)
        begun = perf_counter()
        self._runner.run(self._all(asked))
        return Round(PER_ROUND, perf_counter() - begun, added(count_rows(self._database.engine), before))

    async def _all(self, asked: Sequence[Work]) -> None:
        waiting = iter(asked)

        async def caller() -> None:
            for work in waiting:
                await self._database.write(work)

        await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))

    def copy_to(self, path: Path) -> None:
        with (
            closing(sqlite3.connect(self._url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(path)) as to,
        ):
            source.backup(to)

    def close(self) -> None:
        self._runner.run(self._database.close())
        self._runner.close()


class ByHand:
    """One command after the other, each a transaction. Their statements come from a database of their own that is kept equal."""

    def __init__(self, url: str, recorded: str, company: Company) -> None:
        self._company, self._database, self._recorded = company, Database(url, Clock()), Database(recorded, Clock())
        self._connection = connect(Path(url.removeprefix("sqlite:///")))

    def round(self, number: int, *, opens: bool) -> Round:
        with self._recorded.engine.connect() as connection:
            connection.connection.cursor().execute(
                "PRAGMA synchronous = OFF"
            )  # what is only written down need not last
            asked = works(self._company, number, opens=opens)
            scripts = [record(connection, work, wall_time(), keep=True) for work in asked]
        before = count_rows(self._database.engine)
        cursor = self._connection.cursor()
        begun = perf_counter()
        for script in scripts:
            cursor.execute("BEGIN IMMEDIATE")
            replay(cursor, script)
            cursor.execute("COMMIT")
        return Round(PER_ROUND, perf_counter() - begun, added(count_rows(self._database.engine), before))

    def close(self) -> None:
        self._connection.close()
        for database in (self._database, self._recorded):
            asyncio.run(database.close())


def sweep(offered: Path, folder: Path) -> Iterator[Line]:
    """Every due offer goes to the branch's second technician."""
    scripts = _missed(copy_sqlite(offered, folder / "missed.db"))
    with closing(connect(offered)) as connection:
        connection.execute(SET_DUE, (moment(days=365), 0, MANY))
        for table, other in (
            ("tickets", {"number": "'TKT-000000-' || n.i"}),
            ("climbs", {"subject_id": f"{MANY} + n.i"}),
        ):
            connection.execute(copy_columns(table, other), (MANY,))
    raw = copy_sqlite(offered, folder / "by_hand.db")
    ours, hand = Sweep(offered), Hand(raw, scripts)
    turns = take_turns(ours.round, hand.round, ROUNDS)
    ours.close()
    hand.close()
    yield compared(f"{ROUNDS * PER_ROUND:,} due of {MANY:,} open tickets (executemany by hand)", turns, "/s", 0.4)
    yield absolute("memory growth of that sweep", ours.grown / 2**20, "MB", 32)


def _missed(url: str) -> list[Script]:
    database, everything = Database(url, Clock()), (ROUNDS + 1) * PER_ROUND
    with closing(connect(Path(url.removeprefix("sqlite:///")))) as connection:
        connection.execute(SET_DUE, (moment(minutes=-1), 0, MANY))
    with database.engine.connect() as connection_:
        uow = UnitOfWork(connection_, wall_time())
        due = {climb.subject_id: climb for climb in list_due(uow, wall_time(), everything)}
        found = [record(connection_, partial(_miss, due[one]), uow.now) for one in sorted(due)]
    asyncio.run(database.close())
    return found


def _miss(climb: DueClimb, uow: UnitOfWork) -> None:
    step = take_step(uow, climb)
    assert step is not None
    execute(ClimbTicket(climb.subject_id, step.tell, step.act), uow)


class Sweep:
    """`grown`: bytes of memory at the highest point of the counted rounds over what there was before them."""

    def __init__(self, path: Path) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._database, self._path, self._memory = Database(f"sqlite:///{path}", Clock()), path, Memory()

    @property
    def grown(self) -> int:
        return self._memory.most - self._memory.least

    def round(self, number: int) -> Round:
        with closing(connect(self._path)) as connection:
            connection.execute(SET_DUE, (moment(minutes=-1), number * PER_ROUND + 1, (number + 1) * PER_ROUND))
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


class Hand:
    def __init__(self, url: str, scripts: list[Script]) -> None:
        self._connection, self._scripts = connect(Path(url.removeprefix("sqlite:///"))), scripts
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
