"""The part of a lane that keeps to the number of people it may begin to write to in a day (channels/limits.py): what is too much
goes back and says when it leaves, and the admins are told once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from channels.base import Sender
from channels.limits import RECIPIENTS_WINDOW
from core.database import Database
from core.outbox.beginning import list_begun, report_full
from core.outbox.dispatching import Settlement
from core.outbox.giving_back import hold
from core.outbox.tables import Delivery
from core.outbox.windows import let_go
from core.unit_of_work import UnitOfWork
from jobs.recipients import Recipients

MARGIN = timedelta(minutes=1)
"""A window that closes within this time counts as closed: the message may leave a little later."""
WHY = "recipients"


class Audience:
    """`most` 0: as many as one likes."""

    def __init__(self, database: Database, sender: Sender, most: int) -> None:
        self._database = database
        self._sender = sender
        self._recipients = Recipients(most, RECIPIENTS_WINDOW)
        self._limited = most > 0 and sender.capabilities.window_hours is not None

    async def remember(self) -> None:
        """A new owner of the lane goes on from what was sent in the last window."""
        if self._limited:
            channel, account = self._sender.channel, self._sender.account
            since = self._database.clock.now() - RECIPIENTS_WINDOW
            self._recipients.remember(
                await self._database.read(lambda reader: list_begun(reader, channel, account, since))
            )

    def admits(self, delivery: Delivery) -> bool:
        if not self._limited or delivery.kind != "message" or self._answers(delivery):
            return True
        return self._recipients.admit(delivery.id, delivery.chat, self._database.clock.now())

    def _answers(self, delivery: Delivery) -> bool:
        """They wrote lately: what is sent now does not count."""
        window = timedelta(hours=self._sender.capabilities.window_hours or 0)
        return delivery.heard_at is not None and self._database.clock.now() - delivery.heard_at < window - MARGIN

    async def hold(self, too_many: Sequence[Delivery]) -> None:
        if not too_many:
            return
        moments = self._recipients.leave_at([(one.urgency, one.id) for one in too_many], self._database.clock.now())
        name, most = f"{self._sender.channel}:{self._sender.account}", self._recipients.most

        def work(uow: UnitOfWork) -> None:
            hold(uow, list(zip(too_many, moments, strict=True)), WHY)
            report_full(uow, name, most, max(moments))

        await self._database.write(work)

    def not_sent(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self._recipients.ended(delivery.id, self._database.clock.now(), left=False)

    def settled(self, end: Settlement) -> bool:
        """True when others that wait for a place may go now, because their chat has got one."""
        if not self._limited:
            return False
        left = end.as_notice and end.outcome in ("sent", "unknown")
        new = self._recipients.ended(end.delivery.id, self._database.clock.now(), left=left)
        return new and self._recipients.anybody_waits

    def let_others_go(self, uow: UnitOfWork, to: Delivery) -> None:
        let_go(uow, to.channel, to.account, to.chat, to.heard_at)
