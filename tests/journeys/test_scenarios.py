"""Story: the four customers of the demonstration, each helped by somebody who only does what the card says."""

from pathlib import Path

from bot.sample.scenarios import SCENARIOS, Scenario, play
from tests.world import Message, World, a_world

ROOM = "C0SUPPORT"
BOOK = {"FROST-C-1001": "missed_appointment", "FROST-C-1022": "billing_dispute", "FROST-C-1005": "executive"}


def words_to_say(block: Message) -> str:
    """The quoted part of the guidance: what one may send as it is."""
    return "\n".join(line.removeprefix(">").strip() for line in block.text.splitlines() if line.startswith(">"))


async def helped(world: World, scenario: Scenario, name: str) -> None:
    ana, customer = world.on("slack", "AG-01"), world.on(scenario.platform, scenario.customer)
    card = await ana.sees(name, scenario.says[0][:30], "Answer by")
    here = {"room": ROOM, "message_id": card.id}
    await ana.presses("Claim", **here)
    await ana.sees(f"You have {card.reference}")
    await ana.presses("Guide me", **here)
    advice = await ana.sees("🧭", card.reference, "You have won when")
    assert words_to_say(advice)
    await ana.presses("Take over", **here)
    await ana.says(f"reply {words_to_say(advice)}", room=ROOM, thread=card.id)
    opening = words_to_say(advice).splitlines()[0]
    await customer.sees(opening[:40])
    if book := BOOK.get(scenario.customer):
        await ana.says(f"playbook {card.reference}", room=ROOM, thread=card.id)
        await ana.says(f"playbook {card.reference} {book}", room=ROOM, thread=card.id)
        await ana.sees("📋", card.reference, "☐ 1.")
        await ana.says(f"tick {card.reference}", room=ROOM, thread=card.id)
        await ana.sees("📋", card.reference, "☑ 1.")
    await ana.says(f"resolve {card.reference} handled As the card said.", room=ROOM, thread=card.id)
    await ana.sees(f"{card.reference} is resolved")


async def test_each_is_solved_by_doing_what_the_card_says(tmp_path: Path) -> None:
    names = {"FROST-C-1001": "Doug Carter", "FROST-C-1022": "Noah", "FROST-C-1004": "Jens", "FROST-C-1005": "Seeblick"}
    async with a_world(tmp_path) as world:
        await play(world.sandbox_url)
        for scenario in SCENARIOS:
            await helped(world, scenario, names[scenario.customer])
        open_ones = (await world.api("GET", "/api/escalations?status=in_progress")).json()["queue"]
        assert open_ones == []


async def test_a_playbook_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    """Steps are rows: another process reads the same ones, and the follow-up comes back from there."""
    async with a_world(tmp_path) as world:
        await world.on("whatsapp", "FROST-C-1003").says("We cancel. Your competitor is cheaper. A human please!")
        ana = world.on("slack", "AG-01")
        card = await ana.sees("We cancel", "Answer by")
        await ana.says(f"claim {card.reference}", room=ROOM, thread=card.id)
        await ana.says(f"playbook {card.reference} threatens_to_cancel", room=ROOM, thread=card.id)
        await ana.says(f"tick {card.reference}", room=ROOM, thread=card.id)
        await ana.sees("📋", "☑ 1.", "☐ 2.")
    async with a_world(tmp_path) as world:
        path = f"/api/escalations/{card.reference}/playbook"
        steps = (await world.api("GET", path)).json()["steps"]
        assert [step["state"] for step in steps][:2] == ["done", "open"]
        for number in (2, 3):
            await world.api("POST", f"{path}/steps/{number}", {"action": "done"})
        await world.advance(days=1)
        await world.on("slack", "AG-01").sees("🔁", card.reference)
