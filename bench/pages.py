"""Every page with a year's work of a large company in the database: the time of the server, and of the same statements by hand."""

import asyncio
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

import uvloop
from pydantic import SecretStr

from bench.big_house import BRANCHES, ESCALATIONS, PEOPLE, TICKETS, TRAININGS, build
from bench.looking import Noted, Watched, look
from bench.page_list import WHO, Asked, pages
from bench.rounds import Line
from bench.sweeps import connect
from bot.assembly import Program
from bot.serve import keep_still, web_app
from bot.settings import Settings
from core.clock import Clock
from core.executor import execute
from core.people.commands import CreateLogin, CreateToken
from core.unit_of_work import UnitOfWork
from web.given import ASGIApp

MEDIAN, P99, SUMMED = 100.0, 300.0, 30_000.0
"""Milliseconds of the server for any page's HTML; for the sum of everything, which no page waits for."""
ROUNDS, PATIENCE = 60, 2.0
"""Rounds of a page at most, and seconds for them."""
COUNTING = re.compile(rb"are being counted|is being tried out")
SECRET = "bench-secret-key-of-enough-length"


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of each round, `busy` those of the processor; of the page's statements what they read."""

    asked: Asked
    ours: tuple[float, ...]
    busy: tuple[float, ...]
    raw: tuple[float, ...]
    script: tuple[Noted, ...]
    shown: int
    waited: float

    @property
    def median(self) -> float:
        return median(self.ours)

    @property
    def p99(self) -> float:
        return quantiles(self.ours, n=100, method="inclusive")[98] if len(self.ours) > 1 else self.ours[0]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.script)

    @property
    def line(self) -> Line:
        ratio = self.median / max(median(self.raw), 0.001)
        ours = f"{self.median:,.1f} ms, p99 {self.p99:,.1f} ms, of the processor {median(self.busy):,.1f} ms"
        behind = f", counted behind it in {self.waited:.0f} s" if self.waited > 0.5 else ""
        read = f"{len(self.script)} statements, {self.rows} rows, {self.shown} shown{behind}"
        raw = f"{median(self.raw):,.2f} ms ({ratio:.1f}x): {read}"
        most = SUMMED if self.asked.sums else MEDIAN
        return Line(f"{self.asked.address} ({self.asked.who})", ours, raw, self.median, "ms", most, at_most=True)


def measure(folder: Path) -> Iterator[Line]:
    path = folder / "pages.db"
    build(path)
    yield from measure_at(path)


def measure_at(path: Path, only: str = "") -> Iterator[Line]:
    """`only`: addresses with this word in them."""
    found = uvloop.run(_measure(path, only))
    yield from (one.line for one in sorted(found, key=lambda one: -one.median))
    worst = max((one for one in found if not one.asked.sums), key=lambda one: one.p99)
    what = f"{BRANCHES:,} branches, {PEOPLE:,} people, {TICKETS:,} tickets, {ESCALATIONS:,} escalations, {TRAININGS:,} trainings"
    yield Line(
        f"the slowest of all {len(found)} at the 99th percentile, {what}",
        f"{worst.p99:,.1f} ms", worst.asked.address, worst.p99, "ms", P99, at_most=True,
    )  # fmt: skip


async def _measure(path: Path, only: str) -> list[Timed]:
    database = Watched(f"sqlite:///{path}", Clock())
    settings = Settings(
        database_url=database.url, log_level="ERROR", secret_key=SecretStr(SECRET), media_folder=path.parent / "media"
    )
    program = Program(settings, database, only=frozenset({"web"}))
    app = web_app(program)
    keep_still()  # as the program does once it is there
    keys = {name: await _keys(app, database, person_id) for name, person_id in WHO.items()}
    with closing(connect(path)) as connection:
        numbers = [
            connection.execute("SELECT number FROM tickets WHERE id = ?", (one,)).fetchone()[0]
            for one in (TICKETS - 2, 500_005)
        ]
        asked = [one for one in pages(database.clock.now(), *numbers) if only in one.address]
        found = [await _timed(app, database, connection, one, keys[one.who][one.is_api]) for one in asked]
    await database.close()
    return found


async def _keys(app: ASGIApp, database: Watched, person_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """For a page, for the API."""

    def work(uow: UnitOfWork) -> tuple[str, str]:
        return str(execute(CreateLogin(person_id), uow)), str(execute(CreateToken(person_id), uow))

    login, token = await database.write(work)
    signed_in = await look(app, f"/login/{login}", {}, method="POST")
    return {"cookie": signed_in.headers["set-cookie"].partition(";")[0]}, {"authorization": f"Bearer {token}"}


async def _timed(
    app: ASGIApp, database: Watched, connection: sqlite3.Connection, asked: Asked, headers: dict[str, str]
) -> Timed:
    waited = await _until_counted(app, asked, headers)
    script: list[Noted] = []
    database.script = script
    first = await look(app, asked.address, headers, asked.parts)
    database.script = None
    if first.status not in (200, 404, 409):  # what this company never made is not found quickly either
        print(f"{asked.address} as {asked.who}: {first.status} {first.headers.get('location', '')}", file=sys.stderr)
    ours: list[float] = []
    busy: list[float] = []
    raw: list[float] = []
    until = perf_counter() + PATIENCE
    while len(ours) < ROUNDS and (perf_counter() < until or not ours):
        begun = process_time()
        ours.append((await look(app, asked.address, headers, asked.parts)).seconds * 1000)
        busy.append((process_time() - begun) * 1000)
        raw.append(_by_hand(connection, script))
    shown = first.body.decode(errors="ignore").count(asked.shown)
    return Timed(asked, tuple(ours), tuple(busy), tuple(raw), tuple(script), shown, waited)


async def _until_counted(app: ASGIApp, asked: Asked, headers: dict[str, str]) -> float:
    """Seconds until numbers that are counted behind the page were there (web/counted.py)."""
    begun = perf_counter()
    while COUNTING.search((await look(app, asked.address, headers, asked.parts)).body):  # noqa: ASYNC110
        await asyncio.sleep(0.5)  # as a browser does: htmx asks again
    return perf_counter() - begun


def _by_hand(connection: sqlite3.Connection, script: Sequence[Noted]) -> float:
    begun = perf_counter()
    for one in script:
        connection.execute(one.sql, one.parameters).fetchall()
    return (perf_counter() - begun) * 1000
