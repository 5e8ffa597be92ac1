"""Six processes on one PostgreSQL, two for each part of the work, of which one after the other is killed: the twin takes over,
nothing is sent twice, no limit is exceeded as the receiver counts, and what was said to either is answered once."""

import asyncio
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import httpx2
import psycopg
import pytest

from bot.assembly import open_database
from bot.demo import demo_settings, furnish, settle_in
from bot.settings import Settings
from core.database import Database
from core.outbox.notify import NORMAL, Chat, Notification, tell_chat
from core.outbox.queries import count_by_state
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from migrations.upgrade import upgrade
from tests.crash.mortal import LEAVES_CONNECTIONS, Mortal, stand_in
from tests.world import free_port

SEED = 20261121
TELEGRAM, WHATSAPP = 400, 800
CHATS = 200
BUSY, PAIR, PAIR_WINDOW, MORE = "491790000000", 45, 270.0, 5
"""Somebody on WhatsApp who gets as much as one person may at once, and more when the lane has another owner: who does not know what
was sent there before would send it."""
SAID = 5
ALIVE = (2.0, 5.0)
DOWN = 1.0
WAIT = 240.0
TAKES_EVERYTHING = {name: {"rates": {"enforced": False}} for name in ("telegram", "whatsapp")}
WINDOW, LATE = 10.0, 4.0
"""Seconds. Six programs that start on two processors are late by themselves; two that send at once would be at twice the limit."""
UNDECIDED = ("sending", "uncertain")
"""On the wire when its sender died: whether it arrived is decided when its lease is over."""
REPEAT = "May be a repeat"
MARK = re.compile(r"(?:mark|busy)-\d{5}")
PARTS = ("web", "dispatch", "jobs")


def people() -> list[dict[str, object]]:
    telegram = [{"key": f"t{n}", "name": f"T {n}", "telegram_id": 880000 + n} for n in range(CHATS)]
    whatsapp = [{"key": f"w{n}", "name": f"W {n}", "whatsapp_id": f"49170{n:07d}"} for n in range(CHATS)]
    busy = {"key": "busy", "name": "Busy", "whatsapp_id": BUSY}
    return [person | {"kind": "customer"} for person in (*telegram, *whatsapp, busy)]


def enqueue(uow: UnitOfWork) -> None:
    """Each with a marker of its own."""
    keep_busy(uow, 0, PAIR)
    for number in range(TELEGRAM):
        _put(uow, "telegram", str(880000 + number % CHATS), f"mark-{number:05d}")
    for number in range(TELEGRAM, TELEGRAM + WHATSAPP):
        _put(uow, "whatsapp", f"49170{number % CHATS:07d}", f"mark-{number:05d}")


def keep_busy(uow: UnitOfWork, first: int, number: int) -> None:
    for one in range(first, first + number):
        _put(uow, "whatsapp", BUSY, f"busy-{one:05d}")


def _put(uow: UnitOfWork, channel: str, chat: str, text: str) -> None:
    notification = Notification("reply.text", {"text": text}, urgency=NORMAL)
    tell_chat(uow, Chat(channel, "default", chat), notification)


@LEAVES_CONNECTIONS
@pytest.mark.timeout(500)
async def test_any_part_may_die_and_its_twin_takes_over(tmp_path: Path, postgres_server: str) -> None:
    sandbox_port, port = free_port(), free_port()
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute('DROP DATABASE IF EXISTS "parts" WITH (FORCE)')
        server.execute('CREATE DATABASE "parts"')
    url = postgres_server.replace("/postgres?", "/parts?")
    with stand_in(sandbox_port):
        async with httpx2.AsyncClient(base_url=sandbox, timeout=60) as control:
            settings = demo_settings(sandbox, tmp_path, (await control.get("/control/config")).json(), port)
            settings = settings.model_copy(update={"database_url": url, "send_guard_seconds": 0.25})
            await asyncio.to_thread(upgrade, url)
            database = open_database(settings)
            token, _ = await settle_in(database)
            await furnish(sandbox, settings.base_url, token)
            (await control.put("/control/people", json=people())).raise_for_status()
            (await control.put("/control/config", json=TAKES_EVERYTHING)).raise_for_status()

            await _live_and_die(_twins(settings, tmp_path), database, control)
            arrived, states = await _arrived(control), await database.read(_states)
            await control.post("/control/reset")
            await database.close()

    received = Counter(one.mark for one in arrived)
    everything = {f"mark-{number:05d}" for number in range(TELEGRAM + WHATSAPP)}
    assert {mark: count for mark, count in received.items() if count > 1} == {}, "sent twice"
    missing = {mark: states[mark] for mark in everything - set(received)}
    assert {mark: state for mark, state in missing.items() if state[0] not in UNDECIDED} == {}, "lost"
    assert _most(arrived, "busy", PAIR_WINDOW) == PAIR
    assert _most(arrived, "t", WINDOW) <= 30 * (WINDOW + LATE)
    assert _most(arrived, "w", WINDOW) <= 80 * (WINDOW + LATE)


