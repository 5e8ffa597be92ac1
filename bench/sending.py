"""Sending at a platform's limit: the rate that is reached, and what the receiver counts in any second.

The whole way out runs as at work: rows claimed under the lane's lease, rendered, let through the gate, posted over HTTP to
another process, settled. What is posted is short, and the client costs little, so that it is our side that is measured.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from time import process_time
from typing import Protocol, cast

import uvloop

from bench.dispatching import Nowhere, find_no_photo
from bench.load import END, post
from bench.receiving import Received, receiver, take_received
from bench.rounds import Line, Uneven, absolute
from bench.sweeps import connect, moment
from bench.world import copy_sqlite, fill
from bot.serve import keep_still
from channels.base import Outgoing, Sender
from channels.limits import limits_for
from core.clock import Clock, monotonic
from core.database import Database
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace

SECONDS = 8
GUARD = 0.015  # the default of SEND_GUARD_SECONDS
ANSWER_AFTER = 0.05
"""Seconds after which the platform answers; those we write to take 50 to 300 ms."""
CHATS = 5_000
CONNECTIONS = 100
WAITING = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO deliveries (notification_id, kind, channel, account, chat, language, time_zone, state, urgency, attempts,
                        next_attempt_at, created_at)
SELECT notification_id, 'message', ?, 'default', 1000000 + n.i % ?, language, time_zone, 'pending', 1, 0, ?, created_at
FROM n, (SELECT * FROM deliveries LIMIT 1)
"""
SENT = "SELECT count(*) FROM deliveries WHERE channel = ? AND state = 'sent'"


@dataclass(frozen=True, slots=True)
class Case:
    """A lane that may send `limit` messages in a second; `granted`: what its platform allows beyond the table."""

    channel: str
    limit: int
    granted: int | None = None


CASES = (Case("telegram", 30), Case("whatsapp", 80), Case("whatsapp", 1000, granted=1000))


def measure(folder: Path, seconds: int = SECONDS) -> Iterator[Line]:
    source = folder / "filled.db"
    uvloop.run(fill(f"sqlite:///{source}", 1))
    for case in CASES:
        path = folder / f"{case.limit}.db"
        copy_sqlite(source, path)
        wanted = case.limit * seconds
        with closing(connect(path)) as connection:
            before = connection.execute(SENT, (case.channel,)).fetchone()[0]
            connection.execute(WAITING, (wanted, case.channel, CHATS, moment()))
        with receiver(ANSWER_AFTER) as port:
            begun = process_time()
            uvloop.run(post_all(path, case, port, wanted))
            spent = process_time() - begun
            received = take_received(port)
        check(received, path, case.channel, wanted, before)
        what = f"{case.limit}/s for {seconds} s"
        rate = (wanted - 1) / (received.times[-1] - received.times[0])
        yield Line(f"sends at {what}", f"{rate:,.1f} /s", f"{case.limit:,} /s", rate / case.limit, "x", 0.98)
        over = count_over(received.times, case.limit)
        yield absolute(f"seconds over the limit as received, {what}", over, "windows", 0)
        if case.limit == max(one.limit for one in CASES):
            yield absolute(f"CPU of the sending process per send, {what}", spent / wanted * 1e6, "us CPU", 980)


class Counting(Sender, Protocol):
    sent: int


async def post_all(path: Path, case: Case, port: int, wanted: int) -> None:
    sender = Posting(case.channel, port)
    await sender.open(CONNECTIONS)
    await send_all(path, case, sender, wanted)


async def send_all(path: Path, case: Case, sender: Counting, wanted: int) -> None:
    database = Database(f"sqlite:///{path}", Clock())
    limits = partial(limits_for, sends_per_second={case.channel: case.granted} if case.granted else None)
    attempt = Attempt(database.clock, find_no_photo, Random(1))
    keep_still()
    lane = Lane(database, sender, attempt, "bench", Pace(case.channel, limits, GUARD))
    task = asyncio.create_task(lane.run())
    patience = monotonic() + 3 * wanted / case.limit + 10
    while sender.sent < wanted and monotonic() < patience:  # noqa: ASYNC110 - nobody tells when the last one has left
        await asyncio.sleep(0.02)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await sender.close()
    await database.close()


def check(received: Received, path: Path, channel: str, wanted: int, before: int) -> None:
    """Raises Uneven unless each was received once and written down as sent."""
    with closing(sqlite3.connect(path)) as connection:
        sent = connection.execute(SENT, (channel,)).fetchone()[0] - before
    different = len(Counter(received.bodies))
    if not wanted == len(received.bodies) == different or sent != wanted:
        raise Uneven(f"{wanted} wanted, {len(received.bodies)} received, {different} different, {sent} settled as sent")


def count_over(times: list[float], limit: int) -> int:
    """In how many of the seconds that begin with a message more arrived than the limit."""
    return sum(later - first < 1.0 for first, later in zip(times, times[limit:], strict=False))


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.answered: asyncio.Future[bytes] | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self.answered is not None and self._received.endswith(END):
            self.answered.set_result(self._received)
            self._received = b""

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answered is not None and not self.answered.done():
            self.answered.set_exception(exc or ConnectionError("the receiver closed the connection"))


class Posting(Nowhere):
    """A sender whose client is a pool of open connections."""

    def __init__(self, channel: str, port: int) -> None:
        super().__init__(channel)
        self._port = port
        self._idle: list[_Connection] = []

    async def open(self, connections: int) -> None:
        """Beforehand, as after the first minutes of work: a message for which one has to be opened is late by that."""
        self._idle += [await self._connected() for _ in range(connections)]

    async def _connected(self) -> _Connection:
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self._port)
        return connection

    async def send(self, message: Outgoing) -> str:
        connection = self._idle.pop() if self._idle else await self._connected()
        connection.answered = asyncio.get_running_loop().create_future()
        connection.transport.write(post("/messages", str(message.delivery_id).encode()))
        await connection.answered
        self._idle.append(connection)
        self.sent += 1
        return str(message.delivery_id)

    async def close(self) -> None:
        for connection in self._idle:
            connection.transport.close()
