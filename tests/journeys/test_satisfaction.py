"""How was our help? Asked over the wire: in WhatsApp's window, outside of it by the template, and in Telegram."""

from pathlib import Path

import httpx2

from tests.world import Somebody, World, a_world


async def served(world: World, customer: Somebody, hours: int = 0) -> str:
    """A human answers and resolves; returns the reference. `hours`: between the answer and the end."""
    ana = world.on("slack", "AG-01")
    await customer.says("I want to talk to a human!")
    told = await customer.sees("Your number is ESC-")
    reference = told.text.split("Your number is ")[1].rstrip(".")
    await ana.says(f"takeover {reference}")
    await ana.says(f"reply {reference} Your van is ten minutes away.")
    await customer.sees("ten minutes away")
    await world.quiet()  # the clock jumps over nothing that is on the wire
    await world.advance(hours=hours)
    await ana.says(f"resolve {reference} handled van arrived")
    await ana.sees(reference, "is resolved", "Did it take a human?")
    await ana.presses("Needed")
    await ana.sees("it took a human")
    return reference


async def escalation(world: World, reference: str) -> dict[str, object]:
    answer: httpx2.Response = await world.api("GET", f"/api/escalations/{reference}")
    return dict(answer.json()["escalation"])


async def test_in_the_window_and_outside_of_it_on_whatsapp(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        doug, marta = world.on("whatsapp", "FROST-C-1001"), world.on("whatsapp", "FROST-C-1002")
        reference = await served(world, doug)
        question = await doug.sees("How was our help?")
        assert len(question.labels) >= 5
        await doug.presses("★★★★", message_id=question.id)
        await doug.sees("Would you like to add a word?")
        await doug.says("Quick and kind")
        await doug.sees("I have noted it")
        await doug.sees("how likely is it that you recommend")
        found = await escalation(world, reference)
        assert (found["satisfaction"], found["satisfactionWord"], found["necessary"]) == (4, "Quick and kind", True)

        late = await served(world, marta, hours=25)
        notice = await marta.sees("News from Callboard", f"How was our help with {late}?")
        await marta.presses("Show", message_id=notice.id)
        question = await marta.sees("How was our help? Press")
        await marta.presses("★★★★★", message_id=question.id)
        await marta.sees("Would you like to add a word?")
        assert (await escalation(world, late))["satisfaction"] == 5
        whole = (await world.api("GET", f"/api/escalations/{late}")).json()
        assert [one["text"] for one in whole["conversation"] if one["direction"] == "in"][:1] == [
            "I want to talk to a human!"
        ]
        assert "rate" not in str(whole["conversation"])

        await world.quiet()  # the clock jumps over nothing that is on the wire
        await world.advance(hours=25)
        await world.on("slack", "AG-01").says("raise C-1001 p1 the freezer we delivered is dead")
        notice = await doug.sees(
            "News from Callboard", "I have passed this on", within=45
        )  # behind what a day has brought
        await doug.presses("Show", message_id=notice.id)
        await world.quiet()
        told = await doug.sees("will write to you here by")
        assert not told.text.startswith("News")


async def test_in_telegram(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        jens = world.on("telegram", "FROST-C-1004")
        reference = await served(world, jens)
        question = await jens.sees("How was our help?")
        await jens.presses("★★", message_id=question.id)
        sorry = await jens.sees("What went wrong?")
        await jens.presses("No, thanks", message_id=sorry.id)
        await jens.sees("how likely is it that you recommend")
        await jens.says("3")
        await jens.sees("That helps us")
        assert (await escalation(world, reference))["satisfaction"] == 2
        lead = world.on("slack", "TL-1")
        await lead.sees(reference, "2 of 5")
