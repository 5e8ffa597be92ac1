"""Opening and offering: a store's own words, a decline, a technician on leave, the nearest, a target that is missed."""

import re
from pathlib import Path

import httpx2

from tests.world import World, a_world


async def _reference(world: World) -> str:
    found = (await world.api("GET", "/api/tickets?limit=1")).json()["items"]
    return str(found[0]["id"])


async def test_a_store_manager_says_what_is_wrong_and_one_button_opens_it(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        magdalena, stefan, hannah = (
            world.on("whatsapp", "SM-07"),
            world.on("telegram", "T-07"),
            world.on("slack", "DI-2"),
        )
        await magdalena.says("The freezer is leaking again")
        proposal = await magdalena.sees("sounds like Leaking Water at Vienna Neubau", "priority HIGH")
        assert proposal.labels == ["Open ticket", "Change", "No"]
        await magdalena.presses("Open ticket")
        card = await magdalena.sees("Leaking Water", "Offered to Stefan Gruber")
        assert re.search(r"TKT-\d{6}-00001", card.text)
        offer = await stefan.sees("The freezer is leaking again", "Answer by")
        assert offer.labels[:2] == ["Accept", "Decline"]
        await hannah.sees("Offered to Stefan Gruber", "the branch's primary")


async def test_a_customers_or_agents_leaking_freezer_opens_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        doug, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        await doug.says("my freezer is leaking")
        await ana.says("his freezer is leaking")
        await ana.sees("I did not understand that")
        await world.quiet()
        assert (await world.api("GET", "/api/tickets")).json()["items"] == []
        assert "ticket" not in " ".join(message.text.lower() for message in await doug.messages())


async def test_a_dialog_with_choices_asks_for_everything_on_each_channel(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        for platform, key, branch, offered in (
            ("whatsapp", "SM-01", None, "Ofrecido a"),
            ("telegram", "OW-1", "BR-07", "Offered to"),
        ):
            somebody = world.on(platform, key)
            await somebody.says("ticket")
            if branch:
                await somebody.sees("At which branch?")
                await somebody.says(branch)
            question = await somebody.sees("What kind of problem?")
            assert {"Cold Chambers", "Glass Repair", "Leaking Water"} <= set(question.labels)
            await somebody.presses("Glass Repair")
            await somebody.sees("How urgent?")
            await somebody.presses("High")
            await somebody.sees("Describe the problem")
            await somebody.says("The left door is cracked")
            await somebody.sees("Glass Repair", "The left door is cracked", offered)


async def test_declined_with_a_button_it_goes_on_at_once_and_the_dispatcher_reads_why(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        karim, stefan, katrin = world.on("slack", "DI-1"), world.on("telegram", "T-07"), world.on("telegram", "T-25")
        await karim.says("ticket BR-07 leaking high Water in aisle 3")
        await stefan.sees("Water in aisle 3")
        await stefan.presses("Decline")
        question = await stefan.sees("Why do you decline?")
        assert "Too far away" in question.labels
        await stefan.presses("Too far away")
        offer = await katrin.sees("Water in aisle 3", "Answer by")
        assert "Accept" in offer.labels
        await karim.sees("Stefan Gruber", "declined", "Too far away", "Katrin Lang")
        ticket = (await world.api("GET", f"/api/tickets/{await _reference(world)}")).json()
        assert (ticket["status"], ticket["firstResponseAt"]) == ("ASSIGNED", None)


async def test_whoever_is_away_hands_on_and_the_nearest_who_can_do_it_is_asked(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        karim, stefan, katrin = world.on("slack", "DI-1"), world.on("telegram", "T-07"), world.on("telegram", "T-25")
        mehmet = world.on("telegram", "T-24")
        await world.api("PATCH", "/api/technicians/T-06", {"latitude": 48.201, "longitude": 16.349})  # knows glass only
        await world.api("PATCH", "/api/technicians/T-24", {"latitude": 48.230, "longitude": 16.349})
        await world.api("PATCH", "/api/technicians/T-05", {"latitude": 48.400, "longitude": 16.349})
        await karim.says("away T-25")
        await karim.sees("Katrin Lang is on leave")
        await karim.says('ticket BR-07 "Cold Chambers" critical Cold room at 12 degrees')
        await stefan.sees("Cold room at 12 degrees")
        await stefan.says("away")
        await stefan.sees("Enjoy your time off")
        offer = await mehmet.sees("Cold room at 12 degrees", "3.2 km away", "cooling", "no other job")
        assert offer.labels[0] == "Accept"
        await karim.sees("Stefan Gruber is away", "Mehmet Yildiz")
        await karim.says("technicians")
        await karim.sees("🌴 Not there: Katrin Lang, Pablo Serrano, Stefan Gruber")
        await katrin.says("back")
        await katrin.sees("Welcome back")


async def test_a_missed_answer_is_announced_goes_to_the_secondary_and_then_up(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        karim, stefan, katrin = world.on("slack", "DI-1"), world.on("telegram", "T-07"), world.on("telegram", "T-25")
        magdalena = world.on("whatsapp", "SM-07")
        await magdalena.says("me")
        await karim.says('ticket BR-07 "Cold Chambers" critical Cold room at 12 degrees')
        reference = await _reference(world)
        await stefan.sees("Cold room at 12 degrees")
        await world.advance(minutes=31)
        warning = await stefan.sees(reference, "waits for your answer")
        assert warning.labels[:2] == ["Accept", "Decline"]
        await world.advance(minutes=30)
        await katrin.sees("Cold room at 12 degrees", "Answer by")
        await karim.sees("Stefan Gruber", "did not answer", "Katrin Lang")
        await stefan.says(f"accept {reference}")
        await stefan.sees(reference, "was offered to Katrin Lang")
        await world.advance(minutes=61)
        await world.advance(seconds=5)
        await karim.sees("Katrin Lang", "did not answer", "Nobody is left to ask")
        await world.advance(minutes=31)
        await magdalena.sees(reference, "has no technician")


async def test_an_outside_scheduler_may_sweep_instead(tmp_path: Path) -> None:
    """A process that does no jobs: what is due waits for whoever asks for the sweep."""
    async with a_world(tmp_path) as world:
        stefan = world.on("telegram", "T-07")
        opened = {"branchId": "BR-07", "subcategoryId": "leaking-water", "description": "Water", "priority": "CRITICAL"}
        reference = (await world.api("POST", "/api/tickets", opened)).json()["ticketNumber"]
        await stefan.sees("Leaking Water", "Answer by")
        world.program.timetable.stop()
        world.database.clock.advance(3601)
        path = f"{world.url}/api/cron/escalate-tickets"
        async with httpx2.AsyncClient(headers={"Authorization": "Bearer demo"}, timeout=60) as cron:
            swept = (await cron.get(path)).json()
            again = (await cron.get(path)).json()
            refused = await cron.get(path, headers={"Authorization": "Bearer guess"})
        assert swept == {"success": True, "escalatedCount": 1, "escalated": [reference]}
        assert again == {"success": True, "escalatedCount": 0, "escalated": []}
        assert refused.status_code == 401
        await world.on("telegram", "T-25").sees("Leaking Water", "Answer by")
        world.program.timetable.start()
