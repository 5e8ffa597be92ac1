"""Wakes open pages when something happened that their person may see: a page then asks for itself anew."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import structlog

from core.actor import Actor
from core.audit.happenings import Happening, list_since, newest_id
from core.conversations.arrivals import list_messages_since, newest_message_id
from core.database import Database
from core.errors import Unavailable
from core.statements import Reader

log = structlog.get_logger()

EVERY = 1.0
"""Seconds between two looks for what another process has written; what this one writes is seen at once."""
PAUSE = 0.1
"""Between two looks at least, however much is written."""
ANEW_AT_ONCE = 4
"""Of the pages that were woken, so many are made at a time: a thousand of them hold up nobody who presses a button."""
SIGN_OF_LIFE = 15.0
LASTS = 300.0
"""Seconds until a browser has to come again, and who it is is asked anew."""
AFTER_BREAK = "retry: 1000\n\n"
CHANGED = "event: changed\ndata: \n\n"
STILL_HERE = ": still here\n\n"
SEEN = re.compile(r"\d{1,18}\.\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody has seen: the newest event, and the newest message of a conversation."""

    event: int
    message: int

    def __str__(self) -> str:
        return f"{self.event}.{self.message}"

    def next(self, reader: Reader) -> "tuple[Seen, list[Happening]]":
        events, messages = list_since(reader, self.event), list_messages_since(reader, self.message)
        newest = Seen(
            max([self.event, *(one.id for one in events)]), max([self.message, *(one.id for one in messages)])
        )
        return newest, [*events, *messages]

    def later(self, reader: Reader) -> list[Happening]:
        return self.next(reader)[1]


def seen_by_now(reader: Reader) -> Seen:
    return Seen(newest_id(reader), newest_message_id(reader))


def _from_now_on(reader: Reader) -> tuple[Seen, list[Happening]]:
    return seen_by_now(reader), []


def read_seen(text: str) -> Seen | None:
    """'12.7' -> Seen(12, 7); None for anything else."""
    if not SEEN.fullmatch(text):
        return None
    event, _, message = text.partition(".")
    return Seen(int(event), int(message))


@dataclass(slots=True, eq=False)
class Watcher:
    client_id: int | None
    places: tuple[str, ...]
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def concerns(self, happening: Happening) -> bool:
        return happening.client_id == self.client_id and happening.path.startswith(self.places)


class Live:
    """One look at the database for all open pages of this process, and none when no page is open."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watchers: set[Watcher] = set()
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._has_begun = asyncio.Event()
        self._closed = False
        self.turns = asyncio.Semaphore(ANEW_AT_ONCE)
        database.committed.append(self._committed)

    async def close(self) -> None:
        """Every stream ends: a server that stops would wait for them."""
        self._closed = True
        for watcher in self._watchers:
            watcher.woken.set()
        self._news.set()
        if self._looking is not None:
            await self._looking

    async def stream(self, actor: Actor, seen: Seen | None = None) -> AsyncIterator[str]:
        """Server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html): `changed`, whatever it was. `seen`: when the
        page was made; what happened between that and now is not missed."""
        watcher = Watcher(actor.client_id, tuple(seat.path for seat in actor.seats))
        until = asyncio.get_running_loop().time() + LASTS
        with self._watching(watcher):
            yield AFTER_BREAK
            await self._has_begun.wait()  # else what is written between this look and its first one is seen by neither
            if seen and any(watcher.concerns(one) for one in await self._database.read(seen.later)):
                watcher.woken.set()
            while not self._closed and asyncio.get_running_loop().time() < until:
                try:
                    await asyncio.wait_for(watcher.woken.wait(), SIGN_OF_LIFE)
                    watcher.woken.clear()
                    yield CHANGED
                except TimeoutError:
                    yield STILL_HERE

    @contextlib.contextmanager
    def _watching(self, watcher: Watcher) -> Iterator[None]:
        self._watchers.add(watcher)
        if self._looking is None or self._looking.done():
            self._has_begun.clear()
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._watchers.discard(watcher)
            self._news.set()  # the last one to leave ends the looking

    def _committed(self, _topics: frozenset[str]) -> None:
        self._news.set()

    async def _look(self) -> None:
        seen = await self._wake(None)
        self._has_begun.set()
        while self._watchers and not self._closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), EVERY)
            self._news.clear()
            seen = await self._wake(seen)
            await asyncio.sleep(PAUSE)

    async def _wake(self, seen: Seen | None) -> Seen | None:
        """Whom it concerns. What cannot be read now is read the next time."""
        try:
            newest, happened = await self._database.read(seen.next if seen else _from_now_on)
        except Unavailable as error:
            log.warning("open pages could not be woken", error=str(error))
            return seen
        for watcher in self._watchers:
            if any(watcher.concerns(one) for one in happened):
                watcher.woken.set()
        return newest
