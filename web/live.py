"""Wakes open pages when something happened that their person may see: a page then asks for itself anew."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import partial

from core.actor import Actor
from core.audit.happenings import Happening, list_since, newest_id
from core.database import Database

EVERY = 1.0
"""Seconds between two looks for what another process has written; what this one writes is seen at once."""
SIGN_OF_LIFE = 15.0
LASTS = 300.0
"""Seconds until a browser has to come again, and who it is is asked anew."""
AFTER_BREAK = "retry: 1000\n\n"
CHANGED = "event: changed\ndata: \n\n"
STILL_HERE = ": still here\n\n"


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
        self._closed = False
        database.committed.append(self._committed)

    async def close(self) -> None:
        """Every stream ends: a server that stops would wait for them."""
        self._closed = True
        for watcher in self._watchers:
            watcher.woken.set()
        self._news.set()
        if self._looking is not None:
            await self._looking

    async def stream(self, actor: Actor) -> AsyncIterator[str]:
        """Server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html): `changed`, whatever it was."""
        watcher = Watcher(actor.client_id, tuple(seat.path for seat in actor.seats))
        until = asyncio.get_running_loop().time() + LASTS
        with self._watching(watcher):
            yield AFTER_BREAK
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
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._watchers.discard(watcher)
            self._news.set()  # the last one to leave ends the looking

    def _committed(self, topics: frozenset[str]) -> None:
        if "events" in topics:
            self._news.set()

    async def _look(self) -> None:
        last = await self._database.read(newest_id)
        while self._watchers and not self._closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), EVERY)
            self._news.clear()
            for happening in await self._database.read(partial(list_since, last=last)):
                last = max(last, happening.id)
                for watcher in self._watchers:
                    if watcher.concerns(happening):
                        watcher.woken.set()
