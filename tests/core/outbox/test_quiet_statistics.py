"""A storm after quiet times, on PostgreSQL: its statistics say that next to nothing waits, and every message's way must not be
paid for by how many others there are."""

from typing import Any

import pytest
from sqlalchemy import insert, literal, select, text

from core.database import Database
from core.outbox.dispatching import SETTLE_SENT
from core.outbox.due import CLAIM
from core.outbox.fairness import QUEUES
from core.outbox.in_hand import BEGIN
from core.outbox.tables import URGENT, deliveries
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.tickets.test_plans import plan_of

LONG_AGO, STORM = 5000, 300
LANE: dict[str, Any] = {"channel": "telegram", "account": "default"}
ONE = [(1, START, "m1")]
WAITING = [
    (CLAIM[URGENT], LANE | {"whose": 0, "now": START, "lately": START, "lease_until": START, "limit": 100}),
    (QUEUES, LANE | {"now": START}),
]


@pytest.fixture
def storm(database: Database) -> Database:
    if database.url.startswith("sqlite"):
        pytest.skip("SQLite plans without statistics")
    return database


def _fill(uow: UnitOfWork) -> None:
    """Everything that was ever sent, then what the statistics do not know of."""
    first = builders.queued(uow, urgency=URGENT)
    of_first = [column for column in deliveries.c if column.name not in ("id", "state")]
    for state, number in (("sent", LONG_AGO), ("pending", STORM)):
        again = text(f"generate_series(1, {number})")
        copies = select(*of_first, literal(state)).select_from(deliveries, again).where(deliveries.c.id == first)
        uow.connection.execute(insert(deliveries).from_select([*(c.name for c in of_first), "state"], copies))
        if state == "sent":
            uow.connection.exec_driver_sql("ANALYZE deliveries")


@pytest.mark.parametrize(("statement", "values"), WAITING, ids=["claim", "queues"])
async def test_what_is_due_is_found_in_the_order_of_its_index(
    storm: Database, statement: Statement[Any], values: dict[str, Any]
) -> None:
    def work(uow: UnitOfWork) -> str:
        _fill(uow)
        return plan_of(uow, statement, values)

    plan = await storm.write(work)
    assert "ix_deliveries_due" in plan
    assert "Sort Key: deliveries" not in plan
    assert "Semi Join" not in plan


@pytest.mark.parametrize(
    ("statement", "values"),
    [(BEGIN, {"leaving": ONE, "now": START}), (SETTLE_SENT, {"sent": ONE, "now": START})],
    ids=["begin", "settle"],
)
async def test_a_hundred_are_written_without_reading_the_whole_table(
    storm: Database, statement: Statement[Any], values: dict[str, Any]
) -> None:
    def work(uow: UnitOfWork) -> str:
        _fill(uow)
        return plan_of(uow, statement, values)

    assert "Seq Scan on deliveries" not in await storm.write(work)
