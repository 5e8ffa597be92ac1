"""Importing courses and assignments: all or nothing, every wrong row named, twice the same changes nothing."""

from datetime import date, timedelta

import pytest

from core.audit.record import list_timeline
from core.database import Database
from core.errors import Forbidden
from core.executor import execute
from core.imports import BadRow, ImportRefused, ImportReport
from core.outbox.notify import Notification, tell_person
from core.training.commands import ImportAssignments, ImportCourses, MarkTrainingDone, PromiseTraining
from core.training.queries import count_overdue, facts_of, get_assignment, subject_of
from core.training.rows import AssignmentRow, CourseRow
from core.training.tables import employees, training_assignments
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late


def _count(uow: UnitOfWork) -> int:
    return len(uow.connection.execute(training_assignments.select()).all())


async def test_two_thousand_rows_come_in_and_twice_changes_nothing(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = [
            late(f"E{n // 2}", ("N1", "N2", "S1")[n // 2 % 3], n % 30, ("FOOD", "FIRE")[n % 2], line=n + 2)
            for n in range(2_000)
        ]
        assert training.bring(uow, world, *rows) == ImportReport(2_000, 0, 0)
        again = training.bring(uow, world, *rows)
        assert again == ImportReport(0, 0, 2_000)
        assert again.sentence == "Nothing has changed: all 2000 rows were there already."
        assert (_count(uow), len(uow.connection.execute(employees.select()).all())) == (2_000, 1_000)
        imported = [e for e in list_timeline(uow, "unit", world.client_id) if e.data.get("what") == "assignments"]
        assert len(imported) == 1

    await database.write(work)


async def test_every_wrong_row_is_named_and_nothing_is_imported(database: Database) -> None:
    rows = (
        AssignmentRow(2, "E1", "Ana", "N1", "FOOD", "2026-11-01"),
        AssignmentRow(3, "", "Ben", "N1", "FOOD", "2026-11-01"),
        AssignmentRow(4, "E2", "Cem", "N9", "FOOD", "2026-11-01"),
        AssignmentRow(5, "E3", "Dan", "N1", "GOLF", "31.11.2026"),
        AssignmentRow(6, "E4", "Eva", "N1", "FOOD", ""),
        AssignmentRow(7, "E5", "Fay", "N1", "FOOD", "01/11/2026", "24.11.2026"),
        AssignmentRow(8, "e1", "Ana", "N1", "food", "2026-11-02"),
        AssignmentRow(9, "E1", "Anna", "N2", "FIRE", "2026-11-02"),
    )

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        with pytest.raises(ImportRefused, match=r"7 rows are wrong, nothing was imported\.") as refused:
            training.bring(uow, world, *rows)
        assert refused.value.bad == (
            BadRow(3, "employee_code", "is empty"),
            BadRow(4, "unit_code", "there is no unit “N9”"),
            BadRow(5, "course_code", "there is no course “GOLF”"),
            BadRow(5, "due_on", "“31.11.2026” is no date: write it like 2026-11-30"),
            BadRow(6, "due_on", "is empty"),
            BadRow(7, "completed_on", "“24.11.2026” is still to come"),
            BadRow(8, "course_code", "e1 has this course in line 2 already"),
            BadRow(9, "employee_name", "E1 is called “Ana” in line 2"),
            BadRow(9, "unit_code", "E1 belongs to another unit in line 2"),
        )
        assert _count(uow) == 0

    await database.write(work)


async def test_codes_are_found_in_any_case_and_dates_in_three_forms(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        forms = ("2026-11-22", "22.11.2026", "22/11/2026")
        rows = [AssignmentRow(n, f"E{n}", "Ana", " n1 ", "food", form) for n, form in enumerate(forms)]
        training.bring(uow, world, *rows)
        due = {get_assignment(uow, training.assignment_id(uow, f"E{n}")).due_on for n in range(3)}
        assert due == {date(2026, 11, 22)}

    await database.write(work)


async def test_what_the_records_say_is_completed_is_silent_at_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 3))
        assert training.bring(uow, world, late("E1", "N1", 3, completed_on="2026-11-22")) == ImportReport(0, 1, 0)
        assert training.run(uow, world).counts.told == 0

    await database.write(work)


async def test_a_card_that_was_shown_follows_the_records(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 3))
        assignment = get_assignment(uow, training.assignment_id(uow, "E1"))
        facts = facts_of(uow, assignment, uow.now)
        card = Notification("training.assignment", facts, subject_of(assignment), card=True)
        tell_person(uow, world.people["MN1"], card)
        training.bring(uow, world, late("E1", "N1", 3, completed_on="2026-11-22"))
        (shown,) = training.list_told(uow)
        assert "Done on Sun 22 Nov" in shown.text

    await database.write(work)


async def test_what_was_answered_here_survives_records_that_do_not_know_it_yet(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 3))
        execute(MarkTrainingDone(training.assignment_id(uow, "E1")), uow)
        assert training.bring(uow, world, late("E1", "N1", 3)) == ImportReport(0, 0, 1)
        assert get_assignment(uow, training.assignment_id(uow, "E1")).completed_on == TODAY

    await database.write(work)


