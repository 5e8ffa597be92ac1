"""At any moment a branch has at most one primary technician, whatever the program around the database does."""

import sqlite3
from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database import Database
from core.people.guards import guard
from core.people.periods import overlap
from core.people.tables import positions
from core.unit_of_work import UnitOfWork
from migrations.connection import changing
from tests import builders

REFUSED = (sqlite3.IntegrityError, psycopg.errors.ExclusionViolation)
JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 6))


def _branch(uow: UnitOfWork) -> tuple[int, int, int]:
    client = builders.client(uow)
    branch = builders.unit(uow, client, "BR-01")
    people = [builders.person(uow, client, "admin", code, on="") for code in ("ANA", "BEN")]
    return branch, *people


def _seat(uow: UnitOfWork, person: int, branch: int, *period: date | None, rank: str = "primary") -> int:
    terms: dict[str, Any] = {"starts_on": period[0], "ends_on": period[1], "rank": rank}
    return builders.put(uow, positions, person_id=person, unit_id=branch, role="technician", **terms)


@pytest.mark.parametrize(
    "periods",
    [
        ((None, None), (None, None)),
        ((JUNE, None), (JULY, None)),
        ((JUNE, JULY), (JULY, AUGUST)),
        ((None, JUNE), (JUNE, None)),
    ],
)
async def test_two_primaries_at_one_moment_are_refused_by_the_database(database: Database, periods: Any) -> None:
    def work(uow: UnitOfWork) -> None:
        branch, ana, ben = _branch(uow)
        _seat(uow, ana, branch, *periods[0])
        _seat(uow, ben, branch, *periods[1])

    with pytest.raises(REFUSED, match="one_primary_technician"):
        await database.write(work)


async def test_nobody_becomes_a_second_primary_by_a_change_either(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        branch, ana, ben = _branch(uow)
        _seat(uow, ana, branch, JUNE, None)
        second = _seat(uow, ben, branch, None, None, rank="secondary")
        builders.change(uow, positions, second, territory="West")
        builders.change(uow, positions, second, rank="primary")

    with pytest.raises(REFUSED, match="one_primary_technician"):
        await database.write(work)


async def test_primaries_that_follow_each_other_secondaries_and_other_branches_are_fine(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        branch, ana, ben = _branch(uow)
        first = _seat(uow, ana, branch, None, date(2026, 6, 30))
        _seat(uow, ben, branch, JULY, None)
        _seat(uow, ben, branch, None, None, rank="secondary")
        _seat(uow, ana, builders.unit(uow, 1, "BR-02"), None, None)
        builders.change(uow, positions, first, starts_on=JUNE)
        return first

    assert await database.write(work)


@given(DAYS, DAYS, DAYS, DAYS)
def test_periods_overlap_when_a_day_is_in_both(starts: Any, ends: Any, other_starts: Any, other_ends: Any) -> None:
    days = [date(2025, 12, 31), *(date(2026, 1, day) for day in range(1, 8))]
    one, other = (
        {day for day in days if (low is None or low <= day) and (high is None or day <= high)}
        for low, high in ((starts, ends), (other_starts, other_ends))
    )
    if one and other:
        assert overlap(starts, ends, other_starts, other_ends) == bool(one & other)


async def test_the_guard_is_back_after_a_table_was_built_anew(database: Database) -> None:
    """On SQLite a batch migration drops the triggers with the old table; every upgrade puts them back."""
    with changing(database.url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER one_primary_technician_new")
        guard(connection)
        guard(connection)

    def work(uow: UnitOfWork) -> None:
        branch, ana, ben = _branch(uow)
        _seat(uow, ana, branch, None, None)
        _seat(uow, ben, branch, None, None)

    with pytest.raises(REFUSED, match="one_primary_technician"):
        await database.write(work)
