"""One inbound message -> one unit of work -> its reply in the outbox. The outermost door for everything the platforms send."""

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import structlog

from bot.customers import hear_customer
from bot.identify import Line, identify
from bot.refusing import refuse_staff, welcome_stranger
from bot.staff import hear_staff
from channels.base import Answer, ChatMoved, Inbound, InboundMessage, Receipt, Source
from core.audit.inbox import first_time, first_times, put_aside
from core.database import Database
from core.errors import DomainError, Unavailable
from core.escalations.replies import follow_receipts
from core.outbox.moves import move_chat
from core.outbox.receipts import Word, take_receipts
from core.people.queries import Known
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

MOST_TOGETHER = 100
"""Receipts of one payload in one unit of work: others are not to wait for a thousand of them."""


@dataclass(frozen=True, slots=True)
class Door:
    """What intake needs to know of the outside: the address of our pages, and which client an unknown customer writes to."""

    database: Database
    base_url: str
    default_clients: dict[tuple[str, str], str]
    """(channel, account) -> client code; ('', '') for all others; a code of '' means: the only client."""
    test_mode: bool = False
    """Everything goes to the test number: when that cannot be reached, it says nothing about those it was meant for."""
    has_model: bool = False
    """The assistant may have one find the words."""

    async def take(self, source: Source, body: bytes) -> Answer:
        """Everything in a payload, one unit of work per message. Returns once all of it is committed or quarantined.

        Raises Unavailable when nothing could be stored.
        """
        try:
            items = source.normalise(body)
        except Exception as error:  # noqa: BLE001 - the outermost door: kept raw, blocks nothing
            return await self._put_aside(source, body, error)
        answer = Answer()
        for together in _in_turn(items):
            answer = await self._take(source, body, together)
        return answer

    async def _take(self, source: Source, body: bytes, together: Sequence[Inbound]) -> Answer:
        try:
            if not isinstance(together[0], Receipt):
                return await self._receive(together[0])
            await self.database.write_in_sets(self._note, [one for one in together if isinstance(one, Receipt)])
            return Answer()
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one poison message does not hold up the others
            if len(together) == 1:
                return await self._put_aside(source, body, error)
        for one in together:
            await self._take(source, body, (one,))
        return Answer()

    def _note(self, uow: UnitOfWork, receipts: list[Receipt]) -> None:
        new = first_times(uow, [(one.channel, one.account, *one.event_ids) for one in receipts], "receipt")
        words = [self._word(one) for one, is_new in zip(receipts, new, strict=True) if is_new]
        follow_receipts(uow, take_receipts(uow, words))  # the agent sees that it was read

    def _word(self, receipt: Receipt) -> Word:
        return Word(
            receipt.channel,
            receipt.external_id,
            receipt.state,
            receipt.at,
            receipt.delivery_id,
            receipt.code,
            receipt.reason,
            receipt.unreachable and not self.test_mode,
            receipt.window_closed and not self.test_mode,
            receipt.stops_lane,
            receipt.again_after,
            receipt.holds,
        )

    async def _receive(self, item: InboundMessage | ChatMoved) -> Answer:
        def work(uow: UnitOfWork) -> Answer:
            moved = isinstance(item, ChatMoved)
            if not first_time(uow, item.channel, item.account, item.event_ids, "moved" if moved else "heard"):
                return Answer()
            if isinstance(item, InboundMessage):
                return self._hear(uow, item)
            move_chat(uow, item.channel, item.account, item.old, item.new)
            return Answer()

        def refused(uow: UnitOfWork, refusal: DomainError) -> Answer:
            first_time(uow, item.channel, item.account, item.event_ids, "refused")
            assert isinstance(item, InboundMessage)
            return refuse_staff(uow, _keepable(item), refusal)

        return await self.database.write(work, refused=refused)

    def _hear(self, uow: UnitOfWork, message: InboundMessage) -> Answer:
        message = _keepable(message)
        key = (message.channel, message.account)
        code = self.default_clients.get(key, self.default_clients.get(("", ""), ""))
        match identify(uow, message, code):
            case Known() as known:
                return hear_staff(uow, message, known, self.base_url)
            case Line(client_id):
                return hear_customer(uow, message, client_id, model=self.has_model)
            case None:
                return welcome_stranger(uow, message)

    async def _put_aside(self, source: Source, body: bytes, error: Exception) -> Answer:
        trace = "".join(traceback.format_exception(error))
        text = body.decode("utf-8", "replace")
        kept = await self.database.write(
            lambda uow: put_aside(uow, source.channel, source.account, text, type(error).__name__, trace)
        )
        log.error("a payload could not be handled and is in quarantine", quarantine=kept, error=type(error).__name__)
        return Answer()


def _in_turn(items: Sequence[Inbound]) -> Iterator[list[Inbound]]:
    """Receipts that follow each other together, everything else by itself."""
    for are_receipts, group in groupby(items, key=lambda item: isinstance(item, Receipt)):
        found = list(group)
        size = MOST_TOGETHER if are_receipts else 1
        yield from (found[first : first + size] for first in range(0, len(found), size))


def _keepable(message: InboundMessage) -> InboundMessage:
    """Without U+0000, which PostgreSQL keeps in no text."""
    said = (message.text, message.sender_name, message.command or "", *_answers(message))
    if not any("\0" in text for text in said):
        return message
    form = message.form and replace(message.form, answers={k: _whole(v) for k, v in message.form.answers.items()})
    return replace(
        message,
        text=_whole(message.text),
        sender_name=_whole(message.sender_name),
        command=message.command and _whole(message.command),
        form=form,
    )


def _answers(message: InboundMessage) -> Iterable[str]:
    return message.form.answers.values() if message.form else ()


def _whole(text: str) -> str:
    return text.replace("\0", "")
