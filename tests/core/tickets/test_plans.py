"""The queue and the photos to be fetched are read from their partial indexes, however many rows there are."""

import pytest
from sqlalchemy import text

from core.database import Database
from core.media.fetching import TAKE
from core.statements import Reader, Statement
from core.tickets.queries import QUEUE
from core.unit_of_work import UnitOfWork
from tests.core.tickets.story import opened, staffed_branch

QUEUE_VALUES = {"client_id": 1, "below": "/1/%", "technician_id": 0, "limit": 50}


def plan_of(reader: Reader, statement: Statement[object], values: dict[str, object]) -> str:
    compiled = statement.compiled(reader.dialect)
    explain = "EXPLAIN QUERY PLAN " if reader.dialect.name == "sqlite" else "EXPLAIN "
    cursor = reader.connection.connection.cursor()
    cursor.execute(explain + compiled.sql, compiled.parameters(values))
    return " ".join(str(cell) for row in cursor.fetchall() for cell in row)


@pytest.mark.parametrize(("statement", "index"), [(QUEUE, "ix_tickets_queue"), (TAKE, "ix_media_due")])
async def test_the_plan_names_the_partial_index(database: Database, statement: Statement[object], index: str) -> None:
    def work(uow: UnitOfWork) -> str:
        at = staffed_branch(uow)
        opened(uow, at)
        if uow.dialect.name == "postgresql":  # a few rows are always read faster without an index
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        values = QUEUE_VALUES if statement is QUEUE else {"now": uow.now, "lease_until": uow.now, "limit": 4}
        return plan_of(uow, statement, values)

    assert index in await database.write(work)
