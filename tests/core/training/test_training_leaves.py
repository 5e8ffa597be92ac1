"""Leaves: nobody is told while an employee is away, and afterwards the days of the leave do not count against them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database import Database
from core.executor import execute
from core.imports import BadRow, ImportRefused, ImportReport
from core.training.commands import ImportLeaves, MarkOnLeave
from core.training.leaves import count_leaves, counted_deadline
from core.training.queries import get_assignment, overdue_by_level
from core.training.recipients import Recipients
from core.training.rows import LeaveRow
from core.unit_of_work import UnitOfWork
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

DAY = timedelta(days=1)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=5)


def _leaves(spans: list[tuple[int, int]]) -> list[tuple[date, date]]:
    return sorted((TODAY + first * DAY, TODAY + (first + length) * DAY) for first, length in spans)


@given(st.integers(-30, 60), SPANS, st.integers(61, 120))
def test_only_days_at_work_are_counted(due: int, spans: list[tuple[int, int]], seen: int) -> None:
    """As many days late as there were days of work between the deadline and today."""
    due_on, today, leaves = TODAY + due * DAY, TODAY + (seen + 40) * DAY, _leaves(spans)
    away = {first + n * DAY for first, last in leaves for n in range((last - first).days + 1)}
    at_work = [due_on + n * DAY for n in range(1, (today - due_on).days + 1) if due_on + n * DAY not in away]
    assert (today - counted_deadline(due_on, leaves)).days == len(at_work)


@given(st.integers(-30, 60), SPANS)
def test_a_leave_never_brings_a_deadline_nearer(due: int, spans: list[tuple[int, int]]) -> None:
    due_on = TODAY + due * DAY
    assert counted_deadline(due_on, _leaves(spans)) >= due_on


def bring_leaves(uow: UnitOfWork, world: training.World, *leaves: tuple[str, date, date]) -> ImportReport:
    rows = (LeaveRow(line, code, str(first), str(last)) for line, (code, first, last) in enumerate(leaves, start=2))
    report: ImportReport = execute(ImportLeaves(world.client_id, tuple(rows)), uow)
    return report


def _levels(uow: UnitOfWork, world: training.World, today: date) -> dict[int, int]:
    count_leaves(uow, world.client_id, today)
    return overdue_by_level(uow, world.client_id, f"/{world.client_id}/", training.counted(uow, world, today))


async def test_a_leave_pauses_and_is_not_counted_afterwards(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 4))
        leave = ("E1", TODAY, TODAY + 9 * DAY)
        assert bring_leaves(uow, world, leave) == ImportReport(1, 0, 0)
        assert bring_leaves(uow, world, leave) == ImportReport(0, 0, 1)
        assert _levels(uow, world, TODAY) == {0: 1}
        assert _levels(uow, world, TODAY + 9 * DAY) == {0: 1}
        assert _levels(uow, world, TODAY + 10 * DAY) == {2: 1}  # the third and fourth day late is the cluster manager's
        assert _levels(uow, world, TODAY + 11 * DAY) == {3: 1}
        found = get_assignment(uow, training.assignment_id(uow, "E1"))
        assert (found.deadline, found.due_on) == (TODAY - 4 * DAY, TODAY + 6 * DAY)

    await database.write(work)


async def test_a_leave_to_come_pauses_from_its_first_day(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        bring_leaves(uow, world, ("e1", TODAY + 2 * DAY, TODAY + 4 * DAY))
        assert [_levels(uow, world, TODAY + n * DAY) for n in range(7)] == [
            {1: 1}, {1: 1}, {0: 1}, {0: 1}, {0: 1}, {2: 1}, {2: 1},
        ]  # fmt: skip

    await database.write(work)


async def test_a_corrected_leave_counts_as_corrected(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        bring_leaves(uow, world, ("E1", TODAY - 5 * DAY, TODAY + 20 * DAY))
        assert _levels(uow, world, TODAY + 3 * DAY) == {0: 1}
        assert bring_leaves(uow, world, ("E1", TODAY - 5 * DAY, TODAY + 2 * DAY)) == ImportReport(0, 1, 0)
        assert _levels(uow, world, TODAY + 3 * DAY) == {1: 1}  # the deadline lay inside, so it waited for the end

    await database.write(work)


async def test_the_records_may_be_imported_again_without_taking_a_leave_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        row = late("E1", "N1", 4)
        training.bring(uow, world, row)
        execute(MarkOnLeave(training.assignment_id(uow, "E1"), TODAY + 9 * DAY), uow)
        _levels(uow, world, TODAY + 10 * DAY)
        assert training.bring(uow, world, row) == ImportReport(0, 0, 1)
        assert _levels(uow, world, TODAY + 10 * DAY) == {2: 1}

    await database.write(work)


async def test_an_extension_of_the_records_counts(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        row = late("E1", "N1", 4, extended_to=str(TODAY + 2 * DAY))
        training.bring(uow, world, row)
        assert training.bring(uow, world, row) == ImportReport(0, 0, 1)
        assert _levels(uow, world, TODAY + 2 * DAY) == {}
        assert _levels(uow, world, TODAY + 3 * DAY) == {1: 1}
        assert training.bring(uow, world, late("E1", "N1", 4)) == ImportReport(0, 0, 1)  # silence takes nothing back
        assert _levels(uow, world, TODAY + 3 * DAY) == {1: 1}
        assert training.bring(uow, world, late("E1", "N1", 0)) == ImportReport(0, 1, 0)  # a new deadline does
        assert _levels(uow, world, TODAY + 3 * DAY) == {2: 1}

    await database.write(work)


async def test_what_the_records_waive_is_asked_of_nobody(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 4), late("E2", "N1", 4, line=3, waived_on=str(TODAY)))
        assert _levels(uow, world, TODAY) == {2: 1}
        assert training.bring(uow, world, late("E1", "N1", 4, waived_on=str(TODAY))) == ImportReport(0, 1, 0)
        assert _levels(uow, world, TODAY) == {}

    await database.write(work)


async def test_a_manager_on_leave_is_replaced_by_the_next_and_it_is_known_for_whom(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        bring_leaves(uow, world, ("ACME-MN1", TODAY - DAY, TODAY + 5 * DAY))
        for today, told, instead_of in (
            (TODAY, ["CN"], [("Acme-Mn1", TODAY + 5 * DAY)]),
            (TODAY + 6 * DAY, ["MN1"], []),
        ):
            chosen = Recipients(uow, world.client_id, training.counted(uow, world, today)).choose(world.units["N1"], 1)
            assert [person.id for person in chosen.people] == [world.people[code] for code in told]
            assert [(away.name, away.until) for away in chosen.instead_of] == instead_of

    await database.write(work)


async def test_the_digest_says_for_whom_it_is(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "N2", 1, line=3))
        bring_leaves(uow, world, ("ACME-MN1", TODAY - DAY, TODAY + 5 * DAY))
        training.run(uow, world)
        texts = {told.person_id: told.text for told in training.list_told(uow)}
        assert "For Acme-Mn1, on leave until Sat 28 Nov." in texts[world.people["CN"]]
        assert "on leave" not in texts[world.people["MN2"]]

    await database.write(work)


async def test_wrong_leaves_are_named_and_none_is_taken(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 4))
        rows = (
            LeaveRow(2, "E1", "2026-11-20", "2026-11-30"),
            LeaveRow(3, "E9", "2026-11-20", ""),
            LeaveRow(4, "E1", "2026-11-24", "2026-11-23"),
            LeaveRow(5, "e1", "20.11.2026", "2026-11-30"),
        )
        with pytest.raises(ImportRefused) as refused:
            execute(ImportLeaves(world.client_id, rows), uow)
        assert refused.value.bad == (
            BadRow(3, "until_on", "is empty"),
            BadRow(3, "code", "there is nobody with the code “E9”"),
            BadRow(4, "until_on", "lies before the first day"),
            BadRow(5, "from_on", "e1 has a leave from that day in line 2 already"),
        )
        assert _levels(uow, world, TODAY) == {2: 1}

    await database.write(work)
