"""Story B: a customer wants a human; one of two agents has it; the customer reads exactly what the agent wrote."""

from pathlib import Path

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
        await ana.sees(f"You have {case}")
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
        assert len(said) == 3
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
