"""One inbound message -> one unit of work -> its reply in the outbox. The outermost door for everything the platforms send."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace

import structlog

from bot.customers import hear_customer
from bot.identify import Line, identify
from bot.refusing import refuse_staff, welcome_stranger
from bot.staff import hear_staff
from channels.base import Answer, ChatMoved, Inbound, InboundMessage, Receipt, Source
from core.audit.inbox import first_time, put_aside
from core.database import Database
from core.errors import DomainError, Unavailable
from core.escalations.replies import follow_notification
from core.outbox.moves import move_chat
from core.outbox.receipts import take_receipt
from core.people.queries import Known
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

OUTCOMES: dict[type[Inbound], str] = {InboundMessage: "heard", Receipt: "receipt", ChatMoved: "moved"}


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
        for item in items:
            try:
                answer = await self._receive(item)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - one poison message does not hold up the others
                answer = await self._put_aside(source, body, error)
        return answer

    async def _receive(self, item: Inbound) -> Answer:
        def work(uow: UnitOfWork) -> Answer:
            if not first_time(uow, item.channel, item.account, item.event_ids, OUTCOMES[type(item)]):
                return Answer()
            return self._apply(uow, item)

        def refused(uow: UnitOfWork, refusal: DomainError) -> Answer:
            first_time(uow, item.channel, item.account, item.event_ids, "refused")
            assert isinstance(item, InboundMessage)
            return refuse_staff(uow, _keepable(item), refusal)

        return await self.database.write(work, refused=refused)

    def _apply(self, uow: UnitOfWork, item: Inbound) -> Answer:
        match item:
            case Receipt():
                told = take_receipt(
                    uow,
                    item.channel,
                    item.external_id,
                    item.state,
                    item.at,
                    delivery_id=item.delivery_id,
                    code=item.code,
                    reason=item.reason,
                    unreachable=item.unreachable and not self.test_mode,
                    window_closed=item.window_closed and not self.test_mode,
                )
                if told is not None:
                    follow_notification(uow, told)  # the agent sees that it was read
                return Answer()
            case ChatMoved():
                move_chat(uow, item.channel, item.account, item.old, item.new)
                return Answer()
            case InboundMessage():
                return self._hear(uow, item)

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
