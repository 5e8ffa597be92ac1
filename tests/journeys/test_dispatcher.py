"""The dispatcher's day: the queue, somebody else, another priority, a false alarm, the same fault twice and everywhere."""

import re
from pathlib import Path

from tests.world import Somebody, World, a_world


async def opens(world: World, who: Somebody, said: str, seen: str) -> str:
    """Returns the ticket's number."""
    await who.says(said)
    card = await who.sees(seen, "Offered to")
    await world.quiet()
    number = re.search(r"TKT-\d{6}-\d{5}", card.text)
    assert number is not None
    return number[0]


async def test_what_the_dispatcher_changes_is_changed_on_every_channel(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        karim, stefan, magdalena = (
            world.on("slack", "DI-1"),
            world.on("telegram", "T-07"),
            world.on("whatsapp", "SM-07"),
        )
        await magdalena.says("me")
        number = await opens(world, karim, 'ticket BR-07 "Cold Chambers" normal At 12 degrees', "At 12 degrees")
        offer = await stefan.sees(number, "NORMAL")

        await magdalena.says('ticket BR-07 "Cold Chambers" critical Now at 15 degrees')
        asked = await magdalena.sees(f"{number} is open for the same fault", "At 12 degrees")
        assert asked.labels == ["Add to it", "Open a new one"]
        await magdalena.presses("Add to it")
        await magdalena.sees(f"Added to {number}", "offered to Stefan Gruber")
        await stefan.sees("Magdalena Berger", number, "Now at 15 degrees")
        await karim.sees("Magdalena Berger", number, "as CRITICAL")

        await karim.presses("Raise priority")
        await karim.sees(f"{number} is CRITICAL now")
        await stefan.sees("Karim Benali made", "CRITICAL", "it was NORMAL")
        changed = await stefan.sees(number, "Answer by", "Contact")
        assert (changed.id, "CRITICAL" in changed.text) == (offer.id, True)

        await karim.says("queue critical BR-07")
        listed = await karim.sees("1 ticket: critical, Vienna Neubau")
        assert "offered to Stefan Gruber" in listed.text

        await karim.says(f"reassign {number}")
        whom = await karim.sees(f"Who is to have {number}", "Stefan Gruber has it now")
        assert whom.labels
        await karim.presses(whom.labels[0])
        await karim.sees(f"{number} is offered to {whom.labels[0].split(' · ')[0]}")
        await stefan.sees("gave", number, "You need not do anything")

        await karim.says(f"cancel {number} the door was open")
        await karim.sees(f"{number} is cancelled")
        await magdalena.sees(number, "the door was open")
        await world.quiet()
        gone = next(message for message in await stefan.messages() if message.id == offer.id)
        assert "Accept" not in gone.labels


async def test_many_branches_at_once_are_one_story(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        karim, tomas = world.on("slack", "DI-1"), world.on("telegram", "T-01")
        first = await opens(world, karim, "ticket BR-01 leaking high water in BR-01", "water in BR-01")
        for branch in ("BR-02", "BR-04"):
            await opens(world, karim, f"ticket {branch} leaking high water in {branch}", f"water in {branch}")
        story = await karim.sees("3 branches at once", "Leaking Water", "Iberia")
        assert story.text.count("offered to") == 3
        await tomas.sees(first, "2 tiendas más de Iberia con esta avería")

        await karim.says(f"cancel {first} the main was shut")
        await karim.sees(f"{first} is cancelled", "So are 2 more with the same fault")
        await karim.sees("3 branches at once", "Barcelona Gràcia: cancelled", "Lisbon Alvalade: cancelled")

        await karim.says("stats")
        numbers = await karim.sees("Tickets of the last 30 days", "3 opened", "3 cancelled")
        assert {"By branch", "By technician"} <= set(numbers.labels)
        await karim.presses("By branch")
        await karim.sees("By branch", "Madrid Atocha")
