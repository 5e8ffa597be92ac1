"""The job over all clients: each on its own day, one client's failure beside the others' runs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden
from core.executor import execute
from core.outbox.tables import deliveries, notifications
from core.statements import Reader
from core.training import run
from core.training.commands import AskForTrainingRun, BeginTrainingRun, GoOnWithTrainingRun
from core.training.reporting import status_of
from core.training.runs import list_runs
from core.unit_of_work import UnitOfWork
from jobs.training_escalation import run_due_trainings, run_training_escalation
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

T = TypeVar("T")


def _two_clients(uow: UnitOfWork) -> tuple[training.World, training.World]:
    ours, theirs = training.build(uow), training.build(uow, "BAKE")
    training.bring(uow, ours, late("E1", "N1", 1))
    training.bring(uow, theirs, late("E2", "N1", 1))
    return ours, theirs


class FirstWriteFails(Database):
    writes = 0

    async def write(self, work: Callable[[UnitOfWork], T], **options: Any) -> T:
        self.writes += 1
        if self.writes == 1:
            raise RuntimeError("the disk is on fire")
        return await super().write(work, **options)


async def test_every_client_has_its_run_and_a_second_tells_nobody(database: Database) -> None:
    await database.write(_two_clients)
    assert [report.counts.told for report in await run_training_escalation(database)] == [1, 1]
    again = await run_training_escalation(database)
    assert [(report.counts.told, report.counts.told_before) for report in again] == [(0, 1), (0, 1)]
    assert len(await database.read(training.list_told)) == 2


async def test_the_day_is_the_clients_own(database: Database, clock: ManualClock) -> None:
    """At eleven in the evening UTC it is tomorrow in Madrid."""
    await database.write(training.build)
    clock.advance(14 * 3600)
    (report,) = await run_training_escalation(database)
    assert report.today == date(2026, 11, 24)


async def test_one_clients_failure_is_kept_and_does_not_cost_the_others_their_run(
    database: Database, clock: ManualClock
) -> None:
    ours, theirs = await database.write(_two_clients)
    failing = FirstWriteFails(database.url, clock)

    with pytest.raises(ExceptionGroup) as failed:
        await run_training_escalation(failing)
    await failing.close()

    assert [str(error) for error in failed.value.exceptions] == ["the disk is on fire"]
    (kept,) = await database.read(lambda reader: list_runs(reader, ours.client_id))
    assert (kept.outcome, kept.error) == ("failed", "RuntimeError: the disk is on fire")
    told = await database.read(training.list_told)
    assert [one.person_id for one in told] == [theirs.people["MN1"]]


async def test_by_hand_it_runs_for_one_client_and_only_who_may(database: Database) -> None:
    ours, theirs = await database.write(_two_clients)
    hr, manager = await database.write(lambda uow: [builders.acting(uow, ours.people[key]) for key in ("HR", "CN")])
    (report,) = await run_training_escalation(database, ours.client_id, hr)
    assert (report.client_id, report.counts.told) == (ours.client_id, 1)
    for actor, client_id in ((manager, ours.client_id), (hr, theirs.client_id)):
        with pytest.raises(Forbidden):
            await run_training_escalation(database, client_id, actor)


async def test_a_run_is_watched_while_it_goes_on_and_no_second_one_begins(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people in each part; the program dies after the first one."""
    monkeypatch.setattr(run, "PART", 2)
    world = await database.write(_many)
    begun = await _execute(database, BeginTrainingRun(world.client_id, TODAY))
    assert await _execute(database, GoOnWithTrainingRun(begun.run_id)) is None

    status = await database.read(lambda reader: status_of(reader, world.client_id))
    assert status.last is not None
    assert (status.last.outcome, status.last.counts["people"], status.last.counts["told"]) == ("running", 4, 2)
    with pytest.raises(Conflict, match="A run has been going on since 09:00 UTC: 2 of 4 told"):
        await run_training_escalation(database, world.client_id)

    clock.advance(59)
    assert await run_due_trainings(database) == []
    clock.advance(1)
    (report,) = await run_due_trainings(database)
    assert (report.run_id, report.counts.told) == (begun.run_id, 4)
    told = await database.read(training.list_told)
    assert len(told) == len({one.person_id for one in told}) == 4
    with pytest.raises(Conflict, match="is done already"):
        await _execute(database, GoOnWithTrainingRun(begun.run_id))


