"""Trainings done in time, late, not at all and waived: counted by the month of the deadline, by store and by course."""

from datetime import date
from typing import Any

from core.database import Database
from core.training.compliance import Compliance, list_compliance
from core.unit_of_work import UnitOfWork
from tests.core.training.world import World, bring, build, late

FIRST, TODAY = date(2026, 10, 1), date(2026, 11, 23)


def furnished(uow: UnitOfWork) -> World:
    """Due on 13 Nov in N1: one done that day, one a day later, one missing; in October in N2: one waived. One is due today, and
    one was long before the period."""
    world = build(uow)
    build(uow, "OTHER")
    bring(
        uow,
        world,
        late("P1", "N1", 10, completed_on="2026-11-13", line=2),
        late("P2", "N1", 10, completed_on="2026-11-14", line=3),
        late("P3", "N1", 10, line=4),
        late("P4", "N2", 40, "FIRE", waived_on="2026-11-01", line=5),
        late("P5", "N2", 0, line=6),
        late("P6", "N2", 400, line=7),
    )
    return world


def found(uow: UnitOfWork, world: World, by: Any, *paths: str) -> list[Compliance]:
    below = paths or (f"/{world.client_id}/",)
    return list_compliance(uow, world.client_id, below, FIRST, TODAY, by)


async def test_by_month_store_and_course(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = furnished(uow)
        waived = {"waived": 1}
        done = {"in_time": 1, "late": 1, "missing": 1}
        assert found(uow, world, "month") == [
            Compliance("2026-10", "2026-10", **waived),
            Compliance("2026-11", "2026-11", **done),
        ]
        assert found(uow, world, "store") == [
            Compliance("N1", "Store N1", **done),
            Compliance("N2", "Store N2", **waived),
        ]
        assert [(one.key, one.due) for one in found(uow, world, "course")] == [("FOOD", 3), ("FIRE", 0)]

    await database.write(work)


async def test_only_the_places_asked_for_and_several_add_up(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = furnished(uow)
        at = f"/{world.client_id}/{world.units['N']}"
        first, second = (f"{at}/{world.units[one]}/" for one in ("N1", "N2"))
        assert [one.key for one in found(uow, world, "store", first)] == ["N1"]
        assert found(uow, world, "month", first, second) == found(uow, world, "month")
        assert sum(found(uow, world, "month"), Compliance()).due == 3

    await database.write(work)
