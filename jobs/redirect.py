"""Test mode: everything goes to one test address and says for whom it is; nobody else gets anything."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from channels.base import Outgoing, Sender
from channels.card import Card, Paragraph, Span
from channels.failures import PermanentFailure, TemporaryFailure
from core.clock import monotonic
from core.people.contacts import CHANNEL_NAMES
from jobs.pace import Grant, Log

Look = Callable[[Outgoing], Awaitable[tuple[str, bool]]]
"""The name of the real recipient, and whether the test address may be sent free text now."""


@dataclass(slots=True)
class Turns:
    """What all lanes together may send to one address. A delivery that has to wait gets a moment of its own and keeps it."""

    log: Log
    moments: dict[int, float] = field(default_factory=dict)

    def wait(self, delivery_id: int) -> float:
        """Seconds until it is this one's turn; 0: now."""
        now = monotonic()
        moment = self.moments.pop(delivery_id, None)
        if moment is None:
            moment = self.log.free_at(now)
            self.log.note(Grant(moment))
        if moment > now:
            self.moments[delivery_id] = moment
        return max(moment - now, 0.0)


class Redirected:
    """Stands where the sender of a lane stood. Only sending is redirected: files still come from where they are."""

    def __init__(self, instead_of: Sender, through: Sender, address: str, turns: Turns, look: Look) -> None:
        self.channel, self.account = instead_of.channel, instead_of.account
        self.capabilities = replace(through.capabilities, window_hours=None)  # the window is that of the test address
        self.fetch, self.check, self.close = instead_of.fetch, instead_of.check, instead_of.close
        self.erase = instead_of.erase
        self._through = through
        self._address = address
        self._turns = turns
        self._look = look

    async def send(self, message: Outgoing) -> str:
        if wait := self._turns.wait(message.delivery_id):
            raise TemporaryFailure("turn", "the test address gets one after the other", retry_after=wait)
        name, window_open = await self._look(message)
        card = _marked(message, f"TEST for {name} on {CHANNEL_NAMES[self.channel]}")
        redirected = replace(
            message, chat=self._address, card=card, thread=None, edits=None, visible_to=None, window_open=window_open
        )
        try:
            return await self._through.send(redirected)
        except PermanentFailure as failure:
            reason = f"the test address: {failure.reason}"
            raise PermanentFailure(failure.code, reason, broken=failure.broken, halts=failure.halts) from failure


def _marked(message: Outgoing, mark: str) -> Card:
    card = message.card
    notice = f"{mark}: {card.notice}"
    if message.edits:
        said = Paragraph((Span(card.update or card.notice),))
        return Card(notice=notice, title=mark, paragraphs=(said,))
    title = (Paragraph((Span(card.title, "bold"),)),) if card.title else ()
    return replace(card, notice=notice, title=mark, paragraphs=(*title, *card.paragraphs))
