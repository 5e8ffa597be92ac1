"""The dispatcher with a sender that does nothing, against claiming a hundred at a time and writing them off by hand.

Ours also renders every message: short answers, as most are. What rendering one of the largest cards costs is a line of its own.
Nothing is limited. Ours also writes down that each begins before it leaves (decision 0073). By hand a hundred are only claimed, and
have unknown outcomes when somebody pulls the plug.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import uvloop
from sqlalchemy import Engine, Text, cast, func, literal, select, update

from bench.rounds import Line, Round, absolute, compared, take_turns
from bench.sweeps import connect, moment
from bench.world import added, copy_sqlite, count_rows, fill
from bot.context import Choice, say
from bot.serve import keep_still
from channels.base import Outgoing
from channels.capabilities import CAPABILITIES
from channels.rendering import render
from core.clock import Clock, wall_time
from core.database import Database
from core.outbox.tables import deliveries, notifications
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace

ROUNDS = 4
PER_ROUND = 2000
CHATS = 200
CARDS = 2000
CLAIM = """
UPDATE deliveries SET state = 'sending', lease_until = ? WHERE id IN (
    SELECT id FROM deliveries WHERE state = 'pending' AND channel = 'slack' AND account = 'default' AND next_attempt_at <= ?
    ORDER BY urgency, next_attempt_at, id LIMIT 100
) RETURNING id
"""
SENT = """
UPDATE deliveries SET state = 'sent', lease_until = NULL, attempts = attempts + 1, external_id = ?, settled_at = ?
WHERE id = ? AND state = 'sending'
"""
ATTEMPT = "INSERT INTO attempts (delivery_id, at, outcome) VALUES (?, ?, 'sent')"


def measure(folder: Path) -> Iterator[Line]:
    source = folder / "filled.db"
    uvloop.run(fill_with_answers(f"sqlite:///{source}", (ROUNDS + 1) * PER_ROUND))
    yield rendering()
    hand = ByHand(folder / "hand.db", copy_sqlite(source, folder / "hand.db"))
    ours = Ours(f"sqlite:///{source}")
    turns = take_turns(ours.round, hand.round, ROUNDS)
    ours.close()
    hand.close()
    yield compared("dispatcher, sender without effect (LIMIT 100 by hand)", turns, "/s", 0.3)


async def fill_with_answers(url: str, wanted: int) -> None:
    await fill(url, wanted)
    database = Database(url, Clock())
    answer = say("You have ESC-12. Answer the customer with: reply ESC-12 …", Choice("Resolve", "resolve ESC-12"))
    with database.engine.begin() as connection:
        connection.execute(update(notifications).values(template=answer.template, facts=answer.facts))
    await database.close()


def rendering() -> Line:
    """An escalation's card, by the processor's time."""
    facts = {
        "reference": "ESC-12", "status": "assigned", "priority": "P1", "reason": "requested_human", "more_reasons": [],
        "details": "", "customer": "Ana", "phone": "+34600000000", "tier": "premium", "assignee": "Olga", "responded": False,
        "breached": False, "told": "", "assigned_at": moment(minutes=-5), "response_due_at": moment(minutes=25),
        "flame_from": None, "star": None, "dot": "", "mood": "", "earlier": None, "technical": [],
        "messages": [{"author": "Ana", "direction": "in", "text": "Where is my order?"}],
    }  # fmt: skip
    for _ in range(CARDS // 10):  # Jinja compiles a template once, which takes as long as a hundred cards
        render("escalation.card", facts, zone="Europe/Madrid", now=wall_time())
    begun = process_time()
    for _ in range(CARDS):
        render("escalation.card", facts, zone="Europe/Madrid", now=wall_time())
    return absolute("rendering one card", (process_time() - begun) / CARDS * 1e6, "us CPU", 100)


def make_ready(engine: Engine, number: int) -> None:
    chat = literal("C").concat(cast(deliveries.c.id % CHATS, Text))
    these = deliveries.c.id.between(number * PER_ROUND + 1, (number + 1) * PER_ROUND)
    ready = {
        "state": "pending",
        "channel": "slack",
        "external_id": None,
        "settled_at": None,
        "next_attempt_at": wall_time(),
        "chat": chat,
    }
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(these).values(ready))


class Nowhere:
    """A sender that sends nothing."""

    account = "default"

    def __init__(self, channel: str) -> None:
        self.channel, self.capabilities, self.sent = channel, CAPABILITIES[channel], 0

    async def send(self, message: Outgoing) -> str:
        self.sent += 1
        return str(message.delivery_id)

    async def fetch(self, file_id: str, limit: int) -> bytes:
        return b""

    async def erase(self, chat: str, external_id: str) -> None: ...

    async def check(self) -> str:
        return "nowhere"

    async def close(self) -> None: ...


class Ours:
    """The lane is at work all the time, as in the program; a round begins when it is told that there is something to send."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._database, self._sender = Database(url, Clock()), Nowhere("slack")
        attempt = Attempt(self._database.clock, find_no_photo, Random(1))
        pace = Pace("slack", lambda channel, chat: (), 0.0)
        self._lane = Lane(self._database, self._sender, attempt, "bench", pace)
        self._task = self._runner.get_loop().create_task(self._lane.run())
        keep_still()

    def round(self, number: int) -> Round:
        make_ready(self._database.engine, number)
        before, self._sender.sent = self._count(), 0
        begun = perf_counter()
        self._runner.run(self._dispatch())
        return Round(PER_ROUND, perf_counter() - begun, added(self._count(), before))

    async def _dispatch(self) -> None:
        await self._database.write(lambda uow: uow.announce("lane:slack"))
        while self._sender.sent < PER_ROUND or self._waiting():  # noqa: ASYNC110 - what counts is what the database says
            await asyncio.sleep(0.002)

    def _waiting(self) -> int:
        with self._database.engine.connect() as connection:
            waiting = select(func.count()).where(deliveries.c.state.in_(["pending", "sending"]))
            return int(connection.execute(waiting).scalar_one())

    def _count(self) -> dict[str, int]:
        return count_rows(self._database.engine)

    async def _stop(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._database.close()

    def close(self) -> None:
        self._runner.run(self._stop())
        self._runner.close()


async def find_no_photo(media_id: int) -> Path | None:
    return None


class ByHand:
    def __init__(self, path: Path, url: str) -> None:
        self._connection = connect(path)
        self._database = Database(url, Clock())  # only to count with

    def round(self, number: int) -> Round:
        make_ready(self._database.engine, number)
        before = count_rows(self._database.engine)
        cursor, done = self._connection.cursor(), 0
        begun = perf_counter()
        while claimed := cursor.execute(CLAIM, (moment(minutes=1), moment())).fetchall():
            now = moment()
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(SENT, [(str(one), now, one) for (one,) in claimed])
            cursor.executemany(ATTEMPT, [(one, now) for (one,) in claimed])
            cursor.execute("COMMIT")
            done += len(claimed)
        return Round(done, perf_counter() - begun, added(count_rows(self._database.engine), before))

    def close(self) -> None:
        self._connection.close()
        asyncio.run(self._database.close())
