"""Whose a lane is: of one process at a time, by a leased row. Who takes it over counts on from what the last owner sent, and what
that one had claimed and not begun waits again."""

from collections.abc import Container
from datetime import datetime, timedelta

import structlog

from channels.limits import line_of
from core.clock import monotonic
from core.database import Database
from core.outbox.in_hand import list_under_way, take_over
from core.outbox.lanes import changed_topic, list_recent_sends, note_speed
from core.scheduling.queries import drop_lease, take_lease
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from jobs.pace import Pace

log = structlog.get_logger()

LEASE = timedelta(seconds=15)
RENEW_EVERY = 5.0
LONGEST_WINDOW = timedelta(minutes=5)


class Ownership:
    def __init__(self, database: Database, channel: str, account: str, owner: str, pace: Pace) -> None:
        self._database = database
        self._channel, self._account = channel, account
        self._lane = f"{channel}:{account}"
        self._name = f"lane:{self._lane}"
        self._owner = owner
        self._pace = pace
        self._until = float("-inf")
        self._renew_at = float("-inf")

    @property
    def lasts(self) -> bool:
        """Another may own it as soon as this is False, whatever the database says."""
        return monotonic() <= self._until

    @property
    def looks(self) -> bool:
        """It is time to ask for it, or to renew it."""
        return monotonic() >= self._renew_at

    def has_news(self, topics: Container[str]) -> bool:
        """Whether an operator or a receipt has just said something about the lane; then it is looked at without waiting for its
        renewal."""
        if changed_topic(self._lane) not in topics:
            return False
        self._renew_at = float("-inf")
        return True

    async def take(self) -> bool:
        """Take or renew it; True while it is ours."""
        began, now = monotonic(), self._database.clock.unmoved()
        mine = await self._database.write(lambda uow: take_lease(uow, self._name, self._owner, LEASE, now))
        if not mine:
            self.dropped()
            return False
        if began > self._until:
            await self._take_over()
        self._renew_at, self._until = began + RENEW_EVERY, began + LEASE.total_seconds()
        self._pace.forget_idle(began)
        return True

    async def _take_over(self) -> None:
        waits = await self._database.write(self._begin)
        if waits:
            log.warning("the last owner of a lane had claimed what it never began", lane=self._name, count=waits)
        clock = self._database.clock
        since = clock.now() - LONGEST_WINDOW
        recent = await self._database.read(lambda reader: self._sends(reader, since))
        now, steady = clock.now(), monotonic()
        self._pace.remember(
            (line_of(self._channel, kind, chat), steady - (now - at).total_seconds()) for kind, chat, at in recent
        )

    def _begin(self, uow: UnitOfWork) -> int:
        note_speed(uow, f"{self._channel}:{self._account}", self._pace.steady_rate)
        return take_over(uow, self._channel, self._account)

    def _sends(self, reader: Reader, since: datetime) -> list[tuple[str, str, datetime]]:
        settled = list_recent_sends(reader, self._channel, self._account, since)
        under_way = list_under_way(reader, self._channel, self._account, since)
        return sorted([*settled, *under_way], key=lambda send: send[2])

    def drop(self, uow: UnitOfWork) -> None:
        drop_lease(uow, self._name, self._owner)

    def dropped(self) -> None:
        """It is another's, or anybody's."""
        self._until = self._renew_at = float("-inf")
