"""Whatever is opened where and when, and whatever fails meanwhile: every client's months count 1, 2, 3 ... by its own calendar."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.database import write_engine
from core.errors import DomainError
from core.executor import execute
from core.tables import metadata
from core.tickets.commands import OpenTicket, SeedCategories
from core.tickets.subcategories import list_subcategories
from core.unit_of_work import UnitOfWork
from tests import builders

ZONES = ("Asia/Tokyo", "Europe/Madrid", "America/Lima")
LATE_IN_NOVEMBER = datetime(2026, 11, 29, 6, tzinfo=UTC)
FAILURES = ({"description": " "}, {"external_id": "TAKEN"})  # the second only when it is taken already

openings = st.lists(
    st.tuples(st.sampled_from(range(len(ZONES))), st.integers(0, 600), st.sampled_from([None, *FAILURES])), max_size=30
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = write_engine(f"sqlite:///{tmp_path_factory.mktemp('numbers') / 'numbers.db'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@settings(max_examples=40, deadline=None)
@given(openings)
def test_every_clients_month_counts_without_gaps(
    engine: Engine, wanted: list[tuple[int, int, dict[str, str] | None]]
) -> None:
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        found: dict[tuple[int, str], list[str]] = defaultdict(list)
        try:
            first = UnitOfWork(connection, LATE_IN_NOVEMBER)
            places = [_place(first, f"C{n}", zone) for n, zone in enumerate(ZONES)]
            now = LATE_IN_NOVEMBER
            for client, minutes, failure in wanted:
                now += timedelta(minutes=minutes)
                number = _open(UnitOfWork(connection, now), places[client], failure)
                if number:
                    month = f"{now.astimezone(ZoneInfo(ZONES[client])):%Y%m}"
                    found[client, month].append(number)
        finally:
            cursor.execute("ROLLBACK")
    for (_, month), numbers in found.items():
        assert numbers == [f"TKT-{month}-{n:05d}" for n in range(1, len(numbers) + 1)]


def _place(uow: UnitOfWork, code: str, zone: str) -> tuple[int, int]:
    """A branch, and a kind of problem there."""
    client = builders.client(uow, code, time_zone=zone)
    execute(SeedCategories(client), uow)
    return builders.unit(uow, client, "BR"), list_subcategories(uow, client)[0].id


def _open(uow: UnitOfWork, place: tuple[int, int], failure: dict[str, str] | None) -> str:
    """The number; empty when it was refused, and undone as a unit of work is."""
    cursor = uow.connection.connection.cursor()
    cursor.execute("SAVEPOINT one")
    number = ""
    with suppress(DomainError):
        number = execute(OpenTicket(*place, 2, **({"description": "Broken"} | (failure or {}))), uow).number
    if not number:
        cursor.execute("ROLLBACK TO one")
    cursor.execute("RELEASE one")
    return number
