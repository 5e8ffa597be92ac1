"""Hearing customers: who writes, in which conversation, and every word of it kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, func, insert, select, update

from core.audit.record import Subject
from core.conversations.commands import HearCustomer, OpenWindow
from core.conversations.queries import (
    CONVERSATION_OF,
    get_conversation,
    get_customer,
)
from core.conversations.recognising import Merge, recognise
from core.conversations.tables import (
    Conversation,
    Customer,
    conversation_messages,
    conversations,
)
from core.mood.mood import mood_of
from core.outbox.notify import Chat, Notification, tell_chat
from core.outbox.windows import heard
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

NEW_CONVERSATION = Statement(
    insert(conversations)
    .values(
        {
            name: bindparam(name)
            for name in (
                "client_id",
                "customer_id",
                "channel",
                "account",
                "chat",
                "led_by",
                "last_inbound_at",
                "created_at",
            )
        }
    )
    .returning(conversations.c.id)
)
_AT = bindparam("at", type_=conversations.c.last_inbound_at.type)
HEARD = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"))
    .values(
        last_inbound_at=_AT,
        unanswered_since=case(
            (conversations.c.led_by == literally("assistant"), func.coalesce(conversations.c.unanswered_since, _AT))
        ),
    )
)
REACHABLE = Statement(
    update(conversations).where(conversations.c.id == bindparam("id_")).values(last_inbound_at=bindparam("at"))
)
MOVED = Statement(update(conversations).where(conversations.c.id == bindparam("id_")).values(chat=bindparam("chat_")))
LAST_WORD = Statement(
    select(conversations.c.last_inbound_at).where(conversations.c.id == bindparam("id")).with_for_update(key_share=True)
)
"""Locked: who writes at this moment is either seen here, or sees what waits for them."""
SURELY_OPEN = timedelta(hours=1)
"""So long after a word no platform's window is closed yet, and nobody has to be waited for."""
NEW_MESSAGE = Statement(
    insert(conversation_messages)
    .values({c.name: bindparam(c.name) for c in conversation_messages.c if c.name != "id"})
    .returning(conversation_messages.c.id)
)


@dataclass(frozen=True, slots=True)
class Heard:
    customer: Customer
    conversation: Conversation
    message_id: int
    merges: tuple[Merge, ...] = ()


def hear(command: HearCustomer, uow: UnitOfWork) -> Heard:
    recognised = recognise(command, uow)
    customer = recognised.customer
    conversation = _conversation(command, customer, uow)
    uow.run(HEARD, id_=conversation.id, at=uow.now)
    _window_opens(uow, conversation, command.chat)
    conversation = get_conversation(
        uow, conversation.id
    )  # who leads cannot change any more: the row is ours till the end
    message_id = 0
    for media_id in command.media_ids or (None,):
        text = command.text if message_id == 0 else ""
        message_id = write_message(
            uow,
            conversation.id,
            "in",
            customer.name,
            text,
            media_id=media_id,
            external_id=command.external_id,
            sent_at=command.sent_at,
            mood=mood_of(text, customer.language).score if text else None,
        )
    return Heard(customer, conversation, message_id, recognised.merges)


def tell_customer(uow: UnitOfWork, conversation: Conversation, notification: Notification) -> int | None:
    customer = get_customer(uow, conversation.customer_id)
    zone = get_unit(uow, conversation.client_id).time_zone
    heard_at = conversation.last_inbound_at
    if not _surely_open(heard_at, uow.now):
        heard_at = uow.one(LAST_WORD, id=conversation.id).last_inbound_at
    chat = Chat(
        conversation.channel,
        conversation.account,
        conversation.chat,
        language=customer.language,
        time_zone=zone,
        heard_at=heard_at,
    )
    return tell_chat(uow, chat, notification)


def write_message(
    uow: UnitOfWork, conversation_id: int, direction: str, author: str, text: str, **more: float | str | datetime | None
) -> int:
    """`more`: media_id, external_id, and of what a customer wrote its mood and when they sent it."""
    row = uow.one(
        NEW_MESSAGE,
        **({"media_id": None, "external_id": None, "mood": None, "sent_at": None} | more),
        conversation_id=conversation_id,
        direction=direction,
        author=author,
        person_id=uow.actor.person_id,
        text=text,
        at=uow.now,
    )
    return int(row.id)


def subject_of(conversation: Conversation) -> Subject:
    return Subject("conversation", conversation.id, "", conversation.client_id, conversation.client_id)


def _conversation(command: HearCustomer, customer: Customer, uow: UnitOfWork) -> Conversation:
    where = {"customer_id": customer.id, "channel": command.channel, "account": command.account}
    found = uow.first(CONVERSATION_OF, **where)
    if found is None:
        uow.one(
            NEW_CONVERSATION,
            **where,
            client_id=customer.client_id,
            chat=command.chat,
            led_by="assistant",
            last_inbound_at=uow.now,
            created_at=uow.now,
        )
        found = uow.one(CONVERSATION_OF, **where)
    return found


def open_window(command: OpenWindow, uow: UnitOfWork) -> None:
    conversation = get_conversation(uow, command.conversation_id)
    uow.run(REACHABLE, id_=conversation.id, at=uow.now)
    _window_opens(uow, conversation, command.chat)


def _window_opens(uow: UnitOfWork, before: Conversation, chat: str) -> None:
    """What was queued while it may have been closed leaves in full. Few change their address: it is in an index."""
    if before.chat != chat:
        uow.run(MOVED, id_=before.id, chat_=chat)
    if not _surely_open(before.last_inbound_at, uow.now):
        for where in {before.chat, chat}:
            heard(uow, before.channel, before.account, where)


def _surely_open(heard_at: datetime | None, now: datetime) -> bool:
    return heard_at is not None and now - heard_at < SURELY_OPEN


RULES = {
    HearCustomer: Rule(hear, "conversation.hear", lambda command, _: command.client_id),
    OpenWindow: Rule(
        open_window, "conversation.hear", lambda command, uow: get_conversation(uow, command.conversation_id).client_id
    ),
}
