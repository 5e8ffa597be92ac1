"""Finding customers, their conversations, and the last things said."""

from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, func, select, union_all

from core.conversations.tables import (
    Conversation,
    Customer,
    Message,
    conversation_messages,
    conversations,
    customer_addresses,
    customers,
)
from core.errors import NotFound
from core.people.tables import contact_methods
from core.statements import Reader, Statement

CUSTOMER_COLUMNS = [customers.c[name] for name in Customer.__dataclass_fields__]
CONVERSATION_COLUMNS = [conversations.c[name] for name in Conversation.__dataclass_fields__]

CUSTOMER_BY_ID = Statement(select(*CUSTOMER_COLUMNS).where(customers.c.id == bindparam("customer_id")), Customer)
_called = customers.alias("called")
CUSTOMER_BY_CODE = Statement(
    select(*CUSTOMER_COLUMNS)
    .join(_called, customers.c.id == func.coalesce(_called.c.merged_into, _called.c.id))
    .where(_called.c.client_id == bindparam("client_id"), _called.c.code == bindparam("code")),
    Customer,
)
CUSTOMER_BY_ADDRESS = Statement(
    select(*CUSTOMER_COLUMNS)
    .join(customer_addresses, customer_addresses.c.customer_id == customers.c.id)
    .where(
        customer_addresses.c.client_id == bindparam("client_id"),
        customer_addresses.c.channel == bindparam("channel"),
        customer_addresses.c.address == bindparam("address"),
    ),
    Customer,
)
CONVERSATION_BY_ID = Statement(
    select(*CONVERSATION_COLUMNS).where(conversations.c.id == bindparam("conversation_id")), Conversation
)
CONVERSATION_OF = Statement(
    select(*CONVERSATION_COLUMNS).where(
        conversations.c.customer_id == bindparam("customer_id"),
        conversations.c.channel == bindparam("channel"),
        conversations.c.account == bindparam("account"),
    ),
    Conversation,
)
LATEST_CONVERSATION_OF = Statement(
    select(*CONVERSATION_COLUMNS)
    .where(
        conversations.c.customer_id == bindparam("customer_id"),
        conversations.c.last_inbound_at.is_not(None),  # not one that was only brought in: nothing can be said there
    )
    .order_by(conversations.c.last_inbound_at.desc(), conversations.c.id.desc())
    .limit(1),
    Conversation,
)
A_FEW = 10
LAST_MESSAGES = Statement(
    select(*[conversation_messages.c[name] for name in Message.__dataclass_fields__])
    .where(conversation_messages.c.conversation_id == bindparam("conversation_id"))
    .order_by(conversation_messages.c.id.desc())
    .limit(bindparam("limit")),
    Message,
)

_HEARD = union_all(
    select(contact_methods.c.last_inbound_at.label("at")).where(
        contact_methods.c.channel == bindparam("channel"),
        contact_methods.c.account == bindparam("account"),
        contact_methods.c.address == bindparam("address"),
    ),
    select(conversations.c.last_inbound_at.label("at")).where(
        conversations.c.channel == bindparam("channel"),
        conversations.c.account == bindparam("account"),
        conversations.c.chat == bindparam("address"),
    ),
).subquery()
LAST_HEARD = Statement(select(func.max(_HEARD.c.at).label("at")))


def get_customer(reader: Reader, customer_id: int) -> Customer:
    customer = reader.first(CUSTOMER_BY_ID, customer_id=customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def get_conversation(reader: Reader, conversation_id: int) -> Conversation:
    conversation = reader.first(CONVERSATION_BY_ID, conversation_id=conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def list_last_messages(reader: Reader, conversation_id: int, limit: int) -> list[Message]:
    """The newest `limit` messages, oldest of them first. A few are read at once: a card, its package and its rules ask for
    different numbers of the same."""
    found = reader.all(LAST_MESSAGES, conversation_id=conversation_id, limit=max(limit, A_FEW))
    return in_order(found[:limit][::-1])


def in_order(messages: list[Message]) -> list[Message]:
    """As they were said: platforms repeat and bring together what a customer wrote, and not always in order. What we said stays
    where it is, whatever the platform's clock says; between it their messages go by that clock."""
    turns = groupby(messages, key=lambda message: message.direction == "in")
    return [one for theirs, turn in turns for one in (sorted(turn, key=_when) if theirs else turn)]


def _when(message: Message) -> tuple[datetime, int]:
    return message.sent_at or message.at, message.id


def find_last_heard(reader: Reader, channel: str, account: str, address: str) -> datetime | None:
    """When somebody last wrote from this address, colleague or customer."""
    heard: datetime | None = reader.one(LAST_HEARD, channel=channel, account=account, address=address).at
    return heard
