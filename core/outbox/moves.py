"""A chat that got a new id (a Telegram group that became a supergroup): everything meant for the old one goes to the new."""

from sqlalchemy import bindparam, update

from core.outbox.tables import deliveries
from core.people.tables import boards
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_OLD = {"channel": "channel_", "account": "account_", "chat": "old"}
MOVES = [
    Statement(
        update(table)
        .where(*(table.c[column] == bindparam(name) for column, name in _OLD.items()))
        .values(chat=bindparam("new"))
    )
    for table in (deliveries, boards)
]


def move_chat(uow: UnitOfWork, channel: str, account: str, old: str, new: str) -> None:
    for statement in MOVES:
        uow.run(statement, channel_=channel, account_=account, old=old, new=new)
