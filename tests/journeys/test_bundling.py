"""A busy minute: what informs about tickets comes twice at once, and then together."""

import re
from pathlib import Path

from tests.world import Message, Somebody, a_world

BRANCHES = ("BR-01", "BR-02", "BR-04", "BR-05", "BR-06")
TECHNICIANS = ("T-01", "T-02", "T-04", "T-05", "T-06")


async def about_accepting(somebody: Somebody) -> list[Message]:
    return [message for message in await somebody.messages() if "accepted" in message.text and "👍" in message.text]


async def test_five_tickets_in_a_minute_are_two_lines_and_one_bundle(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        karim = world.on("slack", "DI-1")
        for number, branch in enumerate(BRANCHES):
            await karim.says(f'ticket {branch} "Cold Chambers" high Cold room number {number}')
        references: list[str] = []
        for number, code in enumerate(TECHNICIANS):
            technician = world.on("telegram", code)
            offer = await technician.sees(f"Cold room number {number}")
            reference = re.search(r"TKT-\d{6}-\d{5}", offer.text)
            assert reference is not None
            await technician.says(f"accept {reference[0]}")
            await technician.sees("You accepted")
            references.append(reference[0])
        for reference in references[:2]:
            await karim.sees(f"accepted {reference} ", within=60)
        assert len(await about_accepting(karim)) == 2

        await world.advance(minutes=2)
        bundle = await karim.sees("3 updates", within=60)  # one message a second, and the cards change first
        assert bundle.text.count("accepted TKT-") == 3
        assert len(await about_accepting(karim)) == 3
        said = " ".join(message.text for message in await about_accepting(karim))
        assert [said.count(f"accepted {reference} ") for reference in references] == [1] * 5

        await karim.presses(bundle.labels[0])
        await karim.sees(bundle.labels[0], "accepted at")