async def test_a_later_deadline_asks_for_a_completed_training_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 400, completed_on="2025-10-01"))
        training.bring(uow, world, late("E1", "N1", 1))
        again = get_assignment(uow, training.assignment_id(uow, "E1"))
        assert (again.completed_on, again.due_on) == (None, TODAY - timedelta(days=1))
        assert training.run(uow, world).counts.told == 1

    await database.write(work)


async def test_a_new_deadline_forgets_the_promise_and_what_was_told(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 3))
        training.run(uow, world)
        id_ = training.assignment_id(uow, "E1")
        execute(PromiseTraining(id_, TODAY), uow)
        training.bring(uow, world, late("E1", "N1", -2))
        moved = get_assignment(uow, id_)
        assert (moved.promised_on, moved.told_level, moved.told_on) == (None, 0, None)

    await database.write(work)


async def test_a_moved_employee_takes_all_trainings_to_the_new_store(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E1", "N1", 2, "FIRE", line=3))
        assert training.bring(uow, world, late("E1", "S1", 1)) == ImportReport(0, 1, 0)
        south = f"/{world.client_id}/{world.units['S']}/"
        assert count_overdue(uow, world.client_id, south, training.counted(uow, world)) == 2

    await database.write(work)


async def test_courses_are_renamed_and_named_when_wrong(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = (CourseRow(2, "food", "Food handling"), CourseRow(3, "ICE", "Cold room"))
        assert execute(ImportCourses(world.client_id, rows), uow) == ImportReport(1, 1, 0)
        assert execute(ImportCourses(world.client_id, rows), uow) == ImportReport(0, 0, 2)
        with pytest.raises(ImportRefused, match="2 rows are wrong") as refused:
            execute(ImportCourses(world.client_id, (*rows, CourseRow(4, "ice", "x"), CourseRow(5, "N", " "))), uow)
        assert refused.value.bad == (
            BadRow(4, "code", "“ice” stands in line 3 already"),
            BadRow(5, "name", "is empty"),
        )

    await database.write(work)


async def test_clients_have_their_own_codes_and_managers_do_not_import(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        ours, theirs = training.build(uow), training.build(uow, "BAKE")
        training.bring(uow, ours, late("E1", "N1", 1))
        assert training.bring(uow, theirs, late("E1", "N1", 1)) == ImportReport(1, 0, 0)
        builders.acting(uow, ours.people["CN"])
        with pytest.raises(Forbidden, match="This is for HR, the owner or an admin"):
            execute(ImportAssignments(ours.client_id, ()), uow)
        builders.acting(uow, theirs.people["HR"])
        with pytest.raises(Forbidden):
            execute(ImportAssignments(ours.client_id, ()), uow)

    await database.write(work)
