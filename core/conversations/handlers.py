"""Hearing customers: who writes, in which conversation, and every word of it kept."""

from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, insert, update
from sqlalchemy.dialects.postgresql import insert as insert_once  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.conversations.commands import HearCustomer
from core.conversations.events import CustomerAppeared
from core.conversations.queries import (
    CONVERSATION_OF,
    CUSTOMER_BY_ADDRESS,
    CUSTOMER_BY_CODE,
    get_conversation,
    get_customer,
)
from core.conversations.tables import (
    Conversation,
    Customer,
    conversation_messages,
    conversations,
    customer_addresses,
    customers,
)
from core.fulltext.guessing import guess_language
from core.mood.mood import mood_of
from core.outbox.notify import Chat, Notification, tell_chat
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

NEW_CUSTOMER = Statement(
    insert(customers)
    .values(
        {
            name: bindparam(name)
            for name in ("client_id", "code", "name", "phone", "tier", "stage", "currency", "language")
        }
    )
    .returning(customers.c.id)
)
NEW_ADDRESS = Statement(
    insert_once(customer_addresses)
    .values({name: bindparam(name) for name in ("customer_id", "channel", "account", "address")})
    .on_conflict_do_nothing(index_elements=["channel", "account", "address"])
)
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
        chat=bindparam("chat_"),
        unanswered_since=case(
            (conversations.c.led_by == literally("assistant"), func.coalesce(conversations.c.unanswered_since, _AT))
        ),
    )
)
NEW_MESSAGE = Statement(
    insert(conversation_messages)
    .values({c.name: bindparam(c.name) for c in conversation_messages.c if c.name != "id"})
    .returning(conversation_messages.c.id)
)


SPEAKS = Statement(update(customers).where(customers.c.id == bindparam("id_")).values(language=bindparam("language_")))


@dataclass(frozen=True, slots=True)
class Heard:
    customer: Customer
    conversation: Conversation
    message_id: int


def hear(command: HearCustomer, uow: UnitOfWork) -> Heard:
    customer = _speaking(command, _known(command, uow) or _appear(command, uow), uow)
    for address in command.addresses:
        uow.run(NEW_ADDRESS, customer_id=customer.id, channel=command.channel, account=command.account, address=address)
    conversation = _conversation(command, customer, uow)
    uow.run(HEARD, id_=conversation.id, at=uow.now, chat_=command.chat)
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
            mood=mood_of(text, customer.language).score if text else None,
        )
    return Heard(customer, conversation, message_id)


def _speaking(command: HearCustomer, customer: Customer, uow: UnitOfWork) -> Customer:
    """From what they write the language is known better than from where they write."""
    spoken = guess_language(command.text)
    if not spoken or spoken == customer.language:
        return customer
    uow.run(SPEAKS, id_=customer.id, language_=spoken)
    return get_customer(uow, customer.id)


def tell_customer(uow: UnitOfWork, conversation: Conversation, notification: Notification) -> int | None:
    customer = get_customer(uow, conversation.customer_id)
    zone = get_unit(uow, conversation.client_id).time_zone
    chat = Chat(
        conversation.channel,
        conversation.account,
        conversation.chat,
        language=customer.language,
        time_zone=zone,
        heard_at=conversation.last_inbound_at,
    )
    return tell_chat(uow, chat, notification)


def write_message(
    uow: UnitOfWork, conversation_id: int, direction: str, author: str, text: str, **more: float | str | None
) -> int:
    """`more`: media_id, external_id, and the mood of what a customer wrote."""
    row = uow.one(
        NEW_MESSAGE,
        **({"media_id": None, "external_id": None, "mood": None} | more),
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


def _known(command: HearCustomer, uow: UnitOfWork) -> Customer | None:
    for address in command.addresses:
        found = uow.first(CUSTOMER_BY_ADDRESS, channel=command.channel, account=command.account, address=address)
        found = found or uow.first(CUSTOMER_BY_CODE, client_id=command.client_id, code=_code(command.channel, address))
        if found:
            return found
    return None


def _code(channel: str, address: str) -> str:
    """What a customer is called who was not imported: the same on every line of the client."""
    return f"{channel}-{address}"


def _appear(command: HearCustomer, uow: UnitOfWork) -> Customer:
    address = command.addresses[0]
    customer_id = uow.one(
        NEW_CUSTOMER,
        client_id=command.client_id,
        code=_code(command.channel, address),
        name=command.name or "Customer",
        phone=f"+{address}" if command.channel == "whatsapp" and address.isdigit() else "",
        tier="",
        stage="new",
        currency="",
        language=command.language,
    ).id
    subject = Subject("customer", customer_id, _code(command.channel, address), command.client_id, command.client_id)
    record(uow, subject, CustomerAppeared(command.channel))
    return get_customer(uow, customer_id)


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


RULES = {HearCustomer: Rule(hear, "conversation.hear", lambda command, _: command.client_id)}
