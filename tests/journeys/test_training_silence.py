"""Story C, the costliest error: nobody is named as late who has finished, also not by what left later than it was composed."""

from pathlib import Path
from typing import Any

from core.people.tables import contact_methods, persons
from core.unit_of_work import UnitOfWork
from tests.journeys.trainings import late, nothing_is_due, push, reference_of, run_now
from tests.world import Message, Somebody, World, a_world

NOTICE = "News from Callboard"


async def named(somebody: Somebody, code: str) -> list[Message]:
    return [message for message in await somebody.messages() if f"Employee {code}" in message.text]


async def send_again(world: World) -> dict[str, Any]:
    (lost,) = [one for one in await deliveries(world, "uncertain") if one["followedAt"] is None]
    answer = await world.api("POST", f"/api/deliveries/{lost['id']}/resend")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def deliveries(world: World, state: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.api("GET", f"/api/deliveries?state={state}")).json()["items"]
    return found


async def also_on(world: World, platform: str, person: str) -> Somebody:
    """From now on they are reached there first, and can still be where they were."""
    listed = await world.control("GET", "/control/people")
    address = next(str(one[f"{platform}_id"]) for one in listed["people"] if one["key"] == person)

    def work(uow: UnitOfWork) -> None:
        found = uow.connection.execute(persons.select().where(persons.c.code == person)).one()
        uow.connection.execute(contact_methods.update().where(contact_methods.c.person_id == found.id).values(rank=2))
        row = {"channel": platform, "address": address, "rank": 1, "verified_at": uow.now}
        uow.connection.execute(contact_methods.insert().values(person_id=found.id, **row))

    await world.database.write(work)
    return world.on(platform, person)


async def test_a_digest_that_failed_on_its_way_says_what_is_true_when_it_is_tried_again(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto, sabine = await world.moves_to("telegram", "SM-08"), world.on("whatsapp", "CM-2")
        await nothing_is_due(world)
        await push(world, late(world, "A1", 1, "BR-08"), late(world, "A2", 2, "BR-08"))
        fault = {"platform": "telegram", "kind": "rate_limit", "method": "sendMessage", "pause": 1.5}
        await world.control("POST", "/control/faults", fault)
        await run_now(world)
        await sabine.says(f"done {await reference_of(world, 'A1')}")
        await sabine.sees("is marked as done")
        assert await reto.messages() == []
        digest = await reto.sees("1 training is overdue", "Employee A2")
        assert "Employee A1" not in digest.text
        await world.quiet()
        assert await named(reto, "A1") == []


async def test_what_is_sent_again_by_an_operator_is_what_is_true_then(tmp_path: Path) -> None:
    """Nobody knows whether the digest arrived; one of the two has finished meanwhile, then the other, too."""
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto, sabine = await world.moves_to("telegram", "SM-08"), world.on("whatsapp", "CM-2")
        await nothing_is_due(world)
        await push(world, late(world, "A1", 1, "BR-08"), late(world, "A2", 2, "BR-08"))
        fault = {"platform": "telegram", "kind": "error", "method": "sendMessage", "code": 500, "times": 2}
        await world.control("POST", "/control/faults", fault)
        await run_now(world)
        await world.quiet()
        await sabine.says(f"done {await reference_of(world, 'A1')}")
        await sabine.sees("is marked as done")
        await send_again(world)
        await world.quiet()
        assert await reto.messages() == []
        assert (await send_again(world))["template"] == "training.store_digest"
        await reto.sees("1 training is overdue", "Employee A2")
        assert await named(reto, "A1") == []


async def test_a_notice_of_an_earlier_day_is_followed_by_nothing_old(tmp_path: Path) -> None:
    """Reto has only the notice of Monday; Tuesday's digest reaches him on Telegram. Then he presses the button of the notice."""
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto, sabine = world.on("whatsapp", "SM-08"), world.on("whatsapp", "CM-2")
        await nothing_is_due(world)
        await world.api("POST", "/api/escalation/stop")
        await push(world, late(world, "A1", 1, "BR-08"), late(world, "A2", 1, "BR-08"), late(world, "A3", 0, "BR-08"))
        await run_now(world)
        notice = await reto.sees(NOTICE, "2 trainings are overdue")
        await world.advance(days=1)
        await sabine.says(f"done {await reference_of(world, 'A1')}")
        await sabine.sees("is marked as done")
        there = await also_on(world, "telegram", "SM-08")
        await run_now(world)
        await there.sees("Employee A3", "Please follow up")
        await reto.presses("Show", message_id=notice.id)
        await reto.sees("2 overdue trainings")
        await reto.says("hello")
        await reto.sees("I did not understand")
        await world.quiet()
        assert await named(reto, "A1") == await named(there, "A1") == []
