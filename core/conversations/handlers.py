"""Hearing customers and answering them."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects.postgresql import insert as insert_once  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.conversations.commands import HearCustomer, SayToCustomer
from core.conversations.events import ConversationLed, CustomerAppeared
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
from core.errors import Conflict
from core.mood.mood import mood_of
from core.outbox.notify import Chat, Notification, tell_chat
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Reader, Statement
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
HEARD = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"))
    .values(last_inbound_at=bindparam("at"), chat=bindparam("chat_"))
)
NEW_MESSAGE = Statement(
    insert(conversation_messages)
    .values({c.name: bindparam(c.name) for c in conversation_messages.c if c.name != "id"})
    .returning(conversation_messages.c.id)
)
LEAD = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"), conversations.c.led_by != bindparam("led_by"))
    .values(led_by=bindparam("led_by"))
    .returning(conversations.c.id)
)


@dataclass(frozen=True, slots=True)
class Heard:
    customer: Customer
    conversation: Conversation
    message_id: int


def hear(command: HearCustomer, uow: UnitOfWork) -> Heard:
    customer = _known(command, uow) or _appear(command, uow)
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


def say(command: SayToCustomer, uow: UnitOfWork) -> int | None:
    """Looks again who leads the conversation, in the same transaction that queues the words."""
    conversation = get_conversation(uow, command.conversation_id)
    if conversation.led_by != "assistant":
        raise Conflict("A colleague leads this conversation now; the assistant stays silent.")
    write_message(uow, conversation.id, "out", "Assistant", command.text)
    return tell_customer(uow, conversation, Notification("conversation.said", {"text": command.text}))


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


def lead(uow: UnitOfWork, conversation: Conversation, led_by: str) -> None:
    """Switch who speaks with the customer; saying it twice changes nothing."""
    if uow.first(LEAD, id_=conversation.id, led_by=led_by):
        record(uow, subject_of(conversation), ConversationLed(led_by))


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


def _unit_of(command: HearCustomer | SayToCustomer, reader: Reader) -> int:
    if isinstance(command, HearCustomer):
        return command.client_id
    return get_conversation(reader, command.conversation_id).client_id


RULES = {
    HearCustomer: Rule(hear, "conversation.hear", _unit_of),
    SayToCustomer: Rule(say, "conversation.hear", _unit_of),
}
