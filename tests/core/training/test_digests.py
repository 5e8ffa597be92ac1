"""What the second and every later digest says: only what has changed since the last one of this very person."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from core.database import Database
from core.executor import execute
from core.people.tables import persons
from core.training.commands import MarkOnLeave, MarkTrainingDone, PromiseTraining
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, Told, World, late


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def run_on(uow: UnitOfWork, world: World, number: int) -> dict[int, Told]:
    """Person -> what this run told them, after all that was said before has arrived."""
    uow.connection.execute(text("UPDATE deliveries SET state = 'sent' WHERE state = 'pending'"))
    before = len(training.list_told(uow))
    training.run(uow, world, day(number))
    return {told.person_id: told for told in training.list_told(uow)[before:]}


def news_of(told: Told) -> dict[str, int]:
    return {word: told.facts[word] for word in ("new", "cleared", "broken", "paused", "moved") if told.facts[word]}


def of(uow: UnitOfWork, employee: str) -> int:
    return training.assignment_id(uow, employee)


async def test_new_cleared_and_broken_promises_are_counted_and_only_the_new_named(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = [late(f"E{n}", "N1", 5, line=n) for n in range(2, 12)]
        training.bring(uow, world, *rows)
        first = run_on(uow, world, 0)[world.people["HR"]]
        assert (first.facts["since"], news_of(first)) == (None, {"new": 10})

        for employee in ("E2", "E3", "E4", "E5", "E6"):
            execute(MarkTrainingDone(of(uow, employee)), uow)
        for employee in ("E7", "E8"):
            execute(PromiseTraining(of(uow, employee), day(0)), uow)
        training.bring(uow, world, *(late(f"N{n}", "S1", 5, line=n) for n in range(2, 5)))
        second = run_on(uow, world, 1)[world.people["HR"]]

        assert news_of(second) == {"new": 3, "cleared": 5, "broken": 2}
        assert "3 new, 5 cleared, 2 broken promises since Mon 23 Nov" in second.text
        assert "Employees overdue: 8\nStores affected: 2\nCritical (14 days and more): 0" in second.text

        third = run_on(uow, world, 2)[world.people["HR"]]
        assert news_of(third) == {}
        assert "no change since Tue 24 Nov" in third.text

    await database.write(work)


async def test_a_store_manager_reads_the_new_ones_by_name_and_that_the_others_are_still_there(
    database: Database,
) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "N1", 0, line=3), late("E3", "N1", 1, line=4))
        execute(PromiseTraining(of(uow, "E3"), day(0)), uow)
        (first,) = run_on(uow, world, 0).values()
        assert "Employee E1 (E1): Food safety, due Sun 22 Nov, 1 day overdue" in first.text

        told = run_on(uow, world, 1)[world.people["MN1"]]
        assert news_of(told) == {"new": 1}
        assert "1 new\n" in told.text
        assert "• Employee E2 (E2): Food safety, due Mon 23 Nov, 1 day overdue" in told.text
        assert "Employee E1" not in told.text
        assert "As on Mon 23 Nov: 1 training is still overdue, up to 2 days." in told.text
        assert "Please follow up." in told.text
        assert "3 new" not in told.text

    await database.write(work)


async def test_a_broken_promise_jumps_a_level_and_is_said_to_be_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 3), late("E2", "N1", 1, line=3))
        run_on(uow, world, 0)
        execute(PromiseTraining(of(uow, "E2"), day(0)), uow)
        told = run_on(uow, world, 1)

        assert news_of(told[world.people["CN"]]) == {"broken": 1}
        assert "⚠️ 1 broken promise\n" in told[world.people["CN"]].text
        assert world.people["MN1"] not in told

    await database.write(work)


async def test_what_is_promised_or_on_leave_was_put_off_and_not_cleared(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, *(late(f"E{n}", "N1", 6, line=n) for n in range(2, 6)))
        run_on(uow, world, 0)
        execute(PromiseTraining(of(uow, "E2"), day(9)), uow)
        execute(MarkOnLeave(of(uow, "E3"), day(9)), uow)
        told = run_on(uow, world, 1)[world.people["HR"]]
        assert news_of(told) == {"paused": 2}

    await database.write(work)


async def test_who_becomes_critical_is_named_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 13), late("E2", "N1", 20, line=3))
        first = run_on(uow, world, 0)[world.people["HR"]]
        assert "Critical\n• Employee E2 (Store N1): Food safety, 20 days overdue" in first.text
        assert "Employee E1" not in first.text

        second = run_on(uow, world, 1)[world.people["HR"]]
        assert news_of(second) == {"new": 1}
        assert "New critical\n• Employee E1 (Store N1): Food safety, 14 days overdue" in second.text
        assert "Employee E2" not in second.text
        assert "Critical (14 days and more): 2" in second.text

        assert "Employee" not in run_on(uow, world, 2)[world.people["HR"]].text.replace("Employees overdue", "")

    await database.write(work)


async def test_changes_are_counted_from_a_persons_own_last_digest(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, *(late(f"E{n}", "N1", 5, line=n) for n in range(2, 5)))
        run_on(uow, world, 0)
        builders.change(uow, persons, world.people["HR"], status="on_leave")
        execute(MarkTrainingDone(of(uow, "E2")), uow)
        assert world.people["HR"] not in run_on(uow, world, 1)

        builders.change(uow, persons, world.people["HR"], status="active")
        execute(MarkTrainingDone(of(uow, "E3")), uow)
        training.bring(uow, world, late("E9", "N1", 5))
        back = run_on(uow, world, 3)[world.people["HR"]]
        assert (back.facts["since"], news_of(back)) == (TODAY.isoformat(), {"new": 1, "cleared": 2})

    await database.write(work)


async def test_what_never_arrived_is_made_up_for_and_does_not_come_late(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 5), late("E2", "N1", 5, line=3))
        run_on(uow, world, 0)
        run_on(uow, world, 1)
        execute(MarkTrainingDone(of(uow, "E1")), uow)
        training.bring(uow, world, late("E3", "N1", 5))
        training.run(uow, world, day(2))
        states = [left.state for left in builders.outbox(uow, person_id=world.people["HR"])]
        assert states == ["sent", "withdrawn", "pending"]

        training.run(uow, world, day(3))
        states = [left.state for left in builders.outbox(uow, person_id=world.people["HR"])]
        assert states == ["sent", "withdrawn", "withdrawn", "pending"]
        told = training.list_told(uow)[-1]
        assert (told.facts["since"], news_of(told)) == (day(0).isoformat(), {"new": 1, "cleared": 1})

    await database.write(work)


async def test_who_got_none_of_the_digests_is_told_everything(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        training.run(uow, world)
        uow.connection.execute(text("UPDATE deliveries SET state = 'failed'"))
        training.run(uow, world, day(1))
        told = training.list_told(uow)[-1]
        assert (told.facts["since"], news_of(told)) == (None, {"new": 1})
        assert "Employee E1" in told.text

    await database.write(work)


async def test_nothing_left_means_no_digest(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        run_on(uow, world, 0)
        execute(MarkTrainingDone(of(uow, "E1")), uow)
        assert run_on(uow, world, 1) == {}

    await database.write(work)


@pytest.mark.parametrize("hour", [0, 5, 9, 15, 22])
async def test_a_recipients_day_is_that_of_their_own_zone(database: Database, hour: int) -> None:
    """Runs two hours apart on both sides of midnight in Madrid are one day in New York."""

    def work(uow: UnitOfWork) -> None:
        uow.now = uow.now.replace(hour=hour)
        world = training.build(uow)
        training.hire(uow, world, "ACME-MAR", "store_manager", "N1", time_zone="America/New_York")
        builders.change(uow, persons, world.people["MN1"], status="on_leave")
        training.bring(uow, world, late("E1", "N1", 1))
        told = 0
        for _ in range(12):  # two days, one run every four hours
            local = uow.now.astimezone(training.MADRID).date()
            told += training.run(uow, world, local).counts.told
            uow.now += timedelta(hours=4)
        keys = training.list_digest_keys(uow)
        assert told == len(keys) == len(set(keys))
        assert told in (2, 3)  # local days touched by two times 24 hours

    await database.write(work)
