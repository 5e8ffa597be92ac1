"""When the other side last wrote, as it is known now. Locked: who writes at this moment is either seen here, or sees there what has
left."""

from datetime import datetime

from sqlalchemy import bindparam, select

from core.conversations.tables import conversations
from core.people.tables import contact_methods
from core.statements import Statement
from core.unit_of_work import UnitOfWork

COLLEAGUE = Statement(
    select(contact_methods.c.last_inbound_at)
    .where(
        contact_methods.c.channel == bindparam("channel"),
        contact_methods.c.account == bindparam("account"),
        contact_methods.c.address == bindparam("chat"),
    )
    .with_for_update(key_share=True)
)
CUSTOMER = Statement(
    select(conversations.c.last_inbound_at)
    .where(
        conversations.c.channel == bindparam("channel"),
        conversations.c.account == bindparam("account"),
        conversations.c.chat == bindparam("chat"),
        conversations.c.last_inbound_at.is_not(None),
    )
    .with_for_update(key_share=True)
)


def last_heard(uow: UnitOfWork, channel: str, account: str, chat: str) -> datetime | None:
    """None: nobody who is known writes from there, or they never have."""
    found = uow.first(COLLEAGUE, channel=channel, account=account, chat=chat)
    return found.last_inbound_at if found else customer_heard(uow, channel, account, chat)


def customer_heard(uow: UnitOfWork, channel: str, account: str, chat: str) -> datetime | None:
    """The same where no contact method says so."""
    found = uow.all(CUSTOMER, channel=channel, account=account, chat=chat)
    return max((row.last_inbound_at for row in found), default=None)
