"""Customers who wait for words of the assistant: those a model is to find, and those nobody has found."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from core.conversations.queries import CONVERSATION_COLUMNS
from core.conversations.tables import Conversation, Message, conversation_messages, conversations
from core.schema import UTCDateTime
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

MOST_SAID = 20
"""Messages of a customer that one answer is for."""

_m = conversation_messages.c
_due = (
    select(conversations.c.id)
    .where(conversations.c.answer_due_at.is_not(None), conversations.c.answer_due_at <= bindparam("now"))
    .order_by(conversations.c.answer_due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
CLAIM = Statement(
    update(conversations)
    .where(conversations.c.id.in_(_due))
    .values(answer_due_at=bindparam("until"))
    .returning(conversations.c.id),
    int,
)
AGAIN = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"), conversations.c.answer_due_at.is_not(None))
    .values(answer_due_at=bindparam("now", type_=UTCDateTime))
)
STUCK = Statement(
    select(*CONVERSATION_COLUMNS)
    .where(conversations.c.unanswered_since.is_not(None), conversations.c.unanswered_since <= bindparam("before"))
    .order_by(conversations.c.unanswered_since)
    .limit(bindparam("limit")),
    Conversation,
)
_OURS = (
    select(func.max(_m.id))
    .where(_m.conversation_id == bindparam("conversation_id"), _m.direction == literally("out"))
    .scalar_subquery()
)
SAID = Statement(
    select(*(_m[name] for name in Message.__dataclass_fields__))
    .where(
        _m.conversation_id == bindparam("conversation_id"),
        _m.direction == literally("in"),
        _m.id > func.coalesce(_OURS, 0),
    )
    .order_by(_m.id.desc())
    .limit(MOST_SAID),
    Message,
)


def claim_due(uow: UnitOfWork, limit: int, lease: timedelta) -> list[int]:
    """Conversations whose answer nobody else looks for until the lease runs out."""
    return uow.all(CLAIM, now=uow.now, until=uow.now + lease, limit=limit)


def look_again(uow: UnitOfWork, conversation_id: int) -> None:
    """If an answer is still waited for, it is looked for at once."""
    uow.run(AGAIN, id_=conversation_id, now=uow.now)


def list_stuck(reader: Reader, before: datetime, limit: int) -> list[Conversation]:
    """Whose customer has waited for a word of the assistant since then or longer, the longest first."""
    return reader.all(STUCK, before=before, limit=limit)


def list_unanswered(reader: Reader, conversation_id: int) -> list[Message]:
    """What the customer has said since our last word, oldest first."""
    return reader.all(SAID, conversation_id=conversation_id)[::-1]
