"""A message that can wait comes when people work, not all in one second; what is urgent comes at once."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.test_fallback import completion, reference_in, until
from tests.world import World, a_world

VIENNA = ZoneInfo("Europe/Vienna")


async def waiting_for(world: World, person: str, reference: str) -> list[dict[str, Any]]:
    """What they are to hear of it; besides there may be what a timer tells at that hour."""
    found = (await world.api("GET", f"/api/deliveries?state=pending&personId={person}")).json()["items"]
    return [one for one in found if one["heldFor"] == "quiet" and one["subject"] == reference]


async def accepted_in_vienna(world: World, kind: str, problem: str) -> str:
    """Stefan accepts a ticket at Magdalena's store; returns its reference."""
    stefan = world.on("telegram", "T-07")
    await world.on("slack", "DI-1").says(f'ticket BR-07 "{kind}" critical {problem}')
    reference = reference_in((await stefan.sees(problem)).text)
    await stefan.says(f"accept {reference}")
    await stefan.sees("You accepted", reference)
    return reference


async def test_what_can_wait_waits_for_work_to_begin_and_a_holiday_makes_it_a_day_longer(
    tmp_path: Path, database_url: str
) -> None:
    async with a_world(tmp_path, database_url) as world:
        magdalena = world.on("whatsapp", "SM-07")
        opens = (world.database.clock.now() + timedelta(hours=2)).astimezone(VIENNA).replace(second=0, microsecond=0)
        tomorrow = opens + timedelta(days=1)
        await magdalena.says(f"hours daily {opens:%H:%M}-{opens + timedelta(hours=1):%H:%M}")
        await magdalena.sees("What can wait reaches you from", f"{opens:%H:%M} on")
        reference = await accepted_in_vienna(world, "Cold Chambers", "Cold chamber at 12 degrees")
        await world.api("POST", f"/api/tickets/{reference}/complete", completion())
        await magdalena.sees(reference, "Fan motor")  # to approve costs is urgent

        (held,) = await waiting_for(world, "SM-07", reference)
        leaves = datetime.fromisoformat(held["nextAttemptAt"])
        assert opens <= leaves < opens + timedelta(minutes=10)
        await until(world, opens - timedelta(minutes=1))
        assert not await told_of(world, reference)
        await until(world, opens + timedelta(minutes=10))
        await magdalena.sees("Stefan Gruber", "accepted")

        closed = {
            "hours": f"daily {opens:%H:%M}-{opens + timedelta(hours=1):%H:%M}",
            "closedOn": [f"{tomorrow:%Y-%m-%d}"],
        }
        said = await world.api("PUT", "/api/people/SM-07/hours", closed)
        assert said.status_code == 200, said.text
        await until(world, opens + timedelta(hours=2))
        another = await accepted_in_vienna(world, "Leaking Water", "Water on the floor")
        (held,) = await waiting_for(world, "SM-07", another)
        assert (
            datetime.fromisoformat(held["nextAttemptAt"]).astimezone(VIENNA).date()
            == (tomorrow + timedelta(days=1)).date()
        )


async def told_of(world: World, reference: str) -> bool:
    seen = await world.on("whatsapp", "SM-07").messages()
    return any("accepted" in message.text and reference in message.text for message in seen)
