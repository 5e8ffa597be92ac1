"""Nobody answers a customer: all hear of it in turn, a claim that lies still goes back, a shift is handed over, numbers tell."""

from pathlib import Path

from tests.world import a_world


async def test_an_unanswered_case_climbs_a_claim_expires_a_shift_ends_and_the_numbers_say_so(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        marta = world.on("whatsapp", "FROST-C-1002")
        ana, ben = world.on("slack", "AG-01"), world.on("slack", "AG-02")
        tara, beatriz = world.on("slack", "TL-1"), world.on("telegram", "OW-1")
        await marta.says("I want to talk to a human!")
        case = (await ana.sees("Requested human", "Marta Vidal")).reference

        await world.advance(minutes=31)
        await ana.sees(case, "is to be answered by", "Nobody has it yet")
        assert not [message for message in await beatriz.messages() if case in message.text]
        await world.advance(minutes=30)
        await tara.sees(case, "missed its response target")
        await beatriz.sees(case, "missed its response target")

        await ana.says(f"claim {case}")
        await ana.sees(f"You have {case}")
        await marta.says("Is anybody there?")
        await ana.sees("Is anybody there?")
        await world.advance(hours=1, minutes=1)
        await ana.sees(f"You had {case}", "it is back in the queue")

        await ben.says(f"takeover {case}")
        await ben.sees("lead")
        await ben.says("reply I am here now.")
        await marta.sees("I am here now.")
        await ben.says("handover Ana")
        await ana.sees("Ben", "hands over to you", case, "I am here now.", "Answered; to be resolved by")
        await ana.says(f"resolve {case} handled all well")
        await tara.says("stats escalations")
        await tara.sees("Escalations of the last", "First answer after")
