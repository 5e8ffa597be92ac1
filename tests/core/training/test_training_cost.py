"""What a run costs does not depend on how many trainings there are."""

from typing import Any

import pytest

from core.database import Database
from core.executor import execute
from core.statements import Statement
from core.training.commands import RunTrainingEscalation
from core.training.counting import DayCount, Yardstick
from core.training.listing import PAGE
from core.training.policy import HOUSE
from core.training.queries import GROUPS, GROUPS_ALIKE
from core.training.runs import TOLD
from core.training.tellings import END, ENDED, LINES, SAY
from core.training.tellings import GROUPS as TOLD_GROUPS
from core.unit_of_work import UnitOfWork
from tests.core.training import world as training
from tests.core.training.world import TODAY, late
from tests.counting import Counting


async def _statements_for(database: Database, code: str, per_store: int) -> int:
    def work(uow: UnitOfWork) -> int:
        world = training.build(uow, code)
        numbers = range(2, 2 + 3 * per_store)
        rows = (late(f"{code}{n}", ("N1", "N2", "S1")[n % 3], 1 + n // 3 % 6, line=n) for n in numbers)
        training.bring(uow, world, *rows)
        counting = Counting(uow.connection, uow.now)
        report = execute(RunTrainingEscalation(world.client_id, TODAY), counting)
        assert (report.counts.told, report.counts.assignments) == (6, 3 * per_store)
        return len(counting.ran)

    return await database.write(work)


async def test_a_run_takes_as_many_statements_for_many_trainings_as_for_few(database: Database) -> None:
    few = await _statements_for(database, "FEW", 6)
    many = await _statements_for(database, "MANY", 300)
    assert few == many


async def test_an_import_takes_as_many_statements_for_many_rows_as_for_few(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        world = training.build(uow)
        counts = []
        for size in (10, 1_000):
            counting = Counting(uow.connection, uow.now)
            training.bring(counting, world, *(late(f"E{size}-{n}", "N1", 1, line=n) for n in range(2, 2 + size)))
            counts.append(len(counting.ran))
        return counts

    few, many = await database.write(work)
    assert few == many


COUNT = DayCount(HOUSE, Yardstick(TODAY, (TODAY, TODAY, TODAY), TODAY))
DUE = "training_assignments USING INDEX ix_training_assignments_due (client_id=? AND due_on<?)"
OF_UNIT = (
    "training_assignments USING INDEX ix_training_assignments_unit"
    " (unit_id=? AND completed_on=? AND waived_on=? AND due_on<?)"
)
RUN_NOTICES = "training_notices USING COVERING INDEX ix_training_notices_person (run_id=? AND person_id"
SAID = "training_tellings USING INDEX uq_training_tellings_open (person_id>? AND person_id<?)"
UNSAID = "training_tellings USING INDEX ix_training_tellings_ended (ended_run_id>?)"
PART = {"run": 1, "first": 1, "last": 9, "store_level": 1}
ABOUT_UNIT = "sqlite_autoindex_training_notices_1 (run_id=? AND unit_id=? AND level=?)"


async def _plan(database: Database, statement: Statement[Any], values: dict[str, Any]) -> str:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by statistics that a small table does not have")

    def work(uow: UnitOfWork) -> str:
        compiled = statement.compiled(uow.dialect)
        parameters = compiled.parameters({**values, **COUNT.values})
        rows = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.sql}", parameters)
        return "\n".join(row.detail for row in rows)

    return await database.write(work)


@pytest.mark.parametrize(
    ("statement", "values", "searches"),
    [
        (GROUPS, {"client_id": 1}, [DUE]),
        (GROUPS_ALIKE, {"client_id": 1}, [DUE]),
        (SAY, PART, [RUN_NOTICES, OF_UNIT]),
        (END, PART, [SAID]),
        (TOLD_GROUPS, PART, [SAID]),
        (LINES, PART | {"most": 9}, [SAID]),
        (ENDED, PART | {"least": 1}, [UNSAID]),
        (TOLD, {"run_id": 1, "client_id_": 1}, [DUE.replace("INDEX", "COVERING INDEX", 1), ABOUT_UNIT]),
    ],
    ids=["count", "count alike", "say", "end", "groups of a person", "lines of a person", "ended", "write back"],
)
async def test_only_what_is_open_and_due_is_read(
    database: Database, statement: Statement[Any], values: dict[str, Any], searches: list[str]
) -> None:
    plan = await _plan(database, statement, values)
    assert all(search in plan for search in searches), plan
    assert "SCAN training" not in plan


async def test_a_page_of_what_is_overdue_is_read_in_its_order(database: Database) -> None:
    """However many have the same deadline: nothing is sorted."""
    values = {"client_id": 1, "after_due": TODAY, "after_id": 1, "limit": 50}
    plan = await _plan(database, PAGE[True], values)
    assert "USING INDEX ix_training_assignments_due" in plan
    assert "TEMP B-TREE" not in plan


async def test_what_is_overdue_at_a_place_is_found_without_what_is_done(database: Database) -> None:
    plan = await _plan(
        database, PAGE[False], {"client_id": 1, "after_due": TODAY, "after_id": 1, "limit": 50, "pattern": "/1/%"}
    )
    assert f"{OF_UNIT.removesuffix('due_on<?)')}due_on>? AND due_on<?)" in plan
