"""Story B: a customer wants a human; one of two agents has it; the customer reads exactly what the agent wrote."""

from pathlib import Path

import pytest

from tests.world import a_world


async def test_a_customer_gets_a_human_and_goes_back_to_the_assistant(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        customer = world.on("whatsapp", "FROST-C-1001")
        ana, ben = world.on("slack", "AG-01"), world.on("slack", "AG-02")

        await customer.says("My delivery is late again. I want to talk to a human!")
        await customer.sees("A colleague will write to you here")
        card = await ana.sees("Requested human", "My delivery is late again")
        case = card.reference
        assert "Claim" in card.labels

        await ana.presses("Claim", room="C0SUPPORT")
        answer = await ana.sees(f"You have {case}")
        assert answer.raw["ephemeral"]
        assert "thread" not in answer.raw  # Slack would not show it there: nobody has written in the card's thread yet
        await ana.sees(case, "Ana Castro has it")
        await ben.says(f"claim {case}", room="C0SUPPORT")
        await ben.sees(f"Ana Castro has {case}")

        await ana.presses("Take over", room="C0SUPPORT")
        await ana.sees("leads the conversation")
        await ana.says("this one sounds angry", room="C0SUPPORT", thread=card.id)
        await ana.says("reply I am Ana. Your van is ten minutes away.", room="C0SUPPORT", thread=card.id)
        await customer.sees("I am Ana. Your van is ten minutes away.")

        await customer.says("Great, thank you!")
        await ana.sees("Great, thank you!")

        await ana.says("resolve handled van arrived", room="C0SUPPORT", thread=card.id)
        await ana.sees(case, "Resolved", "van arrived")
        await customer.says("Hello again")
        await customer.sees("Hello! How can I help you?")

        said = [message.text for message in await customer.messages() if message.raw["from"] == "bot"]
        assert len(said) == 4  # with the question how our help was
        assert said[1] == "I am Ana. Your van is ten minutes away."


async def test_a_photo_sent_with_the_words_reaches_the_customer_too(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        customer, ana = world.on("whatsapp", "FROST-C-1001"), await world.moves_to("telegram", "AG-01")
        await customer.says("I want to talk to a human!")
        await customer.sees("A colleague will write to you here")

        await ana.says("takeover")
        await ana.sees("You lead the conversation")
        await ana.sends_photo("reply This is the label you need.")
        await customer.sees("This is the label you need.")
        await world.quiet()
        assert [message for message in await customer.messages() if message.raw.get("photo")]


async def test_an_agent_takes_words_back_sends_a_photo_and_sees_what_was_read(tmp_path: Path) -> None:
    async with a_world(tmp_path, reply_take_back_seconds=5) as world:
        customer, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        await customer.says("I want to talk to a human!")
        card = await ana.sees("Requested human", "Doug Carter")
        here = {"room": "C0SUPPORT", "thread": card.id}
        await ana.says("takeover", **here)
        await ana.says("reply You are wrong.", **here)
        await ana.sees("Ana Castro → Doug Carter", "You are wrong.", "Leaves in 5 s")
        await ana.presses("Take it back", room="C0SUPPORT")
        await ana.sees("You are wrong.", "Taken back: Doug Carter never saw it.")

        await ana.sends_photo("reply This is the label.", **here)
        await ana.sees("This is the label.", "Leaves in 5 s")
        await world.advance(seconds=6)
        await customer.sees("This is the label.")
        await ana.sees("This is the label.", "Delivered")
        await customer.reads()
        await ana.sees("This is the label.", "Read")
        await world.quiet()
        seen = await customer.messages()
        assert [message for message in seen if message.raw.get("photo")]
        assert not [message for message in seen if "You are wrong." in message.text]


@pytest.mark.parametrize("platform", ["telegram", "whatsapp"])
async def test_an_agent_works_just_as_well_on_another_platform(tmp_path: Path, platform: str) -> None:
    async with a_world(tmp_path) as world:
        customer, ana = world.on("telegram", "FROST-C-1004"), await world.moves_to(platform, "AG-01")
        await ana.says("queue")
        await customer.says("I want to talk to a human!")
        await customer.sees("A colleague will write to you here")
        await ana.says("takeover")
        taken = await ana.sees("You lead the conversation")

        await customer.says("The freezer is still warm")
        said = await ana.sees("The freezer is still warm")
        await ana.says("sounds like BR-07 again", reply_to=said.id)
        await ana.sees("Noted on")
        await ana.says("what now?")
        await ana.sees("Nothing was sent to")
        await ana.sends_photo()
        await ana.sees("A photo goes there with the caption: reply")
        await ana.sends_photo("reply", album=3)
        await ana.says("reply A technician is on the way.", reply_to=taken.id)
        await customer.sees("A technician is on the way.")
        await customer.sends("voice")
        await ana.sees("a voice message")
        await ana.sends("document", caption="reply the list")
        await customer.sees("the list")
        await world.quiet()
        await ana.says("resolve handled")
        await ana.sees("is resolved")
        await world.quiet()
        seen = await customer.messages()
        assert len([message for message in seen if message.raw.get("photo")]) == 3
        assert [message for message in seen if message.raw.get("document")]
        kind = {"telegram": "document", "whatsapp": "voice"}[platform]
        assert [message for message in await ana.messages() if message.raw.get(kind) and message.raw["from"] == "bot"]
        assert not [message for message in seen if "BR-07" in message.text or "what now" in message.text]
