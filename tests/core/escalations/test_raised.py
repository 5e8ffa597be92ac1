"""A case is raised: who is told first, and what a second cause adds to it."""

from typing import Any

import pytest

from core.actor import SYSTEM
from core.database import Database
from core.escalations.queries import list_queue
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import brought_to, furnished, raised


async def test_a_human_wanted_is_put_on_the_board_with_a_button(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        raised(uow, furnished(uow))
        (card,) = builders.outbox(uow)
        return card.chat, card.template, card.commands

    assert await database.write(work) == ("C1", "escalation.card", ["claim ESC-1", "package ESC-1", "guide ESC-1"])


async def test_without_a_board_the_agents_are_told_themselves(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        raised(uow, furnished(uow, board=False))
        return [left.chat for left in builders.outbox(uow)]

    assert await database.write(work) == ["slack-ANA", "slack-BEN"]


async def test_a_second_cause_joins_the_open_one_and_may_only_raise_its_priority(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        first = raised(uow, desk, "unsure")
        second = raised(uow, desk, "complaint")
        third = raised(uow, desk, "unsure")
        return {first.id, second.id, third.id}, third.priority, third.more_reasons, len(list_queue(uow, desk.client))

    assert await database.write(work) == ({1}, 1, ["complaint", "unsure"], 1)


async def test_joining_never_gives_more_time(database: Database) -> None:
    def work(uow: UnitOfWork) -> bool:
        desk = furnished(uow)
        first = raised(uow, desk, priority=0)
        return raised(uow, desk, priority=3).response_due_at == first.response_due_at

    assert await database.write(work)


async def test_after_it_is_resolved_the_next_cause_opens_a_new_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        desk = furnished(uow)
        brought_to(uow, desk, "resolved")
        uow.actor = SYSTEM
        return raised(uow, desk).id

    assert await database.write(work) == 2


async def test_two_open_ones_of_a_conversation_are_refused_by_the_database_itself(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        raised(uow, desk)
        columns = "client_id, customer_id, conversation_id, status, priority, reason, more_reasons, response_due_at"
        uow.connection.exec_driver_sql(
            f"INSERT INTO escalations ({columns}, created_at, updated_at) "
            f"SELECT {columns}, created_at, updated_at FROM escalations"
        )

    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.write(work)
