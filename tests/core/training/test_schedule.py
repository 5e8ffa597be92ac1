"""When a run comes: by its expression in the client's zone, by hand, never while paused; what was missed comes once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.audit.tables import events
from core.database import Database
from core.errors import Invalid
from core.executor import execute
from core.training.commands import (
    AskForTrainingRun,
    PauseTrainingRun,
    RecordFailedRun,
    ResumeTrainingRun,
    SetTrainingSchedule,
)
from core.training.schedule import keep_standard, schedule_of, take_due
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY

NINE = "0 9 * * *"  # in Madrid, where a test begins at ten
HOUR = timedelta(hours=1)


def due(uow: UnitOfWork, hours: float = 0) -> list[int]:
    uow.now += timedelta(hours=hours)
    return [schedule.client_id for schedule in take_due(uow)]


async def test_a_run_comes_at_its_local_time_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        madrid, london = builders.client(uow), builders.client(uow, "BAKE", time_zone="Europe/London")
        keep_standard(uow, NINE)
        assert due(uow) == []
        assert due(uow, 22.9) == []
        assert due(uow, 0.1) == [madrid]
        assert due(uow) == []
        assert due(uow, 1) == [london]
        assert due(uow, 23) == [madrid]

    await database.write(work)


async def test_what_was_missed_for_days_is_caught_up_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        keep_standard(uow, NINE)
        uow.now += timedelta(days=5)
        keep_standard(uow, NINE)  # the program starts again
        assert due(uow) == [client]
        assert due(uow) == []
        assert schedule_of(uow, client).next_at == uow.now.replace(hour=8) + timedelta(days=1)

    await database.write(work)


async def test_another_expression_in_the_settings_is_followed_where_no_own_one_is_set(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        ours, theirs = builders.client(uow), builders.client(uow, "BAKE")
        keep_standard(uow, NINE)
        execute(SetTrainingSchedule(theirs, "0 7 * * 1-5"), uow)
        keep_standard(uow, "0 12 * * *")
        assert schedule_of(uow, ours).next_at == uow.now.replace(hour=11)
        assert schedule_of(uow, theirs).next_at == uow.now.replace(hour=6) + timedelta(days=1)
        execute(SetTrainingSchedule(theirs, ""), uow)
        assert schedule_of(uow, theirs).next_at == uow.now.replace(hour=11)

    await database.write(work)


@pytest.mark.parametrize("expression", ["sometimes", "0 8 * * 8", "0 8 31 2 *"])
async def test_what_is_no_schedule_is_refused(database: Database, expression: str) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        with pytest.raises(Invalid, match=r"is no cron expression|names a day that never comes"):
            execute(SetTrainingSchedule(client, expression), uow)

    await database.write(work)


async def test_a_paused_run_comes_only_when_asked_for_and_what_fell_into_the_pause_stays_undone(
    database: Database,
) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        keep_standard(uow, NINE)
        execute(PauseTrainingRun(client), uow)
        assert due(uow, 48) == []
        execute(AskForTrainingRun(client), uow)
        assert due(uow) == [client]
        assert due(uow) == []
        execute(ResumeTrainingRun(client), uow)
        assert due(uow) == []
        assert due(uow, 23) == [client]

    await database.write(work)


async def test_three_failures_in_a_row_pause_the_run_and_alarm_the_admin_by_another_channel(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.hire(uow, world, "ACME-ADM", "admin", "", on="whatsapp")
        for channel, rank in (("telegram", 2), ("slack", 3)):
            training.also_on(uow, world, "ADM", channel, rank)
        training.hire(uow, world, "ACME-BOB", "admin", "", on="whatsapp")
        failed = RecordFailedRun(world.client_id, TODAY, uow.now, "OSError: the disk is on fire")

        execute(failed, uow)
        execute(failed, uow)
        training.run(uow, world)
        assert schedule_of(uow, world.client_id).failures == 0
        for _ in range(2):
            execute(failed, uow)
            assert schedule_of(uow, world.client_id).paused_at is None
        for _ in range(2):
            execute(failed, uow)

        paused = schedule_of(uow, world.client_id)
        assert (paused.paused_at, paused.failures) == (uow.now, 4)
        alarms = [left for left in builders.outbox(uow) if left.template == "training.run_paused"]
        assert [(left.person_id, left.channel) for left in alarms] == [
            (world.people["ADM"], "telegram"),
            (world.people["BOB"], "whatsapp"),
        ]
        assert "3 runs in a row failed" in alarms[0].text
        assert "OSError: the disk is on fire" in alarms[0].text
        kinds = uow.connection.execute(select(events.c.kind).where(events.c.kind == "training.paused")).all()
        assert len(kinds) == 1

        execute(ResumeTrainingRun(world.client_id), uow)
        assert schedule_of(uow, world.client_id).failures == 0

    await database.write(work)