def _twins(settings: Settings, folder: Path) -> dict[str, list[Mortal]]:
    """Two of each part; the first web process is the one that the platforms know."""
    ports = {"web": [settings.http_port, free_port()], "dispatch": [0, 0], "jobs": [0, 0]}
    return {
        part: [Mortal(settings.model_copy(update={"http_port": one}), folder, part) for one in ports[part]]
        for part in PARTS
    }


async def _live_and_die(twins: dict[str, list[Mortal]], database: Database, control: httpx2.AsyncClient) -> None:
    random = Random(SEED)
    everybody = [one for part in PARTS for one in twins[part]]
    try:
        await asyncio.gather(*(one.start() for one in everybody))
        await database.write(enqueue)
        await _until(database, lambda reader: not _to_decide(reader))
        first_owner = await database.read(_owner)
        dispatchers = random.sample(twins["dispatch"], 2)  # so that no lane keeps its owner
        for part in (*PARTS, "dispatch", "web"):
            await _say(control, SAID)
            victim = dispatchers.pop() if part == "dispatch" else twins[part][random.randrange(2)]
            await asyncio.sleep(random.uniform(*ALIVE))
            victim.kill()
            await asyncio.sleep(DOWN)
            await victim.start()
        await _until_sent(database, control)
        await _until(database, lambda reader: _owner(reader) != first_owner)
        await database.write(lambda uow: keep_busy(uow, PAIR, MORE))
        await _until(database, lambda reader: not _to_decide(reader))
    finally:
        for one in everybody:
            one.kill()


async def _say(control: httpx2.AsyncClient, times: int) -> None:
    for _ in range(times):
        answer = await control.post("/control/people/T-07/telegram/say", json={"text": "me", "wait": False})
        assert answer.status_code == 200, answer.text


async def _until(database: Database, so: Callable[[Reader], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not await database.read(so):  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.2)


async def _until_sent(database: Database, control: httpx2.AsyncClient) -> None:
    """All of what was queued, and an answer to everything that was said, or one that may have arrived."""
    deadline, said = asyncio.get_running_loop().time() + WAIT, 5 * SAID
    while True:
        waiting = await database.read(lambda reader: sum(_pending(reader).values()))
        answers, undecided = await _answers(control), await database.read(_undecided_answers)
        if not waiting and answers.total() + undecided >= said:
            break
        assert asyncio.get_running_loop().time() < deadline, (answers, await database.read(count_by_state))
        await asyncio.sleep(0.5)
    await asyncio.sleep(1)
    assert (await _answers(control))[False] <= said, "answered twice"


def _pending(reader: Reader) -> Counter[str]:
    return Counter({channel: n for (channel, state), n in count_by_state(reader).items() if state == "pending"})


async def _answers(control: httpx2.AsyncClient) -> Counter[bool]:
    """To the technician, by whether it says that it may be a repeat: so does what was on the wire when its sender died."""
    messages = (await control.get("/control/people/T-07/messages")).json()["messages"]
    return Counter(REPEAT in message["text"] for message in messages if "You are Stefan" in message["text"])


def _undecided_answers(reader: Reader) -> int:
    rows = reader.connection.exec_driver_sql(
        "SELECT d.state FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE n.facts LIKE '%%You are Stefan%%'"
    )
    return sum(1 for row in rows if row[0] in UNDECIDED)


@dataclass(frozen=True, slots=True)
class Arrived:
    """`at`: when the stand-in took it."""

    person: str
    mark: str
    at: datetime


async def _arrived(control: httpx2.AsyncClient) -> list[Arrived]:
    found = []
    for key in (str(person["key"]) for person in people()):
        messages = (await control.get(f"/control/people/{key}/messages")).json()["messages"]
        for one in messages:
            at = datetime.fromisoformat(one["at"])
            found += [Arrived(key, mark, at) for mark in MARK.findall(one["text"])]
    return found


def _states(reader: Reader) -> dict[str, tuple[str, str | None]]:
    """mark -> state and error of its delivery."""
    rows = reader.connection.exec_driver_sql(
        "SELECT n.facts, d.state, d.error FROM deliveries d JOIN notifications n ON n.id = d.notification_id"
    )
    return {mark: (row[1], row[2]) for row in rows for mark in MARK.findall(row[0])}


def _to_decide(reader: Reader) -> int:
    """What the busy one is still to be sent, or to be told when it leaves."""
    rows = reader.connection.exec_driver_sql(
        f"SELECT count(*) FROM deliveries WHERE chat = '{BUSY}' AND state IN ('pending', 'sending') AND held_for IS NULL"
    )
    return int(rows.scalar_one())


def _owner(reader: Reader) -> str:
    return str(
        reader.connection.exec_driver_sql("SELECT owner FROM leases WHERE name = 'lane:whatsapp:default'").scalar_one()
    )


def _most(arrived: list[Arrived], whom: str, window: float) -> int:
    """How many in any so many seconds came to those whose key begins so."""
    times = sorted(one.at for one in arrived if one.person.startswith(whom))
    ends = (bisect_left(times, at + timedelta(seconds=window)) for at in times)
    return max(end - begin for begin, end in enumerate(ends))
