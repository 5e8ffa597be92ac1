"""What happens to a chain in real life: everybody away, people and deadlines moved, answers taken back by the records."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.training.commands import (
    DisputeEmployee,
    ImportAssignments,
    ImportLeaves,
    MarkTrainingDone,
    MoveEmployee,
    PromiseTraining,
)
from core.training.queries import get_assignment, list_groups
from core.training.rows import AssignmentRow, LeaveRow, Source
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.test_training_renewing import leaves, texts
from tests.core.training.world import TODAY, late

DAY = timedelta(days=1)
EVERYBODY = ("ACME-MN1", "ACME-CN", "ACME-HR")


def _away(uow: UnitOfWork, world: training.World, *people: str) -> None:
    until = str(TODAY + 3 * DAY)
    rows = tuple(LeaveRow(line, code, str(TODAY), until) for line, code in enumerate(people, start=2))
    execute(ImportLeaves(world.client_id, rows), uow)


def _levels(uow: UnitOfWork, world: training.World, days: int = 0) -> dict[str, int]:
    """Unit -> level of what is told there."""
    groups = list_groups(uow, world.client_id, training.counted(uow, world, TODAY + days * DAY))
    return {group.code: group.level for group in groups}


@pytest.mark.parametrize("owner", [True, False])
async def test_a_chain_that_is_all_on_leave_ends_at_the_owner_or_is_counted(database: Database, owner: bool) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        if owner:
            training.hire(uow, world, "ACME-OW", "owner", "")
        training.bring(uow, world, late("E1", "N1", 2))
        _away(uow, world, *EVERYBODY)
        counts = training.run(uow, world).counts
        told = training.list_told(uow)
        assert (counts.told, counts.unreached) == ((1, 0) if owner else (0, 1))
        assert [one.person_id for one in told] == ([world.people["OW"]] if owner else [])
        if owner:
            assert all(f"For {code.title()}, on leave until" in told[0].text for code in EVERYBODY)
        assert get_assignment(uow, training.assignment_id(uow, "E1")).told_level == (1 if owner else 0)

    await database.write(work)


@pytest.mark.parametrize("by", ["hand", "records"])
async def test_who_was_moved_is_the_next_ones_news_and_not_the_last_ones(database: Database, by: str) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = late("E1", "N1", 1), late("E2", "N1", 1, line=3)
        training.bring(uow, world, *rows)
        training.run(uow, world)
        leaves(uow)
        if by == "hand":
            builders.acting(uow, world.people["CN"])
            execute(MoveEmployee(training.assignment_id(uow, "E1"), world.units["N2"]), uow)
            uow.actor = SYSTEM
        else:
            training.bring(uow, world, late("E1", "N2", 1), rows[1])
        uow.now += DAY
        training.run(uow, world, TODAY + DAY)
        said = {one.person_id: texts([one])[0] for one in leaves(uow) if "digest" in one.template}
        assert ("(E1)" in said[world.people["MN2"]], "(E2)" in said[world.people["MN2"]]) == (True, False)
        assert "(E1)" not in said[world.people["MN1"]]

    await database.write(work)


@pytest.mark.parametrize(("moved_by", "level"), [(+9, None), (+1, 1), (-9, 3)])
async def test_a_deadline_that_moves_counts_at_once(database: Database, moved_by: int, level: int | None) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2))
        training.run(uow, world)
        training.bring(uow, world, late("E1", "N1", 2 - moved_by))
        assert _levels(uow, world).get("N1") == level
        text = "".join(texts(leaves(uow)))
        assert ("(E1)" in text) == (level == 1)  # what waited is told of no other level, nor of what is not late

    await database.write(work)


async def test_what_the_records_ask_for_again_begins_from_nothing(database: Database) -> None:
    """Promised, disputed, done; and then the next year's refresher."""

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 4))
        id_ = training.assignment_id(uow, "E1")
        builders.acting(uow, world.people["MN1"])
        execute(PromiseTraining(id_, TODAY), uow)
        execute(DisputeEmployee(id_), uow)
        execute(MarkTrainingDone(id_), uow)
        builders.acting(uow, world.people["HR"])
        training.bring(uow, world, late("E1", "N1", -30))
        found = get_assignment(uow, id_)
        assert (found.is_open, found.promised_on, found.disputed_on, found.told_level) == (True, None, None, 0)
        assert _levels(uow, world, 31) == {"N1": 1}

    await database.write(work)


async def test_a_promise_for_today_holds_until_midnight_and_is_broken_tomorrow(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        builders.acting(uow, world.people["MN1"])
        execute(PromiseTraining(training.assignment_id(uow, "E1"), TODAY), uow)
        assert _levels(uow, world) == {}
        assert _levels(uow, world, 1) == {"N1": 2}

    await database.write(work)


ROWS = tuple(late(f"E{n}", "N1", 1, line=n) for n in range(2, 12))
COLUMNS = ("employee_code", "employee_name", "unit_code", "course_code", "due_on", "completed_on")


@pytest.mark.parametrize(
    ("rows", "columns", "held"),
    [
        ((), COLUMNS, "0 rows, 10 before: 100 % fewer"),
        (ROWS[:7], COLUMNS, "7 rows, 10 before: 30 % fewer"),
        (ROWS[:8], COLUMNS, ""),
        (ROWS, COLUMNS[:-1], "A column is gone: completed_on"),
        (ROWS, (*COLUMNS, "waived_on"), ""),
    ],
    ids=["empty", "fewer", "as few as allowed", "column gone", "column more"],
)
async def test_the_guard_looks_at_what_came(
    database: Database, rows: Sequence[AssignmentRow], columns: tuple[str, ...], held: str
) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        for what, had in ((ROWS, COLUMNS), (rows, columns)):
            execute(ImportAssignments(world.client_id, tuple(what), Source(uow.now, had)), uow)
            report = training.run(uow, world)
        assert held in report.held
        assert bool(held) == bool(report.held)

    await database.write(work)
