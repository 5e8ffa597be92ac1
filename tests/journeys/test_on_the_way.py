"""On the way and there, on each platform: a live location, a location message, a link; and the store that asks when."""

import re
from pathlib import Path

import httpx2

from tests.world import Somebody, World, a_world

HALF_WAY, THERE = (48.2211, 16.3492), (48.2012, 16.3493)  # of the branch BR-07 in Vienna


async def _accepted(world: World, technician: Somebody) -> str:
    karim = world.on("slack", "DI-1")
    await karim.says('ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees')
    offer = await technician.sees("Cold chamber at 12 degrees")
    found = re.search(r"TKT-\d{6}-\d{5}", offer.text)
    assert found is not None
    await technician.presses("Accept")
    await technician.sees("You accepted", found[0])
    return found[0]


async def test_a_live_location_on_telegram_and_a_store_manager_who_asks(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        stefan, magdalena = world.on("telegram", "T-07"), world.on("whatsapp", "SM-07")
        await magdalena.says("me")
        await stefan.sends_location(*HALF_WAY)
        await stefan.sees("only taken between Accept and Complete")
        reference = await _accepted(world, stefan)

        await magdalena.sees("accepted", reference)
        await magdalena.presses("Arrival time")
        await magdalena.sees("has not said where they are")
        await stefan.sees("asks when you will be at")
        shared = await stefan.shares_live_location(*HALF_WAY)
        await stefan.sees("I know where you are", "km from")
        await magdalena.sees("is expected at", "km away")

        await stefan.moves_live_location(shared, *THERE)
        await stefan.says(f"arrive {reference}")
        await stefan.sees("Noted: you are there")
        answer = await world.api("GET", "/api/technicians/T-07")
        assert answer.json()["latitude"] == THERE[0]

        await stefan.says(f"complete {reference} Mended")
        await stefan.sees("How long")
        await stefan.says("30 min")
        await stefan.says("none")
        await stefan.says("done")
        await stefan.sees("waits for approval")
        await world.quiet()
        seen = len(await stefan.messages())
        await stefan.moves_live_location(shared, *HALF_WAY)  # forgotten to be switched off: nobody looks, nobody nags
        await world.quiet()
        assert (await world.api("GET", "/api/technicians/T-07")).json()["latitude"] == THERE[0]
        assert len(await stefan.messages()) == seen

        await world.advance(days=9)
        assert (await world.api("GET", "/api/technicians/T-07")).json()["lastLocationUpdate"] is None


async def test_a_location_message_on_whatsapp(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        stefan = await world.moves_to("whatsapp", "T-07")
        await stefan.says("me")
        reference = await _accepted(world, stefan)
        await stefan.sends_location(*THERE)
        await stefan.sees("You are at")
        await stefan.presses("Arrive")
        await stefan.sees("Noted: you are there")
        card = await world.on("slack", "DI-1").sees(reference, "arrived at")
        assert "m from the branch" in card.text


async def test_a_link_on_slack_and_a_pasted_map(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world, httpx2.AsyncClient() as browser:
        stefan = await world.moves_to("slack", "T-07")
        await _accepted(world, stefan)
        await stefan.says("location")
        message = await stefan.sees("Share where you are")
        link = re.search(r"http://\S+/here/[\w-]+", str(message.raw))
        assert link is not None

        page = await browser.get(link[0])
        assert "Share where I am" in page.text
        assert "geolocation=(self)" in page.headers["permissions-policy"]
        kept = await browser.post(f"{link[0]}/position", json={"latitude": HALF_WAY[0], "longitude": HALF_WAY[1]})
        assert kept.json() == {"kept": True}
        assert (await world.api("GET", "/api/technicians/T-07")).json()["latitude"] == HALF_WAY[0]
        wrong = await browser.post(f"{link[0]}x/position", json={"latitude": 1, "longitude": 1})
        assert wrong.status_code == 404

        await stefan.says(f"https://www.google.com/maps/@{THERE[0]},{THERE[1]},17z")
        await stefan.sees("You are at")
        await stefan.says("https://maps.app.goo.gl/AbCdEf")
        await stefan.sees("short link")
