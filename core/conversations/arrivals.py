"""What customers have written lately where a human leads: an open page waits for it, and no event says it."""

from sqlalchemy import bindparam, func, select

from core.audit.happenings import AT_ONCE, Happening
from core.conversations.tables import conversation_messages, conversations
from core.people.tables import units
from core.statements import Reader, Statement, literally

NEWEST = Statement(select(func.coalesce(func.max(conversation_messages.c.id), 0).label("id")))
SINCE = Statement(
    select(conversation_messages.c.id, conversations.c.client_id, units.c.path)
    .join(conversations, conversations.c.id == conversation_messages.c.conversation_id)
    .join(units, units.c.id == conversations.c.client_id)
    .where(conversation_messages.c.id > bindparam("last"), conversations.c.led_by == literally("human"))
    .order_by(conversation_messages.c.id)
    .limit(bindparam("limit")),
    Happening,
)


def newest_message_id(reader: Reader) -> int:
    return int(reader.one(NEWEST).id)


def list_messages_since(reader: Reader, last: int) -> list[Happening]:
    """In their order, at most AT_ONCE."""
    return reader.all(SINCE, last=last, limit=AT_ONCE)
