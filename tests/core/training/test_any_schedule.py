"""Whatever the schedule, whoever starts a run and wherever people live: one digest for each person on each of their own days."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.database import Database
from core.errors import DomainError
from core.outbox.tables import deliveries, notifications
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import late

ZONES = ("Europe/Madrid", "America/New_York", "Asia/Tokyo", "Pacific/Apia")


class Undone(DomainError):
    """Ends an example, so that the next one finds nothing of it."""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=st.lists(st.integers(1, 1700), min_size=3, max_size=12), zone=st.sampled_from(ZONES))
async def test_one_digest_for_each_person_and_day(database: Database, pauses: list[int], zone: str) -> None:
    """`pauses`: minutes from one run to the next."""
    per_day: Counter[tuple[int, str]] = Counter()

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.hire(uow, world, "ACME-FAR", "store_manager", "N2", time_zone=zone)
        rows = [late(f"E{n}", ("N1", "N2", "S1")[n % 3], 1 + n, line=n) for n in range(2, 14)]
        training.bring(uow, world, *rows)
        sent: list[tuple[int, str]] = []
        for minutes in pauses:
            uow.now += timedelta(minutes=minutes)
            training.run(uow, world, uow.now.astimezone(training.MADRID).date())
        joined = deliveries.join(notifications, notifications.c.id == deliveries.c.notification_id)
        columns = (deliveries.c.person_id, deliveries.c.created_at, deliveries.c.time_zone)
        for person_id, at, place in uow.connection.execute(select(*columns).select_from(joined)):
            sent.append((person_id, at.astimezone(ZoneInfo(place)).date().isoformat()))
        per_day.clear()  # a unit of work may be run again
        per_day.update(sent)
        assert len({left.id for left in builders.outbox(uow)}) == len(sent)
        raise Undone("")

    with suppress(Undone):
        await database.write(work)
    assert per_day
    assert set(per_day.values()) == {1}
