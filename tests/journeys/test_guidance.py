"""Story: what do I do right now? Asked in every chat and at the API, with and without a model, which may lie, hang or leak."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from tests.world import World, a_world

ANGRY = "Nobody came again! I waited the whole morning and the freezer is still warm. I want to talk to a human!"
NEVER_SENT = ("refunds.example", "5,000 EUR", "Send this to the customer", "The model's")


async def said_to(world: World, person: str) -> list[str]:
    return [message.text for message in await world.on("whatsapp", person).messages() if message.raw["from"] == "bot"]


async def test_guide_me_says_what_to_do_in_every_chat(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        customer, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        await customer.says(ANGRY)
        card = await ana.sees("Nobody came again")
        case = card.reference
        assert "Guide me" in card.labels

        await ana.presses("Claim", room="C0SUPPORT")
        await ana.sees(f"You have {case}")
        await ana.presses("Guide me", room="C0SUPPORT")
        block = await ana.sees("🧭", case, "Call, now", "Doug, this is Ana", "You have won when", "saved)")
        assert "ESC-" in block.text.split("Similar cases")[1]
        assert {"Take over", "Playbook"} <= set(block.labels)
        assert (block.raw["thread"], block.raw["ephemeral"]) == (card.id, False)
        assert block.id in [message.id for message in await world.on("slack", "AG-02").messages()]

        ben = await world.moves_to("telegram", "AG-02")
        await ben.says(f"guide {case}")
        short = await ben.sees("🧭", case, "saved)")
        assert "Similar cases" not in short.text
        assert len(short.text) < 1000

        found = (await world.api("GET", f"/api/escalations/{case}/ai-guidance")).json()
        assert found["recommendedAction"]["type"] == "call"
        assert found["recommendedAction"]["basis"]["similar"] >= 5
        assert 0 < found["recommendedAction"]["predictedSuccess"] < 1
        assert found["sentiment"]["score"] < -0.2
        assert found["source"] == "built-in"
        assert found["playbook"]
        listed = (await world.api("GET", f"/api/escalations/{case}/similar-cases")).json()
        assert listed["items"] == found["similarCases"]
        draft = (await world.api("POST", f"/api/escalations/{case}/ai-generate-response", {})).json()
        assert draft["source"] == "built-in"
        assert draft["text"].startswith("Doug, this is Ana.")

        assert not [text for text in await said_to(world, "FROST-C-1001") if "Doug, this is Ana" in text]

        await ana.presses("Use these words", room="C0SUPPORT", message_id=block.id)
        assert not [text for text in await said_to(world, "FROST-C-1001") if "Doug, this is Ana" in text]
        await ana.submits()  # the form, as it is filled in already
        await customer.sees("Doug, this is Ana", "You wrote:")

        await customer.says("And when does somebody come?")
        await ben.says(f"takeover {case}")
        await ben.says(f"guide {case}")
        await ben.sees("🧭", case, "Thank you, Doug")
        await ben.presses("Use these words")
        await ben.sees("This goes to Doug", "Thank you, Doug")
        await world.quiet()
        assert not [text for text in await said_to(world, "FROST-C-1001") if "Thank you, Doug" in text]
        await ben.presses("Send it")
        await customer.sees("Thank you, Doug. I have read it.")


async def test_a_model_words_it_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    more: dict[str, Any] = {
        "llm_model": "sandbox-1",
        "llm_api_key": SecretStr("sandbox-model-key"),
        "llm_timeout_seconds": 1.0,
    }
    async with a_world(tmp_path, model=True, **more) as world:
        customer, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        await customer.says(ANGRY)
        card = await ana.sees("Nobody came again")
        case, path = card.reference, f"/api/escalations/{card.reference}"

        for lie in ("leak", "obey", "promise", "prose", "wrong_schema", "huge"):
            await world.control("PUT", "/control/model", {"lie": lie})
            draft = (
                await world.api("POST", f"{path}/ai-generate-response", {"context": "Offer tomorrow at nine"})
            ).json()
            assert (
                (lie, draft["source"]) == (lie, "built-in") if lie not in ("prose", "wrong_schema") else draft["text"]
            )
        hangs = {"platform": "model", "kind": "hang", "seconds": 30, "times": None}
        await world.control("POST", "/control/faults", hangs)
        late = (await world.api("POST", f"{path}/ai-generate-response", {})).json()
        assert late["source"] == "built-in"

        await world.control("DELETE", "/control/faults")
        await world.control("PUT", "/control/model", {"lie": None})
        await customer.says("Hello? The fish is getting warm.")
        await ana.presses("Claim", room="C0SUPPORT")
        await ana.sees(f"You have {case}")
        draft = (await world.api("POST", f"{path}/ai-generate-response", {})).json()
        assert draft == {
            "text": "Hello Doug Carter, thank you for telling us. I am looking into it myself right now.",
            "source": "model",
        }
        found = (await world.api("GET", f"{path}/ai-guidance")).json()
        assert (found["source"], found["script"]["closing"]) == ("model", "The model's closing for Doug Carter.")
        assert found["recommendedAction"]["type"] == "call"

        received = str((await world.control("GET", "/control/model"))["requests"])
        assert not [private for private in ("Doug", "Carter", "7700900501", "Castro") if private in received]

        await ana.says(f"guide {case}", room="C0SUPPORT")
        await ana.sees("🧭", case, "The model's opening for Doug Carter", "Worded by a model")
        await world.quiet()
        assert not [text for text in await said_to(world, "FROST-C-1001") for word in NEVER_SENT if word in text]
