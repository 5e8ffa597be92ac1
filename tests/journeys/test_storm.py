"""A storm: 10,000 overdue trainings of 300 stores become one digest for each manager, and no second is over the limit."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.executor import execute
from core.people.commands import ImportPeople, ImportUnits
from core.people.queries import CLIENT_BY_CODE
from core.people.rows import PersonRow, UnitRow
from core.training.commands import ImportAssignments
from core.training.rows import AssignmentRow
from core.unit_of_work import UnitOfWork
from tests.world import World, a_world

STORES = 300
ROWS = 10_000


def furnish(uow: UnitOfWork) -> None:
    """300 stores of one cluster with a manager each on WhatsApp, and their employees a day late."""
    client = uow.one(CLIENT_BY_CODE, code="frost")
    due = (uow.now.date() - timedelta(days=1)).isoformat()
    stores = tuple(UnitRow(n, f"ST-{n:03d}", f"Store {n}", "branch", "ISLES") for n in range(STORES))
    managers = tuple(
        PersonRow(n, f"SX-{n:03d}", f"Manager {n}", "store_manager", f"ST-{n:03d}", whatsapp_id=f"49160990{n:04d}")
        for n in range(STORES)
    )
    late = tuple(
        AssignmentRow(n, f"EX-{n:05d}", f"Employee {n}", f"ST-{n % STORES:03d}", "FS-101", due) for n in range(ROWS)
    )
    execute(ImportUnits(stores, client.id), uow)
    execute(ImportPeople(managers, client.id), uow)
    execute(ImportAssignments(client.id, late), uow)


async def open_windows(world: World) -> None:
    await world.control(
        "PUT",
        "/control/people",
        [
            {"key": f"SX-{n:03d}", "name": f"Manager {n}", "whatsapp_id": f"49160990{n:04d}", "kind": "staff"}
            for n in range(STORES)
        ],
    )


AT_FULL_SPEED = {
    "send_guard_seconds": 0.25,
    "whatsapp_recipients_per_day": 0,
    "escalation_send_spacing_seconds": 0,
}


@pytest.mark.alone
async def test_one_digest_for_each_of_300_managers_within_the_limit(tmp_path: Path) -> None:
    async with a_world(tmp_path, **AT_FULL_SPEED) as world:
        await world.database.write(furnish)
        await open_windows(world)

        await world.program.run_job("training-escalation")
        await world.quiet()

        got = [len(await world.on("whatsapp", f"SX-{n:03d}").messages()) for n in range(STORES)]
        counters = await world.control("GET", "/control/counters")
        assert got == [1] * STORES
        assert set(counters["requests"]["whatsapp"]["messages"]) == {"ok"}, counters["requests"]
        assert counters["max_per_second"]["whatsapp"] <= 80
