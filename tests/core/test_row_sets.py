"""Many rows as one parameter, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import Boolean, Integer, Text, bindparam, select, update

from core.database import Database
from core.outbox.tables import deliveries
from core.row_sets import rows_of
from core.schema import UTCDateTime
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from tests import builders

GIVEN = rows_of("given", number=Integer(), word=Text(), at=UTCDateTime(), really=Boolean())
READ = Statement(select(*GIVEN.c).order_by(GIVEN.c.number))
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_rows_come_back_as_they_were_given(database: Database) -> None:
    moment = AT.astimezone(timezone(timedelta(hours=5)))
    given = [(2, "ñ “x” \n {", moment, True), [1, None, AT + timedelta(microseconds=1), False], (3,)]
    found = await database.read(lambda reader: reader.all(READ, given=given))
    assert [tuple(row) for row in found] == [
        (1, None, AT + timedelta(microseconds=1), False),
        (2, "ñ “x” \n {", AT, True),
        (3, None, None, None),
    ]


async def test_no_rows_change_nothing(database: Database) -> None:
    assert await database.read(lambda reader: reader.all(READ, given=[])) == []


async def test_each_row_changes_its_own(database: Database) -> None:
    ends = rows_of("ends", id=deliveries.c.id.type, at=UTCDateTime())
    change = Statement(
        update(deliveries)
        .where(deliveries.c.id == ends.c.id, deliveries.c.urgency == bindparam("urgency_"))
        .values(next_attempt_at=ends.c.at)
    )
    when = Statement(select(deliveries.c.id, deliveries.c.next_attempt_at).order_by(deliveries.c.id))

    def work(uow: UnitOfWork) -> tuple[int, list[datetime]]:
        ids = [builders.queued(uow) for _ in range(3)]
        changed = uow.run(change, ends=[(one, AT + timedelta(days=one)) for one in ids[1:]], urgency_=1)
        return changed, [row.next_attempt_at for row in uow.all(when) if row.id in ids[1:]]

    changed, moments = await database.write(work)
    assert changed == 2
    assert [moment - AT for moment in moments] == [timedelta(days=2), timedelta(days=3)]
