"""Counting days and levels, for every day there is; and that the database counts the same."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database import Database
from core.training.policy import HOUSE, days_overdue, is_paused
from core.training.queries import list_overdue
from core.training.tables import training_assignments
from core.unit_of_work import UnitOfWork
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

DAYS = st.integers(min_value=-400, max_value=400)


@pytest.mark.parametrize(("days", "level"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (14, 3), (400, 3)])
def test_the_levels_begin_on_their_days(days: int, level: int) -> None:
    assert HOUSE.level_of(days, broken_promise=False) == level


@given(DAYS)
def test_waiting_never_lowers_a_level(days: int) -> None:
    assert HOUSE.level_of(days, broken_promise=False) <= HOUSE.level_of(days + 1, broken_promise=False)


@given(DAYS)
def test_a_broken_promise_is_one_level_more_but_only_for_what_is_late(days: int) -> None:
    kept, broken = HOUSE.level_of(days, broken_promise=False), HOUSE.level_of(days, broken_promise=True)
    assert broken == (min(kept + 1, HOUSE.top) if days > 0 else 0)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), DAYS)
def test_days_are_counted_from_the_day_after(due_on: date, days: int) -> None:
    assert days_overdue(due_on, due_on + timedelta(days=days)) == max(days, 0)


@given(DAYS, DAYS)
def test_the_promised_day_and_the_last_day_of_a_leave_are_still_a_pause(promised: int, leave: int) -> None:
    paused = is_paused(TODAY + timedelta(days=promised), TODAY + timedelta(days=leave), TODAY)
    assert paused == (promised >= 0 or leave >= 0)
    assert not is_paused(None, None, TODAY)


def test_every_level_is_followed_by_the_next_ones() -> None:
    roles = [level.role for level in HOUSE.levels]
    assert [HOUSE.roles_from(level)[:-2] for level in range(1, HOUSE.top + 1)] == [
        tuple(roles[n:]) for n in range(HOUSE.top)
    ]


async def test_the_database_derives_the_same_levels(database: Database) -> None:
    pauses = [None, -1, 0, 1]
    cases = [(days, promised, leave) for days in range(1, 8) for promised in pauses for leave in pauses]

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, *(late(f"E{n}", "N1", case[0], line=n) for n, case in enumerate(cases)))
        for n, (_, promised, leave) in enumerate(cases):
            uow.connection.execute(
                training_assignments.update()
                .where(training_assignments.c.id == training.assignment_id(uow, f"E{n}"))
                .values(promised_on=_day(promised), leave_until=_day(leave))
            )
        listed = list_overdue(
            uow,
            world.client_id,
            f"/{world.client_id}/",
            training.counted(uow, world),
            limit=len(cases),
        )
        derived = {int(row.employee_code[1:]): row.level for row in listed}
        assert derived == {n: _expected(*case) for n, case in enumerate(cases)}

    await database.write(work)


def _day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def _expected(days: int, promised: int | None, leave: int | None) -> int:
    paused = is_paused(_day(promised), _day(leave), TODAY)
    return 0 if paused else HOUSE.level_of(days, broken_promise=promised is not None)
