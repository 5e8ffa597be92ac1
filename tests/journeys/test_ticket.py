"""Story A: a broken cold room, from the dispatcher's line in Slack to the store manager's approval on WhatsApp."""

import re
from pathlib import Path

from tests.world import a_world


async def test_a_ticket_goes_from_the_dispatcher_over_the_technician_to_the_approval(
    tmp_path: Path, database_url: str
) -> None:
    async with a_world(tmp_path, database_url) as world:
        karim, stefan, magdalena = (
            world.on("slack", "DI-1"),
            world.on("telegram", "T-07"),
            world.on("whatsapp", "SM-07"),
        )
        await magdalena.says("me")

        await karim.says('ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees')
        offer = await stefan.sees("Cold chamber at 12 degrees", "Vienna Neubau")
        number = re.search(r"TKT-\d{6}-\d{5}", offer.text)
        assert number is not None
        reference = number[0]
        assert {"Accept", "Decline", "Location"} <= set(offer.labels)
        await karim.sees(reference, "Stefan Gruber")

        await stefan.presses("Accept")
        await stefan.sees("You accepted", reference)
        await karim.sees("Stefan Gruber", "accepted")
        await magdalena.sees("Stefan Gruber", "accepted")
        changed = await stefan.sees("Cold chamber at 12 degrees", "Vienna Neubau")
        assert changed.id == offer.id
        assert "Accept" not in changed.labels
        await stefan.says(f"accept {reference}")
        await stefan.sees("You accepted", reference, "ago")

        await stefan.sends_location(48.2011, 16.3492)
        await stefan.sees("You are at Vienna Neubau")
        await stefan.presses("Arrive")
        await stefan.sees("you are there")
        await stefan.presses("Complete")
        await stefan.sees("What did you do?")
        await stefan.says("Replaced the fan motor and the door seal")
        await stefan.sees("How long")
        await stefan.says("1h30")
        await stefan.sees("Which parts?")
        await stefan.says("1 x Fan motor 89.50, 2 x Door seal 12.25")
        await stefan.sees("Send photos")
        await stefan.sends_photo("after")
        await stefan.sees("1 so far")
        await stefan.says("done")
        await stefan.sees("waits for approval")

        approval = await magdalena.sees(reference, "Fan motor", "Door seal")
        assert {"Approve", "Reject"} <= set(approval.labels)
        assert "186.00" in approval.text  # 1 h 30 at 48.00, and the parts
        await magdalena.presses("Approve")
        await magdalena.sees("You approved", reference)
        await karim.sees(reference, "closed")
        await stefan.sees(reference, "closed")