async def test_a_run_that_was_left_in_the_middle_ends_when_the_next_one_begins(
    database: Database, clock: ManualClock
) -> None:
    world = await database.write(_many)
    begun = await _execute(database, BeginTrainingRun(world.client_id, TODAY))
    clock.advance(24 * 3600)
    (report,) = await run_training_escalation(database, world.client_id)
    first, second = await database.read(lambda reader: list_runs(reader, world.client_id))
    assert (first.id, first.outcome, report.run_id) == (report.run_id, "done", first.id)
    assert (second.id, second.outcome) == (begun.run_id, "failed")
    assert "not finished" in second.error


async def test_a_run_that_stopped_on_another_day_tells_nobody_twice_today(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of four were told; the program comes back a day later, and at eight the usual run is due."""
    monkeypatch.setattr(run, "PART", 2)
    world = await database.write(_many)
    begun = await _execute(database, BeginTrainingRun(world.client_id, TODAY))
    await _execute(database, GoOnWithTrainingRun(begun.run_id))
    clock.advance(20 * 3600)
    (report,) = await run_due_trainings(database)
    assert (report.run_id > begun.run_id, report.today) == (True, TODAY + timedelta(days=1))
    clock.advance(6 * 3600)
    await run_due_trainings(database)
    told = [one.person_id for one in await database.read(training.list_told)]
    assert [told.count(person) for person in sorted(set(told))] == [2, 2, 1, 1]
    last = await database.read(lambda reader: list_runs(reader, world.client_id))
    assert [one.outcome for one in last][-1] == "failed"


async def test_digests_leave_one_second_apart_and_are_tried_three_times(database: Database, clock: ManualClock) -> None:
    await database.write(_many)
    await run_training_escalation(database)

    def query(reader: Reader) -> list[Any]:
        columns = (deliveries.c.next_attempt_at, notifications.c.most_attempts, notifications.c.retry_seconds)
        joined = deliveries.join(notifications, notifications.c.id == deliveries.c.notification_id)
        return list(reader.connection.execute(select(*columns).select_from(joined).order_by(deliveries.c.id)))

    rows = await database.read(query)
    assert [row.next_attempt_at - clock.now() for row in rows] == [timedelta(seconds=n) for n in range(4)]
    assert {(row.most_attempts, row.retry_seconds) for row in rows} == {(3, 5.0)}


async def test_who_asks_for_a_run_is_told_how_it_ended(database: Database) -> None:
    world = await database.write(_many)

    def ask(uow: UnitOfWork) -> None:
        builders.acting(uow, world.people["HR"])
        execute(AskForTrainingRun(world.client_id), uow)

    await database.write(ask)
    await run_due_trainings(database)
    assert await run_due_trainings(database) == []
    answers = [one for one in await database.read(training.list_told) if one.template == "training.run_status"]
    assert [one.person_id for one in answers] == [world.people["HR"]]
    assert "4 people told, 4 overdue trainings in 3 units" in answers[0].text


def _many(uow: UnitOfWork) -> training.World:
    world = training.build(uow)
    rows = (late("E1", "N1", 1), late("E2", "N2", 1, line=3), late("E3", "S1", 1, line=4), late("E4", "S1", 5, line=5))
    training.bring(uow, world, *rows)
    return world


async def _execute(database: Database, command: Any) -> Any:
    return await database.write(lambda uow: execute(command, uow))
