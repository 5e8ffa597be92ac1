"""The stream that wakes open pages: for what happens within somebody's places, and for nothing else; and that a thousand of them
hold up nobody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar, cast

import pytest

from core.actor import Actor
from core.database import Database
from core.errors import Unavailable
from core.executor import execute
from core.people.queries import actor_for, get_person
from core.statements import Reader
from core.tickets.commands import OpenTicket
from tests.web.browsing import sign_in
from tests.web.house import Client, Given, app_of, browser
from web.live import ANEW_AT_ONCE, CHANGED, Live, _from_now_on, read_seen, seen_by_now

T = TypeVar("T")


@pytest.fixture
async def live(database: Database) -> AsyncIterator[Live]:
    live = Live(database)
    yield live
    await live.close()


async def _actor(database: Database, client: Client, who: str) -> Actor:
    def query(reader: object) -> Actor:
        return actor_for(reader, get_person(reader, client.people[who]), "page", database.clock.now())  # type: ignore[arg-type]

    return await database.read(query)


async def _open_ticket(database: Database, client: Client, unit: str) -> None:
    command = OpenTicket(client.units[unit], int(client.subcategory), 1, "Water under the shelf")
    await database.write(lambda uow: execute(command, uow))


async def test_a_page_is_woken_by_its_own_places_only(
    database: Database, acme: Client, beta: Client, live: Live
) -> None:
    manager, elsewhere, foreign = [
        live.stream(await _actor(database, client, who))
        for client, who in ((acme, "MN1"), (acme, "MN2"), (beta, "ADM"))
    ]
    waiting = [asyncio.create_task(anext(stream)) for stream in (manager, elsewhere, foreign)]
    await asyncio.gather(*waiting)  # each begins with how soon to come again
    woken = [asyncio.create_task(anext(stream)) for stream in (manager, elsewhere, foreign)]
    await asyncio.sleep(0.1)
    await _open_ticket(database, acme, "N1")

    assert await asyncio.wait_for(woken[0], 10) == CHANGED
    assert not woken[1].done()
    assert not woken[2].done()
    await live.close()
    await asyncio.wait(woken, timeout=10)


async def test_what_happened_between_the_page_and_its_stream_is_not_missed(
    database: Database, acme: Client, live: Live
) -> None:
    actor, seen = await _actor(database, acme, "MN1"), await database.read(seen_by_now)
    await _open_ticket(database, acme, "N2")
    await _open_ticket(database, acme, "N1")
    stream = live.stream(actor, read_seen(str(seen)))
    await anext(stream)
    assert await asyncio.wait_for(anext(stream), 10) == CHANGED
    await stream.aclose()  # type: ignore[attr-defined]


class _SlowToBegin(Database):
    """The first look for all pages waits until it is told to go on."""

    go_on: asyncio.Event

    async def read(self, query: Callable[[Reader], T]) -> T:
        if query is _from_now_on:
            await self.go_on.wait()
        return await super().read(query)


async def test_what_happens_while_the_first_page_begins_to_listen_is_not_missed(
    database: Database, acme: Client
) -> None:
    slow = _SlowToBegin(database.url, database.clock)
    slow.go_on = asyncio.Event()
    live = Live(slow)
    stream = live.stream(await _actor(database, acme, "MN1"), await database.read(seen_by_now))
    await anext(stream)
    news = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.1)
    await _open_ticket(database, acme, "N1")
    slow.go_on.set()

    assert await asyncio.wait_for(news, 5) == CHANGED
    await stream.aclose()  # type: ignore[attr-defined]
    await live.close()
    await slow.close()


@pytest.mark.parametrize("text", ["", "1", "a.b", "1.2.3", "-1.2", "٣.٣", "9" * 30])
def test_how_far_somebody_has_seen_is_read_or_left(text: str) -> None:
    assert read_seen(text) is None


async def test_every_stream_ends_when_the_server_stops(database: Database, acme: Client, live: Live) -> None:
    stream = live.stream(await _actor(database, acme, "ADM"))
    await anext(stream)
    rest = asyncio.create_task(_drained(stream))
    await asyncio.sleep(0.05)
    await live.close()

    assert await asyncio.wait_for(rest, 10) <= 1


async def _drained(stream: AsyncIterator[str]) -> int:
    return len([part async for part in stream])


class _Read:
    """A database whose reads are counted while they run; the next `away` of them fail."""

    def __init__(self, database: Database, away: int = 0) -> None:
        self._database, self.away, self.now, self.most = database, away, 0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def read(self, query: Any) -> Any:
        if self.away:
            self.away -= 1
            raise Unavailable("the database is locked")
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await self._database.read(query)
        finally:
            self.now -= 1


async def test_pages_that_look_again_take_turns_and_nobody_else_waits_for_them(
    database: Database, acme: Client, given: Given
) -> None:
    watched = _Read(database)
    async with browser(app_of(given, database=watched)) as http:
        await sign_in(http, database, acme, "DIS")
        again = [http.get("/tickets", headers={"X-Live": "1"}) for _ in range(3 * ANEW_AT_ONCE)]
        assert {answer.status_code for answer in await asyncio.gather(*again)} == {200}
        assert watched.most == ANEW_AT_ONCE
        opened = [http.get("/tickets") for _ in range(2 * ANEW_AT_ONCE)]
        assert {answer.status_code for answer in await asyncio.gather(*opened)} == {200}
        assert watched.most > ANEW_AT_ONCE


async def test_pages_are_woken_again_after_the_database_was_away(database: Database, acme: Client) -> None:
    watched = _Read(database)
    live = Live(cast(Database, watched))
    stream = live.stream(await _actor(database, acme, "MN1"))
    await anext(stream)
    woken = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.05)
    watched.away = 1
    await _open_ticket(database, acme, "N1")
    assert await asyncio.wait_for(woken, 10) == CHANGED
    await live.close()
