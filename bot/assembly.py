"""The one place that wires the rooms: settings in, a program out that can be started and stopped."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import SystemRandom

import structlog

from bot.accounts import Connected, Off, accounts_of, connect, recipients_of, sends_per_second
from bot.jobs import jobs_of
from bot.kept_settings import keep_settings
from bot.model import model_of
from bot.readiness import Readiness
from bot.receive import Door
from bot.settings import Settings
from bot.test_mode import redirected
from bot.webhooks import webhook_sender
from channels.base import Answer, Sender, Source
from channels.failures import PermanentFailure, SendFailure
from channels.limits import limits_for
from core.audit.inbox import find_quarantined, mark_replayed
from core.clock import Clock
from core.database import Database
from core.errors import Unavailable
from core.media.files import suffix_of
from core.media.made import MADE
from core.media.queries import get_media
from core.media.store import Store
from core.scheduling.queries import find_kept, find_last_tick
from core.training.renewing import RENEWERS
from jobs.attempt import Attempt
from jobs.climb import climb_due
from jobs.dispatch import Lane
from jobs.pace import Pace
from jobs.sharing import Sharing
from jobs.ticks import Job, fire
from jobs.timetable import Timetable
from jobs.training_escalation import run_training_escalation
from jobs.training_files import make_file

log = structlog.get_logger()

PARTS = frozenset({"web", "dispatch", "jobs"})


def open_database(settings: Settings, clock: Clock | None = None) -> Database:
    return Database(settings.database_url, clock or Clock())


class Program:
    """Everything wired. `only`: which parts of the work this process does; listening to platforms belongs to `web`."""

    def __init__(self, settings: Settings, database: Database, *, only: frozenset[str] = PARTS) -> None:
        self.settings = settings
        self.database = database
        self.only = only
        self.owner = f"{socket.gethostname()}:{secrets.token_hex(4)}"
        codes = {(account.channel, account.name): account.client for account in accounts_of(settings)}
        defaults = codes | {("", ""): settings.default_client}
        self.model = model_of(settings, database)
        self.door = Door(
            database,
            settings.base_url,
            defaults,
            test_mode=settings.escalation_test_mode,
            has_model=self.model is not None,
        )
        self.connected: list[Connected]
        self.off: list[Off]
        self.connected, self.off = connect(settings, self.door.take, database.clock.now)
        senders: dict[tuple[str, str], Sender] = {
            (c.sender.channel, c.sender.account): c.sender for c in self.connected
        }
        hooks = webhook_sender(settings, database)
        self.senders = redirected(settings, senders, database) | {(hooks.channel, hooks.account): hooks}
        self.sources: dict[tuple[str, str], Source] = {
            (c.source.channel, c.source.account): c.source for c in self.connected
        }
        self.store = Store(settings.media_folder)
        self.sharing = Sharing(database, self.owner, [f"{channel}:{account}" for channel, account in self.senders])
        attempt = Attempt(database.clock, self.find_file, SystemRandom())
        self.lanes = [self._lane(sender, attempt) for sender in self.senders.values()]
        self.timetable = Timetable(database.clock, self.jobs(), self._fire)
        self.readiness = Readiness(settings, database, self.off, self.lanes)
        self._tasks: list[asyncio.Task[None]] = []

    def _lane(self, sender: Sender, attempt: Attempt) -> Lane:
        limits = partial(limits_for, sends_per_second=sends_per_second(self.settings))
        pace = Pace(sender.channel, limits, self.settings.send_guard_seconds)
        recipients = recipients_of(self.settings, sender.channel, sender.account)
        return Lane(
            self.database,
            sender,
            attempt,
            self.owner,
            pace,
            recipients=recipients,
            renewers=RENEWERS,
            sharing=self.sharing,
        )

    def jobs(self) -> list[Job]:
        return jobs_of(self.settings, self.database, self.senders, self.store, self.model)

    async def run_job(self, name: str) -> object:
        """Run one job now, whatever its timetable says. Raises KeyError for an unknown name."""
        jobs = {job.name: job for job in self.jobs()}
        if name == "training-escalation":
            return await run_training_escalation(self.database)
        return await jobs[name].run(self.database.clock.now())

    async def _fire(self, job: Job, at: datetime) -> bool:
        return await fire(self.database, job, at, self.owner)

    async def start(self) -> None:
        """Begin to listen, to send and to keep time. What cannot be reached is said and tried again, not fatal."""
        await self._move_clock()
        await keep_settings(self.database, self.settings)
        for account in self.off:
            log.error(account.sentence)
        if "web" in self.only:
            self._listen()
        if "dispatch" in self.only:
            for lane in self.lanes:
                self._run(lane.run())
        if "jobs" in self.only:
            await self._resume()
            self.timetable.start()

    async def _move_clock(self) -> None:
        """A demonstration's clock stays where it was moved to."""
        offset = await self.database.read(lambda reader: find_kept(reader, "clock_offset_seconds"))
        if offset and self.settings.only_stand_ins:
            self.database.clock.offset = timedelta(seconds=float(offset))

    def _listen(self) -> None:
        for one in self.connected:
            if one.listener:
                self._run(one.listener.listen(self.door.take))
            if one.prepare:
                self._run(_prepared(one.prepare, one.sender.channel))

    def _run(self, work: Awaitable[None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    async def _resume(self) -> None:
        fired = {}
        for job in self.jobs():
            at = await self.database.read(lambda reader, name=job.name: find_last_tick(reader, name))  # type: ignore[misc]
            if at:
                fired[job.name] = at
        self.timetable.resume(fired)

    async def run_due(self) -> None:
        """Everything that has come due by now, at once: after the clock was moved."""
        await self.timetable.beat()
        await climb_due(self.database)

    async def replay(self, quarantine_id: int) -> Answer:
        """Take a payload from the quarantine once more; what was done already is not done again."""
        held = await self.database.read(lambda reader: find_quarantined(reader, quarantine_id))
        if held is None:
            raise LookupError(quarantine_id)
        await self.database.write(lambda uow: mark_replayed(uow, quarantine_id))
        return await self.door.take(self.sources[held.channel, held.account], held.body.encode())

    async def find_file(self, media_id: int) -> Path | None:
        found = await self.database.read(lambda reader: get_media(reader, media_id))
        if found.state == "failed":
            raise PermanentFailure("photo", found.error or "The photo could not be fetched from where it was sent.")
        if found.channel == MADE:
            return await make_file(self.database, self.settings.media_folder, found)
        return self.store.path(found.digest, suffix_of(found.mime)) if found.digest else None

    async def stop(self) -> None:
        """Finish what is on the wire, give back the rest, close everything."""
        if "jobs" in self.only:
            self.timetable.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if "dispatch" in self.only:
            with contextlib.suppress(Unavailable):
                await self.database.write(self.sharing.leave)
        for sender in self.senders.values():
            with contextlib.suppress(SendFailure):
                await sender.close()
        if self.model:
            await self.model.close()
        await self.database.close()


async def _prepared(prepare: Callable[[], Awaitable[None]], channel: str) -> None:
    """Announce our webhook; the platform may be unreachable for a while."""
    pause = 1.0
    while True:
        try:
            return await prepare()
        except SendFailure as failure:
            log.warning("the webhook could not be announced yet", channel=channel, reason=str(failure))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60)
