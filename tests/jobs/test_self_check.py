"""A platform that falls silent: one alarm by another way after two failed checks, and a word when it answers again."""

import asyncio

import pytest
from structlog.testing import capture_logs

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure
from core.clock import ManualClock
from core.database import Database
from core.outbox.lanes import report_broken
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from jobs.self_check import check_lanes
from tests import builders
from tests.jobs.phone import Phone

DOWN = TemporaryFailure("network", "Telegram cannot be reached")


class Platform(Phone):
    """Answers when asked who we are, unless it is given a failure; None: it never answers."""

    def __init__(self, channel: str = "telegram") -> None:
        super().__init__(channel)
        self.failure: SendFailure | None = None
        self.silent = False

    async def check(self) -> str:
        if self.silent:
            await asyncio.Event().wait()
        if self.failure:
            raise self.failure
        return "a platform"


@pytest.fixture
async def telegram(database: Database) -> Platform:
    def build(uow: UnitOfWork) -> None:
        admin = builders.person(uow, builders.client(uow), "admin", "ADM", on="telegram")
        row = {"person_id": admin, "channel": "slack", "address": "slack-ADM", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, **row)

    await database.write(build)
    return Platform()


async def check(database: Database, *platforms: Platform) -> list[str]:
    """What it says about each silent lane."""
    with capture_logs():
        return list((await check_lanes(database, platforms, patience=0.05)).values())


async def alarms(database: Database) -> list[tuple[str, str]]:
    return [(left.chat, left.card.notice) for left in await database.read(builders.outbox)]


async def test_the_second_failure_in_a_row_alarms_by_another_channel_once(
    database: Database, telegram: Platform, clock: ManualClock
) -> None:
    telegram.failure = DOWN
    assert await check(database, telegram) == ["Telegram cannot be reached"]
    assert await alarms(database) == []
    for _ in range(3):
        clock.advance(300)
        await check(database, telegram)
    ((chat, notice),) = await alarms(database)
    assert chat == "slack-ADM"
    assert "telegram:default has not answered" in notice
    assert "Telegram cannot be reached" in notice


async def test_when_it_is_back_that_is_said_and_the_next_outage_is_a_new_one(
    database: Database, telegram: Platform
) -> None:
    for failure in (DOWN, DOWN, None, None, DOWN, None, DOWN, DOWN):
        telegram.failure = failure
        await check(database, telegram)
    told = [notice for _, notice in await alarms(database)]
    assert ["has not answered" in notice for notice in told] == [True, False, True]
    assert "answers again" in told[1]


async def test_one_that_never_answers_fails_after_its_time(database: Database, telegram: Platform) -> None:
    telegram.silent = True
    well = Platform("slack")
    for _ in range(2):
        assert await check(database, telegram, well) == ["no answer within 0 seconds"]
    assert len(await alarms(database)) == 1


async def test_a_channel_that_is_known_to_be_broken_is_not_announced_twice(
    database: Database, telegram: Platform
) -> None:
    telegram.failure = PermanentFailure("401", "the bot token is not valid", broken=True)
    await database.write(lambda uow: report_broken(uow, "telegram:default", "the bot token is not valid"))
    before = await alarms(database)
    for _ in range(3):
        await check(database, telegram)
    assert await alarms(database) == before
