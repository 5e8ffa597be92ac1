"""A pressed button asks the database for what this press needs, and not again for what every press before it has read."""

import pytest

from core.conversations.commands import HearCustomer
from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, furnished

PRESSES = 3
AT_MOST = 15
"""Statements, the last one's answer included. More than that: is one of them known already?"""


def pending(uow: UnitOfWork) -> Desk:
    desk = furnished(uow)
    for number in range(PRESSES):
        phone = f"3460000000{number}"
        said = HearCustomer(desk.client, "whatsapp", "default", (phone,), phone, "Doug", "Where is it?")
        heard = execute(said, uow)
        wish = RaiseEscalation(desk.client, heard.customer.id, "requested_human", conversation_id=heard.conversation.id)
        execute(wish, uow)
    return desk


async def test_a_press_runs_few_statements(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("counted by SQLite")
    await database.write(pending)
    chat, ran = Chat(database), list[str]()
    await chat.reads("C1")

    def watch(uow: UnitOfWork) -> None:
        uow.connection.connection.dbapi_connection.set_trace_callback(ran.append)  # type: ignore[union-attr]

    await database.write(watch)
    for number in range(1, PRESSES + 1):
        ran.clear()
        press = builders.inbound(
            "slack-ANA", "", channel="slack", chat="C1", way="button", command=f"claim ESC-{number}"
        )
        await chat.hears(press)
        counted = [sql for sql in ran if not sql.startswith(("BEGIN", "COMMIT", "PRAGMA", "--"))]
    assert len(counted) <= AT_MOST, "\n\n".join(counted)
