"""Sweeps over open cases and running playbooks pass over what is resolved and ended."""

import pytest
from sqlalchemy import text

from core.database import Database
from core.guidance.watched import OPEN
from core.playbooks.queries import COME_BACK, LEFT
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from tests.conftest import START
from tests.core.tickets.test_plans import plan_of

PLANS: tuple[tuple[Statement[object], str, str, dict[str, object]], ...] = (
    (OPEN, "ix_escalations_queue", "(client_id=?)", {"client_id": 1, "after": 0, "limit": 300}),
    (LEFT, "uq_playbook_runs_running", "", {"limit": 200}),
    (COME_BACK, "ix_playbook_steps_comes_back", "(due_at>? AND due_at<?)", {"now": START, "limit": 200}),
)


@pytest.mark.parametrize(("statement", "index", "by", "values"), PLANS, ids=[plan[1] for plan in PLANS])
async def test_the_plan_names_the_index(
    database: Database, statement: Statement[object], index: str, by: str, values: dict[str, object]
) -> None:
    def work(uow: UnitOfWork) -> str:
        if uow.dialect.name == "postgresql":  # few rows are always read faster without an index
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
            return plan_of(uow, statement, values) + by
        return plan_of(uow, statement, values)

    plan = await database.write(work)
    assert index in plan
    assert by in plan
