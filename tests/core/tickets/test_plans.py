"""What is asked often or of much is read from its index, however many rows there are."""

import pytest
from sqlalchemy import text

from core.database import Database
from core.media import fetching
from core.statements import Reader, Statement
from core.tickets import service_reports
from core.tickets.queries import DONE, QUEUE, STARTED
from core.tickets.writes import FORGET_TICKET_PLACES
from core.unit_of_work import UnitOfWork
from tests.conftest import START
from tests.core.tickets.story import opened, staffed_branch

DUE = {"now": START, "lease_until": START, "limit": 4}
PLANS: tuple[tuple[Statement[object], str, dict[str, object]], ...] = (
    (QUEUE, "ix_tickets_queue", {"client_id": 1, "below": "/1/%", "technician_id": 0, "limit": 50}),
    (fetching.TAKE, "ix_media_due", DUE),
    (service_reports.TAKE, "ix_service_reports_due", DUE),
    (STARTED, "ix_tickets_technician", {"technician_id": 1}),
    (DONE, "ix_tickets_technician", {"technician_id": 1, "since": START}),
    (FORGET_TICKET_PLACES, "ix_tickets_located", {"before": START}),
)


def plan_of(reader: Reader, statement: Statement[object], values: dict[str, object]) -> str:
    compiled = statement.compiled(reader.dialect)
    explain = "EXPLAIN QUERY PLAN " if reader.dialect.name == "sqlite" else "EXPLAIN "
    cursor = reader.connection.connection.cursor()
    cursor.execute(explain + compiled.sql, compiled.parameters(values))
    return " ".join(str(cell) for row in cursor.fetchall() for cell in row)


@pytest.mark.parametrize(("statement", "index", "values"), PLANS, ids=[plan[1] for plan in PLANS])
async def test_the_plan_names_the_index(
    database: Database, statement: Statement[object], index: str, values: dict[str, object]
) -> None:
    def work(uow: UnitOfWork) -> str:
        at = staffed_branch(uow)
        opened(uow, at)
        if (
            uow.dialect.name == "postgresql"
        ):  # a few rows are always read faster without an index, and by one as well as by another
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        return plan_of(uow, statement, values)

    plan = await database.write(work)
    assert index in plan or ("ix_tickets_waiting" in plan and database.engine.dialect.name == "postgresql")
