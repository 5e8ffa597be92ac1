"""Trainings in a journey: brought by the HR system, and looked at by an admin."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.people.queries import CLIENT_BY_CODE
from core.training.tables import training_assignments
from core.unit_of_work import UnitOfWork
from tests.world import PATIENCE, World

MADRID = ZoneInfo("Europe/Madrid")


def today_in(world: World) -> date:
    return world.database.clock.now().astimezone(MADRID).date()


def late(world: World, code: str, days: int, branch: str = "BR-07", **more: str) -> dict[str, Any]:
    """A row of the records that is `days` overdue."""
    due = today_in(world) - timedelta(days=days)
    return {
        "employeeCode": code, "employeeName": f"Employee {code}", "unitCode": branch, "courseCode": "FS-101",
        "dueOn": due.isoformat(), **more,
    }  # fmt: skip


async def push(world: World, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await world.api("POST", "/api/training/assignments", {"rows": list(rows), **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def reference_of(world: World, code: str) -> str:
    """Of the employee's overdue training."""
    found = (await world.api("GET", "/api/escalation/overdue-users?limit=200")).json()["items"]
    return next(str(one["id"]) for one in found if one["employeeId"] == code)


async def nothing_is_due(world: World) -> None:
    """The sample company's own trainings are gone, so that a story can count its own."""

    def work(uow: UnitOfWork) -> None:
        uow.connection.execute(training_assignments.delete())

    await world.database.write(work)


async def run_now(world: World) -> dict[str, Any]:
    answer = await world.api("POST", "/api/escalation/run-manual")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def status_of(world: World) -> dict[str, Any]:
    found: dict[str, Any] = (await world.api("GET", "/api/escalation/status")).json()
    return found


async def client_of(world: World) -> int:
    return await world.database.read(lambda reader: int(reader.one(CLIENT_BY_CODE, code="frost").id))


async def waits_for(world: World, person: str, why: str) -> datetime:
    """Until the one message for this person is held for that; returns when it is looked at again."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        found = (await world.api("GET", f"/api/deliveries?state=pending&personId={person}")).json()["items"]
        if [one["heldFor"] for one in found] == [why]:
            return datetime.fromisoformat(found[0]["nextAttemptAt"])
        await asyncio.sleep(0.1)
    raise AssertionError(f"nothing for {person} waits for {why}: {found}")
