"""The job over all clients: each on its own day, one client's failure beside the others' runs."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Forbidden
from core.training.queries import list_runs
from core.unit_of_work import UnitOfWork
from jobs.training_escalation import run_training_escalation
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import late

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
    (run,) = await database.read(lambda reader: list_runs(reader, ours.client_id))
    assert (run.outcome, run.error) == ("failed", "RuntimeError: the disk is on fire")
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
