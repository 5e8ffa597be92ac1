"""Five thousand messages while the program is killed again and again: none is lost, whatever came twice says so, and of what it had
in hand only what it had begun to send is in doubt."""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random

import httpx2
import pytest

from bot.assembly import open_database
from bot.demo import demo_settings, furnish, settle_in
from core.database import Database
from core.outbox.notify import NORMAL, URGENT, Chat, Notification, tell_chat
from core.outbox.queries import count_by_state
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from migrations.upgrade import upgrade
from tests.crash.mortal import LEAVES_CONNECTIONS, Mortal, stand_in
from tests.world import free_port

SEED = 20261121
WHATSAPP, TELEGRAM = 4500, 500
DEATHS = 4
ALIVE = (0.3, 2.0)
WAIT = 120.0
REPEAT = "May be a repeat"
CONFIGURATION = {
    "retry_scale": 0.05,
    "telegram": {"rates": {"enforced": False}},
    "whatsapp": {"rates": {"enforced": False}, "parallel": 4},
}


def people() -> list[dict[str, object]]:
    whatsapp = [{"key": f"w{n}", "name": f"W {n}", "whatsapp_id": f"49170{n:07d}"} for n in range(WHATSAPP // 9)]
    telegram = [{"key": f"t{n}", "name": f"T {n}", "telegram_id": 880000 + n} for n in range(TELEGRAM // 5)]
    return [person | {"kind": "customer"} for person in (*whatsapp, *telegram)]


def enqueue(uow: UnitOfWork) -> None:
    """Each with a marker of its own; every other one is urgent."""
    for number in range(WHATSAPP):
        _put(uow, "whatsapp", f"49170{number % (WHATSAPP // 9):07d}", number)
    for number in range(WHATSAPP, WHATSAPP + TELEGRAM):
        _put(uow, "telegram", str(880000 + number % (TELEGRAM // 5)), number)


def _put(uow: UnitOfWork, channel: str, chat: str, number: int) -> None:
    notification = Notification("reply.text", {"text": f"mark-{number:05d}"}, urgency=(URGENT, NORMAL)[number % 2])
    tell_chat(uow, Chat(channel, "default", chat), notification)


def under_way(reader: Reader) -> int:
    return sum(n for (_, state), n in count_by_state(reader).items() if state in ("pending", "sending"))


@LEAVES_CONNECTIONS
@pytest.mark.timeout(300)
async def test_no_message_is_lost_and_every_repeat_says_so(tmp_path: Path) -> None:
    sandbox_port, port = free_port(), free_port()
    sandbox, random = f"http://127.0.0.1:{sandbox_port}", Random(SEED)
    with stand_in(sandbox_port):
        async with httpx2.AsyncClient(base_url=sandbox, timeout=60) as control:
            settings = demo_settings(sandbox, tmp_path, (await control.get("/control/config")).json(), port)
            settings = settings.model_copy(update={"whatsapp_sends_per_second": 1000, "whatsapp_recipients_per_day": 0})
            await asyncio.to_thread(upgrade, settings.database_url)
            database = open_database(settings)
            token, _ = await settle_in(database)
            await furnish(sandbox, settings.base_url, token)
            (await control.put("/control/config", json=CONFIGURATION)).raise_for_status()
            (await control.put("/control/people", json=people())).raise_for_status()
            await database.write(enqueue)

            program = Mortal(settings, tmp_path)
            await program.start()
            begun, not_begun = set[str](), set[str]()
            for _ in range(DEATHS):
                await _until_it_sends(database)
                await asyncio.sleep(random.uniform(*ALIVE))
                program.kill()
                begun |= await database.read(partial(_in_hand, begun=True))
                not_begun |= await database.read(partial(_in_hand, begun=False))
                await database.write(_a_minute_passes)
                await program.start()
            await _until_settled(database, control)
            received = await _received(control)
            listed, doubted = await database.read(_listed), await database.read(_doubted)
            program.kill()
            await control.post("/control/reset")
            await database.close()

    marks = Counter(mark for mark, _ in received)
    repeats = Counter(mark for mark, repeat in received if repeat)
    everything = {f"mark-{number:05d}" for number in range(WHATSAPP + TELEGRAM)}
    silent = {mark: (count, repeats[mark]) for mark, count in marks.items() if count - repeats[mark] > 1}
    assert everything - set(marks) - listed == set(), "lost"
    assert silent == {}, "came twice without saying so"
    assert not_begun, "nothing was in hand but what had begun"
    assert doubted <= begun, "in doubt although it had not begun"


async def _until_it_sends(database: Database) -> None:
    async with asyncio.timeout(WAIT):
        while not await database.read(lambda reader: _in_hand(reader, begun=True)):  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.05)


def _in_hand(reader: Reader, *, begun: bool) -> set[str]:
    """The marks of what is claimed."""
    rows = reader.connection.exec_driver_sql(
        "SELECT n.facts, d.begun_at FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE d.state = 'sending'"
    )
    return {_mark(facts) for facts, begun_at in rows if (begun_at is not None) == begun}


def _a_minute_passes(uow: UnitOfWork) -> None:
    """For the leases of the dead."""
    uow.connection.exec_driver_sql("UPDATE leases SET until = '2000-01-01T00:00:00.000000+00:00'")
    uow.connection.exec_driver_sql(
        "UPDATE deliveries SET lease_until = '2000-01-01T00:00:00.000000+00:00' WHERE state = 'sending'"
    )


async def _until_settled(database: Database, control: httpx2.AsyncClient) -> None:
    """The clock goes on for the repeats of urgent ones."""
    deadline = asyncio.get_running_loop().time() + WAIT
    for _ in range(3):
        while await database.read(lambda reader: count_by_state(reader).get(("whatsapp", "pending"), 0)):
            assert asyncio.get_running_loop().time() < deadline, await database.read(count_by_state)
            await asyncio.sleep(0.5)
        await control.post("/control/clock", json={"advanceSeconds": 180})
        await asyncio.sleep(3)
    while await database.read(under_way):
        assert asyncio.get_running_loop().time() < deadline, await database.read(count_by_state)
        await asyncio.sleep(0.5)


async def _received(control: httpx2.AsyncClient) -> list[tuple[str, bool]]:
    """(mark, says that it may be a repeat) of everything that arrived."""
    found = []
    for person in people():
        messages = (await control.get(f"/control/people/{person['key']}/messages")).json()["messages"]
        for message in messages:
            _, mark, rest = message["text"].partition("mark-")
            if mark:
                found.append((f"mark-{rest[:5]}", REPEAT in message["text"]))
    return found


def _listed(reader: Reader) -> set[str]:
    """The marks of those that stand on the operator's list."""
    rows = reader.connection.exec_driver_sql(
        "SELECT n.facts FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE d.state = 'uncertain'"
    )
    return {_mark(row[0]) for row in rows}


def _doubted(reader: Reader) -> set[str]:
    """The marks of those whose sender had died."""
    rows = reader.connection.exec_driver_sql(
        "SELECT n.facts FROM attempts a JOIN deliveries d ON d.id = a.delivery_id JOIN notifications n ON n.id = d.notification_id "
        "WHERE a.code = 'lease'"
    )
    return {_mark(row[0]) for row in rows}


def _mark(facts: str) -> str:
    return "mark-" + facts.partition("mark-")[2][:5]
