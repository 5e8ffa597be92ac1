"""Counting days: on the branch's own day, and in its own working days where the policy says so; the database counts the same."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.calendars.hours import Calendar, working_days
from core.database import Database
from core.people.tables import units
from core.training.counting import count_days, yardstick
from core.training.policies import SetTrainingPolicy, set_policy
from core.training.policy import HOUSE, Level, Policy
from core.training.queries import list_overdue
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

DAY = timedelta(days=1)
WEEK = (((480, 1080),),) * 5 + ((), ())
LEVELS = st.lists(st.integers(1, 30), min_size=1, max_size=6, unique=True).map(sorted)
CLOSED = st.sets(st.integers(-60, 60), max_size=8)


@given(LEVELS, CLOSED, st.integers(-80, 5))
def test_a_level_is_reached_on_its_working_day_and_not_before(days: list[int], closed: set[int], due: int) -> None:
    calendar = Calendar(ZoneInfo("Europe/Madrid"), WEEK, frozenset(TODAY + n * DAY for n in closed))
    policy = Policy(tuple(Level(day, "owner") for day in days), counts="working")
    found, due_on = yardstick(policy, TODAY, calendar), TODAY + due * DAY
    worked = working_days(calendar, due_on, TODAY)
    assert found.days(due_on) == worked
    assert sum(due_on <= last for last in found.reaches) == policy.level_of(worked, broken_promise=False)


@given(CLOSED, st.integers(0, 60), st.integers(0, 40))
def test_waiting_never_lowers_the_count(closed: set[int], before: int, later: int) -> None:
    calendar = Calendar(ZoneInfo("Europe/Madrid"), WEEK, frozenset(TODAY + n * DAY for n in closed))
    due_on = TODAY - before * DAY
    counts = [yardstick(HOUSE, TODAY + n * DAY, calendar).days(due_on) for n in range(later + 1)]
    assert counts == sorted(counts)


async def test_nobody_is_late_before_their_own_day_is_over(database: Database) -> None:
    """Seen from a client in Madrid, when it is tomorrow in Auckland already and still yesterday in Los Angeles."""

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        builders.change(uow, units, world.units["N1"], time_zone="America/Los_Angeles")
        builders.change(uow, units, world.units["N2"], time_zone="Pacific/Auckland")
        rows = [
            late(f"{unit}-{n}", unit, n, line=10 * at + n + 1)
            for at, unit in enumerate(("N1", "N2", "S1"))
            for n in (0, 1, 2)
        ]
        training.bring(uow, world, *rows)
        for now, days in (
            (
                datetime(2026, 11, 23, 5, tzinfo=UTC),
                {"N1": {"N1-2": 1}, "N2": {"N2-2": 2, "N2-1": 1}, "S1": {"S1-2": 2, "S1-1": 1}},
            ),
            (
                datetime(2026, 11, 23, 13, tzinfo=UTC),
                {"N1": {"N1-2": 2, "N1-1": 1}, "N2": {"N2-2": 3, "N2-1": 2, "N2-0": 1}, "S1": {"S1-2": 2, "S1-1": 1}},
            ),
        ):
            count = count_days(uow, world.client_id, now)
            listed = list_overdue(uow, world.client_id, f"/{world.client_id}/", count, limit=99)
            found: dict[str, dict[str, int]] = {"N1": {}, "N2": {}, "S1": {}}
            for row in listed:
                found[row.unit_code][row.employee_code] = count.days(row.unit_id, row.due_on)
                assert row.level == HOUSE.level_of(count.days(row.unit_id, row.due_on), broken_promise=False)
            assert found == days

    await database.write(work)


async def test_a_holiday_of_one_branch_is_none_of_another(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        levels = ((1, "store_manager"), (3, "cluster_manager"))
        set_policy(SetTrainingPolicy(world.client_id, levels, 14, "working"), uow)
        builders.change(uow, units, world.client_id, hours="Mon-Fri 08:00-18:00")
        builders.change(uow, units, world.units["N1"], closed_on=["2026-11-20"])
        training.bring(uow, world, late("E1", "N1", 5), late("E2", "N2", 5, line=3))  # due on Wednesday, seen on Monday
        count = count_days(uow, world.client_id, uow.now, date(2026, 11, 23))
        listed = list_overdue(uow, world.client_id, f"/{world.client_id}/", count)
        assert {row.employee_code: (count.days(row.unit_id, row.due_on), row.level) for row in listed} == {
            "E1": (2, 1),
            "E2": (3, 2),
        }

    await database.write(work)
