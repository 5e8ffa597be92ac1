"""The nightly count: a clean one leaves its numbers, anything else an alarm, a failed job and a red exit code."""

import pytest
from sqlalchemy import select

from core.audit.tables import events
from core.database import Database
from core.outbox.dispatching import claim
from core.unit_of_work import UnitOfWork
from jobs.ledger import LedgerBrokenError, check_ledger
from tests import builders


async def written(database: Database) -> list[tuple[str, dict[str, object]]]:
    found = select(events.c.kind, events.c.data).order_by(events.c.id)
    return await database.read(lambda reader: [(row.kind, row.data) for row in reader.connection.execute(found)])


async def test_a_clean_count_is_written_down(database: Database) -> None:
    await database.write(builders.queued)
    await check_ledger(database)
    counts = {"notifications": 1, "quarantined": 0, "pending": 1}
    assert await written(database) == [("ledger.clean", {"counts": counts})]


async def test_what_does_not_add_up_reaches_the_admins_and_fails_the_job(database: Database) -> None:
    def build(uow: UnitOfWork) -> None:
        for code in ("ACME", "BETA"):
            builders.person(uow, builders.client(uow, code), "admin", f"{code}-ADM")
        builders.queued(uow, channel="slack")
        claim(uow, "slack", "default", 1)

    await database.write(build)
    database.clock.advance(3600)
    with pytest.raises(LedgerBrokenError, match="1 messages being sent for longer than anybody may take"):
        await check_ledger(database)
    (event,) = await written(database)
    assert (event[0], event[1]["broken"]) == ("ledger.broken", {"stuck": 1})
    alarms = [left for left in await database.read(builders.outbox) if left.template == "outbox.ledger"]
    assert sorted(alarm.chat for alarm in alarms) == ["telegram-ACME-ADM", "telegram-BETA-ADM"]
    assert "• 1 messages being sent for longer" in alarms[0].text
