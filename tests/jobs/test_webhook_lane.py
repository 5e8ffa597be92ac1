"""Events on their way to webhooks: in order, again until they are taken, and nobody waits for another's server."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial
from random import Random

import orjson
import pytest

from channels.limits import limits_for
from channels.webhooks.sender import Receiver, WebhookSender
from core.audit.record import Subject, record
from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.unit_of_work import UnitOfWork
from core.webhooks.commands import AddWebhook, StopWebhook
from core.webhooks.events import WebhookTest
from core.webhooks.queries import find_listening, list_sent
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace
from tests import builders
from tests.channels.stand_in import Reply, StandIn
from tests.jobs.lanes import running, settled, tried


@pytest.fixture
async def receivers() -> AsyncIterator[list[StandIn]]:
    async with AsyncExitStack() as stack:
        servers = [StandIn(lambda _: Reply(204, b"")) for _ in range(2)]
        yield [await stack.enter_async_context(one.running()) for one in servers]


def lane_of(database: Database) -> Lane:
    async def find(chat: str) -> Receiver | None:
        hook = await database.read(lambda reader: find_listening(reader, chat))
        return Receiver(hook.url, hook.secret) if hook else None

    async def no_photo(_: int) -> None:
        return None

    async def stop(chat: str) -> None:
        await database.write(lambda uow: execute(StopWebhook(int(chat)), uow))

    sender = WebhookSender("default", find, stop, database.clock.now, allow_private=True)
    pace = Pace("webhooks", partial(limits_for), 0.0)
    return Lane(database, sender, Attempt(database.clock, no_photo, Random(1)), "me", pace)


def happens(client: int, *words: str) -> Callable[[UnitOfWork], None]:
    def work(uow: UnitOfWork) -> None:
        for word in words:
            record(uow, Subject("unit", client, "ACME", client, client), WebhookTest(word))

    return work


def read_by(receiver: StandIn) -> list[str]:
    return [orjson.loads(asked.body)["data"]["event"]["by"] for asked in receiver.asked]


async def test_a_receiver_that_fails_gets_its_events_later_in_order_and_holds_up_nobody(
    database: Database, clock: ManualClock, receivers: list[StandIn]
) -> None:
    failing, well = receivers

    def work(uow: UnitOfWork) -> int:
        client = builders.client(uow)
        for one in receivers:
            execute(AddWebhook(client, one.url, ("webhook.test",)), uow)
        return client

    client = await database.write(work)
    failing.replies = [Reply(500), Reply(400)]
    async with running(lane_of(database)):
        await database.write(happens(client, "one", "two", "three"))
        await settled(database, 3)
        assert read_by(well) == ["one", "two", "three"]
        assert read_by(failing) == ["one"]
        clock.advance(60)
        await settled(database, 6)
    assert read_by(failing) == ["one", "one", "two", "three"]
    assert failing.asked[0].headers["webhook-id"] == failing.asked[1].headers["webhook-id"]
    sent = await database.read(lambda reader: list_sent(reader, 1, 10))
    assert [one.state for one in sent] == ["sent", "sent", "failed"]  # the newest first
    await tried(database, 7)


async def test_an_event_that_nobody_takes_for_a_day_is_a_dead_letter(
    database: Database, clock: ManualClock, receivers: list[StandIn]
) -> None:
    receiver = receivers[0]
    receiver.replies = [Reply(503)] * 9

    def work(uow: UnitOfWork) -> int:
        client = builders.client(uow)
        execute(AddWebhook(client, receiver.url, ("webhook.test",)), uow)
        return client

    client = await database.write(work)
    async with running(lane_of(database)):
        await database.write(happens(client, "one"))
        await tried(database, 1)
        clock.advance(25 * 3600)
        assert await settled(database, 1) == ["failed"]


async def test_a_receiver_that_is_gone_is_switched_off_once_and_the_admin_hears_of_it(
    database: Database, receivers: list[StandIn]
) -> None:
    gone, well = receivers
    gone.replies = [Reply(410)] * 9

    def work(uow: UnitOfWork) -> int:
        client = builders.client(uow)
        builders.person(uow, client, "admin", "ADA")
        execute(AddWebhook(client, gone.url, ("webhook.test",), "CRM"), uow)
        execute(AddWebhook(client, well.url, ("webhook.test", "webhook.stopped")), uow)
        return client

    client = await database.write(work)
    async with running(lane_of(database)):
        await database.write(happens(client, "one", "two"))
        await settled(database, 5)
        await database.write(happens(client, "three"))
        await settled(database, 6)
    states = [one.state for one in await database.read(lambda reader: list_sent(reader, 1, 10))]
    assert sorted(states) in (["failed", "failed"], ["failed", "withdrawn"])
    told = await database.read(lambda reader: builders.outbox(reader, template="webhook.stopped"))
    assert [(one.chat, "CRM" in one.text) for one in told] == [("telegram-ADA", True)]
    assert [orjson.loads(asked.body)["type"] for asked in well.asked].count("webhook.stopped") == 1
