"""The stale-data guard: doubtful records tell nobody anything, and one person may let them go on once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.executor import execute
from core.training.commands import ImportAssignments
from core.training.guard import Guard, doubts
from core.training.holding import GoOnOnce, SetTrainingGuard, find_open, guard_of, list_holds
from core.training.import_tables import Import
from core.training.rows import AssignmentRow, Source
from core.training.schedule import schedule_of
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

COLUMNS = ("employee_code", "employee_name", "unit_code", "course_code", "due_on", "completed_on")


def _import(rows: int, hours: int = 0, columns: tuple[str, ...] = COLUMNS) -> Import:
    return Import(1, 1, START - timedelta(hours=hours), START, "HR", rows, list(columns), True, 0, 0)


@given(st.integers(0, 300), st.integers(1, 300))
def test_records_older_than_allowed_are_doubted(age: int, allowed: int) -> None:
    found = doubts(Guard(allowed, None), _import(1, age), None, None, START)
    assert found == ([f"The records are {age} hours old; {allowed} are allowed."] if age > allowed else [])


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(0, 99))
def test_fewer_rows_than_allowed_are_doubted(before: int, now: int, allowed: int) -> None:
    found = doubts(Guard(None, allowed), None, _import(now), _import(before), START)
    assert bool(found) == ((before - now) * 100 > allowed * before)


def test_a_column_that_is_gone_is_named_and_a_new_one_is_not() -> None:
    gone = doubts(Guard(None, None), None, _import(9, columns=COLUMNS[:-1]), _import(9), START)
    assert gone == ["A column is gone: completed_on."]
    assert doubts(Guard(None, None), None, _import(9, columns=(*COLUMNS, "waived_on")), _import(9), START) == []


def _world(uow: UnitOfWork) -> training.World:
    world = training.build(uow)
    training.hire(uow, world, "ACME-ADA", "admin", "", on="slack")
    return world


def _bring(
    uow: UnitOfWork, world: training.World, rows: int, hours: int = 0, columns: tuple[str, ...] = COLUMNS
) -> None:
    wanted: tuple[AssignmentRow, ...] = tuple(late(f"E{n}", "N1", 1, line=n) for n in range(2, 2 + rows))
    source = Source(uow.now - timedelta(hours=hours), columns)
    execute(ImportAssignments(world.client_id, wanted, source), uow)


def _told(uow: UnitOfWork) -> list[str]:
    return [told.template for told in training.list_told(uow)]


@pytest.mark.parametrize(
    ("rows", "hours", "columns", "why"),
    [
        (10, 73, COLUMNS, "The records are 73 hours old; 72 are allowed."),
        (7, 0, COLUMNS, "There are 7 rows, 10 before: 30 % fewer; 20 % are allowed."),
        (10, 0, COLUMNS[:-1], "A column is gone: completed_on."),
    ],
    ids=["old", "fewer", "column"],
)
async def test_doubtful_records_tell_only_the_admin(
    database: Database, rows: int, hours: int, columns: tuple[str, ...], why: str
) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _world(uow)
        _bring(uow, world, 10)
        assert training.run(uow, world, TODAY - timedelta(days=1)).counts.told == 0  # nothing is late yet
        _bring(uow, world, rows, hours, columns)
        for _ in range(2):  # however often it is tried: the admin hears of it once a day
            assert training.run(uow, world).counts.told == 0
        (alarm,) = training.list_told(uow)
        assert (alarm.template, alarm.person_id) == ("training.held", world.people["ADA"])
        assert why in alarm.text
        assert next((button.label, button.command) for button in alarm.card.buttons) == ("Go on", "run go-on")

    await database.write(work)


async def test_somebody_may_let_it_go_on_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _world(uow)
        _bring(uow, world, 10, hours=100)
        training.run(uow, world)
        builders.acting(uow, world.people["MN1"])
        with pytest.raises(Forbidden, match="This is for HR"):
            execute(GoOnOnce(world.client_id), uow)
        builders.acting(uow, world.people["ADA"])
        execute(GoOnOnce(world.client_id), uow)
        assert schedule_of(uow, world.client_id).asked_at == uow.now  # a run comes at once
        with pytest.raises(Conflict, match="No training run is held: Acme-Ada let it go on"):
            execute(GoOnOnce(world.client_id), uow)
        assert training.run(uow, world).counts.told == 1
        assert _told(uow) == ["training.held", "training.store_digest"]
        assert training.run(uow, world, TODAY + timedelta(days=1)).counts.told == 0  # old records are old again
        assert _told(uow).count("training.held") == 2

    await database.write(work)


async def test_what_was_let_go_on_is_what_the_next_records_are_measured_by(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _world(uow)
        for rows, held in ((10, False), (7, True), (6, True)):  # less and less does not slip through day by day
            _bring(uow, world, rows)
            training.run(uow, world)
            assert bool(find_open(uow, world.client_id)) == held
        execute(GoOnOnce(world.client_id), uow)
        training.run(uow, world)
        _bring(uow, world, 6)
        training.run(uow, world)
        assert find_open(uow, world.client_id) is None
        assert len(list_holds(uow, world.client_id)) == 2

    await database.write(work)


async def test_good_records_end_a_hold(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _world(uow)
        _bring(uow, world, 10, hours=100)
        assert training.run(uow, world).counts.told == 0
        _bring(uow, world, 10)
        assert training.run(uow, world).counts.told == 1
        with pytest.raises(Conflict, match=r"No training run is held\."):
            execute(GoOnOnce(world.client_id), uow)

    await database.write(work)


async def test_a_part_of_the_records_is_not_taken_for_all_of_them(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _world(uow)
        _bring(uow, world, 10)
        training.run(uow, world)
        execute(ImportAssignments(world.client_id, (late("E2", "N1", 1),), Source(uow.now, whole=False)), uow)
        training.run(uow, world)
        assert find_open(uow, world.client_id) is None

    await database.write(work)


async def test_each_client_says_what_it_allows(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _world(uow)
        assert guard_of(uow, world.client_id) == Guard(72, 20)
        execute(SetTrainingGuard(world.client_id, Guard(None, 50)), uow)
        _bring(uow, world, 10)
        training.run(uow, world)
        _bring(uow, world, 6, hours=1_000)
        training.run(uow, world)
        assert guard_of(uow, world.client_id) == Guard(None, 50)
        assert find_open(uow, world.client_id) is None
        with pytest.raises(Invalid, match="one hour to a year"):
            execute(SetTrainingGuard(world.client_id, Guard(0, 50)), uow)

    await database.write(work)
