"""What an event costs where nobody listens, and what follows where somebody does."""

import pytest

from core.audit.kinds import event_kinds
from core.database import Database
from core.executor import execute
from core.unit_of_work import UnitOfWork
from core.webhooks.commands import AddWebhook
from tests import builders
from tests.core.escalations.desk import brought_to, furnished
from tests.counting import Counting


async def test_where_nobody_listens_a_unit_of_work_asks_once_however_many_events_it_has(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int, int]:
        counting = Counting(uow.connection, uow.now)
        desk = furnished(counting)
        brought_to(counting, desk, "resolved")
        about_hooks = [sql for sql in counting.ran if "FROM webhooks" in sql]
        return len(about_hooks), len(builders.happened(counting)), len(builders.outbox(counting, channel="webhooks"))

    asked, events, queued = await database.write(work)
    assert (asked, queued) == (1, 0)
    assert events > 4


async def test_events_of_a_refused_command_reach_nobody(database: Database) -> None:
    client = await database.write(builders.client)
    await database.write(lambda uow: execute(AddWebhook(client, "https://example.com"), uow))

    def fail(uow: UnitOfWork) -> None:
        builders.board(uow, client)
        execute(AddWebhook(client, "https://example.org"), uow)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    left = await database.read(lambda reader: builders.outbox(reader, channel="webhooks"))
    assert [one.facts["payload"]["data"]["event"] for one in left] == [{"host": "example.com"}]


def test_every_kind_of_event_is_known() -> None:
    kinds = event_kinds()
    assert {"escalation.raised", "ticket.accepted", "webhook.test", "escalation.routed"} <= set(kinds)
    assert kinds["escalation.raised"].fields == {"reason": "str", "priority": "int"}
    assert list(kinds) == sorted(kinds)
