"""The platform took a message and its answer got lost: receipts settle it, urgent ones are repeated, an operator does the rest."""

from pathlib import Path
from typing import Any

import pytest

from core.outbox.notify import Notification, tell_person
from core.outbox.tables import NORMAL, URGENT
from core.people.queries import CLIENT_BY_CODE, PERSON_BY_CODE
from core.unit_of_work import UnitOfWork
from tests.world import Message, Somebody, World, a_world


async def tell(world: World, code: str, text: str, urgency: int) -> int:
    def work(uow: UnitOfWork) -> int:
        client = uow.one(CLIENT_BY_CODE, code="frost")
        person = uow.one(PERSON_BY_CODE, client_id=client.id, code=code.lower())
        return tell_person(uow, person.id, Notification("reply.text", {"text": text}, urgency=urgency)) or 0

    return await world.database.write(work)


async def cut(world: World, platform: str, kind: str, method: str, **more: Any) -> None:
    """The next call of this method is not answered."""
    fault = {"platform": platform, "kind": kind, "method": method} | more
    await world.control("POST", "/control/faults", fault)


async def delivery(world: World, delivery_id: int | str) -> dict[str, Any]:
    items = (await world.api("GET", "/api/deliveries?limit=200")).json()["items"]
    return next(one for one in items if one["id"] == str(delivery_id))


async def copies(somebody: Somebody, words: str) -> list[Message]:
    return [message for message in await somebody.messages() if words in message.text and message.raw["from"] == "bot"]


async def test_whatsapp_says_itself_that_it_arrived(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        magdalena = world.on("whatsapp", "SM-07")
        await magdalena.says("me")
        await magdalena.sees("You are Magdalena")
        await world.quiet()

        await cut(world, "whatsapp", "drop_after", "messages")
        sent = await tell(world, "SM-07", "The freezer is open", URGENT)
        await magdalena.sees("The freezer is open")
        await world.quiet()
        await world.advance(minutes=3)
        await world.quiet()

        assert len(await copies(magdalena, "The freezer is open")) == 1
        proof = await delivery(world, sent)
        assert proof["state"] in ("sent", "delivered", "read")
        assert [one["outcome"] for one in proof["tries"]] == ["unknown"]
        assert (proof["repeats"], bool(proof["receipts"]), bool(proof["sentAt"])) == ([], True, True)


@pytest.mark.parametrize("kind", ["drop_after", "hang"])
async def test_an_urgent_message_on_telegram_is_repeated_and_says_so(
    tmp_path: Path, database_url: str, kind: str
) -> None:
    async with a_world(tmp_path, database_url) as world:
        stefan = world.on("telegram", "T-07")
        await cut(world, "telegram", kind, "sendMessage", seconds=0.2)
        sent = await tell(world, "T-07", "Come at once", URGENT)
        await world.quiet()
        await world.advance(seconds=20)
        await stefan.sees("May be a repeat", "Come at once")
        await world.advance(minutes=10)
        await world.quiet()

        arrived = 2 if kind == "drop_after" else 1
        assert len(await copies(stefan, "Come at once")) == arrived
        proof = await delivery(world, sent)
        assert (proof["state"], len(proof["repeats"])) == ("uncertain", 1)
        repeat = await delivery(world, proof["repeats"][0])
        assert (repeat["state"], repeat["isRepeat"]) == ("sent", True)
        await world.program.run_job("ledger")


async def test_any_other_waits_for_the_operator(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        stefan = world.on("telegram", "T-07")
        await cut(world, "telegram", "drop_after", "sendMessage", times=2)
        lost = await tell(world, "T-07", "Bring the key", NORMAL)
        await world.quiet()
        seen = await tell(world, "T-07", "Gate 4 is closed", NORMAL)
        await world.quiet()
        await world.advance(minutes=10)
        await world.quiet()
        listed = (await world.api("GET", "/api/deliveries?state=uncertain")).json()["items"]
        assert [one["id"] for one in listed] == [str(seen), str(lost)]

        confirmed = await world.api("POST", f"/api/deliveries/{seen}/confirm")
        assert confirmed.json()["state"] == "sent"
        again = await world.api("POST", f"/api/deliveries/{lost}/resend")
        assert (again.status_code, again.json()["isRepeat"]) == (200, True)
        await stefan.sees("May be a repeat", "Bring the key")
        await world.quiet()
        assert (len(await copies(stefan, "Bring the key")), len(await copies(stefan, "Gate 4 is closed"))) == (2, 1)
        assert (await world.api("POST", f"/api/deliveries/{lost}/resend")).status_code == 409
        await world.program.run_job("ledger")  # raises when something does not add up
