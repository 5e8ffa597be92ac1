"""WhatsApp takes free text for a day after somebody wrote. Outside of it they get a notice, and everything once they write."""

import re
from pathlib import Path

import pytest

from core.people.tables import contact_methods
from tests.world import Message, Somebody, World, a_world

NOTICE = "News from Callboard"


async def a_repair_to_approve(world: World, text: str) -> str:
    """Karim opens a ticket at Magdalena's branch and Stefan completes it; returns its number."""
    karim, stefan = world.on("slack", "DI-1"), world.on("telegram", "T-07")
    await karim.says(f'ticket BR-07 "Cold Chambers" critical {text}')
    offer = await stefan.sees(text)
    number = re.search(r"TKT-\d{6}-\d{5}", offer.text)
    assert number is not None
    await stefan.says(f"accept {number[0]}")
    await stefan.sees("You accepted", number[0])
    await stefan.says(f"complete {number[0]} Replaced the fan motor")
    await stefan.sees("How long")
    for answer in ("1h30", "1 x Fan motor 89.50"):
        await stefan.says(answer)
    await stefan.sees("Send photos")
    await stefan.sends_photo("after")
    await stefan.sees("1 so far")
    await stefan.says("done")
    await stefan.sees(f"{number[0]} is done")
    return number[0]


async def about(somebody: Somebody, *words: str) -> list[Message]:
    seen = [message for message in await somebody.messages() if message.raw["from"] == "bot"]
    return [message for message in seen if all(word in message.text for word in words)]


async def test_who_writes_anything_gets_the_full_card_with_its_buttons(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        magdalena = world.on("whatsapp", "SM-07")
        number = await a_repair_to_approve(world, "Cold chamber at 12 degrees")
        notice = await magdalena.sees(NOTICE, number, "waits for approval")
        assert notice.labels == ["Show"]
        assert await about(magdalena, "Fan motor") == []

        await magdalena.says("hello")
        card = await magdalena.sees(number, "Fan motor")
        assert {"Approve", "Reject"} <= set(card.labels)
        await magdalena.sees("I did not understand")
        await world.advance(minutes=2)
        await world.quiet()
        assert len(await about(magdalena, "Fan motor")) == 1
        assert [message for message in await magdalena.messages() if message.raw.get("photo")] != []

        await magdalena.presses("Approve", message_id=card.id)
        await magdalena.sees("You approved", number)
        await world.quiet()
        assert len(await about(magdalena, number, "closed")) == 1  # the answer, and no second word about the card


async def test_who_presses_show_gets_it_once(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        magdalena = world.on("whatsapp", "SM-07")
        number = await a_repair_to_approve(world, "Cold chamber at 12 degrees")
        notice = await magdalena.sees(NOTICE, number, "waits for approval")
        await magdalena.presses("Show", message_id=notice.id)
        card = await magdalena.sees(number, "Fan motor")
        assert {"Approve", "Reject"} <= set(card.labels)
        await magdalena.sees("👍", f"accepted {number}")  # what else was only a notice follows by itself
        await world.advance(minutes=2)
        await world.quiet()
        assert len(await about(magdalena, "Fan motor")) == 1


@pytest.mark.parametrize("way", ["direct", "status"])
async def test_a_window_we_took_for_open_costs_nothing_but_a_moment(tmp_path: Path, way: str) -> None:
    """We believe that Magdalena wrote a moment ago; WhatsApp knows better and says so at once, or after it took the message."""
    async with a_world(tmp_path) as world:
        magdalena = world.on("whatsapp", "SM-07")
        await world.control("PUT", "/control/config", {"whatsapp": {"window_errors": way}})
        believed = contact_methods.update().where(contact_methods.c.channel == "whatsapp")
        await world.database.write(
            lambda uow: uow.connection.execute(believed.values(last_inbound_at=uow.now)).rowcount
        )
        number = await a_repair_to_approve(world, "Cold chamber at 12 degrees")
        await magdalena.sees(NOTICE, number, "waits for approval")
        assert await about(magdalena, "Fan motor") == []
        await magdalena.says("hello")
        await magdalena.sees(number, "Fan motor")
        await world.advance(minutes=2)
        await world.quiet()
        assert len(await about(magdalena, "Fan motor")) == 1
        assert len(await about(magdalena, NOTICE, "waits for approval")) == 1


async def test_a_customer_gets_the_whole_answer_by_pressing_show(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        doug, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        await doug.says("I want to talk to a human!")
        await ana.sees("ESC-")
        await ana.says("takeover")
        await ana.sees("You lead")
        await world.advance(hours=30)
        answer = "Dear Doug, " + "your refund is on its way. " * 40 + "Kind regards, Ana"
        await ana.says(f"reply {answer}")
        notice = await doug.sees(NOTICE, "Dear Doug")
        assert "Kind regards" not in notice.text
        await doug.presses("Show", message_id=notice.id)
        await doug.sees("Kind regards, Ana")
        await world.quiet()
        assert (await doug.messages())[-1].text.endswith("Kind regards, Ana")
        assert await about(ana, "Show") == []  # pressing it is no word for her
