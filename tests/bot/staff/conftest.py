"""An agent's desk with one case, whose card stands on the board."""

from datetime import timedelta

import pytest

from core.database import Database
from core.escalations.replies import keep_take_back
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, furnished, raised


@pytest.fixture
async def desk(database: Database) -> Desk:
    def work(uow: UnitOfWork) -> Desk:
        made = furnished(uow)
        keep_take_back(uow, timedelta(0))
        raised(uow, made)
        builders.person(uow, made.client, "technician", "TOM")
        return made

    return await database.write(work)


@pytest.fixture
async def chat(database: Database, desk: Desk) -> Chat:
    """The card of ESC-1 stands on the board C1 already."""
    chat = Chat(database)
    await chat.reads("C1")
    return chat
