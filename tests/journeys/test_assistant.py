"""Customers and the assistant: answered from articles, handed over, rescued; and a model that may word the articles."""

from pathlib import Path

import pytest

from tests.world import a_world


async def test_articles_answer_a_human_helps_and_what_helped_is_an_answer_from_then_on(
    tmp_path: Path, database_url: str
) -> None:
    async with a_world(tmp_path, database_url) as world:
        customer = world.on("whatsapp", "FROST-C-1001")
        agent, lead = world.on("slack", "AG-01"), world.on("slack", "TL-1")
        await customer.says("Hi, until when are your stores open on Saturday?")
        await customer.sees("Monday to Saturday from 9:00 to 21:30")
        await customer.says("¿Cuánto cuesta el envío a domicilio?")
        await customer.sees("El envío cuesta 4,90 EUR")

        await customer.says("Can I swap the glass door of my display freezer myself?")
        await customer.sees("Shall a colleague help you?")
        await customer.says("Yes please")
        await customer.sees("I have passed this on")
        card = await agent.sees("Requested human", "glass door")
        here = {"room": "C0SUPPORT", "thread": card.id}
        await agent.says("takeover", **here)
        await agent.says("reply Yes, with the set DS-1: it takes ten minutes.", **here)
        await customer.sees("with the set DS-1")
        await agent.says("resolve handled", **here)
        await agent.sees(card.reference, "(handled) by")  # the card; the answer may come before it

        await lead.presses("Make it an answer", room="C0SUPPORT")
        await lead.submits(question="Swapping the glass door of a freezer")
        await lead.sees(f"Kept from {card.reference}")
        answers = (await world.api("GET", "/api/clients/FROST/answers?limit=200")).json()["items"]
        (learnt,) = [one for one in answers if one["source"]]
        assert (learnt["question"], learnt["source"]) == ("Swapping the glass door of a freezer", card.reference)
        assert learnt["answer"] == "Yes, with the set DS-1: it takes ten minutes."

        other = world.on("whatsapp", "FROST-C-1002")
        await other.says("How do I swap a glass door?")
        await other.sees("with the set DS-1")


@pytest.mark.logs_errors
async def test_a_model_words_the_articles_and_when_it_fails_they_answer_as_they_are(tmp_path: Path) -> None:
    async with a_world(tmp_path, model=True, llm_timeout_seconds=1.0) as world:
        customer = world.on("whatsapp", "FROST-C-1001")
        await customer.says("Which meal cards do you take for payment?")
        await customer.sees("thank you for telling us")
        (asked,) = (await world.control("GET", "/control/model"))["requests"]
        assert "Payment: cards" in asked["messages"][1]["content"]
        assert "Doug" not in str(asked["messages"])

        await world.control("POST", "/control/faults", {"platform": "model", "kind": "hang", "seconds": 5})
        await customer.says("Until when are your stores open?")
        await customer.sees("Monday to Saturday from 9:00 to 21:30")

        await world.control("PUT", "/control/model", {"lie": "leak", "times": 1})
        await customer.says("What does the delivery cost?")
        await customer.sees("Delivery costs 4.90 EUR")
        assert not [message for message in await customer.messages() if "refunds.example" in message.text]


@pytest.mark.logs_errors
async def test_who_is_kept_waiting_by_a_model_that_hangs_gets_a_human(tmp_path: Path) -> None:
    async with a_world(tmp_path, model=True, llm_timeout_seconds=60.0, assistant_stuck_seconds=30.0) as world:
        customer, agent = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        fault = {"platform": "model", "kind": "hang", "seconds": 8, "times": None}
        await world.control("POST", "/control/faults", fault)
        await customer.says("Which meal cards do you take for payment?")
        await customer.says("Hello?")
        await world.advance(seconds=31)
        await customer.sees("I have passed this on")
        await agent.sees("Assistant stuck", "Which meal cards")
        await world.quiet()
        said = [message.text for message in await customer.messages() if message.raw["from"] == "bot"]
        assert len(said) == 1
