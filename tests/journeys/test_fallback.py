"""Nobody is left out: a second channel when the first one fails, somebody else when no channel does, and quiet nights."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import update

from core.executor import execute
from core.people.commands import AddContact
from core.people.queries import CLIENT_BY_CODE, find_person
from core.people.tables import Person, persons
from core.policies.climbing import list_running
from core.unit_of_work import UnitOfWork
from tests.world import Somebody, World, a_world

OPEN_AT_DUARTES = 'ticket BR-04 "Cold Chambers" critical Cold chamber at 12 degrees'
OPEN_AT_STEFANS = 'ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees'


async def blocks_the_bot(person: Somebody) -> None:
    await person.world.control("POST", f"/control/people/{person.key}/{person.platform}/block", {})


async def from_the_bot(world: World, key: str) -> int:
    found = await world.control("GET", f"/control/people/{key}/messages")
    return sum(message["from"] == "bot" for message in found["messages"])


def person_with(uow: UnitOfWork, code: str) -> Person:
    client = uow.one(CLIENT_BY_CODE, code="frost")
    person = find_person(uow, client.id, code)
    assert person
    return person


def reference_in(text: str) -> str:
    found = re.search(r"TKT-\d{6}-\d{5}", text)
    assert found
    return found[0]


async def test_who_blocked_telegram_gets_it_on_whatsapp_until_they_write_there_again(
    tmp_path: Path, database_url: str
) -> None:
    async with a_world(tmp_path, database_url) as world:
        karim, here, there = world.on("slack", "DI-1"), world.on("telegram", "T-04"), world.on("whatsapp", "T-04")
        await there.says("me")
        await blocks_the_bot(here)

        await karim.says(OPEN_AT_DUARTES)
        await there.sees("Cold chamber at 12 degrees")
        assert await here.messages() == []
        await there.presses("Accept")
        await karim.sees("Duarte Pinto", "accepted")

        await here.starts("")
        await here.sees("linked already")
        await karim.says(OPEN_AT_DUARTES.replace("12", "9").replace("Cold Chambers", "Leaking Water"))
        await here.sees("Cold chamber at 9 degrees")


async def test_what_whatsapp_reports_as_lost_later_goes_to_the_next_channel(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        await world.control("PUT", "/control/people/SM-07", {"telegram_id": 7100907})

        def on_telegram_too(uow: UnitOfWork) -> None:
            execute(AddContact(person_with(uow, "SM-07").id, "telegram", "7100907"), uow)

        await world.database.write(on_telegram_too)
        stefan, here, there = world.on("telegram", "T-07"), world.on("whatsapp", "SM-07"), world.on("telegram", "SM-07")
        await here.says("me")
        await blocks_the_bot(here)  # WhatsApp takes it and says 131026 a moment later

        await world.on("slack", "DI-1").says(OPEN_AT_STEFANS)
        await stefan.sees("Cold chamber at 12 degrees")
        await stefan.presses("Accept")
        await there.sees("Stefan Gruber", "accepted")
        await world.quiet()
        assert sum("accepted" in message.text for message in await there.messages()) == 1


async def test_what_whatsapp_reports_as_failed_for_the_moment_leaves_once_more(
    tmp_path: Path, database_url: str
) -> None:
    """A customer has no other address: without another try their answer would be lost."""
    async with a_world(tmp_path, database_url) as world:
        await world.control("PUT", "/control/config", {"whatsapp": {"statuses": "manual"}})
        doug, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        await doug.says("I want to talk to a human!")
        await ana.sees("ESC-")
        await ana.says("takeover")
        await ana.sees("You lead")
        await ana.says("reply Your refund is on its way")
        first = await doug.sees("Your refund")
        overloaded = {"status": "failed", "code": 131016}
        await world.control("POST", f"/control/whatsapp/statuses/{first.id}", overloaded)
        await world.advance(minutes=10)
        await world.quiet()
        assert sum("Your refund" in message.text for message in await doug.messages()) == 2  # the stand-in shows both


async def test_when_no_channel_is_left_the_admin_hears_why_and_the_next_technician_is_asked(
    tmp_path: Path, database_url: str
) -> None:
    async with a_world(tmp_path, database_url) as world:
        karim, julia = world.on("slack", "DI-1"), world.on("slack", "AD-2")
        for platform in ("telegram", "whatsapp"):
            await blocks_the_bot(world.on(platform, "T-04"))

        await karim.says(OPEN_AT_DUARTES)
        alarm = await julia.sees("Nobody was reached", "Duarte Pinto")
        assert "Telegram, the person blocked the bot" in alarm.text
        assert "Whatsapp, the person has no WhatsApp, or one too old" in alarm.text
        reference = reference_in(alarm.text)

        await world.advance(seconds=10)
        await world.on("telegram", "T-23").sees("Cold chamber at 12 degrees", reference)
        await karim.sees("Duarte Pinto", "cannot be reached about", reference, "Sergio Navarro")
        await world.quiet()
        alarms = [message for message in await julia.messages() if "Nobody was reached" in message.text]
        assert len(alarms) == 1
        (response, _) = await world.database.read(lambda reader: list_running(reader, "ticket", 1))
        assert response.due_at
        assert response.due_at - world.database.clock.now() > timedelta(minutes=25)


async def test_at_night_only_what_is_urgent_rings(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        stefan, magdalena = world.on("telegram", "T-07"), world.on("whatsapp", "SM-07")
        now = world.database.clock.now().astimezone(ZoneInfo("Europe/Vienna"))
        opens = (now + timedelta(hours=2)).replace(second=0, microsecond=0)

        def quiet_from_now_on(uow: UnitOfWork) -> None:
            quiet = {"quiet_from": f"{now - timedelta(hours=1):%H:%M}", "quiet_until": f"{opens:%H:%M}"}
            uow.connection.execute(update(persons).where(persons.c.code == "SM-07").values(quiet))

        await world.database.write(quiet_from_now_on)
        await magdalena.says("me")
        await magdalena.sees("Magdalena")
        await world.on("slack", "DI-1").says(OPEN_AT_STEFANS)
        await stefan.sees("Cold chamber at 12 degrees")
        await stefan.presses("Accept")
        await stefan.sees("You accepted")
        reference = reference_in((await stefan.sees("You accepted")).text)
        await world.api("POST", f"/api/tickets/{reference}/complete", completion())
        await magdalena.sees(reference, "Fan motor")
        assert not [message for message in await magdalena.messages() if "accepted" in message.text]

        await until(world, opens - timedelta(minutes=1))
        assert not [message for message in await magdalena.messages() if "accepted" in message.text]
        await until(world, opens + timedelta(minutes=10))
        await magdalena.sees("Stefan Gruber", "accepted")


def completion() -> dict[str, object]:
    parts = [{"name": "Fan motor", "quantity": 1, "unitCost": 89.5}]
    return {
        "workDescription": "Replaced the fan",
        "laborHours": 1,
        "laborCostPerHour": 48,
        "partsUsed": parts,
        "photos": [],
    }


async def until(world: World, moment: datetime) -> None:
    await world.advance(seconds=(moment - world.database.clock.now()).total_seconds())


async def test_in_test_mode_everything_reaches_the_test_phone_and_nobody_else(
    tmp_path: Path, database_url: str
) -> None:
    mode = {"escalation_test_mode": True, "test_phone_number": "+44 7700 900001"}
    async with a_world(tmp_path, database_url, **mode) as world:
        beatriz, karim, stefan = world.on("whatsapp", "OW-1"), world.on("slack", "DI-1"), world.on("telegram", "T-07")
        await beatriz.says("me")
        await beatriz.sees("TEST for Beatriz Olmedo on WhatsApp", "You are Beatriz Olmedo")

        await karim.says(OPEN_AT_STEFANS)
        await beatriz.sees("TEST for Karim Benali on Slack", "Stefan Gruber")
        offer = await beatriz.sees("TEST for Stefan Gruber on Telegram", "Cold chamber at 12 degrees")
        assert "Accept" in offer.labels
        await stefan.says(f"accept {reference_in(offer.text)}")
        await beatriz.sees("TEST for Stefan Gruber on Telegram", "You accepted")
        await beatriz.sees("TEST for Magdalena Berger on WhatsApp", "accepted")
        await world.on("whatsapp", "FROST-C-1001").says("I want to talk to a human!")
        await beatriz.sees("TEST for C0SUPPORT on Slack", "ESC-")
        await world.quiet()

        everybody = (await world.control("GET", "/control/people"))["people"]
        reached = {person["key"] for person in everybody if await from_the_bot(world, person["key"])}
        assert reached == {"OW-1"}
