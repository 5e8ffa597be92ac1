"""Answers to a late training: done, on leave, promised; and what follows from them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actor import SYSTEM
from core.audit.record import list_timeline
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.executor import execute
from core.outbox.notify import Notification, tell_person
from core.training.commands import MarkOnLeave, MarkTrainingDone, PromiseTraining
from core.training.queries import count_overdue, facts_of, get_assignment, list_overdue, overdue_by_level, subject_of
from core.training.tables import training_assignments
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late


def _after(days: int) -> date:
    return TODAY + timedelta(days=days)


def _late_one(uow: UnitOfWork, days: int = 1) -> tuple[training.World, int]:
    """An assignment at store N1, answered by its manager."""
    world = training.build(uow)
    training.bring(uow, world, late("E1", "N1", days))
    builders.acting(uow, world.people["MN1"])
    return world, training.assignment_id(uow, "E1")


def _levels(uow: UnitOfWork, world: training.World, today: date) -> dict[int, int]:
    return overdue_by_level(uow, world.client_id, f"/{world.client_id}/", training.counted(uow, world, today))


async def test_done_silences_at_once_and_says_who_was_first(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        done = execute(MarkTrainingDone(id_), uow)
        assert (done.completed_on, done.completed_by) == (TODAY, world.people["MN1"])
        assert [event.kind for event in list_timeline(uow, "assignment", id_)] == ["training.done"]
        assert _levels(uow, world, _after(30)) == {}
        builders.acting(uow, world.people["CN"])
        with pytest.raises(Conflict, match=rf"TRN-{id_} .*is done already, according to Acme-Mn1 since 23\.11\.2026"):
            execute(PromiseTraining(id_, _after(1)), uow)
        with pytest.raises(Conflict, match="is done already"):
            execute(MarkOnLeave(id_, _after(1)), uow)

    await database.write(work)


async def test_a_promise_pauses_and_a_broken_one_jumps_a_level(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        execute(PromiseTraining(id_, _after(1)), uow)
        assert _levels(uow, world, TODAY) == {0: 1}
        assert _levels(uow, world, _after(1)) == {0: 1}
        assert _levels(uow, world, _after(2)) == {
            3: 1
        }  # three days late is the cluster manager's; the promise was broken
        assert training.run(_as_system(uow), world, _after(1)).counts.told == 0
        assert training.run(uow, world, _after(2)).counts.told == 1
        assert [told.person_id for told in training.list_told(uow)] == [world.people["HR"]]

    await database.write(work)


async def test_a_leave_pauses_everything_of_the_employee(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        training.bring(_as_system(uow), world, late("E1", "N1", 1), late("E1", "N1", 2, "FIRE", line=3))
        builders.acting(uow, world.people["MN1"])
        execute(PromiseTraining(id_, _after(1)), uow)
        execute(MarkOnLeave(id_, _after(10)), uow)
        assert _levels(uow, world, _after(10)) == {0: 2}
        assert _levels(uow, world, _after(11)) == {3: 2}
        assert get_assignment(uow, id_).promised_on is None
        other = training.assignment_id(uow, "E1", "FIRE")
        assert [event.kind for event in list_timeline(uow, "assignment", other)] == ["training.on_leave"]

    await database.write(work)


async def test_a_pause_ends_within_a_year_and_not_in_the_past(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        _, id_ = _late_one(uow)
        with pytest.raises(Invalid, match=r"22\.11\.2026 is over already"):
            execute(PromiseTraining(id_, _after(-1)), uow)
        with pytest.raises(Invalid, match="more than a year away"):
            execute(MarkOnLeave(id_, _after(366)), uow)

    await database.write(work)


async def test_only_who_covers_the_store_may_answer(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        outsiders = builders.client(uow, "BAKE")
        stranger = builders.person(uow, outsiders, "hr_manager", "BAKE-HR")
        for person in (world.people["MN2"], world.people["CS"], stranger):
            builders.acting(uow, person)
            with pytest.raises(
                Forbidden, match=r"at Store N1\. This is for the store manager, the cluster manager, HR"
            ):
                execute(MarkTrainingDone(id_), uow)
        builders.acting(uow, world.people["CN"])
        assert execute(MarkTrainingDone(id_), uow).completed_on == TODAY
        with pytest.raises(NotFound, match="There is no TRN-999"):
            execute(MarkTrainingDone(999), uow)

    await database.write(work)


async def test_the_list_shows_the_worst_first_and_only_what_one_covers(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = [late(f"E{n}", ("N1", "N2", "S1")[n % 3], n, line=n) for n in range(2, 8)]
        training.bring(uow, world, *rows)
        everything, cluster = f"/{world.client_id}/", f"/{world.client_id}/{world.units['N']}/"
        count = training.counted(uow, world)
        listed = list_overdue(uow, world.client_id, everything, count)
        assert [row.employee_code for row in listed] == ["E7", "E6", "E5", "E4", "E3", "E2"]
        assert [row.level for row in listed] == [3, 3, 3, 2, 2, 1]
        page = list_overdue(uow, world.client_id, cluster, count, limit=2, offset=1)
        assert [row.employee_code for row in page] == ["E6", "E4"]
        assert count_overdue(uow, world.client_id, cluster, count) == 4

    await database.write(work)


async def test_by_the_day_or_one_by_one_the_levels_are_the_same(database: Database) -> None:
    """Promised, broken, disputed, on leave, or just late: counted along the index where all branches count alike."""

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, *(late(f"E{n}", ("N1", "N2", "S1")[n % 3], 1 + n % 9, line=n) for n in range(2, 92)))
        answers = ({"promised_on": _after(1)}, {"promised_on": _after(-1)}, {"leave_until": TODAY}, {})
        for n in range(2, 92):
            values = answers[n % 4] | ({"disputed_on": TODAY, "disputed_by": world.people["MN1"]} if n % 5 == 0 else {})
            if values:
                builders.change(uow, training_assignments, training.assignment_id(uow, f"E{n}"), **values)
        alike = training.counted(uow, world)
        one_by_one = replace(alike, other={world.units["S1"]: alike.own})
        for path in (f"/{world.client_id}/", f"/{world.client_id}/{world.units['N']}/"):
            levels = overdue_by_level(uow, world.client_id, path, alike)
            assert len(levels) == 4
            assert levels == overdue_by_level(uow, world.client_id, path, one_by_one)

    await database.write(work)


async def test_a_card_follows_every_answer(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        assignment = get_assignment(uow, id_)
        facts = facts_of(uow, assignment, uow.now)
        card = Notification("training.assignment", facts, subject_of(assignment), card=True)
        tell_person(uow, world.people["MN1"], card)
        (shown,) = training.list_told(uow)
        assert [button.command for button in shown.card.buttons] == [
            f"{verb} TRN-{id_}" for verb in ("done", "promise", "leave")
        ]
        assert "Employee E1 (E1), Store N1\nDue Sun 22 Nov · 1 day overdue" in shown.text
        for command, words in (
            (PromiseTraining(id_, _after(2)), "Promised for Wed 25 Nov by Acme-Mn1"),
            (MarkOnLeave(id_, _after(3)), "On leave until Thu 26 Nov"),
            (MarkTrainingDone(id_), "Done on Mon 23 Nov, says Acme-Mn1"),
        ):
            execute(command, uow)
            (shown,) = training.list_told(uow)
            assert words in shown.text
        assert shown.card.buttons == ()

    await database.write(work)


def _as_system(uow: UnitOfWork) -> UnitOfWork:
    uow.actor = SYSTEM
    return uow
